"""The columns of a draft as a table: a line each, those with a problem marked."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.screens.experiments.profile_editor.draft import ColumnDraft
from zerosec_shared.profiles import ROLE_WORDS
from zerosec_shared.texts import translated

__all__ = ["ColumnsTable"]

Index = QModelIndex | QPersistentModelIndex
WIDTHS = (144, 120, 72, 120, 72, 96, 168)
OF_FEW_WORDS = (1, 2, 4, 5)
"""Columns that are as wide as what stands in them: roles, units and ticks."""


class _Model(QAbstractTableModel):
    def __init__(self, parent: "ColumnsTable") -> None:
        super().__init__(parent)
        self.columns: tuple[ColumnDraft, ...] = ()
        self.problems: Mapping[int, str] = {}
        self._headings = parent.headings()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._headings)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._headings[section] if orientation is Qt.Orientation.Horizontal else section + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column, place = self.columns[index.row()], index.column()
        wrong = self.problems.get(index.row(), "")
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(column, place)
        if role == Qt.ItemDataRole.ToolTipRole:
            return wrong or _cell(column, place)
        if role == Qt.ItemDataRole.DecorationRole and place == 0:
            if wrong:
                return icon("error", "error")
            return icon("help", "warning") if column.unsure else None
        if role == Qt.ItemDataRole.ForegroundRole and place == 0 and not column.name.strip():
            return theme.colour("faint")
        return None


def _cell(column: ColumnDraft, place: int) -> str:
    tick = "✓"
    cells = (
        column.name or "–",
        translated(ROLE_WORDS[column.role]),
        column.unit,
        _allowed(column),
        tick if column.required else "",
        tick if column.identifies else "",
        column.formula or (translated(column.why) if column.why else ""),
    )
    return cells[place]


def _allowed(column: ColumnDraft) -> str:
    if column.values.strip():
        return column.values
    if not (column.minimum.strip() or column.maximum.strip()):
        return ""
    step = f" / {column.step.strip()}" if column.step.strip() else ""
    return f"{column.minimum.strip()} – {column.maximum.strip()}{step}"


class ColumnsTable(QTableView):
    """One line is chosen at a time; `chosen` says which."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("Columns"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(28)
        across = self.horizontalHeader()
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setStretchLastSection(True)
        across.setHighlightSections(False)
        for place, width in enumerate(WIDTHS):
            self.setColumnWidth(place, width)
        self.selectionModel().currentRowChanged.connect(self._changed)

    def headings(self) -> tuple[str, ...]:
        """What the cells are."""
        return (
            self.tr("Name"), self.tr("Role"), self.tr("Unit"), self.tr("Allowed"), self.tr("Needed"),
            self.tr("Tells apart"), self.tr("Formula, or why this role"),
        )  # fmt: skip

    def show_columns(self, columns: Sequence[ColumnDraft], problems: Mapping[int, str]) -> None:
        """Show these; the chosen line stays."""
        if len(columns) != len(self._model.columns):
            kept = self.currentIndex().row()
            self._model.beginResetModel()
            self._model.columns, self._model.problems = tuple(columns), dict(problems)
            self._model.endResetModel()
            self._fit()
            self.choose(min(kept, len(columns) - 1))
            return
        self._model.columns, self._model.problems = tuple(columns), dict(problems)
        last = self._model.index(len(columns) - 1, len(WIDTHS) - 1)
        self._model.dataChanged.emit(self._model.index(0, 0), last)

    def _fit(self) -> None:
        heading = self.horizontalHeader()
        for place in OF_FEW_WORDS:
            self.setColumnWidth(place, max(heading.sectionSizeHint(place), self.sizeHintForColumn(place)))

    def choose(self, row: int) -> None:
        """Choose a line."""
        if 0 <= row < len(self._model.columns):
            self.setCurrentIndex(self._model.index(row, 0))

    @property
    def row(self) -> int:
        """The chosen line; -1: none."""
        return self.currentIndex().row()

    def _changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.row())
