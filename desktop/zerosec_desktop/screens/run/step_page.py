"""Setting up a step of a run: which files it would read and why, its settings, what is missing; then Run."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from zerosec_desktop.controls import Message, breakable, button, label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.wording import since
from zerosec_shared.analyses import StepInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import InputFile
from zerosec_shared.steps import InputChoice, SlotPlan, StepPlan

__all__ = ["StepPage"]


class StepPage(QWidget):
    """One step before it is executed (again)."""

    run_wanted = Signal()
    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.step: StepInfo | None = None
        self.form: Form | None = None
        self.choices: dict[str, QComboBox] = {}
        self._slots: dict[str, SlotPlan] = {}
        self._title = label("", "title", wrap=True)
        self._help = label("", "muted", wrap=True)
        self._middle = QVBoxLayout()
        self._middle.setSpacing(Space.MEDIUM)
        self.run_button = button(
            self.tr("Run this step"), "primary", icon_name="play", clicked=self.run_wanted.emit
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.MEDIUM)
        layout.addWidget(self._title)
        layout.addWidget(self._help)
        layout.addLayout(self._middle)
        back = button(self.tr("Back"), "quiet", icon_name="arrow-left", clicked=self.back_wanted.emit)
        layout.addLayout(row(self.run_button, back, None))
        layout.addStretch(1)

    def show_plan(self, step: StepInfo, plan: StepPlan, titles: dict[str, str]) -> None:
        """Show what executing the step would do, as the server says."""
        self._clear()
        self.step = step
        self._title.setText(step.title)
        self._help.setText(step.help)
        self._help.setVisible(bool(step.help))
        lacking = [problem.message for problem in plan.problems if problem.path[:1] != ("parameters",)]
        for message in lacking:
            self._middle.addWidget(Message("warning", message))
        names = {slot.name: slot.title for slot in step.inputs}
        if plan.inputs:
            self._middle.addWidget(label(self.tr("It reads"), "subtitle"))
        for slot in plan.inputs:
            self._add_slot(slot, names.get(slot.slot, slot.slot), titles)
        if step.parameters_schema.get("properties"):
            self._middle.addWidget(label(self.tr("Settings"), "subtitle"))
            self.form = Form(step.parameters_schema)
            known = {spec.name for spec in self.form.fields}
            own = {
                name.removeprefix(f"{step.id}."): value
                for name, value in plan.parameters.items()
                if name.startswith(f"{step.id}.")
            }
            values = {**plan.parameters, **own}
            self.form.start_from({name: value for name, value in values.items() if name in known})
            self._middle.addWidget(self.form)
        self.run_button.setEnabled(not plan.missing_programs)
        self.run_button.setToolTip(lacking[0] if plan.missing_programs else "")

    def _add_slot(self, slot: SlotPlan, title: str, titles: dict[str, str]) -> None:
        box = QComboBox()
        box.setAccessibleName(title)
        for choice in slot.choices:
            box.addItem(self._words(choice, titles))
        self._slots[slot.slot], self.choices[slot.slot] = slot, box
        box.setEnabled(len(slot.choices) > 1)
        name = label(title, "strong")
        name.setBuddy(box)
        self._middle.addLayout(row(name, Space.SMALL, None))
        self._middle.addWidget(box)
        self._middle.addWidget(label(slot.reason, "caption", wrap=True))

    def _words(self, choice: InputChoice, titles: dict[str, str]) -> str:
        files = ", ".join(breakable(file.name) for file in choice.files[:3])
        if len(choice.files) > 3:
            files += " …"
        if choice.step is None:
            return self.tr("The run's own: {0}").format(files)
        told = self.tr("{0}: {1}").format(titles.get(choice.step, choice.step), files)
        if choice.made_at is not None:
            told += " · " + since(choice.made_at)
        return told + (" · " + self.tr("stale") if choice.stale else "")

    @property
    def parameters(self) -> dict[str, JsonValue]:
        """The settings as they stand."""
        return {} if self.form is None else self.form.values

    @property
    def inputs(self) -> dict[str, tuple[InputFile, ...]] | None:
        """The files of the slots where the user chose other than the rule; None where nowhere."""
        changed = {
            name: self._slots[name].choices[box.currentIndex()].files
            for name, box in self.choices.items()
            if box.currentIndex() > 0
        }
        return changed or None

    def first_problem(self) -> str:
        """Show what is wrong with the settings; empty if nothing is."""
        return "" if self.form is None else self.form.show_all_problems()

    @Slot()
    def _clear(self) -> None:
        self.form = None
        self.choices, self._slots = {}, {}
        while (item := self._middle.takeAt(0)) is not None:
            widget, inner = item.widget(), item.layout()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
            elif inner is not None:
                while (child := inner.takeAt(0)) is not None:
                    found = child.widget()
                    if found is not None:
                        found.hide()
                        found.deleteLater()
