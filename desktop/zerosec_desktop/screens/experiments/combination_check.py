"""Asks the server how many combinations there will be, a moment after each change; the newest question alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from zerosec_desktop.bridge import Work
from zerosec_desktop.problems import in_words
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect
from zerosec_shared.runs import Job
from zerosec_shared.views import Result

__all__ = ["ANALYSIS", "STEP", "CombinationCheck"]

ANALYSIS, STEP = "combinations", "table"
ASK_AFTER_MS = 350

Inputs = Mapping[str, Sequence[tuple[Path, Dialect | None]]]


class CombinationCheck(QObject):
    """`changed` says that something else is known: `asking`, `result`, or what would stop the run."""

    changed = Signal()

    def __init__(self, project: OpenProject, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._work: Work | None = None
        self._asked: tuple[dict[str, JsonValue], Inputs] | None = None
        self.asking = False
        self.result: Result | None = None
        self.title = self.detail = ""
        self.refused = False
        """The server says that the run would stop."""
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(ASK_AFTER_MS)
        self._due.timeout.connect(self._ask)

    def ask(self, parameters: Mapping[str, JsonValue], inputs: Inputs) -> None:
        """Something has changed: ask soon."""
        asked = (dict(parameters), inputs)
        if asked == self._asked and (self.asking or self.result is not None or self.refused):
            return
        self.stop()
        self._asked = asked
        self.asking = True
        self._due.start()
        self.changed.emit()

    def nothing(self) -> None:
        """There is nothing to ask about."""
        self.stop()
        self._asked = None
        self._set(None)

    def stop(self) -> None:
        """Nobody looks any more."""
        self._due.stop()
        self.asking = False
        if self._work is not None:
            self._work.cancel()
            self._work = None

    def _ask(self) -> None:
        if self._asked is None:
            return
        parameters, inputs = self._asked
        self._work = self._project.context.session.preview(
            target=self._project.target,
            analysis=ANALYSIS,
            step=STEP,
            parameters=parameters,
            inputs=inputs,
            done=self._got,
            failed=self._failed,
        )

    def _got(self, job: Job) -> None:
        self._work = None
        failure = job.failure
        if failure is None:
            self._set(job.result)
            return
        detail = "\n".join(part for part in (failure.detail, failure.hint) if part)
        self._set(None, failure.title, detail, refused=True)

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._asked = None
        words = in_words(error)
        self._set(None, words.title, "\n".join(part for part in (words.detail, words.hint) if part))

    def _set(
        self, result: Result | None, title: str = "", detail: str = "", *, refused: bool = False
    ) -> None:
        self.asking = False
        self.result, self.title, self.detail, self.refused = result, title, detail, refused
        self.changed.emit()
