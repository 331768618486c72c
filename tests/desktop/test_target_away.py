"""While a server starts or is away, every page says so in its place, promises only what is there, and is whole again when it is back."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.conftest import RunningServer
from tests.desktop.conftest import RunningApp
from tests.desktop.submitting import phase
from tests.network import FaultyProxy, faulty_proxy
from zerosec_client.api import Api
from zerosec_client.errors import ServerNotStartedError, ServerUnreachableError
from zerosec_client.targets import Target, Targets
from zerosec_desktop.context import Context
from zerosec_desktop.jobs import Condition, Phase, TargetState
from zerosec_desktop.navigation import (
    AnalysisRoute,
    CatalogueRoute,
    ExperimentsRoute,
    HistoryRoute,
    HomeRoute,
    JobKey,
    RunRoute,
)
from zerosec_desktop.screens.home.screen import HomeScreen
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.session.connection import Connection, Reports


def texts(app: RunningApp) -> list[str]:
    """Every text of the screen that is shown."""
    assert app.window.screen_shown is not None
    return [found.text() for found in app.window.screen_shown.findChildren(QLabel) if found.isVisible()]


@pytest.fixture
def proxy(server_factory: Callable[..., RunningServer]) -> Iterator[FaultyProxy]:
    with faulty_proxy("http://127.0.0.1:9") as made:
        yield made


@pytest.fixture
def at_the_lab(
    start_app: Callable[[], RunningApp],
    qtbot: QtBot,
    proxy: FaultyProxy,
    server_factory: Callable[..., RunningServer],
) -> RunningApp:
    """The window with a second target, which new work goes to."""
    lab = server_factory()
    proxy.point_at(lab.url)
    app = start_app()
    app.connected()
    app.session.targets.add("lab", proxy.url, lab.token)
    app.session.reload_targets()
    app.session.use_target("lab")
    qtbot.waitUntil(lambda: condition(app) is Condition.ONLINE)
    return app


def condition(app: RunningApp) -> Condition:
    state = app.session.target_state("lab")
    return state.condition if state is not None else Condition.UNKNOWN


def take_away(app: RunningApp, proxy: FaultyProxy) -> None:
    proxy.faults.refuse = True
    proxy.cut()
    app.qtbot.waitUntil(lambda: condition(app) is Condition.AWAY)


def bring_back(app: RunningApp, proxy: FaultyProxy) -> None:
    proxy.faults.refuse = False
    app.session.look_again("lab")
    app.qtbot.waitUntil(lambda: condition(app) is Condition.ONLINE)


def submit(app: RunningApp, **parameters: int | bool) -> JobKey:
    return app.session.submit(
        analysis="noop", step=None, name="At the lab", parameters=parameters, inputs={}, target="lab"
    )


@pytest.mark.faults
@pytest.mark.bundled("shared")
def test_results_that_could_not_be_fetched_are_shown_when_the_server_is_back(
    at_the_lab: RunningApp, qtbot: QtBot, proxy: FaultyProxy
) -> None:
    app = at_the_lab
    key = submit(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED)
    take_away(app, proxy)
    app.window.go(RunRoute(key))
    shown = app.window.screen_shown
    assert isinstance(shown, RunScreen)
    qtbot.waitUntil(lambda: "It is shown by itself as soon as the server answers." in texts(app))
    bring_back(app, proxy)
    qtbot.waitUntil(lambda: shown.pages.shown is shown.results)


@pytest.mark.faults
@pytest.mark.bundled("shared")
def test_a_run_that_goes_on_says_that_its_server_is_away_and_no_notice_repeats_it(
    at_the_lab: RunningApp, qtbot: QtBot, proxy: FaultyProxy
) -> None:
    app = at_the_lab
    key = submit(app, until_finished=True)
    app.window.go(RunRoute(key))
    qtbot.waitUntil(lambda: phase(app, key) is Phase.RUNNING)
    assert "lab does not answer" not in texts(app)
    take_away(app, proxy)
    qtbot.waitUntil(lambda: "lab does not answer" in texts(app))
    waiting = submit(app)
    qtbot.waitUntil(lambda: phase(app, waiting) is Phase.WAITING)
    app.window.go(RunRoute(waiting))
    qtbot.waitUntil(lambda: "The run is kept here, and sent as soon as the server answers." in texts(app))
    for route in (HistoryRoute(), HomeRoute(), ExperimentsRoute(), RunRoute(key)):
        app.window.go(route)
    qtbot.waitUntil(lambda: "lab does not answer" in texts(app))
    bring_back(app, proxy)
    qtbot.waitUntil(lambda: "lab does not answer" not in texts(app))
    qtbot.waitUntil(lambda: phase(app, waiting) is Phase.SUCCEEDED)
    app.session.finish(key)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED)
    said = [item.title for item in app.app.notifications.items]
    assert not [title for title in said if "reached" in title or "broke" in title or "in time" in title]


@pytest.mark.parametrize(
    ("analyses", "promise"),
    [
        ((), "You can look at a file meanwhile; the analyses appear as soon as it answers."),
        (("linear",), "You can look at a file and fill in a form meanwhile."),
    ],
)
def test_home_promises_a_form_only_where_one_can_be_shown(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, analyses: tuple[str, ...], promise: str
) -> None:
    starting = TargetState("local", "This computer", None, Condition.STARTING)
    home = HomeScreen(context)
    qtbot.addWidget(home)
    monkeypatch.setattr(context.session, "target_state", lambda _name: starting)
    monkeypatch.setattr(context.session, "catalogue", lambda: analyses)
    home._refresh_band()
    said = [label.text() for label in home._band.findChildren(QLabel)]
    assert "The server of this computer is starting" in said
    assert promise in said


def test_whoever_chooses_a_target_that_is_away_is_told_at_once_and_shown_another_way(
    start_app: Callable[[], RunningApp], qtbot: QtBot
) -> None:
    app = start_app()
    app.connected()
    app.session.targets.add("lab", "http://127.0.0.1:9", "a token of the lab")
    app.session.reload_targets()
    qtbot.waitUntil(lambda: condition(app) is Condition.AWAY)

    app.session.use_target("lab")

    assert "lab does not answer" in texts(app)
    for route in (CatalogueRoute(), AnalysisRoute("linear")):
        app.window.go(route)
        assert "lab does not answer" in texts(app), type(route).__name__
        shown = app.window.screen_shown
        assert shown is not None
        assert "Targets" in [made.text() for made in shown.findChildren(QPushButton) if made.isVisible()]
    assert app.session.title_of("linear", "lab") == "Linear model", "as the other server calls it"
    local = app.session.target_states()[0].name
    app.session.use_target(local)
    qtbot.waitUntil(lambda: "lab does not answer" not in texts(app))


@dataclass
class SlowStart:
    """Stands for a server that is being started again."""

    begun: int = 0
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def http(self) -> "SlowStart":
        return self

    async def relocate(self) -> None:
        self.begun += 1
        await self.may_end.wait()
        raise ServerNotStartedError("It did not start.")


class Heard:
    """Notes how the target was said to be."""

    def __init__(self) -> None:
        self.conditions: list[Condition] = []

    def target_news(self, state: TargetState) -> None:
        self.conditions.append(state.condition)


def test_a_server_that_is_started_again_is_starting_until_that_has_failed() -> None:
    async def follow() -> tuple[list[Condition], int]:
        heard, server = Heard(), SlowStart()
        connection = Connection(Target("local"), cast(Targets, None), cast(Reports, heard))
        connection._api = cast(Api, server)
        connection._say(condition=Condition.ONLINE)
        for _ in range(3):
            connection._fail(ServerUnreachableError("Nothing was sent."))
            await asyncio.sleep(0)
        assert heard.conditions == [Condition.ONLINE, Condition.STARTING]
        server.may_end.set()
        await asyncio.gather(*connection._tasks)
        return heard.conditions, server.begun

    conditions, begun = asyncio.run(follow())
    assert conditions == [Condition.ONLINE, Condition.STARTING, Condition.AWAY]
    assert begun == 1, "it is looked for once at a time"
