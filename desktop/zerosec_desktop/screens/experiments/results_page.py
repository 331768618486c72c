"""Results: import with a preview first, look at what is there, take imports back, export, back up and restore."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QTabWidget

from zerosec_client.api import Api
from zerosec_client.exports import export_results
from zerosec_desktop.controls import button, row
from zerosec_desktop.dialogs import choose_save
from zerosec_desktop.screens.experiments.backups_panel import BackupsPanel
from zerosec_desktop.screens.experiments.experiments_panel import ExperimentsPanel
from zerosec_desktop.screens.experiments.folders import DATA
from zerosec_desktop.screens.experiments.import_card import ImportCard
from zerosec_desktop.screens.experiments.imports_panel import ImportsPanel
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.screens.experiments.prediction_export import PredictionExporter
from zerosec_desktop.screens.experiments.predictions_panel import PredictionsPanel
from zerosec_desktop.screens.experiments.step_page import StepPage
from zerosec_shared.experiments import Project
from zerosec_shared.selections import ExperimentFilter, Selection

__all__ = ["ResultsStep"]


class ResultsStep(StepPage):
    """The daily page: a filled sheet goes in, everything that was ever measured is there."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__(project)
        self._import = ImportCard(project)
        self._import.imported.connect(self._changed)
        self._rows = ExperimentsPanel(project)
        self._imports = ImportsPanel(project)
        self._imports.changed.connect(self._changed)
        self._backups = BackupsPanel(project)
        self._backups.restored.connect(self._restored)
        self.predictions = PredictionsPanel(project)
        self.predictions.export_wanted.connect(self._export_predictions)
        self.exporter = PredictionExporter(project)
        self.exporter.navigate.connect(self.navigate)
        tabs = QTabWidget()
        tabs.addTab(self._rows, self.tr("Experiments"))
        tabs.addTab(self._imports, self.tr("History"))
        tabs.addTab(self.predictions, self.tr("Predictions"))
        tabs.addTab(self._backups, self.tr("Backups"))
        tabs.setMinimumHeight(420)
        self._export = button(self.tr("Export to Excel…"), icon_name="download", clicked=self._ask_export)
        self.export_predictions = button(
            self.tr("Export prediction database…"),
            icon_name="download",
            clicked=self._export_all_predictions,
            tip=self.tr("The rows of every prediction as one table"),
        )
        self.body.addWidget(self._import)
        self.body.addLayout(row(None, self._export, self.export_predictions, spacing=12))
        self.body.addWidget(self.exporter)
        self.body.addWidget(tabs)
        self.tabs = tabs
        project.changed.connect(self._refresh)

    def activated(self) -> None:
        self._refresh()
        self.predictions.refresh()
        self._backups.refresh()

    def _refresh(self) -> None:
        self._rows.refresh()
        self._imports.refresh()

    def take_file(self, path: object) -> bool:
        if isinstance(path, Path):
            self._import.read(path)
            return True
        return False

    def closing(self) -> None:
        self._import.closing()
        self.predictions.closing()

    def _changed(self) -> None:
        self.project.refresh()
        self._backups.refresh()

    def _restored(self, now: Project) -> None:
        self.project.take(now)
        self._backups.refresh()

    def _export_all_predictions(self) -> None:
        self._export_predictions(())

    def _export_predictions(self, chosen: tuple[UUID, ...]) -> None:
        self.exporter.begin(self.predictions.project, chosen)

    def _ask_export(self) -> None:
        folder = self.project.folder / DATA
        name = f"{self.project.project.name}_{datetime.now().astimezone():%Y%m%d_%H%M}.xlsx"
        choose_save(
            self.window(),
            self.tr("Export results"),
            (folder if folder.is_dir() else self.context.settings.value.results_folder) / name,
            (self.tr("Excel workbook (*.xlsx)"), self.tr("CSV file (*.csv)")),
            self._export_to,
        )

    def _export_to(self, paths: list[Path]) -> None:
        target = paths[0]
        project = self.project.project

        async def export(api: Api) -> Selection:
            return await export_results(api, project, ExperimentFilter(), target)

        def done(made: Selection) -> None:
            self.context.notifications.info(
                self.tr("%Ln experiment(s) exported", "", made.rows), str(target), key="results-export"
            )

        self.context.session.ask(
            self.project.target,
            export,
            name="export results",
            done=done,
            failed=self.context.notifications.problem,
        )
