"""Files of a form that change or go away while it is open: said in their place, within seconds, without a click."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES
from zerosec_desktop.context import Context
from zerosec_desktop.reading import disk_watch
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_shared.analyses import InputSlotInfo


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "penguins.csv"
    made.write_bytes((EXAMPLES / "penguins.csv").read_bytes())
    return made


@pytest.fixture
def slot(context: Context, qtbot: QtBot, file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileSlot]:
    monkeypatch.setattr(disk_watch, "LOOK_MS", 50)
    made = FileSlot(context, InputSlotInfo(name="data", title="Data table", extensions=(".csv",)))
    qtbot.addWidget(made)
    made.resize(700, 200)
    made.show()
    made.set_files([file])
    qtbot.waitUntil(lambda: made.loaded is not None and made.loaded.final)
    yield made
    made.loader.stop()
    made.hide()


def told(slot: FileSlot) -> list[str]:
    return [found.text() for found in slot.findChildren(QLabel) if found.isVisible()]


def test_a_file_that_goes_away_is_said_at_its_input_until_it_is_back(
    slot: FileSlot, qtbot: QtBot, file: Path
) -> None:
    gone = "The file “penguins.csv” is not there any more."
    aside = file.rename(file.with_suffix(".aside"))
    qtbot.waitUntil(lambda: gone in told(slot))
    assert slot.problem() == gone
    aside.rename(file)
    qtbot.waitUntil(lambda: gone not in told(slot))
    assert slot.problem() == ""


def test_a_file_that_changes_is_read_again_and_that_is_said_once(
    slot: FileSlot, context: Context, qtbot: QtBot, file: Path
) -> None:
    def rows() -> int:
        return slot.loaded.table.frame.height if slot.loaded is not None and slot.loaded.final else 0

    for wanted in (345, 346):
        with file.open("a") as opened:
            opened.write("Adelie,Torgersen,39,18,180,3700,male,2007\n")
        qtbot.waitUntil(lambda wanted=wanted: rows() == wanted)
    assert [notice.title for notice in context.notifications.items] == ["“penguins.csv” has changed"]


def test_what_is_not_seen_is_not_looked_at(
    slot: FileSlot, qtbot: QtBot, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []
    monkeypatch.setattr(disk_watch, "ask_paths", lambda *asked: looks.append(asked))
    slot._disk._looking = None
    qtbot.waitUntil(lambda: len(looks) > 1)
    slot.hide()
    looks.clear()
    qtbot.wait(200)
    assert looks == []
