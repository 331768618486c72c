"""Tables of results: one description of each, written as CSV with every digit and as sheets of one Excel workbook."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.format import Format

from zerosec_analyses.sdk import Said, say
from zerosec_analyses.workbooks import open_workbook

Cell = str | float | int | None

MAX_EXCEL_ROWS = 1_000_000
MAX_SHEET_NAME = 31
SHOWN_DIGITS, MAX_DECIMALS = 5, 6
LARGE = 1e10


@dataclass(frozen=True)
class ResultTable:
    """A table: its file name without ending, its title, its columns and its rows."""

    name: str
    title: Said
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    names_of_data: range = range(0)
    """The places of columns that are called as in the user's data, whatever our own of that name are headed."""

    def headings(self, heading: Callable[[str], Said]) -> list[Said]:
        """What stands above each column; ``heading`` knows those of ours."""
        return [
            say("{name}", name=name) if place in self.names_of_data else heading(name)
            for place, name in enumerate(self.columns)
        ]


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


def sheet_name(title: str) -> str:
    """A title as Excel lets a sheet be called: at most 31 characters, none of them of its own; too long, it ends with a whole word."""
    allowed = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()
    if len(allowed) <= MAX_SHEET_NAME:
        return allowed
    short = allowed.partition(" (")[0][: MAX_SHEET_NAME + 1]
    whole = short if len(short) <= MAX_SHEET_NAME else short.rpartition(" ")[0]
    return (whole or short[:MAX_SHEET_NAME]).strip(" ,")


def decimals_of(cells: Iterable[Cell]) -> int:
    """How many decimals show five digits of the middle one of a column's numbers; 0 where all are whole."""
    sizes = sorted(abs(cell) for cell in cells if isinstance(cell, float) and math.isfinite(cell) and cell)
    if not sizes or all(size.is_integer() for size in sizes):
        return 0
    return min(MAX_DECIMALS, max(0, SHOWN_DIGITS - 1 - math.floor(math.log10(sizes[len(sizes) // 2]))))


def number_form(value: float, decimals: int) -> str:
    """How Excel shows a number of a column with so many decimals; one that would lose its digits so is shown with a power of ten."""
    size = abs(value)
    if isinstance(value, int) or size == 0 or not math.isfinite(size):
        return "0"
    if size >= LARGE or size < 10.0 ** (1 - decimals):
        return f"0.{'0' * (SHOWN_DIGITS - 1)}E+00"
    return f"0.{'0' * decimals}" if decimals else "0"


@dataclass(frozen=True)
class Wording:
    """How a workbook reads in a language: sentences by `words`, the headings of columns by `heading`."""

    words: Callable[[str], str]
    heading: Callable[[str], Said]


def write_workbook(tables: Iterable[ResultTable], path: Path, wording: Wording | None = None) -> None:
    """Write all tables as sheets of one workbook; text of the data is never taken for a formula.

    With a `wording`, sheets are called by the tables' titles and columns by their headings; without, as in the CSV files. Numbers are
    shown to about five digits, and kept to sixteen.
    """
    workbook = open_workbook(path, nan_inf_to_errors=True)
    head = workbook.add_format({"bold": True, "bottom": 1})
    words: Callable[[str], str] = str if wording is None else wording.words
    forms: dict[str, Format] = {}
    for table in tables:
        sheet = workbook.add_worksheet(table.name[:31] if wording is None else sheet_name(words(table.title)))
        sheet.freeze_panes(1, 0)
        headings = table.columns if wording is None else map(words, table.headings(wording.heading))
        for place, heading in enumerate(headings):
            sheet.write_string(0, place, heading, head)
            width = sum(1 if sign.isascii() else 2 for sign in heading)
            sheet.set_column(place, place, max(12, min(40, width + 2)))
        rows = table.rows[:MAX_EXCEL_ROWS]
        decimals = [decimals_of([row[place] for row in rows]) for place in range(len(table.columns))]
        for at, cells in enumerate(rows, start=1):
            for place, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(at, place, words(cell))
                elif cell is not None and not (isinstance(cell, float) and math.isnan(cell)):
                    form = number_form(cell, decimals[place])
                    if form not in forms:
                        forms[form] = workbook.add_format({"num_format": form})
                    sheet.write_number(at, place, cell, forms[form])
    workbook.close()
