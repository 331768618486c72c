"""Reads a data file beside the window's thread: first rows at once, then all of them, then a summary of each column.

A newer request replaces an older one; what the older one still brings is dropped. A file too large to hold is read up
to a number of rows, which is said.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from zerosec_desktop.widgets.form.columns import ColumnInfo

if TYPE_CHECKING:
    from zerosec_desktop.bridge import Bridge, Work
    from zerosec_shared.files import Dialect
    from zerosec_shared.tables import ColumnSummary, Detection, Table

__all__ = ["FileStamp", "LoadedTable", "TableLoader"]

FIRST_ROWS = 200
MAX_CELLS = 60_000_000
"""Cells held in memory for looking at, some 0.5 GB; 1e6 x 20 is a third of it."""


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
        self.current: LoadedTable | None = None
        self.busy = False

    def load(self, path: Path, dialect: "Dialect | None" = None, *, everything: bool = True) -> None:
        """Read a file; without a dialect it is detected. `everything`: all rows and the summary too."""
        self.stop()
        self.busy = True
        number = self._round
        self._start(
            self._first_rows(path, dialect), lambda got: self._got_first(number, got, everything), number
        )

    def stop(self) -> None:
        """Forget what is under way."""
        self._round += 1
        self.busy = False
        for work in self._works:
            work.cancel()
        self._works.clear()

    def sort(self, column: str, *, descending: bool) -> None:
        """Work out an order of the loaded rows; arrives as `sorted`."""
        if self.current is None:
            return
        from zerosec_desktop.widgets.table.model import sort_order

        number, frame = self._round, self.current.table.frame

        async def order() -> Any:
            return await asyncio.to_thread(sort_order, frame, column, descending=descending)

        def got(found: Any) -> None:
            if number == self._round:
                self.sorted.emit(found, column, descending)

        self._start(order(), got, number)

    def _start(self, coroutine: Any, done: Any, number: int) -> None:
        def failed(error: Exception) -> None:
            if number == self._round:
                self.busy = False
                self.failed.emit(error)

        self._works = [work for work in self._works if not work.ended]
        self._works.append(self._bridge.start(coroutine, name="read a table", done=done, failed=failed))

    async def _first_rows(self, path: Path, dialect: "Dialect | None") -> LoadedTable:
        return await asyncio.to_thread(_read, path, dialect, FIRST_ROWS)

    async def _rest(self, first: LoadedTable) -> LoadedTable:
        rows = max(FIRST_ROWS, MAX_CELLS // max(1, first.table.frame.width))
        return await asyncio.to_thread(_read_more, first, rows)

    async def _summary(self, loaded: LoadedTable) -> "tuple[ColumnSummary, ...]":
        return await asyncio.to_thread(_summarise, loaded.table)

    def _got_first(self, number: int, got: LoadedTable, everything: bool) -> None:
        if number != self._round:
            return
        self.current = got
        self.first.emit(got)
        if got.whole or not everything:
            self._got_all(number, LoadedTable(got.path, got.table, got.detection, got.stamp, final=True))
        else:
            self._start(self._rest(got), lambda all_rows: self._got_all(number, all_rows), number)

    def _got_all(self, number: int, got: LoadedTable) -> None:
        if number != self._round:
            return
        self.current = got
        self.loaded.emit(got)
        self._start(self._summary(got), lambda found: self._got_summary(number, found), number)

    def _got_summary(self, number: int, found: "tuple[ColumnSummary, ...]") -> None:
        if number == self._round:
            self.busy = False
            self.summarised.emit(found)


def _read(path: Path, dialect: "Dialect | None", rows: int) -> LoadedTable:
    from zerosec_shared.tables import Detection, FileUnreadableError, detect, preview

    stamp = FileStamp.of(path)
    if stamp is None:
        raise FileUnreadableError("The file is not there", f"“{path.name}” was moved, renamed or deleted.")
    partly = dialect is not None and bool(dialect.detect)
    detection = detect(path, dialect if partly else None)
    if dialect is not None and not partly:
        detection = Detection(dialect, 1.0, (), detection.sheets)
    table = preview(path, detection.dialect, rows)
    return LoadedTable(path, table, detection, stamp, final=False)


def _read_more(first: LoadedTable, rows: int) -> LoadedTable:
    from zerosec_shared.tables import read_table

    table = read_table(first.path, first.detection.dialect, max_rows=rows, number_duplicates=True)
    return LoadedTable(first.path, table, first.detection, first.stamp, final=True)


def _summarise(table: "Table") -> "tuple[ColumnSummary, ...]":
    from zerosec_shared.tables import summarise

    return summarise(table)
