"""The screens with a panel at their right edge: beside them where there is room for both, else over them, so that no screen is squeezed."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

__all__ = ["ROOM_BESIDE", "Drawer"]

ROOM_BESIDE = 880
"""With less width than this left, a screen would have to scroll sideways."""


class Drawer(QWidget):
    """`panel` keeps its width, and is as high as `content`."""

    def __init__(self, content: QWidget, panel: QWidget) -> None:
        super().__init__()
        self._content, self._panel = content, panel
        content.setParent(self)
        panel.setParent(self)
        panel.installEventFilter(self)

    @property
    def over(self) -> bool:
        """Whether the panel stands over the content when it is open."""
        return self.width() - self._panel.width() < ROOM_BESIDE

    def minimumSizeHint(self) -> QSize:
        return self._content.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._arrange()
        return False

    def _arrange(self) -> None:
        width, height, wide = self.width(), self.height(), self._panel.width()
        beside = not self._panel.isHidden() and not self.over
        self._content.setGeometry(0, 0, width - wide if beside else width, height)
        self._panel.setGeometry(width - wide, 0, wide, height)
        self._panel.raise_()
