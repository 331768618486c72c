"""Reads a data file beside the window's thread: first rows at once, then all of them, then a summary of each column.

A newer request replaces an older one; what the older one still brings is dropped. A file too large to hold is read up
to a number of rows, which is said. The first rows of a large file do not wait until all of it was searched for its encoding:
that is done afterwards, and rows that were read in a wrong one are read again.
"""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from zerosec_desktop.widgets.form.columns import ColumnInfo

if TYPE_CHECKING:
    from zerosec_desktop.bridge import Bridge, Work
    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import ColumnSummary, Detection, Table

__all__ = ["FileStamp", "LoadedTable", "TableLoader"]

FIRST_ROWS = 200
HELD_BYTES = 192 * 1024**2
"""Memory for the rows that can be looked at: 1e6 x 20 numbers are 160 MB."""
HELD_OF_LARGE_BYTES = 48 * 1024**2
"""The same for a large file, of which only the first rows are shown in any case."""
LARGE_FILE_BYTES = 512 * 1024**2
SEARCHED_FIRST_BYTES = 8 * 1024**2
"""How far a large file is searched for its encoding before its first rows are shown."""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Size and time of a file, to notice that it was changed or went away."""

    size_bytes: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "FileStamp | None":
        """The stamp of a file; None when it is gone."""
        try:
            found = path.stat()
        except OSError:
            return None
        return cls(found.st_size, found.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """A table as far as it was read. `whole`: all rows are here; `final`: no more will come."""

    path: Path
    table: "Table"
    detection: "Detection"
    stamp: FileStamp
    final: bool

    @property
    def whole(self) -> bool:
        """Whether every row of the file is here."""
        return self.table.complete

    def columns(self) -> tuple[ColumnInfo, ...]:
        """The columns for a form."""
        return tuple(ColumnInfo(state.name, state.kind.value, state.missing) for state in self.table.columns)


class TableLoader(QObject):
    """Loads one file at a time."""

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
        self._left = threading.Event()
        self.current: LoadedTable | None = None
        self.busy = False

    def load(self, path: Path, dialect: "Dialect | None" = None, *, everything: bool = True) -> None:
        """Read a file; without a dialect it is detected. `everything`: all rows and the summary too."""
        self.stop()
        self.busy = True
        number = self._round
        self._start(
            self._first_rows(path, dialect),
            lambda got: self._got_first(number, got, dialect, everything),
            number,
        )

    def stop(self) -> None:
        """Forget what is under way."""
        self._round += 1
        self._left.set()
        self._left = threading.Event()
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

        async def order() -> Any:
            return await asyncio.to_thread(sort_order, frame, column, descending=descending)

        def got(found: Any) -> None:
            if self._wanted(number):
                self.sorted.emit(found, column, descending)

        self._start(order(), got, number)

    def _start(self, coroutine: Any, done: Any, number: int) -> None:
        def failed(error: Exception) -> None:
            if self._wanted(number):
                self.busy = False
                self.failed.emit(error)

        self._works = [work for work in self._works if not work.ended]
        self._works.append(self._bridge.start(coroutine, name="read a table", done=done, failed=failed))

    async def _first_rows(self, path: Path, dialect: "Dialect | None") -> LoadedTable:
        return await asyncio.to_thread(_read, path, dialect, FIRST_ROWS)

    async def _rest(
        self, first: LoadedTable, dialect: "Dialect | None", left: threading.Event
    ) -> LoadedTable:
        return await asyncio.to_thread(_read_more, first, dialect, left)

    async def _summary(self, loaded: LoadedTable) -> "tuple[ColumnSummary, ...]":
        return await asyncio.to_thread(_summarise, loaded.table)

    def _got_first(self, number: int, got: LoadedTable, dialect: "Dialect | None", everything: bool) -> None:
        if not self._wanted(number):
            return
        self.current = got
        self.first.emit(got)
        if got.whole or not everything:
            self._got_all(number, LoadedTable(got.path, got.table, got.detection, got.stamp, final=True))
        else:
            self._start(
                self._rest(got, dialect, self._left), lambda all_rows: self._got_all(number, all_rows), number
            )

    def _got_all(self, number: int, got: LoadedTable) -> None:
        if not self._wanted(number):
            return
        self.current = got
        self.loaded.emit(got)
        self._start(self._summary(got), lambda found: self._got_summary(number, found), number)

    def _got_summary(self, number: int, found: "tuple[ColumnSummary, ...]") -> None:
        if self._wanted(number):
            self.busy = False
            self.summarised.emit(found)


def _read(path: Path, dialect: "Dialect | None", rows: int) -> LoadedTable:
    from zerosec_shared.tables import FileUnreadableError, preview

    stamp = FileStamp.of(path)
    if stamp is None:
        raise FileUnreadableError("The file is not there", f"“{path.name}” was moved, renamed or deleted.")
    searched = SEARCHED_FIRST_BYTES if stamp.size_bytes > LARGE_FILE_BYTES else stamp.size_bytes
    detection = _detect(path, dialect, lambda so_far: so_far < searched)
    table = preview(path, detection.dialect, rows)
    return LoadedTable(path, table, detection, stamp, final=False)


def _detect(path: Path, dialect: "Dialect | None", go_on: Callable[[int], bool]) -> "Detection":
    """How the file is read: what the user fixed stands, the rest is found out."""
    from zerosec_shared.tables import Detection, detect

    partly = dialect is not None and bool(dialect.detect)
    detection = detect(path, dialect, go_on)
    if dialect is not None and not partly:
        return Detection(dialect, 1.0, (), detection.sheets)
    return detection


def _read_more(first: LoadedTable, dialect: "Dialect | None", left: threading.Event) -> LoadedTable:
    from zerosec_shared.tables import read_table

    detection, large = first.detection, first.stamp.size_bytes > LARGE_FILE_BYTES
    if large and (dialect is None or dialect.detect):
        detection = _detect(first.path, dialect, lambda _: not left.is_set())
    frame = first.table.frame
    row_bytes = max(1, int(frame.estimated_size()) // max(1, frame.height))
    rows = max(FIRST_ROWS, (HELD_OF_LARGE_BYTES if large else HELD_BYTES) // row_bytes)
    table = read_table(first.path, detection.dialect, max_rows=rows, number_duplicates=True)
    return LoadedTable(first.path, table, detection, first.stamp, final=True)


def _summarise(table: "Table") -> "tuple[ColumnSummary, ...]":
    from zerosec_shared.tables import summarise

    return summarise(table)
