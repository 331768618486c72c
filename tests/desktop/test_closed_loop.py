"""The loop closed in the real window, in both languages: filter, model, review, prediction of the candidates left, the best compromises,
and the next lab sheet; with a cancel, a worker killed, and the window closed and opened again on the way.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import polars as pl
import psutil
import pytest

from tests.deburring_series import HEADER, series
from tests.desktop.conftest import RunningApp
from tests.desktop.test_experiments_design import candidates_of, opened
from tests.desktop.test_experiments_filter import at_filter, number_row, typed
from tests.faults.jobs import named
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import ExperimentsRoute, JobKey, RunRoute
from zerosec_desktop.resources.language import apply_language
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.experiments import prediction_export
from zerosec_desktop.screens.experiments.lab_sheet_page import LabSheetStep
from zerosec_desktop.screens.experiments.results_page import ResultsStep
from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.settings import SettingsStore
from zerosec_desktop.views.linked.panel import LinkedPanel

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]
LEFT_OUT = ("No.", "摩耗量", "実験日")
SMALL = {"target": ["摩耗量"], "models": ["linear"], "shap_rows": 0}
"""The features are those that the form begins with."""


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest, own_folders: Path) -> Iterator[str]:
    """The window speaks it."""
    chosen = str(request.param)
    SettingsStore(own_folders / "desktop" / "settings.json").change(
        language=chosen, results_folder=own_folders / "files"
    )
    yield chosen
    apply_language("en")


def candidates(folder: Path, rows: list[dict[str, str]]) -> Path:
    """Two settings that were tested, and six that were not."""
    names = [name for name in HEADER.split(",") if name not in LEFT_OUT]
    new = [
        {**rows[0], "回転速度": speed, "送り速度": feed}
        for speed in ("1500", "2500")
        for feed in ("300", "500", "700")
    ]
    path = folder / "候補.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows([*rows[:2], *new])
    return path


def imported(app: RunningApp, path: Path, count: int) -> ExperimentsScreen:
    screen = opened(app)
    screen.show_step(Step.RESULTS)
    page = screen._pages[Step.RESULTS]
    assert isinstance(page, ResultsStep)
    screen.take_files([path])
    app.qtbot.waitUntil(lambda: page._import._preview is not None)
    page._import._take.click()
    app.qtbot.waitUntil(lambda: screen._open is not None and screen._open.project.experiments == count)
    return screen


def started(app: RunningApp, screen: ExperimentsScreen, **settings: object) -> tuple[RunScreen, JobKey]:
    """The experiments that match the filter are modelled: the run, shown, and its job."""
    app.window.go(ExperimentsRoute(Step.FILTER))
    page = at_filter(app, screen)
    typed(number_row(page, "回転速度"), low="２０００")
    app.qtbot.waitUntil(lambda: page.settled and page.analyses["nonlinear"].isEnabled())
    page.analyses["nonlinear"].click()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, AnalysisScreen))
    form = app.window.screen_shown
    assert isinstance(form, AnalysisScreen)
    app.qtbot.waitUntil(lambda: form.slots["data"].loaded is not None and form.slots["data"].loaded.final)
    assert form.form is not None
    form.form.replace({**form.form.values, **settings})  # type: ignore[dict-item]
    form.run()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, RunScreen))
    run = app.window.screen_shown
    assert isinstance(run, RunScreen)
    app.qtbot.waitUntil(lambda: run.entry is not None and run.entry.state is not None)
    assert run.key is not None
    return run, run.key


def kill_the_worker() -> None:
    found = local_server.find(server_data_dir())
    assert found is not None
    for worker in named("zerosec-worker", psutil.Process(found.pid).children()):
        worker.kill()


def executed(app: RunningApp, run: RunScreen) -> None:
    """The step that is set up is executed to its end, its result shown."""
    before = run.key
    run.step_page.run_button.click()
    assert not run.step_page.problem.isVisible(), run.step_page.problem.title.text()
    app.qtbot.waitUntil(lambda: run.key != before and run.entry is not None and run.entry.phase.ended)
    assert run.entry is not None
    assert run.entry.phase is Phase.SUCCEEDED, run.entry.trouble
    app.qtbot.waitUntil(lambda: run.pages.shown is run.results and run.job is not None)


def set_up(app: RunningApp, run: RunScreen, step: str) -> None:
    app.qtbot.waitUntil(lambda: step in run.head.offers)
    run.head.offers[step].click()
    app.qtbot.waitUntil(lambda: run.pages.shown is run.step_page)


def test_the_loop_is_closed(
    start_app: Callable[[], RunningApp], tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start_app()
    path, rows = series(tmp_path)
    screen = imported(app, path, len(rows))
    project = screen._open
    assert project is not None
    listed = candidates_of(screen)
    screen.take_files([candidates(tmp_path, rows)])
    app.qtbot.waitUntil(lambda: listed.candidates is not None)
    assert listed.candidates is not None
    assert (listed.candidates.tested, listed.candidates.left) == (2, 6)

    run, first = started(app, screen, target=["摩耗量"], trials=200)
    run.doing.cancel()
    app.qtbot.waitUntil(lambda: run.entry is not None and run.entry.phase.ended)
    assert run.entry is not None
    assert run.entry.phase is Phase.CANCELLED
    run, key = started(app, screen, **SMALL)
    assert key != first
    kill_the_worker()
    app.qtbot.waitUntil(lambda: run.key == key and "prediction" in run.head.offers)
    app.close()

    app = start_app()
    app.connected()
    app.window.go(RunRoute(key))
    run = app.window.screen_shown  # type: ignore[assignment]
    assert isinstance(run, RunScreen)
    set_up(app, run, "prediction")
    page = run.step_page
    app.qtbot.waitUntil(lambda: page.files["rows"].loaded is not None)
    assert page.given.isVisible()
    assert "6" in page.given.text()
    executed(app, run)
    assert run.job is not None
    assert run.job.result is not None
    assert {metric.name: metric.value for metric in run.job.result.metrics}["n_rows"] == 6

    set_up(app, run, "pareto")
    assert page.form is not None
    app.qtbot.waitUntil(
        lambda: (
            page.form is not None
            and {"predicted 摩耗量", "送り速度"} <= {column.name for column in page.form.columns or ()}
        )
    )
    page.form.replace({**page.form.values, "minimise": ["predicted 摩耗量"], "maximise": ["送り速度"]})
    executed(app, run)
    app.qtbot.waitUntil(lambda: bool(run.findChildren(LinkedPanel)))
    linked = run.findChildren(LinkedPanel)[0]
    linked.points.choose(linked.points.group == 0)
    chosen = len(linked.chosen_rows().rows)
    assert chosen
    linked.sheet.click()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, ExperimentsScreen))
    screen = app.window.screen_shown  # type: ignore[assignment]
    assert isinstance(screen, ExperimentsScreen)
    app.qtbot.waitUntil(lambda: Step.LAB_SHEET in screen._pages)
    sheets = screen._pages[Step.LAB_SHEET]
    assert isinstance(sheets, LabSheetStep)
    app.qtbot.waitUntil(sheets.chosen.isVisible)
    sheets.chosen.make.click()
    app.qtbot.waitUntil(lambda: screen._open is not None and screen._open.notes.lab_sheet is not None)
    assert screen._open is not None
    assert screen._open.notes.lab_sheet is not None
    cells = list(openpyxl.load_workbook(screen._open.notes.lab_sheet).active.iter_rows(values_only=True))
    head = next(row for row in cells if "回転速度" in row)
    speeds = [row[head.index("回転速度")] for row in cells[cells.index(head) + 1 :]]
    assert len([speed for speed in speeds if speed is not None]) == chosen

    place = tmp_path / "予測.xlsx"
    monkeypatch.setattr(prediction_export, "choose_save", lambda *rest: rest[-1]([place]))
    screen.show_step(Step.RESULTS)
    results = screen._pages[Step.RESULTS]
    assert isinstance(results, ResultsStep)
    app.qtbot.waitUntil(lambda: len(results.predictions.shown) == 1)
    results.export_predictions.click()
    app.qtbot.waitUntil(lambda: results.exporter.said.surface in {"success", "error"})
    assert results.exporter.said.surface == "success", results.exporter.said.words
    database = pl.read_excel(place)
    assert database.height == 6
    assert set(database["run_id"]) == {str(run.job.run_id)}
    assert "predicted 摩耗量" in database.columns
