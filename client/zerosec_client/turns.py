"""How many transfers go on at the same time in this program: each waits for its turn before it moves bytes, in the order of asking.

The number may be changed from any thread while transfers go on; those under way are not interrupted.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["AT_ONCE", "MOST_AT_ONCE", "Turns", "transfer_turns"]

AT_ONCE = 4
SMALL_BYTES = 1024**2
"""What is no larger goes at once: a figure that is looked at does not wait for a file of gigabytes."""
MOST_AT_ONCE = 16


class Turns:
    """So many at once, the others in a queue. All who wait do so on one event loop at a time."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def at_once(self) -> int:
        """How many may go on at the same time."""
        return self._at_once

    def allow(self, at_once: int) -> None:
        """Change the number, at least 1; those who may go now do. From any thread."""
        self._at_once = max(1, at_once)
        for waiting in list(self._waiting)[:1]:
            loop = waiting.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._admit)

    @asynccontextmanager
    async def turn(self, size_bytes: int) -> AsyncIterator[None]:
        """Wait for a turn to move so many bytes, and have it for the length of the block."""
        if size_bytes <= SMALL_BYTES:
            yield
            return
        if self._taken < self._at_once and not self._waiting:
            self._taken += 1
        else:
            admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(admitted)
            try:
                await admitted
            except asyncio.CancelledError:
                if admitted.done() and not admitted.cancelled():
                    self._leave()
                else:
                    self._waiting.remove(admitted)
                raise
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        self._taken -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._taken < self._at_once:
            waiting = self._waiting.popleft()
            if not waiting.done():
                self._taken += 1
                waiting.set_result(None)


transfer_turns = Turns()
"""Those of this program."""
