"""A model formula: names are checked against the file while they are typed, offered by completion, and put in by a click."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QStringListModel, Qt, Slot
from PySide6.QtGui import QKeyEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QCompleter, QListView, QMenu, QPlainTextEdit, QWidget

from zerosec_desktop.controls import button, row
from zerosec_desktop.resources.icon import icon
from zerosec_desktop.resources.theme import monospace, theme
from zerosec_desktop.widgets.form.columns import ColumnInfo, kind_icon
from zerosec_desktop.widgets.form.editors import Editor
from zerosec_desktop.widgets.form.formula_names import (
    FormulaProblem,
    formula_names,
    formula_problems,
    name_at,
    quoted,
)
from zerosec_desktop.widgets.form.schema import FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = ["FormulaEditor"]


class _Highlighter(QSyntaxHighlighter):
    """Known names in the accent, unknown ones underlined."""

    def __init__(self, document: QTextDocument, spec: FieldSpec) -> None:
        super().__init__(document)
        self.columns: tuple[str, ...] = ()
        self._spec = spec
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        known, wrong = QTextCharFormat(), QTextCharFormat()
        known.setForeground(theme.colour("accent"))
        wrong.setUnderlineColor(theme.colour("error"))
        wrong.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        if not self.columns or self._stands_for_one(text):
            return
        for name in formula_names(text):
            if name.name in self.columns:
                self.setFormat(name.start, name.end - name.start, known)
        for problem in self.problems(text):
            self.setFormat(problem.start, problem.end - problem.start, wrong)

    def problems(self, text: str) -> list[FormulaProblem]:
        """What is wrong in it; where it may have constants, every name is one or a column."""
        if self._stands_for_one(text):
            return []
        return [
            problem
            for problem in formula_problems(text, self.columns)
            if not (self._spec.constants and problem.code == "unknown_name")
        ]

    def _stands_for_one(self, text: str) -> bool:
        return text.strip().lower() in self._spec.keywords


class FormulaEditor(Editor):
    """A few lines of formula."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec)
        self.text = QPlainTextEdit()
        self.text.setFont(monospace())
        self.text.setFixedHeight(76)
        self.text.setTabChangesFocus(True)
        if not spec.min_length:
            self.text.setPlaceholderText(self.tr("empty: every other column"))
        self.text.installEventFilter(self)
        self._highlighter = _Highlighter(self.text.document(), spec)
        self._columns: tuple[ColumnInfo, ...] = ()
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setWidget(self.text)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.activated.connect(self._complete)
        self._popup = self._completer.popup() or QListView()
        self._insert = button(self.tr("Insert a column"), "link", icon_name="plus", clicked=self._offer)
        self._insert.setEnabled(False)
        self._insert.setToolTip(self.tr("Choose a data file first."))
        self._layout.addWidget(self.text)
        self._layout.addLayout(row(self._insert, None))
        self._showing = False
        self.text.textChanged.connect(self._edited)

    def set_columns(self, columns: Sequence[ColumnInfo]) -> None:
        """See Editor."""
        self._columns = tuple(columns)
        self._highlighter.columns = tuple(column.name for column in columns)
        self._names.setStringList([*(column.name for column in columns), *self.spec.keywords])
        self._insert.setEnabled(bool(columns))
        self._insert.setToolTip("" if columns else self.tr("Choose a data file first."))
        self._showing = True
        self._highlighter.rehighlight()
        self._showing = False

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        text = value if isinstance(value, str) else ""
        if text != self.text.toPlainText():
            self._showing = True
            self.text.setPlainText(text)
            self._showing = False

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.text

    def problem(self) -> str:
        """A sentence for the first thing wrong with the names, or an empty text."""
        if not self._columns:
            return ""
        for problem in self._highlighter.problems(self.text.toPlainText()):
            if problem.code == "open_quote":
                return self.tr("A backtick ( ` ) is not closed.")
            if problem.code == "open_bracket":
                return self.tr("A bracket is not closed.")
            if problem.code == "close_bracket":
                return self.tr("A bracket is closed that was not opened.")
            if problem.nearest:
                return self.tr("The file has no column “{0}”. Did you mean {1}?").format(
                    problem.name, ", ".join(quoted(name) for name in problem.nearest)
                )
            return self.tr("The file has no column “{0}”.").format(problem.name)
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the list of completions take its keys; notice that the attention moves on."""
        if event.type() == QEvent.Type.FocusOut:
            self.committed.emit()
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._popup.isVisible()
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab}
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _edited(self) -> None:
        if self._showing:
            return
        text = self.text.toPlainText()
        self.changed.emit(text)
        typed = name_at(text, self.text.textCursor().position())
        if (
            typed is None
            or len(typed.name) < 2
            or typed.name in self._highlighter.columns
            or text.strip().lower() in self.spec.keywords
            or not self.text.hasFocus()
        ):
            self._popup.hide()
            return
        self._completer.setCompletionPrefix(typed.name)
        if self._completer.completionCount():
            place = self.text.cursorRect()
            place.setWidth(260)
            self._completer.complete(place)
        else:
            self._popup.hide()

    @Slot(str)
    def _complete(self, name: str) -> None:
        cursor = self.text.textCursor()
        typed = name_at(self.text.toPlainText(), cursor.position())
        if typed is not None:
            cursor.setPosition(typed.start)
            cursor.setPosition(typed.end, cursor.MoveMode.KeepAnchor)
        cursor.insertText(name if name in self.spec.keywords else quoted(name))
        self.text.setTextCursor(cursor)

    @Slot()
    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._columns[:400]:
            action = menu.addAction(icon(kind_icon(column.kind), "muted"), column.name.replace("&", "&&"))
            action.setData(column.name)
        menu.triggered.connect(self._insert_column)
        menu.popup(self._insert.mapToGlobal(QPoint(0, self._insert.height())))

    @Slot(object)
    def _insert_column(self, action: QObject) -> None:
        name = str(action.data())  # type: ignore[attr-defined]
        cursor = self.text.textCursor()
        before = self.text.toPlainText()[: cursor.position()].rstrip()
        joined = quoted(name) if not before or before[-1] in "+-*:(^" else f" + {quoted(name)}"
        cursor.insertText(joined)
        self.text.setTextCursor(cursor)
        self.text.setFocus()
