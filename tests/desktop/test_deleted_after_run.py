"""A run that is deleted or given up right after *Run*, wherever it has come to: it ends, and nothing of it comes back."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from tests.desktop.conftest import RunningApp
from tests.desktop.submitting import phase, submit_noop
from zerosec_client.api import Api
from zerosec_client.errors import NotFoundError
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import JobKey
from zerosec_shared.runs import JobCreate, JobState

pytestmark = [pytest.mark.timeout(240), pytest.mark.bundled("shared")]


@pytest.fixture
def app(start_app: Callable[[], RunningApp]) -> RunningApp:
    running = start_app()
    running.connected()
    return running


def answer(app: RunningApp, ask: Callable[[Api], Awaitable[object]], key: JobKey) -> object:
    """What the server says, or why not."""
    answers: list[object] = []

    async def asking() -> object:
        return await ask(await app.session.connection(key.target).api())

    app.app.bridge.start(asking(), name="ask the server", done=answers.append, failed=answers.append)
    app.qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def gone(app: RunningApp, key: JobKey) -> None:
    """Neither the window nor the server knows it, and a look at the server's list brings nothing back."""
    app.qtbot.waitUntil(lambda: not {"discard", "delete"} & set(app.app.bridge.pending))
    assert isinstance(answer(app, lambda api: api.job_state(key.job_id), key), NotFoundError)
    answer(app, app.session.connection(key.target)._newest, key)
    assert app.session.entry(key) is None


def endless(app: RunningApp) -> JobKey:
    """A job that ends only when it is told to."""
    return submit_noop(app, until_finished=True)


@pytest.mark.parametrize("at", [Phase.QUEUED, Phase.RUNNING])
def test_a_run_that_has_not_ended_is_cancelled_and_deleted(app: RunningApp, at: Phase) -> None:
    before = []
    if at is Phase.QUEUED:  # all places are taken
        status = app.session.target_states()[0].status
        assert status is not None
        before = [endless(app) for _ in range(status.slots)]
        for key in before:
            app.qtbot.waitUntil(lambda key=key: phase(app, key) is Phase.RUNNING)
    key = endless(app)
    app.qtbot.waitUntil(lambda: phase(app, key) is at)

    app.session.delete(key)

    app.qtbot.waitUntil(lambda: app.session.entry(key) is None)
    gone(app, key)
    for other in before:
        assert phase(app, other) is Phase.RUNNING, "only the one that was meant"
        app.session.delete(other)
        app.qtbot.waitUntil(lambda other=other: app.session.entry(other) is None)


class Line:
    """To the server: a job is posted before its answer is lost, or only when nobody waits for it any more."""

    def __init__(self, *, late: bool) -> None:
        self.late = late
        self.posted = threading.Event()
        self._submit = Api.submit
        self._kept: set[asyncio.Task[JobState]] = set()

    async def submit(self, api: Api, request: JobCreate) -> JobState:
        if not self.late:
            await self._submit(api, request)
        self.posted.set()
        try:
            return await asyncio.Future()
        finally:
            if self.late:
                self._kept.add(asyncio.create_task(self._submit(api, request)))


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("give_up", ["cancel", "delete"])
def test_what_the_server_got_before_its_answer_was_here_ends_when_it_is_given_up(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch, give_up: str, late: bool
) -> None:
    line = Line(late=late)
    monkeypatch.setattr(Api, "submit", lambda api, request: line.submit(api, request))
    key = endless(app)
    app.qtbot.waitUntil(line.posted.is_set)
    assert phase(app, key) is Phase.SENDING

    getattr(app.session, give_up)(key)

    app.qtbot.waitUntil(lambda: app.session.entry(key) is None)
    gone(app, key)


def test_a_repetition_that_is_given_up_on_its_way_is_cancelled_and_its_run_stays(
    app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = endless(app)
    app.qtbot.waitUntil(lambda: phase(app, first) is Phase.RUNNING)
    app.session.finish(first)
    app.qtbot.waitUntil(lambda: phase(app, first) is Phase.SUCCEEDED)
    entry = app.session.entry(first)
    assert entry is not None
    assert entry.state is not None
    execute = Api.create_step
    posted = threading.Event()

    async def answer_is_lost(api: Api, run_id: UUID, step: str, request: object) -> JobState:
        await execute(api, run_id, step, request)  # type: ignore[arg-type]
        posted.set()
        return await asyncio.Future()

    monkeypatch.setattr(Api, "create_step", answer_is_lost)
    app.session.retry(first)
    app.qtbot.waitUntil(posted.is_set)
    repeated = next(one.key for one in app.session.entries() if one.state is None)

    app.session.cancel(repeated)

    app.qtbot.waitUntil(lambda: "discard" not in app.app.bridge.pending)
    app.qtbot.waitUntil(lambda: phase(app, repeated) is Phase.CANCELLED)
    assert phase(app, first) is Phase.SUCCEEDED
