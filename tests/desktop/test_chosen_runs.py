"""Rows chosen in a result become a lab sheet of the open project, when the user says so; what is no run is told."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.desktop.conftest import RunningApp
from tests.desktop.test_experiments_design import opened
from zerosec_desktop.navigation import ExperimentsRoute, HomeRoute
from zerosec_desktop.screens.experiments.lab_sheet_page import LabSheetStep
from zerosec_desktop.screens.experiments.steps import Stand, Step

pytestmark = pytest.mark.bundled("shared")
HEAD = (
    "pareto_rank",
    "predicted Ra",
    "回転速度",
    "送り速度",
    "UPカット",
    "切込量",
    "突出量",
    "載せ率",
    "パス数",
    "ブラシ",
)


def table(*rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode("utf-8-sig")


def test_chosen_rows_become_a_lab_sheet_when_the_user_says_so(start_app: Callable[[], RunningApp]) -> None:
    app = start_app()
    screen = opened(app)
    project = screen._open
    assert project is not None
    runs = table((1, 0.21, 3000, 400, 1, 0.3, 5, 50, 2, 1), (2, 0.25, 1000, 400, 0, 0.1, 5, 50, 1, 2))

    app.window.go(ExperimentsRoute("lab_sheet", runs))

    page = screen._pages[Step.LAB_SHEET]
    assert isinstance(page, LabSheetStep)
    assert page.chosen.isVisible()
    assert "2" in page.chosen._what.text()
    assert project.notes.lab_sheet is None, "nothing is made before the user says so"
    app.window.go(HomeRoute())
    app.window.go(ExperimentsRoute())
    assert page.chosen.offered == runs

    page.chosen.make.click()
    app.qtbot.waitUntil(lambda: project.notes.lab_sheet is not None, timeout=120_000)

    sheet = project.notes.lab_sheet
    assert isinstance(sheet, Path)
    assert {path.name for path in sheet.parent.iterdir()} == {"実験リスト.xlsx", "選択した行.csv"}
    cells = list(openpyxl.load_workbook(sheet).active.iter_rows(values_only=True))
    head = next(row for row in cells if "回転速度" in row)
    speeds = [row[head.index("回転速度")] for row in cells[cells.index(head) + 1 :]]
    assert [speed for speed in speeds if speed is not None] == [3000, 1000]
    assert not page.chosen.isVisible()
    stand = {one.step: one.stand for one in project.standings()}
    assert stand[Step.LAB_SHEET] is Stand.DONE

    app.window.go(ExperimentsRoute("lab_sheet", table((1, 2), head=("x", "y"))))
    page.chosen.make.click()
    app.qtbot.waitUntil(lambda: page.chosen.said.surface == "error", timeout=120_000)
    assert project.notes.lab_sheet == sheet
    assert page.chosen.make.isEnabled()
    page.chosen.leave.click()
    assert not page.chosen.isVisible()
