"""uvicorn's HTTP protocol with a short way for large bodies: from a file to the socket, and from the socket into one buffer.

A body that goes the usual way is copied four times and wakes the event loop for every 64 KiB; here the kernel sends from the file, and
threads receive into a buffer that is used again. A thread never waits longer than 5 ms for a socket: the event loop does that, so that slow
callers hold no thread. Needs POSIX and a connection without TLS; elsewhere a request has no wire, and its body goes the usual way.
"""

import asyncio
import os
import select
import socket
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

import httptools
from starlette.requests import Request
from starlette.types import Scope
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from zerosec_server.api.request_heads import BoundedHeads

__all__ = ["Wire", "WireProtocol", "wire_of"]

T = TypeVar("T")

EXTENSION = "zerosec.wire"
BUFFER_BYTES = 1024**2
SILENCE_S = 60.0
THREAD_WAITS_MS = 5
STINT_S = 0.25


class WireProtocol(BoundedHeads):
    """Gives each request the wire it came over."""

    buffer: memoryview | None = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        if hasattr(os, "sendfile") and self.scheme == "http":
            cycle.scope["extensions"] = {EXTENSION: {"wire": Wire(self, cycle)}}
        super()._start_asgi_task(cycle, app)

    def forget_body(self) -> None:
        """The rest of the body was read past the parser: what comes next is a new request."""
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)


def wire_of(source: Request | Scope) -> "Wire | None":
    """The wire of a request, or None where there is no short way."""
    scope: Any = source.scope if isinstance(source, Request) else source
    wire = scope.get("extensions", {}).get(EXTENSION, {}).get("wire")
    return wire if isinstance(wire, Wire) else None


class Wire:
    """The connection of one request. Raises ConnectionError when the caller hung up, TimeoutError when nothing moves for a minute."""

    def __init__(self, protocol: WireProtocol, cycle: RequestResponseCycle) -> None:
        self._protocol, self._cycle = protocol, cycle

    async def receive(self, pool: Executor, length: int, take: Callable[[memoryview], None]) -> None:
        """Give the whole body of `length` bytes (its Content-Length) to `take`, in order, in pieces of 1 MiB, on the pool's threads.

        Nothing of the body may have been received before. Each piece is valid until `take` returns. What `take` raises is raised.
        """
        protocol, cycle = self._protocol, self._cycle
        protocol.flow.pause_reading()
        if cycle.waiting_for_100_continue:
            protocol.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False
        if cycle.disconnected:
            raise ConnectionResetError
        come, cycle.body = cycle.body, bytearray()
        rest = length - len(come)
        if come:
            await _unbroken(pool, lambda: take(memoryview(come)))
        if rest:
            keep_alive, cycle.keep_alive = (
                cycle.keep_alive,
                False,
            )  # a body that was cut leaves nothing usable
            if protocol.buffer is None:
                protocol.buffer = memoryview(bytearray(BUFFER_BYTES))
            with self._socket() as sock:
                receiving = _Receiving(sock, protocol.buffer, rest, take)
                while not await _unbroken(pool, receiving.go_on):
                    await _readable(sock)
            protocol.forget_body()
            cycle.keep_alive = keep_alive
        cycle.more_body = False

    async def send_file(self, pool: Executor, descriptor: int, start: int, length: int) -> None:
        """Send `length` bytes of a file as all of the body that was announced. The response must have been started.

        Raises OSError if the file is shorter.
        """
        cycle = self._cycle
        if cycle.disconnected:
            raise ConnectionResetError
        await self._flushed()
        with self._socket() as sock:
            sending = _Sending(sock, descriptor, start, length)
            while not await _unbroken(pool, sending.go_on):
                await _writable(sock)
        cycle.expected_content_length -= length

    def hang_up(self) -> None:
        """The connection is of no more use."""
        self._cycle.disconnected = True
        self._protocol.transport.abort()  # type: ignore[attr-defined,unused-ignore]

    def _socket(self) -> socket.socket:
        # A descriptor of its own: it stays valid in a thread, and may be waited for, whatever the transport does meanwhile.
        shared = self._protocol.transport.get_extra_info("socket")
        if shared is None or self._protocol.transport.is_closing():
            raise ConnectionResetError
        return socket.socket(fileno=os.dup(shared.fileno()))

    async def _flushed(self) -> None:
        """Return once the start of the response has left the transport's own buffer."""
        transport, flow = self._protocol.transport, self._protocol.flow
        async with asyncio.timeout(SILENCE_S):
            while transport.get_write_buffer_size() and not transport.is_closing():
                transport.set_write_buffer_limits(high=0)
                await asyncio.sleep(0)
                await flow.drain()
        transport.set_write_buffer_limits()


class _Receiving:
    """Reads exactly so many bytes; keeps its place between the threads that go on with it."""

    def __init__(
        self, sock: socket.socket, buffer: memoryview, length: int, take: Callable[[memoryview], None]
    ) -> None:
        self._sock, self._buffer, self._left, self._take = sock, buffer, length, take
        self._filled = 0
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def go_on(self) -> bool:
        """Receive for a while. True: all is there. False: nothing comes at the moment, or others should have their turn."""
        until = time.monotonic() + STINT_S
        while self._left:
            room = self._buffer[self._filled : min(len(self._buffer), self._filled + self._left)]
            try:
                count = self._sock.recv_into(room)
            except BlockingIOError:
                if time.monotonic() > until or not self._poll.poll(THREAD_WAITS_MS):
                    return False
                continue
            if count == 0:
                raise ConnectionResetError
            self._filled += count
            self._left -= count
            if self._filled == len(self._buffer) or not self._left:
                self._take(self._buffer[: self._filled])
                self._filled = 0
        return True


class _Sending:
    """Sends a range of a file; keeps its place between the threads that go on with it."""

    def __init__(self, sock: socket.socket, descriptor: int, start: int, length: int) -> None:
        self._sock, self._descriptor, self._at, self._end = sock, descriptor, start, start + length
        self._poll = select.poll()
        self._poll.register(sock, select.POLLOUT)

    def go_on(self) -> bool:
        """Send for a while. True: all has gone. False: nothing goes at the moment, or others should have their turn."""
        until = time.monotonic() + STINT_S
        while self._at < self._end:
            try:
                count = os.sendfile(self._sock.fileno(), self._descriptor, self._at, self._end - self._at)
            except BlockingIOError:
                if time.monotonic() > until or not self._poll.poll(THREAD_WAITS_MS):
                    return False
                continue
            if count == 0:
                raise OSError("a stored blob became shorter")
            self._at += count
        return True


async def _unbroken(pool: Executor, work: Callable[[], T]) -> T:
    """Do work in a thread; when cancelled wait for the thread first, for it uses what its caller would close."""
    future = asyncio.get_running_loop().run_in_executor(pool, work)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise


async def _readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sock.fileno(), ready.set)
    try:
        async with asyncio.timeout(SILENCE_S):
            await ready.wait()
    finally:
        loop.remove_reader(sock.fileno())


async def _writable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(sock.fileno(), ready.set)
    try:
        async with asyncio.timeout(SILENCE_S):
            await ready.wait()
    finally:
        loop.remove_writer(sock.fileno())
