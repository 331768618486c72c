"""The form itself: a row a field, what matters first and the rest folded, problems at their fields, undo for all of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import button, row
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.applying import not_applying, that_apply
from zerosec_desktop.widgets.form.checks import check_field
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.editors import CompositeEditor
from zerosec_desktop.widgets.form.objects_editor import ObjectsEditor
from zerosec_desktop.widgets.form.rows import FieldRow, add_editor
from zerosec_desktop.widgets.form.schema import FieldKind, read_fields
from zerosec_desktop.widgets.form.state import FormState
from zerosec_shared.contract import JsonValue
from zerosec_shared.errors import FieldProblem
from zerosec_shared.severity import Severity

if TYPE_CHECKING:
    from zerosec_shared.views import Notice

__all__ = ["Form"]

add_editor(FieldKind.OBJECTS, ObjectsEditor)


class Form(QWidget):
    """All fields of a step. Problems appear once a field was touched, or all of them when the user presses Run."""

    changed = Signal()
    history_changed = Signal()

    def __init__(self, schema: Mapping[str, JsonValue]) -> None:
        super().__init__()
        self.fields = read_fields(schema)
        self.state = FormState(self.fields, self._state_changed)
        self.rows = {spec.name: FieldRow(spec) for spec in self.fields}
        self.columns: tuple[ColumnInfo, ...] | None = None
        self._idle: frozenset[str] = frozenset()
        """Fields that have no effect with the values of the others: out of sight until they have."""
        self._touched: set[str] = set()
        self._tell = QTimer(self)
        self._tell.setSingleShot(True)
        self._tell.setInterval(0)
        self._tell.timeout.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.LARGE)
        plain = [spec for spec in self.fields if not spec.advanced]
        more = [spec for spec in self.fields if spec.advanced]
        for spec in plain:
            layout.addWidget(self.rows[spec.name])
        self._fold = button(self.tr("Advanced"), "quiet", icon_name="chevron-right")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._unfold)
        self._advanced = QWidget()
        inner = QVBoxLayout(self._advanced)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.LARGE)
        for spec in more:
            inner.addWidget(self.rows[spec.name])
        self._advanced.setVisible(False)
        if more:
            layout.addLayout(row(self._fold, None))
            layout.addWidget(self._advanced)
        layout.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        for field_row in self.rows.values():
            self._connect(field_row)
        self._show_values()

    # what others ask of it

    @property
    def values(self) -> dict[str, JsonValue]:
        """All values it holds, for keeping them."""
        return self.state.values

    @property
    def parameters(self) -> dict[str, JsonValue]:
        """What is sent: the values of the fields that apply."""
        return that_apply(self.fields, self.state.values)

    @property
    def applying(self) -> dict[str, FieldRow]:
        """The fields that have an effect with the values of the others."""
        return {name: field_row for name, field_row in self.rows.items() if name not in self._idle}

    @property
    def changed_fields(self) -> tuple[str, ...]:
        """Of these, those whose value is not the one the form began with."""
        return tuple(name for name in self.state.changed() if name not in self._idle)

    def problems(self) -> dict[str, str]:
        """What is wrong now, by field, whether shown or not."""
        found = {}
        for name in self.rows:
            text = self._problem(name)
            if text:
                found[name] = text
        return found

    def set_columns(self, columns: Sequence[ColumnInfo] | None, slot: str = "") -> None:
        """The columns of a slot's file have become known, or (None) are not known any more."""
        self.columns = None if columns is None else tuple(columns)
        for field_row in self.rows.values():
            field_row.set_columns(columns or (), slot)
        self._show_values()
        self._show_problems()
        self._tell.start()

    def start_from(self, values: Mapping[str, JsonValue]) -> None:
        """Begin with these values."""
        self._touched.clear()
        self.state.start_from(values)

    def replace(self, values: Mapping[str, JsonValue]) -> None:
        """Take these values, in one step of undo."""
        self._forget_unreadable()
        self.state.replace(values)

    def compare_with(self, values: Mapping[str, JsonValue]) -> None:
        """Mark what differs from these values (a job that is run again) instead of from where the form began."""
        self.state.base = {**self.state.base, **values}
        self._show_values()

    def show_all_problems(self) -> str:
        """Show every problem, open what is folded, go to the first; its field's name, or an empty text."""
        self._touched.update(self.rows)
        for field_row in self.rows.values():
            field_row.editor.touch_all()
        self._show_problems()
        found = self.problems()
        first = next((spec.name for spec in self.fields if spec.name in found), "")
        if first:
            self.go_to(first)
        return first

    def show_server_problems(self, problems: Sequence[FieldProblem]) -> list[FieldProblem]:
        """Put the server's messages at their fields; those of no field here are returned."""
        left = []
        first = ""
        for problem in problems:
            path = [str(part) for part in problem.path]
            place = next((i for i, part in enumerate(path) if part in self.rows), None)
            if place is None:
                left.append(problem)
                continue
            name = path[place]
            if name not in self.applying:
                said = self.tr("{0}: {1}").format(self.rows[name].spec.title, problem.message)
                left.append(problem.model_copy(update={"message": said}))
                continue
            if not self.rows[name].editor.show_server_problem(path[place + 1 :], problem.message):
                self.rows[name].server_problem = problem.message
            self._touched.add(name)
            first = first or name
        self._show_problems()
        if first:
            self.go_to(first)
        return left

    def show_findings(self, notices: "Sequence[Notice]") -> None:
        """Put what the analysis says beforehand at the fields it names; what it said earlier goes."""
        for name, field_row in self.rows.items():
            about = [notice for notice in notices if notice.field == name]
            field_row.finding = " ".join(
                notice.message for notice in about if notice.severity is Severity.ERROR
            )
            field_row.editor.offer(list(dict.fromkeys(each for notice in about for each in notice.undecided)))
        self._show_problems()

    def go_to(self, name: str) -> None:
        """Put the focus on a field that applies."""
        field_row = self.rows[name]
        if field_row.spec.advanced:
            self._fold.setChecked(True)
        field_row.editor.field_widget().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def undo(self) -> None:
        """Take the last change back."""
        self._forget_unreadable()
        self.state.undo()
        self._show_values()

    @Slot()
    def redo(self) -> None:
        """Do it again."""
        self._forget_unreadable()
        self.state.redo()
        self._show_values()

    @Slot()
    def reset(self) -> None:
        """All fields as declared."""
        self._forget_unreadable()
        self.state.reset()

    # inside

    def _connect(self, field_row: FieldRow) -> None:
        editor, name = field_row.editor, field_row.spec.name
        editor.setProperty("field", name)
        editor.changed.connect(self._edited)
        editor.cleared.connect(self._cleared)
        editor.unreadable.connect(self._unreadable)
        editor.committed.connect(self._committed)
        if isinstance(editor, CompositeEditor):
            editor.made.connect(self._watch)
        self._watch(editor)

    @Slot(object)
    def _watch(self, part: QWidget) -> None:
        """Keys that are the form's are taken from every part, also from one that is made later."""
        for child in (part, *part.findChildren(QWidget)):
            child.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Undo and redo are the form's, not one text field's."""
        if isinstance(event, QKeyEvent) and event.type() in {
            QEvent.Type.KeyPress,
            QEvent.Type.ShortcutOverride,
        }:
            steps = (
                (QKeySequence.StandardKey.Undo, self.undo),
                (QKeySequence.StandardKey.Redo, self.redo),
            )
            for key, step in steps:
                if event.matches(key):
                    event.accept()
                    if event.type() == QEvent.Type.KeyPress:
                        step()
                    return True
        return super().eventFilter(watched, event)

    def _name(self) -> str:
        sender = self.sender()
        return str(sender.property("field"))

    @Slot(object)
    def _edited(self, value: JsonValue) -> None:
        name = self._name()
        self._touch(name)
        self.state.set(name, value)
        self._show_problems()

    @Slot()
    def _cleared(self) -> None:
        name = self._name()
        self._touch(name)
        self.state.clear(name)
        self._show_problems()

    @Slot(str)
    def _unreadable(self, why: str) -> None:
        name = self._name()
        self._touch(name)
        self.rows[name].unreadable = why
        self._show_problems()
        self._tell.start()

    @Slot()
    def _committed(self) -> None:
        self.state.commit()

    def _touch(self, name: str) -> None:
        self._touched.add(name)
        self.rows[name].unreadable = ""
        self.rows[name].server_problem = ""

    def _forget_unreadable(self) -> None:
        for field_row in self.rows.values():
            field_row.unreadable = ""
            field_row.server_problem = ""

    def _state_changed(self) -> None:
        self._show_values()
        self._tell.start()
        self.history_changed.emit()

    def _show_values(self) -> None:
        values, changed = self.state.values, set(self.state.changed())
        self._idle = not_applying(self.fields, values)
        for name, field_row in self.rows.items():
            field_row.setVisible(name not in self._idle)
            field_row.editor.show_neighbours(values)
            if not field_row.unreadable:
                field_row.editor.show_value(values.get(name), present=name in values)
            field_row.mark_changed(name in changed, self.state.base.get(name))
        self._show_problems()
        self._show_fold()

    def _problem(self, name: str) -> str:
        field_row = self.rows[name]
        if name in self._idle:
            return ""
        if field_row.unreadable:
            return field_row.unreadable
        values = self.state.values
        names = None if self.columns is None else [column.name for column in self.columns]
        text = check_field(field_row.spec, values.get(name), names, present=name in values)
        return text or field_row.editor.problem() or field_row.server_problem or field_row.finding

    def _show_problems(self) -> None:
        for name, field_row in self.rows.items():
            field_row.show_problem(self._problem(name) if name in self._touched else field_row.finding)

    def _show_fold(self) -> None:
        changed = [name for name in self.changed_fields if self.rows[name].spec.advanced]
        count = sum(1 for field_row in self.applying.values() if field_row.spec.advanced)
        self._fold.setVisible(count > 0)
        text = self.tr("Advanced ({0})").format(count)
        if changed and not self._fold.isChecked():
            text = self.tr("Advanced ({0}, {1} changed)").format(count, len(changed))
        self._fold.setText(text)

    @Slot(bool)
    def _unfold(self, unfolded: bool) -> None:
        self._advanced.setVisible(unfolded)
        self._fold.setIcon(icon("chevron-down" if unfolded else "chevron-right", "muted"))
        self._show_fold()
