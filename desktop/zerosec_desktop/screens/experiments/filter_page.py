"""Filter: choose the experiments to model; what is chosen becomes a file of its own that says how it was chosen."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from zerosec_client.api import Api
from zerosec_client.errors import BusyError, ServerUnreachableError
from zerosec_client.projects import bring_selection
from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, EmptyState, Message, button, label, row
from zerosec_desktop.navigation import AnalysisRoute
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.experiments_panel import frame_of
from zerosec_desktop.screens.experiments.filter_form import FilterForm, read_filter
from zerosec_desktop.screens.experiments.folders import DATA, project_folder
from zerosec_desktop.screens.experiments.model_terms import first_parameters
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.saved_filters import SavedFilters
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_shared.experiments import Experiment
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.selections import ExperimentFilter, QueryAnswer, Selection
from zerosec_shared.system import Page

__all__ = ["FilterStep"]

ASK_AFTER_MS = 250
AGAIN_MS = 1000
SHOWN = 500
"""Matching rows in the table below; the file holds all of them."""


class FilterStep(StepPage):
    """Counts follow every edit; of questions that overtake each other the newest counts."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self.everything: QueryAnswer | None = None
        self.answer: QueryAnswer | None = None
        self._asked: tuple[int, ExperimentFilter] | None = None
        self._shown: tuple[int, ExperimentFilter] | None = None
        self._works: list[Work] = []
        self._bringing: Work | None = None
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(ASK_AFTER_MS)
        self._due.timeout.connect(self._ask)
        self._away = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._ask)
        self._build()
        left = self.form.show_filter(read_filter(project.notes.filter_json))
        self._say_left_out(left)
        project.changed.connect(self._project_changed)
        self.context.session.catalogue_changed.connect(self._show_buttons)
        self._show_counts()

    def _build(self) -> None:
        self.count = label("", "title")
        self.complete = label("", "muted", wrap=True)
        self._reset = button(self.tr("Show everything"), icon_name="undo", clicked=self._reset_all)
        self.analyses = {
            "linear": button(self.tr("Linear analysis"), "primary", clicked=partial(self.analyse, "linear")),
            "nonlinear": button(self.tr("Nonlinear analysis"), clicked=partial(self.analyse, "nonlinear")),
            "classification": button(
                self.tr("Classification"), clicked=partial(self.analyse, "classification")
            ),
        }
        top = Card(margins=Space.LARGE, spacing=12)
        top.body.addLayout(row(self.count, None, self._reset))
        top.body.addWidget(self.complete)
        self._said = QVBoxLayout()
        top.body.addLayout(self._said)
        top.body.addLayout(row(label(self.tr("Analyse these"), "muted"), *self.analyses.values(), None))
        self.saved = SavedFilters(self.project)
        self.saved.chosen.connect(self.show_filter)
        top.body.addWidget(self.saved)
        self.form = FilterForm(self.project)
        self.form.changed.connect(self._edited)
        self._model = FrameModel(self)
        self.table = DataTable(self._model)
        self.table.setAccessibleName(self.tr("Experiments that match"))
        self.table.setMinimumHeight(320)
        self._cut = label("", "caption")
        work = QWidget()
        stack = QVBoxLayout(work)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.MEDIUM)
        for part in (top, self.form, label(self.tr("Experiments that match"), "subtitle"), self.table):
            stack.addWidget(part)
        stack.addWidget(self._cut)
        to_results = button(
            self.tr("Go to Results"), "primary", clicked=partial(self.step_wanted.emit, Step.RESULTS)
        )
        self._none = EmptyState(
            "filter",
            self.tr("There are no results to choose from yet"),
            self.tr("Import results first; then choose here which experiments a model is made from."),
            to_results,
        )
        self._either = QStackedWidget()
        self._either.addWidget(self._none)
        self._either.addWidget(work)
        self.body.addWidget(self._either)

    def activated(self) -> None:
        self.saved.refresh()
        self._ask()

    def closing(self) -> None:
        self._due.stop()
        self._again.stop()
        self._keep()
        for work in [*self._works, *([self._bringing] if self._bringing is not None else [])]:
            work.cancel()

    # -- what is asked ---------------------------------------------------------------------------------------------

    def show_filter(self, wanted: ExperimentFilter) -> None:
        """Show a filter, and what it matches."""
        self._say_left_out(self.form.show_filter(wanted))
        self._edited()

    def _reset_all(self) -> None:
        self.show_filter(ExperimentFilter())

    def _edited(self) -> None:
        self._show_counts()
        self._due.start()

    def _project_changed(self) -> None:
        if self._asked is None or self._asked[0] != self.project.project.revision:
            self._due.start()

    def _keep(self) -> None:
        """Remember the filter, so that it is there again after a restart."""
        text = self.form.filter().model_dump_json()
        if text != self.project.notes.filter_json:
            self.project.remember(filter_json=text)

    def _ask(self) -> None:
        chosen, revision = self.form.filter(), self.project.project.revision
        if self._asked == (revision, chosen):
            self._show_counts()
            return
        fresh = self._asked is None or self._asked[0] != revision
        self._asked = (revision, chosen)
        self._keep()
        for work in self._works:
            work.cancel()
        project = self.project
        if fresh or self.everything is None:
            self.everything = None
            self._works = [
                project.ask(
                    lambda projects: projects.query(project.id, ExperimentFilter()),
                    name="all experiments",
                    done=self._got_everything,
                    failed=self._failed,
                )
            ]
        else:
            self._works = []
        self._works += [
            project.ask(
                lambda projects: projects.query(project.id, chosen),
                name="filter",
                done=partial(self._got, chosen),
                failed=self._failed,
            ),
            project.ask(
                lambda projects: projects.rows(project.id, chosen, limit=SHOWN),
                name="chosen experiments",
                done=self._got_rows,
                failed=self._failed,
            ),
        ]
        self._show_counts()

    def _got_everything(self, found: QueryAnswer) -> None:
        self.everything = found
        self._show_figures()

    def _got(self, chosen: ExperimentFilter, found: QueryAnswer) -> None:
        self.answer, self._away = found, False
        self._shown = (found.revision, chosen)
        self._show_figures()
        if found.revision != self.project.project.revision:
            self.project.refresh()  # somebody imported meanwhile

    def _got_rows(self, page: "Page[Experiment]") -> None:
        project = self.project.project
        frame = frame_of(project, list(page.items))
        labels = [name_and_unit(one.name, one.unit) for one in project.columns]
        self._model.set_frame(frame, labels=labels)  # type: ignore[arg-type]
        cut = page.next_cursor is not None
        self._cut.setText(
            self.tr("The first {count} are shown; an analysis gets all of them").format(count=f"{SHOWN:,}")
            if cut
            else ""
        )

    def _failed(self, error: Exception) -> None:
        self._asked = self.answer = None
        if isinstance(error, ServerUnreachableError | BusyError):
            self._away = True
            self._again.start()  # the server may be starting anew
        else:
            self.context.notifications.problem(error, key="filter")
        self._show_counts()

    # -- what is shown ---------------------------------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether the counts shown are those of the filter as it stands."""
        now = (self.project.project.revision, self.form.filter())
        return self._shown == now and not self.form.problem()

    def _show_figures(self) -> None:
        if self.everything is not None and self.answer is not None:
            self.form.show_figures(self.everything, self.answer)
        self._show_counts()

    def _show_counts(self) -> None:
        self._either.setCurrentIndex(1 if self.project.project.experiments else 0)
        answer, problem = self.answer, self.form.problem()
        if problem:
            self.count.setText(self.tr("What is marked cannot be asked"))
            self.complete.setText(problem)
        elif answer is None:
            self.count.setText(self.tr("Counting…"))
            self.complete.setText(
                self.tr("The server is away; it is asked again until it answers.") if self._away else ""
            )
        else:
            self.count.setText(
                self.tr("{matching} of {total} experiments").format(
                    matching=f"{answer.matching:,}", total=f"{answer.total:,}"
                )
            )
            self.complete.setText(
                self.tr("{complete} of them have a value in every column that is filled in.").format(
                    complete=f"{answer.complete:,}"
                )
                if answer.matching
                else self.tr("No experiment matches: widen a range or take a choice out.")
            )
        changed = bool(self.form.filter().conditions) or bool(problem)
        self._reset.setEnabled(changed)
        self._reset.setToolTip("" if changed else self.tr("Everything is shown"))
        self.saved.watch(None if problem else self.form.filter())
        self._show_buttons()

    def _show_buttons(self, _target: str = "") -> None:
        for analysis, control in self.analyses.items():
            why = self._why_not(analysis)
            control.setEnabled(not why)
            control.setToolTip(why)
            control.setAccessibleDescription(why)

    def _why_not(self, analysis: str) -> str:
        """Why an analysis cannot be begun; empty if it can."""
        if self.context.session.analysis(analysis, self.project.target) is None:
            if not self.context.session.catalogue(self.project.target):
                return self.tr("The server has not answered yet")
            return self.tr("This server does not offer it yet")
        if self.form.problem():
            return self.tr("First correct what is marked")
        if self._bringing is not None:
            return self.tr("The chosen experiments are being put together…")
        if not self.settled or self.answer is None:
            return self.tr("Counting…")
        return "" if self.answer.matching else self.tr("No experiment matches")

    def _say_left_out(self, left: str) -> None:
        while (item := self._said.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        if left:
            self._said.addWidget(
                Message(
                    "warning",
                    self.tr("A part of the filter does not fit this project's columns and was left out"),
                    left,
                )
            )

    # -- what is done with it --------------------------------------------------------------------------------------

    def analyse(self, analysis: str, _checked: bool = False) -> None:
        """Open the form of an analysis with the chosen experiments as its data."""
        if self._why_not(analysis):
            return
        assert self.answer is not None
        first = first_parameters(self.project.profile, analysis, self.answer)
        chosen, name = self.form.filter(), project_folder(Path(), self.project.project.name).name
        folder = self.project.folder / DATA

        def place(made: Selection) -> Path:
            return folder / f"{name}_r{made.revision}_{made.file.sha256[:8]}.csv"

        async def bring(api: Api) -> tuple[Selection, Path]:
            return await bring_selection(api, self.project.id, chosen, place)

        def brought(found: tuple[Selection, Path]) -> None:
            self._bringing = None
            made, path = found
            self.project.step_done(Step.FILTER, made.file.sha256, str(made.revision))
            if self.context.session.current_target != self.project.target:
                self.context.session.use_target(self.project.target)
            self._show_counts()
            self.navigate.emit(
                AnalysisRoute(
                    analysis,
                    files=(path,),
                    dialect=made.file.dialect,
                    copy_of=made.file,
                    parameters=tuple(first.items()),
                )
            )

        def failed(error: Exception) -> None:
            self._bringing = None
            self._show_counts()
            self.context.notifications.problem(error, key="selection")

        self._bringing = self.context.session.ask(
            self.project.target, bring, name="selection", done=brought, failed=failed
        )
        self._show_buttons()
