"""What is garbage ends in the window's thread, whichever thread allocates."""

import gc
import threading

from pytestqt.qtbot import QtBot

from zerosec_desktop.collector import SETTLED_AFTER, Collector


class Ring:
    """Garbage only the collector finds."""

    def __init__(self, ended_in: list[str]) -> None:
        self.me = self
        self.ended_in = ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread().name)


def make_much() -> list[list[int]]:
    """More than the collector lets pass."""
    return [[number] for number in range(20_000)]


def test_what_the_program_makes_while_it_starts_is_set_aside_without_being_looked_through(
    qtbot: QtBot,
) -> None:
    gc.enable()
    collector = Collector()
    collections: list[str] = []
    gc.callbacks.append(lambda phase, _: collections.append(phase))
    try:
        kept = []
        for _ in range(SETTLED_AFTER):
            kept.append(make_much())
            collector.look()
        assert collections == [], "looking through all modules stops the window"
        kept.append(make_much())
        collector.look()
        assert collections == ["start", "stop"], "from then on garbage is looked for"
    finally:
        gc.callbacks.pop()
        collector.close()
        gc.disable()  # as the fixture had it


def test_garbage_made_in_another_thread_ends_in_the_windows(qtbot: QtBot) -> None:
    gc.enable()
    collector = Collector()
    kept: list[list[int]] = []
    for _ in range(SETTLED_AFTER):
        kept += make_much()
        collector.look()
    ended_in: list[str] = []

    def allocate() -> None:
        for number in range(20_000):
            Ring(ended_in)
            kept.append([number])

    thread = threading.Thread(target=allocate, name="elsewhere")
    thread.start()
    thread.join()
    assert ended_in == [], "nothing was collected in the other thread"
    qtbot.waitUntil(lambda: len(ended_in) == 20_000, timeout=20_000)
    assert set(ended_in) == {threading.main_thread().name}
    collector.close()
    assert gc.isenabled()
    gc.disable()  # as the fixture had it
