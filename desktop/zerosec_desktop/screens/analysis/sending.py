"""From the form to a run: what has to be settled first is shown at its field; what the server refuses, too."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from zerosec_client.errors import LocalFileError, ServerProblemError
from zerosec_desktop.bridge import Work
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.problems import in_words
from zerosec_desktop.reading.path_facts import PathFacts, ask_paths
from zerosec_desktop.screens.analysis.filling import FormOnScreen
from zerosec_shared.contract import JsonValue
from zerosec_shared.errors import FieldProblem
from zerosec_shared.files import Dialect
from zerosec_shared.runs import JobState

__all__ = ["LEAVE_AFTER_MS", "Sending"]

LEAVE_AFTER_MS = 1500
"""So long the form waits for the server's word, which may concern a field; then the run's own page takes over."""


class Sending(QObject):
    """Submits what its screen's form holds, once at a time."""

    sent = Signal(object)  # JobKey: the run's own page takes over
    refused = Signal()

    def __init__(self, screen: FormOnScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._session = screen.context.session
        self._key: JobKey | None = None
        self._looking: Work | None = None
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(LEAVE_AFTER_MS)
        self._leave.timeout.connect(self._go_to_run)
        self._session.jobs_changed.connect(self._jobs_changed)

    @property
    def under_way(self) -> bool:
        """Whether something was sent and the server has not answered yet."""
        return self._key is not None

    def forget(self) -> None:
        """The form is another one now; what was sent goes on."""
        self._key = None
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        self._leave.stop()
        self._screen.summary.set_busy(False)

    @Slot()
    def run(self) -> None:
        """Send it, or show what has to be settled first."""
        screen = self._screen
        form, info, step = screen.form, screen.info, screen.step
        if form is None or info is None or step is None or self._key is not None or self._looking is not None:
            return
        screen.problem.hide()
        first = form.show_all_problems()
        if first or not all(slot.files for slot in screen.slots.values() if slot.slot.required):
            self._settle_first(first)
            return
        paths = [path for slot in screen.slots.values() for path in slot.files]
        screen.summary.set_busy(True)
        self._looking = ask_paths(screen.context.bridge, paths, self._looked)

    def _settle_first(self, field: str) -> None:
        wrong = next((text for slot in self._screen.slots.values() if (text := slot.problem())), "")
        if wrong:
            self._screen.tell(wrong)
        elif field:
            self._screen.go_to_field(field)

    def _looked(self, facts: Mapping[Path, PathFacts]) -> None:
        """What stands at the paths is known now: what runs is what was looked at."""
        self._looking = None
        screen = self._screen
        screen.summary.set_busy(False)
        changed = [slot for slot in screen.slots.values() if slot.take_facts(facts)]
        if changed:
            return
        if any(slot.problem() for slot in screen.slots.values()):
            self._settle_first("")
            return
        self._send()

    def _send(self) -> None:
        screen = self._screen
        form, info, step = screen.form, screen.info, screen.step
        if form is None or info is None or step is None:
            return
        form.state.commit()
        inputs: dict[str, list[tuple[Path, Dialect | None]]] = {
            name: [(path, slot.dialect) for path in slot.files]
            for name, slot in screen.slots.items()
            if slot.files
        }
        copies = {
            slot.files[0]: slot.copy_of
            for slot in screen.slots.values()
            if slot.files and slot.copy_of is not None
        }
        values: dict[str, JsonValue] = form.parameters
        screen.summary.set_busy(True)
        self._key = self._session.submit(
            analysis=info.id,
            step=step.id,
            name=screen.summary.name.text().strip() or info.title,
            parameters=values,
            inputs=inputs,
            copies=copies,
            done=self._accepted,
            failed=self._refused,
        )
        self._leave.start()
        for files in inputs.values():
            for path, _ in files:
                if path not in copies or copies[path].registered is None:
                    screen.context.settings.remember_file(path)

    def _accepted(self, _state: JobState) -> None:
        self._go_to_run()

    @Slot(list)
    def _jobs_changed(self, entries: list[JobEntry]) -> None:
        if any(entry.key == self._key and entry.phase is Phase.WAITING for entry in entries):
            self._go_to_run()

    @Slot()
    def _go_to_run(self) -> None:
        if self._key is None or self._screen.form is None:
            return
        key = self._key
        self.forget()
        self.sent.emit(key)

    def _refused(self, error: Exception) -> None:
        key = self._key
        self.forget()
        if key is None:
            return  # the run's own page shows it
        screen = self._screen
        problems: tuple[FieldProblem, ...] = error.errors if isinstance(error, ServerProblemError) else ()
        left = screen.form.show_server_problems(problems) if screen.form is not None else list(problems)
        if problems or isinstance(error, LocalFileError):
            self._session.delete(key)  # for its settings or its file: the form is where it is mended
        texts = [problem.message for problem in left]
        words = in_words(error)
        if texts or not problems:
            screen.tell(
                words.title, " ".join(texts) or " ".join(part for part in (words.detail, words.hint) if part)
            )
        self.refused.emit()
