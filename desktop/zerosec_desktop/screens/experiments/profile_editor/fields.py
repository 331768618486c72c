"""Fields of the editor: a heading, a control, and what is wrong with it or what it is for below."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from zerosec_desktop.controls import label, set_property
from zerosec_desktop.resources.theme import monospace
from zerosec_desktop.resources.tokens import Space

__all__ = ["ChoiceField", "FormulaField", "LineField"]


class _Field(QWidget):
    """`edited` comes with every change of the user's, `left` when the attention moves on."""

    edited = Signal(str)
    left = Signal()

    def __init__(self, title: str, control: QWidget, hint: str) -> None:
        super().__init__()
        self._hint, self._control = hint, control
        heading = label(title)
        heading.setBuddy(control)
        control.setAccessibleName(title)
        self.told = label(hint, "caption", wrap=True)
        self.told.setVisible(bool(hint))
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(Space.TINY)
        for widget in (heading, control, self.told):
            stack.addWidget(widget)

    def explain(self, hint: str) -> None:
        """What it is for."""
        self._hint = hint

    def show_problem(self, text: str) -> None:
        """Mark it, and say what is wrong; empty: nothing is."""
        set_property(self._control, "problem", "true" if text else "false")
        set_property(self.told, "role", "error" if text else "caption")
        self.told.setText(text or self._hint)
        self.told.setVisible(bool(text or self._hint))
        self._control.setAccessibleDescription(text or self._hint)

    def usable(self, *, able: bool, why_not: str = "") -> None:
        """Whether it can be written in, and why not."""
        self._control.setEnabled(able)
        self._control.setToolTip("" if able else why_not)


def _not_of_a_field(event: QKeyEvent) -> bool:
    """Undo and redo are the editor's: a field passes them on."""
    keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
    return any(event.matches(key) for key in keys)


class _Line(QLineEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _not_of_a_field(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Box(QPlainTextEdit):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _not_of_a_field(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class LineField(_Field):
    """One line."""

    def __init__(self, title: str, hint: str = "", example: str = "") -> None:
        self.line = _Line()
        self.line.setPlaceholderText(example)
        super().__init__(title, self.line, hint)
        self.line.textEdited.connect(self.edited)
        self.line.editingFinished.connect(self.left)

    def put(self, text: str) -> None:
        """Show a text; the cursor of who is writing it stays."""
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)  # a long text is read from its beginning

    @property
    def text(self) -> str:
        """What is written."""
        return self.line.text()


class FormulaField(_Field):
    """A few lines of a formula."""

    def __init__(self, title: str, hint: str = "", example: str = "") -> None:
        self.box = _Box()
        self.box.setFont(monospace())
        self.box.setFixedHeight(60)
        self.box.setTabChangesFocus(True)
        self.box.setPlaceholderText(example)
        self._putting = False
        super().__init__(title, self.box, hint)
        self.box.textChanged.connect(self._changed)

    def put(self, text: str) -> None:
        """Show a text; the cursor of who is writing it stays."""
        if text != self.box.toPlainText():
            self._putting = True
            self.box.setPlainText(text)
            self.box.moveCursor(QTextCursor.MoveOperation.End)
            self._putting = False

    def _changed(self) -> None:
        if not self._putting:
            self.edited.emit(self.box.toPlainText())


class ChoiceField(_Field):
    """One of several, each a value and what it is called; a value that is none of them is shown as it is."""

    def __init__(self, title: str, example: str = "") -> None:
        self.box = QComboBox()
        self.box.setPlaceholderText(example)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        super().__init__(title, self.box, "")
        self.box.activated.connect(self._chosen)

    def offer(self, choices: Sequence[tuple[str, str]], value: str) -> None:
        """Offer these, and show the value."""
        known = {each for each, _ in choices}
        wanted = [*choices, *([(value, value)] if value and value not in known else [])]
        if wanted != [(self.box.itemData(at), self.box.itemText(at)) for at in range(self.box.count())]:
            self.box.clear()
            for each, called in wanted:
                self.box.addItem(called, each)
        self.box.setCurrentIndex(self.box.findData(value) if value else -1)

    def _chosen(self, at: int) -> None:
        self.edited.emit(str(self.box.itemData(at)))
