"""One column in full: its type, what is missing, its range, its shape, its commonest values, and what keeps it from being numbers."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from zerosec_desktop.controls import ElidedLabel, IconLabel, Message, button, label, row
from zerosec_desktop.resources.theme import theme
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.screens.preview.header import paint_bars
from zerosec_desktop.widgets.form.columns import kind_icon
from zerosec_desktop.widgets.form.editors import QuietCombo
from zerosec_desktop.widgets.number_format import format_number
from zerosec_shared.files import ColumnType

if TYPE_CHECKING:
    from zerosec_shared.tables import ColumnState, ColumnSummary

__all__ = ["ColumnPane"]

SHOWN = 10
"""Commonest values that are listed."""


class _Bars(QWidget):
    """A histogram without axes."""

    def __init__(self, counts: tuple[int, ...]) -> None:
        super().__init__()
        self._counts = counts
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, 96)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_bars(painter, self.rect().adjusted(0, 0, 0, -1), self._counts, theme.colour("accent"))
        painter.setPen(theme.colour("border_strong"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())


class ColumnPane(QFrame):
    """The pane at the right of the preview."""

    marker_wanted = Signal(str)
    type_wanted = Signal(str, object)  # column, ColumnType or None: by its values

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "pane")
        self.setFixedWidth(296)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self._scroll = scroll
        self._offender = ""
        self._given: ColumnType | None = None
        self.column = ""
        self.show_nothing()

    def show_nothing(self) -> None:
        """No column is chosen."""
        page, layout = self._page()
        layout.addWidget(label(self.tr("Columns"), "subtitle"))
        layout.addWidget(
            label(
                self.tr("Click a column to see what is in it. A second click on its heading sorts."),
                "muted",
                wrap=True,
            )
        )
        layout.addStretch(1)
        self._scroll.setWidget(page)

    def show_column(
        self, state: "ColumnState", summary: "ColumnSummary | None", given: ColumnType | None = None
    ) -> None:
        """Show a column; `given`: the type the user wants it read as."""
        self.column, self._given = state.name, given
        page, layout = self._page()
        name = ElidedLabel(state.name, "subtitle", Qt.TextElideMode.ElideMiddle)
        head = row(IconLabel(kind_icon(state.kind.value), "accent"), spacing=Space.SMALL)
        head.addWidget(name, 1)
        layout.addLayout(head)
        layout.addWidget(label(self._kind(state.kind.value), "muted"))
        layout.addWidget(self._type_choice())
        if summary is None:
            layout.addWidget(label(self.tr("Counting…"), "muted"))
        else:
            if summary.counts:
                layout.addWidget(_Bars(summary.counts))
                low, high = format_number(float(summary.edges[0])), format_number(float(summary.edges[-1]))
                ends = row(label(low, "caption"), None, label(high, "caption"))
                layout.addLayout(ends)
            layout.addLayout(self._facts(summary))
            if summary.common and not summary.counts:
                layout.addSpacing(Space.SMALL)
                layout.addWidget(label(self.tr("Commonest values"), "overline"))
                layout.addLayout(
                    self._pairs([(text or "–", f"{count:,}") for text, count in summary.common[:SHOWN]])
                )
        self._show_offender(state, layout)
        layout.addStretch(1)
        self._scroll.setWidget(page)

    def _type_choice(self) -> QWidget:
        choice = self.types = QuietCombo()
        choice.setAccessibleName(self.tr("Read this column as"))
        for text, kind in (
            (self.tr("By its values"), None),
            (self.tr("Always text"), ColumnType.TEXT),
            (self.tr("Always numbers"), ColumnType.NUMBER),
            (self.tr("Always dates"), ColumnType.DATE),
        ):
            choice.addItem(text, kind)
        choice.setCurrentIndex(max(0, choice.findData(self._given)))
        choice.activated.connect(self._type_chosen)
        return choice

    @Slot(int)
    def _type_chosen(self, number: int) -> None:
        chosen = self.types.itemData(number)  # Qt keeps the text of an enumeration, not its kind
        self.type_wanted.emit(self.column, None if chosen is None else ColumnType(chosen))

    def _page(self) -> tuple[QWidget, QVBoxLayout]:
        page = QWidget()
        page.setProperty("surface", "clear")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        layout.setSpacing(Space.SMALL)
        return page, layout

    def _facts(self, summary: "ColumnSummary") -> QGridLayout:
        share = f" ({summary.missing / summary.rows:.1%})" if summary.rows and summary.missing else ""
        pairs = [
            (self.tr("Rows"), f"{summary.rows:,}"),
            (self.tr("Missing"), f"{summary.missing:,}{share}"),
            (self.tr("Different values"), f"{summary.distinct:,}"),
        ]
        numbers = (
            (self.tr("Smallest"), summary.minimum),
            (self.tr("Largest"), summary.maximum),
            (self.tr("Mean"), summary.mean),
            (self.tr("Median"), summary.median),
            (self.tr("Standard deviation"), summary.std),
        )
        for name, value in numbers:
            if value is not None:
                whole = not isinstance(value, str) and float(value).is_integer() and abs(value) < 1e15
                number = (
                    value
                    if isinstance(value, str)
                    else format_number(int(value) if whole else float(value), 5)
                )
                pairs.append((name, number))
        return self._pairs(pairs)

    def _pairs(self, pairs: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(Space.TINY)
        grid.setColumnStretch(0, 1)
        for number, (name, value) in enumerate(pairs):
            grid.addWidget(ElidedLabel(name, "muted"), number, 0)
            shown = label(value)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(shown, number, 1, Qt.AlignmentFlag.AlignRight)
        return grid

    def _show_offender(self, state: "ColumnState", layout: QVBoxLayout) -> None:
        """A text column that is nearly all numbers is probably meant to be one."""
        cell = state.not_number
        if cell is None or state.numbers < 1:
            return
        self._offender = cell.text
        treat = button(self.tr("“{0}” means no value").format(cell.text[:20]), clicked=self._treat)
        layout.addSpacing(Space.SMALL)
        layout.addWidget(
            Message(
                "warning",
                self.tr("Read as text"),
                self.tr("{0} values are numbers, but row {1} holds “{2}”.").format(
                    f"{state.numbers:,}", f"{cell.row:,}", cell.text[:40]
                ),
            )
        )
        layout.addWidget(treat)

    def _kind(self, kind: str) -> str:
        words = {
            "integer": self.tr("Whole numbers"),
            "number": self.tr("Numbers"),
            "boolean": self.tr("Yes or no"),
            "date": self.tr("Dates"),
            "datetime": self.tr("Dates and times"),
            "text": self.tr("Text"),
            "empty": self.tr("No values"),
        }
        return words.get(kind, kind)

    @Slot()
    def _treat(self) -> None:
        self.marker_wanted.emit(self._offender)
