"""A TCP proxy for fault tests: between a client and a server it passes, cuts, swallows, black-holes or refuses, as told."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

__all__ = ["FaultyProxy", "faulty_proxy"]

T = TypeVar("T")
CHUNK = 64 * 1024


@dataclass(eq=False)
class _Link:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    up_bytes: int = 0
    down_bytes: int = 0
    head: bytes = b""


@dataclass(eq=False)
class Faults:
    """What happens to traffic from now on. Nothing set: everything passes."""

    refuse: bool = False
    """New connections are closed at once."""
    black_hole: bool = False
    """Bytes are accepted and go nowhere, both ways; connections stay open."""
    drop_replies_to: bytes | None = None
    """The first reply to a request whose head holds these bytes is swallowed, and the connection is cut."""
    hold_requests_to: bytes | None = None
    """Requests whose head holds these bytes never reach the server; their connections stay open. Until unset."""
    hold_replies_to: bytes | None = None
    """Requests whose head holds these bytes reach the server, and their replies go nowhere. Until unset."""
    held: int = 0
    """How many requests or replies were held."""
    cut_after_up_bytes: int | None = None
    """The next connection that sent so many bytes is cut; once."""
    cut_after_down_bytes: int | None = None
    """The next connection that received so many bytes is cut; once."""
    refuse_websockets: bool = False
    """Connections that ask for an upgrade get 502 and are closed."""
    seen: list[bytes] = field(default_factory=list)
    """The request lines that came, in order."""


class FaultyProxy:
    """Runs its own loop in a thread; every method may be called from any thread and has happened when it returns."""

    def __init__(self, upstream_url: str, tls: ssl.SSLContext | None = None) -> None:
        upstream = urlsplit(upstream_url)
        assert upstream.hostname
        assert upstream.port
        self._upstream = (upstream.hostname, upstream.port)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty-proxy", daemon=True)
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = threading.Condition()
        self.faults = Faults()
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls))
        self.url = (
            f"{'http' if tls is None else 'https'}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        )

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    def point_at(self, upstream_url: str) -> None:
        """Send new connections elsewhere: the server came back on another port."""
        upstream = urlsplit(upstream_url)
        assert upstream.hostname
        assert upstream.port
        self._upstream = (upstream.hostname, upstream.port)

    def wait_for(self, condition: Callable[[Faults], bool], timeout_s: float = 60.0) -> None:
        """Wait until something was seen, or a fault was used up."""
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.faults), timeout_s), "it did not happen"

    def cut(self) -> int:
        """Cut every open connection without a goodbye (RST); tells how many there were."""

        async def abort() -> int:
            links = list(self._links)
            for link in links:
                self._abort(link)
            return len(links)

        return self._do(abort())

    @property
    def open_connections(self) -> int:
        """How many connections are open now."""
        return len(self._links)

    def close(self) -> None:
        """Cut everything and stop."""

        async def end() -> None:
            self._server.close()
            for link in list(self._links):
                self._abort(link)
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

        self._do(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=60)
        self._loop.close()

    def _note(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _abort(self, link: _Link) -> None:
        for writer in (link.client, link.server):
            with contextlib.suppress(OSError):
                writer.transport.abort()
        self._links.discard(link)
        self._note()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.faults.refuse:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, server_writer)
        self._links.add(link)
        self._note()
        try:
            # Either side's end of file ends the link: no test needs half-closed HTTP connections.
            ups = asyncio.create_task(self._up(link, reader))
            downs = asyncio.create_task(self._down(link, server_reader))
            await asyncio.wait({ups, downs}, return_when=asyncio.FIRST_COMPLETED)
            for pump in (ups, downs):
                pump.cancel()
            await asyncio.gather(ups, downs, return_exceptions=True)
        finally:
            self._abort(link)

    async def _up(self, link: _Link, reader: asyncio.StreamReader) -> None:
        while chunk := await reader.read(CHUNK):
            link.up_bytes += len(chunk)
            line = chunk.split(b"\r\n", 1)[0]
            if b" HTTP/1." in line:
                link.head = chunk
                self.faults.seen.append(line)
                self._note()
                if self.faults.refuse_websockets and b"upgrade: websocket" in chunk.lower():
                    link.client.write(
                        b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                    )
                    await link.client.drain()
                    link.client.close()
                    await link.client.wait_closed()
                    return
            holding = self.faults.hold_requests_to
            if holding is not None and holding in link.head:
                self.faults.held += 1
                self._note()
                continue
            if self.faults.black_hole:
                continue
            limit = self.faults.cut_after_up_bytes
            if limit is not None and link.up_bytes >= limit:
                self.faults.cut_after_up_bytes = None
                keep = max(0, len(chunk) - (link.up_bytes - limit))
                link.server.write(chunk[:keep])
                await link.server.drain()
                return
            link.server.write(chunk)
            await link.server.drain()

    async def _down(self, link: _Link, reader: asyncio.StreamReader) -> None:
        while chunk := await reader.read(CHUNK):
            link.down_bytes += len(chunk)
            holding = self.faults.hold_replies_to
            if holding is not None and holding in link.head:
                self.faults.held += 1
                self._note()
                continue
            wanted = self.faults.drop_replies_to
            if wanted is not None and wanted in link.head:
                self.faults.drop_replies_to = None
                return
            if self.faults.black_hole:
                continue
            limit = self.faults.cut_after_down_bytes
            if limit is not None and link.down_bytes >= limit:
                self.faults.cut_after_down_bytes = None
                keep = max(0, len(chunk) - (link.down_bytes - limit))
                link.client.write(chunk[:keep])
                await link.client.drain()
                return
            link.client.write(chunk)
            await link.client.drain()


@contextmanager
def faulty_proxy(upstream_url: str, tls: ssl.SSLContext | None = None) -> Iterator[FaultyProxy]:
    """A proxy for the length of a test; with `tls` it is where TLS ends."""
    proxy = FaultyProxy(upstream_url, tls)
    try:
        yield proxy
    finally:
        proxy.close()
