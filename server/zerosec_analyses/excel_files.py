"""Writes rows to .xlsx workbooks as they come: a new workbook whenever a sheet is full, memory flat.

xlsxwriter lays out an empty workbook with the headings; the rows are put into its sheet as text, which is some
thirty times faster than cell by cell (1,000,000 × 11 cells: 3 s of CPU against 90).
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import polars as pl

from zerosec_analyses.workbooks import open_workbook

__all__ = ["ROWS_A_SHEET", "ExcelFiles"]

ROWS_A_SHEET = 1_048_575
"""Rows below the headings: Excel's 1,048,576 less one."""

_ROWS_AT_ONCE = 25_000
"""Some 10 MB of text."""
_SHEET = "xl/worksheets/sheet1.xml"
_END = b"</sheetData>"
_STYLED = re.compile(rb'<col min="(\d+)" [^>]*?style="(\d+)"')
_DAY_0 = date(1899, 12, 30)
_FIRST_DAY = 61
"""1900-03-01: Excel counts a 29 February 1900 that never was, and knows no days before 1900."""


class ExcelFiles:
    """`name.xlsx`, or `name_001.xlsx`, `name_002.xlsx`, … if one sheet cannot hold all `rows`."""

    def __init__(
        self, folder: Path, name: str, columns: Sequence[str], rows: int, rows_a_sheet: int = ROWS_A_SHEET
    ) -> None:
        self.paths: list[Path] = []
        self._folder, self._name, self._columns = folder, name, tuple(columns)
        self._several, self._most = rows > rows_a_sheet, rows_a_sheet
        self._archive: zipfile.ZipFile | None = None
        self._sheet: IO[bytes] | None = None
        self._rest = b""
        self._styles: dict[int, int] = {}
        self._written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._close()
        else:
            self._abandon()

    def write(self, frame: pl.DataFrame) -> None:
        """Append rows."""
        while frame.height:
            if self._sheet is None or self._written == self._most:
                self._close()
                self._open(frame.schema)
            assert self._sheet is not None
            part = frame.head(min(_ROWS_AT_ONCE, self._most - self._written))
            self._sheet.write(_rows(part, self._written + 2, self._styles))
            self._written += part.height
            frame = frame.slice(part.height)

    def _open(self, schema: Mapping[str, pl.DataType]) -> None:
        number = f"_{len(self.paths) + 1:03}" if self._several else ""
        path = self._folder / f"{self._name}{number}.xlsx"
        template = zipfile.ZipFile(io.BytesIO(_template(self._columns, self._name, schema)))
        sheet = template.read(_SHEET)
        self._styles = {int(at) - 1: int(style) for at, style in _STYLED.findall(sheet)}
        at = sheet.index(_END)
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        for entry in template.namelist():
            if entry != _SHEET:
                self._archive.writestr(entry, template.read(entry))
        self._sheet = self._archive.open(_SHEET, "w", force_zip64=True)
        self._sheet.write(sheet[:at])
        self._rest = sheet[at:]
        self._written = 0
        self.paths.append(path)

    def _close(self) -> None:
        if self._sheet is not None and self._archive is not None:
            self._sheet.write(self._rest)
            self._sheet.close()
            self._archive.close()
        self._sheet = self._archive = None

    def _abandon(self) -> None:
        """After an error, such as a full disk: let go of the file, which is thrown away with the job."""
        for opened in (self._sheet, self._archive):
            if opened is not None:
                with suppress(OSError, ValueError):
                    opened.close()
        self._sheet = self._archive = None


def _template(columns: Sequence[str], name: str, schema: Mapping[str, pl.DataType]) -> bytes:
    """A workbook with headings, a frozen first row, readable widths, and a style for each column of dates."""
    memory = io.BytesIO()
    with open_workbook(memory, in_memory=True) as book:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True})
        day, moment = (
            book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
        )
        sheet.set_column(0, max(0, len(columns) - 1), 12)
        for place, (heading, dtype) in enumerate(zip(columns, schema.values(), strict=True)):
            sheet.write_string(0, place, heading[:32_000], bold)
            if dtype.is_temporal() and dtype != pl.Time and not isinstance(dtype, pl.Duration):
                sheet.set_column(
                    place, place, 12 if dtype == pl.Date else 19, day if dtype == pl.Date else moment
                )
        sheet.freeze_panes(1, 0)
    return memory.getvalue()


def _rows(frame: pl.DataFrame, first: int, styles: Mapping[int, int]) -> bytes:
    """The rows as sheet XML: numbers, dates and yes or no as what they are, other texts inline, missing values as no cell's value."""
    cells = [_cells(column, styles.get(place)) for place, column in enumerate(frame.iter_columns())]
    numbers = pl.int_range(first, first + frame.height, eager=True)
    together = pl.DataFrame(
        [numbers.alias("r"), *(cell.fill_null("<c/>").alias(f"c{i}") for i, cell in enumerate(cells))]
    )
    lines = together.select(
        pl.concat_str(pl.format('<row r="{}">', "r"), *(f"c{i}" for i in range(len(cells))), pl.lit("</row>"))
    ).to_series()
    return "".join(lines.to_list()).encode()


def _cells(column: pl.Series, style: int | None) -> pl.Series:
    """The cells of a column; `style` is that of dates."""
    dtype = column.dtype
    if dtype == pl.Boolean:
        return pl.select(pl.format('<c t="b"><v>{}</v></c>', column.cast(pl.Int8))).to_series()
    if style is not None:
        since = column.cast(pl.Datetime("us")) - pl.Series([_DAY_0]).cast(pl.Datetime("us"))
        days = since.dt.total_microseconds() / 86_400_000_000
        number = days.cast(pl.Int64) if dtype == pl.Date else days
        dated = pl.select(pl.format(f'<c s="{style}"><v>{{}}</v></c>', number)).to_series()
        return _either(days >= _FIRST_DAY, dated, _texts(column))
    if dtype.is_numeric():
        plain = pl.select(pl.format("<c><v>{}</v></c>", column.cast(pl.String))).to_series()
        return _either(column.is_finite(), plain, _texts(column)) if dtype.is_float() else plain
    return _texts(column)


def _either(condition: pl.Series, then: pl.Series, otherwise: pl.Series) -> pl.Series:
    return pl.select(pl.when(condition).then(then).otherwise(otherwise)).to_series()


def _texts(column: pl.Series) -> pl.Series:
    text = column.cast(pl.String)
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.str.replace_all(sign, escaped, literal=True)
    clean = text.str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]", "").str.slice(0, 32_000)
    inline = pl.format('<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>', clean)
    return pl.select(inline).to_series()
