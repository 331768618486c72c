"""Hand-over: what is stored is what was hashed, and nobody can write to it afterwards."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.transfers import content, made, sha256

from zerosec_client.transfer.handover import fill_staging, open_shared
from zerosec_client.transfer.local import SourceFile, local_path
from zerosec_server.settings import Settings
from zerosec_server.storage.base import ChecksumMismatchError, SizeMismatchError, UploadIncompleteError
from zerosec_server.storage.filling import LEAST_BYTES, Filling, FillingFiles
from zerosec_server.storage.handover import seal_handover
from zerosec_server.storage.local import LocalStorage
from zerosec_shared.content import CHUNK_BYTES
from zerosec_shared.ids import new_id

SIZE = 1_000_000
LARGE, HALF = 4 * CHUNK_BYTES + 5, 2 * CHUNK_BYTES


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


def half_filled(storage: LocalStorage) -> tuple[Path, Filling]:
    """A staging file of which the first half has come and is hashed."""
    _, url, _ = begin(storage, LARGE)
    path = staging(url)
    path.write_bytes(content(LARGE)[:HALF])
    filling = Filling(path, LARGE)
    assert filling.step()
    assert filling.hashed_bytes == HALF
    return path, filling


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


def test_what_was_hashed_while_the_file_was_filled_is_not_hashed_again(storage: LocalStorage) -> None:
    path, filling = half_filled(storage)
    with path.open("ab") as file:
        file.write(content(LARGE)[HALF:])
    assert filling.step()
    assert filling.over
    assert not filling.step()
    told: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        kept, digest = seal_handover(path.parent, LARGE, None, pool, told.append, filling)
    assert digest == sha256(content(LARGE))
    assert kept.read_bytes() == content(LARGE)
    assert told == [LARGE]  # the rest after the last whole MiB, and nothing else


@pytest.mark.parametrize("place", [0, CHUNK_BYTES, HALF - 1])
def test_a_piece_that_changed_after_it_was_hashed_is_hashed_anew(storage: LocalStorage, place: int) -> None:
    path, filling = half_filled(storage)
    with path.open("rb+") as file:
        file.write(content(LARGE))
        file.seek(place)
        file.write(b"\x00" if content(LARGE)[place] else b"\x01")
    with ThreadPoolExecutor(1) as pool:
        kept, digest = seal_handover(path.parent, LARGE, None, pool, lambda _: None, filling)
    assert digest == sha256(kept.read_bytes()) != sha256(content(LARGE))


def test_a_file_that_is_begun_anew_while_it_is_hashed_is_hashed_anew(storage: LocalStorage) -> None:
    path, filling = half_filled(storage)
    path.write_bytes(b"")
    assert not filling.step()
    path.write_bytes(content(LARGE)[::-1])
    assert filling.step()
    with ThreadPoolExecutor(1) as pool:
        _, digest = seal_handover(path.parent, LARGE, None, pool, lambda _: None, filling)
    assert digest == sha256(content(LARGE)[::-1])


def test_files_are_hashed_while_they_are_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: dict[Path, threading.Event] = {
        tmp_path / "a": threading.Event(),
        tmp_path / "b": threading.Event(),
    }
    step = Filling.step

    def told(filling: Filling) -> bool:
        moved = step(filling)
        if filling.over:
            hashed[filling.path].set()
        return moved

    monkeypatch.setattr(Filling, "step", told)
    files, gone = FillingFiles(), tmp_path / "gone"
    for path in [gone, *hashed]:
        files.watch(path, LEAST_BYTES)  # none of them is there
    for path in hashed:
        made(path, LEAST_BYTES)
        files.watch(path, LEAST_BYTES)
    for path, event in hashed.items():
        assert event.wait(60)
        filling = files.take(path)
        assert filling is not None
        assert filling.digest.hexdigest() == sha256(content(LEAST_BYTES))
        assert files.take(path) is None
    assert files.take(gone) is None
    files.close()


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
