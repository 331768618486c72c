"""The end, in stages, within a second: what must survive is written, the window hides, work is cancelled on its loop,
the server of this computer is left to its work or asked to end, and only then do Qt's objects go.
"""

import asyncio
import contextlib
import logging
from typing import Protocol

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from zerosec_desktop.bridge import Bridge
from zerosec_desktop.crash import CrashLog
from zerosec_desktop.main_window import MainWindow
from zerosec_desktop.session import Session
from zerosec_desktop.settings import SettingsStore
from zerosec_desktop.shell.tray import Tray
from zerosec_desktop.single_instance import SingleInstance

__all__ = ["Shutdown"]

log = logging.getLogger(__name__)


class Parts(Protocol):
    """What the app is made of, as it is when the end comes: the window may have been made anew since the start."""

    window: MainWindow
    tray: Tray
    instance: SingleInstance
    bridge: Bridge
    session: Session
    settings: SettingsStore
    crash: CrashLog


class Shutdown:
    """Runs each stage once, however often it is asked."""

    def __init__(self, app: Parts) -> None:
        self._app = app
        self.begun = False

    def begin(self) -> None:
        """Stage 1, in the window's thread: write, hide, and end the loop."""
        if self.begun:
            return
        self.begun = True
        self._app.window.put_away()
        self._app.tray.close()
        self._app.instance.close()
        self._app.bridge.stop()

    async def closing(self) -> None:
        """Stage 2, on the loop, after all work was cancelled (which closed the connections)."""
        await self._app.session.close()
        if not self._app.settings.value.leave_server_running:
            from zerosec_client.errors import ClientError

            with contextlib.suppress(ClientError):
                await asyncio.to_thread(_ask_server_to_end)

    def finish(self) -> None:
        """Stage 3, without a loop: Qt's objects are deleted before the interpreter tears them down."""
        from zerosec_desktop.reading.process import readers

        readers.close()
        self._app.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._app.crash.close()


def _ask_server_to_end() -> None:
    """Ask and do not wait: it ends in its own order, and queued jobs stay queued."""
    from zerosec_client import local_server
    from zerosec_client.errors import ClientError
    from zerosec_client.paths import server_data_dir

    with contextlib.suppress(ClientError):
        local_server.stop(server_data_dir(), timeout_s=0.05)
