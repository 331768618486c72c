"""The directory of an archive is measured before it is read."""

import struct
import zipfile
from pathlib import Path

import pytest

from zerosec_server.steps.archive import ArchiveError, open_archive
from zerosec_server.steps.archive_directory import directory_bytes


@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_it_is_what_the_archive_says(tmp_path: Path, comment: bytes) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(3):
            archive.writestr(f"file-{number}", b"x" * number)
        archive.comment = comment

    with zipfile.ZipFile(path) as archive:
        begin = archive.start_dir
    assert directory_bytes(path) == path.stat().st_size - begin - 22 - len(comment)


def test_of_more_than_65535_files_too(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(65_536):
            archive.writestr(zipfile.ZipInfo(f"{number:05}"), b"")

    with zipfile.ZipFile(path) as archive:
        begin = archive.start_dir
    assert directory_bytes(path) == path.stat().st_size - begin - 22 - 20 - 56


@pytest.mark.parametrize("offset", [0, int.from_bytes(b"PK\5\6", "little")])
def test_one_that_would_fill_the_memory_is_not_read(tmp_path: Path, offset: int) -> None:
    path, size = tmp_path / "a.zip", 40 * 1024**2
    with path.open("wb") as file:
        file.seek(size)  # a hole
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, size, offset, 0))

    with pytest.raises(ArchiveError, match="it holds too many files"):
        open_archive(path)


def test_what_is_no_archive_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\5\6")

    assert directory_bytes(path) == 0
