"""A million points as an image of their density: counted anew for what is in sight, so that zooming shows more.

The points are kept in order of x, so that only those in sight are looked at; drawing as many symbols would take seconds.
"""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot
from PySide6.QtGui import QPainter

from zerosec_desktop.resources.theme import theme

__all__ = ["DENSITY_FROM", "DensityItem", "counts_in"]

DENSITY_FROM = 50_000
"""From so many points on, a scatter is drawn as a density."""

Array = np.ndarray[Any, Any]


def counts_in(x: Array, y: Array, rect: QRectF, width: int, height: int) -> Array:
    """How many points fall into each of width x height cells of a rectangle: an array (width, height) of int.

    The right and the upper edge belong to the last cell, so that no point of the whole range is lost.
    """
    width, height = max(1, width), max(1, height)
    if rect.width() <= 0 or rect.height() <= 0 or not len(x):
        return np.zeros((width, height), dtype=np.int64)
    column = ((x - rect.left()) * (width / rect.width())).astype(np.int32)
    row = ((y - rect.top()) * (height / rect.height())).astype(np.int32)
    inside = (x >= rect.left()) & (x <= rect.right()) & (y >= rect.top()) & (y <= rect.bottom())
    np.minimum(column, width - 1, out=column)
    np.minimum(row, height - 1, out=row)
    cells = column * height + row
    if not inside.all():
        cells = cells[inside]
    return np.bincount(cells, minlength=width * height).reshape(width, height)


class DensityItem(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph has no types
    """A cloud of points. Its bounds are those of the points; the image inside covers what is in sight."""

    def __init__(self, x: Array, y: Array, colour: str) -> None:
        super().__init__()
        usable = np.isfinite(x) & np.isfinite(y)
        order = np.argsort(x[usable], kind="stable")
        self._x = np.ascontiguousarray(x[usable][order], dtype=np.float64)
        self._y = np.ascontiguousarray(y[usable][order], dtype=np.float64)
        self._colour = colour
        self._shown: tuple[float, ...] = ()
        self._bounds = QRectF(0, 0, 1, 1)
        if len(self._x):
            left, right = float(self._x[0]), float(self._x[-1])
            low, high = float(self._y.min()), float(self._y.max())
            self._bounds = QRectF(left, low, max(right - left, 1e-12), max(high - low, 1e-12))
        self.image = pg.ImageItem(parent=self)
        self.counts: Array = np.zeros((1, 1), dtype=np.int64)
        self._recolour()
        theme.changed.connect(self._recolour)

    def boundingRect(self) -> QRectF:
        """The rectangle of all points."""
        return self._bounds

    def paint(self, _painter: QPainter, *_arguments: Any) -> None:
        """Nothing: the image inside paints itself."""

    def viewRangeChanged(self) -> None:
        """Count again for what is in sight."""
        self._count()

    def viewTransformChanged(self) -> None:
        """Count again when the view was zoomed or resized."""
        self._count()

    def _count(self) -> None:
        box = self.getViewBox()
        if not isinstance(box, pg.ViewBox) or not len(self._x):
            return  # while it is put on the plot, pyqtgraph names the widget as its view
        sight = box.viewRect().intersected(self._bounds)
        pixel_x, pixel_y = box.viewPixelSize() if box.width() > 0 and box.height() > 0 else (0.0, 0.0)
        if sight.isEmpty() or not pixel_x or not pixel_y:
            return
        width = max(16, min(1024, round(sight.width() / pixel_x / 2)))
        height = max(16, min(1024, round(sight.height() / pixel_y / 2)))
        wanted = (sight.left(), sight.top(), sight.width(), sight.height(), width, height)
        if wanted == self._shown:
            return
        self._shown = wanted
        first, last = np.searchsorted(self._x, (sight.left(), sight.right()), side="left")
        last = max(last, np.searchsorted(self._x, sight.right(), side="right"))
        self.counts = counts_in(self._x[first:last], self._y[first:last], sight, width, height)
        shades = np.log1p(self.counts, dtype=np.float32)
        self.image.setImage(shades, autoLevels=False, levels=(0.0, max(1.0, float(shades.max()))))
        self.image.setRect(sight)

    @Slot()
    def _recolour(self) -> None:
        colour = pg.mkColor(self._colour)
        steps = np.linspace(0, 1, 64)
        table = np.zeros((64, 4), dtype=np.ubyte)
        table[:, 0], table[:, 1], table[:, 2] = colour.red(), colour.green(), colour.blue()
        table[:, 3] = ((0.18 + 0.82 * steps) * 255).astype(np.ubyte)
        table[0, 3] = 0
        self.image.setLookupTable(table)
