"""Uploads through a real server: any size, known bytes, changes under way, sharing the disk or not."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from tests.conftest import RunningServer, start_server
from tests.network import faulty_proxy
from tests.transfers import (
    PART,
    SMALL_PARTS,
    Client,
    connected,
    made,
    sha256,
)

from zerosec_client.errors import FileRefusedError, LocalFileError, ServerUnreachableError
from zerosec_client.fingerprint import Fingerprint
from zerosec_client.transfer import FileChangedError, TransferProgress, download, upload
from zerosec_client.transfer.local import SourceFile
from zerosec_shared.files import DownloadRequest, FileRecord, PartsRequest


@pytest.fixture(scope="module")
def small_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    server = start_server(tmp_path_factory.mktemp("small-parts"), **SMALL_PARTS)
    yield server
    server.stop()


async def sent(client: Client, path: Path, *, handover: bool = False) -> FileRecord:
    return await upload(client.api, path, record=client.record, handover=handover)


@pytest.mark.parametrize("handover", [False, True])
@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 40 * PART + 17])
async def test_every_size_arrives_and_comes_back(
    small_parts: RunningServer, tmp_path: Path, size: int, handover: bool
) -> None:
    path = made(tmp_path / "data.bin", size, seed=size + handover)
    async with connected(small_parts, tmp_path) as client:
        file = await sent(client, path, handover=handover)
        assert (file.sha256, file.size_bytes) == (sha256(path.read_bytes()), size)
        await download(client.api, DownloadRequest(sha256=file.sha256), tmp_path / "back", handover=handover)
    assert (tmp_path / "back").read_bytes() == path.read_bytes()
    assert sorted(name for name in os.listdir(tmp_path) if name.startswith("back")) == ["back"]  # noqa: PTH208


@pytest.mark.parametrize("handover", [False, True])
async def test_a_large_file_is_hashed_while_it_goes_up(
    shared_server: RunningServer, tmp_path: Path, handover: bool
) -> None:
    path = made(tmp_path / "data.bin", 40_000_000, seed=handover)
    seen: list[TransferProgress] = []
    async with connected(shared_server, tmp_path) as client:
        file = await upload(client.api, path, record=client.record, handover=handover, progress=seen.append)
    assert file.sha256 == sha256(path.read_bytes())
    assert seen[-1].done_bytes == seen[-1].total_bytes == 40_000_000
    assert [p.done_bytes for p in seen] == sorted(p.done_bytes for p in seen)


async def test_several_connections_share_the_work_as_over_a_network(
    small_parts: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for direction in ("upload", "download"):
        monkeypatch.setattr(import_module(f"zerosec_client.transfer.{direction}"), "LANES_HERE", 4)
    path = made(tmp_path / "data.bin", 40_000_000, seed=8)
    async with connected(small_parts, tmp_path) as client:
        file = await sent(client, path)
        assert file.sha256 == sha256(path.read_bytes())
        await download(client.api, DownloadRequest(sha256=file.sha256), tmp_path / "back", handover=False)
    assert (tmp_path / "back").read_bytes() == path.read_bytes()


async def test_bytes_that_are_there_cost_one_request(small_parts: RunningServer, tmp_path: Path) -> None:
    path = made(tmp_path / "data.bin", 5 * PART, seed=77)
    with faulty_proxy(small_parts.url) as proxy:
        async with connected(small_parts, tmp_path, url=proxy.url) as client:
            first = await sent(client, path)
            proxy.faults.seen.clear()
            assert await sent(client, made(tmp_path / "copy.bin", 5 * PART, seed=77)) == first
        assert [line.split()[1] for line in proxy.faults.seen] == [b"/api/v1/presign/upload"]


async def test_a_file_is_hashed_once(small_parts: RunningServer, tmp_path: Path) -> None:
    path = made(tmp_path / "data.bin", PART, seed=78)
    os.utime(path, ns=(10**18, 10**18))
    async with connected(small_parts, tmp_path) as client:
        await sent(client, path)
        fingerprint = Fingerprint.of(path)
        client.record.remember_hash(fingerprint, sha256(path.read_bytes()))
        known = client.record.find_hash(fingerprint)
        assert known in {None, sha256(path.read_bytes())}
        assert client.record.find_upload(fingerprint) is None


async def test_a_remembered_hash_of_other_bytes_does_no_harm(
    small_parts: RunningServer, tmp_path: Path
) -> None:
    path = made(tmp_path / "data.bin", 3 * PART, seed=79)

    class Mistaken:
        """A record whose hash is wrong: a file was changed in a way that left no trace."""

        def __getattr__(self, name: str) -> object:
            return getattr(client.record, name)

        def find_hash(self, _: Fingerprint) -> str:
            return sha256(b"other bytes")

    async with connected(small_parts, tmp_path) as client:
        file = await upload(client.api, path, record=Mistaken(), handover=False)  # type: ignore[arg-type]
    assert file.sha256 == sha256(path.read_bytes())


async def test_the_same_file_can_go_up_several_times_at_once(
    small_parts: RunningServer, tmp_path: Path
) -> None:
    path = made(tmp_path / "data.bin", 20 * PART, seed=80)
    async with connected(small_parts, tmp_path) as one:
        (tmp_path / "other").mkdir()
        async with connected(small_parts, tmp_path / "other") as two:
            files = await asyncio.gather(*(sent(client, path) for client in (one, two, one, two)))
    assert {file.sha256 for file in files} == {sha256(path.read_bytes())}


async def test_expired_addresses_are_asked_for_anew(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    # The first ticket of a batch is used at once, later ones expire while the first parts go up.
    server = server_factory(url_ttl_s="1.5", **SMALL_PARTS)
    path = made(tmp_path / "data.bin", 4 * PART)
    expired = threading.Event()
    with faulty_proxy(server.url) as proxy:
        async with connected(server, tmp_path, url=proxy.url) as client:
            original = client.api.presign_parts

            async def late(upload_id: str, request: object) -> object:
                answer = await original(upload_id, request)  # type: ignore[arg-type]
                if not expired.is_set() and answer.tickets:
                    expired.set()
                    await asyncio.to_thread(_wait_until, answer.tickets[0].expires_at.timestamp())
                return answer

            client.api.presign_parts = late  # type: ignore[method-assign,assignment]
            file = await sent(client, path)
    assert expired.is_set()
    assert file.sha256 == sha256(path.read_bytes())


def _wait_until(moment: float) -> None:
    while time.time() <= moment:
        threading.Event().wait(0.05)


@pytest.mark.parametrize("handover", [False, True])
@pytest.mark.parametrize("size", [3 * PART, 40_000_000])
async def test_a_file_that_changes_while_it_is_sent_is_an_error_and_not_kept(
    shared_server: RunningServer, tmp_path: Path, size: int, handover: bool
) -> None:
    path = made(tmp_path / "data.bin", size, seed=size + 5)
    async with connected(shared_server, tmp_path) as client:
        original = client.api.presign_upload

        async def change_then_ask(request: object) -> object:
            answer = await original(request)  # type: ignore[arg-type]
            with path.open("rb+") as file:
                file.write(b"changed")
            return answer

        client.api.presign_upload = change_then_ask  # type: ignore[method-assign,assignment]
        with pytest.raises(FileChangedError) as caught:
            await sent(client, path, handover=handover)
        assert "changed while it was being sent" in caught.value.title
        client.api.presign_upload = original  # type: ignore[method-assign]
        assert (await sent(client, path, handover=handover)).sha256 == sha256(path.read_bytes())


@pytest.mark.parametrize("handover", [False, True])
async def test_the_file_is_never_looked_at_on_the_event_loop(
    shared_server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handover: bool
) -> None:
    """A share that went away answers late or never: that holds up this transfer, and nothing else of the program."""
    path = made(tmp_path / "data.bin", 40_000_000, seed=91 + handover)
    looks: list[bool] = []
    look = SourceFile.check_unchanged

    def noted(source: SourceFile) -> None:
        looks.append(threading.current_thread() is threading.main_thread())
        look(source)

    monkeypatch.setattr(SourceFile, "check_unchanged", noted)
    async with connected(shared_server, tmp_path) as client:
        await sent(client, path, handover=handover)
    assert len(looks) > 1
    assert not any(looks)


async def test_a_file_that_shrinks_is_an_error(shared_server: RunningServer, tmp_path: Path) -> None:
    path = made(tmp_path / "data.bin", 40_000_000)
    async with connected(shared_server, tmp_path) as client:
        original = client.api.presign_parts

        async def shrink(upload_id: str, request: object) -> object:
            os.truncate(path, 1000)
            return await original(upload_id, request)  # type: ignore[arg-type]

        client.api.presign_parts = shrink  # type: ignore[method-assign,assignment]
        with pytest.raises(FileChangedError):
            await sent(client, path)


async def test_what_cannot_be_read_is_told_in_words(small_parts: RunningServer, tmp_path: Path) -> None:
    async with connected(small_parts, tmp_path) as client:
        with pytest.raises(LocalFileError, match="is not there"):
            await sent(client, tmp_path / "none")
        with pytest.raises(LocalFileError, match="is not a file"):
            await sent(client, tmp_path)
        os.mkfifo(tmp_path / "fifo")
        with pytest.raises(LocalFileError, match="is not a file"):
            await sent(client, tmp_path / "fifo")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
async def test_a_file_without_rights_is_told_in_words(small_parts: RunningServer, tmp_path: Path) -> None:
    path = made(tmp_path / "secret", 10)
    path.chmod(0)
    async with connected(small_parts, tmp_path) as client:
        with pytest.raises(LocalFileError, match="no rights"):
            await sent(client, path)


async def test_a_file_too_large_for_the_server_is_refused(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = server_factory(max_file_size_bytes="1000")
    async with connected(server, tmp_path) as client:
        with pytest.raises(FileRefusedError) as caught:
            await sent(client, made(tmp_path / "data", 1001))
    assert caught.value.code == "file_too_large"


async def test_a_cancelled_upload_ends_at_once_and_is_resumed(
    small_parts: RunningServer, tmp_path: Path
) -> None:
    path = made(tmp_path / "data.bin", 30 * PART, seed=81)
    with faulty_proxy(small_parts.url) as proxy:
        async with connected(small_parts, tmp_path, url=proxy.url) as client:
            original = client.api.presign_parts
            asked = 0
            waiting = asyncio.Event()

            async def third_never_comes(upload_id: str, request: object) -> object:
                nonlocal asked
                asked += 1
                if asked > 2:
                    waiting.set()
                    await asyncio.Event().wait()
                return await original(upload_id, request)  # type: ignore[arg-type]

            client.api.presign_parts = third_never_comes  # type: ignore[method-assign,assignment]
            sending = asyncio.create_task(sent(client, path))
            await waiting.wait()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
            client.api.presign_parts = original  # type: ignore[method-assign]
            session = client.record.find_upload(Fingerprint.of(path))
            assert session
            stored = len((await original(session, PartsRequest())).stored_parts)
            proxy.faults.seen.clear()
            file = await sent(client, path)
            sent_again = sum(b"PUT" in line for line in proxy.faults.seen)
    assert file.sha256 == sha256(path.read_bytes())
    assert 0 < stored < 30
    assert sent_again == 30 - stored


async def test_a_server_that_is_gone_is_told_within_the_patience(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = server_factory(**SMALL_PARTS)
    async with connected(server, tmp_path, patience_s=0.2) as client:
        server.stop()
        with pytest.raises(ServerUnreachableError):
            await upload(client.api, made(tmp_path / "data", 10), record=client.record, patience_s=0.2)
