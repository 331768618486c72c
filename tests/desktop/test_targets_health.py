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
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import TargetsRoute

SAID = "No worker is running: jobs are taken, and wait"


def texts(app: RunningApp) -> list[str]:
    """Every text the window shows in labels."""
    return [found.text() for found in app.window.findChildren(QLabel) if found.isVisible()]


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
    workers = [child for child in psutil.Process(found.pid).children() if child.name() == "zerosec-worker"]
    assert len(workers) == 1
    assert SAID not in texts(app)
    os.kill(workers[0].pid, signal.SIGSTOP)
    try:
        qtbot.waitUntil(lambda: SAID in texts(app), timeout=60_000)
        assert app.window.status._target.text() == "This computer · jobs wait"
        key = submit_noop(app)
        qtbot.waitUntil(lambda: phase(app, key) is Phase.QUEUED, timeout=30_000)
    finally:
        os.kill(workers[0].pid, signal.SIGCONT)
    qtbot.waitUntil(lambda: SAID not in texts(app), timeout=60_000)
    qtbot.waitUntil(lambda: app.window.status._target.text() == "This computer · Ready", timeout=10_000)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
