"""Below the rows: go to a row by its number, to a column by its name, and what is chosen."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from zerosec_desktop.controls import label, row
from zerosec_desktop.widgets.form.number_text import NumberTextError, parse_integer
from zerosec_desktop.widgets.table.model import FrameModel
from zerosec_desktop.widgets.table.view import DataTable

__all__ = ["FindBar"]


class FindBar(QWidget):
    """Two fields and a line of words, of one table."""

    def __init__(self, table: DataTable, model: FrameModel) -> None:
        super().__init__()
        self._table, self._model = table, model
        self.row = QLineEdit()
        self.row.setPlaceholderText(self.tr("Go to row"))
        self.row.setAccessibleName(self.row.placeholderText())
        self.row.setFixedWidth(120)
        self.row.returnPressed.connect(self._jump_row)
        self.column = QLineEdit()
        self.column.setPlaceholderText(self.tr("Find a column"))
        self.column.setAccessibleName(self.column.placeholderText())
        self.column.setFixedWidth(200)
        self.column.returnPressed.connect(self._jump_column)
        self.column.textEdited.connect(self._jump_column)
        self.words = label("", "caption")
        self.setLayout(row(self.row, self.column, None, self.words))
        table.selectionModel().selectionChanged.connect(self._show_selection)

    def say(self, text: str) -> None:
        """Say something at the right; an empty text takes it back."""
        self.words.setText(text)

    @Slot()
    def _show_selection(self) -> None:
        count = self._table.selected_rows()
        self.say(self.tr("{0} rows chosen; Ctrl+C copies them").format(f"{count:,}") if count > 1 else "")

    @Slot()
    def _jump_row(self) -> None:
        try:
            number = parse_integer(self.row.text())
        except NumberTextError:
            number = 0
        if not self._table.jump_to_row(number):
            self.say(self.tr("Rows go from 1 to {0}").format(f"{self._model.rowCount():,}"))

    @Slot()
    def _jump_column(self) -> None:
        text = self.column.text().strip()
        missed = text and not self._table.jump_to_column(text)
        self.say(self.tr("No column is called “{0}”").format(text) if missed else "")
