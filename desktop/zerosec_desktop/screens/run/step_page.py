"""Setting up a step of a run: which files it would read and why, its settings, what would happen; then Run."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QComboBox, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, Message, breakable, button, label, row
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.reading.path_facts import PathFacts
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.check_pane import CheckPane
from zerosec_desktop.screens.analysis.check_tables import take_out_all
from zerosec_desktop.screens.analysis.dropping import Dropping
from zerosec_desktop.screens.analysis.live_check import CheckState, LiveCheck
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.screens.run.output_columns import output_columns
from zerosec_desktop.widgets.form.form import Form
from zerosec_desktop.wording import moment, registered_text, since
from zerosec_shared.analyses import AnalysisInfo, InputSlotInfo, StepInfo
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.runs import Job
from zerosec_shared.steps import InputChoice, SlotPlan, StepPlan

__all__ = ["StepPage"]


class StepPage(QWidget):
    """One step before it is executed (again)."""

    run_wanted = Signal()
    back_wanted = Signal()
    look_wanted = Signal(object)  # Path

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.step: StepInfo | None = None
        self.form: Form | None = None
        self.choices: dict[str, QComboBox] = {}
        self.files: dict[str, FileSlot] = {}
        """Where the user's own file is dropped, for inputs that no step fills."""
        self.dropping = Dropping(context, lambda: self.files, self)
        self._slots: dict[str, SlotPlan] = {}
        self._attempts: Mapping[UUID, int] = {}
        self.run_id: UUID | None = None
        """The run whose step it is."""
        self._target = ""
        self._learning: dict[str, Work] = {}
        """By slot, the question which columns the chosen output of an earlier step has."""
        self._title = label("", "title", wrap=True)
        self._help = label("", "muted", wrap=True)
        self.problem = Message("error", "", "")
        self.problem.hide()
        self.given = label("", "muted", wrap=True)
        """Where a file is from that the user did not choose."""
        self.given.hide()
        self._given_file: tuple[str, Path] = ("", Path())
        self._middle = QVBoxLayout()
        self._middle.setSpacing(Space.MEDIUM)
        self.check = LiveCheck(context, self)
        self.check.changed.connect(self._show_check)
        self._pane = CheckPane()
        self._pane.ask_wanted.connect(self.check.ask_now)
        self._said = Card(margins=Space.LARGE, spacing=Space.SMALL)
        self._said.body.addWidget(label(self.tr("What will happen"), "subtitle"))
        self._said.body.addWidget(self._pane)
        self._said.hide()
        self.run_button = button(
            self.tr("Run this step"), "primary", icon_name="play", clicked=self.run_wanted.emit
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.MEDIUM)
        layout.addWidget(self._title)
        layout.addWidget(self._help)
        layout.addWidget(self.problem)
        layout.addWidget(self.given)
        layout.addLayout(self._middle)
        layout.addWidget(self._said)
        back = button(self.tr("Back"), "quiet", icon_name="arrow-left", clicked=self.back_wanted.emit)
        layout.addLayout(row(self.run_button, back, None))
        layout.addStretch(1)

    def show_plan(
        self,
        info: AnalysisInfo,
        step: StepInfo,
        plan: StepPlan,
        target: str,
        attempts: Mapping[UUID, int],
        source: UUID | None = None,
    ) -> None:
        """Show what executing the step would do, as the server says. `attempts` are the numbers of the jobs among those of their step;
        outputs of the job `source` are taken where it can fill an input.
        """
        self._clear()
        self._attempts = attempts
        self.step, self.run_id, self._target = step, plan.run_id, target
        self._title.setText(step.offer or step.title)
        self._help.setText(step.help)
        self._help.setVisible(bool(step.help))
        titles = {known.id: known.title for known in info.steps}
        slots = {slot.name: slot for slot in step.inputs}
        own = {slot.slot for slot in plan.inputs if slot.slot in slots and not slots[slot.slot].from_steps}
        lacking = [
            problem.message
            for problem in plan.problems
            if problem.path[:1] != ("parameters",)
            and not (problem.path[:1] == ("inputs",) and problem.path[-1] in own)
        ]
        for message in lacking:
            self._middle.addWidget(Message("warning", message))
        if plan.inputs:
            self._middle.addWidget(label(self.tr("It reads"), "subtitle"))
        for slot in plan.inputs:
            declared = slots.get(slot.slot)
            title = slot.slot if declared is None else declared.title
            if slot.choices or declared is None or slot.slot not in own:
                self._add_slot(slot, title, titles, source)
            if declared is not None and slot.slot in own:
                self._add_file(declared, target, replaces=bool(slot.choices))
        self.form = Form(step.parameters_schema)
        if self.form.fields:
            self._middle.addWidget(label(self.tr("Settings"), "subtitle"))
            known = {spec.name for spec in self.form.fields}
            values = {**plan.parameters, **_own_values(step, plan)}
            self.form.start_from({name: value for name, value in values.items() if name in known})
            self._middle.addWidget(self.form)
        self.form.changed.connect(self.check.ask_soon)
        for name in self.choices:
            self._learn_columns(name)
        self.check.watch(
            info, step, self.form, self.files, stored=self._stored, target=target, run_id=plan.run_id
        )
        self.check.ask_soon()
        self.run_button.setEnabled(not plan.missing_programs)
        self.run_button.setToolTip(lacking[0] if plan.missing_programs else "")

    def _add_slot(self, slot: SlotPlan, title: str, titles: dict[str, str], source: UUID | None) -> None:
        box = QComboBox()
        box.setAccessibleName(title)
        for choice in slot.choices:
            box.addItem(self._words(choice, titles))
        wanted = [at for at, choice in enumerate(slot.choices) if source and choice.job_id == source]
        if wanted:
            box.setCurrentIndex(wanted[0])
        box.currentIndexChanged.connect(self.check.ask_soon)
        box.currentIndexChanged.connect(partial(self._learn_columns, slot.slot))
        self._slots[slot.slot], self.choices[slot.slot] = slot, box
        box.setEnabled(len(slot.choices) > 1)
        name = label(title, "strong")
        name.setBuddy(box)
        self._middle.addLayout(row(name, Space.SMALL, None))
        self._middle.addWidget(box)
        self._middle.addWidget(label(slot.reason, "caption", wrap=True))

    def _add_file(self, slot: InputSlotInfo, target: str, *, replaces: bool) -> None:
        """Where the user's own file goes; behind a button where the run has one already."""
        dropped = FileSlot(self._context, slot, target)
        dropped.changed.connect(self.check.ask_soon)
        dropped.changed.connect(self._show_given)
        dropped.columns_known.connect(self._columns_known)
        dropped.look_wanted.connect(self.look_wanted.emit)
        self.dropping.watch(dropped)
        self.files[slot.name] = dropped
        if replaces:
            text = self.tr("Another file…")
            other = button(text, icon_name="folder", clicked=dropped.show)
            other.setAccessibleName(f"{text} {slot.title}")
            other.clicked.connect(other.hide)
            self._middle.addLayout(row(other, None))
            dropped.hide()
        self._middle.addWidget(dropped)

    def _learn_columns(self, slot: str, _index: int = 0) -> None:
        """Ask which columns the output has that is chosen for an input: the form offers them."""
        at = self.choices[slot].currentIndex() if slot in self.choices else -1
        choice = self._slots[slot].choices[at] if at >= 0 else None
        before = self._learning.pop(slot, None)
        if before is not None:
            before.cancel()
        made = choice.files[0].made_by if choice is not None and choice.files else None
        if made is None:
            return

        def got(job: Job) -> None:
            self._learning.pop(slot, None)
            columns = None if job.result is None else output_columns(job.result, made.path)
            if columns is not None and self.form is not None:
                self.form.set_columns(columns, slot)

        def failed(_error: Exception) -> None:
            self._learning.pop(slot, None)  # names can be typed all the same, and the server checks them

        self._learning[slot] = self._context.session.job(JobKey(self._target, made.job_id), got, failed)

    @Slot(str, object)
    def _columns_known(self, slot: str, columns: object) -> None:
        if self.form is not None:
            self.form.set_columns(columns if isinstance(columns, tuple) else None, slot)

    def give(self, slot: str, path: Path, said: str = "") -> None:
        """Take a file for an input; `said` tells where it is from."""
        if slot in self.files:
            self.files[slot].show()
            self.files[slot].set_files([path])
            self._given_file = (slot, path)
            self.given.setText(said)
            self._show_given()

    @Slot()
    def _show_given(self) -> None:
        """While the file is the one that was given."""
        slot, path = self._given_file
        known = self.files.get(slot)
        self.given.setVisible(bool(self.given.text()) and known is not None and known.path == path)

    def _words(self, choice: InputChoice, titles: dict[str, str]) -> str:
        files = ", ".join(breakable(file.name) for file in choice.files[:3])
        if len(choice.files) > 3:
            files += " …"
        if choice.step is None:
            known = choice.files[0].registered if choice.files else None
            told = self.tr("The run's own: {0}").format(files)
            return told if known is None else f"{told} · {registered_text(known)}"
        told = self.tr("{0}: {1}").format(titles.get(choice.step, choice.step), files)
        number = self._attempts.get(choice.job_id) if choice.job_id is not None else None
        if number is not None and choice.made_at is not None:
            told += " · " + self.tr("attempt {number}, {moment}").format(
                number=number, moment=moment(choice.made_at)
            )
        elif choice.made_at is not None:
            told += " · " + since(choice.made_at)
        return told + (" · " + self.tr("stale") if choice.stale else "")

    @Slot()
    def _show_check(self) -> None:
        self._pane.show_check(self.check)
        self._said.setVisible(self.check.state is not CheckState.NONE)
        if self.form is not None:
            self.form.show_findings(self.check.findings)

    # what is asked for

    @property
    def parameters(self) -> dict[str, JsonValue]:
        """The settings as they stand."""
        return {} if self.form is None else self.form.parameters

    @property
    def own_files(self) -> dict[str, list[tuple[Path, Dialect | None]]]:
        """The files of this computer that were given, with how they are read."""
        return {
            name: [(path, slot.dialect) for path in slot.files]
            for name, slot in self.files.items()
            if slot.files
        }

    @property
    def copies(self) -> dict[Path, InputFile]:
        """Of these, what the server has: registered references."""
        return {
            slot.files[0]: slot.copy_of
            for slot in self.files.values()
            if slot.files and slot.copy_of is not None
        }

    @property
    def inputs(self) -> dict[str, tuple[InputFile, ...]]:
        """The stored files of the inputs where the user chose other than the rule."""
        return {
            name: self._slots[name].choices[box.currentIndex()].files
            for name, box in self.choices.items()
            if box.currentIndex() > 0 and name not in self.own_files
        }

    def _stored(self) -> dict[str, tuple[InputFile, ...]]:
        """All inputs that the server has, as they are chosen."""
        return {
            name: self._slots[name].choices[box.currentIndex()].files
            for name, box in self.choices.items()
            if box.currentIndex() >= 0 and name not in self.own_files
        }

    def first_problem(self) -> str:
        """Show what is wrong with files and settings; empty if nothing is."""
        for name, slot in self.files.items():
            wrong = slot.problem() if slot.files or name not in self.choices else ""
            if wrong:
                self.tell(wrong)
                return wrong
        self.problem.hide()
        if self.form is None:
            return ""
        if not self.check.is_current:
            self.form.show_findings(())
        return self.form.show_all_problems()

    def take_facts(self, facts: Mapping[Path, PathFacts]) -> bool:
        """What stands at the paths of the files now; whether they still are what was looked at."""
        changed = [slot for slot in self.files.values() if slot.take_facts(facts)]
        return not changed and not self.first_problem()

    def tell(self, title: str, detail: str = "") -> None:
        """Say above all else what keeps the step from being executed."""
        self.problem.title.setText(title)
        self.problem.detail.setText(detail)
        self.problem.detail.setVisible(bool(detail))
        self.problem.show()

    def stop(self) -> None:
        """Nobody looks any more."""
        self.check.stop()
        for work in self._learning.values():
            work.cancel()
        self._learning = {}

    def _clear(self) -> None:
        self.check.stop()
        self.form = None
        self.choices, self.files, self._slots = {}, {}, {}
        for work in self._learning.values():
            work.cancel()
        self._learning = {}
        self.problem.hide()
        self.given.hide()
        self._said.hide()
        while (item := self._middle.takeAt(0)) is not None:
            widget, inner = item.widget(), item.layout()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
            elif isinstance(inner, QBoxLayout):
                take_out_all(inner)


def _own_values(step: StepInfo, plan: StepPlan) -> dict[str, JsonValue]:
    """What the run gives to this step alone."""
    return {
        name.removeprefix(f"{step.id}."): value
        for name, value in plan.parameters.items()
        if name.startswith(f"{step.id}.")
    }
