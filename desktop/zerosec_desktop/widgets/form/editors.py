"""One editor a kind of field. An editor shows a value, tells of each change, and says when a text has no value.

The wheel never changes a value in passing: it scrolls the form.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.controls import button, label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.flow import FlowLayout
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_integer, parse_number
from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = [
    "BooleanEditor",
    "ChoiceEditor",
    "ChoicesEditor",
    "CompositeEditor",
    "Editor",
    "NumberEditor",
    "TextEditor",
]


class Editor(QWidget):
    """What all editors share. The form listens to the four signals and calls the three methods."""

    changed = Signal(object)  # the new value
    cleared = Signal()
    unreadable = Signal(str)  # why the text is no value
    committed = Signal()  # the attention moved on

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self.spec = spec
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.TINY)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """Show a value; not present: nothing was given."""
        raise NotImplementedError

    def tell_text(self, text: str) -> None:
        """Tell the form what was typed; an empty text is no value where there may be none, and nothing given where one is needed."""
        if not text and self.spec.nullable:
            self.changed.emit(None)
        elif not text and self.spec.required:
            self.cleared.emit()
        else:
            self.changed.emit(text)

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """The file's columns have become known."""

    def show_neighbours(self, values: Mapping[str, JsonValue]) -> None:
        """What stands in the fields beside it, by their names."""

    def field_widget(self) -> QWidget:
        """The widget that takes the focus and the error's colour."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong that only the editor knows."""
        return ""

    def offer(self, names: Sequence[str]) -> None:
        """Names of the data that are to be given a value here, besides what stands here already."""

    def touch_all(self) -> None:
        """The user wants to see everything that is wrong, also what was not touched."""

    def show_server_problem(self, path: Sequence[str], message: str) -> bool:
        """Put the server's message at a place inside the value; False where there is none."""
        return False


class CompositeEditor(Editor):
    """An editor that is made of rows of fields, and says at each of them what is wrong with it."""

    made = Signal(object)  # QWidget: a part of it that was not there before
    head: QHBoxLayout
    """The line of its title."""

    def set_inner_columns(self, columns: Sequence[ColumnInfo], slot: str) -> None:
        """The columns of a slot's file, for the fields inside; no slot: of the only one."""
        raise NotImplementedError

    def show_problems(self) -> bool:
        """Say at each field inside what is wrong with it; whether there is something to be seen."""
        raise NotImplementedError

    def mark_changes(self, before: JsonValue) -> None:
        """Mark what differs from the value the form began with."""
        raise NotImplementedError


class TextEditor(Editor):
    """One line of text."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.line = QLineEdit()
        if spec.unit:
            self._layout.addLayout(row(self.line, label(spec.unit, "muted")))
        else:
            self._layout.addWidget(self.line)
        if spec.max_length is not None and spec.max_length <= 40:
            self.line.setMaximumWidth(280)
        self.line.textEdited.connect(self._edited)
        self.line.editingFinished.connect(self.committed)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        text = value if isinstance(value, str) else ""
        if text != self.line.text():
            self.line.setText(text)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.line

    @Slot(str)
    def _edited(self, text: str) -> None:
        self.tell_text(text)


class NumberEditor(Editor):
    """A number as people type it, with its unit. Up and down step whole numbers."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.line = QLineEdit()
        self.line.setMaximumWidth(200)
        self.line.setMinimumWidth(120)
        self.line.installEventFilter(self)
        if spec.nullable and not spec.required:
            self.line.setPlaceholderText(self.tr("automatic"))
        self._zero = label(spec.zero_label, "muted")
        self._zero.setVisible(False)
        line_up = row(self.line, label(spec.unit, "muted"), self._zero, None)
        self._layout.addLayout(line_up)
        self.line.textEdited.connect(self._edited)
        self.line.editingFinished.connect(self.committed)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        self._zero.setVisible(bool(self.spec.zero_label) and number and value == 0)
        text = exact_text(value) if number else ""  # type: ignore[arg-type]
        if text and self._reads_as(value):
            return
        self.line.setText(text)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Step by the arrow keys."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {
                Qt.Key.Key_Up: 1,
                Qt.Key.Key_Down: -1,
                Qt.Key.Key_PageUp: 10,
                Qt.Key.Key_PageDown: -10,
            }.get(Qt.Key(event.key()))
            if step is not None and self.spec.kind is FieldKind.INTEGER:
                self._step(step)
                return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        try:
            value = parse_integer(self.line.text()) + by
        except NumberTextError:
            value = int(self.spec.minimum or 0)
        if self.spec.minimum is not None:
            value = max(value, int(self.spec.minimum))
        if self.spec.maximum is not None:
            value = min(value, int(self.spec.maximum))
        self.line.setText(str(value))
        self._edited(self.line.text())

    def _reads_as(self, value: JsonValue) -> bool:
        try:
            return self._read(self.line.text()) == value
        except NumberTextError:
            return False

    def _read(self, text: str) -> int | float:
        return parse_integer(text) if self.spec.kind is FieldKind.INTEGER else parse_number(text)

    @Slot(str)
    def _edited(self, text: str) -> None:
        if not text.strip():
            if self.spec.nullable:
                self.changed.emit(None)
            elif self.spec.required:
                self.cleared.emit()
            else:
                self.unreadable.emit(self.tr("This needs a number."))
            return
        try:
            self.changed.emit(self._read(text))
        except NumberTextError as problem:
            self.unreadable.emit(self._words(problem))

    def _words(self, problem: NumberTextError) -> str:
        if problem.code == "ambiguous":
            return self.tr("This could be {0} or {1}. Write it without the comma, or with a point.").format(
                *problem.readings
            )
        if problem.code == "not_whole":
            return self.tr("This needs a whole number.")
        if problem.code == "too_large":
            return self.tr("This number is too large.")
        return self.tr("This is not a number.")


class BooleanEditor(Editor):
    """Yes or no."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.box = QCheckBox(spec.title)
        self._layout.addWidget(self.box)
        self.box.clicked.connect(self._clicked)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        self.box.setChecked(value is True)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.box

    @Slot(bool)
    def _clicked(self, checked: bool) -> None:
        self.changed.emit(checked)
        self.committed.emit()


class QuietCombo(QComboBox):
    """A combo box that leaves the wheel to the form, and whose longest item does not widen it beyond measure."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setMinimumWidth(96)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form instead."""
        event.ignore()


class ChoiceEditor(Editor):
    """One of a few: buttons in a row while there is room, a list otherwise."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._buttons: QButtonGroup | None = None
        self.combo: QuietCombo | None = None
        few = len(spec.choices) <= 4 and sum(len(choice.label) for choice in spec.choices) <= 44
        if few and not spec.nullable:
            self._buttons = QButtonGroup(self)
            chips = FlowLayout()
            for number, choice in enumerate(spec.choices):
                chip = button(choice.label, "chip")
                chip.setCheckable(True)
                self._buttons.addButton(chip, number)
                chips.addWidget(chip)
            self._layout.addLayout(chips)
            self._buttons.idClicked.connect(self._chosen)
        else:
            self.combo = QuietCombo()
            self.combo.setMaximumWidth(360)
            if spec.nullable:
                self.combo.addItem(self.tr("not set"), None)
            for choice in spec.choices:
                self.combo.addItem(choice.label)
            self._layout.addWidget(self.combo)
            self.combo.activated.connect(self._activated)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        place = next((i for i, choice in enumerate(self.spec.choices) if choice.value == value), -1)
        if self._buttons is not None:
            self._buttons.setExclusive(False)
            for number, chip in enumerate(self._buttons.buttons()):
                chip.setChecked(number == place)
            self._buttons.setExclusive(True)
        elif self.combo is not None:
            self.combo.setCurrentIndex(place + 1 if self.spec.nullable else place)

    def field_widget(self) -> QWidget:
        """See Editor."""
        if self._buttons is not None:
            chosen: QAbstractButton | None = self._buttons.checkedButton()
            return chosen or self._buttons.buttons()[0]
        assert self.combo is not None
        return self.combo

    @Slot(int)
    def _chosen(self, number: int) -> None:
        self.changed.emit(self.spec.choices[number].value)
        self.committed.emit()

    @Slot(int)
    def _activated(self, number: int) -> None:
        if self.spec.nullable and number == 0:
            self.changed.emit(None)
        else:
            self.changed.emit(self.spec.choices[number - (1 if self.spec.nullable else 0)].value)
        self.committed.emit()


class ChoicesEditor(Editor):
    """Any number of a few."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self._boxes = [QCheckBox(choice.label) for choice in spec.choices]
        for box in self._boxes:
            self._layout.addWidget(box)
            box.clicked.connect(self._clicked)

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        chosen = value if isinstance(value, list) else []
        for box, choice in zip(self._boxes, self.spec.choices, strict=True):
            box.setChecked(choice.value in chosen)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self._boxes[0] if self._boxes else self

    @Slot()
    def _clicked(self) -> None:
        chosen = [
            choice.value
            for box, choice in zip(self._boxes, self.spec.choices, strict=True)
            if box.isChecked()
        ]
        self.changed.emit(chosen)
        self.committed.emit()
