"""What every bridge does: keep tasks alive, answer in the window's thread, report each exception once."""

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from zerosec_desktop.override_guard import guard_overrides

guard_overrides()  # here, for the bridge is what every start imports first: before any class is derived from Qt's
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """An exception nobody asked to be told of."""

    name: str
    error: BaseException


class Work:
    """A coroutine that was started: a name, and a way to cancel it. The bridge holds it until it has ended."""

    def __init__(self, name: str, cancel: Callable[["Work"], None]) -> None:
        self.name = name
        self.task: asyncio.Task[Any] | None = None
        self.inner: Coroutine[Any, Any, Any] | None = None
        self.ended = False
        self.cancelled = False
        self._cancel = cancel

    def cancel(self) -> None:
        """Ask it to stop. Neither `done` nor `failed` is called any more. Harmless when it has ended."""
        self.cancelled = True
        self._cancel(self)


class Bridge(QObject):
    """Runs coroutines for Qt code.

    A coroutine must not touch widgets: it may turn in another thread. What it returns goes to `done`, what it
    raises to `failed`, both called in the window's thread; while it runs it speaks through `deliver`. A callback
    that is a method of a deleted QObject is dropped. Without `failed`, an exception is emitted once as
    `unhandled`, for the notification centre.
    """

    unhandled = Signal(object)  # Failure
    shutdown_s = 0.8
    """How long cancelled work and the closing coroutine may take, together, when the app ends."""
    _delivered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._works: set[Work] = set()
        self._closing = False
        self._delivered.connect(self._take, Qt.ConnectionType.QueuedConnection)

    # -- to be provided by each kind of loop -------------------------------------------------------------------

    def open(self) -> None:
        """Have a loop to run on. `run` does this itself; tests that drive Qt themselves call it."""
        raise NotImplementedError

    def close(self, closing: Callable[[], Coroutine[Any, Any, None]] | None = None) -> None:
        """Cancel all work, run the closing coroutine on the loop, and end the loop, within `shutdown_s`."""
        raise NotImplementedError

    def run(self, started: Callable[[], None], closing: Callable[[], Coroutine[Any, Any, None]]) -> int:
        """Turn Qt's loop until `stop`: `started` once it turns, `closing` on the asyncio loop at the end."""
        raise NotImplementedError

    def stop(self, exit_code: int = 0) -> None:
        """End `run`."""
        raise NotImplementedError

    def _schedule(self, work: Work, coroutine: Coroutine[Any, Any, None]) -> None:
        raise NotImplementedError

    def _cancel(self, work: Work) -> None:
        raise NotImplementedError

    # -- for the rest of the desktop ---------------------------------------------------------------------------

    @property
    def pending(self) -> tuple[str, ...]:
        """Names of the work that has not ended."""
        return tuple(sorted(work.name for work in self._works))

    def start(
        self,
        coroutine: Coroutine[Any, Any, T],
        *,
        name: str,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Work:
        """Start a coroutine from the window's thread."""
        work = Work(name, self._cancel)
        if self._closing:
            coroutine.close()
            work.ended = True
            return work
        self._works.add(work)
        work.inner = coroutine
        self._schedule(work, self._carry(work, coroutine, done, failed))
        return work

    def deliver(self, call: Callable[..., None], *args: object) -> None:
        """Call in the window's thread, soon and in order. May be called from any thread."""
        self._delivered.emit((call, args))

    async def _carry(
        self,
        work: Work,
        coroutine: Coroutine[Any, Any, T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:
        """Turn the coroutine's end into exactly one callback."""
        try:
            value = await coroutine
        except asyncio.CancelledError:
            self.deliver(self._finish, work, None, ())
            if not work.cancelled and not self._closing:
                log.debug("%s was cancelled from inside", work.name)
        except Exception as error:  # noqa: BLE001 -- this is the one place that reports them
            if failed is None:
                self.deliver(self._finish, work, self._report, (Failure(work.name, error),))
            else:
                self.deliver(self._finish, work, failed, (error,))
        else:
            self.deliver(self._finish, work, done, (value,))

    def _over(self, work: Work) -> None:
        """On the loop, when a task is done: work that was cancelled before its first step has not been carried at all."""
        inner, work.inner = work.inner, None
        if inner is not None and inspect.getcoroutinestate(inner) == inspect.CORO_CREATED:
            inner.close()
            self.deliver(self._finish, work, None, ())

    def _report(self, failure: Failure) -> None:
        log.error("%s failed", failure.name, exc_info=failure.error)
        self.unhandled.emit(failure)

    def _finish(self, work: Work, call: Callable[..., None] | None, args: tuple[object, ...]) -> None:
        self._works.discard(work)
        work.ended = True
        if call is not None and not work.cancelled and not self._closing:
            self._call(call, args)

    @Slot(object)
    def _take(self, delivered: tuple[Callable[..., None], tuple[object, ...]]) -> None:
        call, args = delivered
        self._call(call, args)

    @staticmethod
    def _call(call: Callable[..., None], args: tuple[object, ...]) -> None:
        owner = getattr(getattr(call, "func", call), "__self__", None)  # also within a `partial`
        if isinstance(owner, QObject) and not isValid(owner):
            return
        call(*args)


async def wind_down(
    tasks: set[asyncio.Task[Any]], closing: Coroutine[Any, Any, None] | None, within_s: float
) -> None:
    """Cancel tasks and wait for them, then for the closing coroutine; together at most `within_s` seconds."""
    deadline = asyncio.get_running_loop().time() + within_s
    for task in tasks:
        task.cancel()
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=within_s / 2)
        for task in late:
            log.warning("%s did not end when asked", task.get_name())
    if closing is not None:
        left = max(0.1, deadline - asyncio.get_running_loop().time())
        try:
            await asyncio.wait_for(closing, left)
        except TimeoutError:
            log.warning("closing took longer than %.1f s and was left", within_s)
