"""A small histogram: all experiments as pale bars, those that the filter leaves in front of them."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from zerosec_desktop.resources.theme import theme
from zerosec_desktop.screens.preview.header import paint_bars

__all__ = ["ChosenBars"]


class ChosenBars(QWidget):
    """Without axes: the ends stand in the fields beside it. Both kinds of bars have one scale."""

    def __init__(self) -> None:
        super().__init__()
        self.all: tuple[int, ...] = ()
        self.chosen: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(160, 34)

    def minimumSizeHint(self) -> QSize:
        return QSize(72, 34)

    def show_counts(self, everything: tuple[int, ...], chosen: tuple[int, ...]) -> None:
        """Bars of equal width from the lowest value of all experiments to the highest."""
        if (everything, chosen) != (self.all, self.chosen):
            self.all, self.chosen = everything, chosen
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.rect().adjusted(0, 0, 0, -1)
        tallest = max(self.all, default=0)
        paint_bars(painter, area, self.all, theme.colour("border"))
        top = max(self.chosen, default=0)
        if tallest and top:
            height = max(2, round(area.height() * top / tallest))
            front = QRect(area.left(), area.bottom() - height + 1, area.width(), height)
            paint_bars(painter, front, self.chosen, theme.colour("accent"))
        painter.setPen(theme.colour("border_strong"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
