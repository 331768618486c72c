"""Watchers that never read, that ask without end, and uploads that hardly move: they cost little, and others are served as before."""

import asyncio
import base64
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from tests.api_calls import connect, job_request
from tests.conftest import RunningServer, start_server
from tests.transfers import connected, content, opened, raw, ticket_for
from websockets.asyncio.client import connect as open_socket

from zerosec_shared.events import Subscribe, server_messages
from zerosec_shared.ids import new_id

MIB = 1024**2
JOBS = 6
EVENTS_EACH = 2000
SILENT = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    started = start_server(tmp_path_factory.mktemp("hostile") / "data")
    yield started
    started.stop()


@pytest.fixture(scope="module")
def chatty(server: RunningServer) -> str:
    """What subscribes to some jobs that have said a great deal, a message a line."""
    with connect(server) as api:
        bodies = [job_request(log_lines=10 * EVENTS_EACH) for _ in range(JOBS)]
        for body in bodies:
            answer = api.post("jobs", json=body, headers={"Prefer": "wait=60"})
            assert answer.json()["status"] == "succeeded", answer.text
    return "\n".join(Subscribe(job_id=body["id"]).model_dump_json() for body in bodies)


def upgraded(server: RunningServer) -> socket.socket:
    """A WebSocket by hand that will never read more than its beginning."""
    parts = urlsplit(server.url)
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.settimeout(60)
    sock.connect((parts.hostname or "", parts.port or 0))
    key = base64.b64encode(os.urandom(16)).decode()
    sock.sendall(
        f"GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {server.token}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    assert sock.recv(12) == b"HTTP/1.1 101"
    return sock


def said(sock: socket.socket, text: str) -> None:
    """Send one text frame (RFC 6455, 5.2)."""
    data = text.encode()
    assert len(data) < 65536
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    sock.sendall(b"\x81" + size + bytes(4) + data)


def answering(server: RunningServer) -> psutil.Process:
    """The process that answers."""
    port = urlsplit(server.url).port
    with socket.create_connection(("127.0.0.1", port or 0)) as probe:
        probe.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert probe.recv(12) == b"HTTP/1.1 200"
        ours = probe.getsockname()
        return next(
            process
            for process in server.tree()
            if any(link.raddr == ours for link in process.net_connections("tcp"))
        )


def memory_mib(server: RunningServer) -> float:
    """Of the process that answers."""
    return float(answering(server).memory_info().rss) / MIB


def worked_s(process: psutil.Process) -> float:
    """Seconds on a processor so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def heard(server: RunningServer, subscriptions: str) -> int:
    """How many events a watcher gets until the end of all the jobs."""
    count = ended = 0
    async with open_socket(
        f"{server.url.replace('http', 'ws')}/api/v1/ws",
        additional_headers={"Authorization": f"Bearer {server.token}"},
        proxy=None,
    ) as watcher:
        for line in subscriptions.splitlines():
            await watcher.send(line)
        while ended < JOBS:
            message = server_messages.validate_json(await watcher.recv())
            if message.type == "event":
                count += 1
                ended += message.event.terminal
    return count


async def test_watchers_that_never_read_cost_little_and_delay_nobody(
    server: RunningServer, chatty: str
) -> None:
    everything = await heard(server, chatty)
    before = memory_mib(server)
    with ExitStack() as stack:
        for _ in range(SILENT):
            silent = stack.enter_context(upgraded(server))
            for line in chatty.splitlines():
                said(silent, line)

        again = await heard(server, chatty)

        assert again == everything >= JOBS * EVENTS_EACH
        grown = memory_mib(server) - before
    # All of it, unread, would be some 2 MiB each.
    assert grown < 0.7 * SILENT, f"{grown:.0f} MiB for {SILENT} watchers"


def test_a_flood_of_subscriptions_that_nobody_reads_the_answers_of_holds_up_nobody(
    server: RunningServer,
) -> None:
    before = memory_mib(server)
    asked = Subscribe(job_id=new_id()).model_dump_json()
    server_process = answering(server)
    longest_s = 0.0
    with upgraded(server) as flood:
        flood.settimeout(0.5)
        for number in range(20_000):
            try:
                said(flood, asked)
            except TimeoutError:
                break  # it is made to wait: all the better
            if number % 2000 == 0:
                before_s = worked_s(server_process)
                assert raw(server, "GET", "/api/v1/health").status == 200
                longest_s = max(longest_s, worked_s(server_process) - before_s)

    # What it works before it answers another, whoever else has the processor meanwhile.
    assert longest_s < 1.0
    assert memory_mib(server) - before < 40


async def test_uploads_that_hardly_move_leave_room_for_others(server: RunningServer, tmp_path: Path) -> None:
    data = content(2 * MIB)
    async with connected(server, tmp_path) as client:
        urls = []
        for _ in range(101):
            ticket = await opened(client, len(data))
            urls.append((await ticket_for(client, ticket.upload_id, 1, data)).url)
    parts = urlsplit(server.url)
    address = (parts.hostname or "", parts.port or 0)

    def crawl() -> int:
        with ExitStack() as stack:
            slow = [stack.enter_context(socket.create_connection(address, timeout=60)) for _ in urls[1:]]
            for sock, url in zip(slow, urls[1:], strict=True):
                head = f"PUT {url} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n\r\n"
                sock.sendall(head.encode() + data[:1])
            for at in range(1, 4):
                for sock in slow:
                    sock.sendall(data[at : at + 1])
                assert raw(server, "GET", "/api/v1/health").status == 200
            return raw(server, "PUT", urls[0], data).status

    assert await asyncio.to_thread(crawl) == 200
    assert "Traceback" not in server.log.read_text(encoding="utf-8")
