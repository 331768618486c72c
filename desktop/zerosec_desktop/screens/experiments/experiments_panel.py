"""All experiments of a project as a table; the chosen one tells every value it ever had."""

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.controls import EmptyState, column, label
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.import_preview import shown_value
from zerosec_desktop.screens.experiments.open_project import OpenProject
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_desktop.wording import clock, day
from zerosec_shared.experiments import ChangeRecord, ColumnKind, Experiment, Project
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.selections import ExperimentFilter
from zerosec_shared.system import Page

__all__ = ["ExperimentsPanel", "frame_of"]

AT_ONCE = 2000
MOST = 20_000
"""Shown here; an export holds all of them."""


def frame_of(project: Project, rows: list[Experiment]) -> "object":
    """The experiments as a polars frame, columns in the profile's order."""
    import polars as pl

    kinds = {ColumnKind.NUMBER: pl.Float64, ColumnKind.TEXT: pl.String, ColumnKind.DATE: pl.String}
    return pl.DataFrame(
        {one.name: [row.values.get(one.name) for row in rows] for one in project.columns},
        schema={one.name: kinds[one.kind] for one in project.columns},
    )


class ExperimentsPanel(QWidget):
    """Asked for page by page, when it is looked at and after each change."""

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self._rows: list[Experiment] = []
        self._work: Work | None = None
        self._history_work: Work | None = None
        self._revision = -1
        self._model = FrameModel(self)
        self.table = DataTable(self._model)
        self.table.setAccessibleName(self.tr("Experiments"))
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self._history = FrameModel(self)
        told = DataTable(self._history)
        told.verticalHeader().hide()
        told.setAccessibleName(self.tr("History of the chosen experiment"))
        self._heading = label(
            self.tr("Choose an experiment to see every value it ever had"), "muted", wrap=True
        )
        below = QWidget()
        below.setLayout(column(self._heading, told, spacing=Space.TINY))
        self._cut = label("", "caption")
        above = QWidget()
        above.setLayout(column(self.table, self._cut, spacing=Space.TINY))
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.addWidget(above)
        self._split.addWidget(below)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 1)
        self._none = EmptyState(
            "experiment",
            self.tr("No results yet"),
            self.tr(
                "Import a filled lab sheet or any table of results: every value is kept with where it came from."
            ),
        )
        self._coming = EmptyState("hourglass", self.tr("Bringing the experiments…"), "")
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, Space.SMALL, 0, 0)
        stack.addWidget(self._none)
        stack.addWidget(self._coming)
        stack.addWidget(self._split)
        self._show()

    def refresh(self) -> None:
        """Ask for the experiments, unless they are the ones shown."""
        if self._project.project.revision == self._revision:
            return
        if self._work is not None:
            self._work.cancel()
        self._rows = []
        if not self._split.isVisible():
            self._show()
        self._next(None)

    def _next(self, cursor: str | None) -> None:
        self._work = self._project.ask(
            lambda projects: projects.rows(
                self._project.id, ExperimentFilter(), cursor=cursor, limit=AT_ONCE
            ),
            name="experiments",
            done=self._got,
            failed=self._project.context.notifications.problem,
        )

    def _got(self, page: "Page[Experiment]") -> None:
        self._rows += page.items
        if page.next_cursor is not None and len(self._rows) < MOST:
            self._next(page.next_cursor)
            return
        self._revision = self._project.project.revision
        cut = page.next_cursor is not None
        self._cut.setText(
            self.tr("The first {count} are shown; an export holds all").format(count=f"{MOST:,}")
            if cut
            else ""
        )
        self._show()

    def _show(self) -> None:
        coming = not self._rows and self._project.project.experiments > 0
        self._coming.setVisible(coming)
        self._none.setVisible(not self._rows and not coming)
        self._split.setVisible(bool(self._rows))
        if self._rows:
            project = self._project.project
            frame = frame_of(project, self._rows)
            labels = [name_and_unit(one.name, one.unit) for one in project.columns]
            self._model.set_frame(frame, labels=labels)  # type: ignore[arg-type]

    def _selected(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        chosen = self._rows[self._model.source_row(rows[0].row())]
        if self._history_work is not None:
            self._history_work.cancel()
        self._history_work = self._project.ask(
            lambda projects: projects.history(self._project.id, chosen.id),
            name="history",
            done=self._tell,
            failed=self._project.context.notifications.problem,
        )

    def _tell(self, history: tuple[ChangeRecord, ...]) -> None:
        import polars as pl

        self._heading.setText(self.tr("Every value this experiment ever had, newest first"))
        frame = pl.DataFrame(
            {
                "when": [f"{day(one.at)} {clock(one.at)}" for one in history],
                "column": [one.column for one in history],
                "old": [shown_value(one.old) for one in history],
                "new": [shown_value(one.new) for one in history],
                "file": [one.file_name for one in history],
                "by": [one.by for one in history],
            }
        )
        labels = [
            self.tr("When"),
            self.tr("Column"),
            self.tr("Before"),
            self.tr("After"),
            self.tr("File"),
            self.tr("By"),
        ]
        self._history.set_frame(frame, labels=labels)
