"""The list itself: its columns, as many as fit, and its groups."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QCursor, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStyleOptionViewItem, QTreeView, QWidget

from zerosec_desktop.jobs import Phase
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.screens.jobs.model import JobsModel
from zerosec_desktop.screens.jobs.order import Column
from zerosec_desktop.screens.jobs.row_painter import RowDelegate, RowPainter
from zerosec_desktop.settings import SettingsStore
from zerosec_desktop.wording import phase_title

__all__ = ["JobsView"]

WIDTHS = {
    Column.STATE: 120,
    Column.NAME: 192,
    Column.ANALYSIS: 144,
    Column.PROGRESS: 128,
    Column.STAGE: 184,
    Column.ELAPSED: 104,
    Column.LEFT: 104,
    Column.CREATED: 104,
    Column.TARGET: 128,
    Column.OWNER: 96,
    Column.STEP: 96,
    Column.ATTEMPT: 80,
}
BY_IMPORTANCE = (
    Column.NAME,
    Column.STATE,
    Column.PROGRESS,
    Column.CREATED,
    Column.ELAPSED,
    Column.ANALYSIS,
    Column.LEFT,
    Column.STAGE,
    Column.TARGET,
    Column.OWNER,
    Column.STEP,
    Column.ATTEMPT,
)
"""Where there is no room for all chosen columns, the last of these give way; nothing scrolls sideways."""
HIDDEN_AT_FIRST = {Column.STEP, Column.ATTEMPT, Column.OWNER, Column.TARGET}


class JobsView(QTreeView):
    """Rows of jobs, perhaps in groups."""

    delete_pressed = Signal()

    def __init__(self, model: JobsModel, settings: SettingsStore) -> None:
        super().__init__()
        self._jobs = model
        self._settings = settings
        shown = settings.value.jobs_columns
        self._columns = {kind for kind in Column if (kind in shown if shown else kind not in HIDDEN_AT_FIRST)}
        self.setModel(model)
        self.setAccessibleName(self.tr("Runs"))
        self.setItemDelegate(RowDelegate(self))
        self._painter = RowPainter(model.cells, self.header(), model.columns)
        self._pointer: QPoint | None = None
        self._seen = QRect()
        self.setMouseTracking(True)
        self.setUniformRowHeights(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setSortingEnabled(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.header()
        header.setSectionsMovable(True)
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, kind in enumerate(model.columns):
            header.resizeSection(number, self._states_px() if kind is Column.STATE else WIDTHS[kind])
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(model.columns.index(Column.NAME), QHeaderView.ResizeMode.Stretch)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete_pressed)
        self.fit_columns()

    def _states_px(self) -> int:
        """Room for the sign and the longest of the states."""
        self.ensurePolished()
        widest = max(self.fontMetrics().horizontalAdvance(phase_title(phase)) for phase in Phase)
        return max(WIDTHS[Column.STATE], widest + Control.ICON + 3 * Space.SMALL)

    def choose_columns(self, below: QWidget) -> None:
        """A menu of all columns."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in self._jobs.columns:
            action = menu.addAction(self._jobs.cells.column_title(kind))
            action.setCheckable(True)
            action.setChecked(kind in self._columns)
            action.setEnabled(kind is not Column.NAME)
            action.toggled.connect(partial(self.show_column, kind))
        menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def show_column(self, kind: Column, shown: bool) -> None:
        """Show a column where there is room, or never."""
        (self._columns.add if shown else self._columns.discard)(kind)
        self._settings.change(jobs_columns=tuple(at.value for at in Column if at in self._columns))
        self.fit_columns()

    def fit_columns(self) -> None:
        """Show as many of the chosen columns as fit, the most telling first."""
        room = self.viewport().width()
        header = self.header()
        for kind in BY_IMPORTANCE:
            number = self._jobs.columns.index(kind)
            width = WIDTHS[kind] if kind is Column.NAME else max(header.sectionSize(number), WIDTHS[kind])
            shown = kind in self._columns and (room >= width or kind is Column.NAME)
            header.setSectionHidden(number, not shown)
            room -= width if shown else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self._seen = event.rect()
        inside = self.viewport().underMouse()
        self._pointer = self.viewport().mapFromGlobal(QCursor.pos()) if inside else None
        super().paintEvent(event)

    def drawRow(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = self._jobs.entry_at(index)
        if entry is None:
            super().drawRow(painter, option, index)
            return
        chosen = self.selectionModel()
        at = self._jobs.index_of(entry.key)
        self._painter.paint(
            painter,
            option.rect,
            self._seen,
            entry,
            selected=chosen.isSelected(at),
            under=self._pointer is not None and option.rect.contains(self._pointer),
            current=self.hasFocus() and chosen.currentIndex().siblingAtColumn(0) == at,
        )

    def dataChanged(
        self,
        first: QModelIndex | QPersistentModelIndex,
        last: QModelIndex | QPersistentModelIndex,
        roles: Sequence[int] = (),
    ) -> None:
        """Only the cells that changed: Qt would paint the whole list for a change of two rows."""
        if QAccessible.isActive() or first.parent() != last.parent():
            super().dataChanged(first, last, list(roles))
            return
        name = self._jobs.columns.index(Column.NAME)  # never hidden: a hidden cell has no place
        top = self.visualRect(first.sibling(first.row(), name)).top()
        bottom = self.visualRect(last.sibling(last.row(), name)).bottom()
        header = self.header()
        shown = [
            number
            for number in range(first.column(), last.column() + 1)
            if not header.isSectionHidden(number)
        ]
        if shown:
            left = min(header.sectionViewportPosition(number) for number in shown)
            right = max(
                header.sectionViewportPosition(number) + header.sectionSize(number) for number in shown
            )
            area = QRect(QPoint(left, top), QPoint(right - 1, bottom))
            self.viewport().update(area & self.viewport().rect())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LanguageChange}:
            self._painter.forget()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit_columns()
        super().resizeEvent(event)

    def span_groups(self) -> None:
        """Names of groups go across the whole row; all groups are open."""
        for place in range(self._jobs.group_count()):
            self.setFirstColumnSpanned(place, QModelIndex(), True)
        self.expandAll()
