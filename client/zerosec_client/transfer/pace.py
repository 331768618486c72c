"""How far a transfer is and how fast: threads count bytes, the event loop tells the caller, ten times a second at most."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

__all__ = ["Pace", "ProgressCallback", "TransferProgress"]

TELL_EVERY_S = 0.1
RATE_OVER_S = 3.0


@dataclass(frozen=True)
class TransferProgress:
    """Bytes that are there, bytes in all, and bytes a second over the last seconds."""

    done_bytes: int
    total_bytes: int
    rate_bytes_s: float


ProgressCallback = Callable[[TransferProgress], None]


class Pace:
    """Counts the bytes of one transfer. `add` may be called from any thread, with less than nothing when bytes are lost."""

    def __init__(self, total_bytes: int, tell: ProgressCallback | None) -> None:
        self._total, self._tell = total_bytes, tell
        self._done = 0
        self._lock = threading.Lock()
        self._samples: deque[tuple[float, int]] = deque()

    def add(self, count: int) -> None:
        """So many bytes more are there."""
        with self._lock:
            self._done += count

    def begin(self, done_bytes: int) -> None:
        """Count anew from here: what was there before does not count as speed."""
        with self._lock:
            self._done = done_bytes
            self._samples.clear()

    def now(self) -> TransferProgress:
        """The state of the transfer."""
        with self._lock:
            moment, done = time.monotonic(), self._done
            self._samples.append((moment, done))
            while moment - self._samples[0][0] > RATE_OVER_S and len(self._samples) > 2:
                self._samples.popleft()
            since, before = self._samples[0]
        rate = (done - before) / (moment - since) if moment > since else 0.0
        return TransferProgress(max(0, min(done, self._total)), self._total, max(0.0, rate))

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Tell the caller while the block runs, and once at its good end."""
        if self._tell is None:
            yield
            return
        ticker = asyncio.create_task(self._tick(self._tell))
        try:
            yield
        finally:
            ticker.cancel()
            (outcome,) = await asyncio.gather(ticker, return_exceptions=True)
        if isinstance(outcome, Exception):
            raise outcome
        self._tell(self.now())

    async def _tick(self, tell: ProgressCallback) -> None:
        while True:
            tell(self.now())
            await asyncio.sleep(TELL_EVERY_S)
