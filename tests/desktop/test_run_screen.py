"""From a dropped file to results, and every way a run can end, in the real window against the real bundled server."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.controls import EmptyState
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import AnalysisRoute, CompareRoute, HomeRoute, JobKey, RunRoute
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.compare.differences import compare_data
from zerosec_desktop.screens.compare.screen import CompareScreen
from zerosec_desktop.screens.run.details_tab import value_text
from zerosec_desktop.screens.run.exports import file_name, may_open
from zerosec_desktop.screens.run.menu import RunMenu
from zerosec_desktop.screens.run.pages import FILES
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.views.files import PlainText
from zerosec_desktop.views.table_view import ResultTable
from zerosec_desktop.widgets.form.schema import Choice, FieldKind, FieldSpec
from zerosec_shared.contract import JsonValue

WAIT = 90_000
pytestmark = [pytest.mark.timeout(240), pytest.mark.bundled("shared")]


@pytest.fixture
def app(start_app: Callable[[], RunningApp]) -> Iterator[RunningApp]:
    running = start_app()
    running.window.resize(1280, 860)
    running.connected()
    return running


def form_of(app: RunningApp, route: AnalysisRoute) -> AnalysisScreen:
    app.window.go(route)
    screen = app.window.screen_shown
    assert isinstance(screen, AnalysisScreen)
    app.qtbot.waitUntil(
        lambda: all(
            slot.loaded is not None and slot.loaded.final for slot in screen.slots.values() if slot.files
        ),
        timeout=WAIT,
    )
    return screen


def run(app: RunningApp, screen: AnalysisScreen, **values: JsonValue) -> RunScreen:
    assert screen.form is not None
    for name, value in values.items():
        screen.form.state.set(name, value)
    screen.run()
    app.qtbot.waitUntil(lambda: isinstance(app.window.trail.here, RunRoute), timeout=WAIT)
    shown = app.window.screen_shown
    assert isinstance(shown, RunScreen)
    return shown


def submitted(app: RunningApp, analysis: str, **values: JsonValue) -> RunScreen:
    """Run an analysis that is hidden from users."""
    key = app.session.submit(analysis=analysis, step=None, name=analysis, parameters=values, inputs={})
    app.qtbot.waitUntil(lambda: app.session.entry(key) is not None, timeout=WAIT)
    app.window.go(RunRoute(key))
    shown = app.window.screen_shown
    assert isinstance(shown, RunScreen)
    return shown


def ended(app: RunningApp, screen: RunScreen) -> Phase:
    app.qtbot.waitUntil(
        lambda: (
            screen.pages.shown in {screen.results, screen.failure}
            and not screen.results._turn.isActive()
            and screen.job is not None
        ),
        timeout=WAIT,
    )
    assert screen.entry is not None
    return screen.entry.phase


def penguins(app: RunningApp, **values: JsonValue) -> RunScreen:
    screen = form_of(app, AnalysisRoute("linear", (EXAMPLES / "penguins.csv",)))
    return run(app, screen, **{"target": "body_mass_g", "terms": "flipper_length_mm + species", **values})


def test_a_dropped_file_becomes_results_that_can_be_used_in_a_paper(app: RunningApp, tmp_path: Path) -> None:
    screen = penguins(app)
    assert ended(app, screen) is Phase.SUCCEEDED
    kinds = {frame.view.kind for frame in screen.results.frames}
    assert {"scatter", "table"} <= kinds
    assert screen.head.report.isVisible()
    assert any(artifact.path == "tables/coefficients.csv" for artifact in screen.files.artifacts)
    assert screen.key is not None

    saved: list[Path] = []
    app.session.save_all(screen.key, tmp_path / "out", saved.append)
    app.qtbot.waitUntil(lambda: bool(saved), timeout=WAIT)
    assert (tmp_path / "out" / "tables" / "coefficients.csv").stat().st_size > 0

    screen.pages.tabs.setCurrentIndex(FILES)
    for path, shown in (("tables/coefficients.csv", ResultTable), ("log.txt", PlainText)):
        chosen = screen.files.index_of(path)
        screen.files.tree.setCurrentIndex(chosen)
        app.qtbot.waitUntil(lambda shown=shown: isinstance(screen.files.preview.content, shown), timeout=WAIT)
    page = next(each.path for each in screen.files.artifacts if each.path.endswith(".html"))
    screen.files.tree.setCurrentIndex(screen.files.index_of(page))
    assert isinstance(screen.files.preview.content, EmptyState), "a page is not drawn in the window"

    local: list[Path] = []
    artifact = screen.exports.artifacts["tables/coefficients.csv"]
    screen.exports.cache.fetch(screen.key, artifact, local.append, lambda error: pytest.fail(str(error)))
    app.qtbot.waitUntil(lambda: bool(local), timeout=WAIT)
    assert screen.exports.local_files(["tables/coefficients.csv"]) == local


@pytest.mark.bundled("own")
def test_run_again_with_changes_marks_them_and_the_two_can_be_compared(app: RunningApp) -> None:
    first = penguins(app)
    assert ended(app, first) is Phase.SUCCEEDED
    key = first.key
    assert key is not None
    screen = form_of(app, AnalysisRoute("linear", like=key))
    assert screen.form is not None
    app.qtbot.waitUntil(
        lambda: screen.form is not None and screen.form.values.get("target") == "body_mass_g", timeout=WAIT
    )
    app.qtbot.waitUntil(
        lambda: screen.slots["data"].loaded is not None and screen.slots["data"].loaded.final, timeout=WAIT
    )
    assert screen.form.state.changed() == ()
    screen.form.state.set("terms", "flipper_length_mm")
    assert screen.form.state.changed() == ("terms",)
    second = run(app, screen)
    assert second.key != key
    assert ended(app, second) is Phase.SUCCEEDED
    assert isinstance(second.key, JobKey)
    assert second.entry is not None
    menu = RunMenu(second, second.entry, app.session.entries(), has_files=True)
    offered = [action.data() for submenu in menu.findChildren(QMenu) for action in submenu.actions()]
    assert offered == [key]
    app.window.go(CompareRoute(key, second.key))
    compare = app.window.screen_shown
    assert isinstance(compare, CompareScreen)
    app.qtbot.waitUntil(lambda: len(compare._jobs) == 2 and not compare._turn.isActive(), timeout=WAIT)
    info = app.session.analysis("linear")
    assert info is not None
    before, after = compare._jobs.values()
    (data,) = compare_data(before, after, info)
    assert (data.name, data.first, data.differs) == (info.steps[0].inputs[0].title, "penguins.csv", False)
    a_form_that_was_run_begins_anew_and_offers_what_was_run(app)


def a_form_that_was_run_begins_anew_and_offers_what_was_run(app: RunningApp) -> None:
    anew = form_of(app, AnalysisRoute("linear"))
    assert anew.form is not None
    assert (anew.form.values.get("target"), anew.slots["data"].files) == (None, [])
    assert (anew.notice.isVisible(), anew.notice.last.isVisible()) == (True, True)
    assert not anew.notice.afresh.isVisible(), "nothing was left unfinished"
    assert anew.filling.store.load("linear", "fit").draft is None
    anew.notice.last.click()
    assert anew.form.values["terms"] == "flipper_length_mm"
    app.qtbot.waitUntil(lambda: anew.slots["data"].path == EXAMPLES / "penguins.csv", timeout=WAIT)
    assert anew.notice.isHidden()
    app.window.go(HomeRoute())
    assert form_of(app, AnalysisRoute("linear")).form is anew.form, "what is being filled in stays"
    assert anew.filling.store.load("linear", "fit").draft is not None


@pytest.mark.bundled("own")
def test_the_servers_refusal_stands_at_its_field_and_leaves_no_dead_run(app: RunningApp) -> None:
    screen = form_of(app, AnalysisRoute("linear", (EXAMPLES / "penguins.csv",)))
    assert screen.form is not None
    screen.form.state.set("target", "body_mass_g")
    screen.form.state.set("cv_folds", 1)  # only the server knows that one fold is none
    screen.run()
    row = screen.form.rows["cv_folds"]
    app.qtbot.waitUntil(lambda: "fold" in row.problem.text(), timeout=WAIT)
    assert isinstance(app.window.trail.here, AnalysisRoute)
    assert row.isVisible(), "Advanced was unfolded to show it"
    app.qtbot.waitUntil(lambda: not app.session.entries(), timeout=WAIT)


def test_a_failed_run_says_why_in_words_and_offers_ways_on(app: RunningApp) -> None:
    screen = penguins(app, target="species")
    assert ended(app, screen) is Phase.FAILED
    words = screen.failure._title.text() + screen.failure._detail.text()
    assert "species" in words
    assert "Traceback" not in words
    assert not screen.failure._change.isHidden()


@pytest.mark.bundled("own")
def test_what_is_missing_is_shown_before_anything_is_sent(app: RunningApp) -> None:
    app.window.go(AnalysisRoute("linear"))
    screen = app.window.screen_shown
    assert isinstance(screen, AnalysisScreen)
    screen.run()
    assert screen.problem.isVisible()
    assert not app.session.entries()


def test_a_form_survives_the_end_of_the_app(start_app: Callable[[], RunningApp], qtbot: QtBot) -> None:
    before = start_app()
    before.connected()
    screen = form_of(before, AnalysisRoute("linear", (EXAMPLES / "penguins.csv",)))
    assert screen.form is not None
    screen.form.state.set("target", "body_mass_g")
    qtbot.waitUntil(lambda: screen.filling.store.load("linear", "fit").draft is not None, timeout=WAIT)
    before.close()
    after = start_app()
    after.connected()
    again = form_of(after, AnalysisRoute("linear"))
    assert again.form is not None
    assert again.form.values["target"] == "body_mass_g"
    qtbot.waitUntil(lambda: again.slots["data"].path == EXAMPLES / "penguins.csv", timeout=WAIT)


def test_a_run_is_watched_live_and_cancelled(app: RunningApp) -> None:
    page = submitted(app, "noop", stamps=1000, log_lines=5)
    app.qtbot.waitUntil(lambda: page.entry is not None and page.entry.phase is Phase.RUNNING, timeout=WAIT)
    assert page.pages.shown is page.progress
    assert "running for" in page.progress._facts.text()
    page.progress.cancel_wanted.emit()
    assert page.progress._cancel.text() == "Cancelling…", "the answer is at once"
    assert ended(app, page) is Phase.CANCELLED
    assert "cancelled" in page.failure._title.text()


def test_a_crashed_run_is_told_without_a_traceback_and_its_log_is_at_hand(app: RunningApp) -> None:
    page = submitted(app, "faulty", fault="exception")
    assert ended(app, page) is Phase.FAILED
    shown = " ".join(part.text() for part in (page.failure._title, page.failure._detail, page.failure._hint))
    assert shown.strip()
    assert "Traceback" not in shown
    page.failure.log_wanted.emit()
    assert page.pages.tabs.currentWidget().isAncestorOf(page.log)
    app.qtbot.waitUntil(lambda: "ZeroDivisionError" in page.log.text)


def test_leaving_the_page_and_coming_back_shows_the_same_results(app: RunningApp) -> None:
    page = penguins(app)
    assert ended(app, page) is Phase.SUCCEEDED
    key, kinds = page.key, [frame.view.id for frame in page.results.frames]
    assert key is not None
    other = submitted(app, "noop")
    assert ended(app, other) is Phase.SUCCEEDED
    other_key = other.key
    assert other_key is not None
    app.window.go(RunRoute(key))
    app.qtbot.waitUntil(
        lambda: page.key == key and page.pages.shown is page.results and not page.results._turn.isActive(),
        timeout=WAIT,
    )
    assert [frame.view.id for frame in page.results.frames] == kinds
    page.pages.tabs.setCurrentIndex(FILES)
    app.session.delete(key)
    app.qtbot.waitUntil(lambda: page.pages.shown is page.pages._gone)
    for _ in range(2):  # when it goes, and when somebody comes back to it after another
        assert not page.head.isVisible(), "it would tell of another run"
        assert not page.pages.tabs.tabBar().isVisible()
        assert page.pages.tabs.currentIndex() == 0
        app.window.go(RunRoute(other_key))
        app.qtbot.waitUntil(lambda: page.pages.shown is page.results)
        assert page.head.isVisible()
        assert page.pages.tabs.tabBar().isVisible()
        app.window.go(RunRoute(key))
        app.qtbot.waitUntil(lambda: page.pages.shown is page.pages._gone)


def test_many_visits_to_results_leave_as_many_plots_as_one(app: RunningApp) -> None:
    """Pages of results are made and forgotten as often as one likes: no widget, thread or plot of theirs stays behind."""
    page = penguins(app)
    assert ended(app, page) is Phase.SUCCEEDED
    first = page.key
    assert first is not None
    other = submitted(app, "noop")
    assert ended(app, other) is Phase.SUCCEEDED
    second = other.key
    assert second is not None
    counts: list[tuple[int, int]] = []

    for _ in range(6):
        for key in (second, first):
            app.window.go(RunRoute(key))
            app.qtbot.waitUntil(partial(_drawn, page, key), timeout=WAIT)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        counts.append((len(page.findChildren(QWidget)), threading.active_count()))

    widgets, threads = zip(*counts, strict=True)
    assert widgets[0] == widgets[-1], "widgets of earlier visits stay"
    assert max(threads) <= threads[0] + 2


def _drawn(page: RunScreen, key: JobKey) -> bool:
    return page.key == key and page.pages.shown is page.results and not page.results._turn.isActive()


@pytest.mark.parametrize(
    ("title", "name"),
    [("a/b: c?", "a b c.png"), ("…", "….png"), ("///", "figure.png"), ("摩耗量", "摩耗量.png")],
)
def test_a_title_becomes_a_file_name(title: str, name: str) -> None:
    assert file_name(title, ".png") == name


def test_programs_among_the_files_are_never_opened() -> None:
    assert may_open("tables/a.csv")
    assert not any(
        may_open(name) for name in ("a.exe", "a.sh", "a.desktop", "a.bat", "a.js", "a", "a.csv.lnk", "a.py")
    )


def test_chosen_words_of_a_list_are_shown_as_the_form_names_them() -> None:
    spec = FieldSpec(
        name="models",
        title="Models",
        kind=FieldKind.CHOICES,
        choices=(Choice("random_forest", "Random forest"), Choice("linear", "Linear (baseline)")),
    )

    assert value_text(["linear", "random_forest", "other"], spec) == "Linear (baseline), Random forest, other"
    budget = FieldSpec(
        name="budget", title="Time budget", kind=FieldKind.NUMBER, unit="s", zero_label="none: by trials"
    )
    assert [value_text(value, budget) for value in (0.0, 60.0, 0.5)] == ["none: by trials", "60 s", "0.5 s"]
