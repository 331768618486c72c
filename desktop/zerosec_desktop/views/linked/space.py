"""Three columns in space: a drag turns, a drag with Shift chooses, the wheel comes nearer. Drawn without OpenGL, parallel perspective."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent

from zerosec_desktop.resources.theme import theme
from zerosec_desktop.views.linked.points import Array, LinkedPoints
from zerosec_desktop.views.linked.surface import Surface, closest
from zerosec_desktop.widgets.number_format import format_number

__all__ = ["SpaceSurface"]

TURN, TILT = -0.62, 0.42
NEAREST, FARTHEST = 0.4, 6.0
STEP = 0.12
CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float64)


class SpaceSurface(Surface):
    """`shown` are the numbers of the three columns."""

    def __init__(self, points: LinkedPoints) -> None:
        super().__init__(points)
        self.shown = tuple(range(min(3, len(points.axes))))
        self.turn, self.tilt, self.zoom = TURN, TILT, 1.0
        self._grip: QPointF | None = None

    def show_axes(self, axes: tuple[int, ...]) -> None:
        """Show other columns."""
        self.shown = axes
        self.redraw()

    def project(self, unit: Array) -> tuple[Array, Array, Array]:
        """Pixels and depth of points in the unit cube (n x 3; the third is up)."""
        about = unit - 0.5
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        x = about[:, 0] * cos - about[:, 1] * sin
        depth = about[:, 0] * sin + about[:, 1] * cos
        tilt_cos, tilt_sin = np.cos(self.tilt), np.sin(self.tilt)
        y = about[:, 2] * tilt_cos + depth * tilt_sin
        away = depth * tilt_cos - about[:, 2] * tilt_sin
        scale = 0.6 * min(self.width(), self.height()) * self.zoom
        return self.width() / 2 + x * scale, self.height() / 2 - y * scale, away

    def background(self, painter: QPainter) -> None:
        if len(self.shown) < 3:
            return
        x, y, away = self.project(CORNERS)
        back = int(np.argmax(away))
        for one in range(8):
            for other in range(one + 1, 8):
                if np.abs(CORNERS[one] - CORNERS[other]).sum() == 1:
                    hidden = back in (one, other)
                    pen = QPen(QColor(theme.palette.border if hidden else theme.palette.border_strong), 1)
                    painter.setPen(pen)
                    painter.drawLine(QPointF(x[one], y[one]), QPointF(x[other], y[other]))
        self._names(painter)

    def _names(self, painter: QPainter) -> None:
        """Each axis's name in the middle of its lowest edge, its ends at both corners."""
        for axis, column_at in enumerate(self.shown):
            edges = []
            others = [other for other in range(3) if other != axis]
            for first in (0.0, 1.0):
                for second in (0.0, 1.0):
                    ends = np.zeros((2, 3))
                    ends[:, others[0]], ends[:, others[1]] = first, second
                    ends[1, axis] = 1.0
                    px, py, _ = self.project(ends)
                    reach = abs(px.mean() - self.width() / 2) if axis == 2 else py.mean()
                    edges.append((reach, px, py))
            _, px, py = max(edges, key=lambda edge: edge[0])
            column = self.points.axes[column_at]
            text = column.heading
            away = np.array([px.mean() - self.width() / 2, py.mean() - self.height() / 2])
            away = away / (np.hypot(*away) or 1.0)
            places = [
                (px.mean() + 34 * away[0], py.mean() + 26 * away[1], text, theme.palette.text, 200.0),
                (px[0] + 0.08 * (px[1] - px[0]) + 20 * away[0], py[0] + 0.08 * (py[1] - py[0]) + 13 * away[1], format_number(float(self.points.low[column_at]), 3), "", 70.0),
                (px[1] - 0.08 * (px[1] - px[0]) + 20 * away[0], py[1] - 0.08 * (py[1] - py[0]) + 13 * away[1], format_number(float(self.points.high[column_at]), 3), "", 70.0),
            ]  # fmt: skip
            for at_x, at_y, shown, colour, width in places:
                left = min(max(2.0, at_x - width / 2), max(2.0, self.width() - width - 2))
                room = QRectF(left, at_y - 8, width, 17)
                self.write(painter, room, shown, Qt.AlignmentFlag.AlignCenter, colour)

    def _pixels(self, rows: Array) -> tuple[Array, Array, Array]:
        return self.project(self.points.shares[rows][:, list(self.shown)])

    def draw_points(self, painter: QPainter, rows: Array, colour: QColor, *, strong: bool) -> None:
        if len(self.shown) == 3:
            x, y, _ = self._pixels(rows)
            size = 7.0 if strong else 5.5 if len(self.points.values) < 1500 else 4.0
            self.dots(painter, x, y, colour, size)

    def inside(self, band: QRectF) -> Array:
        if len(self.shown) < 3:
            return np.zeros(len(self.points.chosen), dtype=bool)
        x, y, _ = self._pixels(np.arange(len(self.points.values)))
        return np.asarray((x >= band.left()) & (x <= band.right()) & (y >= band.top()) & (y <= band.bottom()))

    def nearest(self, place: QPointF) -> int | None:
        if len(self.shown) < 3:
            return None
        x, y, _ = self._pixels(np.arange(len(self.points.values)))
        return closest(x, y, place)

    # turning

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Turn, or choose with Shift, Ctrl or Alt."""
        if event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._grip = event.position()
            self.setFocus()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn with the pointer."""
        if self._grip is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position() - self._grip
        self._grip = event.position()
        self._turn_by(moved.x() * 0.01, moved.y() * 0.01)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._grip is not None:
            self._grip = None
        else:
            super().mouseReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Come nearer with Ctrl; without it the page scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._come(1.15 if event.angleDelta().y() > 0 else 1 / 1.15)
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows turn, + and − come nearer and go farther, Home is where it began."""
        turns = {
            Qt.Key.Key_Left: (-STEP, 0.0), Qt.Key.Key_Right: (STEP, 0.0), Qt.Key.Key_Up: (0.0, -STEP), Qt.Key.Key_Down: (0.0, STEP),
        }  # fmt: skip
        if event.key() in turns:
            self._turn_by(*turns[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self._come(1.15)
        elif event.key() == Qt.Key.Key_Minus:
            self._come(1 / 1.15)
        elif event.key() == Qt.Key.Key_Home:
            self.turn, self.tilt, self.zoom = TURN, TILT, 1.0
            self.redraw()
        else:
            super().keyPressEvent(event)

    def _turn_by(self, turn: float, tilt: float) -> None:
        self.turn += turn
        self.tilt = float(np.clip(self.tilt + tilt, -np.pi / 2, np.pi / 2))
        self.redraw()

    def _come(self, factor: float) -> None:
        self.zoom = float(np.clip(self.zoom * factor, NEAREST, FARTHEST))
        self.redraw()

    def show_all(self) -> None:
        self.turn, self.tilt, self.zoom = TURN, TILT, 1.0
        super().show_all()
        self.redraw()
