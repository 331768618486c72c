"""A result table: numbers set right, sortable, searchable, copied with full precision."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from zerosec_desktop.controls import label, row
from zerosec_desktop.resources.tokens import Space
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable
from zerosec_desktop.wording import rows_text
from zerosec_shared.views import Cell, TableView

__all__ = ["ResultTable"]

_SHOWN_ROWS = 14
_FILTER_FROM = 15


class ResultTable(QWidget):
    """The table of a view, as tall as its rows up to a limit; from 15 rows on with a field to search in it."""

    def __init__(self, view: TableView) -> None:
        super().__init__()
        import polars as pl

        self.view = view
        self._model = FrameModel(self)
        self._frame = pl.DataFrame(
            {f"{i}\x1f{column.name}": _series(view, i) for i, column in enumerate(view.columns)}, strict=False
        )
        self.table = DataTable(self._model)
        self.table.setProperty("bare", "true")
        self.table.verticalHeader().hide()
        self.table.setAccessibleName(view.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.SMALL)
        self._count = label("", "caption")
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search in this table"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(240)
        self.search.textChanged.connect(self._filter)
        bar = row(self.search, self._count, None, spacing=Space.MEDIUM)
        layout.addLayout(bar)
        layout.addWidget(self.table)
        layout.addStretch(1)  # beside a higher view it stands at the top
        self.search.setVisible(len(view.rows) >= _FILTER_FROM)
        self._show(self._frame)

    def _show(self, frame: object) -> None:
        import polars as pl

        assert isinstance(frame, pl.DataFrame)
        labels = [column.heading for column in self.view.columns]
        self._model.set_frame(frame, labels=labels, digits=[column.digits for column in self.view.columns])
        rows = min(_SHOWN_ROWS, max(1, len(self.view.rows)))
        header = max(self.table.horizontalHeader().sizeHint().height(), 32)
        scroll = self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(
            header + rows * self.table.verticalHeader().defaultSectionSize() + scroll + 4
        )
        self._tell(frame.height)

    def _tell(self, shown: int) -> None:
        total, here = self.view.total_rows, len(self.view.rows)
        if shown < here:
            text = self.tr("{0} of {1} rows").format(f"{shown:,}", f"{here:,}")
        elif here < total:
            text = self.tr("The first {0} of {1} rows; the file has them all").format(
                f"{here:,}", f"{total:,}"
            )
        else:
            text = rows_text(here)
        self._count.setText(text)
        self._count.setVisible(here >= _FILTER_FROM or here < total)

    @Slot(str)
    def _filter(self, text: str) -> None:
        import polars as pl

        wanted = text.strip().lower()
        if not wanted:
            self._show(self._frame)
            return
        hit = pl.any_horizontal(
            pl.all()
            .cast(pl.String)
            .str.to_lowercase()
            .str.contains(wanted, literal=True)
            .fill_null(value=False)
        )
        self._show(self._frame.filter(hit))

    def keyPressEvent(self, event: object) -> None:
        """Escape empties the search."""
        from PySide6.QtGui import QKeyEvent

        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        elif isinstance(event, QKeyEvent):
            super().keyPressEvent(event)


def _series(view: TableView, column: int) -> list[Cell]:
    values: list[Cell] = [cells[column] if column < len(cells) else None for cells in view.rows]
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int}:
        return values
    if kinds <= {int, float}:
        return [None if value is None else float(value) for value in values]
    if kinds <= {bool}:
        return values
    return [None if value is None else str(value) for value in values]
