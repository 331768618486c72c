"""Follows the log of a job: its last part at once, then once a second what is new, as long as the job runs and somebody looks."""

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Slot

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.dialogs import choose_save
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.jobs.log_view import LogView

if TYPE_CHECKING:
    from zerosec_client.log_part import LogPart

__all__ = ["LogFollower"]

LOOK_EVERY_MS = 1000


class LogFollower(QObject):
    """Between a job's log on the server and the view of it. Bytes that were read are never asked for again."""

    def __init__(self, context: Context, view: LogView) -> None:
        super().__init__(view)
        self._context, self._view = context, view
        self._key: JobKey | None = None
        self._attempt = 0
        self._read_to: int | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._asking: Work | None = None
        self._whole = False
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self._ask)
        view.save_wanted.connect(self.save)

    def follow(self, entry: JobEntry | None) -> None:
        """Show this job's log from now on; call again with each news of it. None: nobody looks."""
        if entry is None or entry.state is None:
            self._look.stop()
            return
        if entry.key != self._key or entry.state.attempt != self._attempt:
            self.forget()
            self._key, self._attempt = entry.key, entry.state.attempt
        if entry.phase.ended:
            self._look.stop()
            if not self._whole:
                self._whole = True  # what the end brought is read once more, then no more
                self._ask(again=True)
        elif not self._look.isActive():
            self._look.start()
            self._ask()

    def forget(self) -> None:
        """Show nothing."""
        self._look.stop()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        self._key, self._read_to, self._attempt, self._whole = None, None, 0, False
        self._decoder.reset()
        self._view.clear()

    @Slot()
    def _ask(self, *, again: bool = False) -> None:
        if self._key is None:
            return
        if self._asking is not None and not self._asking.ended:
            if not again:
                return
            self._asking.cancel()
        self._asking = self._context.session.log(self._key, self._got, self._not_got, after=self._read_to)

    def _got(self, part: "LogPart") -> None:
        if self._read_to is None:
            self._view.begin(self._decoder.decode(part.data), after_bytes=part.start)
        elif part.start != self._read_to:
            return
        elif part.data:
            self._view.add(self._decoder.decode(part.data))
        self._read_to = part.end
        if part.data and self._whole:
            self._asking = None
            self._ask()  # to the very end

    def _not_got(self, _error: Exception) -> None:
        self._whole = False  # the target's state says why; the next look or news asks again

    @Slot()
    def save(self) -> None:
        """Ask for a place, and write the whole log there."""
        key = self._key
        if key is None:
            return
        documents = Path(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home()
        )

        def named(chosen: list[Path]) -> None:
            session = self._context.session
            session.save_log(key, chosen[0], self._saved, self._context.notifications.problem)

        choose_save(
            self._view.window(),
            self.tr("Save the log"),
            documents / "log.txt",
            (self.tr("Text (*.txt)"),),
            named,
        )

    def _saved(self, path: Path) -> None:
        self._context.notifications.info(
            self.tr("Saved: {0}").format(path.name), str(path.parent), key="saved"
        )
