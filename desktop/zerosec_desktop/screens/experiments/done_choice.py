"""Which runs already done a design completes: none, the project's, or those of a file."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from zerosec_desktop.controls import button, label
from zerosec_desktop.dialogs import open_files
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.design_request import Completing
from zerosec_desktop.screens.experiments.done_runs import DoneRuns
from zerosec_desktop.screens.experiments.open_project import OpenProject

__all__ = ["DoneChoice"]

ENDINGS = "*.xlsx *.xls *.xlsb *.ods *.csv *.tsv *.txt *.parquet"


class DoneChoice(QWidget):
    """Remembered with the project; `changed` after another choice."""

    changed = Signal()

    def __init__(self, project: OpenProject) -> None:
        super().__init__()
        self._project = project
        self.choice = QComboBox()
        heading = label(self.tr("Runs already done"))
        heading.setBuddy(self.choice)
        self.choice.setAccessibleName(heading.text())
        for kind in Completing:
            self.choice.addItem("", kind.value)
        self.choice.activated.connect(self._chosen)
        self._file = button(self.tr("Another file…"), "quiet", clicked=self._ask_file)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(Space.SMALL)
        across.addWidget(heading)
        across.addWidget(self.choice)
        across.addWidget(self._file)
        across.addStretch(1)
        self.show_project()

    def show_project(self) -> None:
        """Show what can be chosen now, and what is."""
        notes, count = self._project.notes, self._project.project.experiments
        name = "" if notes.done_file is None else notes.done_file.name
        texts = {
            Completing.NOTHING: self.tr("are not counted: a design of its own"),
            Completing.PROJECT: self.tr("%Ln experiment(s) of this project: complete them", "", count),
            Completing.FILE: self.tr("those of {name}: complete them").format(name=name)
            if name
            else self.tr("those of a file…"),
        }
        for place, kind in enumerate(Completing):
            self.choice.setItemText(place, texts[kind])
        self.choice.setCurrentIndex(max(0, self.choice.findData(notes.completing)))
        self._file.setVisible(notes.completing == Completing.FILE)
        tip = self.tr(
            "The new runs are chosen to complete those that were done, which count as rows that stand."
        )
        self.choice.setToolTip(tip)

    def _chosen(self, _: int) -> None:
        kind = Completing(self.choice.currentData())
        if kind is Completing.FILE and self._project.notes.done_file is None:
            self.show_project()
            self._ask_file()
            return
        self._project.remember(completing=kind.value)
        self.changed.emit()

    def _ask_file(self) -> None:
        open_files(
            self.window(),
            self.tr("Choose runs already done"),
            (self.tr("Tables ({endings})").format(endings=ENDINGS),),
            lambda paths: self.take_file(paths[0]),
        )

    def take_file(self, path: Path) -> None:
        """The runs of this file are completed."""
        self._project.remember(completing=Completing.FILE.value, done_file=path)
        self.changed.emit()

    def told_of_done(self, done: DoneRuns) -> tuple[str, str]:
        """How many count, and why others do not: a title and its details."""
        title = (
            self.tr("%Ln run(s) already done are completed", "", len(done.rows))
            if done.rows
            else self.tr("No run already done can be completed: the design stands by itself")
        )
        parts = []
        if done.elsewhere:
            parts.append(self.tr("%Ln run(s) were made under other conditions", "", done.elsewhere))
        if done.lacking:
            parts.append(self.tr("%Ln run(s) lack one of the settings", "", done.lacking))
        return title, "\n".join(parts)
