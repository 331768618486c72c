"""Pairs of a name and a value, a line each: reference levels, renamed columns."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCompleter, QLineEdit, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, row, tool_button
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.editors import Editor
from zerosec_desktop.widgets.form.schema import FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = ["MappingEditor"]


class _Pair(QWidget):
    """One line."""

    def __init__(self, name: str, value: str, columns: Sequence[str], owner: "MappingEditor") -> None:
        super().__init__()
        self.name, self.value = QLineEdit(name), QLineEdit(value)
        self.name.setPlaceholderText(translate("MappingEditor", "Column"))
        self.value.setPlaceholderText(translate("MappingEditor", "Value"))
        self.complete(columns)
        remove = tool_button("close", translate("MappingEditor", "Remove this line"))
        remove.clicked.connect(self._remove)
        self._owner = owner
        line_up = row(self.name, self.value, remove)
        line_up.setStretch(0, 1)
        line_up.setStretch(1, 1)
        self.setLayout(line_up)
        for line in (self.name, self.value):
            line.textEdited.connect(owner.tell)
            line.editingFinished.connect(owner.committed)

    def complete(self, columns: Sequence[str]) -> None:
        """Offer the file's columns."""
        completer = QCompleter(list(columns), self.name)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)

    @Slot()
    def _remove(self) -> None:
        self._owner.remove(self)


class MappingEditor(Editor):
    """A line a pair, and a button for one more."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._pairs: list[_Pair] = []
        self._columns: tuple[str, ...] = ()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.TINY)
        self._layout.addLayout(self._lines)
        self._add = button(self.tr("Add a line"), "link", icon_name="plus")
        self._add.clicked.connect(self._add_pair)
        self._layout.addLayout(row(self._add, None))

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        pairs = value if isinstance(value, dict) else {}
        if self._read() == pairs and pairs:
            return
        for pair in self._pairs:
            self._lines.removeWidget(pair)
            pair.deleteLater()
        self._pairs.clear()
        for name, text in pairs.items():
            self._append(name, str(text))

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor."""
        self._columns = tuple(column.name for column in columns)
        for pair in self._pairs:
            pair.complete(self._columns)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self._pairs[0].name if self._pairs else self._add

    def remove(self, pair: QWidget) -> None:
        """Take a line away."""
        self._pairs = [kept for kept in self._pairs if kept is not pair]
        self._lines.removeWidget(pair)
        pair.deleteLater()
        self.tell()
        self.committed.emit()

    @Slot()
    def tell(self) -> None:
        """Something was typed."""
        names = [pair.name.text().strip() for pair in self._pairs if pair.name.text().strip()]
        if len(set(names)) < len(names):
            self.unreadable.emit(self.tr("A name stands here twice."))
        else:
            self.changed.emit(self._read())

    def _read(self) -> dict[str, JsonValue]:
        return {
            pair.name.text().strip(): pair.value.text() for pair in self._pairs if pair.name.text().strip()
        }

    @Slot()
    def _add_pair(self) -> None:
        self._append("", "").name.setFocus()

    def _append(self, name: str, value: str) -> _Pair:
        pair = _Pair(name, value, self._columns, self)
        self._pairs.append(pair)
        self._lines.addWidget(pair)
        return pair
