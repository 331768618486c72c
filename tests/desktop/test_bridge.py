"""Both bridges: answers arrive in the window's thread, exceptions are told once, work is held, the end is clean."""

import asyncio
import gc
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from zerosec_desktop.bridge import Bridge, Failure, LoopKind, make_bridge

KINDS = list(LoopKind)


def run_until_quiet(kind: LoopKind, begin: Callable[[Bridge], None]) -> None:
    """Run a bridge's own loop: `begin` gets the bridge, and must stop it."""
    bridge = make_bridge(kind)

    async def closing() -> None:
        return None

    bridge.run(lambda: begin(bridge), closing)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_arrives_in_the_windows_thread(qtbot: QtBot, kind: LoopKind) -> None:
    seen: list[object] = []

    def begin(bridge: Bridge) -> None:
        async def work() -> int:
            await asyncio.sleep(0)
            return 42

        def done(value: int) -> None:
            seen.extend((value, threading.current_thread() is threading.main_thread()))
            bridge.stop()

        bridge.start(work(), name="work", done=done)

    run_until_quiet(kind, begin)
    assert seen == [42, True]


@pytest.mark.parametrize("kind", KINDS)
def test_an_exception_goes_to_failed_or_is_told_once(qtbot: QtBot, kind: LoopKind) -> None:
    told: list[object] = []

    def begin(bridge: Bridge) -> None:
        async def fail(text: str) -> None:
            raise ValueError(text)

        def unhandled(failure: Failure) -> None:
            told.append((failure.name, str(failure.error)))
            bridge.stop()

        bridge.unhandled.connect(unhandled)
        bridge.start(fail("asked for"), name="a", failed=lambda error: told.append(str(error)))
        bridge.start(fail("nobody asked"), name="b")

    run_until_quiet(kind, begin)
    assert told == ["asked for", ("b", "nobody asked")]


@pytest.mark.parametrize("kind", KINDS)
def test_cancelled_work_calls_nobody(qtbot: QtBot, kind: LoopKind) -> None:
    called: list[str] = []

    def begin(bridge: Bridge) -> None:
        async def endless() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                bridge.deliver(bridge.stop)

        work = bridge.start(
            endless(),
            name="endless",
            done=lambda _: called.append("done"),
            failed=lambda _: called.append("failed"),
        )

        async def cancel() -> None:
            await asyncio.sleep(0.01)
            bridge.deliver(work.cancel)

        bridge.start(cancel(), name="cancel")

    run_until_quiet(kind, begin)
    assert called == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_deleted_receiver_is_not_called(qtbot: QtBot, kind: LoopKind) -> None:
    class Receiver(QObject):
        def take(self, value: int) -> None:
            raise AssertionError("called after its end")

    receiver = Receiver()

    def begin(bridge: Bridge) -> None:
        async def work() -> int:
            await asyncio.sleep(0.01)
            bridge.deliver(bridge.stop)
            return 1

        bridge.start(work(), name="work", done=receiver.take)
        delete(receiver)

    run_until_quiet(kind, begin)


@pytest.mark.parametrize("kind", KINDS)
def test_work_is_held_though_nobody_keeps_it(qtbot: QtBot, kind: LoopKind) -> None:
    ended: list[int] = []

    def begin(bridge: Bridge) -> None:
        async def work(number: int) -> int:
            await asyncio.sleep(0.01)
            return number

        def done(number: int) -> None:
            ended.append(number)
            if len(ended) == 100:
                bridge.stop()

        import gc

        for number in range(100):
            bridge.start(work(number), name=f"work {number}", done=done)
        gc.collect()

    run_until_quiet(kind, begin)
    assert sorted(ended) == list(range(100))


@pytest.mark.parametrize("kind", KINDS)
def test_the_end_cancels_what_runs_and_waits_for_the_closing(qtbot: QtBot, kind: LoopKind) -> None:
    order: list[str] = []
    bridge = make_bridge(kind)

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            order.append("cancelled")

    async def stop_soon() -> None:
        await asyncio.sleep(0.02)
        bridge.deliver(bridge.stop)

    async def closing() -> None:
        order.append("closed")

    def begin() -> None:
        bridge.start(endless(), name="endless")
        bridge.start(stop_soon(), name="stop")

    bridge.run(begin, closing)
    assert order == ["cancelled", "closed"]


@pytest.mark.parametrize("kind", KINDS)
def test_work_that_will_not_end_does_not_hold_the_window(
    qtbot: QtBot, kind: LoopKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bridge, "shutdown_s", 0.8)
    bridge = make_bridge(kind)
    released = threading.Event()

    async def stubborn() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not released.is_set():
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                if time.monotonic() - began > bridge.shutdown_s + 0.3:
                    raise

    async def closing() -> None:
        return None

    began = time.monotonic()

    def begin() -> None:
        nonlocal began
        bridge.start(stubborn(), name="stubborn")
        began = time.monotonic()
        bridge.deliver(bridge.stop)

    bridge.run(begin, closing)
    assert time.monotonic() - began < 30, "it did not wait for the stubborn"
    released.set()
    for thread in threading.enumerate():
        if thread.name == "asyncio":
            thread.join(5)


def test_deliver_keeps_the_order_from_another_thread(qtbot: QtBot, bridge: Bridge) -> None:
    seen: list[int] = []
    thread = threading.Thread(target=lambda: [bridge.deliver(seen.append, n) for n in range(1000)])
    thread.start()
    qtbot.waitUntil(lambda: len(seen) == 1000)
    thread.join()
    assert seen == list(range(1000))


def test_a_thousand_signals_leave_true_alone() -> None:
    """PySide6 6.12 on Python 3.11 dropped a reference of True with every emit and aborted."""
    code = (
        "import sys\n"
        "from PySide6.QtCore import QObject, Signal\n"
        "class S(QObject):\n"
        "    fired = Signal(bool)\n"
        "s = S(); s.fired.connect(lambda value: None)\n"
        "before = sys.getrefcount(True)\n"
        "for _ in range(1000): s.fired.emit(True)\n"
        "after = sys.getrefcount(True)\n"
        "print(abs(after - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) < 50


@pytest.mark.parametrize("kind", KINDS)
def test_work_cancelled_before_its_first_step_leaves_nothing_behind(
    qtbot: QtBot, kind: LoopKind, recwarn: pytest.WarningsRecorder
) -> None:
    left: list[tuple[str, ...]] = []

    def begin(bridge: Bridge) -> None:
        async def work() -> None:
            raise AssertionError("never begun")

        first = bridge.start(work(), name="given up")
        first.cancel()

        def look() -> None:
            if bridge.pending:
                QTimer.singleShot(1, look)
                return
            left.append(bridge.pending)
            bridge.stop()

        look()

    run_until_quiet(kind, begin)
    gc.collect()

    assert left == [()]
    assert [str(warning.message) for warning in recwarn] == []
