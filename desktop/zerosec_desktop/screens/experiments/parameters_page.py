"""Parameters: the variables from a sheet or a form, how many combinations they make, and the table of them as candidates."""

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from zerosec_client.api import Api
from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, button, label, row
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey, RunRoute
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.analysis.dropping import Dropping
from zerosec_desktop.screens.analysis.slots import FileSlot
from zerosec_desktop.screens.experiments.combination_check import ANALYSIS, STEP, CombinationCheck, Inputs
from zerosec_desktop.screens.experiments.combination_pane import CombinationPane
from zerosec_desktop.screens.experiments.conditions_box import ConditionsBox
from zerosec_desktop.screens.experiments.fetching import fetch_into_numbered
from zerosec_desktop.screens.experiments.folders import LISTS
from zerosec_desktop.screens.experiments.job_line import JobLine
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.parameter_lines import ParameterLines
from zerosec_desktop.screens.experiments.parameter_rows import (
    ParameterRow,
    factors_of,
    hints_of,
    problems_of,
    row_texts,
    rows_of_profile,
    variables_of,
)
from zerosec_desktop.screens.experiments.profile_file import profile_file
from zerosec_desktop.screens.experiments.said import Said
from zerosec_desktop.screens.experiments.sheet_rows import rows_of_sheet
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.screens.experiments.without_list import PlanError, conditions, planned
from zerosec_shared.contract import JsonValue

__all__ = ["ParametersStep"]

FOLDER_TITLE = "組合せ表"
PARQUET, CSV = "combinations.parquet", "combinations.csv"


class ParametersStep(StepPage):
    """From variables to candidates."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self._key: JobKey | None = None
        self._reading: Work | None = None
        self.slot: FileSlot | None = None
        self._slot_place = QVBoxLayout()
        self.lines = ParameterLines(hints_of(project.profile))
        kept = project.notes.parameter_rows
        rows = rows_of_profile(project.profile) if kept is None else [ParameterRow(*texts) for texts in kept]
        self.lines.show_rows(rows)
        self.lines.changed.connect(self._edited)
        self.conditions = ConditionsBox(project.notes.keep, project.notes.forbidden)
        self.conditions.changed.connect(self._edited)
        self._sheet = QWidget()
        self._sheet.setLayout(self._slot_place)
        self._slot_place.setContentsMargins(0, 0, 0, 0)
        self._by_table = self._chip(self.tr("Write them here"), by_table=True)
        self._by_sheet = self._chip(self.tr("From a parameter sheet"), by_table=False)
        self._modes = QButtonGroup(self)
        for chip in (self._by_table, self._by_sheet):
            self._modes.addButton(chip)
        variables = Card(margins=Space.LARGE, spacing=12)
        variables.body.addWidget(label(self.tr("Variables"), "subtitle"))
        variables.body.addWidget(
            label(
                self.tr(
                    "What can be set, and to which values. Variables left empty are not varied; the table holds every combination "
                    "of the others."
                ),
                "muted",
                wrap=True,
            )
        )
        variables.body.addLayout(row(self._by_table, self._by_sheet, None))
        variables.body.addWidget(self.lines)
        variables.body.addWidget(self._sheet)
        variables.body.addWidget(self.conditions)
        self.check = CombinationCheck(project, self)
        self.pane = CombinationPane()
        self.pane.plan_without.clicked.connect(self._plan_without)
        self.check.changed.connect(self._show_check)
        self.make = button(self.tr("Make the combination table"), "primary", clicked=self._make)
        making = Card(margins=Space.LARGE, spacing=12)
        making.body.addWidget(label(self.tr("Combinations"), "subtitle"))
        making.body.addWidget(self.pane)
        making.body.addLayout(row(None, self.make))
        self.line = JobLine()
        self.line.cancel.connect(project.context.session.cancel)
        self.line.open.connect(self._open_run)
        making.body.addWidget(self.line)
        self.said = Said()
        making.body.addWidget(self.said)
        self.body.addWidget(variables)
        self.body.addWidget(making)
        self._show_mode(by_table=project.notes.by_table)
        project.context.session.jobs_changed.connect(self._jobs_changed)
        if project.notes.combination_job:
            self._follow(JobKey(project.target, UUID(project.notes.combination_job)))

    def _chip(self, text: str, *, by_table: bool) -> QPushButton:
        made = button(text, "chip", clicked=partial(self._choose_mode, by_table=by_table))
        made.setCheckable(True)
        return made

    # -- what is written -------------------------------------------------------------------------------------------

    def activated(self) -> None:
        self._make_slot()
        self._look()

    def _make_slot(self) -> None:
        info = self.context.session.analysis(ANALYSIS, self.project.target)
        if self.slot is not None or info is None:
            return
        slot = next(slot for slot in info.steps[0].inputs if slot.name == "parameters")
        self.slot = FileSlot(self.context, slot)
        self.slot.changed.connect(self._edited)
        inputs = {slot.name: self.slot}
        Dropping(self.context, lambda: inputs, self.slot).watch(self.slot)
        self._slot_place.addWidget(self.slot)
        if self.project.notes.parameters_file is not None:
            self.slot.set_files([self.project.notes.parameters_file])

    def take_file(self, path: object) -> bool:
        self._make_slot()
        if not isinstance(path, Path) or self.slot is None:
            return False
        self._choose_mode(by_table=False)
        self.slot.set_files([path])
        self._edited()
        return True

    def _choose_mode(self, *, by_table: bool) -> None:
        self._show_mode(by_table=by_table)
        self._edited()

    def _show_mode(self, *, by_table: bool) -> None:
        (self._by_table if by_table else self._by_sheet).setChecked(True)
        self.lines.setVisible(by_table)
        self._sheet.setVisible(not by_table)

    def _edited(self) -> None:
        file = self.slot.path if self.slot is not None else self.project.notes.parameters_file
        self.project.remember(
            parameter_rows=row_texts(self.lines.rows),
            parameters_file=file,
            by_table=self._by_table.isChecked(),
            keep=self.conditions.keep,
            forbidden=self.conditions.forbidden,
        )
        self._look()

    def _look(self) -> None:
        """Ask what the variables make, if they can be asked about."""
        problems = problems_of(self.lines.rows) if self._by_table.isChecked() else ()
        self.lines.show_problems(problems)
        inputs = self._inputs()
        if problems or inputs is None:
            self.check.nothing()
            return
        self.check.ask(self._parameters(), inputs)

    def _parameters(self) -> dict[str, JsonValue]:
        variables = variables_of(self.lines.rows) if self._by_table.isChecked() else {}
        return {
            "variables": dict(variables),
            "keep": self.conditions.keep,
            "forbidden": self.conditions.forbidden,
        }

    def _inputs(self) -> Inputs | None:
        """The files; None while there is nothing to ask about."""
        try:
            inputs: dict[str, list[tuple[Path, None]]] = {"own_profile": [(profile_file(self.project), None)]}
        except OSError as error:
            self.context.notifications.problem(error, key="profile-file")
            return None
        if self._by_table.isChecked():
            return inputs if any(line.used for line in self.lines.rows) else None
        if self.slot is None or self.slot.path is None or self.slot.error:
            return None
        return {**inputs, "parameters": [(self.slot.path, self.slot.dialect)]}

    def _show_check(self) -> None:
        self.pane.show_check(self.check)
        going = self._key is not None
        ready = self.check.result is not None and not self.check.asking and not going
        self.make.setEnabled(ready)
        self.make.setToolTip("" if ready else self._why_not(going=going))

    def _why_not(self, *, going: bool) -> str:
        if going:
            return self.tr("The table is being made")
        if self.check.asking:
            return self.tr("The combinations are being counted")
        if self.check.title:
            return self.check.title
        if self._by_table.isChecked():
            return self.tr("Give at least one variable its levels")
        return self.tr("Choose a parameter sheet first")

    # -- making the table ------------------------------------------------------------------------------------------

    def _make(self) -> None:
        inputs = self._inputs()
        if inputs is None or not self.make.isEnabled():
            return
        self.said.clear()
        key = self.context.session.submit(
            analysis=ANALYSIS,
            step=STEP,
            name=self.tr("Combinations of {project}").format(project=self.project.project.name),
            parameters=self._parameters(),
            inputs=inputs,
            target=self.project.target,
            failed=self._refused,
        )
        self.project.remember(combination_job=str(key.job_id))
        self._follow(key)

    def _follow(self, key: JobKey) -> None:
        self._key = key
        entry = self.context.session.entry(key)
        if entry is not None:
            self._jobs_changed([entry])
        else:
            self.context.session.job(
                key, lambda job: self._jobs_changed([JobEntry.of_job(key.target, job)]), self._refused
            )
        self._show_check()

    def _refused(self, error: Exception) -> None:
        self._over()
        self.said.problem(error)

    def _over(self) -> None:
        self._key = None
        self.line.hide()
        if self.project.notes.combination_job:
            self.project.remember(combination_job="")
        self._show_check()

    def _jobs_changed(self, entries: list[JobEntry]) -> None:
        for entry in entries:
            if entry.key != self._key:
                continue
            self.line.show_entry(entry)
            if entry.phase is Phase.SUCCEEDED:
                self._fetch(entry.key)
            elif entry.phase.ended:
                self._over()
                if entry.phase is not Phase.CANCELLED:
                    show = button(self.tr("Show the run"), clicked=partial(self._open_run, entry.key))
                    self.said.say("error", self.tr("The table was not made"), entry.trouble, show)

    def _fetch(self, key: JobKey) -> None:
        self._key = None
        self.line.say(self.tr("Bringing the table into the project's folder…"))
        parent = self.project.folder / LISTS

        async def fetch(api: Api) -> tuple[Path, str]:
            found = {Path(artifact.path).name: artifact for artifact in await api.artifacts(key.job_id)}
            wanted = {(key.job_id, found[name].path): name for name in (PARQUET, CSV) if name in found}
            return await fetch_into_numbered(api, wanted, parent, FOLDER_TITLE), found[PARQUET].sha256

        self.context.session.ask(
            self.project.target, fetch, name="combination table", done=self._fetched, failed=self._refused
        )

    def _fetched(self, got: tuple[Path, str]) -> None:
        self._over()
        folder, digest = got
        self.project.remember(candidates_file=folder / PARQUET, factors={})
        self.project.step_done(Step.PARAMETERS, digest)
        self.said.say(
            "success",
            self.tr("The table is made"),
            str(folder),
            button(self.tr("Open the folder"), clicked=partial(_open_folder, folder)),
            button(self.tr("To the candidates"), "primary", clicked=self._to_candidates),
        )

    def _to_candidates(self) -> None:
        self.step_wanted.emit(Step.CANDIDATES)

    def _plan_without(self) -> None:
        """Too many to be listed, or no list is wanted: the design takes the variables themselves."""
        if self._by_table.isChecked():
            self._plan(self.lines.rows)
            return
        if self.slot is None or self.slot.path is None:
            return
        self.said.clear()
        self._reading = self.context.bridge.start(
            asyncio.to_thread(rows_of_sheet, self.slot.path, self.slot.dialect),
            name="parameter sheet",
            done=self._plan_sheet,
            failed=self.said.problem,
        )

    def _plan_sheet(self, rows: tuple[ParameterRow, ...]) -> None:
        """What the sheet says stands in the form from now on, where it can be seen and changed."""
        if problems := problems_of(rows):
            self.said.say(
                "error",
                self.tr("The sheet cannot be planned with"),
                "\n".join(problem.text for problem in problems[:6]),
            )
            return
        self.lines.show_rows(rows)
        self._choose_mode(by_table=True)
        self._plan(rows)

    def _plan(self, rows: Sequence[ParameterRow]) -> None:
        if problems_of(rows):
            return
        factors, fixed = factors_of(rows)
        try:
            plan = planned(self.project.profile, factors, fixed)
            told = conditions(
                self.project.profile,
                plan,
                self.project.notes.given,
                self.conditions.keep,
                self.conditions.forbidden,
            )
        except PlanError as error:
            self.said.problem(error)
            return
        if not plan.factors:
            self.said.say("error", self.tr("Give at least one variable two levels"))
            return
        self.said.clear()
        self.project.remember(factors=plan.factors, fixed=plan.fixed, candidates_file=None)
        digest = repr((sorted(plan.factors.items()), sorted(plan.fixed.items()), told))
        self.project.step_done(Step.PARAMETERS, digest)
        self.project.step_done(Step.CANDIDATES, digest, digest)
        self.step_wanted.emit(Step.DESIGN)

    def _open_run(self, key: JobKey) -> None:
        self.navigate.emit(RunRoute(key))

    def closing(self) -> None:
        self.check.stop()
        if self._reading is not None:
            self._reading.cancel()
        if self.slot is not None:
            self.slot.loader.stop()


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
