"""The bridge with Qt's own loop as the asyncio loop, by qasync: one thread for everything."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication
from qasync import QEventLoop

from zerosec_desktop.bridge.base import Bridge, Work, wind_down


class QasyncBridge(Bridge):
    """See `Bridge`. Shuts down inside the loop: awaiting after `aboutToQuit` fails."""

    def __init__(self) -> None:
        super().__init__()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiting: list[tuple[Work, Coroutine[Any, Any, None]]] = []
        self._stop: asyncio.Event | None = None
        self._exit_code = 0

    def open(self) -> None:
        """Nothing to do: the loop is there when `run` turns it; work started before waits for it."""

    def close(self, closing: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Drop what never began. Work that began is wound down by `run`."""
        self._closing = True
        for work, coroutine in self._waiting:
            coroutine.close()
            work.ended = True
            self._works.discard(work)
        self._waiting.clear()

    def run(self, started: Callable[[], None], closing: Callable[[], Coroutine[Any, Any, None]]) -> int:
        """See `Bridge.run`."""
        # Not asyncio.Runner: its end waits without limit for tasks that will not end.
        loop = QEventLoop(QCoreApplication.instance())
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(self._main(started, closing))
        finally:
            asyncio.set_event_loop(None)
            loop.close()
        return self._exit_code

    async def _main(
        self, started: Callable[[], None], closing: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        for work, coroutine in self._waiting:
            self._begin(work, coroutine)
        self._waiting.clear()
        self._loop.call_soon(started)
        await self._stop.wait()
        self._closing = True
        await wind_down(set(self._tasks), closing(), self.shutdown_s)
        self._loop = None

    def stop(self, exit_code: int = 0) -> None:
        """See `Bridge.stop`."""
        self._exit_code = exit_code
        if self._stop is not None:
            self._stop.set()

    def _schedule(self, work: Work, coroutine: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            self._waiting.append((work, coroutine))
        else:
            self._begin(work, coroutine)

    def _begin(self, work: Work, coroutine: Coroutine[Any, Any, None]) -> None:
        assert self._loop is not None
        work.task = self._loop.create_task(coroutine, name=work.name)
        self._tasks.add(work.task)
        work.task.add_done_callback(self._tasks.discard)
        work.task.add_done_callback(lambda _: self._over(work))

    def _cancel(self, work: Work) -> None:
        if work.task is not None and not work.ended:
            work.task.cancel()
