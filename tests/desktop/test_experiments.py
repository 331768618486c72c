"""The experiments workspace in the real window on the bundled server: a project, results in, back out, and back up."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
import xlsxwriter
from PySide6.QtWidgets import QLabel

from tests.desktop.conftest import RunningApp
from zerosec_client.projects import Projects
from zerosec_desktop.navigation import ExperimentsRoute
from zerosec_desktop.screens.experiments.folders import FOLDERS, make_folders, next_numbered, project_folder
from zerosec_desktop.screens.experiments.import_card import ImportCard
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.results_page import ResultsStep
from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
from zerosec_desktop.screens.experiments.steps import Blocked, Note, Stand, Step, standings
from zerosec_shared.ids import new_id

pytestmark = pytest.mark.bundled("shared")
T = TypeVar("T")
COLUMNS = "実験日,摩耗量,回転速度,送り速度,回転方向,切込み量,突出し量,載せ率,パス数,ブラシ,線材本数"
ROWS = (
    "2025/10/29,0.12,3000,400,UP,0.5,10,50,2,1,6",
    "2025/10/30,0.15,3000,500,UP,0.5,10,50,2,1,6",
    "2025/10/31,多い,3000,600,UP,0.5,10,50,2,1,6",
)


def test_each_step_says_how_it_stands_and_why() -> None:
    fresh = {standing.step: standing for standing in standings({})}
    notes = {
        Step.PARAMETERS: Note("p2"),
        Step.CANDIDATES: Note("c1", "p1"),
        Step.DESIGN: Note("d1", "c1"),
        Step.RESULTS: Note("7"),
        Step.FILTER: Note("f1", "6"),
    }
    later = {standing.step: standing for standing in standings(notes)}

    assert fresh[Step.DESIGN].blocked is Blocked.NO_CANDIDATES
    assert fresh[Step.RESULTS].stand is Stand.READY
    assert fresh[Step.FILTER].blocked is Blocked.NO_RESULTS
    assert (later[Step.CANDIDATES].stand, later[Step.CANDIDATES].changed) == (Stand.STALE, Step.PARAMETERS)
    assert later[Step.DESIGN].stand is Stand.DONE
    assert (later[Step.FILTER].stand, later[Step.FILTER].changed) == (Stand.STALE, Step.RESULTS)
    assert later[Step.LAB_SHEET].stand is Stand.READY


def test_a_project_has_its_folders_and_numbers_what_is_put_into_them(tmp_path: Path) -> None:
    folder = project_folder(tmp_path, "../ブラシ: 試験/2026")
    make_folders(folder)
    now = datetime(2026, 11, 22, 9, 30)

    made = [next_numbered(folder / FOLDERS[0], "D最適化", now).name for _ in range(2)]

    assert folder.parent == tmp_path
    assert sorted(path.name for path in folder.iterdir()) == sorted(FOLDERS)
    assert made == ["001_D最適化_20261122_0930", "002_D最適化_20261122_0930"]


def results(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "結果.csv"
    path.write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    return path


def opened(app: RunningApp) -> tuple[ExperimentsScreen, ResultsStep]:
    """A new project, at its results."""
    app.connected()
    app.window.go(ExperimentsRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ExperimentsScreen)
    app.qtbot.waitUntil(lambda: screen._open is not None or screen._card.isVisible())
    if screen._open is not None:
        screen._new()
    name = f"Brushes {new_id()}"
    app.qtbot.keyClicks(screen._card._name, name)
    screen._card._make.click()
    app.qtbot.waitUntil(lambda: screen._open is not None and screen._open.project.name == name)
    page = screen._pages[Step.RESULTS]
    assert isinstance(page, ResultsStep)
    return screen, page


def asked(app: RunningApp, project: OpenProject, question: Callable[[Projects], Awaitable[T]]) -> T:
    """The server's answer."""
    found: list[T] = []
    project.ask(question, name="test", done=found.append)
    app.qtbot.waitUntil(lambda: bool(found), timeout=20_000)
    return found[0]


def previewed(app: RunningApp, card: ImportCard) -> None:
    app.qtbot.waitUntil(lambda: card._preview is not None, timeout=60_000)


@pytest.mark.bundled("own")
def test_results_come_in_after_a_preview_and_can_be_taken_back_and_restored(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen, page = opened(app)
    assert screen._open is not None
    project = screen._open
    card = page._import
    for name, value in (("直径", "25"), ("材料", "Steel")):
        field = card._given[name]
        field.setCurrentIndex(field.findData(value))  # type: ignore[union-attr]

    assert screen.take_files([results(tmp_path, *ROWS)])
    previewed(app, card)

    assert project.project.experiments == 0
    assert [str(count) for count in card._preview.counts.values()] == ["2", "0", "0", "1"]  # type: ignore[union-attr]
    assert card._table.table.model().rowCount() == 3
    card._take.click()
    app.qtbot.waitUntil(lambda: project.project.experiments == 2, timeout=20_000)
    app.qtbot.waitUntil(lambda: page._rows.table.model().rowCount() == 2, timeout=20_000)
    page._backups._back_up()
    app.qtbot.waitUntil(lambda: page._backups._list.count() > 0, timeout=20_000)

    (record,) = asked(app, project, lambda p: p.imports(project.id))
    page._imports._undo(record)
    app.qtbot.waitUntil(lambda: project.project.experiments == 0, timeout=20_000)
    (backup,) = asked(app, project, lambda p: p.backups(project.id))
    page._backups._restore(backup)
    app.qtbot.waitUntil(lambda: project.project.experiments == 2, timeout=20_000)

    assert card._given["材料"].currentData() == "Steel"  # type: ignore[union-attr]
    assert project.notes.given == {"直径": "25", "材料": "Steel", "線材本数": "6"}, (
        "6 is what the profile offers"
    )


def test_of_a_workbook_with_several_sheets_another_one_can_be_read(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen, page = opened(app)
    card, path = page._import, tmp_path / "結果.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("10月", ROWS[:1]), ("11月", ROWS[:2])):
            sheet = book.add_worksheet(name)
            for number, line in enumerate((COLUMNS, *rows)):
                for place, text in enumerate(line.split(",")):
                    sheet.write(
                        number,
                        place,
                        text if number == 0 or not text.replace(".", "").isdigit() else float(text),
                    )
    for name, value in (("直径", "25"), ("材料", "Steel")):
        field = card._given[name]
        field.setCurrentIndex(field.findData(value))  # type: ignore[union-attr]

    assert screen.take_files([path])
    previewed(app, card)
    assert card._sheet.isVisible()
    assert card._sheet.currentText() == "10月"
    assert card._table.table.model().rowCount() == 1
    card._sheet.setCurrentText("11月")
    card._sheet.activated.emit(1)
    assert card._preview is None
    previewed(app, card)

    assert (card._sheet.currentText(), card._table.table.model().rowCount()) == ("11月", 2)


def test_a_column_that_the_profile_does_not_know_is_told_before_the_import(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen, page = opened(app)
    path = tmp_path / "結果.csv"
    path.write_text(f"{COLUMNS},側面ダし量\n{ROWS[0]},0.3\n", encoding="utf-8")

    screen.take_files([path])
    previewed(app, page._import)

    assert "warning" in _surfaces(page._import)

    def said(*parts: str) -> bool:
        labels = [words for words in page._import.findChildren(QLabel) if words.isVisible()]
        texts = [words.text().replace("\u200b", "") for words in labels]
        return any(all(part in text for part in parts) for text in texts)

    app.qtbot.waitUntil(lambda: said("not know them", "側面ダし量"))
    assert said("If 側面ダレ量 is meant")


@pytest.mark.parametrize(
    ("content", "said"), [("a,b\n1,2\n", "回転速度"), ("", "empty"), (COLUMNS + "\n", "no row below")]
)
def test_a_file_that_holds_no_results_says_why_and_changes_nothing(
    start_app: Callable[[], RunningApp], tmp_path: Path, content: str, said: str
) -> None:
    app = start_app()
    screen, page = opened(app)
    path = tmp_path / "結果.csv"
    path.write_text(content, encoding="utf-8")

    screen.take_files([path])
    app.qtbot.waitUntil(lambda: "error" in _surfaces(page._import), timeout=60_000)

    shown = " ".join(_words(page._import))
    assert said in shown
    assert screen._open is not None
    assert screen._open.project.revision == 0


def _surfaces(card: ImportCard) -> list[str]:
    found = [card._said.itemAt(place).widget() for place in range(card._said.count())]
    return [str(widget.property("surface")) for widget in found if widget is not None]


def _words(card: ImportCard) -> list[str]:
    found = [card._said.itemAt(place).widget() for place in range(card._said.count())]
    return [f"{widget.title.text()} {widget.detail.text()}" for widget in found if widget is not None]  # type: ignore[attr-defined]
