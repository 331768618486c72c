"""Where a screen stands: it has at least the room it needs, and in a smaller window it scrolls instead of being cut off."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

__all__ = ["Room"]


class Room(QScrollArea):
    """Holds one screen. Asks the window for no room of its own, so that a small window can show any screen."""

    def __init__(self, screen: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(screen)
        screen.setProperty("surface", screen.property("surface") or "clear")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
