"""A page that scrolls, with its content in a column of readable width. What most screens are made of."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.resources.tokens import Space

__all__ = ["Page"]


class _Outer(QWidget):
    """As high as its texts need at its width. Its least size would count their lines at a smaller one, and end in blank space."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        layout = self.layout()
        return QSize(least.width(), 0) if layout is not None and layout.hasHeightForWidth() else least


class _Column(QVBoxLayout):
    """Counts its lines at the width it has at most: Qt asks for the height at all the width there is."""

    def __init__(self, column: QWidget) -> None:
        super().__init__(column)
        self._column = column

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(min(width, self._column.maximumWidth()))

    def minimumHeightForWidth(self, width: int) -> int:
        return super().minimumHeightForWidth(min(width, self._column.maximumWidth()))


class Page(QScrollArea):
    """`body` is the column; it is at most `width` px wide and stays in the middle."""

    def __init__(self, width: int = 1120) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = _Outer()
        outer.setProperty("surface", "clear")
        around = self._around = QVBoxLayout(outer)
        around.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.XXLARGE)
        inner = QWidget()
        inner.setMaximumWidth(width)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.body = _Column(inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(Space.MEDIUM)
        around.addWidget(inner)
        around.addStretch(1)
        self.setWidget(outer)

    def align_left_edge(self) -> None:
        """No margin at the left, where what surrounds the page has one."""
        self._around.setContentsMargins(0, Space.MEDIUM, Space.LARGE, Space.XXLARGE)
