"""The sign in the system's tray, and the system's notifications when a job ends while the window is not in front."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.resources.icon import app_icon
from zerosec_desktop.session import Session
from zerosec_desktop.settings import SettingsStore

__all__ = ["Tray"]


class Tray(QObject):
    """Absent where the system has no tray; everything also stands in the window."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: SettingsStore,
        open_run: Callable[[JobKey], None],
        bring_up: Callable[[], None],
        leave: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._open_run, self._bring_up = open_run, bring_up
        self._last: JobKey | None = None
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu(window)
        self._menu.addAction(self.tr("Open ZeroSec"), bring_up)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Quit"), leave)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(app_icon(), self)
            self._icon.setToolTip("ZeroSec")
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._activated)
            self._icon.messageClicked.connect(self._clicked)
            self._icon.show()
        session.job_ended.connect(self._ended)

    def close(self) -> None:
        """Take the sign away."""
        if self._icon is not None:
            self._icon.hide()

    def _ended(self, entry: JobEntry) -> None:
        if self._icon is None or self._window.isActiveWindow() or not self._settings.value.notify_when_done:
            return
        title = {
            Phase.SUCCEEDED: self.tr("{name} is done"),
            Phase.FAILED: self.tr("{name} failed"),
        }.get(entry.phase)
        if title is None:
            return
        self._last = entry.key
        sign = (
            QSystemTrayIcon.MessageIcon.Warning
            if entry.phase is Phase.FAILED
            else QSystemTrayIcon.MessageIcon.Information
        )
        failure = entry.state.failure if entry.state is not None else None
        text = failure.title if failure is not None else self.tr("Click to see the results.")
        self._icon.showMessage(title.format(name=entry.name), text, sign)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._bring_up()

    def _clicked(self) -> None:
        self._bring_up()
        if self._last is not None:
            self._open_run(self._last)
