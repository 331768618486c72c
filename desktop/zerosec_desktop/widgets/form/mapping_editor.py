"""A table of two columns, a name and its value a line: cause names and their broad causes, columns and their reference levels."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCompleter, QGridLayout, QLineEdit, QToolButton, QWidget

from zerosec_desktop.controls import button, label, row, tool_button
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.editors import Editor, QuietCombo
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_number
from zerosec_desktop.widgets.form.schema import FieldSpec
from zerosec_desktop.widgets.form.value_editor import ValueCombo, values_of
from zerosec_shared.contract import JsonValue

__all__ = ["MappingEditor"]

MOST_PAIRED = 30
"""Of so many values every pair is offered."""


class _Line:
    """The controls of one pair. What is not among the choices stays as it is, so that nothing of a stored form is lost."""

    def __init__(self, name: str, value: JsonValue, owner: "MappingEditor", *, offered: bool = False) -> None:
        spec = owner.spec
        self.offered = offered
        """Put here by the analysis, not by the user: it counts as soon as it has a value."""
        self.name = QLineEdit(name)
        self.name.setReadOnly(offered)
        self.name.setCursorPosition(0)
        self.name.setAccessibleName(owner.key_label)
        self.name.textEdited.connect(owner.tell)
        self.name.editingFinished.connect(owner.committed)
        self.combo: QuietCombo | None = None
        self.text: QLineEdit | None = None
        if spec.values_are_levels:
            self.combo = self._levels(value, owner)
        elif spec.value_choices:
            self.combo = self._list(value, owner)
        else:
            shown = exact_text(value) if isinstance(value, int | float) else str(value or "")
            self.text = QLineEdit(shown)
            self.text.textEdited.connect(owner.tell)
            self.text.editingFinished.connect(owner.committed)
        self.value.setAccessibleName(owner.value_label)
        self.remove: QToolButton = tool_button("close", owner.remove_line)
        self.remove.clicked.connect(owner.remove_sender)

    def _levels(self, value: JsonValue, owner: "MappingEditor") -> QuietCombo:
        combo = ValueCombo()
        combo.line.setPlaceholderText(owner.choose_or_type)
        combo.show_text(str(value or ""))
        combo.line.textEdited.connect(owner.tell)
        combo.line.editingFinished.connect(owner.committed)
        combo.activated.connect(owner.chosen)
        return combo

    def offer_levels(self, columns: Sequence[ColumnInfo]) -> None:
        """Offer the values of the column that stands at the left."""
        if isinstance(self.combo, ValueCombo):
            self.combo.offer(values_of(columns, self.name.text().strip()))

    def _list(self, value: JsonValue, owner: "MappingEditor") -> QuietCombo:
        combo = QuietCombo()
        combo.setEditable(owner.spec.other_values)
        typed = combo.lineEdit()
        if typed is None:
            combo.addItem(owner.choose, None)
        for choice in owner.spec.value_choices:
            combo.addItem(choice.label, choice.value)
        if value != "" and all(choice.value != value for choice in owner.spec.value_choices):
            combo.addItem(str(value), value)
        if typed is not None:
            combo.setInsertPolicy(QuietCombo.InsertPolicy.NoInsert)
            typed.setPlaceholderText(owner.choose_or_type)
            typed.textEdited.connect(owner.tell)
            typed.editingFinished.connect(owner.committed)
        combo.setCurrentIndex(max(combo.findData(value), 0 if typed is None else -1))
        combo.activated.connect(owner.chosen)
        return combo

    @property
    def listed(self) -> JsonValue:
        """Of a list of choices: the one that stands there, or what was typed instead; None while there is neither."""
        assert self.combo is not None
        if not self.combo.isEditable():
            choice: JsonValue = self.combo.currentData()
            return choice
        text = self.combo.currentText().strip()
        place = self.combo.findText(text)
        return self.combo.itemData(place) if place >= 0 else text or None

    @property
    def waits(self) -> bool:
        """Whether it is an offer that nobody has taken up."""
        if not self.offered:
            return False
        return self.listed is None if self.combo is not None else not self.text or not self.text.text()

    @property
    def value(self) -> QWidget:
        """The control of the value."""
        control = self.combo or self.text
        assert control is not None
        return control

    @property
    def widgets(self) -> tuple[QWidget, QWidget, QWidget]:
        """The controls from left to right."""
        return self.name, self.value, self.remove

    def complete(self, names: Sequence[str]) -> None:
        """Offer names."""
        completer = QCompleter(list(names), self.name)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.name.setCompleter(completer)


class MappingEditor(Editor):
    """Headings, a line a pair, and a button for one more."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.key_label = spec.key_label or self.tr("Name")
        self.value_label = spec.value_label or self.tr("Value")
        # Said by this class, under whose name the translations are.
        self.choose = self.tr("choose…")
        self.choose_or_type = self.tr("choose or type…")
        self.remove_line = self.tr("Remove this line")
        self._pairs: list[_Line] = []
        self._offers: tuple[str, ...] = ()
        self._columns: tuple[ColumnInfo, ...] = ()
        self._column: object = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.SMALL)
        self._grid.setVerticalSpacing(Space.TINY)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._headings = (label(self.key_label, "caption"), label(self.value_label, "caption"))
        for place, heading in enumerate(self._headings):
            self._grid.addWidget(heading, 0, place)
            heading.setVisible(False)
        self._layout.addLayout(self._grid)
        self._add = button(self.tr("Add a line"), "link", icon_name="plus")
        self._add.clicked.connect(self._add_pair)
        self._layout.addLayout(row(self._add, None))

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        pairs = value if isinstance(value, dict) else {}
        try:
            empty = all(line.name.text() == "" or line.waits for line in self._pairs)
            if self._read() == pairs and (pairs or empty):
                return
        except NumberTextError:
            pass
        for line in self._pairs:
            self._take_out(line)
        self._pairs.clear()
        for name, each in pairs.items():
            self._pairs.append(_Line(name, each, self))
        self._add_offers()
        self._lay_out()

    def offer(self, names: Sequence[str]) -> None:
        """See Editor. A line for each, its name filled in; nothing is sent of it until it has a value."""
        if tuple(names) == self._offers:
            return
        self._offers = tuple(names)
        for line in [line for line in self._pairs if line.waits and line.name.text() not in self._offers]:
            self._pairs.remove(line)
            self._take_out(line)
        self._add_offers()
        self._lay_out()

    def _add_offers(self) -> None:
        there = {line.name.text().strip() for line in self._pairs}
        self._pairs += [_Line(name, "", self, offered=True) for name in self._offers if name not in there]

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor."""
        self._columns = tuple(columns)
        self._offer_columns()

    def show_neighbours(self, values: Mapping[str, JsonValue]) -> None:
        """See Editor."""
        if self.spec.values_of and values.get(self.spec.values_of) != self._column:
            self._column = values.get(self.spec.values_of)
            self._offer_columns()

    def field_widget(self) -> QWidget:
        """See Editor."""
        waiting = next((line.value for line in self._pairs if line.waits), None)
        if waiting is not None:
            return waiting
        return self._pairs[0].name if self._pairs else self._add

    @Slot()
    def remove_sender(self) -> None:
        """Take the line away whose button was pressed."""
        gone = next((line for line in self._pairs if line.remove is self.sender()), None)
        if gone is not None:
            self._pairs.remove(gone)
            self._take_out(gone)
            self._lay_out()
            self.tell()
            self.committed.emit()

    @Slot()
    def chosen(self) -> None:
        """A value was chosen from the list."""
        self.tell()
        self.committed.emit()

    @Slot()
    def tell(self) -> None:
        """Something was typed."""
        for line in self._pairs:
            line.offer_levels(self._columns)
        names = [line.name.text().strip() for line in self._pairs if line.name.text().strip()]
        if len(set(names)) < len(names):
            self.unreadable.emit(self.tr("A name stands here twice."))
            return
        try:
            found = self._read()
        except NumberTextError:
            self.unreadable.emit(self.tr("Each value must be a number."))
            return
        if any(line.combo is not None and line.listed is None for line in self._named()):
            self.unreadable.emit(self.tr("Choose a value in each line."))
            return
        self.changed.emit(found)

    def _named(self) -> list[_Line]:
        return [line for line in self._pairs if line.name.text().strip() and not line.waits]

    def _read(self) -> dict[str, JsonValue]:
        """Raises NumberTextError."""
        found: dict[str, JsonValue] = {}
        for line in self._named():
            name = line.name.text().strip()
            if line.combo is not None:
                found[name] = line.listed
            elif line.text is not None:
                text = line.text.text()
                found[name] = parse_number(text) if self.spec.values_are_numbers else text
        return found

    @Slot()
    def _add_pair(self) -> None:
        line = _Line("", "", self)
        self._pairs.append(line)
        self._lay_out()
        line.name.setFocus()

    def _lay_out(self) -> None:
        for number, line in enumerate(self._pairs, start=1):
            for place, widget in enumerate(line.widgets):
                self._grid.addWidget(widget, number, place)
            line.remove.setVisible(not line.waits)
        for heading in self._headings:
            heading.setVisible(bool(self._pairs))
        self._offer_columns()

    def _offer_columns(self) -> None:
        names = (
            [column.name for column in self._columns] if self.spec.keys_are_columns else self._pair_names()
        )
        for line in self._pairs:
            if names:
                line.complete(names)
            line.offer_levels(self._columns)

    def _pair_names(self) -> list[str]:
        """Every two different values of the column, the one before the other."""
        known = [value for value, _ in values_of(self._columns, self._column)[:MOST_PAIRED]]
        between = self.spec.key_pairs
        return [f"{one}{between}{other}" for one in known for other in known if between and one != other]

    def _take_out(self, line: _Line) -> None:
        for widget in line.widgets:
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
