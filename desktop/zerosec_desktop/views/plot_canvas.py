"""The plotting surface all plot views share: our colours on pyqtgraph, zoom, pan, reset, and what is under the pointer.

Importing this module imports pyqtgraph and numpy (0.6 s): only `views.registry` does, when a plot is first shown.
"""

import html
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from zerosec_desktop.resources.exponents import POWER, exponent_font, split_power
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import TypeScale
from zerosec_desktop.widgets.number_format import format_number

__all__ = ["MARGINS", "PlotCanvas", "ReadOut", "axis_numbers"]

MARGINS = (4, 8, 16, 4)
"""Around a plot in px: left, top, right, bottom."""

_REACH_PX = 28
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_NAME = 24
_SLANT = 38
"""Degrees a name rises where names have no room side by side."""
_NAMES_SIDE_BY_SIDE_PX = 460
"""The width of a plot in its card in a window of usual size."""
_BETWEEN_NAMES_PX = 8
_MARGIN_PLACES = 0.5
"""How far a plot of bars reaches beyond the first and the last of them, together, in their distance."""


class ReadOut:
    """Points the pointer can read: pixel-nearest wins. `texts` are made on demand by `describe`."""

    def __init__(self, x: "np.ndarray[Any, Any]", y: "np.ndarray[Any, Any]", describe: Any) -> None:
        usable = np.isfinite(x) & np.isfinite(y)
        self.numbers = np.flatnonzero(usable)
        self.x, self.y = x[usable], y[usable]
        self.describe = describe

    def nearest(self, x: float, y: float, scale_x: float, scale_y: float) -> tuple[float, int] | None:
        """Distance in pixels and number of the nearest point; scales are pixels per unit."""
        if not len(self.x):
            return None
        distance = ((self.x - x) * scale_x) ** 2 + ((self.y - y) * scale_y) ** 2
        at = int(np.argmin(distance))
        return float(distance[at]) ** 0.5, at


class _Axis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph has no types
    """An axis of numbers, or of names: slanted where they would not fit side by side; only as many as have room are written."""

    slanted = Signal()
    least_width = 0.0
    """Of the left axis: room for slanted names below, which begin to the left of their tick."""
    overhang = 0.0
    """Of the bottom axis: how far a slanted name reaches beyond the plot, to the left."""

    def __init__(self, orientation: str) -> None:
        self._names: tuple[str, ...] = ()  # before Qt's part is made: that sizes it
        self._longest = 0.0
        self._slanted = False
        super().__init__(orientation)

    def _updateWidth(self) -> None:
        super()._updateWidth()
        if 0 < self.minimumWidth() < self.least_width:
            self.setMaximumWidth(self.least_width)
            self.setMinimumWidth(self.least_width)

    def set_names(self, names: Sequence[str]) -> None:
        """Write names, one a whole number from 0."""
        self._names = tuple(
            name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…" for name in names
        )
        font = QFont()
        font.setPixelSize(TypeScale.CAPTION)
        metrics = QFontMetricsF(font)
        self._longest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        if self.orientation == "left":
            self.setWidth(
                int(self._longest) + (16 if self.label is None or not self.label.isVisible() else 36)
            )
        else:
            self._slant_if_needed(_NAMES_SIDE_BY_SIDE_PX)

    def resizeEvent(self, event: Any = None) -> None:
        """Names that fitted may have no room any more."""
        super().resizeEvent(event)
        view = self.getViewWidget()
        if self.orientation == "bottom" and self._names and view is not None and view.isVisible():
            self._slant_if_needed(self.size().width())

    def _slant_if_needed(self, wide: float) -> None:
        """Slant the names where an axis so wide has no room for them side by side. They stay so: a plot that is drawn wider and
        narrower in turn does not flicker."""
        if self._slanted or (len(self._names) + _MARGIN_PLACES) * (self._longest + _BETWEEN_NAMES_PX) <= wide:
            return
        self._slanted = True
        self.setStyle(hideOverlappingLabels=False)
        titled = self.label is not None and self.label.isVisible()
        self.setHeight(int(self._longest * math.sin(math.radians(_SLANT))) + (44 if titled else 22))
        share = wide / (len(self._names) + 1)
        level = math.cos(math.radians(_SLANT))
        font = QFont()
        font.setPixelSize(TypeScale.CAPTION)
        metrics = QFontMetricsF(font)
        self.overhang = max(
            metrics.horizontalAdvance(name) * level - place * share for place, name in enumerate(self._names)
        )
        self.slanted.emit()

    def tickValues(self, minimum: float, maximum: float, size: float) -> Any:
        """Places of the names that have room; pyqtgraph's own for numbers."""
        if not self._names:
            return super().tickValues(minimum, maximum, size)
        minimum, maximum = sorted((minimum, maximum))  # upside down on an inverted axis
        room = size / max(1e-9, maximum - minimum)
        upright = self.orientation == "bottom" and not self._slanted
        needed = self._longest + _BETWEEN_NAMES_PX if upright else TypeScale.CAPTION + 4
        step = max(1, int(-(-needed // room)))
        first, last = max(0, int(np.ceil(minimum))), min(len(self._names) - 1, int(np.floor(maximum)))
        return [(step, [place for place in range(first, last + 1) if place % step == 0])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> Any:
        """The names, or numbers with a true minus sign."""
        if not self._names:
            return axis_numbers([str(text) for text in super().tickStrings(values, scale, spacing)])
        if self._slanted:  # the place of each: pyqtgraph leaves out what would be too wide if it lay flat
            return [str(int(place)) for place in values]
        return [self._names[int(place)] for place in values]

    def boundingRect(self) -> QRectF:
        """Slanted names reach to the left of the first tick."""
        bounds: QRectF = super().boundingRect()
        return bounds.adjusted(-self._longest, 0, 0, 0) if self._slanted else bounds

    def drawPicture(self, painter: QPainter, axis: Any, ticks: Any, texts: Any) -> None:
        """Draw the axis; slanted names end below their tick."""
        if not self._slanted:
            powers = [spec for spec in texts if POWER in spec[2]]
            super().drawPicture(painter, axis, ticks, [spec for spec in texts if POWER not in spec[2]])
            _draw_powers(painter, powers, self.style["tickFont"] or painter.font(), self.textPen())
            return
        super().drawPicture(painter, axis, ticks, [])
        painter.setFont(self.style["tickFont"] or painter.font())
        painter.setPen(self.textPen())
        height = painter.fontMetrics().height()
        for rectangle, _, place in texts:
            painter.save()
            painter.translate(rectangle.center().x() + height / 3, rectangle.top() + 2)
            painter.rotate(-_SLANT)
            room = QRectF(-self._longest - 8, -height / 2, self._longest + 8, height)
            painter.drawText(
                room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._names[int(place)]
            )
            painter.restore()


def axis_numbers(texts: Sequence[str]) -> list[str]:
    """Numbers along an axis as they are set elsewhere: 12,000, 1.2×10⁻⁷, with a true minus sign."""
    shown = []
    for text in texts:
        mantissa, mark, power = text.partition("e")
        if mark and power.lstrip("+-").isdigit():
            raised = str(int(power)).translate(_SUPERSCRIPT)
            text = f"{mantissa}{POWER}{raised}"
        elif text.lstrip("-").isdigit() and len(text.lstrip("-")) > 4:
            text = f"{int(text):,}"
        shown.append(text.replace("-", "−"))
    return shown


def _draw_powers(painter: QPainter, texts: Any, font: QFont, pen: Any) -> None:
    """Draw numbers with a power of ten, centred or at the right as pyqtgraph has them, their exponents in one font."""
    raised = exponent_font(font)
    painter.setPen(pen)
    for rectangle, flags, text in texts:
        number, power = split_power(text)
        ahead = QFontMetricsF(font).horizontalAdvance(number)
        wide = ahead + QFontMetricsF(raised).horizontalAdvance(power)
        right = bool(int(flags) & int(Qt.AlignmentFlag.AlignRight))
        left = rectangle.right() - wide if right else rectangle.center().x() - wide / 2
        line = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for part, wears, at in ((number, font, left), (power, raised, left + ahead)):
            painter.setFont(wears)
            painter.drawText(QRectF(at, rectangle.top(), wide, rectangle.height()), int(line), part)


class PlotCanvas(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph has no types
    """A plot with our axes. Wheel zooms, dragging pans, a double click shows everything again."""

    restyled = Signal()
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {side: _Axis(side) for side in ("bottom", "left")}
        super().__init__(parent, background=None, enableMenu=False, axisItems=axes)
        self.setFrameShape(self.Shape.NoFrame)
        self.setBackgroundBrush(Qt.BrushStyle.NoBrush)
        self.setStyleSheet("background: transparent; border: 0;")
        self.setMinimumHeight(280)
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setContentsMargins(*MARGINS)
        plot.showGrid(x=True, y=True, alpha=0.08)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4, tickTextOffset=6, maxTickLevel=1)
        self.read_outs: list[ReadOut] = []
        self._labels: dict[str, str] = {}
        self._tip = QLabel(self.viewport())
        self._tip.setProperty("role", "tip")
        self._tip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tip.hide()
        self._marker = pg.ScatterPlotItem(size=11, pxMode=True)
        self._marker.setZValue(50)
        plot.addItem(self._marker, ignoreBounds=True)
        self.viewport().setMouseTracking(True)
        theme.changed.connect(self.restyle)
        self.restyle()

    def colour(self, number: int) -> str:
        """The colour of a series."""
        colours = theme.palette.plot
        return colours[number % len(colours)]

    def set_axis_title(self, side: str, text: str) -> None:
        """Name an axis. What looks like markup in a column's name is shown as it stands: pyqtgraph takes a label for HTML."""
        self._labels[side] = text
        self.getPlotItem().setLabel(side, html.escape(text), **self._label_style())

    def set_categories(self, side: str, names: Sequence[str]) -> None:
        """Put names instead of numbers along an axis, one a whole number from 0."""
        axis = self.getPlotItem().getAxis(side)
        axis.slanted.connect(self._make_room)
        axis.set_names(names)
        axis.setGrid(False)

    @Slot()
    def _make_room(self) -> None:
        """To the left of the plot, for slanted names below it."""
        left, bottom = (self.getPlotItem().getAxis(side) for side in ("left", "bottom"))
        if bottom.overhang > 0:
            left.least_width = bottom.overhang
            left._updateWidth()

    def show_all(self) -> None:
        """Zoom out to all data."""
        self.getPlotItem().getViewBox().autoRange(padding=0.04)

    @Slot()
    def restyle(self) -> None:
        """Wear the colours of the theme."""
        plot = self.getPlotItem()
        font = QFont(self.font())
        font.setPixelSize(TypeScale.CAPTION)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.palette.border_strong, width=1))
            axis.setTextPen(pg.mkPen(theme.palette.muted))
            axis.setTickFont(font)
            if side in self._labels:
                plot.setLabel(side, html.escape(self._labels[side]), **self._label_style())
        accent = theme.palette.accent
        self._marker.setPen(pg.mkPen(accent, width=2))
        self._marker.setBrush(pg.mkBrush(theme.palette.surface))
        colours = theme.palette
        self._tip.setStyleSheet(
            f"background: {colours.raised}; color: {colours.text}; border: 1px solid {colours.border};"
            f" border-radius: 4px; padding: 4px 8px; font-size: {TypeScale.CAPTION}px;"
        )
        self.restyled.emit()

    def _label_style(self) -> dict[str, str]:
        return {"color": theme.palette.muted, "font-size": f"{TypeScale.CAPTION}px"}

    # what is under the pointer

    def mouseMoveEvent(self, event: Any) -> None:
        """Show the values of the nearest point."""
        super().mouseMoveEvent(event)
        self._point_at(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at any more."""
        super().leaveEvent(event)
        self._forget()

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Zoom out to all data."""
        super().mouseDoubleClickEvent(event)
        self.show_all()

    def keyPressEvent(self, event: Any) -> None:
        """Zoom with + and −, move with the arrows, show all with Home."""
        box = self.getPlotItem().getViewBox()
        (x0, x1), (y0, y1) = box.viewRange()
        moves = {
            Qt.Key.Key_Left: (-0.1, 0), Qt.Key.Key_Right: (0.1, 0), Qt.Key.Key_Down: (0, -0.1), Qt.Key.Key_Up: (0, 0.1),
        }  # fmt: skip
        if event.key() in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            box.scaleBy((0.8, 0.8))
        elif event.key() == Qt.Key.Key_Minus:
            box.scaleBy((1.25, 1.25))
        elif event.key() == Qt.Key.Key_Home:
            self.show_all()
        elif event.key() in moves:
            dx, dy = moves[event.key()]
            box.translateBy(x=dx * (x1 - x0), y=dy * (y1 - y0))
        else:
            super().keyPressEvent(event)

    def _point_at(self, position: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        inside = box.sceneBoundingRect().contains(position)
        if not inside or not self.read_outs:
            self._forget()
            return
        at = box.mapSceneToView(position)
        pixel_x, pixel_y = box.viewPixelSize()
        best: tuple[float, ReadOut, int] | None = None
        for read_out in self.read_outs:
            found = read_out.nearest(at.x(), at.y(), 1 / pixel_x, 1 / pixel_y)
            if found is not None and (best is None or found[0] < best[0]):
                best = (found[0], read_out, found[1])
        if best is None or best[0] > _REACH_PX:
            self._forget()
            return
        _, read_out, number = best
        text = str(read_out.describe(int(read_out.numbers[number])))
        self._marker.setData([read_out.x[number]], [read_out.y[number]])
        self._tip.setText(text)
        self._tip.adjustSize()
        spot = box.mapViewToScene(QPointF(read_out.x[number], read_out.y[number])).toPoint()
        left = min(max(4, spot.x() + 12), self.viewport().width() - self._tip.width() - 4)
        top = max(4, spot.y() - self._tip.height() - 10)
        self._tip.move(left, top)
        self._tip.show()
        self.pointed.emit(text)

    def _forget(self) -> None:
        if self._tip.isVisible():
            self._tip.hide()
            self._marker.clear()
            self.pointed.emit("")


def read_number(value: float | str | None) -> str:
    """A value as the pointer reads it out."""
    if isinstance(value, str):
        return value
    return format_number(value, 6)
