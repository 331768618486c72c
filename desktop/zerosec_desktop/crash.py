"""What happened last time: uncaught exceptions and hard crashes go to a log; the next start tells of them once."""

import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

__all__ = ["CrashLog"]

log = logging.getLogger("zerosec_desktop")
LIMIT_BYTES = 512 * 1024


class CrashLog:
    """Two files in the settings folder: `crash.log` grows; `running` exists while a window is open."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "crash.log"
        self._mark = folder / "running"
        self._hard = folder / "hard-crash.log"
        self._file: TextIO | None = None
        self._told: Callable[[BaseException], None] | None = None

    def open(self) -> str:
        """Begin to watch. Returns what ended the last start, if it did not end well; else an empty text."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        last = ""
        if self._mark.exists():
            hard = self._hard.read_text(errors="replace") if self._hard.exists() else ""
            last = hard.strip() or self._last_entry() or "The program ended without leaving a trace."
            if hard.strip():
                self._append(hard)
        self._mark.write_text(datetime.now(UTC).isoformat(), encoding="ascii")
        if self.path.exists() and self.path.stat().st_size > LIMIT_BYTES:
            self.path.replace(self.path.with_suffix(".old.log"))
        self._file = self._hard.open("w", encoding="utf-8")
        faulthandler.enable(self._file)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        qInstallMessageHandler(_qt_said)
        return last

    def tell(self, told: Callable[[BaseException], None]) -> None:
        """Who is told of exceptions nobody caught (the notification centre), beside the log."""
        self._told = told

    def close(self) -> None:
        """The window ended well."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        qInstallMessageHandler(None)
        faulthandler.disable()
        if self._file is not None:
            self._file.close()
            self._file = None
        self._hard.unlink(missing_ok=True)
        self._mark.unlink(missing_ok=True)

    def _last_entry(self) -> str:
        if not self.path.exists():
            return ""
        entries = self.path.read_text(errors="replace").split("\n=== ")
        began = self._mark.read_text(errors="replace").strip()
        last = entries[-1].removeprefix("=== ")
        return last if last[: len(began)] >= began else ""

    def _append(self, text: str) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"\n=== {datetime.now(UTC).isoformat()}\n{text}")
        except OSError:
            log.warning("the crash log could not be written")

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._append("".join(traceback.format_exception(kind, error, trace)))
        if self._told is not None:
            self._told(error)

    def _uncaught_in_thread(self, hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None:
            self._append("".join(traceback.format_exception(hook.exc_value)))


def _qt_said(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own messages go to our log; none reach the user's terminal unless they matter."""
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.DEBUG,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    log.log(level, "Qt: %s", text)
