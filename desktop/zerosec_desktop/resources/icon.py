"""Our icons: strokes drawn in `currentColor`, coloured by a token of the theme when they are painted."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from zerosec_desktop.resources.theme import theme

__all__ = ["FOLDER", "app_icon", "icon", "pixmap"]

FOLDER = Path(__file__).parent / "icons"


class _ThemedEngine(QIconEngine):
    """Paints an icon in the colour its token has at this moment, so that a change of theme needs no new icons."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        image = _drawn(
            self._name, self._colour(mode, state), round(side * painter.device().devicePixelRatioF())
        )
        top = rect.top() + (rect.height() - side) // 2
        painter.drawImage(QRect(rect.left(), top, side, side), image)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Drawn at the left of a wider size: the rest is the gap to a button's text. `size` is before scaling (Qt 6.8)."""
        side = round(min(size.width(), size.height()) * scale)
        wide = QPixmap(size * scale)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawImage(0, (wide.height() - side) // 2, _drawn(self._name, self._colour(mode, state), side))
        painter.end()
        wide.setDevicePixelRatio(scale)
        return wide

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._token)

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        if mode == QIcon.Mode.Disabled:
            return theme.palette.border_strong
        token = "accent" if state == QIcon.State.On and self._token in {"muted", "text"} else self._token
        colour: str = getattr(theme.palette, token)
        return colour


def icon(name: str, colour: str = "text") -> QIcon:
    """An icon by the name of its file, in the colour of a token. Checked buttons show it in the accent."""
    return QIcon(_ThemedEngine(name, colour))


def pixmap(name: str, colour: str = "text", side: int = 24, ratio: float = 1.0) -> QPixmap:
    """A picture of `side` px (before scaling by `ratio`), for labels; ask again when the theme changes."""
    shade: str = getattr(theme.palette, colour)
    drawn = QPixmap.fromImage(_drawn(name, shade, round(side * ratio)))
    drawn.setDevicePixelRatio(ratio)
    return drawn


def app_icon() -> QIcon:
    """The program's own sign."""
    return QIcon(str(FOLDER / "app.svg"))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _drawn(name: str, colour: str, side: int) -> QImage:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    image = QImage(max(side, 1), max(side, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(QPoint(0, 0), QSize(side, side)))
    painter.end()
    return image
