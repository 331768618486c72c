"""Lab sheet: the accepted design as a table, where its file is, and which of its runs have results already."""

import asyncio
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, EmptyState, button, label, row
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.accepting import Accepted, accept
from zerosec_desktop.screens.experiments.candidate_list import Looked, look, rows_done
from zerosec_desktop.screens.experiments.chosen_runs import ChosenRuns
from zerosec_desktop.screens.experiments.done_experiments import done_experiments
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.print_preview import open_print_preview
from zerosec_desktop.screens.experiments.said import Said
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_desktop.wording import place
from zerosec_shared.runs import Job

__all__ = ["LabSheetStep"]


class LabSheetStep(StepPage):
    """Look at the sheet, print it, make it again."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self._work: Work | None = None
        self._state: object = None
        self.looked: Looked | None = None
        self.done: tuple[bool, ...] = ()
        self._none = EmptyState(
            "table",
            self.tr("No lab sheet yet"),
            self.tr("Accept a design with OK: its lab sheet is made then, ready to print and fill in."),
            button(self.tr("To the design"), "primary", clicked=self._to_design),
        )
        self._card = Card(margins=Space.LARGE, spacing=12)
        self._title = label("", "subtitle", wrap=True)
        self._place = label("", "muted", wrap=True)
        self._counts = label("", "strong", wrap=True)
        self.open_sheet = button(
            self.tr("Open the sheet"), "primary", icon_name="external", clicked=self._open_file
        )
        self.open_folder = button(self.tr("Open the folder"), icon_name="folder", clicked=self._open_folder)
        self.preview = button(self.tr("Print preview…"), icon_name="eye", clicked=self._preview)
        self.again = button(self.tr("Make it again"), icon_name="retry", clicked=self._make_again)
        self.said = Said()
        self._model = FrameModel(self)
        self.table = DataTable(self._model)
        self.table.setAccessibleName(self.tr("Lab sheet"))
        self.table.setMinimumHeight(420)
        body = self._card.body
        body.addWidget(self._title)
        body.addWidget(self._place)
        body.addLayout(row(self.open_sheet, self.open_folder, self.preview, None, self.again))
        for widget in (self.said, self._counts, self.table):
            body.addWidget(widget)
        self.chosen = ChosenRuns(project)
        self.chosen.made.connect(self._made_of_chosen)
        self.body.addWidget(self.chosen)
        self.body.addWidget(self._none)
        self.body.addWidget(self._card)
        project.changed.connect(self._look)

    def activated(self) -> None:
        self._state = None
        self._look()

    def take_runs(self, runs: bytes) -> bool:
        self.chosen.offer(runs)
        return True

    def _made_of_chosen(self, made: Accepted) -> None:
        """The sheet is made from no design: it does not become stale with one."""
        self.project.remember(lab_sheet=made.sheet, design_job="")
        self.project.step_done(Step.LAB_SHEET, made.sha256)

    def _look(self) -> None:
        sheet = self.project.notes.lab_sheet
        self._none.setVisible(sheet is None)
        self._card.setVisible(sheet is not None)
        state = (sheet, self.project.project.revision, repr(self.project.notes.given))
        if sheet is None or state == self._state:
            return
        self._state = state
        self._title.setText(sheet.parent.name)
        self._place.setText(place(sheet))
        self._stop()
        profile, given = self.project.profile, dict(self.project.notes.given)

        async def read() -> tuple[Looked, tuple[bool, ...]]:
            looked = await asyncio.to_thread(look, sheet, profile)
            experiments = await done_experiments(self.project)
            return looked, await asyncio.to_thread(rows_done, looked, experiments, given)

        self._work = self.context.bridge.start(read(), name="lab sheet", done=self._show, failed=self._failed)

    def _show(self, got: tuple[Looked, tuple[bool, ...]]) -> None:
        import polars as pl

        self._work = None
        self.looked, self.done = got
        self.said.clear()
        frame = self.looked.frame
        words = [self.tr("done") if done else "" for done in self.done]
        self._counts.setText(
            self.tr("{done} of {runs} runs have results").format(done=sum(self.done), runs=len(self.done))
        )
        units = {column.name: column.unit for column in self.project.profile.columns}
        shown = frame.insert_column(0, pl.Series("\x00result", words))
        self._model.set_frame(
            shown,
            labels=[
                self.tr("Result"),
                *(f"{name} ({units[name]})" if units.get(name) else name for name in frame.columns[1:]),
            ],
        )
        for control in (self.open_sheet, self.open_folder, self.preview):
            control.setEnabled(True)
            control.setToolTip("")
        self.again.setVisible(bool(self.project.notes.design_job))

    def _failed(self, error: Exception) -> None:
        """The file was moved, or cannot be read: the design is still there, and the sheet can be made again."""
        self._work = None
        self.said.problem(error)
        self._counts.clear()
        sheet = self.project.notes.lab_sheet
        gone = sheet is None or not sheet.exists()
        for control in (self.open_sheet, self.preview):
            control.setEnabled(not gone)
            control.setToolTip(self.tr("The file is not there") if gone else "")

    def _make_again(self) -> None:
        job_id = self.project.notes.design_job
        if not job_id:
            return
        self.again.setEnabled(False)
        self.again.setToolTip(self.tr("It is being made…"))
        self.said.say("info", self.tr("Making the lab sheet…"))
        key = JobKey(self.project.target, UUID(job_id))

        async def make() -> tuple[Job, Accepted]:
            api = await self.context.session.connection(key.target).api()
            job = await api.job(key.job_id)
            return job, await accept(self.project, job)

        self._work = self.context.bridge.start(
            make(), name="lab sheet", done=self._made, failed=self._not_made
        )

    def _made(self, got: tuple[Job, Accepted]) -> None:
        job, made = got
        self._usable_again()
        self.said.clear()
        self.project.remember(lab_sheet=made.sheet)
        self.project.step_done(Step.LAB_SHEET, made.sha256, str(job.id))

    def _not_made(self, error: Exception) -> None:
        self._usable_again()
        self.said.problem(error)

    def _usable_again(self) -> None:
        self._work = None
        self.again.setEnabled(True)
        self.again.setToolTip("")

    def _to_design(self) -> None:
        self.step_wanted.emit(Step.DESIGN)

    def _open_file(self) -> None:
        _open(self.project.notes.lab_sheet)

    def _open_folder(self) -> None:
        sheet = self.project.notes.lab_sheet
        _open(None if sheet is None else sheet.parent)

    def _preview(self) -> None:
        if self.looked is not None:
            open_print_preview(
                self.window(), self.project.project.name, self.looked.frame, dict(self.project.notes.given)
            )

    def closing(self) -> None:
        self.chosen.closing()
        self._stop()

    def _stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._work = None


def _open(path: Path | None) -> None:
    if path is not None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
