"""Files are read in a process of their own: one that dies, stands still or is damaged costs the file and nothing else."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import psutil
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from tests.desktop.submitting import LINEAR
from zerosec_desktop import main_window
from zerosec_desktop.context import Context
from zerosec_desktop.navigation import AnalysisRoute, HomeRoute, PreviewRoute
from zerosec_desktop.reading import path_facts, tables
from zerosec_desktop.reading.errors import ReadingError
from zerosec_desktop.reading.path_facts import PathKind, ask_paths
from zerosec_desktop.reading.process import Leave, Readers
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.preview.screen import PreviewScreen

PENGUINS = EXAMPLES / "penguins.csv"


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    """Reading processes of this test alone."""
    made = Readers()
    monkeypatch.setattr(tables, "readers", made)
    yield made
    made.close()


@pytest.fixture
def screen(context: Context, qtbot: QtBot, readers: Readers) -> Iterator[PreviewScreen]:
    made = PreviewScreen(context)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.loader.stop()
    made.hide()


def rows_shown(screen: PreviewScreen, qtbot: QtBot, path: Path) -> int:
    screen.open(PreviewRoute(path))
    qtbot.waitUntil(lambda: screen.loaded is not None and screen.loaded.path == path)
    qtbot.waitUntil(lambda: screen.summaries is not None)
    return screen.model.rowCount()


def test_what_a_killed_window_has_left_goes_when_the_next_reads(
    screen: PreviewScreen, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen(["true"])
    ended.wait()
    left, used = (tmp_path / f"zerosec-look-{pid}-abc" for pid in (ended.pid, os.getpid()))
    for folder in (left, used):
        folder.mkdir()
        (folder / "0.arrow").touch()

    assert rows_shown(screen, qtbot, PENGUINS)

    assert not left.exists()
    assert (used / "0.arrow").exists()


def refusal(screen: PreviewScreen, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error)
    return f"{screen._error.heading.text()}. {screen._error.body.text()}"


def read(path: Path) -> pl.DataFrame:
    return tables.read_table(path, 10_000).frame


def test_the_table_is_the_one_that_reading_here_gives(readers: Readers) -> None:
    from zerosec_shared.tables import Detection, detect, read_table, summarise

    for name in ("penguins.csv", "penguins_ja.csv", "nist_linear.xlsx"):
        detection = detect(EXAMPLES / name)
        here = read_table(EXAMPLES / name, detection.dialect, number_duplicates=True)
        seen: list[tables.Looked] = []
        summaries: list[object] = []
        detected: list[Detection] = []

        tables.look(
            EXAMPLES / name,
            None,
            everything=True,
            leave=Leave(),
            detected=detected.append,
            seen=seen.append,
            summarised=summaries.append,
        )

        assert seen[0].first
        assert seen[-1].final
        assert seen[-1].table.frame.equals(here.frame)
        assert seen[-1].table.columns == here.columns
        assert [(note.code, note.text) for note in seen[-1].table.notes] == [
            (note.code, str(note.text)) for note in here.notes
        ]
        assert seen[-1].detection.dialect == detection.dialect
        assert [note.code for note in seen[-1].detection.notes] == [note.code for note in detection.notes]
        assert summaries == [summarise(here)]
        assert [found.dialect for found in detected] == [detection.dialect]
    assert len(readers.pids) == 1, "one process, kept warm"


def test_a_process_that_died_between_two_files_is_replaced_and_nobody_is_told(readers: Readers) -> None:
    assert read(PENGUINS).height == 344
    (pid,) = readers.pids
    process = psutil.Process(pid)
    process.kill()
    process.wait()

    assert read(PENGUINS).height == 344

    assert readers.pids
    assert readers.pids != (pid,)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_ends_over_a_file_is_said_in_the_window(
    screen: PreviewScreen, qtbot: QtBot, readers: Readers, tmp_path: Path
) -> None:
    """As a library that aborts over a damaged file does it."""
    assert rows_shown(screen, qtbot, PENGUINS) == 344
    endless = tmp_path / "endless.csv"
    with endless.open("wb") as file:
        file.write(b"a,b\n" + b"1,2\n" * 4_000_000)
        file.truncate(64 * 1024**3)
    (pid,) = readers.pids
    reader = psutil.Process(pid)
    screen.open(PreviewRoute(endless))
    qtbot.waitUntil(lambda: any(Path(file.path) == endless for file in reader.open_files()))

    reader.send_signal(signal.SIGABRT)

    said = refusal(screen, qtbot)
    assert "cannot be read" in said
    assert "endless.csv" in said
    assert rows_shown(screen, qtbot, PENGUINS) == 344, "the window and the next file are as ever"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_file_that_stands_still_is_given_up_with_words_and_the_window_goes_on(
    screen: PreviewScreen, qtbot: QtBot, readers: Readers
) -> None:
    """A process that hangs in the system, as one that reads a share that is away does, gives no sign of life."""
    assert rows_shown(screen, qtbot, PENGUINS) == 344
    readers.still_s = 1.0
    (pid,) = readers.pids
    psutil.Process(pid).suspend()
    beats: list[None] = []
    beat = QTimer()
    beat.setInterval(20)
    beat.timeout.connect(lambda: beats.append(None))
    beat.start()

    screen.open(PreviewRoute(EXAMPLES / "penguins_ja.csv"))
    said = refusal(screen, qtbot)
    beat.stop()

    assert "does not answer" in said
    assert "penguins_ja.csv" in said
    assert beats, "the window answered meanwhile"
    readers.still_s = 60.0
    assert rows_shown(screen, qtbot, PENGUINS) == 344


def test_work_that_goes_on_is_not_mistaken_for_standing_still(readers: Readers, tmp_path: Path) -> None:
    slow = tmp_path / "slow.csv"
    with slow.open("wb") as file:
        file.write(b"block,row,text\n")
        for block in range(40):
            file.write(b"".join(b"%d,%d,some text\n" % (block, row) for row in range(20_000)))
    readers.still_s = 0.6
    assert tables.read_table(slow, 1_000_000).frame.height == 40 * 20_000


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_what_takes_longer_than_anyone_waits_is_given_up(readers: Readers) -> None:
    read(PENGUINS)
    (pid,) = readers.pids
    psutil.Process(pid).suspend()
    readers.limit_s = 0.5

    with pytest.raises(ReadingError, match="too long"):
        read(PENGUINS)


@pytest.mark.parametrize("kept", [5000, 300, 40])
def test_damaged_parquet_is_said(readers: Readers, tmp_path: Path, kept: int) -> None:
    """Cut in the middle, and bytes turned over: whatever the library makes of it, this process goes on."""
    whole = tmp_path / "whole.parquet"
    pl.DataFrame({"a": range(5000), "b": [f"text {n % 7}" for n in range(5000)]}).write_parquet(whole)
    content = bytearray(whole.read_bytes())
    damaged = tmp_path / "damaged.parquet"
    middle = content[:kept] + bytes(byte ^ 0x55 for byte in content[kept : kept + 400])
    damaged.write_bytes(middle + content[len(middle) :])
    if damaged.read_bytes() == whole.read_bytes():
        damaged.write_bytes(content[:-200] + content[-20:])

    error: ReadingError | None = None
    try:
        assert read(damaged).height == 5000, "the damage was in what is never looked at"
    except ReadingError as raised:
        error = raised
    assert error is None or (error.title and error.hint)
    assert read(PENGUINS).height == 344


def test_no_process_is_left_when_the_window_goes(readers: Readers) -> None:
    read(PENGUINS)
    (pid,) = readers.pids

    readers.close()

    assert not psutil.pid_exists(pid)
    assert read(PENGUINS).height == 344, "another window starts another"


# -- what stands at a path -----------------------------------------------------------------------------------------


class Stalling:
    """A share that does not answer until it is told to; the window's own thread must never ask it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers = threading.Event()
        in_window, ask = threading.get_ident(), Path.stat

        def stalling(path: Path, **given: bool) -> os.stat_result:
            if path.is_relative_to(folder):
                assert threading.get_ident() != in_window, f"the window waits for {path.name}"
                assert self.answers.wait(120)
            return ask(path, **given)

        monkeypatch.setattr(Path, "stat", stalling)


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Stalling]]:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "penguins.csv").write_bytes(PENGUINS.read_bytes())
    stalling = Stalling(folder, monkeypatch)
    yield folder / "penguins.csv", stalling
    stalling.answers.set()


def test_kinds_of_paths_are_told_apart(context: Context, qtbot: QtBot, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("abc")
    names = {"file": PathKind.FILE, "pipe": PathKind.OTHER, "gone": PathKind.GONE, ".": PathKind.FOLDER}
    found: dict[Path, path_facts.PathFacts] = {}

    ask_paths(context.bridge, [tmp_path / name for name in names], found.update)

    qtbot.waitUntil(lambda: bool(found))
    assert [facts.kind for facts in found.values()] == list(names.values())
    assert found[tmp_path / "file"].size_bytes == 3


def test_a_stalled_folder_holds_one_thread_however_often_it_is_asked_for(
    context: Context, qtbot: QtBot, share: tuple[Path, Stalling]
) -> None:
    path, stalling = share
    before = threading.active_count()
    answers: list[PathKind] = []

    for _ in range(5):
        ask_paths(context.bridge, [path], lambda facts: answers.append(facts[path].kind), 0.05)
    qtbot.waitUntil(lambda: len(answers) == 5)

    assert set(answers) == {PathKind.SILENT}
    assert threading.active_count() <= before + 1
    stalling.answers.set()
    ask_paths(context.bridge, [path], lambda facts: answers.append(facts[path].kind))
    qtbot.waitUntil(lambda: len(answers) == 6)
    assert answers[-1] is PathKind.FILE


def test_a_file_on_a_stalled_share_is_shown_as_being_read_and_can_be_left(
    start_app: Callable[[], RunningApp],
    qtbot: QtBot,
    share: tuple[Path, Stalling],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, _ = share
    app = start_app()
    monkeypatch.setattr(main_window, "SEEN_S", 0.05)

    app.window.open_files([path])

    qtbot.waitUntil(lambda: app.window.trail.here == PreviewRoute(path))
    app.window.go_back()
    assert app.window.trail.here == HomeRoute()


def test_an_input_on_a_stalled_share_says_so_and_runs_when_it_is_back(
    start_app: Callable[[], RunningApp],
    qtbot: QtBot,
    share: tuple[Path, Stalling],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path, stalling = share
    app = start_app()
    app.connected()
    monkeypatch.setattr(path_facts, "ANSWER_S", 0.05)
    app.window.go(AnalysisRoute("linear", (path,)))
    screen = app.window.screen_shown
    assert isinstance(screen, AnalysisScreen)
    assert screen.form is not None
    slot = screen.slots["data"]
    qtbot.waitUntil(lambda: slot.loaded is not None)
    screen.form.replace({**screen.form.values, **LINEAR})
    qtbot.waitUntil(lambda: "does not answer" in slot.problem())

    screen.run()
    qtbot.waitUntil(screen.problem.isVisible)
    assert "does not answer" in screen.problem.title.text()
    assert not app.session.entries()

    stalling.answers.set()
    monkeypatch.setattr(path_facts, "ANSWER_S", 60.0)
    screen.run()
    qtbot.waitUntil(lambda: bool(app.session.entries()))
