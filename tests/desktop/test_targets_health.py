"""What the window says of a target is what it is: the worker behind a server that answers, too."""

import os
import signal
from collections.abc import Callable

import psutil
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import RunningApp
from tests.desktop.test_window import phase, submit_noop
from tests.faults.jobs import named
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import TargetsRoute

SAID = "No worker is running: jobs are taken, and wait"


def texts(app: RunningApp) -> list[str]:
    """Every text the window shows in labels."""
    return [found.text() for found in app.window.findChildren(QLabel) if found.isVisible()]


def workers(pid: int) -> list[psutil.Process]:
    """The workers of this server; one that is just being started has no name yet."""
    return named("zerosec-worker", psutil.Process(pid).children())


@pytest.mark.faults
def test_a_worker_that_stands_still_is_said_and_so_is_its_coming_back(
    start_app: Callable[[], RunningApp], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZEROSEC_LEASE_TTL_S", "2")
    app = start_app()
    app.connected()
    app.window.go(TargetsRoute())
    found = local_server.find(server_data_dir())
    assert found is not None
    qtbot.waitUntil(lambda: len(workers(found.pid)) == 1 and SAID not in texts(app))
    (worker,) = workers(found.pid)
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        qtbot.waitUntil(lambda: SAID in texts(app), timeout=60_000)
        qtbot.waitUntil(lambda: app.window.status._target.text() == "This computer · jobs wait")
        key = submit_noop(app)
        qtbot.waitUntil(lambda: phase(app, key) is Phase.QUEUED, timeout=30_000)
    finally:
        os.kill(worker.pid, signal.SIGCONT)
    qtbot.waitUntil(lambda: SAID not in texts(app), timeout=60_000)
    qtbot.waitUntil(lambda: app.window.status._target.text() == "This computer · Ready", timeout=10_000)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
