"""A model is built, looked at and used: the window offers the prediction, takes the rows, and leads to the result."""

import csv
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import RunningApp
from zerosec_desktop.navigation import RunRoute
from zerosec_desktop.screens.run.screen import RunScreen

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
    page.run_button.click()
    app.qtbot.waitUntil(lambda: screen.key != model and screen.job is not None, timeout=60_000)
    app.qtbot.waitUntil(lambda: screen.pages.shown is screen.results, timeout=60_000)
    assert screen.entry is not None
    assert (screen.entry.step, screen.entry.name) == ("prediction", "y")
    assert screen.job is not None
    assert screen.job.result is not None
    assert {m.name: m.value for m in screen.job.result.metrics}["n_rows"] == 70
    assert set(screen.steps.rows) == {"build", "prediction"}
    assert not screen.steps.run_all.isVisible()

    screen.doing.change()
    app.qtbot.waitUntil(lambda: screen.pages.shown is page)
    assert page.choices["rows"].currentText() == "The run's own: wanted.csv"
    assert not page.first_problem()
