"""A file that changes, goes or stands still while the window sends it: nothing is computed with it, and there is a way on."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.desktop.conftest import RunningApp
from tests.desktop.submitting import phase, submit_noop
from zerosec_client.api import Api
from zerosec_client.errors import NotFoundError
from zerosec_client.fingerprint import Fingerprint
from zerosec_client.outbox import Outbox, State
from zerosec_client.paths import client_dir
from zerosec_client.transfer.local import SourceFile
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import JobKey, RunRoute
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.session import submissions
from zerosec_shared.files import UploadRequest, UploadTicket
from zerosec_shared.runs import JobState

pytestmark = [pytest.mark.timeout(240), pytest.mark.bundled("shared")]
ROWS = 40


def table(path: Path) -> None:
    lines = [f"{x},{2 * x + x % 3}" for x in range(ROWS)]
    path.write_text("\n".join(["x,y", *lines]) + "\n")


def grow(path: Path) -> None:
    with path.open("a") as file:
        file.write("100,201\n")


def shrink(path: Path) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-5]))


def replace(path: Path) -> None:
    other = path.with_suffix(".new")
    other.write_text(path.read_text().replace("2", "3"))
    other.rename(path)


@pytest.fixture
def while_sent(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What is done, once each, when the server has said where the bytes of a file go, and they are about to."""
    todo: list[Callable[[], object]] = []
    presign = Api.presign_upload

    async def presign_then_disturb(api: Api, request: UploadRequest) -> UploadTicket:
        ticket = await presign(api, request)
        while todo:
            todo.pop()()
        return ticket

    monkeypatch.setattr(Api, "presign_upload", presign_then_disturb)
    return todo


@pytest.fixture
def app(start_app: Callable[[], RunningApp]) -> RunningApp:
    running = start_app()
    running.connected()
    return running


def submit(app: RunningApp, path: Path) -> JobKey:
    return app.session.submit(
        analysis="linear",
        step=None,
        name="On its way",
        parameters={"target": "y", "terms": "x"},
        inputs={"data": [(path, None)]},
        failed=app.app.notifications.problem,
    )


def send(app: RunningApp, path: Path) -> tuple[JobKey, RunScreen]:
    key = submit(app, path)
    app.qtbot.waitUntil(lambda: app.session.entry(key) is not None)
    app.window.go(RunRoute(key))
    shown = app.window.screen_shown
    assert isinstance(shown, RunScreen)
    return key, shown


def refused(app: RunningApp, page: RunScreen) -> str:
    """What the page of a run says that did not begin."""
    app.qtbot.waitUntil(
        lambda: page.pages.shown is page.failure and "did not begin" in page.failure._title.text()
    )
    return page.failure._detail.text()


def test_what_changed_under_way_is_not_run_and_can_be_sent_as_it_is_then(
    app: RunningApp, tmp_path: Path, while_sent: list[Callable[[], object]]
) -> None:
    for disturb in (grow, shrink, replace):
        path = tmp_path / f"{disturb.__name__}.csv"
        table(path)
        while_sent.append(partial(disturb, path))
        key, page = send(app, path)
        said = refused(app, page)
        assert f"{path.name} changed while it was being sent" in said, disturb

        page.failure._retry.click()
        app.qtbot.waitUntil(
            lambda page=page, key=key: page.key not in {None, key} and page.pages.shown is page.results
        )
        assert page.job is not None
        assert [file.name for file in page.job.inputs["data"]] == [path.name]
        assert app.session.entry(key) is None, "the one that did not begin is gone"


class Share:
    """A folder somewhere else that is asked, and answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.answers = threading.Event(), threading.Event()

    def look(self) -> None:
        self.asked.set()
        self.answers.wait()


@pytest.fixture
def share(app: RunningApp) -> Iterator[Share]:
    """Ends before the window does, which waits for its threads."""
    made = Share()
    yield made
    made.answers.set()


@pytest.fixture
def away_while_sent(share: Share, monkeypatch: pytest.MonkeyPatch) -> Share:
    """It does not answer while a file goes up."""
    look = SourceFile.check_unchanged

    def look_at_the_share(source: SourceFile) -> None:
        if threading.current_thread().name.startswith("transfer"):
            share.look()
        look(source)

    monkeypatch.setattr(SourceFile, "check_unchanged", look_at_the_share)
    return share


def sent_from(share: Share, app: RunningApp, tmp_path: Path) -> JobKey:
    """What is sent from there, when it does not answer any more."""
    path = tmp_path / "away.csv"
    table(path)
    key, _page = send(app, path)
    app.qtbot.waitUntil(share.asked.is_set)
    return key


def given_up_for_good(app: RunningApp, key: JobKey) -> None:
    """Nothing of it was sent, nothing will be, and nothing is left of it."""
    app.qtbot.waitUntil(lambda: not {"submit On its way", "discard"} & set(app.app.bridge.pending))
    with Outbox(client_dir() / "outbox.db") as outbox:
        kept = outbox.entry(key.job_id)
    assert kept is not None
    assert kept.state is State.DISCARDED
    assert app.session.entry(key) is None
    answers: list[Exception] = []
    app.app.bridge.start(
        job_of_the_server(app, key), name="ask the server", done=lambda _: None, failed=answers.append
    )
    app.qtbot.waitUntil(lambda: "ask the server" not in app.app.bridge.pending)
    assert [type(answer) for answer in answers] == [NotFoundError]


async def job_of_the_server(app: RunningApp, key: JobKey) -> JobState:
    api = await app.session.connection(key.target).api()
    return await api.job_state(key.job_id)


def test_what_is_sent_from_a_share_that_does_not_answer_can_be_given_up(
    app: RunningApp, tmp_path: Path, away_while_sent: Share
) -> None:
    key = sent_from(away_while_sent, app, tmp_path)

    app.session.delete(key)

    app.qtbot.waitUntil(lambda: app.session.entry(key) is None)
    assert not away_while_sent.answers.is_set(), "the share has not answered yet"
    away_while_sent.answers.set()
    given_up_for_good(app, key)


def test_that_something_is_given_up_is_written_down_before_anything_is_waited_for(
    app: RunningApp, tmp_path: Path, away_while_sent: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window may be closed the moment after: the next start must not send it."""
    monkeypatch.setattr(submissions, "LET_GO_S", 3600.0)
    key = sent_from(away_while_sent, app, tmp_path)

    app.session.delete(key)

    with Outbox(client_dir() / "outbox.db") as outbox:
        app.qtbot.waitUntil(
            lambda: (kept := outbox.entry(key.job_id)) is not None and kept.state is State.DISCARDED
        )
    assert not away_while_sent.answers.is_set(), "the share has not answered yet"
    away_while_sent.answers.set()
    app.qtbot.waitUntil(lambda: app.session.entry(key) is None)
    given_up_for_good(app, key)


def test_what_this_window_sends_is_not_taken_for_what_an_earlier_start_left(
    app: RunningApp, tmp_path: Path, away_while_sent: Share
) -> None:
    key = sent_from(away_while_sent, app, tmp_path)
    app.app.bridge.start(app.session.submissions.resume(), name="unsent submissions")
    app.qtbot.waitUntil(lambda: "unsent submissions" not in app.app.bridge.pending)
    assert phase(app, key) is Phase.SENDING

    app.session.delete(key)
    app.qtbot.waitUntil(lambda: app.session.entry(key) is None)
    away_while_sent.answers.set()

    given_up_for_good(app, key)


def test_what_is_given_up_before_its_files_were_looked_at_is_never_sent(
    app: RunningApp, tmp_path: Path, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Fingerprint.of

    def look_at_the_share(path: Path) -> Fingerprint:
        share.look()
        return look(path)

    path = tmp_path / "early.csv"
    table(path)
    monkeypatch.setattr(Fingerprint, "of", look_at_the_share)
    key = submit(app, path)
    app.qtbot.waitUntil(share.asked.is_set)

    app.session.delete(key)

    app.qtbot.waitUntil(lambda: app.session.entry(key) is None)
    share.answers.set()
    given_up_for_good(app, key)


def test_what_the_server_refused_is_not_looked_for_there_when_it_is_given_up(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_for: list[object] = []
    monkeypatch.setattr(Api, "job_state", lambda _api, job_id: looked_for.append(job_id))
    key = submit_noop(app, no_such_parameter=1)
    app.qtbot.waitUntil(lambda: phase(app, key) is Phase.REFUSED)
    with Outbox(client_dir() / "outbox.db") as outbox:
        kept = outbox.entry(key.job_id)
    assert kept is not None
    assert kept.request is not None, "it was sent"

    app.session.delete(key)

    app.qtbot.waitUntil(lambda: app.session.entry(key) is None and "discard" not in app.app.bridge.pending)
    assert not looked_for


def test_a_file_that_went_away_is_said_and_its_run_waits_for_it(
    app: RunningApp, tmp_path: Path, while_sent: list[Callable[[], object]]
) -> None:
    path, elsewhere = tmp_path / "measured.csv", tmp_path / "elsewhere.csv"
    table(path)
    while_sent.append(partial(path.rename, elsewhere))
    key, page = send(app, path)
    assert f"{path.name} is not there" in refused(app, page)

    said = len(app.app.notifications.items)
    page.failure._retry.click()
    app.qtbot.waitUntil(lambda: len(app.app.notifications.items) > said)
    assert "There is no file" in app.app.notifications.items[0].title
    assert phase(app, key) is Phase.REFUSED, "asking for it while the file is away loses nothing"

    elsewhere.rename(path)
    page.failure._retry.click()
    app.qtbot.waitUntil(lambda: page.key == key and page.pages.shown is page.results)
