"""A row a field: its title, its editor, its help and its problem; and a group of rows, which is a field itself.

A group that may be left out has a switch: off, nothing is sent for it; on, what it held the last time is there again.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from zerosec_desktop.controls import IconLabel, label, row, set_property
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.widgets.form.applying import not_applying
from zerosec_desktop.widgets.form.checks import check_field
from zerosec_desktop.widgets.form.column_editors import ColumnEditor, ColumnsEditor
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.editors import (
    BooleanEditor,
    ChoiceEditor,
    ChoicesEditor,
    CompositeEditor,
    Editor,
    NumberEditor,
    TextEditor,
)
from zerosec_desktop.widgets.form.formula_editor import FormulaEditor
from zerosec_desktop.widgets.form.mapping_editor import MappingEditor
from zerosec_desktop.widgets.form.plain_editors import JsonEditor, LinesEditor, ParagraphEditor
from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec, defaults
from zerosec_desktop.widgets.form.value_editor import ValueEditor
from zerosec_shared.contract import JsonValue

__all__ = ["FieldRow", "GroupEditor", "add_editor", "editor_for"]

_EDITORS: dict[FieldKind, type[Editor]] = {
    FieldKind.TEXT: TextEditor,
    FieldKind.INTEGER: NumberEditor,
    FieldKind.NUMBER: NumberEditor,
    FieldKind.BOOLEAN: BooleanEditor,
    FieldKind.CHOICE: ChoiceEditor,
    FieldKind.CHOICES: ChoicesEditor,
    FieldKind.COLUMN: ColumnEditor,
    FieldKind.COLUMNS: ColumnsEditor,
    FieldKind.FORMULA: FormulaEditor,
    FieldKind.TEXTS: LinesEditor,
    FieldKind.NUMBERS: LinesEditor,
    FieldKind.MAPPING: MappingEditor,
    FieldKind.JSON: JsonEditor,
}


def editor_for(spec: FieldSpec) -> Editor:
    """The editor of a field."""
    if spec.kind is FieldKind.TEXT and spec.values_of:
        return ValueEditor(spec)
    if spec.kind is FieldKind.TEXT and spec.multiline:
        return ParagraphEditor(spec)
    return _EDITORS[spec.kind](spec)


def add_editor(kind: FieldKind, editor: type[Editor]) -> None:
    """The editor of a kind that is made of rows itself."""
    _EDITORS[kind] = editor


class FieldRow(QWidget):
    """Title, editor, help, and the problem when there is one."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__()
        self.spec = spec
        self.editor = editor_for(spec)
        self.unreadable = ""
        self.server_problem = ""
        self.finding = ""
        """What the analysis, asked beforehand, says is wrong with it."""
        self._marked: QWidget | None = None
        self.title: QLabel | None = None
        self._changed_mark = label("•", "changed")
        self._changed_mark.setToolTip(self.tr("Changed"))
        self._changed_mark.setVisible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.TINY)
        if isinstance(self.editor, CompositeEditor):
            self.editor.head.insertWidget(1, self._changed_mark)
            layout.addWidget(self.editor)
        elif spec.kind is not FieldKind.BOOLEAN:
            self.title = label(spec.title, "strong")
            field = self.editor.field_widget()
            self.title.setBuddy(field)
            head = row(self.title, self._changed_mark, spacing=6)
            if not spec.required and spec.nullable:
                head.addWidget(label(self.tr("optional"), "caption"))
            head.addStretch(1)
            layout.addLayout(head)
            layout.addWidget(self.editor)
        else:
            layout.addLayout(row(self.editor, self._changed_mark, None, spacing=6))
        self.problem = label("", "error", wrap=True)
        self._problem_icon = IconLabel("error", "error", Control.ICON)
        self._problem_row = QWidget()
        line_up = row(self._problem_icon, self.problem, spacing=6)
        line_up.setStretch(1, 1)
        self._problem_row.setLayout(line_up)
        self._problem_row.setVisible(False)
        layout.addWidget(self._problem_row)
        if spec.help and not isinstance(self.editor, CompositeEditor):
            layout.addWidget(label(spec.help, "caption", wrap=True))
        for target in (self.editor, self.editor.field_widget()):
            target.setAccessibleName(target.accessibleName() or spec.title)
            target.setAccessibleDescription(spec.help)

    def set_columns(self, columns: Sequence[ColumnInfo], slot: str = "") -> None:
        """The columns of a slot's file; no slot: of the only one."""
        if isinstance(self.editor, CompositeEditor):
            self.editor.set_inner_columns(columns, slot)
            self.editor.set_columns(columns)
        elif not slot or self.spec.slot in {"", slot}:
            self.editor.set_columns(columns)

    def show_problem(self, text: str) -> None:
        """Say what is wrong, at the field; an empty text takes it back. What is shown inside is not said twice."""
        group = self.editor if isinstance(self.editor, CompositeEditor) else None
        if group is not None and group.show_problems():
            text = ""
        self.problem.setText(text)
        self._problem_row.setVisible(bool(text))
        if group is None:
            field = self.editor.field_widget()
            if self._marked is not None and self._marked is not field and isValid(self._marked):
                set_property(self._marked, "problem", "false")
            self._marked = field
            set_property(field, "problem", "true" if text else "false")

    def mark_changed(self, changed: bool, before: JsonValue = None) -> None:
        """Show that the value is not the one the form began with (`before`, which a group asks for its own fields)."""
        self._changed_mark.setVisible(changed)
        if isinstance(self.editor, CompositeEditor):
            self.editor.mark_changes(before)


class GroupEditor(CompositeEditor):
    """The fields of an object, set off by a line at their left; `side_by_side`: two in a line."""

    def __init__(self, spec: FieldSpec, *, side_by_side: bool = False) -> None:
        super().__init__(spec)
        self.rows = {inner.name: FieldRow(inner) for inner in spec.fields}
        self._values: dict[str, JsonValue] = defaults(spec.fields)
        self._touched: set[str] = set()
        self._columns: tuple[str, ...] | None = None
        self._neighbours: Mapping[str, JsonValue] = {}
        self.switch: QCheckBox | None = None
        if spec.switchable:
            self.switch = QCheckBox(spec.title)
            self.switch.setProperty("strong", "true")
            self.switch.clicked.connect(self._switched)
            self.head = row(self.switch, None, spacing=6)
        else:
            self.head = row(label(spec.title, "strong"), None, spacing=6)
        self._layout.addLayout(self.head)
        if spec.help:
            self._layout.addWidget(label(spec.help, "caption", wrap=True))
        self.inside = QFrame()
        self.inside.setProperty("surface", "group")
        stack = QGridLayout(self.inside)
        stack.setContentsMargins(Space.MEDIUM, Space.SMALL, 0, Space.SMALL)
        stack.setSpacing(Space.MEDIUM)
        across = 2 if side_by_side else 1
        for place, inner in enumerate(self.rows.values()):
            stack.addWidget(inner, place // across, place % across, Qt.AlignmentFlag.AlignTop)
            stack.setColumnStretch(place % across, 1)
            editor = inner.editor
            editor.setProperty("inner_field", inner.spec.name)
            editor.changed.connect(self._edited)
            editor.cleared.connect(self._emptied)
            editor.unreadable.connect(self._unread)
            editor.committed.connect(self.committed)
            if isinstance(editor, CompositeEditor):
                editor.made.connect(self.made)
        self._layout.addWidget(self.inside)
        self._show()

    # -- what the form asks of it

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        on = present and isinstance(value, dict)
        if isinstance(value, dict):
            known = {name: inner for name, inner in value.items() if name in self.rows}
            self._values = dict(known)
        for inner in self.rows.values():
            inner.unreadable = ""
        if self.switch is not None:
            self.switch.setChecked(on)
        self._show()

    def set_inner_columns(self, columns: Sequence[ColumnInfo], slot: str) -> None:
        """See CompositeEditor."""
        for inner in self.rows.values():
            inner.set_columns(columns, slot)

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor. The fields inside are told by `set_inner_columns`."""
        self._columns = tuple(column.name for column in columns) if columns else None

    def show_neighbours(self, values: Mapping[str, JsonValue]) -> None:
        """See Editor. A name inside goes before the same name outside."""
        self._neighbours = values
        for inner in self.rows.values():
            inner.editor.show_neighbours({**values, **self._values})

    def field_widget(self) -> QWidget:
        """See Editor."""
        if self.switch is not None and not self.switch.isChecked():
            return self.switch
        wrong = next((name for name in self._applying() if self._problem(name)), next(iter(self.rows)))
        return self.rows[wrong].editor.field_widget()

    def problem(self) -> str:
        """See Editor."""
        if self.switch is not None and not self.switch.isChecked():
            return ""
        found = (
            (inner.spec.title, inner.editor.problem() or inner.server_problem)
            for inner in self._applying().values()
        )
        return next((f"{title}: {text}" for title, text in found if text), "")

    def touch_all(self) -> None:
        """See Editor."""
        self._touched.update(self.rows)
        for inner in self.rows.values():
            inner.editor.touch_all()

    def show_server_problem(self, path: Sequence[str], message: str) -> bool:
        """See Editor."""
        name = next((part for part in path[:1] if part in self.rows), "")
        if not name:
            return False
        self._touched.add(name)
        if not self.rows[name].editor.show_server_problem(path[1:], message):
            self.rows[name].server_problem = message
        return True

    def show_problems(self) -> bool:
        """See CompositeEditor."""
        on = self.switch is None or self.switch.isChecked()
        seen = False
        for name, inner in self.rows.items():
            text = self._problem(name) if on and name in self._touched else ""
            inner.show_problem(text)
            seen = seen or bool(text)
        return seen

    def wrong(self) -> bool:
        """Whether something inside cannot be sent as it is."""
        return any(self._problem(name) for name in self._applying())

    def unread(self) -> str:
        """Why the text of a field inside is no value, with the field's title; empty if all are."""
        found = ((inner.spec.title, inner.unreadable) for inner in self._applying().values())
        return next((f"{title}: {text}" for title, text in found if text), "")

    # -- inside

    def _applying(self) -> dict[str, FieldRow]:
        idle = not_applying(self.spec.fields, self._values)
        return {name: inner for name, inner in self.rows.items() if name not in idle}

    def _problem(self, name: str) -> str:
        inner = self.rows[name]
        if inner.unreadable:
            return inner.unreadable
        text = check_field(inner.spec, self._values.get(name), self._columns, present=name in self._values)
        return text or inner.editor.problem() or inner.server_problem

    def _show(self) -> None:
        self.inside.setVisible(self.switch is None or self.switch.isChecked())
        applying = self._applying()
        for name, inner in self.rows.items():
            inner.setVisible(name in applying)
            inner.editor.show_neighbours({**self._neighbours, **self._values})
            inner.editor.show_value(self._values.get(name), present=name in self._values)

    def mark_changes(self, before: JsonValue) -> None:
        """See CompositeEditor. Where the form began without it, what differs from what is declared."""
        began: Mapping[str, JsonValue] = before if isinstance(before, dict) else defaults(self.spec.fields)
        missing = object()
        for name, inner in self.rows.items():
            now, then = self._values.get(name, missing), began.get(name, missing)
            inner.mark_changed(now != then, began.get(name))

    def _tell(self) -> None:
        unread = self.unread()
        if unread:
            self.unreadable.emit(unread)
        else:
            self.changed.emit(dict(self._values))

    def _sender(self) -> FieldRow:
        inner = self.rows[str(self.sender().property("inner_field"))]
        self._touched.add(inner.spec.name)
        inner.unreadable = inner.server_problem = ""
        return inner

    @Slot(object)
    def _edited(self, value: JsonValue) -> None:
        self._values[self._sender().spec.name] = value
        self._tell()

    @Slot()
    def _emptied(self) -> None:
        self._values.pop(self._sender().spec.name, None)
        self._tell()

    @Slot(str)
    def _unread(self, why: str) -> None:
        self._sender().unreadable = why
        self._tell()

    @Slot(bool)
    def _switched(self, on: bool) -> None:
        self.committed.emit()  # a step of undo of its own
        if on:
            self._show()
            self._tell()
            first = next(iter(self.rows.values())).editor.field_widget()
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.spec.nullable:
            self.changed.emit(None)
        else:
            self.cleared.emit()
        self.committed.emit()


add_editor(FieldKind.GROUP, GroupEditor)
