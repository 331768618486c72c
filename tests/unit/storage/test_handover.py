"""Hand-over: what is stored is what was hashed, and nobody can write to it afterwards."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.transfers import content, made, sha256

from zerosec_client.transfer.handover import fill_staging, open_shared
from zerosec_client.transfer.local import SourceFile, local_path
from zerosec_server.settings import Settings
from zerosec_server.storage.base import ChecksumMismatchError, SizeMismatchError, UploadIncompleteError
from zerosec_server.storage.local import LocalStorage
from zerosec_shared.ids import new_id

SIZE = 1_000_000


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[LocalStorage]:
    store = LocalStorage(Settings(data_dir=tmp_path / "data"))
    yield store
    store.close()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[SourceFile]:
    file = SourceFile(made(tmp_path / "source", SIZE))
    yield file
    file.close()


def begin(storage: LocalStorage, size_bytes: int = SIZE) -> tuple[str, str, str]:
    upload_id = str(new_id())
    storage.create_upload(upload_id, size_bytes, 2**20)
    return upload_id, *storage.offer_handover(upload_id)


def staging(url: str) -> Path:
    path = local_path(url)
    assert path is not None
    return path


def test_a_filled_staging_file_becomes_a_blob(storage: LocalStorage, source: SourceFile) -> None:
    upload_id, url, proof = begin(storage)
    seen: list[int] = []
    assert fill_staging(source, url, proof, upload_id, seen.append)
    info = storage.complete_handover(upload_id, SIZE, None)
    assert info.sha256 == sha256(content(SIZE))
    assert b"".join(storage.read(info.key)) == content(SIZE)
    assert storage.path(info.key).stat().st_mode & 0o777 == 0o400
    assert seen[-1] == SIZE
    assert storage.complete_handover(upload_id, SIZE, info.sha256) == info


def test_a_staging_file_that_is_still_open_for_writing_is_refused(
    storage: LocalStorage, source: SourceFile
) -> None:
    upload_id, url, proof = begin(storage)
    fill_staging(source, url, proof, upload_id, lambda _: None)
    with staging(url).open("rb+") as held:
        with pytest.raises(UploadIncompleteError, match="still open"):
            storage.complete_handover(upload_id, SIZE, None)
        held.write(b"changed")
    assert storage.complete_handover(upload_id, SIZE, None).sha256 == sha256(b"changed" + content(SIZE)[7:])


def test_wrong_sizes_and_hashes_are_refused(storage: LocalStorage, source: SourceFile) -> None:
    upload_id, url, proof = begin(storage, SIZE + 1)
    fill_staging(source, url, proof, upload_id, lambda _: None)
    with pytest.raises(SizeMismatchError):
        storage.complete_handover(upload_id, SIZE + 1, None)
    upload_id, url, proof = begin(storage)
    fill_staging(source, url, proof, upload_id, lambda _: None)
    with pytest.raises(ChecksumMismatchError):
        storage.complete_handover(upload_id, SIZE, sha256(b"other"))


def test_the_client_writes_only_to_what_is_a_staging_file(
    storage: LocalStorage, source: SourceFile, tmp_path: Path
) -> None:
    upload_id, url, proof = begin(storage)
    precious = tmp_path / "precious"
    precious.write_text(proof)
    named = tmp_path / staging(url).name
    link = tmp_path / "linked" / named.name
    link.parent.mkdir()
    link.symlink_to(precious)
    hard = tmp_path / "hard" / named.name
    hard.parent.mkdir()
    os.link(precious, hard)

    def refused(url: str, proof: str = proof, upload_id: str = upload_id) -> bool:
        return not fill_staging(source, url, proof, upload_id, lambda _: None)

    assert refused(precious.as_uri())
    assert refused(link.as_uri())
    assert refused(hard.as_uri())
    assert refused(url, proof="0" * 64)
    assert refused(url, proof="")
    assert refused(url, upload_id=str(new_id()))
    assert refused("http://127.0.0.1/file")
    assert refused("file://other-host/" + named.name)
    assert precious.read_text() == proof
    assert staging(url).read_text() == proof


def test_a_shared_blob_is_opened_only_if_it_is_there_in_full(tmp_path: Path) -> None:
    blob = made(tmp_path / "blob", 10)
    (tmp_path / "link").symlink_to(blob)
    assert open_shared((tmp_path / "link").as_uri(), 10) is None
    assert open_shared(blob.as_uri(), 11) is None
    assert open_shared((tmp_path / "none").as_uri(), 10) is None
    descriptor = open_shared(blob.as_uri(), 10)
    assert descriptor is not None
    os.close(descriptor)
