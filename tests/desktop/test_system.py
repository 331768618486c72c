"""What the system around the window gives or lacks: its tray, its keyring, its disks and shares."""

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import NoKeyringError
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from tests.desktop.submitting import phase, submit_noop
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import HomeRoute, RunRoute
from zerosec_desktop.screens.home.screen import HomeScreen, RowButton
from zerosec_desktop.session.tokens import KeyringTargets, TokenPlace
from zerosec_desktop.shell.tray import Tray

pytestmark = [
    pytest.mark.bundled("shared"),
    # The screen nobody sees has no tray of its own and cannot raise windows.
    pytest.mark.qt_log_ignore("systemTrayWindowChanged", r"raise\(\)", "propagateSizeHints"),
]
StartApp = Callable[[], RunningApp]


# -- the tray ------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A system with a tray; what is told through it."""
    said: list[str] = []

    def show_message(_tray: QSystemTrayIcon, title: str, *_: object) -> None:
        said.append(title)

    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", show_message)
    return said


def sign_of(tray: Tray) -> QSystemTrayIcon:
    icon = tray.findChild(QSystemTrayIcon)
    assert isinstance(icon, QSystemTrayIcon)
    return icon


def entry_of(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_an_end_is_told_by_the_tray_and_a_click_opens_the_run(
    start_app: StartApp, qtbot: QtBot, told: list[str]
) -> None:
    app = start_app()
    app.connected()
    app.window.hide()
    key = submit_noop(app)
    # The analysis of the tests is hidden, and what is hidden tells its end in its own screen only: the tray tells of all.
    qtbot.waitUntil(lambda: told == ["Nothing is done"], timeout=60_000)

    sign_of(app.app.tray).messageClicked.emit()

    assert app.window.isVisible()
    assert app.window.trail.here == RunRoute(key)


def test_who_does_not_want_to_be_told_is_not(start_app: StartApp, qtbot: QtBot, told: list[str]) -> None:
    app = start_app()
    app.connected()
    app.app.settings.change(notify_when_done=False)
    app.window.hide()
    key = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)
    assert told == []


@pytest.mark.usefixtures("told")
def test_the_tray_brings_the_window_up_and_quits_while_work_goes_on(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = start_app()
    app.connected()
    barrier = tmp_path / "barrier"
    barrier.mkdir()
    key = app.session.submit(
        analysis="faulty", step=None, name="Goes on", parameters={"barrier": str(barrier)}, inputs={}
    )
    qtbot.waitUntil(lambda: phase(app, key) is Phase.RUNNING, timeout=60_000)
    sign = sign_of(app.app.tray)
    menu = sign.contextMenu()
    app.window.hide()
    entry_of(menu, "Open ZeroSec").trigger()
    assert app.window.isVisible()
    app.window.hide()
    sign.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert app.window.isVisible()
    left: list[bool] = []
    app.window.leave.disconnect()  # what it starts ends the program, and this test with it
    app.window.leave.connect(partial(left.append, True))
    entry_of(menu, "Quit").trigger()
    assert left == [True], "nobody is asked, for the work goes on"
    assert phase(app, key) is Phase.RUNNING
    app.session.cancel(key)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.CANCELLED, timeout=60_000)
    app.app.tray.close()
    assert not sign.isVisible(), "no sign of a program that has ended"


def test_without_a_tray_the_window_still_tells(start_app: StartApp, qtbot: QtBot) -> None:
    app = start_app()
    app.connected()
    assert app.app.tray.findChild(QSystemTrayIcon) is None
    key = submit_noop(app)
    qtbot.waitUntil(lambda: phase(app, key) is Phase.SUCCEEDED, timeout=60_000)


# -- the keyring ---------------------------------------------------------------------------------------------------


class Remembering(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[(service, username)] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[(service, username)]


class Refusing(Remembering):
    """One that is installed and does not work, as on a server without a session."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError("no session")


@pytest.fixture
def use_keyring() -> Iterator[Callable[[KeyringBackend], None]]:
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


def files_with(secret: str, folder: Path) -> list[Path]:
    return [
        path for path in folder.rglob("*") if path.is_file() and secret in path.read_text(errors="replace")
    ]


def test_a_token_goes_to_the_keyring_and_to_no_file(
    tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]
) -> None:
    ring = Remembering()
    use_keyring(ring)
    targets = KeyringTargets(tmp_path)
    lab = targets.add("lab", "https://lab.example.org", "secret-token")
    assert targets.place() is TokenPlace.KEYRING
    assert KeyringTargets(tmp_path).token(lab) == "secret-token"
    assert files_with("secret-token", tmp_path) == []
    targets.remove("lab")
    assert ring.kept == {}


def test_without_a_keyring_that_works_a_file_of_the_user_alone_keeps_it(
    tmp_path: Path, use_keyring: Callable[[KeyringBackend], None]
) -> None:
    use_keyring(Refusing())
    targets = KeyringTargets(tmp_path)
    lab = targets.add("lab", "https://lab.example.org", "secret-token")
    assert targets.place() is TokenPlace.FILE
    assert KeyringTargets(tmp_path).token(lab) == "secret-token"
    (kept,) = files_with("secret-token", tmp_path)
    assert kept.stat().st_mode & 0o077 == 0, "for nobody else"
    targets.remove("lab")
    assert files_with("secret-token", tmp_path) == []


# -- disks and shares ----------------------------------------------------------------------------------------------


def test_a_pipe_is_no_file_and_is_never_waited_for(start_app: StartApp, qtbot: QtBot, tmp_path: Path) -> None:
    app = start_app()
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    app.window.open_files([pipe])
    qtbot.waitUntil(lambda: bool(app.app.notifications.items))
    assert app.window.trail.here == HomeRoute()
    assert app.app.notifications.items[0].title == "That is not a file"


def test_a_share_that_stalls_does_not_hold_the_window(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recent file lies on a share that does not answer: Home is there at once, and knows when the share answers."""
    gone = tmp_path / "share" / "gone.csv"
    asked, answers, in_window = threading.Event(), threading.Event(), threading.get_ident()
    ask = Path.stat

    def stalling(path: Path, **given: bool) -> os.stat_result:
        if path == gone:
            assert threading.get_ident() != in_window, "the window waits for the share"
            asked.set()
            assert answers.wait(60)
        return ask(path, **given)

    app = start_app()
    monkeypatch.setattr(Path, "stat", stalling)
    app.app.settings.change(recent_files=(gone, EXAMPLES / "penguins.csv"))
    home = app.window.screen_shown
    assert isinstance(home, HomeScreen)
    try:
        qtbot.waitUntil(asked.is_set, timeout=20_000)
        app.window.go(HomeRoute())
        rows = [row.accessibleName() for row in home.findChildren(RowButton) if "csv" in row.accessibleName()]
        assert "gone.csv" in rows, "shown while nobody knows"
    finally:
        answers.set()
    qtbot.waitUntil(
        lambda: any(row.accessibleName() == "gone.csv, not there" for row in home.findChildren(RowButton)),
        timeout=20_000,
    )


def test_a_type_is_chosen_for_one_column(start_app: StartApp, qtbot: QtBot) -> None:
    """In the real window: numbers are read as text from then on, and the dialect says so to the analysis."""
    from zerosec_desktop.screens.preview.screen import PreviewScreen

    app = start_app()
    app.window.open_files([EXAMPLES / "penguins.csv"])
    qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, PreviewScreen))
    screen = app.window.screen_shown
    assert isinstance(screen, PreviewScreen)

    qtbot.waitUntil(lambda: screen.summaries is not None, timeout=60_000)
    screen._show_column("body_mass_g")
    screen.pane.types.setCurrentIndex(screen.pane.types.findText("Always text"))
    screen.pane.types.activated.emit(screen.pane.types.currentIndex())
    qtbot.waitUntil(
        lambda: screen.loaded is not None and "body_mass_g" in screen.loaded.detection.dialect.types,
        timeout=60_000,
    )
