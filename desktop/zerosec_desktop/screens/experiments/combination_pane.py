"""How many combinations there will be, of which levels, or why there can be none."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from zerosec_desktop.controls import button, label
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.experiments.combination_check import CombinationCheck
from zerosec_desktop.screens.experiments.said import Said
from zerosec_desktop.views.answer import HeadlineRow, NoticeList
from zerosec_desktop.views.table_view import ResultTable
from zerosec_shared.views import NOT_YET, CardView, Result, TableView

__all__ = ["CombinationPane"]


class CombinationPane(QWidget):
    """Shows what a `CombinationCheck` knows. While a newer answer is on its way the older one stays."""

    def __init__(self) -> None:
        super().__init__()
        self.plan_without = button(self.tr("Plan without a list"))
        self.plan_without.setToolTip(
            self.tr(
                "The design is searched over the variables' ranges (coordinate exchange); no list is made"
            )
        )
        self._asking = label(self.tr("Counting…"), "muted")
        self._empty = label(
            self.tr("As soon as a variable has levels, the number of combinations stands here."),
            "muted",
            wrap=True,
        )
        self.said = Said()
        self._found = QWidget()
        self._list = QVBoxLayout(self._found)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(Space.SMALL)
        self._shown: Result | None = None
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.SMALL)
        for widget in (self._empty, self._asking, self.said, self._found):
            stack.addWidget(widget)
        self.plan_without.setParent(self)
        stack.addWidget(self.plan_without)
        self.plan_without.hide()

    def show_check(self, check: CombinationCheck) -> None:
        """Show where it stands."""
        self._asking.setVisible(check.asking)
        if check.asking:
            return
        self._empty.setVisible(check.result is None and not check.title)
        if check.title:
            self.said.say("error", check.title, check.detail)
        else:
            self.said.clear()
        self.plan_without.setVisible(check.refused or check.result is not None)
        if check.result is not self._shown:
            self._shown = check.result
            self._fill(check.result)
        self._found.setVisible(check.result is not None)

    @property
    def count(self) -> float | int | str | bool | None:
        """The number shown; None where none is."""
        metrics = () if self._shown is None else self._shown.metrics
        return next((metric.value for metric in metrics if metric.name == "combinations"), None)

    def _fill(self, result: Result | None) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if result is None:
            return
        for view in result.views:
            if isinstance(view, CardView):
                self._list.addWidget(label(view.text, wrap=True))
        headline = [metric for metric in result.metrics if metric.headline]
        if headline:
            self._list.addWidget(HeadlineRow(headline))
        notices = [notice for notice in result.warnings if notice.code != NOT_YET]
        if notices:
            self._list.addWidget(NoticeList(notices))
        for view in result.views:
            if isinstance(view, TableView) and view.rows:
                self._list.addWidget(ResultTable(view))
