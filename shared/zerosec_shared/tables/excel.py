"""Reads a sheet of an Excel or OpenDocument workbook by the values its cells hold (formulas by their last result).

Guards against silently changed numbers: a column that mixes texts and numbers keeps every digit of the numbers, and
cells with an error (#DIV/0!) are missing values with a note, never texts.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.archive import (
    ErrorCell,
    damaged,
    encrypted,
    measure,
    open_archive,
    scan_opendocument,
    scan_sheet,
)
from zerosec_shared.tables.names import column_names
from zerosec_shared.tables.panics import panics_are
from zerosec_shared.tables.problems import (
    EmptyTableError,
    NotATableError,
    Note,
    TooLargeError,
    UnknownSheetError,
)
from zerosec_shared.tables.rows import Block
from zerosec_shared.tables.state import EXACT_INTEGER
from zerosec_shared.tables.workbook import WorkbookFormat, sheet_parts, shortened, workbook_format
from zerosec_shared.texts import say

__all__ = ["ExcelSource", "first_rows", "sheet_names"]

logging.getLogger("fastexcel").addHandler(logging.NullHandler())

_MAX_PARSED_BYTES = 512 * 2**20


@dataclass(frozen=True, slots=True)
class _OpenSheet:
    """A sheet ready to load: the parser, the sheet's name, its error cells and remarks on its format."""

    reader: fastexcel.ExcelReader
    name: str
    errors: tuple[ErrorCell, ...] = ()
    notes: tuple[Note, ...] = ()

    def load(self, skip: int, rows: int | None, **options: Any) -> fastexcel.ExcelSheet:
        """Rows after the first `skip` of the sheet, without taking one as a header. Types by all values."""
        sheet: fastexcel.ExcelSheet = self.reader.load_sheet(
            self.name, header_row=None, skip_rows=skip, n_rows=rows, schema_sample_rows=None, **options
        )
        return sheet

    def hint(self) -> str:
        """Where else the table may be."""
        others = [f"'{name}'" for name in self.reader.sheet_names if name != self.name]
        return say("Other sheets: {names}.", names=", ".join(others[:10])) if others else ""


def sheet_names(path: Path) -> list[str]:
    """The workbook's sheets in order."""
    kind = workbook_format(path)
    if kind is None:
        raise _no_workbook()
    if kind is not WorkbookFormat.XLSX:
        return list(_guarded(path, kind).sheet_names)
    with open_archive(path) as archive:
        return list(sheet_parts(archive))


def first_rows(path: Path, sheet: str | None, rows: int = 30) -> list[tuple[str | None, ...]]:
    """The first rows of a sheet as texts, its row 1 first: to choose the header by, not to compute with."""
    opened = _open_sheet(path, sheet, rows)
    return [tuple(row) for row in _frame(opened, 0, rows, dtypes="string")[0].rows()]


class ExcelSource:
    """One sheet under a dialect: `names` of its columns, and its rows as one block.

    With `max_rows` a large .xlsx is cut before parsing; error cells are then not looked for.
    """

    def __init__(
        self, path: Path, dialect: Dialect, *, number_duplicates: bool = False, max_rows: int | None = None
    ) -> None:
        self.dialect = dialect
        above = dialect.header_row
        opened = _open_sheet(path, dialect.sheet, None if max_rows is None else above + max_rows)
        frame, places = _exact_frame(opened, above, max_rows)
        header = _header(path, opened.name, above) if above else {}
        filled = {
            at
            for at, column in zip(places, frame.iter_columns(), strict=True)
            if column.null_count() < frame.height
        }
        used = sorted(filled | header.keys())
        if not used:
            raise EmptyTableError(
                "The sheet holds no table",
                say("Sheet '{name}' has no cells from row {row} on.", name=opened.name, row=above)
                if above > 1
                else say("Sheet '{name}' has no cells.", name=opened.name),
                opened.hint(),
            )
        if above:
            self.names, self.notes = column_names(
                [header.get(at) for at in used], above, number_duplicates=number_duplicates
            )
        else:  # called after their places in the sheet, which are not those among the columns with values
            self.names, self.notes = [f"column_{at + 1}" for at in used], []
        by_place = dict(zip(places, frame.iter_columns(), strict=True))
        nothing = pl.Series([None] * frame.height, dtype=pl.String)
        self._frame = pl.DataFrame(
            [by_place.get(at, nothing).alias(name) for at, name in zip(used, self.names, strict=True)]
        )
        self.notes += opened.notes
        for at, name in zip(used, self.names, strict=True):
            rows = sorted(cell.row for cell in opened.errors if cell.column == at and cell.row > above)
            if rows:
                text = say(
                    "{column}: {count:,} cells hold an error such as #DIV/0! and count as missing; the first is in row {row:,}.",
                    one="{column}: 1 cell holds an error such as #DIV/0! and counts as missing; it is in row {row}.",
                    column=name,
                    count=len(rows),
                    row=rows[0],
                )
                self.notes.append(Note("error_cells", text, column=name, count=len(rows)))

    def blocks(
        self, max_rows: int | None = None, numbers: Callable[[], frozenset[str]] | None = None
    ) -> Iterator[Block]:
        """The sheet's rows below the header; `numbers` is of no use to what has types."""
        block = Block(self._frame, self.dialect.header_row + 1).without_empty_rows()
        yield block if max_rows is None else block.head(max_rows)


def _opened(source: Path | bytes) -> fastexcel.ExcelReader:
    try:
        with panics_are(damaged):
            return fastexcel.read_excel(source)
    except fastexcel.FastExcelError as error:
        if "password" in str(error).lower():
            raise encrypted() from error
        raise damaged() from error


def _guarded(path: Path, kind: WorkbookFormat) -> fastexcel.ExcelReader:
    """Open a workbook of a format other than .xlsx, of which the parser may read everything at once."""
    if path.stat().st_size > _MAX_PARSED_BYTES:
        size = path.stat().st_size / 2**20
        raise TooLargeError(
            "The workbook is too large",
            say("It has {size:,.0f} MB.", size=size),
            "Save it as CSV or Parquet.",
        )
    if kind is not WorkbookFormat.XLS:
        with open_archive(path) as archive:
            measure(archive, path)
            if kind is WorkbookFormat.ODS:
                scan_opendocument(archive)
    return _opened(path)


def _open_sheet(path: Path, sheet: str | None, rows: int | None) -> _OpenSheet:
    """Check the workbook and open a sheet; `rows` says how many of its rows will be looked at."""
    kind = workbook_format(path)
    if kind is None:
        raise NotATableError(
            "Not a workbook", "The file is no Excel workbook.", "Choose another kind of file."
        )
    if kind is not WorkbookFormat.XLSX:
        reader = _guarded(path, kind)
        text = say(
            "In .{kind} files a cell with an error (#DIV/0!) cannot be told from an empty one.",
            kind=str(kind),
        )
        return _OpenSheet(reader, _chosen(reader.sheet_names, sheet), notes=(Note("errors_unseen", text),))
    with open_archive(path) as archive:
        parts = sheet_parts(archive)
        chosen = _chosen(list(parts), sheet)
        short = shortened(archive, parts[chosen], rows) if rows is not None else None
        if short is not None:
            return _OpenSheet(_opened(short), chosen)
        measure(archive, path)
        errors = scan_sheet(archive, parts[chosen]).errors
    return _OpenSheet(_opened(path), chosen, errors)


def _no_workbook() -> NotATableError:
    return NotATableError("Not a workbook", "The file is no Excel workbook.", "Choose another kind of file.")


def _chosen(names: list[str], sheet: str | None) -> str:
    if not names:
        raise EmptyTableError("The workbook is empty", "It has no sheet with cells.")
    if sheet is None:
        return names[0]
    if sheet not in names:
        listed = ", ".join(f"'{name}'" for name in names[:20]) + (", …" if len(names) > 20 else "")
        raise UnknownSheetError(
            "No such sheet",
            say("The workbook has no sheet '{sheet}'. It has {names}.", sheet=sheet, names=listed),
            "Choose one of these.",
        )
    return sheet


def _header(path: Path, sheet: str, row: int) -> dict[int, str]:
    """The names in the header row, by the column's place in the sheet.

    A name that spans two rows (merged cells, 回転速度 beside a group's A13 | A11) stands in the upper one.
    """
    opened = _open_sheet(path, sheet, row)
    lower = _cells(opened, row)
    upper = _cells(opened, row - 1) if row > 1 else {}
    spans = {at: cell for at, cell in upper.items() if at not in lower}
    return {**spans, **lower} if len(upper) > 1 else lower


def _cells(opened: _OpenSheet, row: int) -> dict[int, str]:
    """The cells of one row that hold something, as texts."""
    try:
        frame, places = _frame(opened, row - 1, 1, dtypes="string")
    except EmptyTableError:
        return {}
    cells = frame.row(0) if frame.height else ()
    return {at: cell for at, cell in zip(places, cells, strict=False) if cell is not None and cell.strip()}


def _frame(opened: _OpenSheet, skip: int, rows: int | None, **options: Any) -> tuple[pl.DataFrame, list[int]]:
    """A part of a sheet and the place in the sheet (from 0) of each of its columns."""
    try:
        with panics_are(damaged):
            loaded = opened.load(skip, rows, **options)
            frame = loaded.to_polars()
    except fastexcel.UnsupportedColumnTypeCombinationError:
        raise
    except fastexcel.InvalidParametersError as error:
        raise EmptyTableError(
            "The sheet holds no table",
            say("Sheet '{name}' has no cells from row {row} on.", name=opened.name, row=skip + 1),
            opened.hint(),
        ) from error
    except fastexcel.FastExcelError as error:
        raise damaged() from error
    places = [column.absolute_index for column in loaded.selected_columns]
    frame.columns = [f"c{at}" for at in places]
    return frame, places


def _exact_frame(opened: _OpenSheet, skip: int, rows: int | None) -> tuple[pl.DataFrame, list[int]]:
    """The values with their own types; columns that mix types become text that keeps each number's every digit.

    The parser's own text of a number is rounded (1.2345678901234567E-7 becomes 0.000000123), so that texts are only
    taken where there is no number.
    """
    try:
        frame, places = _frame(opened, skip, rows, dtype_coercion="strict")
    except fastexcel.UnsupportedColumnTypeCombinationError:
        frame, places = _frame(opened, skip, rows)
        texts, _ = _frame(opened, skip, rows, dtypes="string")
        mixed = [at for at, dtype in zip(places, frame.dtypes, strict=True) if dtype == pl.String]
        numbers = _frame(opened, skip, rows, dtypes=dict.fromkeys(mixed, "float"))[0] if mixed else frame
        columns = []
        for name in frame.columns:
            text, number = texts[name], numbers[name]
            if frame[name].dtype == pl.String:
                columns.append(_digits_kept(text, number))
            elif frame[name].dtype.is_numeric() and text.is_in(["true", "false"]).any():
                columns.append(_digits_kept(text, number))  # TRUE is no 1
            else:
                columns.append(frame[name])
        frame = pl.DataFrame(columns)
    return frame.select(_natural(column) for column in frame.iter_columns()), places


def _digits_kept(text: pl.Series, number: pl.Series) -> pl.Series:
    """The text where it is one; a number's shortest exact text where it stands for a number."""
    shown = text.cast(pl.Float64, strict=False)
    value = number.cast(pl.Float64, strict=False)
    exact = value.cast(pl.String)
    return pl.select(
        pl.when(shown.is_not_null() & value.is_not_null() & (shown != value))
        .then(exact)
        .otherwise(text)
        .alias(text.name)
    ).to_series()


def _natural(column: pl.Series) -> pl.Series:
    """Whole numbers as integers, midnights as dates, durations as seconds: Excel knows neither integers nor dates."""
    if column.dtype == pl.Float64 and column.null_count() < len(column):
        whole = column.cast(pl.Int64, strict=False)
        if whole.null_count() == column.null_count() and bool(
            (whole.abs() <= EXACT_INTEGER).all() and (whole == column).all()
        ):
            return whole
    if column.dtype == pl.Datetime and column.null_count() < len(column):
        days = column.dt.date()
        if (days.cast(column.dtype) == column).all():
            return days
    if column.dtype == pl.Duration:
        return column.dt.total_microseconds() / 1e6
    return column
