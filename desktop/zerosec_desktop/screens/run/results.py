"""The results of a job: the answer and its warnings, then plots, tables, the rest. Views are made one a turn of the loop,
so that the numbers stand at once and no long result makes the window stop."""

import re
from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from zerosec_desktop.controls import EmptyState
from zerosec_desktop.resources.language import translate
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.views.answer import AnswerCard, NoticeList
from zerosec_desktop.views.files import PictureView
from zerosec_desktop.views.frame import ViewFrame
from zerosec_desktop.views.registry import is_plot, is_wide, render
from zerosec_shared.runs import Artifact
from zerosec_shared.views import (
    CardView,
    Column,
    FileView,
    LinkedView,
    Metric,
    MetricView,
    Result,
    TableView,
    View,
)

__all__ = ["ResultsPage", "ordered_views", "remaining_metrics"]

_TWO_COLUMNS_FROM = 860
_CODE_WORD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def ordered_views(views: Sequence[View]) -> list[View]:
    """Plots, then numbers and tables, then pictures and texts, then files; within each as they were declared."""

    def rank(view: View) -> int:
        if is_plot(view) or isinstance(view, LinkedView):
            return 0
        if isinstance(view, MetricView | TableView):
            return 1
        return 3 if isinstance(view, FileView) else 2

    return sorted((view for view in views if not isinstance(view, CardView)), key=rank)


def remaining_metrics(result: Result) -> TableView | None:
    """The numbers that no view shows, as a table; None when there are none."""
    shown = {name for view in result.views if isinstance(view, MetricView) for name in view.metrics}
    left = [metric for metric in result.metrics if not metric.headline and metric.name not in shown]
    if not left:
        return None
    columns = (
        Column(name="name", label=translate("ResultsPage", "Name")),
        Column(name="value", label=translate("ResultsPage", "Value"), digits=6),
        Column(name="unit", label=translate("ResultsPage", "Unit")),
        Column(name="note", label=translate("ResultsPage", "Note")),
    )
    rows = [(metric.label or metric.name.replace("_", " "), *_value_unit_note(metric)) for metric in left]
    told = [place for place in range(len(columns)) if place < 2 or any(cells[place] for cells in rows)]
    return TableView(
        id="all_numbers",
        title=translate("ResultsPage", "All numbers"),
        columns=tuple(columns[place] for place in told),
        rows=tuple(tuple(cells[place] for place in told) for cells in rows),
        total_rows=len(left),
    )


def _value_unit_note(metric: Metric) -> tuple[str | None, str, str]:
    """A word of a program, such as `bound_both`, gives way to the note that says what it is."""
    from zerosec_desktop.views.answer import metric_texts

    if isinstance(metric.value, str) and metric.note and _CODE_WORD.fullmatch(metric.value):
        return metric.note, metric.unit, ""
    return metric_texts(metric)[0], metric.unit, metric.note


def _is_file(view: View) -> bool:
    """Whether a view is a file to open or save: those stand two by two, never beside what is higher."""
    return isinstance(view, FileView)


def _said_above(view: View, headline: Sequence[Metric]) -> bool:
    """Whether a view shows nothing but numbers that lead the page anyway."""
    return isinstance(view, MetricView) and set(view.metrics) <= {metric.name for metric in headline}


class ResultsPage(QWidget):
    """Shows one `Result`; passes on what the user wants done with a view."""

    frame_made = Signal(object)  # ViewFrame
    picture_wanted = Signal(object, str)  # PictureView, artifact path
    all_made = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(Space.MEDIUM)
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.MEDIUM)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._pending: Iterator[View] = iter(())
        self._frames: list[ViewFrame] = []
        self._columns = 2
        self._metrics: Mapping[str, Metric] = {}
        self._artifacts: Mapping[str, Artifact] = {}
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._make_next)

    @property
    def drawing(self) -> bool:
        """Whether views are still to be made."""
        return self._turn.isActive()

    @property
    def frames(self) -> tuple[ViewFrame, ...]:
        """The views made so far."""
        return tuple(self._frames)

    def show_result(self, result: Result, artifacts: Sequence[Artifact]) -> None:
        """Show a result instead of what was shown."""
        self.clear()
        self._metrics = {metric.name: metric for metric in result.metrics}
        self._artifacts = {artifact.path: artifact for artifact in artifacts}
        sentences = [view.text for view in result.views if isinstance(view, CardView)]
        headline = [metric for metric in result.metrics if metric.headline]
        if sentences or headline:
            self._layout.addWidget(AnswerCard(sentences, headline))
        if result.warnings:
            self._layout.addWidget(NoticeList(result.warnings))
        rest = remaining_metrics(result)
        views = [view for view in ordered_views(result.views) if not _said_above(view, headline)]
        if rest is not None:
            rest = rest.model_copy(update={"title": self.tr("All numbers")})
            place = next(
                (i for i, view in enumerate(views) if not is_plot(view) and not isinstance(view, TableView)),
                len(views),
            )
            views.insert(place, rest)
        if not sentences and not headline and not views:
            self._layout.addWidget(
                EmptyState(
                    "file",
                    self.tr("This step shows nothing by itself"),
                    self.tr("What it made is under Files."),
                )
            )
        self._layout.addLayout(self._grid)
        self._layout.addStretch(1)
        self._pending = iter(views)
        self._turn.start()

    def clear(self) -> None:
        """Take everything off."""
        self._turn.stop()
        self._pending = iter(())
        self._frames.clear()
        self._layout.removeItem(self._grid)
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if event.size().width() >= _TWO_COLUMNS_FROM else 1
        if columns != self._columns:
            self._columns = columns
            self._place_all()

    @Slot()
    def _make_next(self) -> None:
        view = next(self._pending, None)
        if view is None:
            self._turn.stop()
            self._place_all()
            self.all_made.emit()
            return
        frame = render(view, self._metrics, self._artifacts)
        self._frames.append(frame)
        self.frame_made.emit(frame)
        if isinstance(frame.content, PictureView) and view.source is not None:
            if view.source in self._artifacts:
                self.picture_wanted.emit(frame.content, view.source)
            else:
                frame.content.set_problem(
                    self.tr("The picture is not among the files: they may have been cleaned.")
                )
        self._place_all()

    def _place_all(self) -> None:
        row = column = 0
        for number, frame in enumerate(self._frames):
            wide = self._columns == 1 or is_wide(frame.view)
            after = self._frames[number + 1].view if number + 1 < len(self._frames) else None
            last = after is None or is_wide(after) or _is_file(after) != _is_file(frame.view)
            alone = column == 0 and last and not _is_file(frame.view) and not self._turn.isActive()
            span = 2 if wide or alone else 1
            begins = number > 0 and _is_file(frame.view) and not _is_file(self._frames[number - 1].view)
            if (wide or begins) and column:
                row, column = row + 1, 0
            self._grid.addWidget(frame, row, column, 1, span)
            column += span
            if column >= 2:
                row, column = row + 1, 0
