"""Looks into a workbook (a zip archive) before it is parsed: zip bombs, lying directories, sheets too large for memory.

Sizes are measured by inflating with a limit, since a directory can lie; nothing is written to disk.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from zerosec_shared.tables.problems import NotATableError, TooLargeError
from zerosec_shared.texts import say

__all__ = [
    "MAX_CELLS",
    "ErrorCell",
    "SheetScan",
    "damaged",
    "encrypted",
    "inflated",
    "measure",
    "open_archive",
    "scan_opendocument",
    "scan_sheet",
    "too_many_cells",
]

MAX_ENTRIES = 10_000
MAX_INFLATED_BYTES = 4 * 2**30
MAX_RATIO = 300
_RATIO_COUNTS_FROM = 64 * 2**20
MAX_CELLS = 120_000_000
"""A workbook's sheet is held whole while it is parsed, some 30 bytes a cell."""

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?r\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt\s*=\s*["']e["'][^>]*>""")
_REPEATED_ROW = re.compile(rb"""[^>]*number-rows-repeated\s*=\s*["'](\d{1,9})""")
_REPEATED_CELL = re.compile(
    rb"""<table:table-cell(?=[^>]*value-type)(?:[^>]*?number-columns-repeated\s*=\s*["'](\d{1,9}))?"""
)
_MAX_DIRECTORY_BYTES = 4 * 2**20
_PIECE = 4 * 2**20


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell that holds an error instead of a value: sheet row (from 1), column index (from 0)."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What a worksheet's XML says before it is parsed. Rows from 1, columns from 0."""

    last_row: int
    last_column: int
    errors: tuple[ErrorCell, ...]


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse an archive whose directory announces more than is safe."""
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _bomb(say("it holds {count:,} parts", count=len(entries)))
    if any(entry.flag_bits & 1 for entry in entries):
        raise encrypted()
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise NotATableError("The workbook is damaged", "Its archive holds two parts of the same name.")
    inflated_bytes = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if inflated_bytes > MAX_INFLATED_BYTES:
        raise _bomb(say("it unpacks to {size:.1f} GB", size=inflated_bytes / 2**30))
    if inflated_bytes > _RATIO_COUNTS_FROM and inflated_bytes / packed > MAX_RATIO:
        raise _bomb(say("it unpacks to {times:,.0f} times its size", times=inflated_bytes / packed))


def measure(archive: zipfile.ZipFile, path: Path) -> None:
    """Inflate every part that could hide more than the directory announces, and refuse the archive if one does.

    Deflate packs at most 1,032 to 1, so that small parts need no look.
    """
    with path.open("rb") as file:
        for entry in archive.infolist():
            if entry.compress_type == zipfile.ZIP_STORED:
                continue
            if entry.compress_type != zipfile.ZIP_DEFLATED:
                raise NotATableError(
                    "The workbook is packed in an unusual way",
                    "Its archive uses a method that no spreadsheet program uses.",
                )
            if entry.compress_size * 1032 > max(entry.file_size, _RATIO_COUNTS_FROM):
                _measure_part(file, entry)


def _measure_part(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30:
        raise damaged()
    file.seek(sum(struct.unpack("<HH", header[26:30])), 1)
    inflater, total, left = zlib.decompressobj(-15), 0, entry.compress_size
    try:
        while left and not inflater.eof:
            packed = file.read(min(_PIECE, left))
            if not packed:
                break
            left -= len(packed)
            while packed and not inflater.eof:
                total += len(inflater.decompress(packed, _PIECE))
                packed = inflater.unconsumed_tail
                if total > entry.file_size:
                    raise _bomb(say("a part is larger than its directory says"))
    except zlib.error as error:
        raise damaged() from error


def inflated(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part's bytes in pieces, never more than its directory entry announces."""
    entry = archive.getinfo(name)
    total = 0
    try:
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                total += len(piece)
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise damaged() from error
    if total != entry.file_size:
        raise damaged()


def scan_sheet(archive: zipfile.ZipFile, name: str) -> SheetScan:
    """Where the last cells are and which cells hold errors; refuses a sheet that would not fit into memory.

    Guards against a sheet with a cell at A1 and one at XFD1048576: 17 thousand million cells for any parser.
    """
    last_row = last_column = 0
    found: list[ErrorCell] = []
    columns: dict[bytes, int] = {}
    held = b""
    for piece in inflated(archive, name):
        data = held + piece
        cut = data.rfind(b">") + 1
        data, held = data[:cut], data[cut:]
        if len(held) > _PIECE:
            raise damaged()
        cells = _CELL.findall(data)
        if not cells:
            continue
        for letters in {cell[0] for cell in cells} - columns.keys():
            columns[letters] = _column_index(letters)
        last_column = max(columns.values())
        last_row = max(last_row, *map(int, {cell[1] for cell in cells}))
        if b'"e"' in data or b"'e'" in data:
            for tag in _ERROR.findall(data):
                found += [ErrorCell(int(row), columns[letters]) for letters, row in _CELL.findall(tag)]
        if last_row * (last_column + 1) > MAX_CELLS:
            raise too_many_cells(last_row, last_column + 1)
    return SheetScan(last_row, last_column, tuple(found))


def scan_opendocument(archive: zipfile.ZipFile) -> None:
    """Refuse a sheet whose repeat counts make a handful of cells into more than fit into memory."""
    total, held = 0, b""
    for piece in chain(inflated(archive, "content.xml"), (b"<table:table-row",)):
        *rows, held = (held + piece).split(b"<table:table-row")
        if len(held) > 16 * _PIECE:
            raise damaged()
        for row in rows:
            if b"value-type" in row:
                cells = sum(int(count or 1) for count in _REPEATED_CELL.findall(row))
                repeat = _REPEATED_ROW.match(row)
                total += cells * (int(repeat.group(1)) if repeat else 1)
        if total > MAX_CELLS:
            raise TooLargeError(
                "The sheet is too large",
                say("Its repeated cells come to more than {most:,}.", most=MAX_CELLS),
                "Save it as CSV or Parquet, which have no such limit.",
            )


def too_many_cells(rows: int, columns: int) -> TooLargeError:
    """The sheet's used range does not fit into memory."""
    return TooLargeError(
        "The sheet is too large",
        say(
            "Its used range has {rows:,} rows and {columns:,} columns, more than {most:,} cells.",
            rows=rows,
            columns=columns,
            most=MAX_CELLS,
        ),
        "Save it as CSV or Parquet, which have no such limit, or delete stray cells far outside the table.",
    )


def encrypted() -> NotATableError:
    """The workbook needs a password."""
    return NotATableError(
        "The workbook is protected by a password",
        "Its contents are encrypted and cannot be read.",
        "Open it in Excel, remove the password (File, Info, Protect Workbook) and save it again.",
    )


def damaged() -> NotATableError:
    """The archive cannot be unpacked, or holds no workbook that can be read."""
    return NotATableError(
        "The workbook is damaged",
        "It cannot be read completely.",
        "Open it in the program it came from and save it again.",
    )


def open_archive(path: Path) -> zipfile.ZipFile:
    """The workbook as a checked archive."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 66_000))
            tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") > _MAX_DIRECTORY_BYTES:
            raise _bomb(say("its directory alone is larger than any workbook's"))
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged() from error
    try:
        _check(archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + (letter & 0x1F)
    return index - 1


def _bomb(what: str) -> TooLargeError:
    return TooLargeError(
        "The workbook is not safe to open",
        say("It unpacks to far more than its size lets one expect: {what}.", what=what),
        "If it is a real table, save it as CSV or Parquet.",
    )
