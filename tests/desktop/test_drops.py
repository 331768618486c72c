"""What may be dropped on the real window: each wrong file has its own words, and the window stays usable."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.desktop.conftest import EXAMPLES, RunningApp
from zerosec_desktop.navigation import HomeRoute, PreviewRoute
from zerosec_desktop.screens.preview.screen import PreviewScreen

pytestmark = pytest.mark.bundled("shared")
StartApp = Callable[[], RunningApp]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
RERUN = "ZEROSEC_TEST_WITHOUT_RIGHTS"


def drop(app: RunningApp, *paths: Path) -> None:
    """As the system delivers it: the files come over the window, then they are let go."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPoint(40, 40), copy, mime, left, none)
    QApplication.sendEvent(app.window, over)
    assert over.isAccepted()
    event = QDropEvent(QPointF(40, 40), copy, mime, left, none)
    QApplication.sendEvent(app.window, event)
    assert event.isAccepted()
    assert not app.window._overlay.isVisible()


def preview(app: RunningApp) -> PreviewScreen:
    app.qtbot.waitUntil(lambda: isinstance(app.window.screen_shown, PreviewScreen))
    shown = app.window.screen_shown
    assert isinstance(shown, PreviewScreen)
    return shown


def last_said(app: RunningApp) -> str:
    """The newest notification."""
    items = app.app.notifications.items
    return items[0].title if items else ""


def refused(app: RunningApp, qtbot: QtBot) -> str:
    """The words of the page that stands where rows would be."""
    screen = preview(app)
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen._error, timeout=20_000)
    assert not screen._use.isEnabled()
    assert screen._error.body.text()
    return f"{screen._error.heading.text()} {screen._error.body.text()}"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("photo.png", PNG, "image"), ("empty.csv", b"", "empty"), ("photo.csv", PNG, "image")],
)
def test_a_file_that_is_no_table_says_what_it_is(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    app = start_app()

    drop(app, path)

    assert words in refused(app, qtbot)
    drop(app, EXAMPLES / "penguins.csv")
    qtbot.waitUntil(lambda: preview(app).model.rowCount() == 344, timeout=20_000)


def test_a_folder_and_a_file_that_vanished_are_told_apart(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    app = start_app()

    drop(app, tmp_path)
    qtbot.waitUntil(lambda: last_said(app) == "That is not a file")
    drop(app, tmp_path / "gone.csv")
    qtbot.waitUntil(lambda: last_said(app) == "“gone.csv” is not there any more")

    assert app.window.trail.here == HomeRoute()


def test_of_three_hundred_files_the_first_is_shown_and_the_others_are_mentioned(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number:03}.csv" for number in range(300)]
    for path in paths:
        path.write_text("a,b\n1,2\n")
    app = start_app()

    drop(app, *paths)

    screen = preview(app)
    assert app.window.trail.here == PreviewRoute(paths[0])
    assert app.app.notifications.items[0].title == "One file at a time"
    assert len(app.app.notifications.items) == 1
    assert app.app.settings.value.recent_files == (paths[0],)
    qtbot.waitUntil(lambda: screen.summaries is not None, timeout=20_000)


def test_a_file_of_three_gigabytes_shows_its_first_rows(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    """Sparse behind its rows: what is there beyond them is not needed to show them."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n" + b"1,2\n" * 500_000)
        file.truncate(3 * 1024**3)
    app = start_app()

    drop(app, path)

    screen = preview(app)
    qtbot.waitUntil(lambda: screen.model.rowCount() >= 200, timeout=20_000)
    assert screen.loaded is not None
    assert screen.loaded.path == path
    drop(app, EXAMPLES / "penguins.csv")
    qtbot.waitUntil(lambda: screen.model.rowCount() == 344, timeout=20_000)


def test_a_file_that_changes_or_goes_while_it_is_shown_is_noticed(
    start_app: StartApp, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a\n1\n2\n")
    app = start_app()
    drop(app, path)
    screen = preview(app)
    qtbot.waitUntil(lambda: screen.summaries is not None, timeout=20_000)

    path.write_text("a\n1\n2\n3\n")
    app.window.go(HomeRoute())
    app.window.go_back()
    qtbot.waitUntil(screen.changed.isVisible)
    assert "changed" in screen.changed.title.text()
    path.unlink()
    app.window.go(HomeRoute())
    app.window.go_back()
    qtbot.waitUntil(lambda: "not there" in screen.changed.title.text())


def test_a_file_that_may_not_be_read_is_said(start_app: StartApp, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a\n1\n")
    path.chmod(0)
    if os.access(path, os.R_OK):  # an administrator may read everything: once more without that right
        again = f"{__file__}::test_a_file_that_may_not_be_read_is_said"
        words = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", sys.executable, "-m", "pytest")
        assert RERUN not in os.environ
        done = subprocess.run(
            [*words, "-q", again],
            env={**os.environ, RERUN: "1"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "1 passed" in done.stdout, done.stdout
        return
    app = start_app()

    drop(app, path)

    assert "right to read it" in refused(app, qtbot)
