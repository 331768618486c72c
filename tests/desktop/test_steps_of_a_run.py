"""The steps of a run in the real window: set up, run, run all, pause with a reason, kill; and the page of programs."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QScrollArea, QScrollBar

from tests.desktop.conftest import RunningApp
from zerosec_client.api import Api
from zerosec_client.errors import TimedOutError
from zerosec_desktop.navigation import AnalysisRoute, CompareRoute, JobKey, ProgramsRoute, RunRoute
from zerosec_desktop.reading.path_facts import PathFacts
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.jobs import log_following
from zerosec_desktop.screens.programs.screen import ProgramsScreen
from zerosec_desktop.screens.run import stepping
from zerosec_desktop.screens.run.pages import FILES, LOG
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.runs import JobCreate, JobState, RunPatch, RunStatus

pytestmark = [pytest.mark.timeout(240), pytest.mark.bundled("shared")]


@pytest.fixture
def app(start_app: Callable[[], RunningApp]) -> Iterator[RunningApp]:
    running = start_app()
    running.window.resize(1280, 860)
    running.connected()
    return running


def started(app: RunningApp, folder: Path, step: str = "upper", name: str = "letters") -> RunScreen:
    """A run of the test analysis of several steps, its first step executed, shown."""
    text = folder / "text.txt"
    text.write_text("ax\nb\n")
    key = app.session.submit(
        analysis="stepped", step=step, name=name, parameters={}, inputs={"text": [(text, None)]}
    )
    app.qtbot.waitUntil(lambda: app.session.entry(key) is not None)
    app.window.go(RunRoute(key))
    screen = app.window.screen_shown
    assert isinstance(screen, RunScreen)
    app.qtbot.waitUntil(lambda: screen.steps.isVisible() and told(screen).get(step, "").startswith("done"))
    return screen


def told(screen: RunScreen) -> dict[str, str]:
    return {name: row._told.text() for name, row in screen.steps.rows.items()}


def ground(screen: RunScreen, step: str) -> int:
    """The colour behind a step's title."""
    image = screen.steps.rows[step]._title.grab().toImage()
    return image.pixel(image.width() - 8, image.height() // 2)


def set_up(app: RunningApp, screen: RunScreen, step: str) -> None:
    before = screen.step_page.form
    screen.steps.rows[step].set_up_button.click()
    app.qtbot.waitUntil(lambda: screen.step_page.form is not before)
    assert screen.step_page.step is not None
    assert screen.step_page.step.id == step


def test_a_step_is_set_up_run_and_repeated_and_what_it_made_stale_says_so(
    app: RunningApp, tmp_path: Path
) -> None:
    screen = started(app, tmp_path)
    assert screen.steps.isVisible()
    assert told(screen)["count"] == "not executed yet"

    set_up(app, screen, "count")
    page = screen.step_page
    assert screen.pages.shown is page
    assert page.choices["text"].currentText().startswith("Capitals: text0.txt")
    assert page.choices["text"].itemText(1) == "The run's own: text.txt"
    page.run_button.click()
    app.qtbot.waitUntil(lambda: told(screen)["count"].startswith("done"))
    app.qtbot.waitUntil(lambda: screen.entry is not None and screen.entry.step == "count")

    set_up(app, screen, "upper")
    assert page.form is not None
    page.form.state.set("letters", "a")
    page.run_button.click()
    app.qtbot.waitUntil(lambda: "2 attempts" in told(screen)["upper"])
    app.qtbot.waitUntil(lambda: screen.steps.rows["count"]._stale.isVisible())
    assert screen.steps.rows["count"]._stale.text().startswith("Stale")
    app.qtbot.waitUntil(lambda: screen.job is not None and screen.job.parameters["letters"] == "a")

    set_up(app, screen, "count")
    offered = [page.choices["text"].itemText(at) for at in range(3)]
    assert "attempt 2" in offered[0]
    assert offered[1] == "The run's own: text.txt"
    assert "attempt 1" in offered[2]

    row = screen.steps.rows["upper"]
    assert row.attempts.isVisible()
    menu = row.attempts_menu()
    compare = menu.actions()[-1]
    assert len([action for action in menu.actions() if not action.isSeparator()]) == 3
    assert [action.text().split(" · ")[0] for action in menu.actions()[:2]] == ["Attempt 2", "Attempt 1"]
    assert "attempt 2 of 2 · " in screen.head._facts.full_text()
    app.qtbot.waitUntil(lambda: ground(screen, "count") != ground(screen, "upper") == ground(screen, "drop"))
    menu.actions()[1].trigger()
    app.qtbot.waitUntil(lambda: "attempt 1 of 2 · " in screen.head._facts.full_text())
    compare.trigger()
    menu.deleteLater()
    assert isinstance(app.window.trail.here, CompareRoute)


def test_run_all_pauses_with_the_reason_and_goes_on(app: RunningApp, tmp_path: Path) -> None:
    screen = started(app, tmp_path)
    set_up(app, screen, "drop")
    assert screen.step_page.form is not None
    screen.step_page.form.state.set("fail", True)
    screen.step_page.run_button.click()
    app.qtbot.waitUntil(lambda: told(screen)["drop"].startswith("failed"))

    screen.steps.run_all.click()
    app.qtbot.waitUntil(lambda: screen.steps.resume.isVisible())
    assert screen.steps.said.text() == "Run all is paused. The step “Dropping” failed."

    screen.steps.rows["drop"].counts.click()
    app.qtbot.waitUntil(lambda: not screen.steps.rows["drop"].counts.isChecked())
    set_up(app, screen, "drop")
    assert screen.step_page.form is not None
    screen.step_page.form.state.set("fail", False)
    screen.step_page.run_button.click()
    app.qtbot.waitUntil(lambda: told(screen)["drop"].startswith("done"))
    screen.steps.resume.click()
    app.qtbot.waitUntil(lambda: told(screen)["report"].startswith("done"))


def answered(app: RunningApp, name: str) -> None:
    app.qtbot.waitUntil(lambda: name not in app.app.bridge.pending)


def test_what_runs_is_what_the_page_showed_when_run_was_pressed(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = started(app, tmp_path)
    set_up(app, screen, "drop")
    page = screen.step_page
    assert page.form is not None
    page.form.state.set("letters", "a")
    looked: list[Callable[[Mapping[Path, PathFacts]], None]] = []
    monkeypatch.setattr(stepping, "ask_paths", lambda bridge, paths, done: looked.append(done))

    screen.steps.rows["drop"].set_up_button.click()
    page.run_button.click()
    answered(app, "step plan")
    looked[0]({})

    app.qtbot.waitUntil(lambda: told(screen)["drop"].startswith("done"))
    app.qtbot.waitUntil(lambda: screen.job is not None and screen.job.step == "drop")
    assert screen.job is not None
    assert screen.job.parameters["letters"] == "a"


def test_an_answer_older_than_what_was_asked_for_since_is_asked_again(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = started(app, tmp_path)
    answered(app, "steps")
    read, go_on, real = threading.Event(), threading.Event(), Api.run_status

    async def late(api: Api, run_id: UUID) -> RunStatus:
        status = await real(api, run_id)
        read.set()
        await asyncio.to_thread(go_on.wait)
        return status

    monkeypatch.setattr(Api, "run_status", late)
    screen.stepping.ask()
    app.qtbot.waitUntil(read.is_set)
    screen.steps.rows["drop"].counts.click()
    answered(app, "steps of a run")
    go_on.set()
    answered(app, "steps")

    assert not screen.steps.rows["drop"].counts.isChecked()


def test_where_the_steps_stand_is_asked_until_the_server_answers(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = started(app, tmp_path)
    answered(app, "steps")
    status = screen.stepping.status
    assert status is not None
    app.session.ask(
        app.session.current_target,
        lambda api: api.patch_run(status.id, RunPatch(included={"drop": False})),
        name="patch",
        done=lambda _: None,
    )
    answered(app, "patch")
    real, tries = Api.run_status, 0

    async def once_silent(api: Api, run_id: UUID) -> RunStatus:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise TimedOutError("The server did not answer in time.")
        return await real(api, run_id)

    monkeypatch.setattr(Api, "run_status", once_silent)
    screen.stepping.ask()

    app.qtbot.waitUntil(lambda: not screen.steps.rows["drop"].counts.isChecked())


def test_the_log_of_a_step_is_followed_while_it_runs_searched_and_saved(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = started(app, tmp_path)
    set_up(app, screen, "count")
    assert screen.step_page.form is not None
    screen.step_page.form.state.set("hold", str(tmp_path))
    screen.step_page.run_button.click()
    app.qtbot.waitUntil(lambda: bool(list(tmp_path.glob("started.*"))))
    app.qtbot.waitUntil(lambda: screen.entry is not None and screen.entry.step == "count")

    screen.pages.tabs.setCurrentIndex(LOG)
    app.qtbot.waitUntil(lambda: screen.log.text.endswith("it holds\n"))
    (tmp_path / "go").touch()
    app.qtbot.waitUntil(lambda: "it holds\nit goes on\n" in screen.log.text)
    app.qtbot.waitUntil(lambda: told(screen)["count"].startswith("done"))

    screen.log.search.setText("it holds")
    assert screen.log.found.text() == "2 found"
    place = tmp_path / "saved.txt"
    monkeypatch.setattr(log_following, "choose_save", lambda *rest: rest[-1]([place]))
    screen.log.save_button.click()
    app.qtbot.waitUntil(lambda: place.is_file() and "it goes on" in place.read_text())
    app.qtbot.waitUntil(lambda: screen.log.text == place.read_text())


def test_a_cleaned_run_shows_no_files_that_are_gone_and_a_long_name_ends_in_dots(
    app: RunningApp, tmp_path: Path
) -> None:
    screen = started(app, tmp_path, name="患者の全サンプル" * 20)
    app.qtbot.waitUntil(lambda: "text0.txt" in screen.exports.artifacts)
    assert app.window.heading.full_text() == "患者の全サンプル" * 20
    assert app.window.heading.geometry().right() < app.window.bell.geometry().left()

    app.window.resize(1280, 600)  # a few steps fit
    set_up(app, screen, "impossible")
    row = screen.steps.rows["impossible"]
    app.qtbot.waitUntil(lambda: row.visibleRegion().boundingRect() == row.rect())
    app.window.resize(1280, 520)  # fewer: the one whose page is open stays in sight
    bar = screen.steps.findChild(QScrollArea).verticalScrollBar()
    app.qtbot.waitUntil(lambda: row.visibleRegion().boundingRect() == row.rect() and bar.value() > 0)
    bar.triggerAction(QScrollBar.SliderAction.SliderToMinimum)
    room = bar.maximum()
    app.window.resize(1280, 480)
    app.qtbot.waitUntil(lambda: bar.maximum() > room)
    QApplication.processEvents()
    assert bar.value() == 0  # where the user scrolls to stays

    screen.steps.clean.click()
    dialog = next(each for each in screen.findChildren(QDialog) if each.isVisible())
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Delete the files").click()
    app.qtbot.waitUntil(lambda: list(screen.exports.artifacts) == ["log.txt"])
    assert screen.pages.tabs.tabText(FILES).endswith("(1)")


def test_a_cleaned_run_says_when_its_files_went(app: RunningApp, tmp_path: Path) -> None:
    screen = started(app, tmp_path)
    app.qtbot.waitUntil(lambda: "text0.txt" in screen.exports.artifacts)
    assert screen.files.cleaned.isHidden()

    screen.steps.clean.click()
    dialog = next(each for each in screen.findChildren(QDialog) if each.isVisible())
    next(each for each in dialog.findChildren(QPushButton) if each.text() == "Delete the files").click()

    app.qtbot.waitUntil(lambda: not screen.files.cleaned.isHidden())
    assert screen.files.cleaned.text().startswith("The files were deleted on ")


def test_a_run_is_killed_and_a_step_without_its_program_cannot_be_run(
    app: RunningApp, tmp_path: Path
) -> None:
    screen = started(app, tmp_path)
    set_up(app, screen, "impossible")
    assert not screen.step_page.run_button.isEnabled()
    assert "Nobody" in screen.step_page.run_button.toolTip()
    assert "Ask whoever wrote it." in screen.step_page.run_button.toolTip()

    set_up(app, screen, "count")
    assert screen.step_page.form is not None
    screen.step_page.form.state.set("hold", str(tmp_path))
    screen.step_page.run_button.click()
    app.qtbot.waitUntil(lambda: bool(list(tmp_path.glob("started.*"))))
    app.qtbot.waitUntil(lambda: screen.steps.kill.isVisible())
    screen.steps.kill.click()
    app.qtbot.waitUntil(lambda: told(screen)["count"].startswith("cancelled"))
    app.qtbot.waitUntil(lambda: not screen.steps.kill.isVisible())


def test_while_a_new_run_is_sent_the_steps_of_another_are_not_beside_it(
    app: RunningApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = started(app, tmp_path)
    go_on, real = threading.Event(), Api.submit

    async def late(api: Api, request: JobCreate, *, wait_s: float = 0.0) -> JobState:
        await asyncio.to_thread(go_on.wait)
        return await real(api, request, wait_s=wait_s)

    monkeypatch.setattr(Api, "submit", late)
    files = {"text": [(tmp_path / "text.txt", None)]}
    key = app.session.submit(analysis="stepped", step="drop", name="new", parameters={}, inputs=files)
    app.window.go(RunRoute(key))
    hidden = not screen.steps.isVisible()
    go_on.set()

    assert hidden
    app.qtbot.waitUntil(lambda: told(screen).get("drop", "").startswith("done"))
    assert screen.steps.isVisible()
    assert told(screen)["upper"] == "not executed yet"


def test_a_run_that_is_deleted_elsewhere_is_not_shown_any_more(app: RunningApp, tmp_path: Path) -> None:
    started(app, tmp_path, name="stays")
    screen = started(app, tmp_path)
    assert screen.key is not None
    entry = app.session.entry(screen.key)
    assert entry is not None
    assert entry.state is not None
    run_id, known = entry.state.run_id, {entry.key for entry in app.session.entries()}

    app.session.ask(
        app.session.current_target,
        lambda api: api.delete_run(run_id),
        name="delete",
        done=lambda _: None,
    )

    gone = {screen.key}
    app.qtbot.waitUntil(lambda: {entry.key for entry in app.session.entries()} == known - gone)
    assert not screen.steps.isVisible()
    assert screen.pages.shown is screen.pages._gone


def test_analyses_of_one_step_have_no_panel(app: RunningApp) -> None:
    key = app.session.submit(analysis="noop", step=None, name="noop", parameters={}, inputs={})
    app.qtbot.waitUntil(lambda: (e := app.session.entry(key)) is not None and e.phase.ended)
    app.window.go(RunRoute(JobKey(key.target, key.job_id)))
    screen = app.window.screen_shown
    assert isinstance(screen, RunScreen)
    app.qtbot.waitUntil(lambda: screen.job is not None)

    assert not screen.steps.isVisible()


def test_a_new_run_says_at_once_which_steps_lack_a_program_and_how_to_get_it(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[AnalysisInfo] = []
    app.session.ask(
        app.session.current_target, lambda api: api.analysis("stepped"), name="analysis", done=known.append
    )
    app.qtbot.waitUntil(lambda: bool(known))
    monkeypatch.setattr(app.session, "analysis", lambda *_: known[0])  # it is hidden from the catalogue
    app.window.go(AnalysisRoute("stepped"))
    form = app.window.screen_shown
    assert isinstance(form, AnalysisScreen)
    app.qtbot.waitUntil(lambda: form.form is not None and form.programs.others.isVisible())
    assert form.programs.here.isHidden()
    assert form.programs.others.title.text().startswith("Other steps lack a program; this one can run")
    assert form.programs.others.detail.text() == "Nobody is missing for: Impossible. Ask whoever wrote it."
    assert not form.programs.lacks

    app.window.go(AnalysisRoute("stepped", step="impossible"))
    app.qtbot.waitUntil(form.programs.here.isVisible)
    assert form.programs.here.title.text() == "This step cannot run yet: the server has no Nobody"
    assert form.programs.here.detail.text() == "Ask whoever wrote it."
    assert form.programs.others.isHidden()
    assert form.summary.hint.text() != "Ready to run"

    app.window.go(AnalysisRoute("stepped", step="count"))
    app.qtbot.waitUntil(lambda: form.programs.others.isVisible() and form.programs.here.isHidden())


def test_programs_are_shown_with_version_source_and_what_to_install(app: RunningApp) -> None:
    app.window.go(ProgramsRoute())
    screen = app.window.screen_shown
    assert isinstance(screen, ProgramsScreen)
    app.qtbot.waitUntil(lambda: len(screen.cards) > 5)

    by_name = {card.program.name: card.program for card in screen.cards}
    assert by_name["sort"].found
    assert not by_name["a-program-nobody-has"].found
    assert not screen.cards[0].program.found
    before = screen.cards[0]
    screen.again.click()
    app.qtbot.waitUntil(lambda: bool(screen.cards) and screen.cards[0] is not before)
