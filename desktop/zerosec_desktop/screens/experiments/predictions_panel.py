"""The prediction database of a project: what was predicted by models built from its experiments, as a table to choose from."""

from uuid import UUID

from PySide6.QtCore import QItemSelection, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from zerosec_client.api import Api
from zerosec_client.predictions import all_predictions
from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import EmptyState, button, label, row
from zerosec_desktop.jobs import JobEntry
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_desktop.wording import clock, day
from zerosec_shared.predictions import PredictionRecord

__all__ = ["PredictionsPanel"]


class PredictionsPanel(QWidget):
    """Asked for when it is looked at, and when a job ends. `export_wanted` brings the ids of those chosen."""

    export_wanted = Signal(object)  # tuple[UUID, ...]

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self._work: Work | None = None
        self.shown: tuple[PredictionRecord, ...] = ()
        self._model = FrameModel(self)
        self.table = DataTable(self._model)
        self.table.setAccessibleName(self.tr("Predictions"))
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.export = button(
            self.tr("Export the chosen ones…"),
            icon_name="download",
            clicked=self._export,
        )
        self._hint = label("", "muted", wrap=True)
        self.everything = QCheckBox(self.tr("Also by models from other data"))
        self.everything.toggled.connect(self.refresh)
        across = row(spacing=12)
        across.addWidget(self._hint, 1)
        across.addWidget(self.everything)
        across.addWidget(self.export)
        self._none = EmptyState(
            "model",
            self.tr("No predictions yet"),
            self.tr(
                "Build a model from experiments of this project, then predict rows with it: every prediction is listed here, and exported as one table."
            ),
        )
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, Space.SMALL, 0, 0)
        stack.addLayout(across)
        stack.addWidget(self._none)
        stack.addWidget(self.table)
        project.context.session.job_ended.connect(self._job_ended)
        self._show()

    @property
    def project(self) -> UUID | None:
        """Whose models' predictions are meant: this project's; None: all of the server."""
        return None if self.everything.isChecked() else self._project.id

    def refresh(self) -> None:
        """Ask what was predicted."""
        if self._work is not None:
            self._work.cancel()
        project = self.project

        async def known(api: Api) -> tuple[PredictionRecord, ...]:
            return await all_predictions(api, project)

        self._work = self._project.context.session.ask(
            self._project.target,
            known,
            name="predictions",
            done=self._got,
            failed=self._project.context.notifications.problem,
        )

    def closing(self) -> None:
        """The project is closed."""
        if self._work is not None:
            self._work.cancel()

    def _job_ended(self, entry: JobEntry) -> None:
        if entry.key.target == self._project.target and self.isVisible():
            self.refresh()

    def _got(self, found: tuple[PredictionRecord, ...]) -> None:
        self._work = None
        if found != self.shown:
            self.shown = found
            self._show()

    def _show(self) -> None:
        self._none.setVisible(not self.shown)
        self.table.setVisible(bool(self.shown))
        if self.shown:
            self._fill()
        self._selected(QItemSelection(), QItemSelection())

    def _fill(self) -> None:
        import polars as pl

        gone = self.tr("cleaned")
        frame = pl.DataFrame(
            {
                "when": [f"{day(one.predicted_at)} {clock(one.predicted_at)}" for one in self.shown],
                "model": [one.model for one in self.shown],
                "table": [one.rows_file for one in self.shown],
                "rows": [gone if one.cleaned else f"{one.rows:,}" for one in self.shown],
                "targets": [", ".join(one.targets) for one in self.shown],
                "run": [one.run_name for one in self.shown],
                "id": [str(one.job_id) for one in self.shown],
            }
        )
        labels = [
            self.tr("When"),
            self.tr("Model"),
            self.tr("Table"),
            self.tr("Rows"),
            self.tr("Targets"),
            self.tr("Run"),
            self.tr("Id"),
        ]
        self._model.set_frame(frame, labels=labels)

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The predictions chosen in the table."""
        rows = self.table.selectionModel().selectedRows()
        return tuple(self.shown[self._model.source_row(index.row())].job_id for index in rows)

    def _selected(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        count = len(self.chosen)
        self.export.setVisible(bool(self.shown))
        self.export.setEnabled(bool(count))
        self.export.setToolTip("" if count else self.tr("Choose predictions in the table"))
        rows = sum(one.rows for one in self.shown if not one.cleaned)
        told = self.tr("%Ln prediction(s)", "", len(self.shown))
        self._hint.setText(f"{told} · " + self.tr("%Ln row(s)", "", rows) if self.shown else "")

    def _export(self) -> None:
        self.export_wanted.emit(self.chosen)
