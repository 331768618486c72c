"""Requests whose end can be read in two ways: none may carry a second one past the first, on the short way for bodies or the usual."""

import asyncio
import errno
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from tests.conftest import RunningServer
from tests.transfers import connected, content, opened, raw, ticket_for
from uvicorn.server import ServerState

from zerosec_server.api import request_heads

SIZE = 3 * 1024**2
DATA = content(SIZE)
SMUGGLED = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-ID: smuggled\r\n\r\n"


async def part_url(server: RunningServer, folder: Path, data: bytes = DATA) -> str:
    async with connected(server, folder) as client:
        ticket = await opened(client, len(data))
        return (await ticket_for(client, ticket.upload_id, 1, data)).url


def half_closed(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_WR)
    except OSError as error:  # the server has answered and closed already
        if error.errno != errno.ENOTCONN:
            raise


def said(server: RunningServer, *pieces: bytes, answers: int = 1, half_close: bool = True) -> bytes:
    """All that comes back for these bytes until the server closes, or is done with so many answers."""
    parts = urlsplit(server.url)
    came = b""
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as sock:
        try:
            for piece in pieces:
                sock.sendall(piece)
            if half_close:
                half_closed(sock)
            while some := sock.recv(65536):
                came += some
                if (
                    not half_close
                    and came.count(b"HTTP/1.1 ") >= answers
                    and came.endswith((b"}", b"\r\n\r\n"))
                ):
                    break
        except (ConnectionResetError, BrokenPipeError):
            pass
    return came


def put(url: str, *lines: bytes) -> bytes:
    head = [f"PUT {url} HTTP/1.1".encode("ascii"), b"Host: 127.0.0.1", *lines]
    return b"\r\n".join([*head, b"", b""])


LENGTH = b"Content-Length: %d" % SIZE


@pytest.mark.parametrize(
    "lines",
    [
        (LENGTH, b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: chunked", LENGTH),
        (LENGTH, b"Content-Length: 0"),
        (b"Content-Length: 0", LENGTH),
        (LENGTH, b"Transfer-Encoding: identity"),
        (LENGTH, b"Transfer-Encoding:\tchunked"),
        (LENGTH, b"Transfer-Encoding: xchunked"),
        (LENGTH, b"Transfer-Encoding : chunked"),
        (b"Content-Length: %d, 0" % SIZE,),
        (b"Content-Length: +%d" % SIZE,),
        (b"Content-Length: %d 0" % SIZE,),
        (b"Content-Length: 0x%x" % SIZE,),
        (b"Content-Length: -1",),
        (b"Content-Length:\r\n %d" % SIZE,),
        (b"X-Folded: a\r\n Content-Length: 0", LENGTH, b" Transfer-Encoding: chunked"),
        (b"X-Null: a\x00b", LENGTH),
        (b"X-Bare: a\rTransfer-Encoding: chunked", LENGTH),
        (b"Content-Length : %d" % SIZE,),
    ],
    ids=lambda lines: b" ".join(lines).decode("latin-1")[:50].encode("unicode_escape").decode(),
)
async def test_a_body_whose_length_can_be_read_in_two_ways_smuggles_nothing(
    shared_server: RunningServer, tmp_path: Path, lines: tuple[bytes, ...]
) -> None:
    url = await part_url(shared_server, tmp_path)

    for body in (DATA, b"0\r\n\r\n"):
        came = await asyncio.to_thread(said, shared_server, put(url, *lines), body, SMUGGLED)

        assert b"smuggled" not in came, came[:2000]
        assert not came.startswith(b"HTTP/1.1 5"), came
        assert came.count(b"HTTP/1.1 ") <= 1
    assert raw(shared_server, "GET", "/api/v1/health").status == 200


async def test_a_body_that_looks_like_requests_is_a_body(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    data = (SMUGGLED * (SIZE // len(SMUGGLED) + 1))[:SIZE]
    url = await part_url(shared_server, tmp_path, data)

    came = await asyncio.to_thread(said, shared_server, put(url, LENGTH), data)

    assert came.startswith(b"HTTP/1.1 200 ")
    assert came.count(b"HTTP/1.1 ") == 1
    assert b"smuggled" not in came


async def test_a_request_that_comes_right_behind_a_large_body_is_answered_after_it(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    url = await part_url(shared_server, tmp_path)
    together = put(url, LENGTH) + DATA + SMUGGLED

    for pieces in ((together,), (together[:70_000], together[70_000:]), (put(url, LENGTH), DATA + SMUGGLED)):
        came = await asyncio.to_thread(said, shared_server, *pieces, SMUGGLED, answers=3, half_close=False)
        assert came.count(b"HTTP/1.1 200 ") == 3, came
        assert came.count(b"smuggled") == 2


async def test_a_request_behind_a_refused_body_is_not_answered(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    url = await part_url(shared_server, tmp_path)

    came = await asyncio.to_thread(
        said, shared_server, put(url, b"Content-Length: %d" % (SIZE - 1)), DATA[:-1], SMUGGLED
    )

    assert b"smuggled" not in came
    assert came.count(b"HTTP/1.1 ") <= 1


async def test_a_body_that_ends_early_is_not_kept(shared_server: RunningServer, tmp_path: Path) -> None:
    url = await part_url(shared_server, tmp_path)

    came = await asyncio.to_thread(said, shared_server, put(url, LENGTH), DATA[: SIZE // 2])

    assert not came.startswith(b"HTTP/1.1 2")
    assert raw(shared_server, "PUT", url, DATA).status == 200


@pytest.mark.parametrize("line", [b"X-Big: " + b"a" * 1000, b"X-%d: a"])
def test_headers_without_end_are_refused_before_they_fill_memory(
    shared_server: RunningServer, line: bytes
) -> None:
    lines = (line.replace(b"%d", b"%d" % number) for number in range(1_000_000))
    parts = urlsplit(shared_server.url)
    sent = 0
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=60) as sock:
        sock.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        try:
            for one in lines:
                sock.sendall(one + b"\r\n")
                sent += len(one)
                if sent > 8 * 1024**2:
                    break
        except (ConnectionResetError, BrokenPipeError):
            pass
    assert sent < 8 * 1024**2, "the server took all of it"
    assert raw(shared_server, "GET", "/api/v1/health").status == 200


def test_a_large_head_that_is_still_reasonable_is_read(shared_server: RunningServer) -> None:
    answer = raw(shared_server, "GET", "/api/v1/health", headers={f"X-{n}": "a" * 1000 for n in range(60)})

    assert answer.status == 200


async def test_a_caller_that_never_ends_its_head_is_left_and_others_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_heads, "PATIENCE_S", 0.3)
    config = uvicorn.Config(_ok, http=request_heads.BoundedHeads, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: request_heads.BoundedHeads(config, state, {}), "127.0.0.1", 0
    )
    address = listening.sockets[0].getsockname()
    async with listening:
        silent = await asyncio.open_connection(*address)
        slow = await asyncio.open_connection(*address)
        slow[1].write(b"GET / HTTP/1.1\r\nX-Slow")
        good = await asyncio.open_connection(*address)
        good[1].write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await good[0].readuntil(b"ok")).startswith(b"HTTP/1.1 200")

        assert await asyncio.wait_for(silent[0].read(), 60) == b""
        assert await asyncio.wait_for(slow[0].read(), 60) == b""

        good[1].write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert (await good[0].readuntil(b"ok")).startswith(b"HTTP/1.1 200")
        good[1].write(b"GET / HTTP/1.1\r\nX-Slow: a")
        assert await asyncio.wait_for(good[0].read(), 60) == b""
        for _, writer in (silent, slow, good):
            writer.close()
            await writer.wait_closed()


async def _ok(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})
