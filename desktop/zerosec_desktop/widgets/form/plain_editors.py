"""Editors of several lines: lists, one item a line, and JSON for what no other editor knows."""

import json

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from zerosec_desktop.widgets.form.editors import Editor
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_integer, parse_number
from zerosec_desktop.widgets.form.schema import FieldKind, FieldSpec
from zerosec_shared.contract import JsonValue

__all__ = ["JsonEditor", "LinesEditor", "ParagraphEditor"]


class _PlainEditor(Editor):
    """Base of editors of several lines."""

    def __init__(self, spec: FieldSpec, placeholder: str) -> None:
        super().__init__(spec)
        self.text = QPlainTextEdit()
        self.text.setPlaceholderText(placeholder)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(92)
        self.text.installEventFilter(self)
        self._layout.addWidget(self.text)
        self._showing = False
        self.text.textChanged.connect(self._text_changed)

    def field_widget(self) -> QWidget:
        """See Editor."""
        return self.text

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the attention moves on."""
        if event.type() == QEvent.Type.FocusOut:
            self.committed.emit()
        return super().eventFilter(watched, event)

    def _put(self, text: str) -> None:
        self._showing = True
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
        self._showing = False

    @Slot()
    def _text_changed(self) -> None:
        if not self._showing:
            self._edited(self.text.toPlainText())

    def _edited(self, text: str) -> None:
        raise NotImplementedError


class LinesEditor(_PlainEditor):
    """A list of texts or numbers, one a line."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec, "")
        self.text.setPlaceholderText(self.tr("one a line"))

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        items = value if isinstance(value, list) else []
        try:
            if self._read(self.text.toPlainText()) == items:
                return
        except NumberTextError:
            pass
        self._put(
            "\n".join(exact_text(item) if isinstance(item, int | float) else str(item) for item in items)
        )

    def _read(self, text: str) -> list[JsonValue]:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if self.spec.kind is not FieldKind.NUMBERS:
            return list(lines)
        read = parse_integer if self.spec.whole_numbers else parse_number
        return [read(line) for line in lines]

    def _edited(self, text: str) -> None:
        try:
            self.changed.emit(self._read(text))
        except NumberTextError:
            self.unreadable.emit(self.tr("Each line needs a number."))


class ParagraphEditor(_PlainEditor):
    """One text of several lines."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec, "")

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        self._put(value if isinstance(value, str) else "")

    def _edited(self, text: str) -> None:
        self.tell_text(text)


class JsonEditor(_PlainEditor):
    """For parameters no other editor knows: JSON, checked as it is typed. Nothing a server declares is ever left out."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(spec, "{ }")

    def show_value(self, value: JsonValue, *, present: bool) -> None:
        """See Editor."""
        text = json.dumps(value, ensure_ascii=False, indent=2) if present and value is not None else ""
        try:
            if json.loads(self.text.toPlainText() or "null") == value:
                return
        except ValueError:
            pass
        self._put(text)

    def _edited(self, text: str) -> None:
        if not text.strip():
            self.changed.emit(None) if self.spec.nullable else self.cleared.emit()
            return
        try:
            self.changed.emit(json.loads(text))
        except ValueError as problem:
            place = getattr(problem, "lineno", 1)
            self.unreadable.emit(self.tr("This is not valid JSON; look at line {0}.").format(place))
