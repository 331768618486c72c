"""Transfers while connections break, servers are killed and disks are full: nothing is lost, nothing wrong is kept."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, RunningServer
from tests.faults.jobs import kill_at_once
from tests.network import faulty_proxy
from tests.transfers import PART, SMALL_PARTS, connected, content, made, opened, raw, sha256, ticket_for
from zerosec_client.errors import NoSpaceLeftError, ServerStorageFullError
from zerosec_client.fingerprint import Fingerprint
from zerosec_client.http import Endpoint
from zerosec_client.transfer import download, upload
from zerosec_client.transfer import lanes as lanes_module
from zerosec_client.transfer.channel import Channel
from zerosec_server.settings import Settings
from zerosec_server.storage.base import StorageFullError, file_key
from zerosec_server.storage.local import LocalStorage
from zerosec_server.storage.signing import PartGrant
from zerosec_shared.files import DownloadRequest, PartsRequest
from zerosec_shared.ids import new_id

pytestmark = pytest.mark.faults
MIB = 1024**2


async def test_a_connection_cut_in_the_middle_of_a_part_costs_that_part(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    path = made(tmp_path / "data.bin", 40 * MIB, seed=1)
    with faulty_proxy(shared_server.url) as proxy:
        async with connected(shared_server, tmp_path, url=proxy.url) as client:
            proxy.faults.cut_after_up_bytes = 8 * MIB
            file = await upload(client.api, path, record=client.record, handover=False)
            proxy.wait_for(lambda faults: faults.cut_after_up_bytes is None)
        puts = sum(b"PUT" in line for line in proxy.faults.seen)
    assert file.sha256 == sha256(path.read_bytes())
    assert puts == 3 + 1


async def test_a_part_that_was_cut_does_not_exist(shared_server: RunningServer, tmp_path: Path) -> None:
    data = content(2 * MIB)
    with faulty_proxy(shared_server.url) as proxy:
        async with connected(shared_server, tmp_path) as client:
            ticket = await opened(client, len(data))
            part = await ticket_for(client, ticket.upload_id, 1, data)
            proxy.faults.cut_after_up_bytes = MIB
            broken = RunningServer(**{**shared_server.__dict__, "url": proxy.url})
            with pytest.raises(OSError, match=r".*"):
                raw(broken, "PUT", part.url, data)
            assert (await client.api.presign_parts(ticket.upload_id or "", PartsRequest())).stored_parts == ()
            assert raw(shared_server, "PUT", part.url, data).status == 200


async def test_a_lost_answer_to_the_completion_is_asked_for_again(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    for handover in (False, True):
        path = made(tmp_path / "data.bin", 2 * MIB, seed=20 + handover)
        with faulty_proxy(shared_server.url) as proxy:
            async with connected(shared_server, tmp_path, url=proxy.url) as client:
                proxy.faults.drop_replies_to = b"/complete"
                file = await upload(client.api, path, record=client.record, handover=handover)
                proxy.wait_for(lambda faults: faults.drop_replies_to is None)
            completions = sum(b"/complete" in line for line in proxy.faults.seen)
        assert completions == 2
        assert file.sha256 == sha256(path.read_bytes())


async def test_a_lost_answer_to_a_part_sends_it_again_and_keeps_it_once(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    path = made(tmp_path / "data.bin", 2 * MIB, seed=30)
    with faulty_proxy(shared_server.url) as proxy:
        async with connected(shared_server, tmp_path, url=proxy.url) as client:
            proxy.faults.drop_replies_to = b"PUT /api/v1/blobs"
            file = await upload(client.api, path, record=client.record, handover=False)
    assert file.sha256 == sha256(path.read_bytes())


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_a_black_hole_is_noticed_and_left(
    shared_server: RunningServer, tmp_path: Path, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes_module, "Channel", lambda **kind: Channel(silence_s=0.5, **kind))
    path = made(tmp_path / "data.bin", 40 * MIB, seed=40)
    with faulty_proxy(shared_server.url) as proxy:
        async with connected(shared_server, tmp_path, url=proxy.url) as client:
            if direction == "down":
                await upload(client.api, path, record=client.record)
            method = {"up": b"PUT /api/v1/blobs", "down": b"GET /api/v1/blobs"}[direction]

            def swallow() -> None:
                proxy.wait_for(lambda faults: any(line.startswith(method) for line in faults.seen))
                proxy.faults.black_hole = True
                before = len(proxy.faults.seen)
                # The client gives the connection up and comes again over a new one.
                proxy.wait_for(lambda faults: len(faults.seen) > before, 30)
                proxy.faults.black_hole = False
                proxy.cut()

            swallowing = asyncio.create_task(asyncio.to_thread(swallow))
            if direction == "up":
                file = await upload(client.api, path, record=client.record, handover=False)
                assert file.sha256 == sha256(path.read_bytes())
            else:
                request = DownloadRequest(sha256=sha256(path.read_bytes()))
                await download(client.api, request, tmp_path / "back", handover=False)
                assert (tmp_path / "back").read_bytes() == path.read_bytes()
            await swallowing


def kill_all(server: RunningServer) -> None:
    """Kill −9 of every process of the server."""
    kill_at_once(server.tree())
    server.process.wait(timeout=120)


async def test_an_upload_goes_on_after_the_server_was_killed(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = server_factory(**SMALL_PARTS)
    path = made(tmp_path / "data.bin", 40 * PART)
    addresses = [Endpoint(server.url, server.token)]

    async def locate() -> Endpoint:
        return addresses[-1]

    async with connected(server, tmp_path, locate=locate) as client:
        original = client.api.presign_parts
        batches = 0

        async def kill_in_between(upload_id: str, request: PartsRequest) -> object:
            nonlocal batches
            batches += 1
            if batches == 5:
                await asyncio.to_thread(kill_all, server)
                again = await asyncio.to_thread(server_factory, server.data_dir, **SMALL_PARTS)
                addresses.append(Endpoint(again.url, again.token))
            return await original(upload_id, request)

        client.api.presign_parts = kill_in_between  # type: ignore[method-assign,assignment]
        file = await upload(client.api, path, record=client.record, handover=False)
        assert len(addresses) == 2
        await download(client.api, DownloadRequest(sha256=file.sha256), tmp_path / "back", handover=False)
    assert (tmp_path / "back").read_bytes() == path.read_bytes()


async def test_an_upload_that_the_server_forgot_starts_anew(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    path = made(tmp_path / "data.bin", 40 * MIB, seed=70)
    async with connected(shared_server, tmp_path) as client:
        original = client.api.presign_parts
        asked = 0

        async def forgotten_under_way(upload_id: str, request: PartsRequest) -> object:
            nonlocal asked
            asked += 1
            if asked == 1:
                await asyncio.to_thread(
                    shutil.rmtree, shared_server.data_dir / "storage" / "uploads" / upload_id
                )
            return await original(upload_id, request)

        client.api.presign_parts = forgotten_under_way  # type: ignore[method-assign,assignment]
        file = await upload(client.api, path, record=client.record, handover=False)
    assert file.sha256 == sha256(path.read_bytes())


CHILD = """
import asyncio, json, sys
from pathlib import Path
from tests.transfers import peak_memory, reset_peak_memory
from zerosec_client.api import Api
from zerosec_client.http import Endpoint, Http
from zerosec_client.outbox import Outbox
from zerosec_client.transfer import download, upload
from zerosec_shared.files import DownloadRequest

async def main():
    url, token_file, path, back, outbox = sys.argv[1:]
    async with Http(Endpoint(url, Path(token_file).read_text().strip())) as http:
        api, record = Api(http), Outbox(Path(outbox)).transfers("test")
        await api.health()
        idle = reset_peak_memory()
        print("ready", flush=True)
        file = await upload(api, Path(path), record=record, handover=False)
        await download(api, DownloadRequest(sha256=file.sha256), Path(back), handover=False)
        print(json.dumps({"over_idle_mib": peak_memory() - idle, "sha256": file.sha256}))

asyncio.run(main())
"""


def child(server: RunningServer, path: Path, folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            CHILD,
            server.url,
            str(server.token_file),
            str(path),
            str(folder / "back"),
            str(folder / "o.db"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_memory_does_not_grow_with_the_file(shared_server: RunningServer, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(600 * MIB)  # ten times what the client may use
    process = child(shared_server, path, tmp_path)
    output, _ = process.communicate(timeout=110)
    assert process.returncode == 0
    assert 0 < json.loads(output.splitlines()[-1])["over_idle_mib"] <= 60


def test_an_upload_goes_on_after_the_client_was_killed(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = server_factory(**SMALL_PARTS)
    path = made(tmp_path / "data.bin", 40 * MIB, seed=50)
    with faulty_proxy(server.url) as proxy:
        reached = RunningServer(**{**server.__dict__, "url": proxy.url})
        process = child(reached, path, tmp_path)
        proxy.wait_for(lambda faults: sum(b"PUT" in line for line in faults.seen) >= 40, 60)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=120)

        async def resume() -> tuple[int, str]:
            (tmp_path / "outbox.db").symlink_to(tmp_path / "o.db")
            async with connected(server, tmp_path, url=proxy.url) as client:
                assert client.record.find_upload(Fingerprint.of(path))
                proxy.faults.seen.clear()
                file = await upload(client.api, path, record=client.record, handover=False)
            return sum(b"PUT" in line for line in proxy.faults.seen), file.sha256

        puts, found = asyncio.run(resume())
    assert found == sha256(path.read_bytes())
    assert puts <= 640 - 30


@contextmanager
def small_disk(folder: Path, size_mib: int) -> Iterator[Path]:
    """A disk of a few MiB, mounted in memory."""
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk_of_the_server_is_told_and_harms_nothing(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 48) as disk:
        server = server_factory(disk / "data", storage_reserve_bytes=str(8 * MIB))
        async with connected(server, tmp_path) as client:
            kept = await upload(client.api, made(tmp_path / "fits", 4 * MIB), record=client.record)
            for handover in (False, True):
                with pytest.raises(ServerStorageFullError) as caught:
                    await upload(
                        client.api,
                        made(tmp_path / "large", 60 * MIB),
                        record=client.record,
                        handover=handover,
                    )
                assert caught.value.code == "storage_full"
            filler = disk / "filler"
            ticket = await opened(client, 20 * MIB)  # there is room now
            data = content(16 * MIB)
            part = await ticket_for(client, ticket.upload_id, 1, data)
            with filler.open("wb") as file:
                file.write(bytes(30 * MIB))  # and now there is none
            assert raw(server, "PUT", part.url, data).status == 507
            filler.unlink()
            assert raw(server, "PUT", part.url, data).status == 200
            await download(client.api, DownloadRequest(sha256=kept.sha256), tmp_path / "back")
        assert sha256((tmp_path / "back").read_bytes()) == kept.sha256
        server.stop()


def fill_up(path: Path) -> None:
    """Write until nothing more fits; raises OSError then."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(MIB))


def test_a_disk_that_fills_up_while_a_part_arrives_is_told(tmp_path: Path) -> None:
    data = content(4 * MIB)
    with small_disk(tmp_path / "disk", 12) as disk:
        storage = LocalStorage(Settings(data_dir=disk / "data", storage_reserve_bytes=0))
        upload_id = str(new_id())
        storage.create_upload(upload_id, len(data), len(data))
        grant = PartGrant(upload_id, 1, len(data), f"{zlib.crc32(data):08x}", 0)
        writer = storage.begin_part(grant, 1)
        assert writer is not None
        with pytest.raises(OSError, match="No space"):
            fill_up(disk / "filler")
        with pytest.raises(StorageFullError):
            writer.write(data)
        writer.close()
        assert storage.stored_parts(upload_id) == ()
        (disk / "filler").unlink()
        again = storage.begin_part(grant, 2)
        assert again is not None
        again.write(data)
        assert again.finish().crc32 == grant.crc32
        again.close()
        storage.complete_upload(upload_id, file_key(sha256(data)), len(data), sha256(data))
        storage.close()


async def test_a_full_disk_of_the_client_is_told_and_left_clean(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    async with connected(shared_server, tmp_path) as client:
        file = await upload(client.api, made(tmp_path / "data", 24 * MIB, seed=60), record=client.record)
        with small_disk(tmp_path / "disk", 16) as disk:
            for handover in (False, True):
                with pytest.raises(NoSpaceLeftError):
                    await download(
                        client.api, DownloadRequest(sha256=file.sha256), disk / "back", handover=handover
                    )
            assert os.listdir(disk) == []  # noqa: PTH208
