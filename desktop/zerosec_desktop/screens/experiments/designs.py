"""The designs of a project: their jobs, how each goes on, and what those that ended came to."""

from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_shared.runs import Job

__all__ = ["Designs"]

MOST_REMEMBERED = 50
ASK_AGAIN_MS = 3000
"""A server that is busy, or was away, is asked again."""


class Designs(QObject):
    """Newest first. `changed` says which one has news; `list_changed` that there are others."""

    changed = Signal(object)  # JobKey
    list_changed = Signal()

    def __init__(self, project: OpenProject, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self.entries: dict[JobKey, JobEntry] = {}
        self.jobs: dict[JobKey, Job] = {}
        """Those that succeeded, with their results."""
        self._asked: set[JobKey] = set()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(ASK_AGAIN_MS)
        self._again.timeout.connect(self.look)
        session = project.context.session
        session.jobs_changed.connect(self._jobs_changed)
        session.job_removed.connect(self._removed)

    @property
    def keys(self) -> tuple[JobKey, ...]:
        """The designs of the project."""
        return tuple(JobKey(self._project.target, UUID(text)) for text in self._project.notes.designs)

    def look(self) -> None:
        """Ask for what is not known yet."""
        for key in self.keys:
            entry = self._project.context.session.entry(key)
            if entry is not None:
                self._take(entry)
            elif key not in self.entries:
                self._ask(key)

    def closing(self) -> None:
        """The project is closed."""
        self._again.stop()

    def add(self, key: JobKey) -> None:
        """A design was submitted."""
        self._project.remember(designs=(str(key.job_id), *self._project.notes.designs)[:MOST_REMEMBERED])
        entry = self._project.context.session.entry(key)
        if entry is not None:
            self._take(entry)
        self.list_changed.emit()

    def leave(self, key: JobKey) -> None:
        """Not one of the project's any more; the run stays in the history."""
        left = tuple(text for text in self._project.notes.designs if text != str(key.job_id))
        self._project.remember(designs=left)
        self.entries.pop(key, None)
        self.jobs.pop(key, None)
        self.list_changed.emit()

    def _jobs_changed(self, entries: list[JobEntry]) -> None:
        known = set(self.keys)
        for entry in entries:
            if entry.key in known:
                self._take(entry)

    def _take(self, entry: JobEntry) -> None:
        self.entries[entry.key] = entry
        if entry.phase is Phase.SUCCEEDED and entry.key not in self.jobs:
            self._ask(entry.key)
        self.changed.emit(entry.key)

    def _ask(self, key: JobKey) -> None:
        if key in self._asked:
            return
        self._asked.add(key)

        def got(job: Job) -> None:
            self._asked.discard(key)
            if job.status.terminal and job.result is not None:
                self.jobs[key] = job
            if key not in self.keys:
                return
            known = self._project.context.session.entry(key)
            self.entries[key] = known or JobEntry.of_job(key.target, job)
            if key not in self.jobs and self.entries[key].phase is Phase.SUCCEEDED:
                self._ask(key)  # it ended while the answer was on its way
            self.changed.emit(key)

        def failed(_: Exception) -> None:
            self._asked.discard(key)
            self._again.start()

        self._project.context.session.job(key, got, failed)

    def _removed(self, key: JobKey) -> None:
        if key in self.keys:
            self.leave(key)
