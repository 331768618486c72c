"""A log: its tail as it grows, found and copied."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from zerosec_desktop.controls import column, label, row, tool_button
from zerosec_desktop.resources.theme import monospace
from zerosec_desktop.wording import size

__all__ = ["LogView"]

LINES_KEPT = 20_000


class LogView(QWidget):
    """Stays at the end while the reader is there, and leaves them alone when they scrolled up."""

    save_wanted = Signal()

    def __init__(self, *, saved: bool = False) -> None:
        super().__init__()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find in the log"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find_first)
        self.search.returnPressed.connect(self._find_next)
        self.found = label("", "caption")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setFont(monospace())
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setMaximumBlockCount(LINES_KEPT)
        self._text.setAccessibleName(self.tr("Log"))
        self._text.setPlaceholderText(self.tr("Nothing stands in the log."))
        self._earlier = label("", "caption", wrap=True)
        self._earlier.hide()
        self.copy_button = tool_button("copy", self.tr("Copy what is shown"), clicked=self._copy)
        self.save_button = tool_button("save", self.tr("Save the whole log…"), clicked=self.save_wanted.emit)
        self.save_button.setVisible(saved)
        bar = row(self.search, self.found, self.copy_button, self.save_button)
        bar.setStretch(0, 1)
        whole = column()
        whole.addLayout(bar)
        whole.addWidget(self._earlier)
        whole.addWidget(self._text, 1)
        self.setLayout(whole)

    @property
    def text(self) -> str:
        """All that is shown."""
        return self._text.toPlainText()

    def begin(self, text: str, *, after_bytes: int = 0) -> None:
        """Show a log, or its end: `after_bytes` of it come before and are not shown."""
        self._text.setPlainText(text)
        self._text.moveCursor(QTextCursor.MoveOperation.End)
        self._earlier.setText(
            self.tr("The {0} before this are not shown; save the log to read them.").format(size(after_bytes))
        )
        self._earlier.setVisible(after_bytes > 0)

    def add(self, text: str) -> None:
        """What came next, be it whole lines or not."""
        bar = self._text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        end = QTextCursor(self._text.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        end.insertText(text)
        if at_end:
            bar.setValue(bar.maximum())

    def append(self, line: str) -> None:
        """One line more."""
        self.add(f"\n{line}" if self._text.document().characterCount() > 1 else line)

    def clear(self) -> None:
        """Nothing yet."""
        self._text.clear()
        self._earlier.hide()

    def _find_first(self, wanted: str) -> None:
        count = self._text.toPlainText().casefold().count(wanted.casefold()) if wanted else 0
        self.found.setText(self.tr("%Ln found", "", count) if wanted else "")
        self._text.moveCursor(QTextCursor.MoveOperation.Start)
        if wanted:
            self._text.find(wanted)

    def _find_next(self) -> None:
        wanted = self.search.text()
        if wanted and not self._text.find(wanted):
            self._text.moveCursor(QTextCursor.MoveOperation.Start)
            self._text.find(wanted, QTextDocument.FindFlag(0))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
