"""Two runs side by side: what differs first (numbers, settings, data, versions), then their plots in pairs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLayout, QVBoxLayout, QWidget

from zerosec_desktop.bridge import Work
from zerosec_desktop.context import Context
from zerosec_desktop.controls import Card, ElidedLabel, EmptyState, Message, button, label, row, show_number
from zerosec_desktop.navigation import CompareRoute, JobKey, Route, RunRoute
from zerosec_desktop.problems import in_words
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.base import Screen
from zerosec_desktop.screens.compare.differences import (
    Line,
    compare_data,
    compare_metrics,
    compare_pairs,
    compare_parameters,
)
from zerosec_desktop.screens.compare.row_comparisons import RowComparisons
from zerosec_desktop.screens.compare.rows import ComparedRows, comparison_plot, comparison_table
from zerosec_desktop.screens.page import Page
from zerosec_desktop.screens.run.exports import Exports
from zerosec_desktop.views.registry import is_plot, render
from zerosec_desktop.wording import moment
from zerosec_shared.runs import Job
from zerosec_shared.views import TableView, View

__all__ = ["CompareScreen", "paired_plots"]


def paired_plots(first: Job, second: Job) -> list[tuple[View | None, View | None]]:
    """Plots of the same id beside each other, in the order of the first job; then those of the second alone."""
    left = {view.id: view for view in (first.result.views if first.result else ()) if is_plot(view)}
    right = {view.id: view for view in (second.result.views if second.result else ()) if is_plot(view)}
    return [(left.get(name), right.get(name)) for name in dict.fromkeys([*left, *right])]


class CompareScreen(Screen):
    """Shows two jobs of one analysis."""

    icon_name = "compare"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._route: CompareRoute | None = None
        self._jobs: dict[JobKey, Job] = {}
        self._works: list[Work] = []
        self._pairs: list[tuple[View | None, View | None]] = []
        self._names = ("", "")
        self.exports = Exports(context, self)
        self.comparisons = RowComparisons(context, self)
        self.page = Page(1280)
        self.only_differences = QCheckBox(self.tr("Only what differs"))
        self.only_differences.setChecked(True)
        self.only_differences.clicked.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._next_pair)

    def title(self) -> str:
        return self.tr("Compare two runs")

    def open(self, route: Route) -> None:
        assert isinstance(route, CompareRoute)
        if route == self._route and len(self._jobs) == 2:
            return
        for work in self._works:
            work.cancel()
        self._route = route
        self._jobs.clear()
        self._clear()
        self.page.body.addWidget(EmptyState("hourglass", self.tr("Reading both runs"), ""))
        session = self.context.session
        self._works = [
            session.job(route.first, self._got_first, self._failed),
            session.job(route.second, self._got_second, self._failed),
        ]

    def deactivated(self) -> None:
        self._turn.stop()

    def activated(self) -> None:
        if self._pairs:
            self._turn.start()

    def _got_first(self, job: Job) -> None:
        if self._route is not None:
            self._jobs[self._route.first] = job
            self._show()

    def _got_second(self, job: Job) -> None:
        if self._route is not None:
            self._jobs[self._route.second] = job
            self._show()

    def _failed(self, error: Exception) -> None:
        words = in_words(error)
        self._clear()
        self.page.body.addWidget(
            EmptyState("file-missing", words.title, f"{words.detail} {words.hint}".strip())
        )

    def _clear(self) -> None:
        self._turn.stop()
        self.comparisons.stop()
        self._pairs = []
        self.only_differences.setParent(None)
        while (item := self.page.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
            elif (inner := item.layout()) is not None:
                _empty(inner)

    @Slot()
    def _show(self) -> None:
        route = self._route
        if route is None or route.first not in self._jobs or route.second not in self._jobs:
            return
        first, second = self._jobs[route.first], self._jobs[route.second]
        self._names = self._called(first, second)
        self._clear()
        self.page.body.addWidget(self._heads(route, first, second))
        info = self.context.session.analysis(first.analysis, route.first.target)
        numbers = compare_metrics(
            first.result.metrics if first.result else (), second.result.metrics if second.result else ()
        )
        versions = compare_pairs(
            {self.tr("Analysis version"): first.analysis_version, **first.environment},
            {self.tr("Analysis version"): second.analysis_version, **second.environment},
        )
        self._section(self.tr("Numbers"), numbers)
        self._section(self.tr("Settings"), compare_parameters(first, second, info))
        self._section(self.tr("Data"), compare_data(first, second, info), everything=True)
        self._section(self.tr("Computed with"), versions)
        self._tables = QVBoxLayout()
        self._tables.setSpacing(Space.MEDIUM)
        self.page.body.addLayout(self._tables)
        self.comparisons.start(
            (route.first, route.second), (first, second), self._compared, self._not_compared
        )
        self._grid = QGridLayout()
        self._grid.setSpacing(Space.MEDIUM)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        holder = QWidget()
        holder.setLayout(self._grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.page.body.addWidget(holder)
        self._pairs = paired_plots(first, second)
        self._turn.start()

    def _called(self, first: Job, second: Job) -> tuple[str, str]:
        """What the two are called where they stand side by side; attempts of one run by their times."""
        if first.run_name != second.run_name:
            return first.run_name, second.run_name
        times = moment(first.created_at), moment(second.created_at)
        return times if times[0] != times[1] else (self.tr("first attempt"), self.tr("second attempt"))

    def _compared(self, view: TableView, compared: ComparedRows) -> None:
        plot = comparison_plot(view, compared, self._names)
        for made in (comparison_table(view, compared, self._names), plot):
            if made is not None:
                frame = render(made, {}, {})
                self.exports.attach(frame)
                self._tables.addWidget(frame)

    def _not_compared(self, view: TableView, error: Exception) -> None:
        words = in_words(error)
        self._tables.addWidget(
            Message("warning", self.tr("The rows of “{0}” were not compared").format(view.title), words.title)
        )

    def _heads(self, route: CompareRoute, first: Job, second: Job) -> QWidget:
        holder = QWidget()
        heads = []
        for key, job, called in zip((route.first, route.second), (first, second), self._names, strict=True):
            card = Card(spacing=Space.TINY)
            card.body.addWidget(ElidedLabel(job.run_name, "subtitle"))
            open_run = button(self.tr("Open"), "link")
            open_run.setProperty("run", key)
            open_run.clicked.connect(self._open_run)
            when = moment(job.created_at)
            told = when if called in (job.run_name, when) else f"{when} · {called}"
            card.body.addLayout(row(label(told, "muted"), None, open_run))
            heads.append(card)
        line_up = row(*heads, spacing=Space.MEDIUM)
        stack = QVBoxLayout(holder)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.addLayout(line_up)
        self.only_differences.setParent(holder)
        stack.addWidget(self.only_differences)
        self.only_differences.show()
        return holder

    def _section(self, title: str, lines: Sequence[Line], *, everything: bool = False) -> None:
        if not lines:
            return
        different = [line for line in lines if line.differs]
        shown = lines if everything or not self.only_differences.isChecked() else different
        card = Card()
        count = self.tr("the same in both") if not different else self.tr("{0} differ").format(len(different))
        card.body.addLayout(row(label(title, "subtitle"), label(count, "muted"), None))
        if shown:
            grid = QGridLayout()
            grid.setHorizontalSpacing(Space.LARGE)
            grid.setVerticalSpacing(6)
            for column, stretch in enumerate((3, 3, 3, 2)):
                grid.setColumnStretch(column, stretch)
                grid.setColumnMinimumWidth(column, 60 * stretch)
            named = any(self._change(line) for line in shown)
            headings = ("", self._names[0], self._names[1], self.tr("Difference") if named else "")
            for column, heading in enumerate(headings):
                if heading:
                    grid.addWidget(ElidedLabel(heading, "overline"), 0, column)
            for number, line in enumerate(shown, start=1):
                role = "" if line.differs else "muted"
                cells = (label(line.name, "muted", wrap=True), label(line.first, role, wrap=True), label(line.second, role, wrap=True), label(self._change(line), wrap=True))  # fmt: skip
                for cell in cells[1:]:
                    show_number(cell, cell.text())
                for column, cell in enumerate(cells):
                    cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                    grid.addWidget(cell, number, column, Qt.AlignmentFlag.AlignTop)
            card.body.addLayout(grid)
        self.page.body.addWidget(card)

    def _change(self, line: Line) -> str:
        return {"≠": self.tr("different"), "≈": self.tr("the same file, read differently")}.get(
            line.change, line.change
        )

    @Slot()
    def _next_pair(self) -> None:
        if not self._pairs:
            self._turn.stop()
            return
        pair = self._pairs.pop(0)
        row_number = self._grid.rowCount()
        for column, view in enumerate(pair):
            if view is not None:
                frame = render(view, {}, {})
                self.exports.attach(frame)
                self._grid.addWidget(frame, row_number, column)

    @Slot()
    def _open_run(self) -> None:
        sender = self.sender()
        if sender is not None:
            key = sender.property("run")
            if isinstance(key, JobKey):
                self.navigate.emit(RunRoute(key))


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
