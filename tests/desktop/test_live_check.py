"""The form asks the analysis what would happen, on the real bundled server: the newest question alone, and what it says is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.navigation import AnalysisRoute
from zerosec_desktop.screens.analysis import live_check
from zerosec_desktop.screens.analysis.live_check import CheckState
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.widgets.form.rows import FieldRow
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.ids import new_id

pytestmark = pytest.mark.bundled("shared")
StartApp = Callable[[], RunningApp]
WAIT_MS = 60_000


def form_of(app: RunningApp, analysis: str, *files: Path) -> AnalysisScreen:
    """Open the form of an analysis."""
    app.connected()
    state = app.session.target_states
    app.qtbot.waitUntil(lambda: state()[0].usable, timeout=WAIT_MS)
    target = app.session.current_target
    if (
        app.session.analysis(analysis) is None
    ):  # one of the tests' own: not offered to users, so not in the list
        found: list[AnalysisInfo] = []
        app.session.ask(target, lambda api: api.analysis(analysis), name="analysis", done=found.append)
        app.qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
        app.session.catalogue_news(target, (*app.session.catalogue(), *found))
        app.qtbot.waitUntil(lambda: app.session.analysis(analysis) is not None)
    app.window.go(AnalysisRoute(analysis, files=files))
    screen = app.window.screen_shown
    assert isinstance(screen, AnalysisScreen)
    return screen


def words(screen: AnalysisScreen) -> str:
    """All that the pane beside the form says now."""
    texts = [each.text() for each in screen.summary.findChildren(QLabel) if each.isVisible()]
    return "\n".join(texts)


def lines(field: FieldRow) -> list[QLineEdit]:
    """The lines of text of a field that are seen."""
    return [each for each in field.editor.findChildren(QLineEdit) if not each.isHidden()]


@pytest.mark.bundled("own")
def test_what_will_happen_follows_the_form(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    screen = form_of(app, "linear", EXAMPLES / "penguins.csv")
    assert screen.form is not None
    qtbot.waitUntil(lambda: "Choose “Target” first." in words(screen), timeout=WAIT_MS)

    screen.form.state.set("target", "body_mass_g")
    qtbot.waitUntil(lambda: "Rows used\n333" in words(screen), timeout=WAIT_MS)
    assert "11 of 344 rows will be left out." in words(screen)

    screen.form.state.set("terms", "flipper_length_mm")
    qtbot.waitUntil(lambda: "Rows used\n342" in words(screen), timeout=WAIT_MS)
    assert "Coefficients\n2" in words(screen)

    screen.form.state.set("target", "sex")
    qtbot.waitUntil(lambda: screen.check.state is CheckState.REFUSED, timeout=WAIT_MS)
    assert "The run would stop: The target “sex” is not numeric." in words(screen)
    assert "342" not in words(screen), "nothing of an older answer stands beside it"

    screen.form.state.set("target", "body_mass_g")
    qtbot.waitUntil(lambda: screen.check.state is CheckState.WELL, timeout=WAIT_MS)
    assert app.session.entries() == [], "a preview is in no list"


def test_the_newest_question_wins_and_the_older_is_ended_on_the_server(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = start_app()
    data = tmp_path / "five.txt"
    data.write_text("12345")
    barrier = tmp_path / "barrier"
    barrier.mkdir()
    screen = form_of(app, "foreseen", data)
    assert screen.form is not None

    screen.form.replace({"count": 1, "ending": "wait", "barrier": str(barrier)})
    qtbot.waitUntil((barrier / "started").exists, timeout=WAIT_MS)
    assert screen.check.state is CheckState.CHECKING
    screen.form.replace({"count": 2})
    qtbot.waitUntil(lambda: screen.check.state is CheckState.WELL, timeout=WAIT_MS)

    assert "count\n2" in words(screen)
    assert app.app.bridge.pending.count("preview") == 0


def test_a_large_file_is_only_looked_at_when_the_user_asks(
    start_app: StartApp, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_check, "LARGEST_UNASKED_BYTES", 1000)
    app = start_app()
    screen = form_of(app, "linear", EXAMPLES / "penguins.csv")
    assert screen.form is not None
    screen.form.state.set("target", "body_mass_g")
    qtbot.waitUntil(lambda: screen.check.state is CheckState.LARGE, timeout=WAIT_MS)
    assert app.app.bridge.pending.count("preview") == 0

    screen.summary.check.ask_wanted.emit()

    qtbot.waitUntil(lambda: "Rows used\n333" in words(screen), timeout=WAIT_MS)


def test_a_long_table_stands_whole_below_the_settings_and_each_file_under_its_name(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = start_app()
    data = tmp_path / "deaths.csv"
    known = [
        "Sepsis",
        "Pneumonia",
        "Intrapartum",
        "Preterm",
        "Malformation",
        "Other",
        "Meningitis",
        "NNT",
        "Diarrhea",
    ]
    data.write_text("cause,deaths\n" + "".join(f"{name},20\n" for name in (*known, "Evil eye")))
    screen = form_of(app, "va-calibration", data)
    assert screen.form is not None
    screen.form.replace({"age_group": "neonate", "country": "Kenya"})

    qtbot.waitUntil(lambda: screen.tables.isVisible(), timeout=WAIT_MS)

    listed = [each.text() for each in screen.tables.findChildren(QLabel)]
    assert {*known, "Evil eye", "?", "prematurity"} <= set(listed)
    assert "Cause names of EAVA: 10 lines, below the settings" in words(screen)
    assert screen.slots["eava"].heading.text() == "EAVA"
    unknown = "No cause is known for these names in deaths.csv: Evil eye (20)."
    assert unknown in words(screen)

    # It stands at the field too, with a line for the name; nothing is sent before it is decided.
    field = screen.form.rows["cause_names"]
    qtbot.waitUntil(lambda: field.problem.text() == unknown, timeout=WAIT_MS)
    assert screen.summary.hint.text() == "1 setting still to be filled in or put right"
    began = new_id()
    screen.run()
    assert not [entry for entry in app.session.entries() if entry.key.job_id > began], (
        "other tests' jobs are older"
    )
    # what is put into a window that is seen is shown by its own event
    qtbot.waitUntil(
        lambda: [line.text() for line in lines(field) if line.isReadOnly()] == ["Evil eye"], timeout=WAIT_MS
    )
    combo = field.editor.findChild(QComboBox)
    assert combo is not None
    combo.setCurrentIndex(combo.findData("leave out"))
    combo.activated.emit(combo.currentIndex())
    assert screen.form.values["cause_names"] == {"Evil eye": "leave out"}
    qtbot.waitUntil(
        lambda: "left out" in [t.text() for t in screen.tables.findChildren(QLabel)], timeout=WAIT_MS
    )
    qtbot.waitUntil(
        lambda: (field.problem.text(), screen.summary.hint.text()) == ("", "Ready to run"), timeout=WAIT_MS
    )

    screen.form.state.set("cause_names", {"Evil eye": "no such cause"})
    qtbot.waitUntil(lambda: "“no such cause”, which is no cause" in field.problem.text(), timeout=WAIT_MS)
    screen.form.replace({**screen.form.values, "cause_names": {}, "age_group": "child"})
    age = screen.form.rows["age_group"]
    qtbot.waitUntil(lambda: "are not those of children" in age.problem.text(), timeout=WAIT_MS)
    assert field.problem.text() == ""


def test_an_analysis_without_a_preview_asks_nothing(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    screen = form_of(app, "noop")
    screen.check.ask_now()

    assert screen.check.state is CheckState.NONE
    assert "preview" not in app.app.bridge.pending
