"""What the sides of a linked view share: points drawn once and kept as a picture, the chosen ones on top, a rubber band."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import TypeScale
from zerosec_desktop.views.linked.points import Array, LinkedPoints
from zerosec_desktop.widgets.number_format import format_number

__all__ = ["Surface"]

SMOOTH_UP_TO = 30_000
"""Points a side are drawn with smooth edges up to so many."""
REACH_PX = 9.0
CLICK_PX = 4


class Surface(QWidget):
    """A side. Subclasses draw `background` and `points`, and say which points a rectangle or a place means."""

    def __init__(self, points: LinkedPoints) -> None:
        super().__init__()
        self.points = points
        self._kept: QPixmap | None = None
        self.band: QRectF | None = None
        self._pressed: QPointF | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(460)
        points.chosen_changed.connect(self.redraw)
        theme.changed.connect(self.redraw)

    def sizeHint(self) -> QSize:
        return QSize(760, 520)

    # to be told by each side

    def background(self, painter: QPainter) -> None:
        """Draw axes and names."""
        raise NotImplementedError

    def draw_points(self, painter: QPainter, rows: Array, colour: QColor, *, strong: bool) -> None:
        """Draw some points in a colour; chosen ones are strong."""
        raise NotImplementedError

    def inside(self, band: QRectF) -> Array:
        """Which points a rectangle drawn by the user means: a mask."""
        raise NotImplementedError

    def nearest(self, place: QPointF) -> int | None:
        """The point at a place, or None."""
        raise NotImplementedError

    # drawing

    @Slot()
    def redraw(self) -> None:
        """Draw anew at the next occasion."""
        self._kept = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._kept is None or self._kept.devicePixelRatio() != self.devicePixelRatioF():
            self._kept = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._kept)
        if self.band is not None:
            fill = QColor(theme.palette.accent)
            fill.setAlphaF(0.12)
            painter.setPen(QPen(QColor(theme.palette.accent), 1))
            painter.fillRect(self.band, fill)
            painter.drawRect(self.band)
        painter.end()

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        kept = QPixmap(self.size() * ratio)
        kept.setDevicePixelRatio(ratio)
        kept.fill(Qt.GlobalColor.transparent)
        painter = QPainter(kept)
        font = QFont(self.font())
        font.setPixelSize(TypeScale.CAPTION)
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self.points.values) <= SMOOTH_UP_TO)
        self.background(painter)
        anything = bool(self.points.chosen.any())
        for number in reversed(range(len(self.points.groups))):
            colour = QColor(self.points.colour(number))
            rows = self.points.group == number
            colour.setAlphaF(0.22 if anything else 0.45 if number else 0.8)
            self.draw_points(painter, np.flatnonzero(rows & ~self.points.chosen), colour, strong=False)
        for number in reversed(range(len(self.points.groups))):
            chosen = np.flatnonzero((self.points.group == number) & self.points.chosen)
            if len(chosen):
                self.draw_points(painter, chosen, QColor(theme.palette.plot[1]), strong=True)
        painter.end()
        return kept

    def dots(self, painter: QPainter, x: Array, y: Array, colour: QColor, size: float) -> None:
        """Draw round points at pixels; those without a place are left out."""
        usable = np.isfinite(x) & np.isfinite(y)
        count = int(usable.sum())
        if not count:
            return
        polygon: Any = pg.functions.create_qpolygonf(count)
        memory = pg.functions.ndarray_from_qpolygonf(polygon)
        memory[:, 0], memory[:, 1] = x[usable], y[usable]
        pen = QPen(colour, size)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(polygon)

    def write(
        self, painter: QPainter, area: QRectF, text: str, align: Qt.AlignmentFlag, colour: str = ""
    ) -> None:
        """A name or number; one that is too long ends in …."""
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(colour or theme.palette.muted))
        painter.drawText(area, align, metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, area.width()))

    # choosing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A rectangle begins; with Ctrl it adds to what is chosen, with Alt it takes off."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self.setFocus()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The rectangle grows, or the point under the pointer is read out."""
        if self._pressed is not None:
            self.band = QRectF(self._pressed, event.position()).normalized()
            self.update()
            return
        found = self.nearest(event.position())
        if found is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.read_out(found), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what is in the rectangle; a click chooses the point under it, or nothing."""
        if self._pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        band = QRectF(self._pressed, event.position()).normalized()
        self._pressed, self.band = None, None
        if max(band.width(), band.height()) < CLICK_PX:
            hit = np.zeros(len(self.points.chosen), dtype=bool)
            found = self.nearest(event.position())
            if found is not None:
                hit[found] = True
        else:
            hit = self.inside(band)
        keys = event.modifiers()
        self.points.choose(
            hit,
            add=bool(keys & Qt.KeyboardModifier.ControlModifier),
            take_off=bool(keys & Qt.KeyboardModifier.AltModifier),
        )
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape chooses nothing, Ctrl+A everything."""
        if event.key() == Qt.Key.Key_Escape:
            self.points.clear()
        elif event.key() == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.points.choose(np.ones(len(self.points.chosen), dtype=bool))
        else:
            super().keyPressEvent(event)

    def show_all(self) -> None:
        """Choose nothing and show everything."""
        self.points.clear()

    def read_out(self, row: int) -> str:
        """The numbers of a point."""
        lines = [self.points.groups[int(self.points.group[row])]]
        for axis, column in enumerate(self.points.axes):
            value = format_number(float(self.points.values[row, axis]), 6)
            lines.append(f"{column.label or column.name}: {value}{f' {column.unit}' if column.unit else ''}")
        return "\n".join(one for one in lines if one)


def closest(x: Array, y: Array, place: QPointF, among: Sequence[int] | Array | None = None) -> int | None:
    """The number of the point that is nearest to a place, within reach."""
    distance = (x - place.x()) ** 2 + (y - place.y()) ** 2
    distance = np.where(np.isfinite(distance), distance, np.inf)
    if not len(distance):
        return None
    at = int(np.argmin(distance))
    if distance[at] > REACH_PX**2:
        return None
    return at if among is None else int(among[at])
