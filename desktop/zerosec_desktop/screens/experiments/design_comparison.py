"""Up to four designs side by side: their figures, a column a design."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.controls import label
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.views.answer import metric_texts
from zerosec_desktop.views.table_view import ResultTable
from zerosec_desktop.widgets.number_format import MISSING
from zerosec_shared.runs import Job
from zerosec_shared.views import Column, Metric, TableView

__all__ = ["MOST_COMPARED", "DesignComparison", "comparison"]

MOST_COMPARED = 4


def comparison(designs: Sequence[Job]) -> TableView:
    """The figures of several designs, those that lead first; one that a design lacks is a dash."""
    figures = [_figures(design) for design in designs]
    known: dict[str, Metric] = {}
    for each in figures:
        for name, metric in each.items():
            known.setdefault(name, metric)
    order = sorted(known, key=lambda name: not known[name].headline)
    rows = [
        (
            known[name].label or name,
            *(metric_texts(each[name])[0] if name in each else MISSING for each in figures),
        )
        for name in order
    ]
    headings = (Column(name="figure", label=translate("Experiments", "Figure")),)
    titles = tuple(
        Column(name=f"design_{number}", label=f"{number}: {design.run_name}")
        for number, design in enumerate(designs, start=1)
    )
    return TableView(
        id="comparison",
        title=translate("Experiments", "Designs side by side"),
        columns=(*headings, *titles),
        rows=tuple(rows),
        total_rows=len(rows),
    )


def _figures(design: Job) -> dict[str, Metric]:
    return {} if design.result is None else {metric.name: metric for metric in design.result.metrics}


class DesignComparison(QWidget):
    """Hidden while fewer than two designs are chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, Space.SMALL, 0, 0)
        self._stack.addWidget(label(self.tr("Designs side by side"), "strong"))
        self.table: ResultTable | None = None
        self._shown: list[str] = []
        self.hide()

    def compare(self, designs: Sequence[Job]) -> None:
        """Show these side by side."""
        chosen = [str(design.id) for design in designs]
        if chosen == self._shown:
            return
        self._shown = chosen
        if self.table is not None:
            self._stack.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
            self.table = None
        if len(designs) > 1:
            self.table = ResultTable(comparison(designs))
            self._stack.addWidget(self.table)
        self.setVisible(len(designs) > 1)
