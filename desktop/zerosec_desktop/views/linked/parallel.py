"""Parallel coordinates: an axis a column, a line a row. A drag along an axis keeps the rows between its ends; several axes together."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen

from zerosec_desktop.resources.theme import theme
from zerosec_desktop.views.linked.points import Array, LinkedPoints, nice_ticks, tick_text
from zerosec_desktop.views.linked.surface import CLICK_PX, Surface

__all__ = ["ParallelSurface"]

SIDE, TOP, BOTTOM = 70, 34, 16
HANDLE = 7


class ParallelSurface(Surface):
    """`kept` are the ranges drawn on axes, as shares from 0 to 1."""

    def __init__(self, points: LinkedPoints) -> None:
        super().__init__(points)
        self.kept: dict[int, tuple[float, float]] = {}
        self._own = False
        points.chosen_changed.connect(self._forget)

    def _forget(self) -> None:
        """Something was chosen elsewhere: ranges drawn here do not say any more what is chosen."""
        if not self._own and self.kept:
            self.kept.clear()
            self.redraw()

    def places(self) -> Array:
        """Where the axes stand, in pixels from the left."""
        count = len(self.points.axes)
        return np.linspace(SIDE, max(SIDE + 1, self.width() - SIDE), count)

    def _height(self) -> float:
        return max(1.0, self.height() - TOP - BOTTOM)

    def background(self, painter: QPainter) -> None:
        for axis, at in enumerate(self.places()):
            painter.setPen(QPen(QColor(theme.palette.border_strong), 1))
            painter.drawLine(QPointF(at, TOP), QPointF(at, TOP + self._height()))
            column = self.points.axes[axis]
            room = (self.width() - 2 * SIDE) / max(1, len(self.points.axes) - 1)
            title = QRectF(at - room / 2, 6, room, 18)
            shown = column.heading
            self.write(painter, title, shown, Qt.AlignmentFlag.AlignHCenter, theme.palette.text)

    def draw_points(self, painter: QPainter, rows: Array, colour: QColor, *, strong: bool) -> None:
        if len(rows):
            y = TOP + (1 - self.points.shares[rows]) * self._height()
            count = len(self.points.axes)
            x = np.tile(self.places(), (len(rows), 1))
            ends = np.ones((len(rows), count), dtype=np.int32)
            ends[:, -1] = 0
            usable = np.isfinite(y)
            ends[:, :-1] &= (usable[:, :-1] & usable[:, 1:]).astype(np.int32)
            path = pg.functions.arrayToQPath(x.ravel(), np.nan_to_num(y).ravel(), connect=ends.ravel())
            if not strong and len(rows) > 200:
                colour.setAlphaF(colour.alphaF() * 0.6)
            painter.setPen(QPen(colour, 1.6 if strong else 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        if strong or not len(rows):
            return
        self._ticks(painter)

    def _ticks(self, painter: QPainter) -> None:
        """Numbers beside the axes, over the lines so that they can be read."""
        for axis, at in enumerate(self.places()):
            low, high = float(self.points.low[axis]), float(self.points.high[axis])
            for value in nice_ticks(low, high, int(self._height() // 60)):
                y = TOP + (1 - (value - low) / (high - low)) * self._height()
                text = tick_text(value)
                width = painter.fontMetrics().horizontalAdvance(text) + 8
                room = QRectF(at - width - 4, y - 9, width, 18)
                back = QColor(theme.palette.surface)
                back.setAlphaF(0.75)
                painter.fillRect(room, back)
                self.write(painter, room, text, Qt.AlignmentFlag.AlignCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The kept ranges on top."""
        super().paintEvent(event)
        painter = QPainter(self)
        fill = QColor(theme.palette.accent)
        fill.setAlphaF(0.3)
        for axis, (low, high) in self.kept.items():
            at = self.places()[axis]
            top, bottom = TOP + (1 - high) * self._height(), TOP + (1 - low) * self._height()
            painter.fillRect(QRectF(at - HANDLE, top, 2 * HANDLE, bottom - top), fill)
            painter.setPen(QPen(QColor(theme.palette.accent), 1))
            painter.drawRect(QRectF(at - HANDLE, top, 2 * HANDLE, bottom - top))
        painter.end()

    def axis_at(self, x: float) -> int:
        """The axis that is nearest to a place."""
        return int(np.argmin(np.abs(self.places() - x)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep a range on the axis where the drag began; a click on an axis gives it free again."""
        if self._pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        began, ended = self._pressed, event.position()
        self._pressed, self.band = None, None
        axis = self.axis_at(began.x())
        if abs(ended.y() - began.y()) < CLICK_PX:
            self.kept.pop(axis, None)
        else:
            shares = sorted(1 - (place.y() - TOP) / self._height() for place in (began, ended))
            self.kept[axis] = (max(0.0, shares[0]), min(1.0, shares[1]))
        self._own = True
        try:
            self.points.choose(self._between())
        finally:
            self._own = False
        self.redraw()

    def _between(self) -> Array:
        if not self.kept:
            return np.zeros(len(self.points.chosen), dtype=bool)
        shares = self.points.shares
        hit = np.ones(len(shares), dtype=bool)
        for axis, (low, high) in self.kept.items():
            hit &= (shares[:, axis] >= low) & (shares[:, axis] <= high)
        return hit

    def inside(self, _band: QRectF) -> Array:
        return self._between()

    def nearest(self, place: QPointF) -> int | None:
        """The row whose line passes within reach of a place."""
        places = self.places()
        if len(places) < 2 or not places[0] <= place.x() <= places[-1] or not len(self.points.values):
            return None
        right = min(len(places) - 1, max(1, int(np.searchsorted(places, place.x()))))
        part = (place.x() - places[right - 1]) / (places[right] - places[right - 1])
        shares = self.points.shares
        height = shares[:, right - 1] * (1 - part) + shares[:, right] * part
        away = np.abs(TOP + (1 - height) * self._height() - place.y())
        away = np.where(np.isfinite(away), away, np.inf)
        at = int(np.argmin(away))
        return at if away[at] <= 4 else None

    def show_all(self) -> None:
        self.kept.clear()
        super().show_all()
        self.redraw()
