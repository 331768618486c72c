"""Naming a value of a column: those the file has are offered with the rows they stand in, and any other can be typed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.editors import Editor, QuietCombo
from zerosec_desktop.widgets.form.schema import FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = ["ValueCombo", "ValueEditor", "values_of"]

Values = tuple[tuple[str, int], ...]
_ROWS = Qt.ItemDataRole.UserRole + 1


def values_of(columns: Sequence[ColumnInfo], name: object) -> Values:
    """The values of a column with their counts; none where they are not known."""
    return next((column.values for column in columns if column.name == name), ())


class _WithCounts(QStyledItemDelegate):
    """The number of rows beside each value."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Qt asks what is to be painted."""
        super().initStyleOption(option, index)
        rows = index.data(_ROWS)
        if rows is not None:
            option.text = f"{index.data()}  ·  {rows:,}"


class ValueCombo(QuietCombo):
    """A list of values that takes others as well. What is chosen is the value alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QuietCombo.InsertPolicy.NoInsert)
        self.setMaxVisibleItems(14)
        self.setSizeAdjustPolicy(QuietCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        shown = self.view()
        assert shown is not None
        self._view = shown
        shown.setItemDelegate(_WithCounts(self))
        completer = self.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            popup = completer.popup()
            assert popup is not None
            popup.setItemDelegate(_WithCounts(self))
        self.offered: Values = ()

    @property
    def line(self) -> QLineEdit:
        """Where others are typed."""
        line = self.lineEdit()
        assert line is not None
        return line

    def offer(self, values: Values, *, none: bool = False) -> None:
        """Offer these; `none`: an empty one first. What stands there stays."""
        if values == self.offered:
            return
        self.offered = values
        text = self.currentText()
        self.blockSignals(True)
        self.clear()
        if none:
            self.addItem("")
        for value, rows in values:
            self.addItem(value, value)
            self.setItemData(self.count() - 1, rows, _ROWS)
        width = self._view.sizeHintForColumn(0) + 2 * self._view.verticalScrollBar().sizeHint().width()
        self._view.setMinimumWidth(min(width, 480))
        self.show_text(text)
        self.blockSignals(False)

    def show_text(self, text: str) -> None:
        """Show a value, offered or not."""
        if self.currentText() != text or self.currentIndex() != self.findText(
            text, Qt.MatchFlag.MatchExactly
        ):
            self.setCurrentIndex(self.findText(text, Qt.MatchFlag.MatchExactly) if text else -1)
            self.setEditText(text)


class ValueEditor(Editor):
    """One value of the column that the field `spec.values_of` names."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._columns: Sequence[ColumnInfo] = ()
        self._column: object = None
        self.combo = ValueCombo()
        self.combo.setMaximumWidth(360)
        self.combo.setMinimumContentsLength(24)
        self.combo.line.setPlaceholderText(self.tr("Choose or type a value"))
        self.combo.setToolTip(
            self.tr("The values of the file are listed with the number of rows they stand in.")
        )
        self._layout.addWidget(self.combo)
        self.combo.line.textEdited.connect(self._edited)
        self.combo.line.editingFinished.connect(self.committed)
        self.combo.activated.connect(self._activated)

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor."""
        self._columns = tuple(columns)
        self._offer()

    def show_neighbours(self, values: Mapping[str, JsonValue]) -> None:
        """See Editor."""
        self._column = values.get(self.spec.values_of)
        self._offer()

    def _offer(self) -> None:
        self.combo.offer(values_of(self._columns, self._column), none=self.spec.nullable)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        text = value if isinstance(value, str) else ""
        if text != self.combo.currentText():
            self.combo.show_text(text)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.combo

    @Slot(int)
    def _activated(self, _number: int) -> None:
        self._edited(self.combo.currentText())
        self.committed.emit()

    @Slot(str)
    def _edited(self, text: str) -> None:
        self.tell_text(text)
