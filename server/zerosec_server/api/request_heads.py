"""uvicorn's HTTP protocol with bounds on what comes before a request: how large its head is, and how long it takes to come.

Guards against callers, who need no token for it, that send headers without end (the parser keeps them all) or open connections and
say nothing.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["BoundedHeads"]

MOST_BYTES = 128 * 1024
"""Beside what came in one piece with the head's beginning, which is 256 KiB at most."""
PATIENCE_S = 30.0
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedHeads(HttpToolsProtocol):
    """Closes a connection whose next request's head is too large or too slow. An idle one between requests is uvicorn's to close."""

    _open = True
    _came_bytes = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A caller: it should say something soon."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(PATIENCE_S, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A request's first byte."""
        self._open, self._came_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._open = False
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Some bytes of a head, a body, or several requests."""
        if self._open:
            self._came_bytes += len(data)
            if self._came_bytes > MOST_BYTES:
                self.transport.write(TOO_LARGE)
                self.transport.close()
                return
        super().data_received(data)
        if self._open and self._timer is None:
            self._timer = self.loop.call_later(PATIENCE_S, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
