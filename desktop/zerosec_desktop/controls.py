"""Small building blocks every screen uses: labels by role, buttons by kind, cards, empty states, status marks."""

import re
from collections.abc import Callable
from typing import ClassVar, TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from zerosec_desktop.resources.exponents import with_exponent
from zerosec_desktop.resources.icon import icon, pixmap
from zerosec_desktop.resources.tokens import Control, Space

__all__ = [
    "Card",
    "ElidedLabel",
    "EmptyState",
    "IconLabel",
    "Message",
    "breakable",
    "button",
    "column",
    "label",
    "line",
    "row",
    "set_property",
    "show_number",
    "tool_button",
]


L = TypeVar("L", bound=QBoxLayout)


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet asks for, and have the widget restyled."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A label. Roles: display, title, subtitle, strong, muted, caption, overline, error, warning, success."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if wrap:
        made.setWordWrap(True)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def show_number(shown: QLabel, text: str) -> None:
    """Show a number, perhaps with its unit: its exponent, where it has one, in one font."""
    shown.ensurePolished()
    rich = with_exponent(text, shown.font())
    shown.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    shown.setText(rich or text)


_LONG_WORD = re.compile(r"\S{18,}")
_JOINT = re.compile(r"(?<=[_.\-/·,])(?=\w)")
_UNBROKEN = re.compile(r"[!-~]{30}(?=[!-~])")


def breakable(text: str) -> str:
    """A text whose long words, such as names of files, may go on in the next line after _ . - and /; one without any, after 30 letters."""
    return _UNBROKEN.sub("\\g<0>\u200b", _LONG_WORD.sub(lambda word: _JOINT.sub("\u200b", word[0]), text))


def button(
    text: str,
    kind: str = "",
    *,
    icon_name: str = "",
    clicked: Callable[[], object] | None = None,
    tip: str = "",
) -> QPushButton:
    """A push button. Kinds: primary (one a screen), quiet, danger, link, chip, row."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if icon_name:
        token = {"primary": "on_accent", "danger": "error", "link": "accent"}.get(kind, "muted")
        made.setIcon(icon(icon_name, token))
        made.setIconSize(QSize(Control.ICON + (4 if text else 0), Control.ICON))
    if tip:
        made.setToolTip(tip)
    if clicked is not None:
        made.clicked.connect(clicked)
    return made


def tool_button(
    icon_name: str, name: str, *, clicked: Callable[[], object] | None = None, checkable: bool = False
) -> QToolButton:
    """A button that is only an icon; its name is its tool tip and what a screen reader says."""
    made = QToolButton()
    made.setProperty("kind", "quiet")
    made.setIcon(icon(icon_name, "muted"))
    made.setIconSize(QSize(Control.ICON_LARGE, Control.ICON_LARGE))
    made.setToolTip(name)
    made.setAccessibleName(name)
    made.setCheckable(checkable)
    if clicked is not None:
        made.clicked.connect(clicked)
    return made


def line() -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setProperty("line", "true")
    made.setFixedHeight(1)
    return made


def column(*items: QWidget | int | None, spacing: int = Space.SMALL, margins: int = 0) -> QVBoxLayout:
    """Stack widgets; a number is a gap, None a stretch."""
    return _fill(QVBoxLayout(), items, spacing, margins)


def row(*items: QWidget | int | None, spacing: int = Space.SMALL, margins: int = 0) -> QHBoxLayout:
    """Line widgets up; a number is a gap, None a stretch."""
    return _fill(QHBoxLayout(), items, spacing, margins)


def _fill(layout: L, items: tuple[QWidget | int | None, ...], spacing: int, margins: int) -> L:
    layout.setSpacing(spacing)
    layout.setContentsMargins(margins, margins, margins, margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        else:
            layout.addWidget(item)
    return layout


class Card(QFrame):
    """A surface with a border that holds things that belong together. Its layout is `body`."""

    def __init__(
        self, *, surface: str = "card", margins: int = Space.MEDIUM, spacing: int = Space.SMALL
    ) -> None:
        super().__init__()
        self.setProperty("surface", surface)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margins, margins, margins, margins)
        self.body.setSpacing(spacing)


class IconLabel(QLabel):
    """An icon that follows the theme."""

    def __init__(self, name: str, colour: str = "muted", side: int = Control.ICON_LARGE) -> None:
        super().__init__()
        self._name, self._colour, self._side = name, colour, side
        self.setFixedSize(side, side)
        self._draw()

    def set_icon(self, name: str, colour: str = "muted") -> None:
        """Show another icon."""
        if (name, colour) != (self._name, self._colour):
            self._name, self._colour = name, colour
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self.setPixmap(pixmap(self._name, self._colour, self._side, self.devicePixelRatioF()))


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room; the whole text is its tool tip then."""

    def __init__(
        self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self._full = text
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.setAccessibleName(text)

    def set_full_text(self, text: str) -> None:
        """Show another text."""
        if text != self._full:
            self._full = text
            self.setAccessibleName(text)
            self.update()
            self.updateGeometry()

    def full_text(self) -> str:
        """The whole text."""
        return self._full

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._full) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, QFontMetrics(self.font()).height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(self._full, self._mode, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        tip = self._full if shown != self._full else ""
        if tip != self.toolTip():
            self.setToolTip(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.update()
        super().resizeEvent(event)


class Message(QFrame):
    """A coloured band with an icon, a sentence, and perhaps a way to act. Surfaces: info, success, warning, error."""

    _ICONS: ClassVar = {"info": "info", "success": "check-circle", "warning": "warning", "error": "error"}

    def __init__(self, surface: str, title: str, detail: str = "", *actions: QPushButton) -> None:
        super().__init__()
        self.setProperty("surface", surface)
        token = "accent" if surface == "info" else surface
        self.title = label(title, "strong", wrap=True)
        self.detail = label(detail, wrap=True)
        if not detail:
            self.detail.hide()  # never shown before it has a parent: it would flash as a window
        text = QWidget()
        text.setLayout(column(self.title, self.detail, spacing=Space.HAIR))
        sign = IconLabel(self._ICONS[surface], token)
        line_up = row(sign, text, spacing=12)
        line_up.setContentsMargins(Space.MEDIUM, 12, Space.MEDIUM, 12)
        line_up.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        line_up.setStretch(1, 1)
        for action in actions:
            line_up.addWidget(action, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(line_up)
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)


BALANCE_PX = 8


class EmptyState(QWidget):
    """What a screen says when it has nothing: what it is for, what it needs, and the way to start."""

    def __init__(self, icon_name: str, title: str, text: str, *actions: QWidget) -> None:
        super().__init__()
        picture = IconLabel(icon_name, "faint", 48)
        heading = label(title, "subtitle")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body = label(text, "muted", wrap=True)
        body.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        body.setMinimumWidth(320)
        body.setMaximumWidth(480)
        self.heading, self.body = heading, body
        stack = QVBoxLayout(self)
        stack.setSpacing(Space.SMALL)
        stack.addStretch(2)
        stack.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        stack.addSpacing(Space.SMALL)
        stack.addWidget(heading)
        # Not aligned: an aligned widget gets the height of its one-line hint, and a second line would be cut off.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(body, 100)
        middle.addStretch(1)
        stack.addLayout(middle)
        if actions:
            stack.addSpacing(Space.SMALL)
            stack.addLayout(row(None, *actions, None))
        stack.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Its text may be another one now."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return super().event(event)

    def _measure(self) -> None:
        # The layout asks for the text's height at its own width, though the text is narrower and needs more lines.
        width = min(self.body.maximumWidth(), max(self.body.minimumWidth(), self.width()))
        height = self._height_at(width)
        side = self._spare(width, height) if self.width() > self.body.maximumWidth() else 0
        self.body.setContentsMargins(side, 0, side, 0)
        self.body.setMinimumHeight(max(0, height))  # -1 while it has no text

    def _height_at(self, width: int) -> int:
        """Of the text, in lines of this width."""
        margins = self.body.contentsMargins()
        return self.body.heightForWidth(width + margins.left() + margins.right())

    def _spare(self, width: int, height: int) -> int:
        """What the text leaves at either side so that its lines are of like length: no last line with a syllable alone."""
        narrow, wide = self.body.minimumWidth() // 2, width
        while wide - narrow > BALANCE_PX:
            middle = (narrow + wide) // 2
            if self._height_at(middle) > height:
                narrow = middle
            else:
                wide = middle
        return max(0, (width - wide - BALANCE_PX) // 2)
