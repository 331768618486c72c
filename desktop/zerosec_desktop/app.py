"""The application: everything made once, in the order that paints the window first, and ended in stages."""

import asyncio
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from zerosec_client.turns import transfer_turns
from zerosec_desktop.bridge import Bridge, LoopKind, make_bridge
from zerosec_desktop.collector import Collector
from zerosec_desktop.context import Context
from zerosec_desktop.crash import CrashLog
from zerosec_desktop.main_window import MainWindow
from zerosec_desktop.notifications import Notification, NotificationCentre
from zerosec_desktop.resources.icon import app_icon
from zerosec_desktop.resources.language import apply_language, resolve, translate
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.server_limits import ServerLimits
from zerosec_desktop.session import Session
from zerosec_desktop.settings import Settings, SettingsStore, settings_folder
from zerosec_desktop.shell.focus_ring import FocusRing
from zerosec_desktop.shell.tray import Tray
from zerosec_desktop.shutdown import Shutdown
from zerosec_desktop.single_instance import SingleInstance
from zerosec_shared.severity import Severity

__all__ = ["Application", "run"]

log = logging.getLogger(__name__)
SWITCH_S = 0.0005


class Application(QObject):
    """Owns the bridge, the session and the window. `run` returns the exit code."""

    def __init__(self, folder: Path, bridge: Bridge, files: list[Path]) -> None:
        super().__init__()
        self.folder = folder
        self.bridge = bridge
        self.files = files
        self.settings = SettingsStore(folder / "settings.json")
        self.limits = ServerLimits()
        self.limits.apply(self.settings.value)
        transfer_turns.allow(self.settings.value.transfers_at_once)
        self.notifications = NotificationCentre()
        self.session = Session(bridge)
        self.instance = SingleInstance(folder)
        self.crash = CrashLog(folder)
        self.context = Context(bridge, self.session, self.settings, self.notifications)
        self.focus_ring = FocusRing(self)
        self.language = apply_language(self.settings.value.language)
        theme.apply(self.settings.value.theme)
        self.window = self._make_window()
        self.shutdown = Shutdown(self)
        self.settings.changed.connect(self._settings_changed)
        self.instance.asked.connect(self._second_start)

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.context)
        window.leave.connect(self._leave)
        self.tray = Tray(
            window, self.session, self.settings, window.open_run, window.bring_up, window.leave.emit
        )
        return window

    def run(self) -> int:
        """Show the window, then connect; until the user leaves."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_end)
        last_time = self.crash.open()
        self.crash.tell(self._uncaught)
        self.instance.listen()
        collector = Collector(self)
        self.window.fit_the_screen()
        self.window.show()
        try:
            return self.bridge.run(lambda: self._started(last_time), self.shutdown.closing)
        finally:
            collector.close()
            self.shutdown.finish()

    def _started(self, last_time: str) -> None:
        if self.shutdown.begun:  # asked before there was a loop to end
            self.bridge.stop()
            return
        QTimer.singleShot(0, self.session, self.session.open)
        self.bridge.start(_tidy(), name="tidy", failed=lambda error: log.warning("not tidied: %s", error))
        if self.files:
            self.window.open_files(self.files)
        if last_time:
            self.notifications.post(
                Notification(
                    translate("App", "ZeroSec ended unexpectedly last time"),
                    translate(
                        "App",
                        "What you had submitted goes on, and an unfinished form is restored where it was.",
                    ),
                    translate("App", "If it happens again, send the details to whoever looks after ZeroSec."),
                    Severity.WARNING,
                    last_time,
                    key="crash",
                )
            )
        if self.settings.set_aside is not None:
            self.notifications.warn(
                translate("App", "Your settings could not be read"),
                translate(
                    "App", "The file was kept as {name}, and ZeroSec started with its defaults."
                ).format(name=self.settings.set_aside.name),
                key="settings",
            )

    def _asked_to_end(self, _number: int, _frame: FrameType | None) -> None:
        """The session of the system ends, or Ctrl+C in the terminal: as if the window was closed."""
        self.shutdown.begin()

    def _leave(self) -> None:
        self.shutdown.begin()

    def _second_start(self, files: list[Path]) -> None:
        self.window.bring_up()
        if files:
            self.window.open_files(files)

    def _uncaught(self, error: BaseException) -> None:
        self.notifications.problem(error, key=f"uncaught:{type(error).__name__}:{error}")

    def _settings_changed(self, settings: Settings) -> None:
        self.limits.apply(settings)
        transfer_turns.allow(settings.transfers_at_once)
        theme.apply(settings.theme)
        if resolve(settings.language) != self.language:
            # Not from within a widget of the window that is about to go.
            QTimer.singleShot(0, self, self._speak)
        if self.settings.write_problem is not None:
            self.notifications.problem(self.settings.write_problem, key="settings-write")

    def _speak(self) -> None:
        """Speak the chosen language: the window is made anew, at the same place and route."""
        self.language = apply_language(self.settings.value.language)
        self.session.speak()
        old, route = self.window, self.window.trail.here
        old.put_away()
        self.tray.close()
        self.window = self._make_window()
        self.window.go(route)
        self.window.show()
        old.deleteLater()


async def _tidy() -> None:
    """Make room among the files fetched earlier."""
    from zerosec_desktop.screens.run.cache import cache_folder, tidy

    await asyncio.to_thread(tidy, cache_folder())


def run(files: list[Path], loop: LoopKind = LoopKind.THREAD) -> int:
    """Start the app, or hand the files to the one that is open."""
    folder = settings_folder()
    scale = SettingsStore(folder / "settings.json").value.scale_percent
    if scale != 100:
        os.environ.setdefault("QT_SCALE_FACTOR", f"{scale / 100:g}")
    # The window's thread asks for its turn ten times as often as Python would let it: it never waits long for the other.
    sys.setswitchinterval(SWITCH_S)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("ZeroSec")
    application.setDesktopFileName("zerosec")
    application.setWindowIcon(app_icon())
    application.setQuitOnLastWindowClosed(False)
    if SingleInstance(folder).hand_over(files):
        return 0
    return Application(folder, make_bridge(loop), files).run()
