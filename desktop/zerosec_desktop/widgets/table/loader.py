"""Has a data file read: first rows at once, then all of them, then a summary of each column.

A process of its own reads it. A newer request replaces an older one; what the older one still brings is dropped. A file too large to
hold is read up to a number of rows, which is said. The first rows of a large file do not wait until all of it was searched for its
encoding: that is done afterwards, and rows that were read in a wrong one are read again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from zerosec_desktop.own_thread import in_own_thread
from zerosec_desktop.widgets.form.columns import ColumnInfo

if TYPE_CHECKING:
    from zerosec_desktop.bridge import Bridge, Work
    from zerosec_desktop.reading.answers import FileStamp
    from zerosec_desktop.reading.process import Leave
    from zerosec_desktop.reading.tables import Looked
    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import ColumnSummary, Detection, Table

__all__ = ["LoadedTable", "TableLoader"]


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A table as far as it was read. `whole`: all rows are here; `final`: no more will come."""

    path: Path
    table: "Table"
    detection: "Detection"
    stamp: "FileStamp"
    final: bool

    @property
    def whole(self) -> bool:
        """Whether every row of the file is here."""
        return self.table.complete

    def columns(
        self, counted: Mapping[str, tuple[tuple[str, int], ...]] | None = None
    ) -> tuple[ColumnInfo, ...]:
        """The columns for a form, with the commonest values of those that were counted."""
        values = counted or {}
        return tuple(
            ColumnInfo(state.name, state.kind.value, state.missing, values.get(state.name, ()))
            for state in self.table.columns
        )


class TableLoader(QObject):
    """Loads one file at a time."""

    detected = Signal(object)  # Detection: how it is read, before anything of it is
    first = Signal(object)  # LoadedTable: the first rows
    loaded = Signal(object)  # LoadedTable: all rows, or as many as can be held
    summarised = Signal(object)  # tuple[ColumnSummary, ...]
    failed = Signal(object)  # Exception
    sorted = Signal(object, str, bool)  # order, column, descending

    def __init__(self, bridge: "Bridge", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._round = 0
        self._works: list[Work] = []
        self._leave: Leave | None = None
        self.current: LoadedTable | None = None
        self.busy = False

    def load(self, path: Path, dialect: "Dialect | None" = None, *, everything: bool = True) -> None:
        """Read a file; without a dialect it is detected. `everything`: not the first rows alone."""
        from zerosec_desktop.reading.process import Leave

        self.stop()
        self.busy = True
        number, leave, bridge = self._round, Leave(), self._bridge
        self._leave = leave

        def look() -> None:
            from zerosec_desktop.reading import tables

            tables.look(
                path,
                dialect,
                everything=everything,
                leave=leave,
                detected=lambda found: bridge.deliver(self._got_detection, number, found),
                seen=lambda looked: bridge.deliver(self._seen, number, looked),
                summarised=lambda found: bridge.deliver(self._got_summary, number, found),
            )

        self._start(in_own_thread(look, "look at a table"), None, number)

    def stop(self) -> None:
        """Forget what is under way."""
        self._round += 1
        if self._leave is not None:
            self._leave.now()
            self._leave = None
        self.busy = False
        for work in self._works:
            work.cancel()
        self._works.clear()

    def _wanted(self, number: int) -> bool:
        """Whether what arrives now is still waited for: no other file was asked for, and the screen is there."""
        return number == self._round and isValid(self)

    def sort(self, column: str, *, descending: bool) -> None:
        """Work out an order of the loaded rows; arrives as `sorted`."""
        if self.current is None:
            return
        from zerosec_desktop.widgets.table.model import sort_order

        number, frame = self._round, self.current.table.frame

        def got(found: Any) -> None:
            if self._wanted(number):
                self.sorted.emit(found, column, descending)

        order = in_own_thread(lambda: sort_order(frame, column, descending=descending), "sort a table")
        self._start(order, got, number)

    def _start(self, coroutine: Any, done: Callable[[Any], None] | None, number: int) -> None:
        def failed(error: Exception) -> None:
            if self._wanted(number):
                self.busy = False
                self.failed.emit(error)

        self._works = [work for work in self._works if not work.ended]
        self._works.append(self._bridge.start(coroutine, name="read a table", done=done, failed=failed))

    def _seen(self, number: int, looked: "Looked") -> None:
        if not self._wanted(number):
            return
        got = LoadedTable(looked.path, looked.table, looked.detection, looked.stamp, looked.final)
        self.current = got
        if looked.first:
            self.first.emit(got)
        if got.final and self._wanted(number):
            self.loaded.emit(got)

    def _got_detection(self, number: int, found: "Detection") -> None:
        if self._wanted(number):
            self.detected.emit(found)

    def _got_summary(self, number: int, found: "tuple[ColumnSummary, ...]") -> None:
        if self._wanted(number):
            self.busy = False
            self.summarised.emit(found)
