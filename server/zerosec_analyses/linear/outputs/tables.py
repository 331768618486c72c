"""Tables of results: one description of each, written as CSV with every digit and as sheets of one Excel workbook."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter

from zerosec_analyses.linear.outputs.calculator import FIXED_DATE, SAFE_WORKBOOK
from zerosec_analyses.sdk import Said

Cell = str | float | int | None

MAX_EXCEL_ROWS = 1_000_000


@dataclass(frozen=True)
class ResultTable:
    """A table: its file name without ending, its title, its columns and its rows."""

    name: str
    title: Said
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def number_text(value: Cell) -> str:
    """A cell as CSV text: 17 significant digits bring a float back bit by bit; nothing for None and NaN."""
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if math.isnan(value) else format(value, ".17g")
    return str(value)


def write_csv(table: ResultTable, folder: Path) -> Path:
    """Write ``name.csv``: UTF-8, comma, decimal point."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows([number_text(cell) for cell in row] for row in table.rows)
    return path


def write_workbook(tables: Iterable[ResultTable], path: Path) -> None:
    """Write all tables as sheets of one workbook; text of the data is never taken for a formula."""
    workbook = xlsxwriter.Workbook(str(path), SAFE_WORKBOOK | {"nan_inf_to_errors": True})
    workbook.set_properties({"created": FIXED_DATE})
    head = workbook.add_format({"bold": True, "bottom": 1})
    for table in tables:
        sheet = workbook.add_worksheet(table.name[:31])
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column, head)
            sheet.set_column(place, place, max(12, min(40, len(column) + 2)))
        for row, cells in enumerate(table.rows[:MAX_EXCEL_ROWS], start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(row, place, cell)
                elif cell is not None and not (isinstance(cell, float) and math.isnan(cell)):
                    sheet.write_number(row, place, cell)
    workbook.close()
