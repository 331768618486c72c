"""A ring around what has the focus, where it came by the keyboard: a click needs none, and a window that opens has none."""

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from zerosec_desktop.controls import set_property

__all__ = ["FocusRing"]


class FocusRing(QObject):
    """Marks the button that has the focus as `keyed`, which the style sheet asks for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._moved)

    @Slot(QWidget, QWidget)
    def _moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractButton):
            pointed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
            set_property(now, "keyed", "false" if pointed else "true")
