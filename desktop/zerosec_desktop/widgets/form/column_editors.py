"""Choosing columns of the data file: one from a searchable list, several between two lists by drag, keys or double click."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.controls import label, tool_button
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.checks import names_of
from zerosec_desktop.widgets.form.columns import ColumnInfo, kind_icon
from zerosec_desktop.widgets.form.editors import Editor, QuietCombo
from zerosec_desktop.widgets.form.schema import FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = ["ColumnEditor", "ColumnsEditor"]

_NAME = Qt.ItemDataRole.UserRole


class ColumnEditor(Editor):
    """One column. Typing searches anywhere in the names."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.combo = QuietCombo()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QuietCombo.InsertPolicy.NoInsert)
        self.combo.setMaximumWidth(360)
        self.combo.setMaxVisibleItems(14)
        self.combo.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(24)
        line = self.combo.lineEdit()
        assert line is not None
        self._line: QLineEdit = line
        self._line.setPlaceholderText(
            self.tr("Choose or type a column") if spec.required or spec.min_length else self.tr("none")
        )
        completer = self.combo.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._layout.addWidget(self.combo)
        self._line.textEdited.connect(self._edited)
        self._line.editingFinished.connect(self.committed)
        self.combo.activated.connect(self._activated)
        self._value = ""

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor."""
        text = self._value
        self.combo.blockSignals(True)
        self.combo.clear()
        if not (self.spec.required or self.spec.min_length):
            self.combo.addItem("")
        for column in columns:
            self.combo.addItem(icon(kind_icon(column.kind), "muted"), column.name)
        self.combo.setCurrentIndex(self.combo.findText(text, Qt.MatchFlag.MatchExactly) if text else -1)
        self.combo.setEditText(text)
        self.combo.blockSignals(False)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        self._value = value if isinstance(value, str) else ""
        if self.combo.currentText() != self._value:
            self.combo.setCurrentIndex(
                self.combo.findText(self._value, Qt.MatchFlag.MatchExactly) if self._value else -1
            )
            self.combo.setEditText(self._value)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.combo

    @Slot(int)
    def _activated(self, _number: int) -> None:
        self._edited(self.combo.currentText())
        self.committed.emit()

    @Slot(str)
    def _edited(self, text: str) -> None:
        self._value = text
        if text:
            self.changed.emit(text)
        elif self.spec.nullable:
            self.changed.emit(None)
        elif self.spec.required:
            self.cleared.emit()
        else:
            self.changed.emit("")


class _ColumnList(QListWidget):
    """A list of columns from which, and into which, columns are dragged."""

    dropped = Signal()
    move_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(16, 16))
        self.setFixedHeight(196)
        self.setMinimumWidth(96)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the columns; the list they came from loses them after this returns."""
        if isinstance(event.source(), _ColumnList):
            super().dropEvent(event)
            self.dropped.emit()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by Enter or the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.move_wanted.emit()
        else:
            super().keyPressEvent(event)

    def names(self, *, selected: bool = False) -> list[str]:
        """The columns, in their order here."""
        items = [self.item(i) for i in range(self.count())]
        return [str(item.data(_NAME)) for item in items if not selected or item.isSelected()]


class ColumnsEditor(Editor):
    """Several columns, in order: what can be had on the left, what was chosen on the right."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._columns: tuple[ColumnInfo, ...] = ()
        self._value: list[str] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search columns"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.available = _ColumnList(self.tr("Columns of the file"))
        self.chosen = _ColumnList(self.tr("Chosen columns"))
        self._add = tool_button("chevron-right", self.tr("Choose the marked columns (Enter)"))
        self._add_all = tool_button("plus", self.tr("Choose all that are shown"))
        self._remove = tool_button("chevron-left", self.tr("Take the marked columns back (Enter)"))
        self._count = label("", "caption")
        middle = QVBoxLayout()
        middle.setSpacing(Space.TINY)
        middle.addStretch(1)
        for control in (self._add, self._remove, self._add_all):
            middle.addWidget(control)
        middle.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        grid.addWidget(self.search, 0, 0)
        grid.addWidget(self._count, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.available, 1, 0)
        grid.addLayout(middle, 1, 1)
        grid.addWidget(self.chosen, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        self._layout.addLayout(grid)
        self._add.clicked.connect(self._choose)
        self._remove.clicked.connect(self._take_back)
        self._add_all.clicked.connect(self._choose_all)
        self.available.move_wanted.connect(self._choose)
        self.chosen.move_wanted.connect(self._take_back)
        self.available.itemDoubleClicked.connect(self._choose)
        self.chosen.itemDoubleClicked.connect(self._take_back)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._read_lists)
        self.available.dropped.connect(self._settle.start)
        self.chosen.dropped.connect(self._settle.start)
        self._fill()

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor."""
        self._columns = tuple(columns)
        self._fill()

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        names = [str(name) for name in value] if isinstance(value, list) else []
        if names != self._value or names != self.chosen.names():
            self._value = names
            self._fill()

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.search

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search into the list by Down; Enter chooses the only hit."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.available.setFocus()
                first = next(
                    (i for i in range(self.available.count()) if not self.available.item(i).isHidden()), -1
                )
                self.available.setCurrentRow(first)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                shown = self._shown()
                if len(shown) == 1:
                    self._put([*self._value, *shown])
                    self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        taken = set(self._value)
        known = {column.name: column for column in self._columns}
        named = names_of(self.spec, list(known))
        self.available.clear()
        self.chosen.clear()
        for column in self._columns:
            if column.name not in taken:
                self.available.addItem(self._item(column))
        for name in self._value:
            item = self._item(known.get(name, ColumnInfo(name)))
            if self._columns and name not in named:
                item.setIcon(icon("warning", "warning"))
                item.setToolTip(self.tr("The file has no such column."))
            self.chosen.addItem(item)
        self._count.setText(self.tr("{0} chosen").format(len(self._value)))
        self._filter(self.search.text())

    def _item(self, column: ColumnInfo) -> QListWidgetItem:
        item = QListWidgetItem(icon(kind_icon(column.kind), "muted"), column.name)
        item.setData(_NAME, column.name)
        return item

    def _shown(self) -> list[str]:
        items = [self.available.item(i) for i in range(self.available.count())]
        return [str(item.data(_NAME)) for item in items if not item.isHidden()]

    def _put(self, names: list[str]) -> None:
        self._value = list(dict.fromkeys(names))
        self._fill()
        self.changed.emit(list(self._value))
        self.committed.emit()

    @Slot()
    def _choose(self) -> None:
        row = self.available.currentRow()
        self._put([*self._value, *self.available.names(selected=True)])
        self.available.setCurrentRow(min(row, self.available.count() - 1))

    @Slot()
    def _take_back(self) -> None:
        row = self.chosen.currentRow()
        gone = set(self.chosen.names(selected=True))
        self._put([name for name in self._value if name not in gone])
        self.chosen.setCurrentRow(min(row, self.chosen.count() - 1))

    @Slot()
    def _choose_all(self) -> None:
        self._put([*self._value, *self._shown()])

    @Slot()
    def _read_lists(self) -> None:
        self._put(self.chosen.names())

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for i in range(self.available.count()):
            item = self.available.item(i)
            item.setHidden(bool(wanted) and wanted not in str(item.data(_NAME)).casefold())
