"""The window and its servers: killed, away, silent, two at once; and the program itself from its start to its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.conftest import RunningServer
from tests.desktop.conftest import RunningApp
from tests.desktop.submitting import phase, submit_noop
from tests.network import faulty_proxy
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop.jobs import Condition, Phase
from zerosec_desktop.navigation import (
    JobKey,
)

pytestmark = pytest.mark.bundled("shared")
StartApp = Callable[[], RunningApp]


@pytest.mark.faults
@pytest.mark.bundled("own")
def test_a_killed_server_is_started_again_and_its_work_goes_on(start_app: StartApp, qtbot: QtBot) -> None:
    """It is said to be away or starting, unless a request that was under way has it back between two looks."""
    app = start_app()
    app.connected()
    key = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
    found = local_server.find(server_data_dir())
    assert found is not None
    seen: list[Condition] = []
    app.session.target_changed.connect(lambda state: seen.append(state.condition))
    os.kill(found.pid, signal.SIGKILL)

    def another() -> bool:
        now = local_server.find(server_data_dir())
        return now is not None and now.pid != found.pid

    qtbot.waitUntil(lambda: any(c is not Condition.ONLINE for c in seen) or another(), timeout=60_000)
    qtbot.waitUntil(another, timeout=60_000)
    seen.clear()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] is Condition.ONLINE, timeout=90_000)
    again = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, again) is Phase.SUCCEEDED, timeout=90_000)


def test_work_for_a_server_that_is_away_waits_and_is_kept(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    app.session.targets.add("lab", "http://127.0.0.1:9", None)
    app.session.reload_targets()
    qtbot.waitUntil(
        lambda: bool((s := app.session.target_state("lab")) and s.condition is Condition.AWAY), timeout=30_000
    )
    key = app.session.submit(analysis="noop", step=None, name="Later", parameters={}, inputs={}, target="lab")
    qtbot.waitUntil(lambda: phase(app, key) is Phase.WAITING, timeout=30_000)
    app.close()
    again = start_app()
    qtbot.waitUntil(lambda: phase(again, key) in {Phase.WAITING, Phase.SENDING}, timeout=30_000)


@pytest.mark.faults
@pytest.mark.bundled("own")
def test_two_targets_one_black_holed_is_said_away_and_comes_back(
    start_app: StartApp, qtbot: QtBot, server_factory: Callable[..., RunningServer]
) -> None:
    """Its connections stand and nothing comes: work sent to it is kept; the other target goes on."""
    lab = server_factory()
    with faulty_proxy(lab.url) as proxy:
        app = start_app()
        app.connected()
        app.session.targets.add("lab", proxy.url, lab.token)
        app.session.reload_targets()

        def condition() -> Condition:
            state = app.session.target_state("lab")
            return state.condition if state is not None else Condition.UNKNOWN

        def send() -> JobKey:
            return app.session.submit(
                analysis="noop", step=None, name="At the lab", parameters={}, inputs={}, target="lab"
            )

        qtbot.waitUntil(lambda: condition() is Condition.ONLINE, timeout=60_000)
        before = send()
        qtbot.waitUntil(lambda: phase(app, before) is Phase.SUCCEEDED, timeout=60_000)
        proxy.faults.black_hole = True
        qtbot.waitUntil(lambda: condition() is Condition.AWAY, timeout=60_000)
        kept = send()
        here = submit_noop(app)
        qtbot.waitUntil(lambda: phase(app, here) is Phase.SUCCEEDED, timeout=60_000)
        assert phase(app, kept) in {Phase.SENDING, Phase.WAITING}
        proxy.faults.black_hole = False
        proxy.cut()
        qtbot.waitUntil(lambda: condition() is Condition.ONLINE, timeout=90_000)
        qtbot.waitUntil(lambda: phase(app, kept) is Phase.SUCCEEDED, timeout=90_000)


@pytest.mark.bundled("own")
@pytest.mark.parametrize("loop", ["thread", "qasync"])
def test_the_program_starts_and_ends_in_order_on_either_loop(
    own_folders: Path, qtbot: QtBot, loop: str
) -> None:
    """The real program: its mark is there while it is open and gone after SIGTERM; its server goes on."""
    mark = own_folders / "desktop" / "running"
    process = subprocess.Popen(
        [sys.executable, "-m", "zerosec_desktop", "--loop", loop], stderr=subprocess.PIPE, text=True
    )
    try:
        qtbot.waitUntil(lambda: local_server.find(server_data_dir()) is not None, timeout=90_000)
        qtbot.waitUntil(mark.exists, timeout=90_000)
        process.send_signal(signal.SIGTERM)
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=90_000)
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.returncode == 0, said
        assert "Traceback" not in said
        assert not mark.exists()
        assert local_server.find(server_data_dir()) is not None
    finally:
        process.kill()
        process.communicate()
        local_server.stop(server_data_dir())
