"""A list of objects: a numbered block of fields an item, which are added, moved and taken out; undo takes each of it back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QToolButton, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, label, row, tool_button
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.editors import CompositeEditor
from zerosec_desktop.widgets.form.rows import GroupEditor
from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec, defaults
from zerosec_shared.contract import JsonValue

__all__ = ["ObjectsEditor"]

_LARGE = {FieldKind.COLUMNS, FieldKind.MAPPING, FieldKind.GROUP, FieldKind.OBJECTS, FieldKind.JSON}
"""What needs the whole width."""


class _Item(GroupEditor):
    """The fields of one item, under its number."""

    def __init__(self, spec: FieldSpec, side_by_side: bool) -> None:
        super().__init__(spec, side_by_side=side_by_side)
        self.up = tool_button("chevron-up", self.tr("Move up"))
        self.down = tool_button("chevron-down", self.tr("Move down"))
        self.out = tool_button("close", self.tr("Take out"))
        for control in (self.up, self.down, self.out):
            control.setAccessibleName(f"{control.toolTip()}: {spec.title}")
            self.head.addWidget(control)


class ObjectsEditor(CompositeEditor):
    """Its value is the list of what the items hold."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.items: list[_Item] = []
        self._values: list[JsonValue] = []
        self._before: JsonValue = None
        self._neighbours: Mapping[str, JsonValue] = {}
        self._columns: tuple[Sequence[ColumnInfo], str] | None = None
        self.head = row(label(spec.title, "strong"), None, spacing=6)
        self._layout.addLayout(self.head)
        if spec.help:
            self._layout.addWidget(label(spec.help, "caption", wrap=True))
        self._stack = QVBoxLayout()
        self._stack.setSpacing(Space.MEDIUM)
        self._layout.addLayout(self._stack)
        self.add = button(self.tr("Add"), icon_name="plus", clicked=self._add)
        self.add.setAccessibleName(self.tr("Add to “{0}”").format(spec.title))
        self._layout.addLayout(row(self.add, None))
        self._bound()

    # -- what the form asks of it

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        self._values = list(value) if present and isinstance(value, list) else []
        while len(self.items) > len(self._values):
            gone = self.items.pop()
            self._stack.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self.items) < len(self._values):
            self._make()
        for item, inner in zip(self.items, self._values, strict=True):
            item.show_value(inner, present=True)
        self._bound()

    def set_inner_columns(self, columns: Sequence[ColumnInfo], slot: str) -> None:
        """See CompositeEditor."""
        self._columns = columns, slot
        for item in self.items:
            item.set_inner_columns(columns, slot)
            item.set_columns(columns)

    def show_neighbours(self, values: Mapping[str, JsonValue]) -> None:
        """See Editor."""
        self._neighbours = values
        for item in self.items:
            item.show_neighbours(values)

    def field_widget(self) -> QWidget:
        """See Editor."""
        wrong = next((item for item in self.items if item.wrong()), None)
        return self.add if wrong is None else wrong.field_widget()

    def problem(self) -> str:
        """See Editor."""
        found = ((number, item.problem()) for number, item in enumerate(self.items, 1))
        return next((f"{number}. {text}" for number, text in found if text), "")

    def touch_all(self) -> None:
        """See Editor."""
        for item in self.items:
            item.touch_all()

    def show_server_problem(self, path: Sequence[str], message: str) -> bool:
        """See Editor."""
        at = int(path[0]) if path and path[0].isdecimal() else len(self.items)
        return at < len(self.items) and self.items[at].show_server_problem(path[1:], message)

    def show_problems(self) -> bool:
        """See CompositeEditor."""
        seen = [item.show_problems() for item in self.items]  # each of them, whatever the first says
        return any(seen)

    def mark_changes(self, before: JsonValue) -> None:
        """See CompositeEditor."""
        began = before if isinstance(before, list) else []
        for at, item in enumerate(self.items):
            item.mark_changes(began[at] if at < len(began) else None)

    # -- items

    def _make(self) -> None:
        number = len(self.items) + 1
        fields = self.spec.fields
        spec = FieldSpec(
            name=str(number - 1), title=f"{number}.", kind=FieldKind.GROUP, required=True, fields=fields
        )
        plain = all(field.kind not in _LARGE and not field.multiline for field in fields)
        # an explanation stands once, at the first item; at the others it is the tool tip
        if number > 1:
            spec = replace(spec, fields=tuple(replace(field, help="") for field in fields))
        item = _Item(spec, side_by_side=plain and len(fields) > 1)
        for field in fields:
            item.rows[field.name].setToolTip(field.help)
        item.setProperty("item_at", number - 1)
        item.setAccessibleName(f"{self.spec.title} {number}")
        for control, call in ((item.up, self._up), (item.down, self._down), (item.out, self._take_out)):
            control.setProperty("item_at", number - 1)
            control.clicked.connect(call)
        item.changed.connect(self._edited)
        item.unreadable.connect(self._unread)
        item.committed.connect(self.committed)
        item.made.connect(self.made)
        if self._columns is not None:
            item.set_inner_columns(*self._columns)
            item.set_columns(self._columns[0])
        item.show_neighbours(self._neighbours)
        self.items.append(item)
        self._stack.addWidget(item)
        self.made.emit(item)

    def _bound(self) -> None:
        """What can be done with as many items as there are."""
        most = self.spec.max_items
        full = most is not None and len(self.items) >= most
        self.add.setEnabled(not full)
        self.add.setToolTip(self.tr("At most {0} are possible.").format(most) if full else "")
        for at, item in enumerate(self.items):
            item.up.setVisible(at > 0)
            item.down.setVisible(at < len(self.items) - 1)

    def _at(self) -> int:
        return int(self.sender().property("item_at"))

    def _tell(self) -> None:
        for number, item in enumerate(self.items, 1):
            why = item.unread()
            if why:
                self.unreadable.emit(f"{number}. {why}")
                return
        self.changed.emit(list(self._values))

    def _put(self, values: list[JsonValue]) -> None:
        """A list of other items: a step of undo of its own."""
        self.committed.emit()
        self.changed.emit(values)
        self.committed.emit()

    @Slot()
    def _add(self) -> None:
        self._put([*self._values, dict(defaults(self.spec.fields))])
        if self.items:
            first = next(iter(self.items[-1].rows.values())).editor.field_widget()
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _take_out(self) -> None:
        at = self._at()
        self._put([value for place, value in enumerate(self._values) if place != at])
        left: QToolButton | QPushButton = (
            self.items[min(at, len(self.items) - 1)].out if self.items else self.add
        )
        left.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _up(self) -> None:
        self._swap(self._at(), self._at() - 1)

    @Slot()
    def _down(self) -> None:
        self._swap(self._at(), self._at() + 1)

    def _swap(self, at: int, to: int) -> None:
        if not 0 <= to < len(self._values):
            return
        values = list(self._values)
        values[at], values[to] = values[to], values[at]
        self._put(values)
        moved = self.items[to]
        same = moved.up if to < at else moved.down
        (same if same.isVisibleTo(moved) else moved.out).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _edited(self, value: JsonValue) -> None:
        self._values[self._at()] = value
        self._tell()

    @Slot(str)
    def _unread(self, _why: str) -> None:
        self._tell()
