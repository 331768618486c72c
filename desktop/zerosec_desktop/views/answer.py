"""What leads a result: the sentence, the headline numbers with their intervals, and the warnings beside them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, IconLabel, breakable, column, label, row, show_number
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.number_format import format_interval, format_number
from zerosec_shared.views import Metric, Notice, Severity

__all__ = ["HeadlineRow", "MetricTile", "NoticeList", "metric_texts", "with_unit"]

_SURFACES = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.ERROR: "error"}
_ICONS = {
    Severity.INFO: ("info", "accent"),
    Severity.WARNING: ("warning", "warning"),
    Severity.ERROR: ("error", "error"),
}


def metric_texts(metric: Metric) -> tuple[str, str]:
    """Value and interval of a metric, with the digits that they deserve."""
    if isinstance(metric.value, str):
        return metric.value, ""
    if isinstance(metric.value, bool) or metric.value is None:
        return format_number(metric.value), ""
    if isinstance(metric.value, int) and metric.low is None:
        return format_number(metric.value), ""
    return format_interval(float(metric.value), metric.low, metric.high, metric.decimals)


def with_unit(value: str, unit: str) -> str:
    """A number and its unit. A percent sign stands close to its number, as it does in all texts."""
    return f"{value}%" if unit == "%" else f"{value} {unit}".rstrip()


class MetricTile(QWidget):
    """One number: its name, its value and unit large, its interval and note small."""

    def __init__(self, metric: Metric, *, large: bool = True) -> None:
        super().__init__()
        value, interval = metric_texts(metric)
        name = metric.label or metric.name.replace("_", " ")
        shown = with_unit(value, metric.unit)
        in_words = isinstance(metric.value, str)
        number = label(shown, "strong" if in_words else "display" if large else "title", wrap=in_words)
        if not in_words:
            show_number(number, shown)
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        exact = (
            ""
            if metric.value is None
            else repr(metric.value)
            if isinstance(metric.value, float)
            else str(metric.value)
        )
        number.setToolTip(f"{exact} {metric.unit}".strip())
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.HAIR)
        self.name = label(name, "muted", wrap=True)
        self.name.setAlignment(Qt.AlignmentFlag.AlignBottom)
        stack.addWidget(self.name)
        stack.addWidget(number)
        self.interval: QLabel | None = None
        if interval:
            unit = f" {metric.unit}" if metric.unit else ""
            self.interval = label(self.tr("interval {0}").format(interval + unit), "caption", wrap=True)
            stack.addWidget(self.interval)
        if metric.note:
            stack.addWidget(label(metric.note, "caption", wrap=True))
        stack.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(f"{name}: {shown} {interval}".strip())


class HeadlineRow(QWidget):
    """Tiles side by side that wrap into rows when there is no room."""

    def __init__(self, metrics: Sequence[Metric], *, large: bool = True, tile_width: int = 200) -> None:
        super().__init__()
        self._width = tile_width
        self._columns = 0
        self.tiles = [MetricTile(metric, large=large) for metric in metrics]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.LARGE)
        self._grid.setVerticalSpacing(Space.MEDIUM)
        self._place(min(3, max(1, len(self.tiles))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap."""
        super().resizeEvent(event)
        fitting = max(1, (event.size().width() + Space.LARGE) // (self._width + Space.LARGE))
        self._place(min(fitting, max(1, len(self.tiles))))
        self._level(event.size().width())

    def _level(self, width: int) -> None:
        """Numbers side by side stand in one line, however long their names are."""
        each = (width - (self._columns - 1) * Space.LARGE) // self._columns
        for first in range(0, len(self.tiles), self._columns):
            names = [tile.name for tile in self.tiles[first : first + self._columns]]
            for name in names:
                name.setMinimumHeight(0)
            high = max(name.heightForWidth(each) for name in names)
            for name in names:
                name.setMinimumHeight(high)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        for stale in range(self._columns):
            self._grid.setColumnStretch(stale, 0)
        self._columns = columns
        for number, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
        for place in range(columns):
            self._grid.setColumnStretch(place, 1)


class NoticeList(QFrame):
    """Warnings beside the number: errors first, each with what to do."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        super().__init__()
        order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
        ranked = sorted(notices, key=lambda notice: order[notice.severity])
        worst = ranked[0].severity if ranked else Severity.INFO
        self.setProperty("surface", _SURFACES[worst])
        stack = QVBoxLayout(self)
        stack.setContentsMargins(Space.MEDIUM, 12, Space.MEDIUM, 12)
        stack.setSpacing(12)
        for notice in ranked:
            name, token = _ICONS[notice.severity]
            texts = QWidget()
            lines: list[QWidget | int | None] = [label(breakable(notice.message), wrap=True)]
            if notice.hint:
                lines.append(label(breakable(notice.hint), "caption", wrap=True))
            texts.setLayout(column(*lines, spacing=Space.HAIR))
            line_up = row(spacing=12)
            line_up.addWidget(IconLabel(name, token), 0, Qt.AlignmentFlag.AlignTop)
            line_up.addWidget(texts, 1)
            stack.addLayout(line_up)
        if not ranked:
            self.hide()


class AnswerCard(Card):
    """The sentence that answers the question, then the numbers behind it."""

    def __init__(self, sentences: Sequence[str], headline: Sequence[Metric]) -> None:
        super().__init__(margins=Space.LARGE, spacing=Space.MEDIUM)
        for sentence in sentences:
            text = label(sentence, "subtitle", wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(text)
        if headline:
            self.body.addWidget(HeadlineRow(headline))
