"""Export of the prediction database: asked where to, made by the server as a job that is shown as a line, brought to this disk."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_client.api import Api
from zerosec_client.errors import ClientError
from zerosec_client.predictions import all_predictions, format_of
from zerosec_desktop.dialogs import choose_save
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey, RunRoute
from zerosec_desktop.screens.experiments.folders import DATA
from zerosec_desktop.screens.experiments.job_line import JobLine
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.said import Said
from zerosec_shared.ids import new_id
from zerosec_shared.predictions import EXPORT_NAME, PredictionExport, PredictionRecord

__all__ = ["PredictionExporter"]


class PredictionExporter(QWidget):
    """Hidden until something is exported. `navigate` asks for the run of the export."""

    navigate = Signal(object)  # Route
    asked = Signal()
    """It is known whether there is anything to export: the place was asked for, or it was said that there is nothing."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self._context = project.context
        self._key: JobKey | None = None
        self._target: Path | None = None
        self._ending = ""
        self.line = JobLine()
        self.line.cancel.connect(self._context.session.cancel)
        self.line.open.connect(self._open_run)
        self.said = Said()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addWidget(self.line)
        stack.addWidget(self.said)
        self._context.session.jobs_changed.connect(self._jobs_changed)

    @property
    def busy(self) -> bool:
        """Whether an export is going on."""
        return self._target is not None

    def begin(self, project: UUID | None, chosen: tuple[UUID, ...] = ()) -> None:
        """Export the predictions of a project's models (None: of all), or those chosen, once it is said where to."""
        if self.busy:
            self.said.say(
                "info", self.tr("An export is going on"), self.tr("Wait for it, or cancel it first.")
            )
            return
        self.said.clear()

        async def known(api: Api) -> tuple[PredictionRecord, ...]:
            return await all_predictions(api, project)

        def got(found: tuple[PredictionRecord, ...]) -> None:
            wanted = [one for one in found if not one.cleaned and (not chosen or one.job_id in chosen)]
            if wanted:
                self._ask_where(project, chosen)
            else:
                self._nothing(found, any_chosen=bool(chosen))
            self.asked.emit()

        self._context.session.ask(
            self._project.target, known, name="predictions", done=got, failed=self.said.problem
        )

    def _nothing(self, found: Sequence[PredictionRecord], *, any_chosen: bool) -> None:
        if any_chosen or found:
            self.said.say(
                "info",
                self.tr("The rows of these predictions are gone"),
                self.tr("The files of their runs were cleaned. Predict again with the same model and table."),
            )
            return
        self.said.say(
            "info",
            self.tr("There is no prediction yet"),
            self.tr(
                "Build a model from experiments of this project, then predict rows with it. Predictions by other models are listed under Predictions, where they can be asked for too."
            ),
        )

    def _ask_where(self, project: UUID | None, chosen: tuple[UUID, ...]) -> None:
        folder = self._project.folder / DATA
        stem = f"{self.tr('Predictions')}_{datetime.now().astimezone():%Y%m%d_%H%M}"
        choose_save(
            self.window(),
            self.tr("Export prediction database"),
            (folder if folder.is_dir() else self._context.settings.value.results_folder) / f"{stem}.xlsx",
            (
                self.tr("Excel workbook (*.xlsx)"),
                self.tr("CSV file (*.csv)"),
                self.tr("Parquet file (*.parquet)"),
            ),
            lambda paths: self.export_to(paths[0], project, chosen),
        )

    def export_to(self, target: Path, project: UUID | None, chosen: tuple[UUID, ...] = ()) -> None:
        """Export to a file, whose ending says what is written."""
        session, ours = self._context.session, self._project
        try:
            wanted = format_of(target)
        except ClientError as error:
            self.said.problem(error)
            return
        request = PredictionExport(
            id=new_id(),
            run_id=new_id(),
            name=self.tr("Prediction database of {project}").format(project=ours.project.name[:150]),
            format=wanted,
            predictions=chosen,
            project=project,
        )
        self._target, self._ending = target, wanted.value
        connection = session.connection(ours.target)

        async def queue(api: Api) -> JobKey:
            await api.export_predictions(request)
            connection.taken(await api.job(request.id))
            return JobKey(ours.target, request.id)

        session.ask(ours.target, queue, name="export predictions", done=self._follow, failed=self._failed)

    def _follow(self, key: JobKey) -> None:
        self._key = key
        entry = self._context.session.entry(key)
        if entry is not None:
            self._jobs_changed([entry])

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
                    self.said.say("error", self.tr("The predictions were not exported"), entry.trouble)

    def _fetch(self, key: JobKey) -> None:
        assert self._target is not None
        self._key = None
        self.line.say(self.tr("Bringing the file to this computer…"))
        self._context.session.download(
            key, f"{EXPORT_NAME}.{self._ending}", self._target, self._done, self._failed
        )

    def _done(self, path: Path) -> None:
        self._over()
        self.said.say("success", self.tr("The prediction database is exported"), str(path))

    def _failed(self, error: Exception) -> None:
        self._over()
        self.said.problem(error)

    def _over(self) -> None:
        self._key = self._target = None
        self.line.hide()

    def _open_run(self, key: JobKey) -> None:
        self.navigate.emit(RunRoute(key))
