"""Finds out how a data file is to be read, from its content alone: kind, encoding, and what `text_layout` finds in a text.

At most the file's first 256 KiB are looked at closely. What could be read in two ways is never guessed silently: it
is a note.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
from zerosec_shared.tables.text_layout import (
    MOST_LINES,
    NUMBER,
    decimal_mark_of,
    first_records,
    header_of,
    no_names,
    quote_of,
    rows_skipped,
    separator_of,
    without_quoted,
)
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
_NOT_TEXT = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet"})
"""Endings of names that promise another file than a text."""
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
        notes.append(rows_skipped(header))
    names = [cell for cell in rows[header - 1] if cell] if rows else []
    if names and all(NUMBER.match(name) for name in names):
        notes.append(no_names(header))
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
    quote = given["quote"] if "quote" in given else quote_of(text)
    blank = without_quoted(text, "\x00", quote)
    lines = blank.split("\n")[: MOST_LINES + 1]
    if not whole and len(lines) > 1 and len(blank.split("\n", MOST_LINES + 1)) <= MOST_LINES + 1:
        lines = lines[:-1]
    if "separator" in given:
        separator, sure = given["separator"], 1.0
    else:
        # A sign that is the decimal mark separates columns only where no other does.
        candidates = [sign for sign in _SEPARATORS if sign != given.get("decimal")]
        separator, sure = separator_of([line for line in lines if line.strip()], text, quote, candidates)
    rows = first_records(text, separator, quote, whole)
    header = given["header_row"] if "header_row" in given else header_of(rows, notes)
    decimal = (
        given["decimal"]
        if "decimal" in given
        else decimal_mark_of(rows, separator, notes, given.get("thousands"))
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
