"""Shows what the analysis says a run would do: its numbers, what must be seen beside them, its small tables."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from zerosec_desktop.controls import IconLabel, Message, breakable, button, label, row
from zerosec_desktop.resources.tokens import Control, Space
from zerosec_desktop.screens.analysis.check_tables import long_tables, table_grid, take_out_all
from zerosec_desktop.screens.analysis.live_check import CheckState, LiveCheck
from zerosec_desktop.views.answer import NoticeList, metric_texts, with_unit
from zerosec_shared.views import NOT_YET, CardView, Metric, Result, TableView

__all__ = ["CheckPane"]


class CheckPane(QWidget):
    """The part of the summary that the analysis itself fills."""

    ask_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("What the analysis says"))
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.SMALL)
        self._going_on = QWidget()
        line_up = row(IconLabel("hourglass", "muted", Control.ICON), spacing=12)
        line_up.addWidget(label(self.tr("Checking with the data…"), "muted", wrap=True), 1)
        self._going_on.setLayout(line_up)
        self._large = QWidget()
        large = QVBoxLayout(self._large)
        large.setContentsMargins(0, 0, 0, 0)
        large.addWidget(
            label(
                self.tr("The file is large; what would happen with it is checked when you ask."),
                "muted",
                wrap=True,
            )
        )
        self._ask = button(self.tr("Check now"), icon_name="search", clicked=self._ask_clicked)
        self._ask.setAccessibleName(self.tr("Check now what would happen"))
        large.addLayout(row(self._ask, None))
        self._message = Message("error", "", "")
        self._found = QWidget()
        self._list = QVBoxLayout(self._found)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(Space.SMALL)
        for widget in (self._going_on, self._large, self._message, self._found):
            widget.setVisible(False)
            stack.addWidget(widget)
        self._shown: Result | None = None

    def show_check(self, check: LiveCheck) -> None:
        """Show where the check stands. While a newer answer is on its way the older one stays, so that nothing jumps."""
        self._going_on.setVisible(check.state is CheckState.CHECKING)
        self._large.setVisible(check.state is CheckState.LARGE)
        wrong = check.state in {CheckState.REFUSED, CheckState.TROUBLE}
        self._message.setVisible(wrong)
        if wrong:
            title = check.title
            if check.state is CheckState.REFUSED:
                title = self.tr("The run would stop: {0}").format(check.title)
            self._message.title.setText(title)
            self._message.detail.setText(check.detail)
            self._message.detail.setVisible(bool(check.detail))
            self._message.setAccessibleName(title)
            self._message.setAccessibleDescription(check.detail)
        if check.result is not self._shown:
            self._shown = check.result
            self._fill(check.result)
        self._found.setVisible(check.result is not None)

    @Slot()
    def _ask_clicked(self) -> None:
        self.ask_wanted.emit()

    def _fill(self, result: Result | None) -> None:
        take_out_all(self._list)
        if result is None:
            return
        for view in result.views:
            if isinstance(view, CardView):
                self._list.addWidget(label(view.text, wrap=True))
        if result.metrics:
            self._list.addWidget(_Numbers(result.metrics))
        notices = [notice for notice in result.warnings if notice.code != NOT_YET]
        if notices:
            self._list.addWidget(NoticeList(notices))
        for notice in result.warnings:
            if notice.code == NOT_YET:
                holder = QWidget()
                line_up = row(IconLabel("chevron-right", "muted", Control.ICON), spacing=12)
                line_up.addWidget(label(notice.message, "muted", wrap=True), 1)
                holder.setLayout(line_up)
                self._list.addWidget(holder)
        elsewhere = long_tables(result)
        for view in result.views:
            if isinstance(view, TableView) and view.rows and view not in elsewhere:
                self._list.addWidget(_SmallTable(view))
        for view in elsewhere:
            shown = self.tr("{0}: {1} lines, below the settings").format(view.title, f"{view.total_rows:,}")
            self._list.addWidget(label(breakable(shown), "muted", wrap=True))


class _Numbers(QWidget):
    """Numbers under each other: name left, value right, what explains it below."""

    def __init__(self, metrics: tuple[Metric, ...]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.SMALL)
        grid.setVerticalSpacing(Space.TINY)
        grid.setColumnStretch(0, 1)
        line = 0
        for metric in metrics:
            value, _ = metric_texts(metric)
            shown = with_unit(value, metric.unit)
            name = metric.label or metric.name.replace("_", " ")
            grid.addWidget(label(name, "muted", wrap=True), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_right(shown, "strong"), line, 1, Qt.AlignmentFlag.AlignTop)
            line += 1
            if metric.note:
                grid.addWidget(label(breakable(metric.note), "caption", wrap=True), line, 0, 1, 2)
                line += 1


class _SmallTable(QWidget):
    """A table of few rows."""

    def __init__(self, view: TableView) -> None:
        super().__init__()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, Space.TINY, 0, 0)
        stack.setSpacing(Space.TINY)
        stack.addWidget(label(view.title, "strong", wrap=True))
        if view.caption:
            stack.addWidget(label(view.caption, "caption", wrap=True))
        stack.addLayout(table_grid(view))
        left = view.total_rows - len(view.rows)
        if left > 0:
            stack.addWidget(label(self.tr("… and {0} more").format(f"{left:,}"), "caption"))


def _right(text: str, role: str = "") -> QLabel:
    made = label(text, role)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return made
