"""A place on a page where one message stands at a time."""

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from zerosec_desktop.controls import Message
from zerosec_desktop.problems import in_words

__all__ = ["Said"]


class Said(QWidget):
    """Empty, or one message; the newest replaces the one before."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self.message: Message | None = None
        self.hide()

    def say(self, surface: str, title: str, detail: str = "", *actions: QPushButton) -> None:
        """Show a message. Surfaces: info, success, warning, error."""
        self.clear()
        self.message = Message(surface, title, detail, *actions)
        self._stack.addWidget(self.message)
        self.show()

    def problem(self, error: Exception, *actions: QPushButton) -> None:
        """Show what went wrong, in words."""
        told = in_words(error)
        self.say("error", told.title, "\n".join(part for part in (told.detail, told.hint) if part), *actions)

    def clear(self) -> None:
        """Show nothing."""
        if self.message is not None:
            self._stack.removeWidget(self.message)
            self.message.hide()
            self.message.deleteLater()
            self.message = None
        self.hide()

    @property
    def surface(self) -> str:
        """Of the message that is shown; empty without one."""
        return "" if self.message is None else str(self.message.property("surface"))

    @property
    def words(self) -> str:
        """What is said now."""
        return "" if self.message is None else f"{self.message.title.text()} {self.message.detail.text()}"
