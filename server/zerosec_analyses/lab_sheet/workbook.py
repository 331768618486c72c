"""The workbook: one sheet, ready to print, what is set as it stands, what is measured empty and framed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from zerosec_analyses.lab_sheet.columns import Fill, SheetColumn
from zerosec_analyses.workbooks import open_workbook
from zerosec_shared.profiles import CellValue, ValueKind

__all__ = ["write_workbook"]

A4 = 9
SHEET = "実験リスト"
ROW_HEIGHT_PT, HEAD_HEIGHT_PT = 24, 40
"""Tall enough to write into by hand."""


def write_workbook(
    path: Path, columns: Sequence[SheetColumn], rows: Sequence[Sequence[CellValue]], title: str, series: str
) -> None:
    """Write it. `title` and `series` (the values of the whole series) stand in the head of each printed page."""
    with open_workbook(path) as book:
        border = {"border": 1, "valign": "vcenter", "align": "center"}
        head = book.add_format({**border, "bold": True, "text_wrap": True, "bg_color": "#E7ECF3"})
        asked = book.add_format({**border, "bold": True, "text_wrap": True, "bg_color": "#FFF4D6"})
        cell, day = (
            book.add_format({**border, "locked": False}),
            book.add_format({**border, "locked": False, "num_format": "yyyy-mm-dd"}),
        )
        sheet = book.add_worksheet(SHEET)
        sheet.set_row(0, HEAD_HEIGHT_PT)
        for place, column in enumerate(columns):
            measured = column.fill is Fill.MEASURED
            is_day = column.kind is ValueKind.DATE
            sheet.write_string(0, place, column.name, asked if measured else head)
            sheet.set_column(place, place, _width(column, [row[place] for row in rows]))
            for at, row in enumerate(rows, start=1):
                _write(sheet, at, place, row[place], day if is_day else cell)
            if measured and rows:
                _validate(sheet, column, len(rows), place)
        for at in range(1, len(rows) + 1):
            sheet.set_row(at, ROW_HEIGHT_PT)
        sheet.freeze_panes(1, 1)
        _print_setup(sheet, len(rows), len(columns), title, series)


def _write(sheet: Worksheet, row: int, column: int, value: CellValue, shape: object) -> None:
    if value is None:
        sheet.write_blank(row, column, None, shape)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, shape)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, shape)
    else:
        sheet.write_number(row, column, value, shape)


def _validate(sheet: Worksheet, column: SheetColumn, rows: int, place: int) -> None:
    """Excel refuses what the results database would refuse later."""
    listed = ",".join(str(value) for value in column.allowed)
    if column.allowed and len(listed) <= 255:
        sheet.data_validation(1, place, rows, place, {"validate": "list", "source": list(column.allowed)})
    elif column.kind is ValueKind.DATE:
        rule = {"validate": "date", "criteria": ">=", "value": date(1950, 1, 1), "error_type": "warning"}
        sheet.data_validation(1, place, rows, place, rule)


def _print_setup(sheet: Worksheet, rows: int, columns: int, title: str, series: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.center_horizontally()
    sheet.print_area(0, 0, rows, columns - 1)
    left, right = _plain(title), _plain(series)
    sheet.set_header(f"&L{left[:110]}&R{right[:110]}")
    sheet.set_footer("&L&F&R&P / &N")


def _plain(text: str) -> str:
    """A text in which Excel sees no code of a page's head; a digit at its start would be taken for a size of type."""
    escaped = " ".join(text.split()).replace("&", "&&")
    return f" {escaped}" if escaped[:1].isdigit() else escaped


def _width(column: SheetColumn, values: Sequence[CellValue]) -> float:
    shown = max((_units(str(value)) for value in values if value is not None), default=0)
    least = 12 if column.kind is ValueKind.DATE else 9 if column.fill is Fill.MEASURED else 5
    return min(24.0, max(float(least), shown + 2.0, min(12.0, _units(column.name) + 1.0)))


def _units(text: str) -> float:
    """About how many digits wide a text is: Japanese letters are two."""
    return sum(2.0 if ord(letter) > 0x2E80 else 1.0 for letter in text)
