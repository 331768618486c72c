"""The window under test: offscreen, with its own folders, and nothing left behind: no thread, timer, widget or task."""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from tests.conftest import share_compilations
from zerosec_client import local_server
from zerosec_client.paths import server_data_dir
from zerosec_desktop import main_window
from zerosec_desktop.app import Application
from zerosec_desktop.bridge import LoopKind, make_bridge
from zerosec_desktop.bridge.base import Bridge
from zerosec_desktop.context import Context
from zerosec_desktop.jobs import Condition
from zerosec_desktop.notifications import NotificationCentre
from zerosec_desktop.reading import path_facts
from zerosec_desktop.resources.language import apply_language
from zerosec_desktop.resources.theme import ThemeChoice, theme
from zerosec_desktop.session import Session
from zerosec_desktop.settings import SettingsStore

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
THREADS_END_S = 60.0
"""A thread that has not ended by then does not end."""
PATIENCE_MS = 120_000


class PatientBot(QtBot):
    """Waits for what must come as long as it takes on a machine that has other work; what comes sooner is not waited for."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))

    def waitSignal(
        self,
        signal: object,
        *,
        timeout: int = 0,
        raising: bool | None = None,
        check_params_cb: Callable[..., bool] | None = None,
    ) -> SignalBlocker:
        return super().waitSignal(
            signal, timeout=max(timeout, PATIENCE_MS), raising=raising, check_params_cb=check_params_cb
        )


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Operates the window."""
    return PatientBot(request)


@pytest.fixture(scope="session")
def server_of_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of the bundled server of all tests marked `bundled("shared")`: the first window starts it."""
    folder = tmp_path_factory.mktemp("bundled") / "server"
    share_compilations(folder)
    yield folder
    local_server.stop(folder)


def shares_its_server(request: pytest.FixtureRequest) -> bool:
    """Whether the test is marked `bundled("shared")`, itself or with its file."""
    mark = request.node.get_closest_marker("bundled")
    return mark is not None and mark.args == ("shared",)


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, outbox and, unless it is shared, bundled server of this test alone; no keyring, no token from outside."""
    for name, folder in (("DESKTOP_DIR", "desktop"), ("CLIENT_DIR", "client"), ("DATA_DIR", "server")):
        monkeypatch.setenv(f"ZEROSEC_{name}", str(tmp_path / folder))
    if shares_its_server(request):
        monkeypatch.setenv("ZEROSEC_DATA_DIR", str(request.getfixturevalue("server_of_many")))
    for name in ("ZEROSEC_URL", "ZEROSEC_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("ZEROSEC_EXAMPLES", str(EXAMPLES))
    # a disk that takes its time on a busy machine is none that is away
    monkeypatch.setattr(path_facts, "ANSWER_S", 60.0)
    monkeypatch.setattr(main_window, "SEEN_S", 60.0)
    # and connections are closed, not left to the end of a process that goes on here
    monkeypatch.setattr(Bridge, "shutdown_s", 60.0)
    return tmp_path


@pytest.fixture(scope="session", autouse=True)
def look(qapp: QApplication) -> None:
    """The look of the app, once."""
    qapp.setQuitOnLastWindowClosed(False)
    apply_language("en")
    theme.apply(ThemeChoice.LIGHT)


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Threads, running timers and windows after a test are those of before.

    As in the app, garbage is collected in the window's thread only: here after each test, when the widgets are gone.
    """
    threads = set(threading.enumerate())
    gc.disable()
    try:
        yield
        _flush(qapp)
    finally:
        gc.enable()
    for thread in set(threading.enumerate()) - threads:
        thread.join(THREADS_END_S)  # those of a loop that was ended just now
    left = [thread.name for thread in threading.enumerate() if thread not in threads and _ours(thread)]
    assert not left, f"threads left behind: {left}"
    windows = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert not windows, f"windows left open: {windows}"
    running = [timer for timer in qapp.findChildren(QTimer) if timer.isActive()]
    assert not running, f"timers left running: {running}"


def _ours(thread: threading.Thread) -> bool:
    return thread.is_alive() and not thread.name.startswith("pytest_timeout")


def _flush(qapp: QApplication) -> None:
    """Deleted now, not by the garbage collector in the middle of some event."""
    for widget in qapp.topLevelWidgets():
        if not widget.isVisible():
            widget.deleteLater()
    for _ in range(3):
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
    gc.collect()
    gc.freeze()  # what is left stays: the next test's collection need not walk through all libraries again


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    """A bridge whose loop turns in its own thread, so that qtbot may turn Qt's."""
    made = make_bridge(LoopKind.THREAD)
    made.open()
    yield made
    made.close()
    assert not made.pending or all(name for name in made.pending)


@pytest.fixture
def context(bridge: Bridge, tmp_path: Path) -> Iterator[Context]:
    """What screens are given, without any connection."""
    session = Session(bridge)
    yield Context(bridge, session, SettingsStore(tmp_path / "settings.json"), NotificationCentre())
    session.deleteLater()


class RunningApp:
    """The whole app, its window shown, its loop turning."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.closed = False
        self.app = Application(folder, make_bridge(LoopKind.THREAD), [])
        self.qtbot = qtbot
        self.window = self.app.window
        self.session = self.app.session
        self.app.bridge.open()
        self.window.show()
        self.session.open()

    def connected(self, timeout_ms: int = 60_000) -> None:
        """Wait until the bundled server answers and its catalogue is here."""
        self.qtbot.waitUntil(lambda: bool(self.session.catalogue()), timeout=timeout_ms)

    def close(self) -> None:
        """What the user's closing does, without ending the test's own Qt loop; then everything is deleted in order."""
        self.closed = True
        # A server that is being started holds its thread for a while: nothing to do with what is tested here.
        self.qtbot.waitUntil(
            lambda: self._condition() not in (Condition.UNKNOWN, Condition.STARTING), timeout=90_000
        )
        self.app.window.put_away()
        self.app.tray.close()
        self.app.instance.close()
        self.app.bridge.close(self.app.shutdown.closing)
        for made in (self.app.window, self.session, self.app, self.app.bridge):
            made.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _condition(self) -> Condition:
        states = self.session.target_states()
        return states[0].condition if states else Condition.UNKNOWN


@pytest.fixture
def start_app(
    request: pytest.FixtureRequest, own_folders: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], RunningApp]]:
    """Start the app; unless it is shared, the bundled server it starts is this test's own and ends with it."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(
        "ZEROSEC_ANALYSIS_SPEC_MODULES",
        '["tests.analyses.noop.spec", "tests.analyses.faulty.spec", "tests.analyses.foreseen.spec", "tests.analyses.stepped.spec"]',
    )
    running: list[RunningApp] = []

    def start() -> RunningApp:
        app = RunningApp(own_folders / "desktop", qtbot)
        running.append(app)
        return app

    yield start
    for app in running:
        if not app.closed:
            app.close()
    if not shares_its_server(request):
        local_server.stop(server_data_dir())
