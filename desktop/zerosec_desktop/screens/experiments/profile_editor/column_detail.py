"""The details of one column: what it is called, what it is for, what it may hold, and how it is worked out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.profile_editor.draft import NUMERIC, ColumnDraft, settled
from zerosec_desktop.screens.experiments.profile_editor.fields import FormulaField, LineField
from zerosec_shared.profiles import ROLE_WORDS, ColumnRole, ValueKind
from zerosec_shared.texts import translated

__all__ = ["ColumnDetail"]


class ColumnDetail(QScrollArea):
    """`edited` brings the column as it is written now and the field that was written in; `renamed` its new name."""

    edited = Signal(object, str)
    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._column = ColumnDraft()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("The chosen column"))
        inner = QWidget()
        inner.setProperty("surface", "clear")
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._stack = QVBoxLayout(inner)
        self._stack.setContentsMargins(Space.SMALL, 0, Space.MEDIUM, 0)
        self._stack.setSpacing(12)
        self.lines: dict[str, LineField] = {}
        self.why = label("", "muted", wrap=True)
        self._stack.addWidget(self.why)
        self.name = LineField(self.tr("Name"), self.tr("As it is written in ZeroSec's own files."))
        self.name.left.connect(self._name_left)
        self._stack.addWidget(self.name)
        self._line(
            "aliases", self.tr("Other names"), self.tr("In users' files, any language; commas between.")
        )
        self._beside(
            ("label_en", self.tr("On screen, English")), ("label_ja", self.tr("On screen, Japanese"))
        )
        self._choices()
        self._beside(("unit", self.tr("Unit")), ("default", self.tr("Offered value")))
        self._line("values", self.tr("Allowed values"), self.tr("Commas between; empty: any."), "6, 15, 25")
        self._beside(
            ("minimum", self.tr("Minimum")), ("maximum", self.tr("Maximum")), ("step", self.tr("Step"))
        )
        self.required = self._tick(self.tr("Needed"), "required")
        self._stack.addWidget(
            label(self.tr("A table without it is neither candidates nor results."), "caption", wrap=True)
        )
        self.identifies = self._tick(self.tr("Tells experiments apart"), "identifies")
        self.formula = FormulaField(
            self.tr("Worked out by a formula"),
            self.tr("From columns that have no formula themselves; empty: it is measured or set."),
            "100 / 送り速度 * 60",
        )
        self.formula.edited.connect(partial(self._written, "formula"))
        self._stack.addWidget(self.formula)
        self._stack.addStretch(1)
        self.setWidget(inner)

    def _line(self, field: str, title: str, hint: str = "", example: str = "") -> LineField:
        made = LineField(title, hint, example)
        made.edited.connect(partial(self._written, field))
        self.lines[field] = made
        self._stack.addWidget(made)
        return made

    def _beside(self, *fields: tuple[str, str]) -> None:
        across = row(spacing=12)
        for field, title in fields:
            made = self._line(field, title)
            self._stack.removeWidget(made)
            made.setMinimumWidth(64)
            across.addWidget(made, 1)
            across.setAlignment(made, Qt.AlignmentFlag.AlignTop)
        self._stack.addLayout(across)

    def _tick(self, text: str, field: str) -> QCheckBox:
        made = QCheckBox(text)
        made.clicked.connect(partial(self._ticked, field))
        self._stack.addWidget(made)
        return made

    def _choices(self) -> None:
        self.role, self.kind = QComboBox(), QComboBox()
        for role in ColumnRole:
            self.role.addItem(translated(ROLE_WORDS[role]), role.value)
        kinds = {
            ValueKind.NUMBER: self.tr("numbers"),
            ValueKind.INTEGER: self.tr("whole numbers"),
            ValueKind.TEXT: self.tr("texts"),
            ValueKind.ANY: self.tr("numbers or texts"),
            ValueKind.DATE: self.tr("dates"),
        }
        for kind, text in kinds.items():
            self.kind.addItem(text, kind.value)
        self.role.activated.connect(self._role_chosen)
        self.kind.activated.connect(self._kind_chosen)
        across = row(spacing=12)
        self.role_told = label("", "caption", wrap=True)
        for title, control in ((self.tr("Role"), self.role), (self.tr("Holds"), self.kind)):
            control.setAccessibleName(title)
            heading = label(title)
            heading.setBuddy(control)
            stack = QVBoxLayout()
            stack.setSpacing(Space.TINY)
            stack.addWidget(heading)
            stack.addWidget(control)
            across.addLayout(stack, 1)
        self._stack.addLayout(across)
        self._stack.addWidget(self.role_told)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_column(self, column: ColumnDraft, problems: Mapping[str, str]) -> None:
        """Show a column, and what is wrong with which field."""
        self._column = column
        self.why.setText(self._why(column))
        self.why.setVisible(bool(column.why))
        if not (self.name.line.hasFocus() and self.name.line.isModified()):
            self.name.put(column.name)
        for field, line in self.lines.items():
            line.put(getattr(column, field))
            line.show_problem(problems.get(field, ""))
        self.formula.put(column.formula)
        self.name.show_problem(problems.get("name", ""))
        self.formula.show_problem(problems.get("formula", ""))
        self.role.setCurrentIndex(self.role.findData(column.role.value))
        self.kind.setCurrentIndex(self.kind.findData(column.kind.value))
        told = problems.get("role", "")
        self.role_told.setText(told or self._meaning(column.role))
        self.role_told.setProperty("role", "error" if told else "caption")
        self.role_told.style().polish(self.role_told)
        self.required.setChecked(column.required)
        self.identifies.setChecked(column.identifies)
        self._offer(column)

    def _why(self, column: ColumnDraft) -> str:
        if not column.why:
            return ""
        asked = self.tr("Please look twice: {why}") if column.unsure else self.tr("Why this role: {why}")
        return asked.format(why=translated(column.why))

    def _offer(self, column: ColumnDraft) -> None:
        """What makes no sense for this role cannot be written, and says why."""
        one_hot, derived = column.role is ColumnRole.ONE_HOT, bool(column.formula.strip())
        fixed = self.tr("Its role decides that")
        self.kind.setEnabled(column.role not in {ColumnRole.ONE_HOT, ColumnRole.DATE})
        self.kind.setToolTip("" if self.kind.isEnabled() else fixed)
        ranged = column.kind in NUMERIC and not one_hot
        for field in ("minimum", "maximum", "step"):
            self.lines[field].usable(able=ranged, why_not=self.tr("Only numbers have a range"))
        self.lines["values"].usable(able=not one_hot, why_not=self.tr("A one-hot column holds 0 or 1"))
        no = self.tr("A column that is worked out is neither needed nor tells experiments apart")
        self.required.setEnabled(not derived)
        self.required.setToolTip(no if derived else "")
        measured = column.role in {ColumnRole.RESPONSE, ColumnRole.IGNORED}
        self.identifies.setEnabled(not derived and not measured)
        apart = self.tr("What is measured, or not used, tells no experiments apart")
        self.identifies.setToolTip(no if derived else apart if measured else "")

    def _meaning(self, role: ColumnRole) -> str:
        return {
            ColumnRole.FACTOR: self.tr("Set on purpose, and varied by designs."),
            ColumnRole.CATEGORICAL: self.tr("A setting of a few kinds, varied by designs."),
            ColumnRole.ONE_HOT: self.tr("One of several columns of which exactly one is 1."),
            ColumnRole.CONDITION: self.tr("Held for a whole series: a workpiece, a diameter."),
            ColumnRole.RESPONSE: self.tr("Measured: what models explain."),
            ColumnRole.RUN_ID: self.tr("The number of a run."),
            ColumnRole.DATE: self.tr("The day of the experiment."),
            ColumnRole.BLOCKING: self.tr("A day, a batch or a machine that is allowed for."),
            ColumnRole.IGNORED: self.tr("Not kept with the results."),
        }[role]

    # -- what is written -------------------------------------------------------------------------------------------

    def _written(self, field: str, text: str) -> None:
        change: dict[str, object] = {field: text}
        self._say(field, lambda column: replace(column, **change))  # type: ignore[arg-type]

    def _ticked(self, field: str, ticked: bool) -> None:
        change: dict[str, object] = {field: ticked}
        self._say("", lambda column: replace(column, **change))  # type: ignore[arg-type]

    def _role_chosen(self, _: int) -> None:
        role = ColumnRole(self.role.currentData())
        self._say("", lambda column: replace(column, role=role, unsure=False))

    def _kind_chosen(self, _: int) -> None:
        kind = ValueKind(self.kind.currentData())
        if kind is ValueKind.DATE:
            self._say("", lambda column: replace(column, kind=kind, role=ColumnRole.DATE))
        else:
            self._say("", lambda column: replace(column, kind=kind))

    def _say(self, field: str, change: Callable[[ColumnDraft], ColumnDraft]) -> None:
        self.edited.emit(settled(change(self._column)), field)

    def _name_left(self) -> None:
        self.commit()

    def commit(self) -> None:
        """Take the name that is written; formulas that use it follow."""
        written = self.name.text
        self.name.line.setModified(False)
        if written != self._column.name:
            self.renamed.emit(written)
