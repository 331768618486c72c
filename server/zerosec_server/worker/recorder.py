"""Records what a job reports while it runs: progress thinned to four a second, everything else kept, all of it bounded."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.database.transitions import LeaseLostError
from zerosec_server.language import worded
from zerosec_server.worker.frames import (
    FailureFrame,
    Frame,
    LogFrame,
    MetricFrame,
    NoticeFrame,
    ProgressFrame,
)
from zerosec_shared.events import EventBody, LogEvent, MetricEvent, NoticeEvent, ProgressEvent
from zerosec_shared.runs import JobProgress

__all__ = ["Recorder"]

log = logging.getLogger("zerosec.worker")

INTERVAL_S = 0.25
FIRST_DELAY_S = 0.015
"""A job that ends sooner has its reports recorded with its end: one commit instead of two."""
DATABASE_RETRY_S = 1.0
MOST_LINES = 2000
MOST_OTHERS = 5000


class Recorder:
    """Between one job's frames and the database. `write` appends bodies under the attempt's fence."""

    def __init__(
        self,
        write: Callable[[Sequence[EventBody]], Awaitable[None]],
        on_lost: Callable[[], None],
    ) -> None:
        self._write, self._on_lost = write, on_lost
        self._pending: list[EventBody] = []
        self._news, self._closing = asyncio.Event(), asyncio.Event()
        self._lines_left, self._others_left = MOST_LINES, MOST_OTHERS
        self._task = asyncio.create_task(self._run())

    def add(self, frame: Frame) -> None:
        """Take a frame; a newer progress replaces one that is not recorded yet."""
        body = self._body(frame)
        if body is None:
            return
        if isinstance(body, ProgressEvent):
            self._pending = [held for held in self._pending if not isinstance(held, ProgressEvent)]
        self._pending.append(body)
        self._news.set()

    def _body(self, frame: Frame) -> EventBody | None:
        match frame:
            case ProgressFrame():
                return ProgressEvent(
                    progress=JobProgress(
                        fraction=frame.fraction,
                        stage=frame.stage,
                        message=frame.message,
                        counters=frame.counters,
                        translations=frame.translations,
                        at=datetime.now(UTC),
                    )
                )
            case LogFrame():
                self._lines_left -= 1
                if self._lines_left < 0:
                    return None
                if self._lines_left == 0:
                    return worded(LogEvent(message="Further lines stand in the job's log only."))
                return LogEvent(level=frame.level, message=frame.message, translations=frame.translations)
            case MetricFrame() | NoticeFrame():
                self._others_left -= 1
                if self._others_left < 0:
                    return None
                if isinstance(frame, MetricFrame):
                    return MetricEvent(metric=frame.metric)
                return NoticeEvent(notice=frame.notice)
            case FailureFrame():
                return None

    async def close(self) -> Sequence[EventBody]:
        """Stop recording; returns what is not recorded yet, for the end's own transaction."""
        self._closing.set()
        self._news.set()
        await self._task
        return self._pending

    async def _run(self) -> None:
        last = -INTERVAL_S
        while True:
            await self._news.wait()
            if self._closing.is_set():
                return
            pause = max(FIRST_DELAY_S, last + INTERVAL_S - time.monotonic())
            await self._sleep_unless_closed(pause)
            if self._closing.is_set():
                return
            self._news.clear()
            bodies, self._pending = self._pending, []
            last = time.monotonic()
            try:
                await self._write(bodies)
            except LeaseLostError:
                self._on_lost()
                return
            except SQLAlchemyError as error:
                log.warning("reports of a job could not be recorded, to be tried again: %s", error)
                self._pending = bodies + self._pending
                self._news.set()
                await self._sleep_unless_closed(DATABASE_RETRY_S)

    async def _sleep_unless_closed(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()
