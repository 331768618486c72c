"""One reader's events of one job: only ever the next number, at most so many waiting, none lost without knowing."""

import asyncio
from collections import deque
from uuid import UUID

from zerosec_client.errors import ClientError
from zerosec_shared.events import Event

__all__ = ["Feed"]


class Feed:
    """One reader of one job: takes the next number and nothing else."""

    def __init__(self, job_id: UUID, after: int, size: int) -> None:
        self.job_id, self.seen = job_id, after
        self._size = size
        self.behind = False
        self._asked_from = -1
        self._buffer: deque[Event] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._end: ClientError | None = None
        self._ended = False

    def offer(self, event: Event) -> bool:
        """Take an event if it is the next; False, once, where one is missing before it.

        A full buffer takes nothing: the reader asks again for what it missed once it has caught up.
        """
        if event.seq <= self.seen or self._ended or self.behind:
            return True
        if len(self._buffer) >= self._size:
            self.behind = True
            self._room.clear()
            return True
        if event.seq > self.seen + 1:
            asked, self._asked_from = self._asked_from == self.seen, self.seen
            return asked
        self.seen = event.seq
        self._buffer.append(event)
        self._news.set()
        if event.terminal:
            self._ended = True
        return True

    def end(self, error: ClientError | None = None) -> None:
        """Nothing more comes."""
        if not self._ended:
            self._ended, self._end = True, error
        self._news.set()

    @property
    def ended(self) -> bool:
        """Whether the last event is here, or an error."""
        return self._ended

    def caught_up(self) -> bool:
        """Whether events were left out and the reader is through with all before them; the next are taken again."""
        if self.behind and not self._buffer:
            self.behind, self._asked_from = False, -1
            self._room.set()
            return True
        return False

    async def room(self) -> None:
        """Wait until the reader has caught up."""
        await self._room.wait()

    async def next(self) -> Event | None:
        """The next event; None at the end."""
        while not self._buffer:
            if self._ended:
                if self._end is not None:
                    raise self._end
                return None
            self._news.clear()
            await self._news.wait()
        return self._buffer.popleft()
