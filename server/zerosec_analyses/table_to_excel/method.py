"""Writes a table as an Excel workbook: one heading, one row a row, sheets of at most Excel's number of rows."""

import math
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zerosec_analyses.sdk import Context, InputError, say
from zerosec_analyses.table_to_excel.spec import TableToExcelParameters
from zerosec_analyses.workbooks import open_workbook
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.tables import TableError, read_table

__all__ = ["run"]

SHEET_ROWS = 1_048_575
"""Below the heading."""
MOST_COLUMNS = 16_384
CELL_TEXT = 32_767
FIRST_YEAR = 1900
"""Excel knows no days before."""
EXACT = 10**15
"""A longer whole number loses digits in a cell of Excel, and is written as a text."""


def run(ctx: Context, params: TableToExcelParameters) -> None:
    """Write table.xlsx."""
    data = ctx.input("data")
    try:
        frame = read_table(data.path, data.dialect).frame
    except TableError as error:
        raise InputError(error.title, error.detail, error.hint) from error
    if frame.width > MOST_COLUMNS:
        raise InputError(
            say(
                "A sheet has {most:,} columns at most; the table has {count:,}.",
                most=MOST_COLUMNS,
                count=frame.width,
            )
        )
    dates = [name for name in params.date_columns if name in frame.columns and frame[name].dtype == pl.String]
    for name in dates:
        days = frame[name].str.to_date("%Y-%m-%d", strict=False)
        if days.null_count() == frame[name].null_count():  # else it holds more than days, and stays as it is
            frame = frame.with_columns(days)
    path = ctx.output / "table.xlsx"
    _write(path, frame, params.sheet, ctx)
    ctx.artifact(path, ArtifactRole.TABLE)
    ctx.metric("rows", frame.height, label="Rows", headline=True)


def _write(path: Path, frame: pl.DataFrame, title: str, ctx: Context) -> None:
    with open_workbook(path, constant_memory=True) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, part in enumerate(_parts(frame)):
            name = title if number == 0 else f"{title[:27]} {number + 1}"
            _sheet(book.add_worksheet(name), part, heading, day, moment)
            ctx.progress(min(1.0, (number + 1) * SHEET_ROWS / max(1, frame.height)), "rows")


def _parts(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield frame.slice(0, SHEET_ROWS)
    for start in range(SHEET_ROWS, frame.height, SHEET_ROWS):
        yield frame.slice(start, SHEET_ROWS)


def _sheet(sheet: Worksheet, part: pl.DataFrame, heading: Format, day: Format, moment: Format) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, part.width - 1), 12)
    sheet.write_row(0, 0, part.columns, heading)
    for row, cells in enumerate(part.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if isinstance(cell, date | datetime) and cell.year >= FIRST_YEAR:
                sheet.write_datetime(row, column, cell, moment if isinstance(cell, datetime) else day)
            elif isinstance(cell, bool):
                sheet.write_boolean(row, column, cell)
            elif isinstance(cell, int | float) and math.isfinite(cell) and abs(cell) <= _most(cell):
                sheet.write_number(row, column, cell)
            else:
                sheet.write_string(row, column, str(cell)[:CELL_TEXT])


def _most(cell: float) -> float:
    return EXACT if isinstance(cell, int) else math.inf
