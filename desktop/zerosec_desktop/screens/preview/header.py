"""The heading of a previewed column: its name, its type, what is missing, and the shape of its values."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Space, TypeScale
from zerosec_desktop.widgets.form.columns import ColumnInfo, kind_icon

if TYPE_CHECKING:
    from zerosec_shared.tables import ColumnSummary

__all__ = ["SummaryHeader", "bars_of", "paint_bars"]

HEIGHT = 92
MOST_BARS = 10


def paint_bars(painter: QPainter, area: QRect, counts: tuple[int, ...], colour: QColor) -> None:
    """Small bars, as tall as their share of the tallest; one with a count is never invisible."""
    tallest = max(counts, default=0)
    if not tallest or area.width() < len(counts):
        return
    step = area.width() / len(counts)
    gap = 1 if step >= 4 else 0
    for number, count in enumerate(counts):
        if count:
            height = max(2, round(area.height() * count / tallest))
            left = area.left() + round(number * step)
            right = area.left() + round((number + 1) * step) - gap
            painter.fillRect(QRect(left, area.bottom() - height + 1, max(1, right - left), height), colour)


def bars_of(summary: "ColumnSummary") -> tuple[int, ...]:
    """The heights of a column's small histogram; of texts that all differ there is none."""
    if summary.counts:
        return summary.counts
    repeated = summary.distinct < max(2, summary.rows)
    return tuple(count for _, count in summary.common[:MOST_BARS]) if repeated else ()


class SummaryHeader(QHeaderView):
    """Draws what is known of each column; the summary comes later than the names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(HEIGHT)
        self._columns: tuple[ColumnInfo, ...] = ()
        self._summaries: Mapping[str, ColumnSummary] = {}
        theme.changed.connect(self.viewport().update)

    def show_columns(self, columns: tuple[ColumnInfo, ...]) -> None:
        """Names and types are known."""
        self._columns, self._summaries = columns, {}
        self.viewport().update()

    def show_summaries(self, summaries: "tuple[ColumnSummary, ...]") -> None:
        """Counts and shapes are known."""
        self._summaries = {summary.name: summary for summary in summaries}
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        painter.fillRect(rect, theme.colour("sunken"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if section < len(self._columns):
            self._paint_column(painter, rect.adjusted(Space.SMALL, 6, -Space.SMALL, -6), section)
        painter.restore()

    def _paint_column(self, painter: QPainter, rect: QRect, section: int) -> None:
        column = self._columns[section]
        sign = QRect(rect.left(), rect.top() + 2, 14, 14)
        icon(kind_icon(column.kind), "muted").paint(painter, sign)
        font = QFont(self.font())
        font.setPixelSize(TypeScale.BODY - 1)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        room = rect.width() - 18 - (16 if sorted_here else 0)
        name = painter.fontMetrics().elidedText(column.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRect(rect.left() + 18, rect.top(), room, 18), Qt.AlignmentFlag.AlignVCenter, name)
        if sorted_here:
            down = self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
            icon("chevron-down" if down else "chevron-up", "accent").paint(
                painter, QRect(rect.right() - 13, rect.top() + 2, 14, 14)
            )
        summary = self._summaries.get(column.name)
        if summary is None:
            return
        font.setPixelSize(TypeScale.CAPTION - 1)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        line = QRect(rect.left(), rect.top() + 20, rect.width(), 16)
        if summary.missing:
            share = summary.missing / max(1, summary.rows)
            text = self.tr("{0} missing").format(f"{summary.missing:,}" if share < 0.1 else f"{share:.0%}")
            painter.setPen(theme.colour("warning"))
        else:
            text = self.tr("{0} different").format(f"{summary.distinct:,}")
            painter.setPen(theme.colour("muted"))
        painter.drawText(
            line,
            Qt.AlignmentFlag.AlignVCenter,
            painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width()),
        )
        bars = QRect(rect.left(), rect.top() + 40, rect.width(), rect.height() - 40)
        colour = theme.colour("accent" if summary.counts else "faint")
        colour.setAlphaF(0.75)
        if counts := bars_of(summary):
            paint_bars(painter, bars, counts, colour)
