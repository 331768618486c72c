"""Every pair of columns as a plot; a rectangle in any of them chooses."""

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from zerosec_desktop.resources.theme import theme
from zerosec_desktop.views.linked.points import Array, nice_ticks, tick_text
from zerosec_desktop.views.linked.surface import Surface, closest

__all__ = ["PairsSurface"]

LEFT, BOTTOM, TOP, RIGHT, GAP, TITLE = 64, 22, 8, 12, 10, 20


class Cell(NamedTuple):
    """A plot: its columns, and where it is."""

    x: int
    y: int
    area: QRectF


class PairsSurface(Surface):
    """The lower half of the matrix: columns across, rows down, the names along its edges."""

    def cells(self) -> list[Cell]:
        """All plots."""
        side = len(self.points.axes) - 1
        width = (self.width() - LEFT - RIGHT - GAP * (side - 1)) / side
        height = (self.height() - TOP - BOTTOM - TITLE - GAP * (side - 1)) / side
        return [
            Cell(x, y, QRectF(LEFT + x * (width + GAP), TOP + (y - 1) * (height + GAP), width, height))
            for y in range(1, side + 1)
            for x in range(y)
        ]

    def background(self, painter: QPainter) -> None:
        axes, last = self.points.axes, len(self.points.axes) - 1
        for cell in self.cells():
            area = cell.area
            painter.setPen(QPen(QColor(theme.palette.border), 1))
            painter.drawRect(area)
            x_ticks = nice_ticks(self.points.low[cell.x], self.points.high[cell.x], int(area.width() // 70))
            y_ticks = nice_ticks(self.points.low[cell.y], self.points.high[cell.y], int(area.height() // 40))
            faint = QColor(theme.palette.border)
            faint.setAlphaF(0.5)
            for value in x_ticks:
                at = area.left() + self._share(cell.x, value) * area.width()
                painter.setPen(faint)
                painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
                if cell.y == last:
                    room = QRectF(at - 35, area.bottom() + 3, 70, 16)
                    self.write(painter, room, tick_text(value), Qt.AlignmentFlag.AlignHCenter)
            for value in y_ticks:
                at = area.bottom() - self._share(cell.y, value) * area.height()
                painter.setPen(faint)
                painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
                if cell.x == 0:
                    room = QRectF(18, at - 8, LEFT - 23, 16)
                    self.write(painter, room, tick_text(value), Qt.AlignmentFlag.AlignRight)
            if cell.y == last:
                room = QRectF(area.left(), area.bottom() + BOTTOM, area.width(), TITLE)
                self.write(
                    painter, room, axes[cell.x].heading, Qt.AlignmentFlag.AlignHCenter, theme.palette.text
                )
            if cell.x == 0:
                painter.save()
                painter.translate(8, area.center().y())
                painter.rotate(-90)
                room = QRectF(-area.height() / 2, -8, area.height(), 16)
                self.write(
                    painter, room, axes[cell.y].heading, Qt.AlignmentFlag.AlignHCenter, theme.palette.text
                )
                painter.restore()

    def draw_points(self, painter: QPainter, rows: Array, colour: QColor, *, strong: bool) -> None:
        size = 6.0 if strong else 5.0 if len(self.points.values) < 1500 else 3.5
        for cell in self.cells():
            x, y = self._pixels(cell, rows)
            painter.save()
            painter.setClipRect(cell.area)
            self.dots(painter, x, y, colour, size)
            painter.restore()

    def inside(self, band: QRectF) -> Array:
        cell = self._cell_of(band.center())
        if cell is None:
            return np.zeros(len(self.points.chosen), dtype=bool)
        x, y = self._pixels(cell, np.arange(len(self.points.values)))
        return np.asarray((x >= band.left()) & (x <= band.right()) & (y >= band.top()) & (y <= band.bottom()))

    def nearest(self, place: QPointF) -> int | None:
        cell = next((one for one in self.cells() if one.area.contains(place)), None)
        if cell is None:
            return None
        x, y = self._pixels(cell, np.arange(len(self.points.values)))
        return closest(x, y, place)

    def _cell_of(self, place: QPointF) -> Cell | None:
        """The plot a rectangle was drawn in: the one that its middle is in or nearest to."""
        cells = self.cells()
        return min(
            cells, key=lambda one: (one.area.center() - place).manhattanLength() if not one.area.contains(place) else -1.0
        )  # fmt: skip

    def _share(self, axis: int, value: float) -> float:
        return float((value - self.points.low[axis]) / (self.points.high[axis] - self.points.low[axis]))

    def _pixels(self, cell: Cell, rows: Array) -> tuple[Array, Array]:
        shares = self.points.shares[rows]
        return (
            cell.area.left() + shares[:, cell.x] * cell.area.width(),
            cell.area.bottom() - shares[:, cell.y] * cell.area.height(),
        )
