"""The real window on the real bundled server: submit, progress, close, reopen, results; all screens, both languages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from tests.analyses.noop.spec import ANALYSIS as NOOP
from tests.desktop.conftest import EXAMPLES, RunningApp
from tests.desktop.submitting import phase, submit_linear, submit_noop
from zerosec_client.api import Api
from zerosec_client.errors import NotFoundError, ServerUnreachableError
from zerosec_client.outbox import Entry, Outbox, State
from zerosec_client.paths import client_dir
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import (
    CatalogueRoute,
    HistoryRoute,
    HomeRoute,
    JobKey,
    JobsRoute,
    PreviewRoute,
    RunRoute,
    SettingsRoute,
    TargetsRoute,
)
from zerosec_desktop.screens.jobs.screen import JobsScreen
from zerosec_desktop.screens.preview.screen import PreviewScreen
from zerosec_desktop.screens.run.progress import ProgressPage
from zerosec_shared.events import Event
from zerosec_shared.ids import new_id
from zerosec_shared.runs import StepCreate

QT_OWN = {"qt_toolbar_ext_button", "ScrollLeftButton", "ScrollRightButton", "_q_qlineeditclearaction"}
pytestmark = pytest.mark.bundled("shared")
StartApp = Callable[[], RunningApp]


def test_a_job_is_shown_at_once_runs_to_its_end_and_is_there_after_reopening(
    start_app: StartApp, qtbot: QtBot
) -> None:
    app = start_app()
    app.connected()
    app.window.go(JobsRoute())
    key = submit_linear(app)
    assert phase(app, key) is Phase.SENDING, "shown before anything was written or sent"
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=90_000)
    screen = app.window.screen_shown
    assert isinstance(screen, JobsScreen)
    qtbot.waitUntil(lambda: screen.model.index_of(key).isValid())
    assert app.app.notifications.items[0].title == "Body mass is done"
    got: list[object] = []
    app.session.results(key, got.append)
    qtbot.waitUntil(lambda: bool(got), timeout=20_000)
    app.close()

    again = start_app()
    qtbot.waitUntil(lambda: phase(again, key) is Phase.SUCCEEDED, timeout=30_000)
    entry = again.session.entry(key)
    assert entry is not None
    assert entry.name == "Body mass"


def test_a_window_closed_at_once_after_run_loses_nothing(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    with qtbot.waitSignal(app.session.submitted, timeout=20_000):
        key = app.session.submit(
            analysis="noop",
            step=None,
            name="Nothing",
            parameters={},
            inputs={"data": [(EXAMPLES / "penguins.csv", None)]},
        )
    app.close()
    again = start_app()
    qtbot.waitUntil(lambda: phase(again, key) is Phase.SUCCEEDED, timeout=90_000)


def test_a_refused_submission_says_why_and_can_be_discarded(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    failed: list[Exception] = []
    key = app.session.submit(
        analysis="linear", step=None, name="No target", parameters={}, inputs={}, failed=failed.append
    )
    qtbot.waitUntil(lambda: phase(app, key) is Phase.REFUSED, timeout=30_000)
    entry = app.session.entry(key)
    assert entry is not None
    assert entry.trouble
    qtbot.waitUntil(lambda: len(failed) == 1)
    app.session.delete(key)
    qtbot.waitUntil(lambda: app.session.entry(key) is None, timeout=20_000)


def test_what_is_refused_once_more_says_so_once(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    first = app.session.submit(
        analysis="linear", step=None, name="No target", parameters={}, inputs={}, failed=lambda _error: None
    )
    qtbot.waitUntil(lambda: phase(app, first) is Phase.REFUSED)
    app.app.notifications.clear()
    begun: list[JobKey] = []
    app.session.retry(first, begun.append)
    qtbot.waitUntil(lambda: len(begun) == 1 and phase(app, begun[0]) is Phase.REFUSED)
    qtbot.waitUntil(lambda: "send again" not in app.app.bridge.pending)
    assert [said.title for said in app.app.notifications.items] == ["No target was refused"]


def test_what_is_refused_is_said_once_where_nobody_else_shows_it(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    app.app.notifications.clear()
    refused = app.session.submit(analysis="linear", step=None, name="No target", parameters={}, inputs={})
    qtbot.waitUntil(lambda: phase(app, refused) is Phase.REFUSED)
    qtbot.waitUntil(lambda: "submit No target" not in app.app.bridge.pending)
    assert [said.title for said in app.app.notifications.items] == ["No target was refused"]
    app.session.delete(refused)
    qtbot.waitUntil(lambda: app.session.entry(refused) is None)


def test_the_end_of_a_job_is_said_once_though_its_events_are_read_again(
    start_app: StartApp, qtbot: QtBot
) -> None:
    """One that ends at once is known to have failed before its first event is read."""
    app = start_app()
    app.connected()
    key = app.session.submit(
        analysis="faulty", step=None, name="Fails", parameters={"fault": "exception"}, inputs={}
    )
    qtbot.waitUntil(lambda: phase(app, key) is Phase.FAILED)
    qtbot.waitUntil(lambda: "submit Fails" not in app.app.bridge.pending)
    connection = app.session.connection(key.target)
    ended: list[JobEntry] = []
    heard: list[Event] = []
    app.session.job_ended.connect(ended.append)
    app.session.event_arrived.connect(lambda _key, event: heard.append(event))

    async def follow() -> None:
        connection.follow(key.job_id, 0)

    def read_again() -> bool:
        app.app.bridge.start(
            follow(), name="read again"
        )  # does nothing while it is still followed from before
        return any(event.terminal for event in heard)

    qtbot.waitUntil(read_again)
    assert ended == []
    assert phase(app, key) is Phase.FAILED


def test_a_cancel_answers_at_once_and_the_job_ends_cancelled(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = start_app()
    app.connected()
    barrier = tmp_path / "barrier"
    barrier.mkdir()
    key = app.session.submit(
        analysis="faulty",
        step=None,
        name="Waits",
        parameters={"barrier": str(barrier)},
        inputs={},
    )
    qtbot.waitUntil(lambda: phase(app, key) in {Phase.RUNNING, Phase.FAILED}, timeout=60_000)
    if phase(app, key) is Phase.FAILED:
        entry = app.session.entry(key)
        raise AssertionError(entry.state.failure if entry is not None and entry.state is not None else "")
    app.session.cancel(key)
    assert phase(app, key) is Phase.CANCELLING
    qtbot.waitUntil(lambda: phase(app, key) is Phase.CANCELLED, timeout=60_000)


def test_a_search_is_stopped_with_what_it_has_by_a_button(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    # The analysis of the tests is hidden: servers do not list it, so the window is told of it here.
    known = (*app.session.catalogue(), NOOP.info())
    app.session.catalogue_news(app.session.current_target, known)
    qtbot.waitUntil(lambda: app.session.analysis("noop") is not None, timeout=10_000)
    key = app.session.submit(
        analysis="noop", step=None, name="Searches", parameters={"until_finished": True}, inputs={}
    )
    app.window.go(RunRoute(key))
    qtbot.waitUntil(lambda: phase(app, key) is Phase.RUNNING, timeout=60_000)
    page = app.window.findChild(ProgressPage)
    assert page is not None
    stop = next(b for b in page.findChildren(QPushButton) if b.text() == "Stop and keep the best")
    qtbot.waitUntil(stop.isVisible, timeout=20_000)

    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
    entry = app.session.entry(key)
    assert entry is not None
    assert not app.session.finishable(entry)


def test_a_job_can_be_run_again_pinned_and_deleted(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    key = submit_noop(app, seed=3)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
    made: list[JobKey] = []
    app.session.retry(key, made.append)
    qtbot.waitUntil(lambda: bool(made) and phase(app, made[0]) is Phase.SUCCEEDED, timeout=60_000)
    assert made[0] != key
    app.session.pin(key, True)
    qtbot.waitUntil(lambda: bool((e := app.session.entry(key)) and e.pinned), timeout=20_000)
    app.session.delete(key)
    qtbot.waitUntil(lambda: app.session.entry(key) is None, timeout=20_000)
    qtbot.waitUntil(lambda: app.session.entry(made[0]) is None)


def test_a_job_that_ended_before_all_of_it_was_known_can_be_run_again(
    start_app: StartApp, qtbot: QtBot
) -> None:
    app = start_app()
    app.connected()
    key = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED)
    entry = app.session.entry(key)
    assert entry is not None
    again = JobKey(key.target, new_id())
    app.app.bridge.start(app.session.submissions.repeat(replace(entry, step=""), again), name="retry")
    qtbot.waitUntil(lambda: phase(app, again) in {Phase.SUCCEEDED, Phase.REFUSED})
    assert phase(app, again) is Phase.SUCCEEDED


@pytest.mark.bundled("own")
def test_run_again_is_written_down_before_it_is_sent(
    start_app: StartApp, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window ends before the server hears of it: the next start sends the same id, and there is one new job."""
    app = start_app()
    app.connected()
    key = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
    entry = app.session.entry(key)
    assert entry is not None
    assert entry.state is not None
    asked: list[object] = []

    async def never(_api: Api, run_id: object, step: str, request: StepCreate) -> None:
        asked.append((request.job_id, [kept.intent.job_id for kept in kept_intents()]))
        raise ServerUnreachableError("away")

    with monkeypatch.context() as patch:
        patch.setattr(Api, "create_step", never)
        app.session.retry(key)
        qtbot.waitUntil(lambda: bool(asked), timeout=20_000)
        job_id = kept_intents()[0].intent.job_id
        assert asked[0] == (job_id, [job_id]), "on the disk when it is first sent"
        again = JobKey(key.target, job_id)
        qtbot.waitUntil(lambda: phase(app, again) is Phase.WAITING, timeout=20_000)
        app.close()
    reopened = start_app()
    qtbot.waitUntil(lambda: phase(reopened, again) is Phase.SUCCEEDED, timeout=90_000)
    assert kept_intents() == []
    assert len(reopened.session.entries()) == 2


def kept_intents() -> list[Entry]:
    """What the outbox holds that is not finished."""
    with Outbox(client_dir() / "outbox.db") as outbox:
        return [entry for entry in outbox.unfinished() if entry.state is not State.ACCEPTED]


def test_a_repetition_the_server_refuses_says_why_and_can_be_discarded(
    start_app: StartApp, qtbot: QtBot
) -> None:
    """The run was deleted by someone else meanwhile."""
    app = start_app()
    app.connected()
    key = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
    entry = app.session.entry(key)
    assert entry is not None
    assert entry.state is not None
    of_a_run_that_is_gone = replace(entry, state=entry.state.model_copy(update={"run_id": new_id()}))
    refused: list[Exception] = []
    app.app.bridge.start(
        app.session.submissions.repeat(of_a_run_that_is_gone, JobKey(key.target, new_id())),
        name="retry",
        failed=refused.append,
    )
    qtbot.waitUntil(lambda: len(refused) == 1, timeout=20_000)
    assert isinstance(refused[0], NotFoundError)
    shown = [found for found in app.session.entries() if found.phase is Phase.REFUSED]
    assert len(shown) == 1
    assert shown[0].trouble
    app.session.delete(shown[0].key)
    qtbot.waitUntil(lambda: app.session.entry(shown[0].key) is None, timeout=20_000)
    assert kept_intents() == []


def test_results_of_two_runs_of_one_name_are_saved_side_by_side(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = start_app()
    app.connected()
    saved: list[Path] = []
    for count in (1, 2):
        key = submit_noop(app, files=1)
        qtbot.waitUntil(lambda key=key: phase(app, key) is Phase.SUCCEEDED, timeout=90_000)  # type: ignore[misc]
        app.session.save_all(key, tmp_path / "saved" / "Body mass", saved.append)
        qtbot.waitUntil(lambda count=count: len(saved) == count, timeout=30_000)  # type: ignore[misc]
    assert [path.name for path in saved] == ["Body mass", "Body mass (2)"]
    assert all((path / "group0" / "file0.txt").is_file() for path in saved)


def test_every_screen_opens_and_goes_back(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    for route in (
        CatalogueRoute(),
        JobsRoute(),
        HistoryRoute(),
        TargetsRoute(),
        SettingsRoute(),
        HomeRoute(),
    ):
        app.window.go(route)
        assert app.window.heading.full_text()
        nameless = [
            widget
            for widget in app.window.findChildren(QAbstractButton)
            if widget.isVisible() and not (widget.text() or widget.accessibleName())
        ]
        assert nameless == [], "every button says to a screen reader what it does"
        unreachable = [
            widget
            for widget in app.window.findChildren(QAbstractButton)
            if widget.isVisible()
            and widget.isEnabled()
            and widget.focusPolicy() == Qt.FocusPolicy.NoFocus
            and widget.objectName() not in QT_OWN
        ]
        assert unreachable == [], "everything can be reached by the keyboard"
    app.window.go_back()
    assert app.window.trail.here == SettingsRoute()


def test_a_dropped_file_is_shown(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(EXAMPLES / "penguins.csv"))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    app.window.dropEvent(event)
    qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, PreviewScreen))
    assert app.window.trail.here == PreviewRoute(EXAMPLES / "penguins.csv")
    assert app.app.settings.value.recent_files[0] == EXAMPLES / "penguins.csv"
    screen = app.window.screen_shown
    assert isinstance(screen, PreviewScreen)
    qtbot.waitUntil(lambda: screen.summaries is not None, timeout=30_000)


def test_a_dropped_folder_is_refused_in_words(start_app: StartApp, qtbot: QtBot, tmp_path: Path) -> None:
    app = start_app()
    app.window.open_files([tmp_path])
    qtbot.waitUntil(lambda: bool(app.app.notifications.items))
    assert app.app.notifications.items[0].title == "That is not a file"
    assert app.window.trail.here == HomeRoute()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_language_changes_at_once_and_the_place_stays(
    start_app: StartApp, qtbot: QtBot, language: str
) -> None:
    app = start_app()
    app.window.go(SettingsRoute())
    app.app.settings.change(language="ja" if language == "en" else "en")
    app.app._speak()
    app.app.settings.change(language=language)
    app.app._speak()
    assert app.app.window.trail.here == SettingsRoute()
    assert app.app.window.heading.full_text() == {"ja": "設定", "en": "Settings"}[language]
