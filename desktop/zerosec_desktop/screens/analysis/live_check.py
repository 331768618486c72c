"""Asks the analysis itself what a run would do, while the form is filled in: a moment after each change, the newest question alone."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.problems import in_words
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.widgets.form.form import Form
from zerosec_shared.analyses import AnalysisInfo, StepInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.runs import Job
from zerosec_shared.severity import Severity
from zerosec_shared.views import Notice, Result

__all__ = ["CheckState", "LiveCheck"]

ASK_AFTER_MS = 350
LARGEST_UNASKED_BYTES = 32 * 1024**2
LARGEST_UNASKED_AWAY_BYTES = 4 * 1024**2
"""To another machine the data travel: more than this is sent only when the user says so, or presses Run."""

Stored = dict[str, tuple[InputFile, ...]]
Question = tuple[str, str, dict[str, JsonValue], dict[str, list[tuple[Path, Dialect | None]]], Stored]


class CheckState(StrEnum):
    """Where the check stands."""

    NONE = "none"
    """The step has no preview, or the server is away."""
    CHECKING = "checking"
    WELL = "well"
    REFUSED = "refused"
    """The run would fail with this."""
    TROUBLE = "trouble"
    """It could not be asked."""
    LARGE = "large"
    """The files are large: only when the user asks."""


class LiveCheck(QObject):
    """Holds what was found last; `changed` says that something else is to be shown."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._work: Work | None = None
        self._form: Form | None = None
        self._slots: Mapping[str, FileSlot] = {}
        self._info: AnalysisInfo | None = None
        self._step: StepInfo | None = None
        self._stored: Callable[[], Stored] = dict
        self._target = ""
        self._run_id: UUID | None = None
        self._asked: Question | None = None
        self.state = CheckState.NONE
        self.result: Result | None = None
        self.title = self.detail = ""
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(ASK_AFTER_MS)
        self._due.timeout.connect(self._ask_unasked)

    @property
    def findings(self) -> tuple[Notice, ...]:
        """What the newest answer says must be seen."""
        return () if self.result is None else self.result.warnings

    @property
    def refuses(self) -> bool:
        """Whether the newest answer says that the run would fail with this."""
        wrong = any(notice.severity is Severity.ERROR for notice in self.findings)
        return self.state is CheckState.REFUSED or wrong

    @property
    def is_current(self) -> bool:
        """Whether the newest answer is about the form as it stands."""
        return self._work is None and not self._due.isActive()

    def watch(
        self,
        info: AnalysisInfo,
        step: StepInfo,
        form: Form,
        slots: Mapping[str, FileSlot],
        *,
        stored: Callable[[], Stored] = dict,
        target: str = "",
        run_id: UUID | None = None,
    ) -> None:
        """From now on it is about this form; `stored` says which inputs the server has. Without a `target` it asks the current one."""
        self.stop()
        self._info, self._step, self._form, self._slots = info, step, form, slots
        self._stored, self._target, self._run_id = stored, target, run_id
        self._asked = None
        self._show(CheckState.NONE)

    def ask_soon(self) -> None:
        """Something has changed."""
        if self._step is not None and self._step.preview:
            self._due.start()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._due.stop()
        if self._work is not None:
            self._work.cancel()
            self._work = None
            self._asked = None

    @Slot()
    def _ask_unasked(self) -> None:
        self._ask(large_too=False)

    @Slot()
    def ask_now(self) -> None:
        """The user wants to know, however large the files are."""
        self._ask(large_too=True)

    def _ask(self, *, large_too: bool) -> None:
        session = self._context.session
        asked_of = self._target or session.current_target
        state = session.target_state(asked_of)
        if self._form is None or self._info is None or self._step is None or not self._step.preview:
            return
        if state is None or not state.usable:
            self.stop()
            self._show(CheckState.NONE)
            return
        if any(slot.problem() for slot in self._slots.values() if slot.files):
            self.stop()
            self._show(CheckState.NONE)  # the slot says what is wrong with its file
            return
        inputs = {
            name: [(path, slot.dialect) for path in slot.files]
            for name, slot in self._slots.items()
            if slot.files and slot.registered is None
        }
        limit = LARGEST_UNASKED_BYTES if state.bundled else LARGEST_UNASKED_AWAY_BYTES
        registered = {
            name: (slot.copy_of,)
            for name, slot in self._slots.items()
            if slot.copy_of is not None and slot.registered is not None
        }
        stored = {**self._stored(), **registered}
        question = (asked_of, self._step.id, self._usable_values(self._form), inputs, stored)
        if question == self._asked:
            return
        self.stop()
        sizes = [slot.size_bytes for slot in self._slots.values()]
        if not large_too and None in sizes:
            return  # not known yet: it is asked again when it is
        if not large_too and sum(size or 0 for size in sizes) > limit:
            self._show(CheckState.LARGE)
            return
        self._asked = question
        self._show(CheckState.CHECKING, keep=True)
        target, step, values, files, stored = question
        self._work = session.preview(
            target=target,
            analysis=self._info.id,
            step=step,
            parameters=values,
            inputs=files,
            stored=stored,
            run_id=self._run_id,
            done=self._got,
            failed=self._failed,
        )

    @staticmethod
    def _usable_values(form: Form) -> dict[str, JsonValue]:
        """What the form holds. A field whose text cannot be read goes as text, so that the answer waits for it, not for its default."""
        values = form.parameters
        for name, field in form.applying.items():
            if field.unreadable:
                values[name] = {"unreadable": True}
        return values

    def _got(self, job: Job) -> None:
        self._work = None
        if job.failure is not None:
            self.result = None
            failure = job.failure
            self._show(
                CheckState.REFUSED,
                failure.title,
                " ".join(part for part in (failure.detail, failure.hint) if part),
            )
            return
        self.result = job.result
        self._show(CheckState.WELL if job.result is not None else CheckState.NONE)

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._asked = None
        words = in_words(error)
        self._show(
            CheckState.TROUBLE, words.title, " ".join(part for part in (words.detail, words.hint) if part)
        )

    def _show(self, state: CheckState, title: str = "", detail: str = "", *, keep: bool = False) -> None:
        if state is not CheckState.WELL and not keep:
            self.result = None
        self.state, self.title, self.detail = state, title, detail
        self.changed.emit()
