"""The one window: navigation, bars and notices around the screens, which are made when first visited."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QMainWindow, QStackedWidget, QWidget

from zerosec_desktop.context import Context
from zerosec_desktop.controls import ElidedLabel, EmptyState, button, column, row, tool_button
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import (
    HomeRoute,
    JobKey,
    PreviewRoute,
    Route,
    RunRoute,
    SettingsRoute,
    Trail,
)
from zerosec_desktop.notifications import Action, Notification
from zerosec_desktop.reading.path_facts import PathFacts, PathKind, ask_paths
from zerosec_desktop.resources.icon import app_icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.registry import screen_class
from zerosec_desktop.shell.commands import Ways, all_commands
from zerosec_desktop.shell.drawer import Drawer
from zerosec_desktop.shell.notices import Bell, NoticePanel, Toasts
from zerosec_desktop.shell.palette import Command, CommandPalette
from zerosec_desktop.shell.room import Room
from zerosec_desktop.shell.side_bar import SideBar
from zerosec_desktop.shell.status_bar import StatusBar
from zerosec_shared.severity import Severity

__all__ = ["MainWindow"]

SEEN_S = 0.3
"""So long a disk may take to say what stands at a path before its file is shown as being read."""
LEAST, USUAL = QSize(600, 360), QSize(1280, 820)
"""The least lets the window stand whole on a screen of 1280 × 800 at double size, with a task bar."""
ROOMY = 1100
"""Below this width the navigation folds by itself: the work needs the room more."""


class MainWindow(QMainWindow):
    """Hosts screens by route. Closing it asks the app to end; what runs on a server goes on."""

    leave = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.trail = Trail()
        self._screens: dict[type, Screen] = {}
        self._rooms: dict[type, Room] = {}
        self._shown: Screen | None = None
        self.setWindowTitle("ZeroSec")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(LEAST)
        self.resize(USUAL)
        self.side = SideBar()
        self.side.navigate.connect(self.go)
        self.side.set_folded(context.settings.value.navigation_folded)
        self.side.folded.connect(self._folded)
        self.stack = QStackedWidget()
        self.notices = NoticePanel(context.notifications)
        self.status = StatusBar(context.session)
        self.status.navigate.connect(self.go)
        self.setCentralWidget(self._arranged())
        self.toasts = Toasts(self, context.notifications)
        self.notices.opened.connect(self.toasts.clear)
        self.palette_ = CommandPalette(self, self._commands)
        self._overlay = self._drop_overlay()
        self._shortcuts()
        context.session.job_ended.connect(self._job_ended)
        context.session.trouble.connect(self._trouble)
        context.bridge.unhandled.connect(context.notifications.unhandled)
        geometry = QByteArray.fromBase64(context.settings.value.window_geometry.encode())
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)
        self._show(HomeRoute())

    # -- layout ------------------------------------------------------------------------------------------------

    def _arranged(self) -> QWidget:
        bar = QFrame()
        bar.setProperty("surface", "bar")
        bar.setFixedHeight(56)
        self.back = tool_button("arrow-left", self.tr("Back (Alt+Left)"), clicked=self.go_back)
        self.forward = tool_button("arrow-right", self.tr("Forward (Alt+Right)"), clicked=self.go_forward)
        self.heading = ElidedLabel("", "title")
        find = button(
            self.tr("Find or do…"), icon_name="search", clicked=self.show_palette, tip=self.tr("Ctrl+K")
        )
        self.bell = Bell(self.context.notifications)
        self.bell.clicked.connect(self.notices.toggle)
        line_up = row(self.back, self.forward, Space.SMALL, self.heading, find, self.bell)
        line_up.setStretchFactor(self.heading, 1)
        line_up.setContentsMargins(Space.SMALL, 0, Space.MEDIUM, 0)
        bar.setLayout(line_up)
        centre = QWidget()
        inner = column(bar, spacing=0)
        inner.addWidget(Drawer(self.stack, self.notices), 1)
        right = QWidget()
        right.setLayout(inner)
        across = row(self.side, spacing=0)
        across.addWidget(right, 1)
        whole = column(spacing=0)
        whole.addLayout(across, 1)
        whole.addWidget(self.status)
        centre.setLayout(whole)
        return centre

    def _drop_overlay(self) -> QFrame:
        overlay = QFrame(self)
        overlay.setProperty("surface", "drop")
        overlay.setProperty("over", "true")
        overlay.setLayout(
            column(
                EmptyState(
                    "drop",
                    self.tr("Drop it here"),
                    self.tr("ZeroSec shows what is in the file; nothing is sent anywhere yet."),
                )
            )
        )
        overlay.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        overlay.hide()
        return overlay

    def _shortcuts(self) -> None:
        for keys, call in (
            ("Ctrl+K", self.show_palette),
            ("Ctrl+O", self.choose_file),
            ("Ctrl+,", self._to_settings),
            ("Alt+Left", self.go_back),
            ("Alt+Right", self.go_forward),
            ("Ctrl+Shift+N", self.notices.toggle),
            ("Ctrl+Q", self.leave.emit),
        ):
            QShortcut(QKeySequence(keys), self, call)

    # -- going places ------------------------------------------------------------------------------------------

    def go(self, route: Route) -> None:
        """Go to a route."""
        self.trail.go(route)
        self._show(route)

    def go_back(self) -> None:
        """Step back."""
        self._show(self.trail.go_back())

    def go_forward(self) -> None:
        """Step forward."""
        self._show(self.trail.go_forward())

    @property
    def screen_shown(self) -> Screen | None:
        """The screen at the front."""
        return self._shown

    def _show(self, route: Route) -> None:
        kind = type(route)
        screen = self._screens.get(kind)
        if screen is None:
            screen = screen_class(kind)(self.context)
            screen.navigate.connect(self.go)
            screen.title_changed.connect(self._retitle)
            self._screens[kind] = screen
            self._rooms[kind] = Room(screen)
            self.stack.addWidget(self._rooms[kind])
        screen.open(route)
        if screen is not self._shown:
            if self._shown is not None:
                self._shown.deactivated()
            self._shown = screen
            elsewhere = self._focus_outside_screens()
            self.stack.setCurrentWidget(self._rooms[kind])
            if not elsewhere:
                screen.setFocus(Qt.FocusReason.OtherFocusReason)
        screen.activated()
        self.side.show_route(route)
        self.back.setEnabled(bool(self.trail.back))
        self.forward.setEnabled(bool(self.trail.forward))
        self._retitle()

    def _focused(self) -> QWidget | None:
        return self.focusWidget()

    def _focus_outside_screens(self) -> bool:
        """Whether the navigation or a bar has the focus, which keeps it; else the new screen is where the keys go."""
        has = self._focused()
        return has is not None and has.isVisible() and not self.stack.isAncestorOf(has)

    def _retitle(self) -> None:
        if self._shown is not None:
            title = self._shown.title()
            self.heading.set_full_text(title)
            self.setWindowTitle(f"{title} – ZeroSec" if title else "ZeroSec")

    def _to_settings(self) -> None:
        self.go(SettingsRoute())

    def open_files(self, files: list[Path]) -> None:
        """Look at a file that was dropped, chosen, or handed over by a second start."""
        if files:
            ask_paths(self.context.bridge, files, partial(self._open_known, files), SEEN_S)

    def _open_known(self, files: list[Path], facts: Mapping[Path, PathFacts]) -> None:
        kinds = [facts[path].kind for path in files]
        # what does not answer at once is shown as being read, and can be left
        usable = [path for path in files if facts[path].kind in {PathKind.FILE, PathKind.SILENT}]
        if not usable:
            if PathKind.FOLDER in kinds or PathKind.OTHER in kinds:
                self.context.notifications.warn(
                    self.tr("That is not a file"),
                    self.tr("Drop one data file: CSV, Excel, OpenDocument or Parquet."),
                )
            elif PathKind.BARRED in kinds:
                self.context.notifications.warn(
                    self.tr("You may not read “{name}”").format(name=files[0].name),
                    self.tr("Ask whoever owns it or its folder for access."),
                )
            else:
                self.context.notifications.warn(
                    self.tr("“{name}” is not there any more").format(name=files[0].name),
                    self.tr("It may have been moved, renamed or deleted. Choose it at its new place."),
                )
            return
        if len(usable) > 1:
            self.context.notifications.info(
                self.tr("One file at a time"),
                self.tr("{name} is shown; drop the others one by one.").format(name=usable[0].name),
            )
        self.context.settings.remember_file(usable[0])
        self.go(PreviewRoute(usable[0]))

    def choose_file(self) -> None:
        """Ask for a file."""
        from zerosec_desktop.dialogs import open_files

        open_files(
            self,
            self.tr("Open a data file"),
            (
                self.tr("Data files (*.csv *.tsv *.txt *.xlsx *.xls *.ods *.parquet)"),
                self.tr("All files (*)"),
            ),
            self.open_files,
        )

    def fit_the_screen(self) -> None:
        """No larger than the screen it opens on."""
        frame = self.frameGeometry().size() - self.size()
        self.resize(self.size().boundedTo(self.screen().availableSize() - frame))

    def bring_up(self) -> None:
        """Come to the front."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    # -- commands and notices ------------------------------------------------------------------------------------

    def show_palette(self) -> None:
        """Open the command palette."""
        self.palette_.pop_up()

    def _commands(self) -> list[Command]:
        ways = Ways(self.go, self.choose_file, self.notices.toggle, self.leave.emit)
        return all_commands(self.context, self._shown, ways)

    def open_run(self, key: JobKey) -> None:
        """Show the run of a job."""
        self.go(RunRoute(key))

    def _job_ended(self, entry: JobEntry) -> None:
        titles: dict[Phase, Callable[[], str]] = {
            Phase.SUCCEEDED: lambda: self.tr("{name} is done"),
            Phase.FAILED: lambda: self.tr("{name} failed"),
            Phase.REFUSED: lambda: self.tr("{name} was refused"),
        }
        title = titles.get(entry.phase)
        analysis = self.context.session.analysis(entry.analysis, entry.key.target)
        if title is None or analysis is None:
            return  # one that is not offered was started by a screen, which shows its end itself
        failure = entry.state.failure if entry.state is not None else None
        step = next((each.title for each in analysis.steps if each.id == entry.step), "")
        name = self.tr("{run}, {step}").format(run=entry.name, step=step) if len(analysis.steps) > 1 else ""
        self.context.notifications.post(
            Notification(
                title().format(name=name or entry.name),
                failure.title if failure is not None else entry.trouble,
                failure.hint if failure is not None else entry.advice,
                Severity.INFO if entry.phase is Phase.SUCCEEDED else Severity.ERROR,
                failure.detail if failure is not None else "",
                actions=(
                    Action(
                        self.tr("Show the results")
                        if entry.phase is Phase.SUCCEEDED
                        else self.tr("Show what happened"),
                        partial(self.open_run, entry.key),
                    ),
                ),
                key=f"ended:{entry.key.job_id}",
            )
        )

    def _trouble(self, error: Exception) -> None:
        self.context.notifications.problem(error, key=f"trouble:{type(error).__name__}:{error}")

    def _folded(self, narrow: bool) -> None:
        self.context.settings.change(navigation_folded=narrow)

    # -- events ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._overlay.setGeometry(self.rect().adjusted(16, 16, -16, -16))
            self._overlay.show()
            self._overlay.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if self._shown is None or not self._shown.take_files(paths):
            self.open_files(paths)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.palette_.hide()
        self.side.set_folded(self.context.settings.value.navigation_folded or self.width() < ROOMY)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.leave.emit()

    def put_away(self) -> None:
        """The last thing before the end: write what must survive, and hide."""
        for screen in self._screens.values():
            screen.closing()
        self.context.settings.change(
            window_geometry=bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        )
        self.hide()
