"""What is garbage ends in the window's thread, whichever thread allocates."""

import gc
import threading

from pytestqt.qtbot import QtBot

from zerosec_desktop.collector import Collector


class Ring:
    """Garbage only the collector finds."""

    def __init__(self, ended_in: list[str]) -> None:
        self.me = self
        self.ended_in = ended_in

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread().name)


def test_garbage_made_in_another_thread_ends_in_the_windows(qtbot: QtBot) -> None:
    gc.enable()
    collector = Collector()
    ended_in: list[str] = []
    kept: list[list[int]] = []

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
