"""Finds out how a data file is to be read, from its content alone: kind, encoding, separator, decimal sign, header.

At most the file's first 256 KiB are looked at closely. What could be read in two ways is never guessed silently: it
is a note.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from zerosec_shared.causes import cause
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables.encoding import (
    SAMPLE_BYTES,
    codec_of,
    guess_encoding,
    looks_binary,
    sample_for_encoding,
)
from zerosec_shared.tables.parquet import MAGIC
from zerosec_shared.tables.problems import EmptyTableError, FileUnreadableError, NotATableError, Note
from zerosec_shared.tables.quoting import masked
from zerosec_shared.tables.two_row_header import divided_names, lower_row
from zerosec_shared.tables.workbook import workbook_format
from zerosec_shared.texts import say

__all__ = ["Detection", "detect", "size_of"]

_SEPARATORS = ("\t", ";", "|", ",", " ")
_TEXT_ONLY = {
    "encoding": say("encoding"),
    "separator": say("separator"),
    "decimal": say("decimal mark"),
    "thousands": say("thousands separator"),
}
_LINES = 200
_NOT_TEXT = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet"})
"""Endings of names that promise another file than a text."""
_NUMBER = re.compile(r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$")
_COMMA = re.compile(r"^\s*[+-]?\d*,\d+([eE][+-]?\d+)?\s*$")
_POINT = re.compile(r"^\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*$")
_GROUPED_COMMA = re.compile(r"^\s*[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*$")
_GROUPED_POINT = re.compile(r"^\s*[+-]?[1-9]\d{0,2}(\.\d{3})+,\d*\s*$")
_BINARY_KINDS = (
    (b"%PDF", say("a PDF document")),
    (b"\x89PNG", say("an image")),
    (b"\xff\xd8\xff", say("an image")),
    (b"GIF8", say("an image")),
    (b"\x1f\x8b", say("a gzip archive; unpack it first")),
    (b"7z\xbc\xaf", say("a 7-Zip archive; unpack it first")),
    (b"BZh", say("a bzip2 archive; unpack it first")),
    (b"\xfd7zXZ", say("an xz archive; unpack it first")),
    (b"\x28\xb5\x2f\xfd", say("a zstd archive; unpack it first")),
    (b"\x7fELF", say("a program")),
    (b"MZ", say("a program")),
    (b"\x89HDF", say("an HDF5 file; export the table as CSV or Parquet")),
    (b"SQLite format 3", say("a database; export the table as CSV or Parquet")),
    (b"ARROW1", say("an Arrow file; export the table as Parquet")),
)
_TEXT_KINDS = (
    ("<!doctype html", say("a web page, even if its name says otherwise")),
    ("<html", say("a web page, even if its name says otherwise")),
    ("<table", say("a web page, even if its name says otherwise")),
    ("<?xml", say("an XML document")),
    ('{"', say("a JSON document")),
    ("{\n", say("a JSON document")),
    ("[{", say("a JSON document")),
    ("%!ps", say("a PostScript document")),
    ("{\\rtf", say("a text document")),
)


@dataclass(frozen=True, slots=True)
class Detection:
    """How a file is to be read, how sure that is (0 to 1), and what a person should look at."""

    dialect: Dialect
    confidence: float
    notes: tuple[Note, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def kind(self) -> TableKind:
        """CSV, Excel or Parquet, by content."""
        return self.dialect.kind


def detect(
    path: Path | str, asked: Dialect | None = None, go_on: Callable[[int], bool] | None = None
) -> Detection:
    """Find the dialect of a data file, or what `asked` leaves open of it. Raises TableError if it is none.

    A text that begins in plain ASCII is searched to its end for what tells the encoding, unless `go_on`, which is asked now and
    then with the bytes searched so far, says no.
    """
    given = {} if asked is None else asked.given
    found = _find(Path(path), given, go_on)
    if found.kind is not TableKind.CSV and "kind" not in given:
        plain = Dialect()
        wrong = [name for name in _TEXT_ONLY if given.get(name, getattr(plain, name)) != getattr(plain, name)]
        if wrong:
            raise NotATableError(
                "Not a text table",
                say(
                    "The file is {what}, so that no {setting} can be chosen for it.",
                    what=say("a workbook") if found.kind is TableKind.EXCEL else say("a Parquet file"),
                    setting=_TEXT_ONLY[wrong[0]],
                ),
                say("Leave out the {setting}.", setting=_TEXT_ONLY[wrong[0]]),
            )
    dialect = Dialect.model_validate({**found.dialect.model_dump(), **given})
    return replace(found, dialect=dialect)


def _find(path: Path, given: Mapping[str, Any], go_on: Callable[[int], bool] | None) -> Detection:
    path = Path(path).absolute()
    if size_of(path) == 0:
        raise EmptyTableError(
            "The file is empty", "It has no bytes.", "Save it again from the program it came from."
        )
    with path.open("rb") as file:
        head = file.read(16)
    kind = given.get("kind")
    if kind is TableKind.PARQUET or (kind is None and head.startswith(MAGIC)):
        return Detection(Dialect(kind=TableKind.PARQUET), 1.0)
    if kind is TableKind.EXCEL or (kind is None and workbook_format(path) is not None):
        return _workbook(path, given)
    for magic, what in _BINARY_KINDS:
        if head.startswith(magic) and not (magic in {b"MZ", b"BZh"} and _is_text(path)):
            raise NotATableError(
                "Not a table", say("The file is {what}.", what=what), "Choose a CSV, Excel or Parquet file."
            )
    found = _delimited(path, given, go_on)
    if path.suffix.lower() in _NOT_TEXT:
        return replace(found, notes=(_text_after_all(path.suffix), *found.notes))
    return found


def _text_after_all(ending: str) -> Note:
    return Note(
        "text_after_all",
        say(
            "The name ends in {ending}, but the file holds plain text, and was read as a text table (CSV). If it should be another file, "
            "save it again from the program it came from.",
            ending=ending,
        ),
    )


def size_of(path: Path) -> int:
    """The file's size in bytes. Raises FileUnreadableError if it is not there, is a folder, or may not be read."""
    try:
        if not path.is_file():
            raise FileUnreadableError(
                "The file cannot be read",
                say("'{name}' is a folder.", name=path.name)
                if path.is_dir()
                else say("'{name}' is not there.", name=path.name),
                "Choose the file again.",
            )
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        raise FileUnreadableError(
            "The file cannot be read",
            say(
                "'{name}' cannot be opened: {cause}.",
                name=path.name,
                cause=cause(error),
            ),
            "Check that it exists, that you have the right to read it, and that no program has locked it.",
        ) from error


def _is_text(path: Path) -> bool:
    return not looks_binary(sample_for_encoding(path, lambda _: False))


def _workbook(path: Path, given: Mapping[str, Any]) -> Detection:
    from zerosec_shared.tables.excel import first_rows, sheet_names  # the parser takes 50 ms to import

    sheets = tuple(sheet_names(path))
    notes = []
    if "header_row" in given:
        return Detection(Dialect(kind=TableKind.EXCEL, sheet=None), 0.9, (), sheets)
    rows = first_rows(path, given.get("sheet"))
    filled: list[int] = [sum(cell is not None and bool(cell.strip()) for cell in row) for row in rows]
    most = max(filled, default=0)
    header = next((at for at, count in enumerate(filled, 1) if count and count >= 0.7 * most), 1)
    lower = lower_row(rows, header, most)
    header = lower or header
    if lower is not None:
        notes.append(divided_names(lower))
    elif header > 1:
        notes.append(_skipped(header))
    names = [cell for cell in rows[header - 1] if cell] if rows else []
    if names and all(_NUMBER.match(name) for name in names):
        notes.append(_headerless(header))
        header = 0
    if len(sheets) > 1 and given.get("sheet") is None:
        notes.append(
            Note(
                "sheets",
                say(
                    "The workbook has {count} sheets; '{sheet}' is read.",
                    count=len(sheets),
                    sheet=sheets[0],
                ),
                count=len(sheets),
            )
        )
    return Detection(Dialect(kind=TableKind.EXCEL, sheet=None, header_row=header), 0.9, tuple(notes), sheets)


def _delimited(path: Path, given: Mapping[str, Any], go_on: Callable[[int], bool] | None) -> Detection:
    if "encoding" in given:
        encoding, confidence = codec_of(given["encoding"]), 1.0
    else:
        encoding, confidence = guess_encoding(sample_for_encoding(path, go_on))
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    if not encoding.startswith(("utf-16", "utf-32")) and looks_binary(head):
        raise NotATableError(
            "Not a table",
            "The file holds bytes that no text has; it is neither a text table nor a workbook.",
            "Choose a CSV, Excel or Parquet file.",
        )
    text = head.decode(encoding, errors="ignore").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for start, what in _TEXT_KINDS:
        if text[:2000].lstrip().lower().startswith(start):
            raise NotATableError(
                "Not a table",
                say("The file is {what}.", what=what),
                "Export the table as CSV, .xlsx or Parquet.",
            )
    whole = len(head) < SAMPLE_BYTES
    notes: list[Note] = []
    if confidence < 0.6:
        notes.append(
            Note(
                "encoding_guessed",
                say(
                    "The text encoding was guessed as {encoding}; check that accented letters are right.",
                    encoding=encoding,
                ),
            )
        )
    quote = given["quote"] if "quote" in given else _quote(text)
    blank = _unquoted(text, "\x00", quote)
    lines = blank.split("\n")[: _LINES + 1]
    if not whole and len(lines) > 1 and len(blank.split("\n", _LINES + 1)) <= _LINES + 1:
        lines = lines[:-1]
    if "separator" in given:
        separator, sure = given["separator"], 1.0
    else:
        # A sign that is the decimal mark separates columns only where no other does.
        candidates = [sign for sign in _SEPARATORS if sign != given.get("decimal")]
        separator, sure = _separator([line for line in lines if line.strip()], text, quote, candidates)
    rows = _rows(text, separator, quote, whole)
    header = given["header_row"] if "header_row" in given else _header(rows, notes)
    decimal = (
        given["decimal"] if "decimal" in given else _decimal(rows, separator, notes, given.get("thousands"))
    )
    return Detection(
        Dialect(
            kind=TableKind.CSV,
            encoding=encoding,
            separator=separator,
            decimal="," if decimal == "," else ".",
            quote=quote,
            header_row=header,
        ),
        min(confidence, sure),
        tuple(notes),
    )


def _unquoted(text: str, separator: str, quote: str) -> str:
    """The text with everything that stands in quotes hidden."""
    return masked(text.encode(), separator.encode(), quote.encode()).decode() if quote else text


def _quote(text: str) -> str:
    """The quote that opens fields: after a separator or a line's start."""
    found = Counter(
        re.findall(r"(?:^|[,;\t| ])(['\"])(?=[^'\"\n]*\1[,;\t| \r\n])", text[:65536], re.MULTILINE)
    )
    return "'" if found["'"] > 2 * found['"'] and found["'"] > 2 else '"'


def _separator(lines: list[str], text: str, quote: str, candidates: Sequence[str]) -> tuple[str, float]:
    """The separator whose count is most alike in all lines, and how alike that is."""
    best, best_share = ",", 0.0
    for separator in candidates:
        clean = _unquoted(text, separator, quote).split("\n")[: len(lines)]
        clean = [line for line in clean if line.strip()][: len(lines)] or lines
        if separator == " ":
            counts = [len(line.split()) - 1 for line in clean]
        else:
            counts = [line.count(separator) for line in clean]
        common = Counter(count for count in counts if count).most_common(1)
        if not common:
            continue
        share = common[0][1] / len(counts)
        if separator == " " and best_share:
            continue
        if share > best_share + (0.15 if best_share >= 0.8 else 0.0):
            best, best_share = separator, share
    if best == " " and best_share < 0.9:
        return ",", 0.5
    return best, best_share if best_share else 0.8


def _rows(text: str, separator: str, quote: str, whole: bool) -> list[tuple[int, list[str]]]:
    """The first records with the line each starts on (from 1)."""
    lines = text.split("\n")
    if not whole:
        lines = lines[:-1] or lines
    lines = lines[: 4 * _LINES]
    spaced = [re.sub(r"[ \t]+", " ", line).strip() for line in lines] if separator == " " else lines
    csv.field_size_limit(max(csv.field_size_limit(), SAMPLE_BYTES * 2))
    reader = csv.reader(
        (line + "\n" for line in spaced),
        delimiter=separator,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        strict=False,
    )
    rows, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, row))
            line = reader.line_num + 1
            if len(rows) >= _LINES:
                break
    except csv.Error:
        return rows
    return rows


def _header(rows: list[tuple[int, list[str]]], notes: list[Note]) -> int:
    if not rows:
        return 1
    found = Counter(len(row) for _, row in rows)
    width = max(found, key=lambda each: (found[each], each))
    first = rows[0]
    at = next(index for index, (_, row) in enumerate(rows) if len(row) == width)
    # lines above the table (a title, a date) have few cells, and below them nearly all rows are alike;
    # a header that is one short, or a single bad row, is for the reader to name
    above = [len([cell for cell in row if cell.strip()]) for _, row in rows[:at]]
    alike = sum(len(row) == width for _, row in rows[at:])
    if at and max(above) <= max(1, width // 2) and alike >= max(2, 0.8 * (len(rows) - at)):
        first = rows[at]
        notes.append(_skipped(first[0]))
    cells = [cell for cell in first[1] if cell.strip()]
    if cells and all(_NUMBER.match(cell) for cell in cells):
        notes.append(_headerless(first[0]))
        return 0
    return first[0]


def _decimal(
    rows: list[tuple[int, list[str]]], separator: str, notes: list[Note], thousands: str | None
) -> str:
    if thousands in {",", "."}:  # what groups digits is no decimal mark
        return "." if thousands == "," else ","
    cells = list(islice((cell for _, row in rows[1:] for cell in row), 20_000))
    if thousands:
        cells = [re.sub(rf"(?<=\d){re.escape(thousands)}(?=\d)", "", cell) for cell in cells]
    points = sum(bool(_POINT.match(cell)) for cell in cells)
    commas = sum(bool(_COMMA.match(cell)) for cell in cells)
    grouped = [cell.strip() for cell in cells if _GROUPED_POINT.match(cell)]
    if grouped:
        notes.append(_grouping(grouped[0], "."))
        return ","
    mixed = [cell.strip() for cell in cells if _GROUPED_COMMA.match(cell)]
    if any("." in cell for cell in mixed):
        notes.append(_grouping(next(cell for cell in mixed if "." in cell), ","))
        return "."
    if not commas:
        return "."
    if points:
        notes.append(
            Note(
                "two_decimals",
                "Both 1.5 and 1,5 occur; numbers with a comma are not read as numbers.",
                count=commas,
            )
        )
        return "."
    if len(mixed) == commas:
        if separator == ";":
            notes.append(
                Note(
                    "decimal_assumed",
                    say(
                        "'{example}' is read with a decimal comma; it could also be grouped digits.",
                        example=mixed[0],
                    ),
                    count=commas,
                )
            )
            return ","
        notes.append(
            Note(
                "decimal_unclear",
                say(
                    "'{example}' could be grouped digits or have a decimal comma; it is read as text. Choose which.",
                    example=mixed[0],
                ),
                count=commas,
            )
        )
        return "."
    return ","


def _skipped(header: int) -> Note:
    return Note(
        "lines_skipped",
        say("The column names are taken from row {header}; what stands above is left out.", header=header),
        count=header - 1,
    )


def _headerless(row: int) -> Note:
    return Note(
        "no_header",
        say(
            "Row {row} holds numbers only, so the table seems to have no column names; they are called column_1, column_2, …",
            row=row,
        ),
    )


def _grouping(example: str, sign: str) -> Note:
    return Note(
        "grouped_digits",
        say(
            "Numbers such as '{example}' group their digits with '{sign}'; they stay text until you say so (thousands separator).",
            example=example,
            sign=sign,
        ),
    )
