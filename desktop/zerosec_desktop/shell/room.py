"""Where a screen stands: it has at least the room it needs, and in a smaller window it scrolls instead of being cut off."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

__all__ = ["Room"]


class _Filled(QWidget):
    """As large as the room, and never smaller than its screen must be.

    Without a layout: a scroll area would give one with texts that wrap all the height they would like, though the screen scrolls within.
    """

    def __init__(self, screen: QWidget) -> None:
        super().__init__()
        self.setProperty("surface", "clear")
        self._screen = screen
        screen.setParent(self)

    def minimumSizeHint(self) -> QSize:
        return self._screen.minimumSizeHint().expandedTo(self._screen.minimumSize())

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._screen.setGeometry(self.rect())


class Room(QScrollArea):
    """Holds one screen. Asks the window for no room of its own, so that a small window can show any screen."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(_Filled(screen))
        screen.show()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
