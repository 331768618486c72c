"""From variables to a lab sheet in the real window on the bundled server, and what is said of bad input."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import ExperimentsRoute
from zerosec_desktop.screens.experiments.candidate_list import look, make_ready, write_ready
from zerosec_desktop.screens.experiments.candidates_page import CandidatesStep
from zerosec_desktop.screens.experiments.design_page import DesignStep
from zerosec_desktop.screens.experiments.folders import LISTS
from zerosec_desktop.screens.experiments.lab_sheet_page import LabSheetStep
from zerosec_desktop.screens.experiments.parameter_rows import (
    ParameterRow,
    factors_of,
    problems_of,
    rows_of_profile,
    variables_of,
)
from zerosec_desktop.screens.experiments.parameters_page import ParametersStep
from zerosec_desktop.screens.experiments.results_page import ResultsStep
from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
from zerosec_desktop.screens.experiments.steps import Stand, Step
from zerosec_shared.ids import new_id
from zerosec_shared.profiles import TablePurpose, shipped_profile

pytestmark = pytest.mark.bundled("shared")
DEBURRING = shipped_profile("deburring")
LEVELS = {
    "回転速度": ("1000", "5000", "2000"),
    "送り速度": ("", "", "400, 800"),
    "UPカット": ("", "", "0, 1"),
    "切込量": ("0.1", "0.5", "0.2"),
    "突出量": ("", "", "5, 10"),
    "載せ率": ("", "", "50"),
    "パス数": ("1", "３", "1"),
}
COMBINATIONS = 3 * 2 * 2 * 3 * 2 * 3 * 4


# -- pure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        (ParameterRow("v", "5", "1", "1"), "minimum", "above the maximum"),
        (ParameterRow("v", "1", "5", "0"), "levels", "above zero"),
        (ParameterRow("v", "1", "5", "-1"), "levels", "above zero"),
        (ParameterRow("v", "多い", "5", "1"), "minimum", "not a number"),
        (ParameterRow("v", "1", "", "1"), "maximum", "missing"),
        (ParameterRow("v", "1", "5", ""), "levels", "missing"),
        (ParameterRow("v", "1", "5", "1, 9"), "levels", "not between"),
        (ParameterRow("v", "", "", "1, 2, 1"), "levels", "twice"),
        (ParameterRow("", "1", "5", "1"), "name", "no name"),
    ],
)
def test_a_wrong_line_names_its_cell(row: ParameterRow, cell: str, said: str) -> None:
    (problem,) = problems_of([ParameterRow("a", "1", "2", "1"), row])

    assert (problem.row, problem.cell) == (1, cell)
    assert said in problem.text


def test_lines_become_levels_and_factors_and_empty_lines_nothing() -> None:
    rows = [
        ParameterRow("a", "０．１", "0.5", "0.1"),
        ParameterRow("b", "", "", "Steel、Alumi"),
        ParameterRow("c", "3", "3", ""),
        ParameterRow("d"),
    ]

    assert problems_of(rows) == ()
    assert variables_of(rows) == {"a": "0.1 to 0.5 by 0.1", "b": "Steel, Alumi", "c": "3"}
    assert factors_of(rows) == ({"a": "0.1..0.5 step 0.1", "b": "Steel|Alumi"}, {"c": "3"})
    assert [row.name for row in rows_of_profile(DEBURRING)][:8] == [*LEVELS, "ブラシ"]


def candidates(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "候補.csv"
    path.write_text(text, encoding="utf-8")
    return path


HEADER = "パス数,回転速度,送り速度,回転方向,切込み量,突出し量,載せ率"


def test_candidates_take_the_names_of_the_profile_and_all_brushes_where_none_is_named(tmp_path: Path) -> None:
    looked = look(
        candidates(tmp_path, f"{HEADER},メモ\n1,3000,400,1,0.3,5,50,x\n2,3000,400,1,0.3,5,50,y\n"), DEBURRING
    )

    ready = make_ready(looked, [], {"直径": "25"})

    assert looked.found.purpose is TablePurpose.CANDIDATES
    assert looked.found.extra == ("メモ",)
    assert (ready.listed, ready.forbidden, ready.left) == (2, 2, 6)  # brush A13 has no diameter of 25
    assert ready.columns == ("A11", "A21", "A32", "パス数")
    assert ready.constants["A13"] == 0
    written = write_ready(ready, tmp_path)
    assert pl.read_parquet(written).equals(ready.frame)
    before = written.stat()
    assert write_ready(ready, tmp_path) == written
    # Perhaps it is on its way to the server for another design: it stays the same file.
    assert (written.stat().st_ino, written.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_rows_that_were_tested_leave_the_list_and_only_those(tmp_path: Path) -> None:
    rows = "1,3000,400,1,0.3,5,50,1\n2,3000,400,1,0.30000000000000004,5,50,1\n3,3000,400,1,0.3,5,50,1\n"
    looked = look(candidates(tmp_path, f"{HEADER},ブラシ\n{rows}"), DEBURRING)
    tested: dict[str, float | str] = {
        "A13": 0, "A11": 1, "A21": 0, "A32": 0, "回転速度": 3000, "送り速度": 400, "UPカット": "1", "切込量": 0.3,
        "突出量": 5, "載せ率": 50, "パス数": 2, "直径": 25, "材料": "Steel",
    }  # fmt: skip

    of_any_series = make_ready(looked, [tested], {})
    of_this_series = make_ready(looked, [tested], {"直径": "25"})
    of_another = make_ready(looked, [tested], {"直径": "40"})

    assert (of_any_series.tested, of_this_series.tested, of_another.tested) == (1, 1, 0)
    assert of_this_series.frame["パス数"].to_list() == [1, 3]
    assert "直径" in of_any_series.uncompared
    assert "直径" in of_this_series.compared


# -- in the window -------------------------------------------------------------------------------------------------


def opened(app: RunningApp) -> ExperimentsScreen:
    """A new project."""
    app.connected()
    app.window.go(ExperimentsRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ExperimentsScreen)
    app.qtbot.waitUntil(lambda: screen._open is not None or screen._card.isVisible(), timeout=60_000)
    screen._new()
    name = f"Brushes {new_id()}"
    app.qtbot.keyClicks(screen._card._name, name)
    screen._card._make.click()
    app.qtbot.waitUntil(
        lambda: screen._open is not None and screen._open.project.name == name, timeout=60_000
    )
    return screen


def parameters_of(screen: ExperimentsScreen) -> ParametersStep:
    screen.show_step(Step.PARAMETERS)
    page = screen._pages[Step.PARAMETERS]
    assert isinstance(page, ParametersStep)
    return page


def candidates_of(screen: ExperimentsScreen) -> CandidatesStep:
    screen.show_step(Step.CANDIDATES)
    page = screen._pages[Step.CANDIDATES]
    assert isinstance(page, CandidatesStep)
    return page


def write(page: ParametersStep, **levels: tuple[str, str, str]) -> None:
    """Write levels into the form, as a user does."""
    for number, shown in enumerate(page.lines.rows):
        for cell, text in zip(("minimum", "maximum", "levels"), levels.get(shown.name, ()), strict=False):
            page.lines.cell(number, cell).setText(text)
    page.lines.changed.emit()


def table_made(app: RunningApp, page: ParametersStep) -> None:
    write(page, **LEVELS)
    app.qtbot.waitUntil(page.make.isEnabled, timeout=60_000)
    page.make.click()
    app.qtbot.waitUntil(lambda: page.said.surface != "", timeout=90_000)
    assert page.said.surface == "success", page.said.words


def test_variables_are_counted_made_into_a_table_and_become_the_candidates(
    start_app: Callable[[], RunningApp],
) -> None:
    app = start_app()
    screen = opened(app)
    page = parameters_of(screen)
    assert screen._open is not None

    write(page, **{**LEVELS, "回転速度": ("9000", "5000", "2000")})
    assert page.lines.cell(0, "minimum").property("problem") == "true"
    assert not page.make.isEnabled()
    table_made(app, page)

    assert page.pane.count == COMBINATIONS
    (folder,) = [
        path for path in (screen._open.folder / LISTS).iterdir() if path.name.startswith("001_組合せ表_")
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["combinations.csv", "combinations.parquet"]
    assert (folder / "combinations.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    found = candidates_of(screen)
    app.qtbot.waitUntil(lambda: found.candidates is not None, timeout=60_000)
    assert found.candidates is not None
    assert found.candidates.left == COMBINATIONS
    stands = {standing.step: standing.stand for standing in screen._open.standings()}
    assert [stands[step] for step in (Step.PARAMETERS, Step.CANDIDATES)] == [Stand.DONE, Stand.DONE]
    assert stands[Step.DESIGN] is Stand.READY


def test_too_many_combinations_are_refused_at_once_and_planned_without_a_list(
    start_app: Callable[[], RunningApp],
) -> None:
    app = start_app()
    screen = opened(app)
    page = parameters_of(screen)
    thousand = ("1", "1000", "1")

    write(page, **{**LEVELS, **dict.fromkeys(("回転速度", "送り速度", "切込量", "突出量"), thousand)})
    app.qtbot.waitUntil(lambda: page.check.refused, timeout=60_000)

    assert "at most" in page.pane.said.words
    assert "coordinate exchange" in page.pane.said.words
    assert not page.make.isEnabled()
    page.pane.plan_without.click()
    assert screen._open is not None
    assert screen._open.notes.factors["切込量"] == "1..1000 step 1"
    assert screen._open.notes.fixed == {"載せ率": "50"}
    design = screen._pages[Step.DESIGN]
    assert isinstance(design, DesignStep)
    assert "7 variables" in design._source.text()
    assert design.d_optimal.isEnabled()


@pytest.mark.parametrize("kind", ["sheet", "text", "locked", "reversed"])
def test_a_parameter_sheet_is_counted_or_says_what_is_wrong(
    start_app: Callable[[], RunningApp], tmp_path: Path, kind: str
) -> None:
    app = start_app()
    screen = opened(app)
    page = parameters_of(screen)
    path = EXAMPLES / "deburring_parameters.xlsx"
    if kind == "locked":
        path = tmp_path / "locked.xlsx"
        path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))
    elif kind != "sheet":
        path = tmp_path / "parameters.xlsx"
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        low = "多い" if kind == "text" else 9
        for cells in (("", "切込量"), ("min", low), ("max", 5), ("間隔", 1)):
            sheet.append(cells)
        book.save(path)

    assert screen.take_files([path])
    assert page.slot is not None
    slot = page.slot
    app.qtbot.waitUntil(
        lambda: not page.check.asking and bool(page.check.result or page.check.title or slot.error),
        timeout=60_000,
    )

    assert page.make.isEnabled() == (kind == "sheet")
    if kind == "sheet":
        assert page.pane.count == 27_000
    elif kind == "locked":
        assert slot.error
    else:
        assert {"text": "多い", "reversed": "above"}[kind] in page.pane.said.words


def test_a_file_that_is_no_list_of_candidates_says_why_and_results_are_led_to_their_step(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen = opened(app)
    page = candidates_of(screen)
    neither = tmp_path / "neither.csv"
    neither.write_text("a,b\n1,2\n", encoding="utf-8")
    results = candidates(tmp_path, f"{HEADER},ブラシ,摩耗量\n1,3000,400,1,0.3,5,50,1,0.2\n")

    assert screen.take_files([neither])
    app.qtbot.waitUntil(lambda: page.said.surface == "error", timeout=60_000)
    assert "回転速度" in page.said.words
    screen.take_files([tmp_path / "gone.csv"])
    app.qtbot.waitUntil(lambda: "no longer there" in page.said.words, timeout=60_000)
    screen.take_files([results])
    app.qtbot.waitUntil(lambda: "holds results" in page.said.words, timeout=60_000)

    assert screen._open is not None
    assert screen._open.notes.candidates_file is None
    assert not screen._open.output_of(Step.CANDIDATES)


def design_of(screen: ExperimentsScreen) -> DesignStep:
    screen.show_step(Step.DESIGN)
    page = screen._pages[Step.DESIGN]
    assert isinstance(page, DesignStep)
    return page


def designs_made(app: RunningApp, page: DesignStep, count: int) -> None:
    def ended() -> bool:
        bad = [
            entry for entry in page.designs.entries.values() if entry.phase in {Phase.FAILED, Phase.REFUSED}
        ]
        assert not bad, [(entry.trouble, entry.state and entry.state.failure) for entry in bad]
        return len(page.designs.jobs) == count

    app.qtbot.waitUntil(ended, timeout=400_000)
    app.qtbot.waitUntil(
        lambda: page.shown.results.frames != () and not page.shown.results.drawing, timeout=60_000
    )


@pytest.mark.timeout(900)  # the first search compiles: minutes where many share a machine
def test_designs_are_found_compared_accepted_and_their_filled_sheet_leaves_the_candidates(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    app = start_app()
    screen = opened(app)
    assert screen._open is not None
    project = screen._open
    runs = [f"{p},{r},{f},1,0.3,5,50" for p in (1, 2, 3) for r in (1000, 3000, 5000) for f in (400, 800)]
    listed = candidates_of(screen)
    assert screen.take_files([candidates(tmp_path, "\n".join([HEADER, *runs, ""]))])
    app.qtbot.waitUntil(lambda: listed.candidates is not None, timeout=60_000)
    assert listed.candidates is not None
    whole = listed.candidates.left

    page = design_of(screen)
    page.runs.setValue(12)
    app.qtbot.waitUntil(page.d_optimal.isEnabled, timeout=60_000)
    page.d_optimal.click()
    app.qtbot.waitUntil(page.i_optimal.isEnabled, timeout=60_000)
    designs_made(app, page, 1)  # the second finds compiled what the first has
    page.i_optimal.click()
    designs_made(app, page, 2)
    for row in page.rows.values():
        row.compare.setChecked(True)
    assert page.comparison.table is not None
    assert page.comparison.table.view.rows[0][0]
    newest, first = page.designs.keys
    page._show(newest)
    page.ng.click()
    assert page.designs.keys == (first,)
    assert not [path for path in (project.folder / LISTS).iterdir() if path.is_dir()]
    assert app.session.entry(newest) is not None  # the run stays in the history

    page._show(first)
    page.ok.click()
    app.qtbot.waitUntil(lambda: page.decision.surface in {"success", "error"}, timeout=90_000)
    assert page.decision.surface == "success", page.decision.words
    sheet = project.notes.lab_sheet
    assert sheet is not None
    assert sheet.parent.name.startswith("001_D最適化_")
    assert {path.suffix for path in sheet.parent.iterdir()} == {".xlsx", ".csv", ".png", ".html"}
    stands = {standing.step: standing.stand for standing in project.standings()}
    assert (stands[Step.DESIGN], stands[Step.LAB_SHEET]) == (Stand.DONE, Stand.DONE)

    filled = fill_in(sheet, tmp_path / "filled.xlsx", rows=5)
    screen.show_step(Step.RESULTS)
    results = screen._pages[Step.RESULTS]
    assert isinstance(results, ResultsStep)
    screen.take_files([filled])
    app.qtbot.waitUntil(lambda: results._import._preview is not None, timeout=60_000)
    results._import._take.click()
    app.qtbot.waitUntil(lambda: project.project.experiments == 12, timeout=30_000)

    screen.show_step(Step.LAB_SHEET)
    lab = screen._pages[Step.LAB_SHEET]
    assert isinstance(lab, LabSheetStep)
    app.qtbot.waitUntil(lambda: sum(lab.done) == 12, timeout=60_000)
    screen.show_step(Step.CANDIDATES)
    app.qtbot.waitUntil(
        lambda: listed.candidates is not None and listed.candidates.left == whole - 12, timeout=60_000
    )


def fill_in(sheet: Path, place: Path, rows: int) -> Path:
    """Write measurements into the first rows, as a laboratory does."""
    book = openpyxl.load_workbook(sheet)
    cells = book.worksheets[0]
    headings = [cell.value for cell in cells[1]]
    for row in range(2, 2 + rows):
        cells.cell(row, headings.index("摩耗量") + 1).value = 0.1 * row
        cells.cell(row, headings.index("実験日") + 1).value = "2026-11-22"
    book.save(place)
    return place
