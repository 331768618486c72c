"""What a user does in the real program, on a screen of its own: `python -m tests.desktop.xvfb.scenes SCENE [FILE…]`.

Each scene is told as a generator: it acts, then yields what it waits for; a timer of the program's own loop goes on with it. The
last line of the output is what the scene found, as JSON; a scene that fails says why and exits with 1.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from zerosec_desktop.app import SWITCH_S, Application
from zerosec_desktop.bridge import make_bridge
from zerosec_desktop.export.dialog import FigureDialog
from zerosec_desktop.jobs import Phase
from zerosec_desktop.screens.analysis.screen import AnalysisScreen
from zerosec_desktop.screens.jobs.screen import JobsScreen
from zerosec_desktop.screens.preview.screen import PreviewScreen
from zerosec_desktop.screens.run.screen import RunScreen
from zerosec_desktop.settings import settings_folder

Condition = Callable[[], object]
Scene = Iterator[Condition]
PATIENCE_S = 60.0
STEP_MS = 20
GIBIBYTE = 1024**3


class Stage:
    """The program while a scene is played."""

    def __init__(self) -> None:
        self.app = Application(settings_folder(), make_bridge(), [])
        self.window = self.app.window
        self.found: dict[str, object] = {}
        self.leaving_since = self.leaving_cpu_s = 0.0
        self._waits_for: Condition = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer()
        self._timer.setInterval(STEP_MS)

    def play(self, scene: Scene) -> None:
        """Run the program and the scene in it; ends when the scene has, or when it closes the window."""
        self._timer.timeout.connect(lambda: self._step(scene))
        self._timer.start()
        self.app.run()

    def _step(self, scene: Scene) -> None:
        try:
            if not self._waits_for():
                if time.monotonic() - self._since > PATIENCE_S:
                    raise TimeoutError(f"waited in vain; the window shows {self.texts()}")
                return
            self._waits_for, self._since = next(scene), time.monotonic()
        except StopIteration:
            self._timer.stop()
            if not self.leaving_since:
                self.leave()
        except BaseException:  # noqa: BLE001 -- Qt would swallow it
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)

    def leave(self) -> None:
        """Close the window as its frame's button does."""
        self.leaving_since, self.leaving_cpu_s = time.monotonic(), time.process_time()
        self.window.close()

    def texts(self) -> list[str]:
        """What the window's labels say."""
        return [found.text() for found in self.window.findChildren(QLabel) if found.isVisible()]

    def press(self, text: str, within: QWidget | None = None) -> None:
        """Click the button of a text."""
        buttons = [
            b for b in (within or self.window).findChildren(QPushButton) if b.isVisible() and b.text() == text
        ]
        assert buttons, f"no button “{text}”"
        assert buttons[0].isEnabled(), f"“{text}” cannot be pressed: {buttons[0].toolTip()}"
        QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)

    def can_press(self, text: str, within: QWidget) -> bool:
        """Whether the button of a text is there and can be clicked."""
        return any(
            b.isEnabled() for b in within.findChildren(QPushButton) if b.isVisible() and b.text() == text
        )

    def drop(self, *paths: Path) -> None:
        """Drag files over the window and let them go."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        over = QDragEnterEvent(self.window.rect().center(), copy, mime, left, none)
        QApplication.sendEvent(self.window, over)
        assert over.isAccepted()
        QApplication.sendEvent(
            self.window, QDropEvent(QPointF(self.window.rect().center()), copy, mime, left, none)
        )


def a_day(stage: Stage, file: Path) -> Scene:
    """Drop a file, fill in the form, press Run, see it go on, close the window."""
    window, session = stage.window, stage.app.session
    yield session.catalogue
    stage.found["platform"] = QApplication.platformName()
    stage.drop(file)
    yield lambda: isinstance(window.screen_shown, PreviewScreen)
    preview = window.screen_shown
    assert isinstance(preview, PreviewScreen)
    yield lambda: preview.summaries is not None and preview.model.rowCount() > 0
    stage.found["rows"] = preview.model.rowCount()
    stage.press("Use in an analysis")
    yield (
        lambda: (
            QApplication.activePopupWidget() is not None or isinstance(window.screen_shown, AnalysisScreen)
        )
    )
    menu = QApplication.activePopupWidget()
    if isinstance(menu, QMenu):
        action = next(action for action in menu.actions() if "inear" in action.text())
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    yield lambda: isinstance(window.screen_shown, AnalysisScreen)
    form = window.screen_shown
    assert isinstance(form, AnalysisScreen)
    yield (
        lambda: (
            form.form is not None
            and all(s.loaded is not None and s.loaded.final for s in form.slots.values())
        )
    )
    assert form.form is not None
    target = form.form.rows["target"].editor.findChild(QLineEdit)
    terms = form.form.rows["terms"].editor.findChild(QPlainTextEdit)
    assert target is not None
    assert terms is not None
    QTest.keyClicks(target, "body_mass_g")
    QTest.keyClick(target, Qt.Key.Key_Tab)
    QTest.keyClicks(terms, "flipper_length_mm + species ")
    yield lambda: form.form is not None and not form.form.problems()
    stage.found["values"] = {name: form.form.values[name] for name in ("target", "terms")}
    stage.press("Run")
    yield lambda: isinstance(window.screen_shown, RunScreen)
    run = window.screen_shown
    assert isinstance(run, RunScreen)
    yield lambda: run.entry is not None and run.entry.state is not None
    assert run.entry is not None
    stage.found["name"] = run.entry.name
    stage.found["shown"] = run.pages.shown is run.progress or run.entry.phase.ended
    stage.leave()


def the_next_morning(stage: Stage, folder: Path) -> Scene:
    """Open the window again: the run is there, its results are shown, a figure, its data and all files are saved."""
    window, session = stage.window, stage.app.session
    yield session.catalogue
    window.bring_up()
    yield window.isActiveWindow
    QTest.keySequence(window, QKeySequence("Alt+4"))
    yield lambda: isinstance(window.screen_shown, JobsScreen)
    jobs = window.screen_shown
    assert isinstance(jobs, JobsScreen)
    yield lambda: any(entry.phase is Phase.SUCCEEDED for entry in session.entries())
    yield lambda: jobs.model.rowCount() == 1
    row = jobs.view.visualRect(jobs.model.index(0, 1)).center()
    QTest.mouseClick(jobs.view.viewport(), Qt.MouseButton.LeftButton, pos=row)
    yield lambda: jobs.details.isVisible()
    QTest.keyClick(jobs.view, Qt.Key.Key_Return)
    yield lambda: isinstance(window.screen_shown, RunScreen)
    run = window.screen_shown
    assert isinstance(run, RunScreen)
    yield lambda: run.pages.shown is run.results and not run.results.drawing
    stage.found["views"] = sorted({frame.view.kind for frame in run.results.frames})
    plot = next(frame for frame in run.results.frames if frame.view.kind == "scatter")
    for kind in ("png", "svg", "pdf"):
        plot.figure_wanted.emit(plot.view, kind)
        yield lambda: isinstance(QApplication.activeModalWidget(), FigureDialog)
        figure = QApplication.activeModalWidget()
        assert figure is not None
        yield partial(stage.can_press, "Save…", figure)
        stage.press("Save…", figure)
        yield lambda: isinstance(QApplication.activeModalWidget(), QFileDialog)
        _answer(folder / f"figure.{kind}")
        yield (folder / f"figure.{kind}").is_file
    plot.data_wanted.emit(plot.view)
    yield lambda: isinstance(QApplication.activeModalWidget(), QFileDialog)
    _answer(folder / "data.csv")
    yield (folder / "data.csv").is_file
    run.exports.save_all()
    yield lambda: isinstance(QApplication.activeModalWidget(), QFileDialog)
    _answer(folder)
    yield lambda: any(folder.glob("*/tables/coefficients.csv"))
    yield lambda: any(text.startswith("Saved:") for text in stage.texts())
    import pyqtgraph

    stage.found["opengl"] = pyqtgraph.getConfigOption("useOpenGL")


def _answer(path: Path) -> None:
    """Name a file or folder in the dialog that is open, and accept it."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(path if path.is_dir() else path.parent))
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    name.setText(str(path))
    QTest.keyClick(name, Qt.Key.Key_Return)


def open_while_another_starts(stage: Stage, file: Path) -> Scene:
    """A second start hands its file to this window, and ends."""
    yield stage.app.session.catalogue
    print("open", flush=True)
    yield lambda: isinstance(stage.window.screen_shown, PreviewScreen)
    preview = stage.window.screen_shown
    assert isinstance(preview, PreviewScreen)
    yield lambda: preview.path == file and preview.loaded is not None
    stage.found["shown"] = stage.window.heading.full_text()


def leave_while_sending(stage: Stage, folder: Path) -> Scene:
    """Close the window while three files are on their way."""
    session = stage.app.session
    yield session.catalogue
    for number in range(3):
        big = folder / f"big-{number}.csv"
        with big.open("wb") as made:
            made.truncate(2 * GIBIBYTE)
        session.submit(
            analysis="linear", step=None, name=big.name, parameters={}, inputs={"data": [(big, None)]}
        )
    yield lambda: len(session.transfers()) == 3
    stage.leave()
    stage.found["on_their_way"] = len(session.transfers())


def main() -> None:
    """Play one scene."""
    sys.setswitchinterval(SWITCH_S)
    qt = QApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    stage = Stage()
    scene = {
        each.__name__: each
        for each in (a_day, the_next_morning, open_while_another_starts, leave_while_sending)
    }[sys.argv[1]]
    stage.play(scene(stage, Path(sys.argv[2])))
    stage.found["left_s"] = time.monotonic() - stage.leaving_since
    stage.found["left_cpu_s"] = time.process_time() - stage.leaving_cpu_s
    print(json.dumps(stage.found), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
