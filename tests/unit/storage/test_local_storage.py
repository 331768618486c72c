"""The local store: durable, deduplicated, verified, and deaf to hostile keys."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.transfers import content, made, sha256

from zerosec_server.settings import Settings
from zerosec_server.storage.base import (
    ChecksumMismatchError,
    NoSuchBlobError,
    SizeMismatchError,
    StorageFullError,
    UploadIncompleteError,
    artifact_key,
    file_key,
)
from zerosec_server.storage.local import LocalStorage
from zerosec_server.storage.signing import PartGrant
from zerosec_server.storage.uploads import SupersededError
from zerosec_shared.files import StoredPart
from zerosec_shared.ids import new_id

PART = 64 * 1024
FIRST, LATER = 1, 2
ARTIFACT = artifact_key(str(new_id()), 1, 1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def storage(settings: Settings) -> Iterator[LocalStorage]:
    store = LocalStorage(settings)
    yield store
    store.close()


def begin(storage: LocalStorage, size_bytes: int) -> str:
    upload_id = str(new_id())
    storage.create_upload(upload_id, size_bytes, PART)
    return upload_id


def grant(upload_id: str, number: int, data: bytes) -> PartGrant:
    return PartGrant(upload_id, number, len(data), f"{zlib.crc32(data):08x}", 0)


def put(storage: LocalStorage, upload_id: str, number: int, data: bytes, arrival: int = LATER) -> StoredPart:
    writer = storage.begin_part(grant(upload_id, number, data), arrival)
    assert writer is not None
    try:
        for start in range(0, len(data), 10_000):
            writer.write(data[start : start + 10_000])
        return writer.finish()
    finally:
        writer.close()


def parts_of(data: bytes) -> list[bytes]:
    return [data[start : start + PART] for start in range(0, len(data), PART)]


def test_a_stored_file_is_read_back_and_cannot_be_written(storage: LocalStorage, tmp_path: Path) -> None:
    source = made(tmp_path / "a", 3_000_000)
    info = storage.put_file(ARTIFACT, source)
    assert (info.size_bytes, info.sha256) == (3_000_000, sha256(source.read_bytes()))
    assert b"".join(storage.read(ARTIFACT)) == source.read_bytes()
    assert b"".join(storage.read(ARTIFACT, 10, 20)) == source.read_bytes()[10:30]
    assert storage.path(ARTIFACT).stat().st_mode & 0o777 == 0o400


def test_what_is_fetched_is_a_copy_of_its_own(storage: LocalStorage, tmp_path: Path) -> None:
    storage.put_file(ARTIFACT, made(tmp_path / "a", 1000))
    storage.fetch(ARTIFACT, tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == content(1000)
    assert (tmp_path / "b").stat().st_nlink == 1
    assert (tmp_path / "b").stat().st_ino != storage.path(ARTIFACT).stat().st_ino
    with pytest.raises(FileExistsError):
        storage.fetch(ARTIFACT, tmp_path / "b")


def test_keys_are_listed_and_deleted(storage: LocalStorage, tmp_path: Path) -> None:
    job = str(new_id())
    keys = [artifact_key(job, 1, number) for number in range(3)]
    for key in keys:
        storage.put_file(key, made(tmp_path / "a", 10))
    assert sorted(storage.keys(f"artifacts/{job}/")) == keys
    assert storage.delete(keys[0]) == 10
    assert storage.delete(keys[0]) == 0
    assert storage.size(keys[0]) is None
    assert sorted(storage.keys(f"artifacts/{job}/1/")) == keys[1:]
    assert list(storage.keys("files/")) == []


@given(
    st.text(max_size=60)
    | st.sampled_from(["../x", "/etc/passwd", "files/../../x", f"files/aa/{'a' * 64}/..", "files/aa"])
)
def test_only_keys_of_our_own_shape_become_paths(key: str) -> None:
    storage = LocalStorage(Settings(data_dir=Path("unused")))
    with pytest.raises(NoSuchBlobError):
        storage.path(key)
    with pytest.raises(NoSuchBlobError):
        storage.stored_parts(key)
    assert list(storage.keys(key)) == []


def test_a_store_without_room_says_so_before_it_changes_anything(tmp_path: Path) -> None:
    storage = LocalStorage(Settings(data_dir=tmp_path / "data", storage_reserve_bytes=2**62))
    assert storage.free_bytes() == 0
    with pytest.raises(StorageFullError):
        storage.put_file(ARTIFACT, made(tmp_path / "a", 10))
    with pytest.raises(StorageFullError):
        storage.create_upload(str(new_id()), 10, PART)
    assert storage.size(ARTIFACT) is None
    assert not list((tmp_path / "data").rglob("*")) or not list((tmp_path / "data/storage/drafts").iterdir())


@hypothesis_settings(max_examples=20)
@given(st.permutations(range(1, 6)))
def test_parts_come_in_any_order(tmp_path_factory: pytest.TempPathFactory, order: list[int]) -> None:
    storage = LocalStorage(Settings(data_dir=tmp_path_factory.mktemp("store")))
    data = content(4 * PART + 17)
    upload_id = begin(storage, len(data))
    for number in order:
        put(storage, upload_id, number, parts_of(data)[number - 1])
    info = storage.complete_upload(upload_id, file_key(sha256(data)), len(data), sha256(data))
    assert b"".join(storage.read(info.key)) == data
    storage.close()


def test_completing_again_gives_the_same_answer(storage: LocalStorage) -> None:
    data = content(PART)
    upload_id = begin(storage, len(data))
    put(storage, upload_id, 1, data)
    arguments = (upload_id, file_key(sha256(data)), len(data), sha256(data))
    assert storage.complete_upload(*arguments) == storage.complete_upload(*arguments)


def test_an_upload_goes_on_after_a_restart(storage: LocalStorage, settings: Settings) -> None:
    data = content(3 * PART)
    upload_id = begin(storage, len(data))
    put(storage, upload_id, 1, parts_of(data)[0])
    put(storage, upload_id, 3, parts_of(data)[2])
    log = settings.storage_dir / "uploads" / upload_id / "parts.jsonl"
    with log.open("a") as file:
        file.write('{"part_number": 2, "size_by')  # the line that was being written at the kill

    again = LocalStorage(settings)
    assert [part.part_number for part in again.stored_parts(upload_id)] == [1, 3]
    put(again, upload_id, 2, parts_of(data)[1])
    again.complete_upload(upload_id, file_key(sha256(data)), len(data), sha256(data))
    assert b"".join(again.read(file_key(sha256(data)))) == data
    again.close()


def test_missing_parts_are_told(storage: LocalStorage) -> None:
    data = content(2 * PART)
    upload_id = begin(storage, len(data))
    put(storage, upload_id, 1, parts_of(data)[0])
    with pytest.raises(UploadIncompleteError, match="1 of 2"):
        storage.complete_upload(upload_id, file_key(sha256(data)), len(data), sha256(data))


def test_bytes_of_another_hash_are_not_kept(storage: LocalStorage) -> None:
    data = content(PART)
    upload_id = begin(storage, len(data))
    put(storage, upload_id, 1, data)
    other = sha256(b"other")
    with pytest.raises(ChecksumMismatchError):
        storage.complete_upload(upload_id, file_key(other), len(data), other)
    assert storage.size(file_key(other)) is None
    with pytest.raises(NoSuchBlobError):
        storage.stored_parts(upload_id)


def test_a_part_that_a_power_cut_damaged_is_found_and_asked_for_again(
    storage: LocalStorage, settings: Settings
) -> None:
    data = content(3 * PART)
    upload_id = begin(storage, len(data))
    for number, part in enumerate(parts_of(data), 1):
        put(storage, upload_id, number, part)
    with (settings.storage_dir / "uploads" / upload_id / "data").open("rb+") as file:
        file.seek(PART + 5)
        file.write(b"damaged")

    again = LocalStorage(settings)  # as after the power came back
    arguments = (upload_id, file_key(sha256(data)), len(data), sha256(data))
    with pytest.raises(UploadIncompleteError, match="1 part was damaged"):
        again.complete_upload(*arguments)
    assert [part.part_number for part in again.stored_parts(upload_id)] == [1, 3]
    put(again, upload_id, 2, parts_of(data)[1])
    assert again.complete_upload(*arguments).sha256 == sha256(data)
    again.close()


@pytest.mark.parametrize(
    ("sent", "announced", "error"),
    [
        (b"a" * 99, b"a" * 100, SizeMismatchError),
        (b"a" * 101, b"a" * 100, SizeMismatchError),
        (b"b" * 100, b"a" * 100, ChecksumMismatchError),
    ],
)
def test_a_part_that_is_not_the_announced_one_does_not_exist(
    storage: LocalStorage, sent: bytes, announced: bytes, error: type[Exception]
) -> None:
    upload_id = begin(storage, 100)
    writer = storage.begin_part(grant(upload_id, 1, announced), FIRST)
    assert writer is not None

    def send() -> None:
        writer.write(sent)
        writer.finish()

    with pytest.raises(error):
        send()
    writer.close()
    assert storage.stored_parts(upload_id) == ()


def test_the_newer_transfer_of_a_part_counts(storage: LocalStorage) -> None:
    data = content(PART)
    upload_id = begin(storage, PART)
    hanging = storage.begin_part(grant(upload_id, 1, data), FIRST)
    assert hanging is not None
    hanging.write(data[:1000])
    put(storage, upload_id, 1, data)
    with pytest.raises(SupersededError):
        hanging.write(b"x" * 10)
    with pytest.raises(SupersededError):
        hanging.finish()
    assert storage.complete_upload(upload_id, file_key(sha256(data)), PART, sha256(data)).size_bytes == PART


def test_an_older_transfer_of_a_part_that_is_late_does_not_drop_the_newer_one(storage: LocalStorage) -> None:
    data = content(PART)
    upload_id = begin(storage, PART)
    newer = storage.begin_part(grant(upload_id, 1, data), LATER)
    assert newer is not None
    with pytest.raises(SupersededError):
        storage.begin_part(grant(upload_id, 1, data), FIRST)
    newer.write(data)
    assert newer.finish().part_number == 1
    newer.close()


def test_a_part_that_is_stored_is_not_taken_again_and_a_changed_one_replaces_it(
    storage: LocalStorage,
) -> None:
    old, new = content(PART, 1), content(PART, 2)
    upload_id = begin(storage, 2 * PART)
    put(storage, upload_id, 1, old)
    put(storage, upload_id, 2, old)
    assert storage.begin_part(grant(upload_id, 1, old), LATER) is None
    put(storage, upload_id, 1, new)
    whole = new + old
    info = storage.complete_upload(upload_id, file_key(sha256(whole)), len(whole), sha256(whole))
    assert b"".join(storage.read(info.key)) == whole


@pytest.mark.parametrize(("number", "size"), [(3, PART), (1, PART - 1), (2, PART)])
def test_parts_have_their_numbers_and_sizes(storage: LocalStorage, number: int, size: int) -> None:
    upload_id = begin(storage, PART + 1)
    with pytest.raises(SizeMismatchError):
        storage.begin_part(PartGrant(upload_id, number, size, "00000000", 0), FIRST)


def test_an_empty_file_has_no_parts(storage: LocalStorage) -> None:
    upload_id = begin(storage, 0)
    info = storage.complete_upload(upload_id, file_key(sha256(b"")), 0, sha256(b""))
    assert storage.size(info.key) == 0


def test_the_same_bytes_twice_are_stored_once(storage: LocalStorage) -> None:
    data = content(PART)
    inodes = set()
    for _ in range(2):
        upload_id = begin(storage, PART)
        put(storage, upload_id, 1, data)
        info = storage.complete_upload(upload_id, file_key(sha256(data)), PART, sha256(data))
        inodes.add(storage.path(info.key).stat().st_ino)
    assert len(inodes) == 1
    assert list(storage.keys("files/")) == [file_key(sha256(data))]


def test_an_aborted_upload_leaves_nothing(storage: LocalStorage, settings: Settings) -> None:
    upload_id = begin(storage, PART)
    put(storage, upload_id, 1, content(PART))
    storage.abort_upload(upload_id)
    storage.abort_upload(upload_id)
    assert list((settings.storage_dir / "uploads").iterdir()) == []


def test_descriptors_do_not_leak(storage: LocalStorage) -> None:
    data = content(4 * PART)
    upload_id = begin(storage, len(data))
    before = psutil.Process().num_fds()
    for number, part in enumerate(parts_of(data), 1):
        put(storage, upload_id, number, part)
    storage.complete_upload(upload_id, file_key(sha256(data)), len(data), sha256(data))
    assert psutil.Process().num_fds() == before
