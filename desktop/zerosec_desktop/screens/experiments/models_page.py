"""Models: the runs that were fed with chosen experiments of this project, and whether the results have changed since."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_client.api import Api
from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import Card, EmptyState, IconLabel, button, column, label, line, row
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey, RunRoute
from zerosec_desktop.notifications import Action
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.folders import (
    FOLDER_OF_ANALYSIS,
    RESULTS,
    next_numbered,
    project_folder,
)
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_desktop.screens.experiments.steps import Step
from zerosec_desktop.wording import PHASE_ICON, moment, origin_text, phase_title
from zerosec_shared.files import InputFile
from zerosec_shared.runs import Job, JobStatus

__all__ = ["Fed", "ModelsStep", "newest_of_each_run"]

MOST = 200


@dataclass(frozen=True)
class Fed:
    """A run and the chosen experiments it was fed with: the newest job stands for it."""

    job: Job
    file: InputFile

    @property
    def revision(self) -> int:
        """Of the results it was fed with."""
        return 0 if self.file.origin is None else self.file.origin.revision


def newest_of_each_run(jobs: tuple[Job, ...], project: OpenProject) -> tuple[Fed, ...]:
    """Jobs, newest first, as runs: the newest job of each."""
    found: dict[object, Fed] = {}
    for job in jobs:
        files = [file for slot in job.inputs.values() for file in slot]
        ours = (file for file in files if file.origin is not None and file.origin.project_id == project.id)
        file = next(ours, None)
        if file is not None:
            found.setdefault(job.run_id, Fed(job, file))
    return tuple(found.values())


class ModelsStep(StepPage):
    """Asked for when it is looked at, when a run ends, and when the results change."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self.shown: tuple[Fed, ...] = ()
        self._work: Work | None = None
        self._card = Card(margins=Space.LARGE, spacing=0)
        self._card.body.addWidget(label(self.tr("Runs from this project's experiments"), "subtitle"))
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._card.body.addLayout(self._list)
        self._cut = label("", "caption")
        self._card.body.addWidget(self._cut)
        self._card.hide()
        choose = button(
            self.tr("Go to Filter"), "primary", clicked=partial(self.step_wanted.emit, Step.FILTER)
        )
        self._none = EmptyState(
            "model",
            self.tr("No model was made yet"),
            self.tr(
                "Choose experiments under Filter and start an analysis there: every run of them is listed here."
            ),
            choose,
        )
        self.body.addWidget(self._none)
        self.body.addWidget(self._card)
        project.changed.connect(self._show)
        self.context.session.job_ended.connect(self._job_ended)
        self.context.session.submitted.connect(self._submitted)

    def activated(self) -> None:
        self._ask()

    def closing(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _job_ended(self, entry: JobEntry) -> None:
        if entry.key.target == self.project.target:
            self._ask()

    def _submitted(self, key: JobKey) -> None:
        if key.target == self.project.target and self.isVisible():
            self._ask()

    def _ask(self) -> None:
        if self._work is not None:
            self._work.cancel()
        project = self.project.id

        async def listed(api: Api) -> tuple[Job, ...]:
            return (await api.jobs(project=project, limit=MOST)).items

        self._work = self.context.session.ask(
            self.project.target,
            listed,
            name="runs of the project",
            done=self._got,
            failed=self.context.notifications.problem,
        )

    def _got(self, jobs: tuple[Job, ...]) -> None:
        self._work = None
        self.shown = newest_of_each_run(jobs, self.project)
        self._cut.setText(self.tr("The newest are shown; all are under Runs") if len(jobs) == MOST else "")
        newest = next((fed for fed in self.shown if fed.job.status is JobStatus.SUCCEEDED), None)
        if newest is not None:
            noted = (str(newest.job.id), newest.file.sha256)
            if self.project.notes.steps.get(Step.MODELS) != noted:
                self.project.step_done(Step.MODELS, *noted)  # shows, too
        self._show()

    def _show(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._none.setVisible(not self.shown)
        self._card.setVisible(bool(self.shown))
        for number, fed in enumerate(self.shown):
            if number:
                self._list.addWidget(line())
            self._list.addWidget(self._row(fed))

    def _row(self, fed: Fed) -> QWidget:
        job = fed.job
        key = JobKey(self.project.target, job.id)
        phase = Phase(job.status.value)
        info = self.context.session.analysis(job.analysis, self.project.target)
        title = job.analysis if info is None else info.title
        small = " · ".join((title, moment(job.created_at), phase_title(phase)))
        texts = [label(job.run_name, "strong", wrap=True), label(small, "caption", wrap=True)]
        if fed.file.origin is not None:
            texts.append(label(origin_text(fed.file.origin), "caption", wrap=True))
        if fed.revision < self.project.project.revision:
            texts.append(label(self.tr("The results have changed since"), "warning", wrap=True))
        across = row(IconLabel(*PHASE_ICON[phase]), spacing=12)
        across.addLayout(column(*texts, spacing=0), 1)
        text = self.tr("Save to the project folder")
        save = button(text, icon_name="download", clicked=partial(self.save, fed))
        save.setAccessibleName(f"{text} {job.run_name}")
        done = phase is Phase.SUCCEEDED
        save.setEnabled(done)
        save.setToolTip("" if done else self.tr("There is something to save when it has succeeded"))
        look = button(self.tr("Open"), clicked=partial(self.navigate.emit, RunRoute(key)))
        look.setAccessibleName(f"{self.tr('Open')} {job.run_name}")
        across.addWidget(save)
        across.addWidget(look)
        across.setContentsMargins(0, Space.SMALL, 0, Space.SMALL)
        made = QWidget()
        made.setLayout(across)
        return made

    def save(self, fed: Fed) -> None:
        """Fetch all files of a run into a numbered folder of the project: `03_線形回帰/001_…`."""
        inside = self.project.folder / FOLDER_OF_ANALYSIS.get(fed.job.analysis, RESULTS)
        name = project_folder(Path(), fed.job.run_name).name[:60].rstrip(". ")
        try:
            folder = next_numbered(inside, name, datetime.now().astimezone())
        except OSError as error:
            self.context.notifications.problem(error)
            return

        def saved(path: Path) -> None:
            self.context.notifications.info(
                self.tr("Saved: {name}").format(name=path.name),
                str(path),
                key="model-saved",
                actions=(Action(self.tr("Open the folder"), partial(_open_outside, path)),),
            )

        self.context.session.save_all(
            JobKey(self.project.target, fed.job.id), folder, saved, self.context.notifications.problem
        )


def _open_outside(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
