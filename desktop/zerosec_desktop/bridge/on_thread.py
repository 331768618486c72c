"""The bridge with asyncio in a thread of its own: the window's thread only paints and answers."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer

from zerosec_desktop.bridge.base import Bridge, Work, wind_down


class ThreadBridge(Bridge):
    """See `Bridge`."""

    def __init__(self) -> None:
        super().__init__()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._exit_code = 0

    def open(self) -> None:
        """Start the loop's thread and wait until it turns."""
        if self._thread is not None:
            return
        turning = threading.Event()
        self._thread = threading.Thread(target=self._turn, args=(turning,), name="asyncio", daemon=True)
        self._thread.start()
        turning.wait()

    def _turn(self, turning: threading.Event) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.call_soon(turning.set)
            self._loop.run_forever()

    def close(self, closing: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """See `Bridge.close`."""
        self._closing = True
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return

        async def end() -> None:
            await wind_down(set(self._tasks), closing() if closing is not None else None, self.shutdown_s)

        future = asyncio.run_coroutine_threadsafe(end(), loop)
        try:
            future.result(self.shutdown_s + 0.2)
        except TimeoutError:
            future.cancel()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(0.5)
        self._loop = self._thread = None

    def run(self, started: Callable[[], None], closing: Callable[[], Coroutine[Any, Any, None]]) -> int:
        """See `Bridge.run`."""
        self.open()
        QTimer.singleShot(0, self, started)
        QCoreApplication.exec()
        self.close(closing)
        return self._exit_code

    def stop(self, exit_code: int = 0) -> None:
        """See `Bridge.stop`."""
        self._exit_code = exit_code
        QCoreApplication.exit(exit_code)

    def _schedule(self, work: Work, coroutine: Coroutine[Any, Any, None]) -> None:
        self.open()
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._begin, work, coroutine)

    def _begin(self, work: Work, coroutine: Coroutine[Any, Any, None]) -> None:
        assert self._loop is not None
        work.task = self._loop.create_task(coroutine, name=work.name)
        self._tasks.add(work.task)
        work.task.add_done_callback(self._tasks.discard)
        work.task.add_done_callback(lambda _: self._over(work))
        if work.cancelled:
            work.task.cancel()

    def _cancel(self, work: Work) -> None:
        if self._loop is not None and work.task is not None and not work.ended:
            self._loop.call_soon_threadsafe(work.task.cancel)
