"""The whole loop in the real window, in both languages: variables, candidates, a design, its lab sheet, a server that is killed,
results, a filter, a model, and the design that completes what was done.
"""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deburring_series import EXPERIMENTS, series
from tests.desktop.conftest import RunningApp
from tests.desktop.test_experiments_design import (
    candidates_of,
    design_of,
    designs_made,
    fill_in,
    opened,
    parameters_of,
)
from tests.desktop.test_experiments_filter import at_filter, number_row, typed
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop.navigation import ExperimentsRoute
from zerosec_desktop.resources.language import apply_language
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.experiments.design_request import Completing, ready_input
from zerosec_desktop.screens.experiments.import_card import ImportCard
from zerosec_desktop.screens.experiments.models_page import ModelsStep
from zerosec_desktop.screens.experiments.parameter_rows import ParameterRow
from zerosec_desktop.screens.experiments.results_page import ResultsStep
from zerosec_desktop.screens.experiments.screen import ExperimentsScreen
from zerosec_desktop.screens.experiments.steps import Stand, Step
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.settings import SettingsStore

pytestmark = [pytest.mark.faults, pytest.mark.bundled("shared")]
LEVELS = (
    ParameterRow("回転速度", "1000", "4000", "1000"),
    ParameterRow("送り速度", "", "", "200, 400"),
    ParameterRow("UPカット", "", "", "UP, DOWN"),
    ParameterRow("切込量", "0.1", "0.5", "0.2"),
    ParameterRow("突出量", "", "", "5"),
    ParameterRow("載せ率", "", "", "50"),
    ParameterRow("パス数", "", "", "2"),
    ParameterRow("ブラシ", "", "", "1, 2"),
)
COMBINATIONS = 4 * 2 * 2 * 3 * 2
RUNS = 12


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest, own_folders: Path) -> Iterator[str]:
    """The window speaks it."""
    chosen = str(request.param)
    SettingsStore(own_folders / "desktop" / "settings.json").change(
        language=chosen, results_folder=own_folders / "files"
    )
    yield chosen
    apply_language("en")


@pytest.mark.timeout(900)  # a search compiles first: minutes where many share a machine
def test_the_loop_goes_round_and_survives_a_killed_server(
    start_app: Callable[[], RunningApp], tmp_path: Path, language: str
) -> None:
    app = start_app()
    screen = opened(app)
    project = screen._open
    assert project is not None
    parameters = parameters_of(screen)
    parameters.lines.show_rows(LEVELS)
    parameters._edited()
    app.qtbot.waitUntil(parameters.make.isEnabled, timeout=120_000)
    parameters.make.click()
    app.qtbot.waitUntil(lambda: parameters.said.surface == "success", timeout=120_000)
    listed = candidates_of(screen)
    app.qtbot.waitUntil(lambda: listed.candidates is not None, timeout=60_000)
    assert listed.candidates is not None
    assert listed.candidates.left == COMBINATIONS

    design = design_of(screen)
    design.runs.setValue(RUNS)
    design.d_optimal.click()
    designs_made(app, design, 1)
    design.ok.click()
    app.qtbot.waitUntil(lambda: design.decision.surface in {"success", "error"}, timeout=120_000)
    assert design.decision.surface == "success", design.decision.words
    sheet = project.notes.lab_sheet
    assert sheet is not None

    found = local_server.find(server_data_dir())
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    screen.show_step(Step.RESULTS)
    results = screen._pages[Step.RESULTS]
    assert isinstance(results, ResultsStep)
    taken_in(app, screen, results._import, fill_in(sheet, tmp_path / "filled.xlsx", rows=5), RUNS)
    taken_in(app, screen, results._import, series(tmp_path)[0], RUNS + EXPERIMENTS)
    candidates_of(screen)
    app.qtbot.waitUntil(
        lambda: listed.candidates is not None and listed.candidates.left < COMBINATIONS - RUNS, timeout=60_000
    )

    page = at_filter(app, screen)
    typed(number_row(page, "回転速度"), low="２０００")
    app.qtbot.waitUntil(
        lambda: page.settled and page.answer is not None and page.answer.matching < EXPERIMENTS,
        timeout=60_000,
    )
    page.analyses["linear"].click()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, AnalysisScreen), timeout=60_000)
    form = app.window.screen_shown
    assert isinstance(form, AnalysisScreen)
    slot = form.slots["data"]
    app.qtbot.waitUntil(lambda: slot.loaded is not None and slot.loaded.final, timeout=60_000)
    assert form.form is not None
    form.form.replace({**form.form.values, "target": "摩耗量", "terms": "回転速度 + 切込量"})
    form.run()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, RunScreen), timeout=60_000)
    run = app.window.screen_shown
    assert isinstance(run, RunScreen)
    app.qtbot.waitUntil(lambda: run.job is not None and run.job.status.terminal, timeout=240_000)
    app.window.go(ExperimentsRoute(Step.MODELS))
    models = screen._pages[Step.MODELS]
    assert isinstance(models, ModelsStep)
    app.qtbot.waitUntil(lambda: len(models.shown) == 1, timeout=60_000)
    stands = {standing.step: standing.stand for standing in project.standings()}
    assert Stand.BLOCKED not in stands.values()
    assert stands[Step.RESULTS] is Stand.DONE

    project.remember(completing=Completing.PROJECT.value)
    got: list[object] = []
    app.app.bridge.start(ready_input(project), name="test", done=got.append, failed=got.append)
    app.qtbot.waitUntil(lambda: bool(got), timeout=60_000)
    (ready,) = got
    done = getattr(ready, "done", None)
    assert done is not None, ready
    assert len(done.rows) >= RUNS
    assert len(done.rows) + done.elsewhere + done.lacking == RUNS + EXPERIMENTS


def taken_in(app: RunningApp, screen: ExperimentsScreen, card: ImportCard, path: Path, count: int) -> None:
    """Import a file, asking again where the server is away, as its button offers."""
    screen.take_files([path])

    def previewed() -> bool:
        if card._preview is None and card._work is None and card._path is not None:
            card._retry()
        return card._preview is not None

    app.qtbot.waitUntil(previewed, timeout=120_000)
    card._take.click()
    app.qtbot.waitUntil(
        lambda: screen._open is not None and screen._open.project.experiments == count, timeout=60_000
    )
