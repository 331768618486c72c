"""All jobs of all targets as last heard of, and who is told of what changes in them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey

__all__ = ["KnownJobs"]

FLUSH_MS = 100
"""Changes of the job list reach the screen so often at most: more can't be read."""


class KnownJobs(QObject):
    """Lives in the window's thread."""

    changed = Signal(list)  # list[JobEntry], at most every FLUSH_MS
    removed = Signal(object)  # JobKey
    ended = Signal(object)  # JobEntry: it ended while we watched

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._entries: dict[JobKey, JobEntry] = {}
        self._active: dict[JobKey, JobEntry] = {}
        self._changed: dict[JobKey, JobEntry] = {}
        self._flush = QTimer(self)
        self._flush.setInterval(FLUSH_MS)
        self._flush.setSingleShot(True)
        self._flush.timeout.connect(self._flush_changes)

    def all(self) -> list[JobEntry]:
        """Every one."""
        return list(self._entries.values())

    def active(self) -> list[JobEntry]:
        """Those that have not ended; cheap however many have."""
        return list(self._active.values())

    def get(self, key: JobKey) -> JobEntry | None:
        """One job."""
        return self._entries.get(key)

    def of_target(self, target: str) -> list[JobKey]:
        """Which jobs a target has."""
        return [key for key in self._entries if key.target == target]

    def put(self, entries: list[JobEntry]) -> None:
        """They are new or changed."""
        for entry in entries:
            before = self._entries.get(entry.key)
            self._entries[entry.key] = entry
            self._changed[entry.key] = entry
            if entry.phase.ended:
                self._active.pop(entry.key, None)
            else:
                self._active[entry.key] = entry
            if before is not None and not before.phase.ended and entry.phase.ended:
                self.ended.emit(entry)
        if not self._flush.isActive():
            self._flush.start()

    def show(self, key: JobKey, phase: Phase) -> None:
        """One is in another phase, before its server says so."""
        self.put([replace(self._entries[key], phase=phase)])

    def remove(self, key: JobKey) -> None:
        """It was deleted."""
        self._changed.pop(key, None)
        self._active.pop(key, None)
        if self._entries.pop(key, None) is not None:
            self.removed.emit(key)

    def reword(self, in_other_words: Callable[[JobEntry], JobEntry]) -> None:
        """The same jobs, told in another language; whoever shows them is made anew."""
        self._entries = {key: in_other_words(entry) for key, entry in self._entries.items()}
        self._active = {key: self._entries[key] for key in self._active}

    def _flush_changes(self) -> None:
        changed, self._changed = list(self._changed.values()), {}
        if changed:
            self.changed.emit(changed)
