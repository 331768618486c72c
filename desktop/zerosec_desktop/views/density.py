"""A million points as an image of their density: counted anew for what is in sight, so that zooming shows more.

Counting takes some 10 ms a million points in numpy; drawing as many symbols would take seconds.
"""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Slot

from zerosec_desktop.resources.theme import theme

__all__ = ["DENSITY_FROM", "DensityItem", "counts_in"]

DENSITY_FROM = 50_000
"""From so many points on, a scatter is drawn as a density."""

Array = np.ndarray[Any, Any]


def counts_in(x: Array, y: Array, rect: QRectF, width: int, height: int) -> Array:
    """How many points fall into each of width x height cells of a rectangle: an array (width, height) of int."""
    if rect.width() <= 0 or rect.height() <= 0 or width < 1 or height < 1:
        return np.zeros((max(1, width), max(1, height)), dtype=np.int64)
    column = (x - rect.left()) * (width / rect.width())
    row = (y - rect.top()) * (height / rect.height())
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    cells = column[inside].astype(np.int32) * height + row[inside].astype(np.int32)
    return np.bincount(cells, minlength=width * height).reshape(width, height)


class DensityItem(pg.ImageItem):  # type: ignore[misc] # pyqtgraph has no types
    """The image of a cloud of points. Bounds are those of the points, whatever is in sight."""

    def __init__(self, x: Array, y: Array, colour: str) -> None:
        super().__init__()
        usable = np.isfinite(x) & np.isfinite(y)
        self._x = np.ascontiguousarray(
            x[usable], dtype=np.float32 if usable.sum() > 5_000_000 else np.float64
        )
        self._y = np.ascontiguousarray(y[usable], dtype=self._x.dtype)
        self._colour = colour
        self._shown: tuple[float, ...] = ()
        self._bounds = QRectF(0, 0, 1, 1)
        if len(self._x):
            left, right = float(self._x.min()), float(self._x.max())
            low, high = float(self._y.min()), float(self._y.max())
            self._bounds = QRectF(left, low, max(right - left, 1e-12), max(high - low, 1e-12))
        self._recolour()
        theme.changed.connect(self._recolour)

    def viewRangeChanged(self) -> None:
        """Count again for what is in sight."""
        super().viewRangeChanged()
        self._count()

    def viewTransformChanged(self) -> None:
        """Count again when the view was zoomed or resized."""
        super().viewTransformChanged()
        self._count()

    def dataBounds(self, axis: int, frac: float = 1.0, orthoRange: Any = None) -> list[float]:  # noqa: N803
        """Range of the points along an axis, for showing all."""
        edges = self._bounds
        return [edges.left(), edges.right()] if axis == 0 else [edges.top(), edges.bottom()]

    def boundingRect(self) -> QRectF:
        """The rectangle of the image in its own cells."""
        return QRectF(super().boundingRect())

    def _count(self) -> None:
        box = self.getViewBox()
        if box is None or not len(self._x):
            return
        sight = box.viewRect()
        pixels = box.screenGeometry() if box.scene() is not None and box.scene().views() else None
        width = max(32, (pixels.width() if pixels is not None else 640) // 2)
        height = max(32, (pixels.height() if pixels is not None else 400) // 2)
        wanted = (sight.left(), sight.top(), sight.width(), sight.height(), width, height)
        if wanted == self._shown:
            return
        self._shown = wanted
        counts = counts_in(self._x, self._y, sight, int(width), int(height))
        self.setImage(
            np.log1p(counts).astype(np.float32),
            autoLevels=False,
            levels=(0.0, max(1.0, float(np.log1p(counts.max())))),
        )
        self.setRect(sight)

    @Slot()
    def _recolour(self) -> None:
        colour = pg.mkColor(self._colour)
        steps = np.linspace(0, 1, 64)
        table = np.zeros((64, 4), dtype=np.ubyte)
        table[:, 0], table[:, 1], table[:, 2] = colour.red(), colour.green(), colour.blue()
        table[:, 3] = (np.where(steps > 0, 0.18 + 0.82 * steps, 0.0) * 255).astype(np.ubyte)
        table[0, 3] = 0
        self.setLookupTable(table)
