"""Design: runs are chosen by a criterion, several designs at once; one is accepted and becomes the lab sheet."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, EmptyState, button, column, label, row
from zerosec_desktop.jobs import Phase
from zerosec_desktop.navigation import JobKey, RunRoute
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.accepting import Accepted, accept
from zerosec_desktop.screens.experiments.design_comparison import MOST_COMPARED, DesignComparison
from zerosec_desktop.screens.experiments.design_form import DesignForm
from zerosec_desktop.screens.experiments.design_request import (
    ANALYSIS,
    DesignInput,
    ready_input,
    usual_parameters,
)
from zerosec_desktop.screens.experiments.design_row import DesignRow
from zerosec_desktop.screens.experiments.designs import Designs
from zerosec_desktop.screens.experiments.done_choice import DoneChoice
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.said import Said
from zerosec_desktop.screens.experiments.shown_design import ShownDesign
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.wording import place
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect
from zerosec_shared.runs import Job

__all__ = ["DesignStep"]

FEWEST, MOST, USUAL = 10, 50, 15


class DesignStep(StepPage):
    """サンプル: D最適化を実行, I最適化を実行."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self._work: Work | None = None
        self._form: DesignForm | None = None
        self.designs = Designs(project, self)
        self.designs.changed.connect(self._design_changed)
        self.designs.list_changed.connect(self._show_list)
        self.rows: dict[JobKey, DesignRow] = {}
        ask = Card(margins=Space.LARGE, spacing=12)
        ask.body.addWidget(label(self.tr("Find a design"), "subtitle"))
        self._source = label("", "muted", wrap=True)
        ask.body.addWidget(self._source)
        self.runs = QSpinBox()
        self.runs.setRange(FEWEST, MOST)
        self.runs.setValue(_usual_runs(project))
        self.runs.lineEdit().setTextMargins(Space.SMALL, 0, Space.SMALL, 0)
        heading = label(self.tr("Sample size ({fewest}-{most})").format(fewest=FEWEST, most=MOST))
        heading.setBuddy(self.runs)
        self.runs.setAccessibleName(heading.text())
        self.runs.setMinimumWidth(80)
        self.d_optimal = button(self.tr("Run D-optimal design"), "primary", clicked=partial(self._find, "D"))
        self.i_optimal = button(self.tr("Run I-optimal design"), clicked=partial(self._find, "I"))
        self._more = button(self.tr("More…"), "quiet", icon_name="settings")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._unfold)
        ask.body.addLayout(
            row(heading, self.runs, Space.MEDIUM, self.d_optimal, self.i_optimal, self._more, None)
        )
        self.done_choice = DoneChoice(project)
        ask.body.addWidget(self.done_choice)
        self._form_place = QVBoxLayout()
        ask.body.addLayout(self._form_place)
        self.said = Said()
        ask.body.addWidget(self.said)
        self.body.addWidget(ask)
        self._list_card = Card(margins=Space.LARGE, spacing=12)
        self._list_card.body.addWidget(label(self.tr("Designs of this project"), "subtitle"))
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.SMALL)
        self._list_card.body.addLayout(self._list)
        self.comparison = DesignComparison()
        self._list_card.body.addWidget(self.comparison)
        self.body.addWidget(self._list_card)
        self._none = EmptyState(
            "experiment",
            self.tr("No design yet"),
            self.tr("A design chooses, among all that could be run, the few runs that teach the most."),
        )
        self.body.addWidget(self._none)
        self.ok, self.ng = (
            button(
                self.tr("OK"), "primary", clicked=self._accept, tip=self.tr("Accept it: make the lab sheet")
            ),
            button(self.tr("NG"), clicked=self._refuse, tip=self.tr("Not this one: take it off the list")),
        )
        self.decision = Said()
        self._decide = QWidget()
        decide = QHBoxLayout(self._decide)
        decide.setContentsMargins(0, 0, 0, 0)
        self._title = label("", "title", wrap=True)
        decide.addWidget(self._title, 1)
        decide.addWidget(self.ng)
        decide.addWidget(self.ok)
        self.shown = ShownDesign(self.context, self)
        self._result = QWidget()
        self._result.setLayout(column(self._decide, self.decision, self.shown, spacing=Space.MEDIUM))
        self._result.hide()
        self.body.addWidget(self._result)
        self._show_list()
        project.changed.connect(self._show_source)

    # -- what is asked ---------------------------------------------------------------------------------------------

    def activated(self) -> None:
        self._show_source()
        self.designs.look()

    def _show_source(self) -> None:
        notes = self.project.notes
        self.done_choice.show_project()
        blocked = not self.project.output_of(Step.CANDIDATES)
        offered = self.context.session.analysis(ANALYSIS, self.project.target) is not None
        if not offered:
            told = self.tr("This server does not offer the optimal design.")
        elif blocked:
            told = self.tr("First choose or make a list of candidates.")
        elif notes.factors:
            told = self.tr(
                "Without a list, over the ranges of %Ln variable(s); the profile's rules are respected.",
                "",
                len(notes.factors),
            )
        else:
            assert notes.candidates_file is not None
            told = self.tr("From {name}, without what was tested already.").format(
                name=notes.candidates_file.name
            )
        self._source.setText(told)
        usable = offered and not blocked
        for control in (self.d_optimal, self.i_optimal, self._more):
            control.setEnabled(usable and self._work is None)
            control.setToolTip("" if usable else told)

    def _unfold(self, unfolded: bool) -> None:
        info = self.context.session.analysis(ANALYSIS, self.project.target)
        if self._form is None and info is not None:
            self._form = DesignForm(info.steps[0])
            self._form.wanted.connect(self._find_as_written)
            self._form_place.addWidget(self._form)
            self._form.start_from(
                {
                    **usual_parameters(self.project.profile),
                    "runs": self.runs.value(),
                    "factors": dict(self.project.notes.factors),
                }
            )
            self._prepare(self._offer_columns)
        if self._form is not None:
            self._form.setVisible(unfolded)

    def _offer_columns(self, ready: DesignInput) -> None:
        if self._form is not None:
            self._form.show_candidates(ready.candidates)

    def _find(self, criterion: str) -> None:
        usual = usual_parameters(self.project.profile)
        self._submit({**usual, "runs": self.runs.value(), "criterion": criterion})

    def _find_as_written(self, values: dict[str, JsonValue]) -> None:
        self._submit(values)

    def _submit(self, values: dict[str, JsonValue]) -> None:
        self.said.say("info", self.tr("Reading the candidates…"))
        self._prepare(partial(self._send, values))

    def _prepare(self, then: object) -> None:
        assert callable(then)

        def done(ready: DesignInput) -> None:
            self._work = None
            self._show_source()
            self.said.clear()
            then(ready)

        self._work = self.context.bridge.start(
            ready_input(self.project), name="candidates", done=done, failed=self._failed
        )
        self._show_source()

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._show_source()
        self.said.problem(error)

    def _send(self, values: dict[str, JsonValue], ready: DesignInput) -> None:
        """What varies is ours to say, unless the user has said it."""
        parameters = {
            **values,
            **{name: given for name, given in ready.parameters.items() if not values.get(name)},
        }
        if ready.path is None:
            own, ours = (str(each.get("constraints") or "") for each in (values, ready.parameters))
            parameters["constraints"] = "\n".join(part for part in (own, ours) if part)
        inputs: dict[str, list[tuple[Path, Dialect | None]]] = {}
        if ready.path is not None:
            inputs["candidates"] = [(ready.path, None)]
        if ready.done_path is not None:
            inputs["done"] = [(ready.done_path, None)]
        if ready.done is not None:
            title, detail = self.done_choice.told_of_done(ready.done)
            self.said.say("info" if ready.done.rows else "warning", title, detail)
        criterion = str(parameters.get("criterion", "D"))
        name = self.tr("{criterion} design, %Ln run(s)", "", int(str(parameters.get("runs", USUAL))))
        key = self.context.session.submit(
            analysis=ANALYSIS,
            step=None,
            name=f"{name.format(criterion=criterion)} · {self.project.project.name}",
            parameters=parameters,
            inputs=inputs,
            target=self.project.target,
            failed=self._failed,
        )
        self.designs.add(key)

    # -- the designs -----------------------------------------------------------------------------------------------

    def _show_list(self) -> None:
        keys = self.designs.keys
        for key in [key for key in self.rows if key not in keys]:
            gone = self.rows.pop(key)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, key in enumerate(keys):
            if key not in self.rows:
                made = DesignRow(key)
                made.show_wanted.connect(self._show_and_go)
                made.cancel_wanted.connect(self.context.session.cancel)
                made.open_wanted.connect(self._open_run)
                made.leave_wanted.connect(self.designs.leave)
                made.compared.connect(self._compare)
                self.rows[key] = made
                self._list.insertWidget(at, made)
                self._design_changed(key)
        self._list_card.setVisible(bool(keys))
        self._none.setVisible(not keys)
        if self.shown.key is not None and self.shown.key not in keys:
            self.shown.clear()
            self._result.hide()
        self._compare()

    def _design_changed(self, key: JobKey) -> None:
        shown = self.rows.get(key)
        if shown is not None:
            accepted = str(key.job_id) == self.project.notes.design_job
            shown.show_entry(self.designs.entries.get(key), self.designs.jobs.get(key), accepted=accepted)
            if key in self.designs.jobs and self.shown.key is None and key == self.designs.keys[0]:
                self._show(key)

    def _compare(self) -> None:
        chosen = [key for key in self.designs.keys if key in self.rows and self.rows[key].compare.isChecked()]
        full = len(chosen) >= MOST_COMPARED
        for key, shown in self.rows.items():
            usable = key in self.designs.jobs and (shown.compare.isChecked() or not full)
            shown.compare.setEnabled(usable)
            shown.compare.setToolTip(
                self.tr("At most four designs are compared")
                if full and not usable
                else self.tr("Compare this design")
            )
        self.comparison.compare([self.designs.jobs[key] for key in chosen if key in self.designs.jobs])

    def _show(self, key: JobKey) -> None:
        job, entry = self.designs.jobs.get(key), self.designs.entries.get(key)
        if job is None:
            if entry is not None and entry.phase is not Phase.SUCCEEDED:
                self._open_run(key)
            return
        self._title.setText(job.run_name)
        self.decision.clear()
        self._result.show()
        if self.shown.key != key:
            self.shown.show_job(key, job)

    def _show_and_go(self, key: JobKey) -> None:
        """The user wants to see it: bring it into sight."""
        self._show(key)
        if self._result.isVisible():
            self.ensureWidgetVisible(self._decide, 0, self.viewport().height() // 2)

    def _open_run(self, key: JobKey) -> None:
        self.navigate.emit(RunRoute(key))

    # -- OK and NG -------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        job = self.shown.job
        if job is None:
            return
        self._decidable(False)
        self.decision.say(
            "info",
            self.tr("Making the lab sheet…"),
            self.tr("It goes into the project's folder with the figures."),
        )
        self._work = self.context.bridge.start(
            accept(self.project, job),
            name="lab sheet",
            done=partial(self._accepted, job),
            failed=self._not_accepted,
        )

    def _accepted(self, job: Job, made: Accepted) -> None:
        self._work = None
        self._decidable(True)
        before = self.project.notes.design_job
        self.project.remember(design_job=str(job.id), lab_sheet=made.sheet)
        self.project.step_done(Step.DESIGN, str(job.id), self.project.output_of(Step.CANDIDATES))
        self.project.step_done(Step.LAB_SHEET, made.sha256, str(job.id))
        go = button(
            self.tr("To the lab sheet"), "primary", clicked=partial(self.step_wanted.emit, Step.LAB_SHEET)
        )
        told = "\n".join((place(made.sheet), *made.remarks))
        self.decision.say(
            "warning" if made.remarks else "success", self.tr("Accepted: the lab sheet is made"), told, go
        )
        for key in self.designs.keys:
            if str(key.job_id) in {before, str(job.id)}:
                self._design_changed(key)

    def _not_accepted(self, error: Exception) -> None:
        self._work = None
        self._decidable(True)
        self.decision.problem(error)

    def _decidable(self, able: bool) -> None:
        for control in (self.ok, self.ng):
            control.setEnabled(able)

    def _refuse(self) -> None:
        """Nothing is left behind but the run in the history."""
        if self.shown.key is not None:
            self.designs.leave(self.shown.key)

    def closing(self) -> None:
        self.designs.closing()
        if self._work is not None:
            self._work.cancel()
        self.shown.clear()


def _usual_runs(project: OpenProject) -> int:
    wanted = project.profile.defaults.get(ANALYSIS, {}).get("runs")
    return wanted if isinstance(wanted, int) and FEWEST <= wanted <= MOST else USUAL
