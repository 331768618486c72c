"""A classification as a new user meets it: the example, the smallest plan, what is said before, and the result with its grey zone."""

from collections.abc import Callable

import pytest

from tests.desktop.conftest import RunningApp
from zerosec_desktop.navigation import AnalysisRoute
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.widgets.form.value_editor import ValueEditor

pytestmark = [pytest.mark.timeout(300), pytest.mark.bundled("shared")]

SMALLEST = {
    "models": ["logistic"],
    "trials": 1,
    "outer_folds": 3,
    "repeats": 1,
    "inner_folds": 2,
    "shap_rows": 0,
}


def test_the_example_leads_to_ok_ng_and_cannot_say(start_app: Callable[[], RunningApp]) -> None:
    app = start_app()
    app.connected()
    app.window.go(AnalysisRoute("classification", example=0))
    screen = app.window.screen_shown
    assert isinstance(screen, AnalysisScreen)
    app.qtbot.waitUntil(lambda: screen.form is not None)
    form = screen.form
    assert form is not None
    form.start_from(form.values | SMALLEST | {"ok_class": "good"})

    editor = form.rows["ok_class"].editor
    assert isinstance(editor, ValueEditor)
    app.qtbot.waitUntil(lambda: editor.combo.offered == (("benign", 357), ("malignant", 212)))
    app.qtbot.waitUntil(lambda: {finding.field for finding in screen.check.findings} == {"ok_class"})
    assert "no class “good”" in screen.check.findings[0].message
    form.state.set("ok_class", "benign")
    app.qtbot.waitUntil(lambda: "held_out" in before(screen))
    assert (before(screen)["rows"], before(screen)["classes"]) == (569, 2)
    assert not screen.check.findings

    screen.run()
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, RunScreen))
    run = app.window.screen_shown
    assert isinstance(run, RunScreen)
    app.qtbot.waitUntil(lambda: run.job is not None and run.job.result is not None)
    assert run.job is not None
    assert run.job.result is not None
    app.qtbot.waitUntil(lambda: run.pages.shown is run.results and not run.results.drawing)
    shown = {frame.view.id for frame in run.results.frames}
    assert {"confusion", "roc_curve", "calibration_curve", "cost_curve", "classes", "decisions"} <= shown
    found = {metric.name: metric.value for metric in run.job.result.metrics}
    assert isinstance(found["coverage"], float)
    assert 0.5 < found["coverage"] < 1
    assert found["ok_above"] is not None
    app.qtbot.waitUntil(lambda: "prediction" in run.head.offers)
    assert run.head.offers["prediction"].text() == "Predict with this model"


def before(screen: AnalysisScreen) -> dict[str, object]:
    """What the form says will happen."""
    result = screen.check.result
    return {} if result is None else {metric.name: metric.value for metric in result.metrics}
