"""Large bodies on their short way between file and socket, and on the usual one where there is none; slow callers hold up nobody."""

import asyncio
import http.client
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.conftest import RunningServer, start_server
from tests.transfers import Client, connected, content, made, opened, raw, sha256, ticket_for

from zerosec_client.transfer import download, upload
from zerosec_shared.files import DownloadRequest, PartRequest, PartsRequest

MIB = 1024**2
PART = 4 * MIB
DATA = content(3 * PART)
MORE_THAN_THREADS = 20


@pytest.fixture(scope="module", params=["sendfile", "no sendfile"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("wire")
    if request.param == "no sendfile":  # as on Windows: there bodies go the usual way
        (folder / "sitecustomize.py").write_text("import os\ndel os.sendfile\n", encoding="ascii")
    started = start_server(folder / "data", str(folder), part_size_bytes=str(PART))
    yield started
    started.stop()


def dialled(server: RunningServer) -> socket.socket:
    parts = urlsplit(server.url)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(20)
    sock.connect((parts.hostname or "", parts.port or 0))
    return sock


def head(method: str, url: str, **headers: str) -> bytes:
    lines = [
        f"{method} {url} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


async def stored_url(client: Client, folder: Path) -> str:
    await upload(client.api, made(folder / "data", len(DATA)), record=client.record, handover=False)
    return (await client.api.presign_download(DownloadRequest(sha256=sha256(DATA)))).url


async def test_up_and_down_again(server: RunningServer, tmp_path: Path) -> None:
    async with connected(server, tmp_path) as client:
        record = await upload(
            client.api, made(tmp_path / "data", len(DATA), 7), record=client.record, handover=False
        )
        await download(client.api, DownloadRequest(sha256=record.sha256), tmp_path / "back", handover=False)
    assert (tmp_path / "back").read_bytes() == content(len(DATA), 7)


async def test_one_connection_serves_parts_and_blobs_one_after_another(
    server: RunningServer, tmp_path: Path
) -> None:
    async with connected(server, tmp_path) as client:
        blob = await stored_url(client, tmp_path)
        ticket = await opened(client, len(DATA))
        parts = [DATA[at : at + PART] for at in range(0, len(DATA), PART)]
        urls = [(await ticket_for(client, ticket.upload_id, n + 1, part)).url for n, part in enumerate(parts)]

        def talk() -> list[tuple[int, bytes]]:
            address = urlsplit(server.url)
            connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=120)
            answers = []
            for method, url, body in [
                ("PUT", urls[0], parts[0]),
                ("GET", blob, None),
                ("PUT", urls[1], parts[1]),
                ("PUT", urls[0], parts[0]),  # again: it is there
                ("GET", blob, None),
                ("PUT", urls[2], parts[2]),
            ]:
                connection.request(method, url, body)
                sock = connection.sock
                response = connection.getresponse()
                answers.append((response.status, response.read()))
                assert connection.sock is sock
            connection.close()
            return answers

        answers = await asyncio.to_thread(talk)
        assert ticket.upload_id
        stored = await client.api.presign_parts(ticket.upload_id, PartsRequest())
    assert [status for status, _ in answers] == [200] * 6
    assert answers[1][1] == answers[4][1] == DATA
    assert [part.part_number for part in stored.stored_parts] == [1, 2, 3]


async def test_a_part_that_waits_for_100_continue_and_comes_in_drops_is_taken(
    server: RunningServer, tmp_path: Path
) -> None:
    async with connected(server, tmp_path) as client:
        ticket = await opened(client, PART)
        part = await ticket_for(client, ticket.upload_id, 1, DATA[:PART])

    def drip() -> bytes:
        with dialled(server) as sock:
            sock.sendall(head("PUT", part.url, Content_Length=str(PART), Expect="100-continue"))
            assert sock.recv(1000).startswith(b"HTTP/1.1 100 ")
            for start, end in [(0, 1), (1, 1000), (1000, 300_000), (300_000, PART)]:
                sock.sendall(DATA[start:end])
            return sock.recv(1000)

    assert (await asyncio.to_thread(drip)).startswith(b"HTTP/1.1 200 ")


async def test_callers_that_read_slowly_hold_up_nobody(server: RunningServer, tmp_path: Path) -> None:
    async with connected(server, tmp_path) as client:
        blob = await stored_url(client, tmp_path)
        ticket = await opened(client, PART)
        part = await ticket_for(client, ticket.upload_id, 1, DATA[:PART])

    def look() -> None:
        with ExitStack() as stack:
            slow = [stack.enter_context(dialled(server)) for _ in range(MORE_THAN_THREADS)]
            for sock in slow:
                sock.sendall(head("GET", blob))
                assert sock.recv(1) == b"H"
            stuck = [stack.enter_context(dialled(server)) for _ in range(MORE_THAN_THREADS)]
            for sock in stuck:
                sock.sendall(head("PUT", part.url, Content_Length=str(PART)) + b"x")
            assert raw(server, "GET", blob).body == DATA
            for sock in slow[:3]:
                with sock.makefile("rb") as file:
                    while file.readline() != b"\r\n":
                        pass
                    assert file.read(len(DATA)) == DATA

    await asyncio.to_thread(look)


async def test_callers_that_hang_up_leave_nothing_behind(server: RunningServer, tmp_path: Path) -> None:
    async with connected(server, tmp_path) as client:
        blob = await stored_url(client, tmp_path)
        ticket = await opened(client, PART)
        assert ticket.upload_id
        part = await ticket_for(client, ticket.upload_id, 1, DATA[:PART])

        def hang_up() -> None:
            for _ in range(MORE_THAN_THREADS):
                with dialled(server) as sock:
                    sock.sendall(head("GET", blob))
                    assert sock.recv(1) == b"H"
                with dialled(server) as sock:
                    sock.sendall(head("PUT", part.url, Content_Length=str(PART)) + DATA[: PART // 2])

        await asyncio.to_thread(hang_up)
        answer = await asyncio.to_thread(raw, server, "PUT", part.url, DATA[:PART])
        assert answer.status == 200
        request = PartsRequest(parts=(PartRequest(part_number=1, crc32="00000000"),))
        assert len((await client.api.presign_parts(ticket.upload_id, request)).stored_parts) == 1
    assert "Traceback" not in server.log.read_text(encoding="utf-8")
