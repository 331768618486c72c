"""Tables that the analysis shows beforehand and that are too long for the narrow pane: whole, below the settings."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QVBoxLayout, QWidget

from zerosec_desktop.controls import Card, breakable, label
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.number_format import format_cell
from zerosec_shared.views import Result, TableView

__all__ = ["FEW_ROWS", "CheckTables", "long_tables", "table_grid", "take_out_all"]

FEW_ROWS = 8
"""Up to here a table stands in the pane."""
ONE_WORD = 6
"""So short a text stays on one line: Japanese would be broken between any two of its signs."""


def long_tables(result: Result | None) -> list[TableView]:
    """All tables, where one is too long for the pane, so that they stay together; else none."""
    views = () if result is None else result.views
    tables = [view for view in views if isinstance(view, TableView) and view.rows]
    return tables if any(len(view.rows) > FEW_ROWS for view in tables) else []


def table_grid(view: TableView) -> QGridLayout:
    """Headings and rows as plain labels: texts left, numbers right."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.MEDIUM)
    grid.setVerticalSpacing(Space.HAIR)
    grid.setColumnStretch(0, 1)
    for place, column in enumerate(view.columns):
        texts = [row[place] for row in view.rows]
        numbers = any(isinstance(cell, int | float) for cell in texts)
        title = column.label or column.name
        heading = label(title, "caption", wrap=len(title) > ONE_WORD)
        _align(heading, right=numbers, bottom=True)
        grid.addWidget(heading, 0, place)
    for number, cells in enumerate(view.rows, start=1):
        for place, cell in enumerate(cells):
            is_text = isinstance(cell, str)
            text = format_cell(cell, view.columns[place].digits)
            shown = label(breakable(text), wrap=is_text and len(text) > ONE_WORD)
            _align(shown, right=not is_text)
            grid.addWidget(shown, number, place)
    return grid


def _align(shown: QLabel, *, right: bool, bottom: bool = False) -> None:
    across = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    shown.setAlignment(across | (Qt.AlignmentFlag.AlignBottom if bottom else Qt.AlignmentFlag.AlignTop))


def take_out_all(layout: QBoxLayout) -> None:
    """End all widgets of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


class CheckTables(QWidget):
    """A card for each long table of the newest answer; an answer that is on its way leaves the older one standing."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("What the analysis says, in full"))
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(Space.MEDIUM)
        self._shown: Sequence[TableView] = ()
        self.hide()

    def show_result(self, result: Result | None) -> None:
        """Replace the cards, where there is something else to show."""
        tables = long_tables(result)
        if tables == self._shown:
            return
        self._shown = tables
        take_out_all(self._list)
        for view in tables:
            card = Card(margins=Space.LARGE)
            card.body.addWidget(label(view.title, "subtitle", wrap=True))
            if view.caption:
                card.body.addWidget(label(view.caption, "caption", wrap=True))
            card.body.addLayout(table_grid(view))
            left = view.total_rows - len(view.rows)
            if left > 0:
                card.body.addWidget(label(self.tr("… and {0} more").format(f"{left:,}"), "caption"))
            self._list.addWidget(card)
        self.setVisible(bool(tables))
