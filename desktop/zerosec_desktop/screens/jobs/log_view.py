"""A log: its tail as it grows, found and copied."""

from PySide6.QtGui import QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from zerosec_desktop.controls import column, label, row, tool_button
from zerosec_desktop.resources.theme import monospace

__all__ = ["LogView"]

LINES_KEPT = 20_000


class LogView(QWidget):
    """Stays at the end while the reader is there, and leaves them alone when they scrolled up."""

    def __init__(self) -> None:
        super().__init__()
        self._find = QLineEdit()
        self._find.setPlaceholderText(self.tr("Find in the log"))
        self._find.setClearButtonEnabled(True)
        self._find.textChanged.connect(self._find_first)
        self._find.returnPressed.connect(self._find_next)
        self._found = label("", "caption")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(monospace())
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setMaximumBlockCount(LINES_KEPT)
        self._text.setAccessibleName(self.tr("Log"))
        copy = tool_button("copy", self.tr("Copy the whole log"), clicked=self._copy)
        bar = row(self._find, self._found, copy)
        bar.setStretch(0, 1)
        whole = column()
        whole.addLayout(bar)
        whole.addWidget(self._text, 1)
        self.setLayout(whole)

    def set_text(self, text: str) -> None:
        """Show a whole log; what was there already is not drawn again."""
        shown = self._text.toPlainText()
        if text == shown:
            return
        if shown and text.startswith(shown):
            self.append(text[len(shown) :].removeprefix("\n"))
            return
        self._text.setPlainText(text)
        self._text.moveCursor(QTextCursor.MoveOperation.End)

    def append(self, text: str) -> None:
        """More of it."""
        bar = self._text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        self._text.appendPlainText(text.rstrip("\n"))
        if at_end:
            bar.setValue(bar.maximum())

    def clear(self) -> None:
        """Nothing yet."""
        self._text.clear()

    def _find_first(self, wanted: str) -> None:
        count = self._text.toPlainText().casefold().count(wanted.casefold()) if wanted else 0
        self._found.setText(self.tr("%n found", "", count) if wanted else "")
        self._text.moveCursor(QTextCursor.MoveOperation.Start)
        if wanted:
            self._text.find(wanted)

    def _find_next(self) -> None:
        wanted = self._find.text()
        if wanted and not self._text.find(wanted):
            self._text.moveCursor(QTextCursor.MoveOperation.Start)
            self._text.find(wanted, QTextDocument.FindFlag(0))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
