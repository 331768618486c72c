"""The whole form of the optimal design, folded away until it is wanted."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.controls import button, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.candidate_list import Candidates
from zerosec_desktop.widgets.form.columns import ColumnInfo
from zerosec_desktop.widgets.form.form import Form
from zerosec_shared.analyses import StepInfo
from zerosec_shared.contract import JsonValue

__all__ = ["DesignForm"]


class DesignForm(QWidget):
    """`wanted` carries the values when they are to be used."""

    wanted = Signal(dict)

    def __init__(self, step: StepInfo) -> None:
        super().__init__()
        self.form = Form(step.parameters_schema)
        self.use = button(self.tr("Find this design"), "primary", clicked=self._find)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, Space.SMALL, 0, 0)
        stack.setSpacing(Space.MEDIUM)
        stack.addWidget(self.form)
        stack.addLayout(row(None, self.use))

    def start_from(self, values: dict[str, JsonValue]) -> None:
        """What the project knows beforehand."""
        self.form.start_from({**self.form.values, **values})

    def show_candidates(self, candidates: Candidates | None) -> None:
        """Offer the columns of the list."""
        if candidates is None:
            self.form.set_columns(None, "candidates")
            return
        kinds = [
            ColumnInfo(name, "number" if candidates.frame[name].dtype.is_numeric() else "text")
            for name in candidates.frame.columns
        ]
        self.form.set_columns(kinds, "candidates")

    def _find(self) -> None:
        if not self.form.show_all_problems():
            self.wanted.emit(self.form.parameters)
