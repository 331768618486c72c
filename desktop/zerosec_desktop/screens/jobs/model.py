"""The job list as a Qt model that holds ten thousand jobs while a hundred of them move.

An update touches its own row only: rows are found by their sort key (bisection), moved only when their place changes, and
nothing is sorted anew except when the user asks for another order. A sort proxy in Python would take seconds.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.screens.jobs.cells import Cells
from zerosec_desktop.screens.jobs.order import (
    Column,
    Filter,
    Grouping,
    PhaseFilter,
    SortKey,
    group_of,
    sort_key,
)
from zerosec_desktop.session import Session
from zerosec_desktop.wording import PHASE_ICON

__all__ = ["ENTRY_ROLE", "JobsModel"]

ENTRY_ROLE = Qt.ItemDataRole.UserRole
LIVE = frozenset({Column.PROGRESS, Column.STAGE, Column.ELAPSED, Column.LEFT})
"""The columns that move while a job goes on; they stand together."""
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_numbers = count(1)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass
class _Group:
    """Rows in order, with their keys beside them."""

    order: SortKey
    name: str
    keys: list[SortKey] = field(default_factory=list)
    rows: list[JobKey] = field(default_factory=list)
    number: int = field(default_factory=lambda: next(_numbers))
    """Stands in the indices of its jobs: stays when groups before it come and go."""


class JobsModel(QAbstractItemModel):
    """Groups at the top and jobs below them; without grouping, jobs at the top."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cells = Cells(session)
        self._entries: dict[JobKey, JobEntry] = {}
        self._placed: dict[JobKey, tuple[SortKey, SortKey]] = {}
        self._groups: list[_Group] = [_Group((), "")]
        self._filter = Filter()
        self._grouping = Grouping.NONE
        self._column, self._descending = Column.CREATED, True
        self._key: Callable[[JobEntry], SortKey] = sort_key(self._column, descending=True)
        self.columns: tuple[Column, ...] = tuple(Column)
        self._icons: dict[Phase, QIcon] = {phase: icon(*sign) for phase, sign in PHASE_ICON.items()}
        self._pin = icon("pin", "accent")
        self.counts: dict[PhaseFilter, int] = dict.fromkeys(PhaseFilter, 0)
        """How many jobs each chip would show."""

    # -- what is shown -------------------------------------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        """What is shown."""
        return self._filter

    @property
    def grouping(self) -> Grouping:
        """What jobs are grouped by."""
        return self._grouping

    def set_filter(self, wanted: Filter) -> None:
        """Show other entries."""
        if wanted != self._filter:
            self._filter = wanted
            self._arrange()

    def set_grouping(self, grouping: Grouping) -> None:
        """Group by something else."""
        if grouping is not self._grouping:
            self._grouping = grouping
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(self.columns):
            self._column = self.columns[column]
            self._descending = order == Qt.SortOrder.DescendingOrder
            self._key = sort_key(self._column, descending=self._descending)
            self._arrange()

    def shown_count(self) -> int:
        """How many jobs are shown."""
        return len(self._placed)

    def entries(self) -> Iterable[JobEntry]:
        """All jobs, shown or not."""
        return self._entries.values()

    def group_count(self) -> int:
        """How many groups; 0 without grouping."""
        return len(self._groups) if self._grouping else 0

    def _arrange(self) -> None:
        """Put everything in its place anew."""
        self.beginResetModel()
        groups: dict[SortKey, _Group] = {}
        sorted_rows: dict[SortKey, list[tuple[SortKey, JobKey]]] = {}
        self._placed.clear()
        for entry in self._entries.values():
            if self._filter.takes(entry):
                order, name = group_of(entry, self._grouping)
                key = self._key(entry)
                groups.setdefault(order, _Group(order, name))
                sorted_rows.setdefault(order, []).append((key, entry.key))
                self._placed[entry.key] = (order, key)
        for order, rows in sorted_rows.items():
            rows.sort(key=lambda pair: pair[0])
            groups[order].keys = [key for key, _ in rows]
            groups[order].rows = [row for _, row in rows]
        self._groups = sorted(groups.values(), key=lambda group: group.order)
        if not self._grouping and not self._groups:
            self._groups = [_Group((), "")]
        self.endResetModel()

    # -- changes -------------------------------------------------------------------------------------------------

    def set_all(self, entries: Iterable[JobEntry]) -> None:
        """Begin with these."""
        self._entries = {}
        self.counts = dict.fromkeys(PhaseFilter, 0)
        for entry in entries:
            self._know(entry)
        self._arrange()

    def _know(self, entry: JobEntry | None, key: JobKey | None = None) -> bool:
        """Remember an entry, or forget one by its key, and count. Whether it only moved on: the same job in the same phase."""
        known = entry.key if entry is not None else key
        same = self._entries.get(known) if entry is not None and known is not None else None
        if entry is not None and same is not None and _only_moved_on(same, entry):
            self._entries[entry.key] = entry
            return True
        before = self._entries.pop(known, None) if known is not None else None
        for wanted in PhaseFilter:
            if before is not None and wanted.takes(before):
                self.counts[wanted] -= 1
            if entry is not None and wanted.takes(entry):
                self.counts[wanted] += 1
        if entry is not None:
            self._entries[entry.key] = entry
        return False

    def update_entries(self, changed: list[JobEntry]) -> None:
        """Take changes. Many new ones at once are arranged together."""
        if sum(entry.key not in self._entries for entry in changed) > 50:
            for entry in changed:
                self._know(entry)
            self._arrange()
            return
        only_moved_on = True
        for entry in changed:
            only_moved_on &= self._know(entry)
            self._place(entry)
        self._touch((entry.key for entry in changed), LIVE if only_moved_on else None)

    def remove(self, key: JobKey) -> None:
        """A job is gone."""
        if key in self._entries:
            self._take_out(key)
            self._know(None, key)

    def tick(self) -> None:
        """A second has passed for what runs."""
        running = {Phase.RUNNING, Phase.CANCELLING}
        self._touch((key for key in self._placed if self._entries[key].phase in running), LIVE)

    def _place(self, entry: JobEntry) -> None:
        order, name = group_of(entry, self._grouping)
        key = self._key(entry)
        before = self._placed.get(entry.key)
        if before == (order, key) and self._filter.takes(entry):
            return
        if before is not None and before[0] == order and self._filter.takes(entry):
            self._move(entry.key, before[1], order, key)
            return
        self._take_out(entry.key)
        if self._filter.takes(entry):
            self._put_in(entry.key, order, name, key)

    def _move(self, job: JobKey, old: SortKey, order: SortKey, key: SortKey) -> None:
        """Give a row its new place in its group: moved, not made anew, so that it stays selected."""
        place = self._group_row(order)
        group = self._groups[place]
        row = bisect_left(group.keys, old)
        to = bisect_left(group.keys, key)
        to -= to > row
        parent = self._group_index(place)
        moved = to != row
        if moved:
            self.beginMoveRows(parent, row, row, parent, to + 1 if to > row else to)
        del group.keys[row], group.rows[row]
        group.keys.insert(to, key)
        group.rows.insert(to, job)
        self._placed[job] = (order, key)
        if moved:
            self.endMoveRows()

    def _put_in(self, job: JobKey, order: SortKey, name: str, key: SortKey) -> None:
        place = self._group_row(order)
        if place >= len(self._groups) or self._groups[place].order != order:
            self.beginInsertRows(_ROOT, place, place)
            self._groups.insert(place, _Group(order, name, [key], [job]))
            self._placed[job] = (order, key)
            self.endInsertRows()
            return
        group = self._groups[place]
        row = bisect_left(group.keys, key)
        self.beginInsertRows(self._group_index(place), row, row)
        group.keys.insert(row, key)
        group.rows.insert(row, job)
        self._placed[job] = (order, key)
        self.endInsertRows()

    def _take_out(self, job: JobKey) -> None:
        placed = self._placed.pop(job, None)
        if placed is None:
            return
        order, key = placed
        place = self._group_row(order)
        group = self._groups[place]
        if self._grouping and len(group.rows) == 1:
            self.beginRemoveRows(_ROOT, place, place)
            del self._groups[place]
            self.endRemoveRows()
            return
        row = bisect_left(group.keys, key)
        self.beginRemoveRows(self._group_index(place), row, row)
        del group.keys[row], group.rows[row]
        self.endRemoveRows()

    def _touch(self, jobs: Iterable[JobKey], columns: frozenset[Column] | None = None) -> None:
        """Have rows drawn anew, in all or some columns: one signal a group, from the first to the last of them.

        Only what is in sight is drawn.
        """
        places = [n for n, column in enumerate(self.columns) if columns is None or column in columns]
        if not places:
            return
        left, right = places[0], places[-1]
        spans: dict[SortKey, tuple[int, int]] = {}
        for job in jobs:
            placed = self._placed.get(job)
            if placed is not None:
                order, key = placed
                row = bisect_left(self._groups[self._group_row(order)].keys, key)
                first, last = spans.get(order, (row, row))
                spans[order] = (min(first, row), max(last, row))
        for order, (first, last) in spans.items():
            number = self._groups[self._group_row(order)].number if self._grouping else 0
            self.dataChanged.emit(
                self.createIndex(first, left, number), self.createIndex(last, right, number)
            )

    def _group_row(self, order: SortKey) -> int:
        return bisect_left(self._groups, order, key=lambda group: group.order)

    def _group_index(self, place: int) -> QModelIndex:
        return self.createIndex(place, 0, 0) if self._grouping else _ROOT

    def index_of(self, job: JobKey) -> QModelIndex:
        """Where a job stands; invalid where it is not shown."""
        placed = self._placed.get(job)
        if placed is None:
            return QModelIndex()
        place = self._group_row(placed[0])
        row = bisect_left(self._groups[place].keys, placed[1])
        return self.createIndex(row, 0, self._groups[place].number if self._grouping else 0)

    def entry_at(self, index: Index) -> JobEntry | None:
        """The job at an index; None on a group."""
        if not index.isValid():
            return None
        if not self._grouping:
            return self._entries[self._groups[0].rows[index.row()]]
        group = self._numbered(index.internalId())
        return None if group is None else self._entries[group.rows[index.row()]]

    def _numbered(self, number: int) -> _Group | None:
        """The group of a number: there are few."""
        return next((group for group in self._groups if group.number == number), None)

    # -- Qt's questions ------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = _ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        inside = self._groups[parent.row()].number if self._grouping and parent.isValid() else 0
        return self.createIndex(row, column, inside)

    def parent(self, index: Index = _ROOT) -> QModelIndex:  # type: ignore[override]
        if not index.isValid() or not self._grouping or index.internalId() == 0:
            return QModelIndex()
        group = self._numbered(index.internalId())
        return QModelIndex() if group is None else self.createIndex(self._group_row(group.order), 0, 0)

    def rowCount(self, parent: Index = _ROOT) -> int:
        if not self._grouping:
            return 0 if parent.isValid() else len(self._groups[0].rows)
        if not parent.isValid():
            return len(self._groups)
        inside = parent.internalId() == 0 and parent.column() == 0
        return len(self._groups[parent.row()].rows) if inside else 0

    def columnCount(self, parent: Index = _ROOT) -> int:
        return len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry_at(index)
        if entry is None:
            return self._group_data(index, role)
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells.text(entry, column)
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DecorationRole:
            if column is Column.STATE:
                return self._icons[entry.phase]
            if column is Column.NAME and entry.pinned:
                return self._pin
        if role == Qt.ItemDataRole.TextAlignmentRole and column in {
            Column.ELAPSED,
            Column.LEFT,
            Column.ATTEMPT,
        }:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.cells.tip(entry, column)
        return None

    def _group_data(self, index: Index, role: int) -> object:
        if not index.isValid() or role != Qt.ItemDataRole.DisplayRole or index.column() != 0:
            return None
        group = self._groups[index.row()]
        return f"{self.cells.group_title(group.name, self._grouping)}  ({len(group.rows)})"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.cells.column_title(self.columns[section])
        return None


def _only_moved_on(before: JobEntry, now: JobEntry) -> bool:
    """Whether nothing but the columns of LIVE can say anything else."""
    return (before.phase, before.pinned, before.name, before.state is None) == (
        now.phase,
        now.pinned,
        now.name,
        now.state is None,
    ) and (before.state is None or now.state is None or before.state.attempt == now.state.attempt)
