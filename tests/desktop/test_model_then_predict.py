"""A model is built, looked at and used: the window offers the prediction, takes the rows, and leads to the result."""

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import RunningApp
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import RunRoute
from zerosec_desktop.resources.language import apply_language
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.settings import SettingsStore
from zerosec_shared.translations import in_language
from zerosec_shared.views import CardView

pytestmark = [pytest.mark.timeout(240), pytest.mark.bundled("shared")]

SETTINGS = {"target": ["y"], "features": ["x"], "models": ["linear"], "shap_rows": 0}


@pytest.fixture
def app(start_app: Callable[[], RunningApp]) -> Iterator[RunningApp]:
    running = start_app()
    running.window.resize(1280, 860)
    running.connected()
    return running


def table(path: Path, rows: int, *, target: bool) -> Path:
    """One number that follows from another."""
    lines = [[at / 10, *([2 + math.sin(at) / 5 + at / 10] if target else [])] for at in range(rows)]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["x", *(["y"] if target else [])], *lines])
    return path


def built(app: RunningApp, folder: Path) -> RunScreen:
    """The run of a model, shown."""
    data = table(folder / "measured.csv", 60, target=True)
    key = app.session.submit(
        analysis="nonlinear", step="build", name="y", parameters=SETTINGS, inputs={"data": [(data, None)]}
    )
    app.qtbot.waitUntil(lambda: app.session.entry(key) is not None)
    app.window.go(RunRoute(key))
    screen = app.window.screen_shown
    assert isinstance(screen, RunScreen)
    app.qtbot.waitUntil(lambda: "prediction" in screen.head.offers, timeout=120_000)
    return screen


def said_before(screen: RunScreen) -> dict[str, object]:
    """What the step says it would do."""
    result = screen.step_page.check.result
    return {} if result is None else {metric.name: metric.value for metric in result.metrics}


def test_a_model_offers_the_prediction_and_the_prediction_is_shown(app: RunningApp, tmp_path: Path) -> None:
    screen = built(app, tmp_path)
    offer = screen.head.offers["prediction"]
    assert offer.text() == "Predict with this model"
    model = screen.key

    offer.click()
    app.qtbot.waitUntil(lambda: screen.pages.shown is screen.step_page)
    page = screen.step_page
    assert page.choices["model"].currentText().startswith("Build and judge: model.zip")
    page.run_button.click()
    assert "Rows to predict" in page.problem.title.text()

    page.give("rows", table(tmp_path / "wanted.csv", 70, target=False))
    app.qtbot.waitUntil(lambda: page.files["rows"].loaded is not None)
    app.qtbot.waitUntil(lambda: "seconds" in said_before(screen))
    assert said_before(screen)["rows"] == 70
    page.run_button.click()
    app.qtbot.waitUntil(lambda: screen.key != model and screen.job is not None, timeout=60_000)
    app.qtbot.waitUntil(lambda: screen.pages.shown is screen.results, timeout=60_000)
    assert screen.entry is not None
    assert (screen.entry.step, screen.entry.name) == ("prediction", "y")
    assert screen.job is not None
    assert screen.job.result is not None
    assert {m.name: m.value for m in screen.job.result.metrics}["n_rows"] == 70
    assert {"build", "prediction"} <= set(screen.steps.rows)
    app.qtbot.waitUntil(lambda: set(screen.head.offers) == {"pareto"})
    assert screen.head.offers["pareto"].text() == "Choose the best compromises"
    assert not screen.steps.run_all.isVisible()

    screen.doing.change()
    app.qtbot.waitUntil(lambda: screen.pages.shown is page)
    assert page.choices["rows"].currentText() == "The run's own: wanted.csv"
    assert not page.first_problem()


def test_the_window_is_closed_while_rows_are_predicted_and_opened_again(
    start_app: Callable[[], RunningApp], tmp_path: Path
) -> None:
    """In Japanese: the model is looked at, the window closed once the prediction is sent, and the result is there afterwards."""
    first = start_app()
    first.window.resize(1280, 860)
    first.connected()
    screen = built(first, tmp_path)
    screen.head.offers["prediction"].click()
    first.qtbot.waitUntil(lambda: screen.pages.shown is screen.step_page)
    screen.step_page.give("rows", table(tmp_path / "wanted.csv", 30, target=False))
    first.qtbot.waitUntil(lambda: screen.step_page.files["rows"].loaded is not None)
    model = screen.key
    screen.step_page.run_button.click()
    first.qtbot.waitUntil(lambda: screen.key != model)
    sent = screen.key
    assert sent is not None
    first.close()

    SettingsStore(tmp_path / "desktop" / "settings.json").change(language="ja")
    try:
        second = start_app()
        second.connected()
        second.window.go(RunRoute(sent))
        again = second.window.screen_shown
        assert isinstance(again, RunScreen)
        second.qtbot.waitUntil(lambda: again.pages.shown is again.results)
        assert again.job is not None
        assert again.job.result is not None
        result = in_language(again.job.result, "ja")
        card = next(view for view in result.views if isinstance(view, CardView))
        assert card.text.startswith("30 行を予測しました")
        second.qtbot.waitUntil(lambda: "prediction" in again.steps.rows)
        assert again.steps.rows["prediction"]._title.text() == "2. 予測"
        second.close()
    finally:
        apply_language("en")


def test_a_prediction_is_cancelled_and_run_again_with_the_same_rows(app: RunningApp, tmp_path: Path) -> None:
    screen = built(app, tmp_path)
    screen.head.offers["prediction"].click()
    app.qtbot.waitUntil(lambda: screen.pages.shown is screen.step_page)
    screen.step_page.give("rows", table(tmp_path / "wanted.csv", 400_000, target=False))
    app.qtbot.waitUntil(lambda: screen.step_page.files["rows"].loaded is not None)
    model = screen.key
    screen.step_page.run_button.click()
    app.qtbot.waitUntil(lambda: screen.key != model and screen.entry is not None)
    app.qtbot.waitUntil(lambda: screen.entry is not None and screen.entry.state is not None)

    screen.doing.cancel()
    app.qtbot.waitUntil(lambda: screen.entry is not None and screen.entry.phase.ended)
    assert screen.entry is not None
    assert screen.entry.phase is Phase.CANCELLED

    cancelled = screen.key
    screen.doing.retry()
    app.qtbot.waitUntil(lambda: screen.key != cancelled)
    app.qtbot.waitUntil(lambda: screen.pages.shown is screen.results)
    assert screen.job is not None
    assert [file.name for file in screen.job.inputs["rows"]] == ["wanted.csv"]
