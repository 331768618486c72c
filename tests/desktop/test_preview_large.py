"""Data preview of files of 2 GB: first rows at once, bounded memory, and a window that answers meanwhile."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES
from zerosec_desktop.app import SWITCH_S
from zerosec_desktop.context import Context
from zerosec_desktop.navigation import PreviewRoute
from zerosec_desktop.reading.process import readers
from zerosec_desktop.screens.preview.screen import PreviewScreen

pytestmark = [
    pytest.mark.scale,
    pytest.mark.skipif(sys.platform != "linux", reason="waiting for a processor is read as Linux tells it"),
]

SIZE = 2 * 1024**3
ROWS_OF_GROUP = 262_144


class Heartbeat(QTimer):
    """Beats in the window's thread; remembers how long it could not, and the most memory there was meanwhile.

    Time in which one of our threads was ready and the kernel gave the processor to other programs is not the window's.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setInterval(5)
        self.timeout.connect(self._beat)
        self._process = psutil.Process()
        self.before = self.most = self._process.memory_info().rss
        self.blocked_s = self.own_s = self.waited_s = 0.0
        self._last = self._now()
        self.start()

    @staticmethod
    def _now() -> tuple[float, float, float]:
        waited_ns = 0
        for thread in threading.enumerate():
            with contextlib.suppress(FileNotFoundError):
                waited_ns += int(Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text().split()[1])
        return time.monotonic(), waited_ns / 1e9, time.thread_time()

    def _beat(self) -> None:
        last, self._last = self._last, self._now()
        passed, waited, own = (now - before for now, before in zip(self._last, last, strict=True))
        self.waited_s += max(0.0, waited)
        self.blocked_s = max(self.blocked_s, passed - waited)
        self.own_s = max(self.own_s, own)
        self.most = max(self.most, self._process.memory_info().rss)

    @property
    def grown_mb(self) -> float:
        """How much more memory there was than at the start, in MB."""
        return (self.most - self.before) / 1e6


def large_csv(path: Path) -> None:
    """Some 2 GB of ASCII, the same 40,000 rows again and again, and one row that tells the encoding at the very end."""
    row = "{0},{1}.25,-{2}.5,site {3},2024-03-{4:02d}\n"
    rows = "".join(row.format(i, i * 7919 % 100_003, i * 31 % 997, i % 5, i % 28 + 1) for i in range(40_000))
    with path.open("wb", buffering=0) as file:
        file.write(b"n,mass,depth,place,day\n")
        while file.tell() < SIZE:
            file.write(rows.encode())
        file.write("1,2.25,-3.5,海,2024-03-01\n".encode("cp932"))


def large_parquet(path: Path) -> None:
    """Some 2 GB in groups of rows, written by a process of its own so that its memory is not counted here."""
    code = (
        "import sys, numpy as np, polars as pl\n"
        "rng = np.random.default_rng(1)\n"
        f"part = pl.DataFrame({{f'x{{j}}': rng.normal(size={ROWS_OF_GROUP}) for j in range(10)}}).lazy()\n"
        f"count = 1 + {SIZE} // ({ROWS_OF_GROUP} * 80)\n"
        "pl.concat([part] * count).sink_parquet(sys.argv[1], compression='uncompressed', statistics=False,\n"
        f"    row_group_size={ROWS_OF_GROUP})\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=120)


@pytest.fixture(autouse=True)
def turns_as_in_the_app() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def screen(context: Context, qtbot: QtBot) -> Iterator[PreviewScreen]:
    made = PreviewScreen(context)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    # what is loaded on first need, libraries first of all, is not memory that the large file takes
    made.open(PreviewRoute(EXAMPLES / "penguins.csv"))
    qtbot.waitUntil(lambda: made.summaries is not None, timeout=60_000)
    yield made
    made.loader.stop()
    made.hide()


@pytest.mark.parametrize(("name", "make"), [("long.csv", large_csv), ("long.parquet", large_parquet)])
def test_two_gigabytes_are_shown_at_once_at_bounded_memory(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    path = tmp_path / name
    try:
        make(path)
        assert path.stat().st_size >= SIZE
        beat = Heartbeat()

        began = time.monotonic()
        screen.open(PreviewRoute(path))
        qtbot.waitUntil(lambda: screen.loaded is not None and screen.loaded.path == path, timeout=30_000)
        first_s = time.monotonic() - began - beat.waited_s
        first_rows = screen.model.rowCount()
        qtbot.waitUntil(lambda: screen.summaries is not None, timeout=60_000)
        beat.stop()
        assert screen.table.jump_to_row(screen.model.rowCount())

        assert screen.loaded is not None
        assert first_rows == 200
        crowded = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        assert first_s < 1.0 * crowded
        assert beat.own_s < 0.1 * crowded, "one turn of the window's own work"
        assert beat.blocked_s < 0.1 * crowded, (
            "where programs share processors all takes longer in proportion"
        )
        assert beat.grown_mb < 200
        assert screen.model.rowCount() > 500_000
        assert not screen.loaded.whole
        assert "an analysis uses all" in screen._facts.full_text()
        if make is large_csv:
            assert screen.loaded.detection.dialect.encoding == "cp932", "found at the end of the file"
            assert "cp932" in screen.reading._summary.text()
    finally:
        path.unlink(missing_ok=True)


def test_a_large_file_is_let_go_when_another_is_opened(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path
) -> None:
    """Its search for the encoding ends too: nothing reads gigabytes that nobody looks at."""
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n" + b"1,2\n" * 4_000_000)
        file.truncate(64 * 1024**3)
    screen.open(PreviewRoute(path))
    qtbot.waitUntil(lambda: screen.loaded is not None and screen.loaded.path == path, timeout=30_000)
    (pid,) = readers.pids
    reader = psutil.Process(pid)

    screen.open(PreviewRoute(EXAMPLES / "penguins.csv"))
    qtbot.waitUntil(lambda: screen.summaries is not None, timeout=30_000)

    qtbot.waitUntil(lambda: not reader.is_running(), timeout=20_000)
