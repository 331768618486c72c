"""Reads delimited text (CSV and its kin) as blocks of text cells, at bounded memory, with exact line numbers.

Guards against silently wrong tables: a row with too few or too many fields, an unclosed quote, bytes that are no text
in the chosen encoding and NUL bytes each raise an error that names the line.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.encoding import codec_of, line_of_first_error
from zerosec_shared.tables.names import MAX_COLUMNS, column_names
from zerosec_shared.tables.numbers import missing_markers
from zerosec_shared.tables.problems import EmptyTableError, EncodingError, ShapeError, TooLargeError
from zerosec_shared.tables.quoting import (
    PLACEHOLDER,
    hide_stray_quotes,
    last_record_end,
    masked,
    records,
    unclosed_quote_at,
)
from zerosec_shared.tables.rows import Block
from zerosec_shared.tables.signs import MINUS
from zerosec_shared.texts import joined, say

__all__ = ["MAX_LINE_BYTES", "DelimitedSource"]

MAX_LINE_BYTES = 32 * 1024 * 1024
_BLOCK_BYTES = 24 * 1024 * 1024
_FIRST_BLOCK_BYTES = 1024 * 1024
_SOME_ROWS_BLOCK_BYTES = 4 * 1024 * 1024
"""Where only some rows are wanted memory counts for more than the last tenth of speed."""
_DECODED_BYTES = 512 * 1024
_UTF8 = {"utf-8", "utf-8-sig", "ascii"}


class DelimitedSource:
    """A delimited file under a dialect: `names` of all its columns, and `blocks` of rows, once or again."""

    def __init__(self, path: Path, dialect: Dialect, *, number_duplicates: bool = False) -> None:
        self.path, self.dialect = path, dialect
        self._codec = codec_of(dialect.encoding)
        self._separator = dialect.separator.encode()
        self._quote = dialect.quote.encode()
        self._after_quote = re.compile(rb"\x02[^\x02\x01\r" + re.escape(self._separator) + rb"]")
        self._mac_lines = False
        self._has_gaps = False
        self._markers = [marker for marker in missing_markers(dialect) if marker]
        header, self._data_line = self._read_header()
        self.names, self.notes = column_names(header, dialect.header_row, number_duplicates=number_duplicates)

    def blocks(
        self, max_rows: int | None = None, numbers: Callable[[], frozenset[str]] = frozenset
    ) -> Iterator[Block]:
        """Rows in order. With `max_rows` no more of the file is read than it takes.

        `numbers`, asked before each block, names the columns that held plain decimal numbers so far: a block in which they
        still do comes with them as numbers (`Block.parsed`), which saves the texts; any other comes as text.
        """
        left = max_rows
        sizes = (
            (_BLOCK_BYTES, _BLOCK_BYTES) if max_rows is None else (_FIRST_BLOCK_BYTES, _SOME_ROWS_BLOCK_BYTES)
        )
        for data, line in self._record_chunks(self._data_line, *sizes):
            block = self._parse(data, line, numbers()).without_empty_rows()
            if left is not None:
                block = block.head(left)
                left -= block.frame.height
            yield block
            if left is not None and left <= 0:
                return

    # text

    def _decoded(self, size: int, others: int) -> Iterator[bytes]:
        """The file as UTF-8 in pieces, the first of `size` bytes, the others of `others`, without its byte-order mark."""
        decoder = None if self._codec in _UTF8 else codecs.getincrementaldecoder(self._codec)()
        lines, first = 0, True
        with self.path.open("rb") as file:
            while piece := file.read(size):
                size = others
                raw = piece
                if decoder is not None:
                    parts, at = [], 0
                    try:
                        # little by little: a decoder keeps all other threads of the program waiting
                        for at in range(0, len(raw), _DECODED_BYTES):
                            part = decoder.decode(raw[at : at + _DECODED_BYTES])
                            parts.append(part.encode("utf-8", errors="strict"))
                    except UnicodeError as error:
                        at += getattr(error, "start", 0)
                        raise self._bad_encoding(lines + raw.count(b"\n", 0, at) + 1) from error
                    piece = b"".join(parts)
                if first:
                    piece = piece.removeprefix(codecs.BOM_UTF8)
                    self._mac_lines = b"\r" in piece and b"\n" not in piece
                    first = False
                if self._mac_lines:
                    piece = piece.replace(b"\r", b"\n")
                lines += piece.count(b"\n") if decoder is not None else 0
                yield piece
            if decoder is not None:
                try:
                    yield decoder.decode(b"", final=True).encode()
                except UnicodeError as error:
                    raise self._bad_encoding(lines + 1) from error

    def _bad_encoding(self, line: int) -> EncodingError:
        return EncodingError(
            "The text is in another encoding",
            say(
                "Line {line:,} is not text in the encoding '{encoding}'.",
                line=line,
                encoding=self.dialect.encoding,
            ),
            "Choose another encoding: Shift-JIS (cp932) for older Japanese files, cp1252 for older Western ones, "
            "UTF-16 for Excel's 'Unicode text'.",
            row=line,
        )

    def _record_chunks(
        self, first_line: int, size: int, others: int = _BLOCK_BYTES
    ) -> Iterator[tuple[bytes, int]]:
        """Whole records and the line the first one starts on, beginning with line `first_line` (from 1)."""
        skip, line, held = first_line - 1, first_line, b""
        for piece in self._decoded(size, others):
            data = held + piece
            while skip and (at := data.find(b"\n")) >= 0:
                data, skip = data[at + 1 :], skip - 1
            if skip:
                held = data if len(data) <= MAX_LINE_BYTES else b""
                continue
            end = last_record_end(data, self._separator, self._quote)
            held = data[end:]
            if len(held) > MAX_LINE_BYTES:
                raise self._endless_line(held, line + data.count(b"\n", 0, end))
            if end:
                yield data[:end], line
                line += data.count(b"\n", 0, end)
        if skip or not held:
            return
        if self._quote and self._quote in held:
            opened = unclosed_quote_at(held, self._separator, self._quote)
            if opened is not None:
                raise self._unclosed_quote(line + held.count(b"\n", 0, opened))
        yield held + b"\n", line

    def _endless_line(self, held: bytes, line: int) -> ShapeError | TooLargeError:
        if self._quote and (opened := unclosed_quote_at(held, self._separator, self._quote)) is not None:
            return self._unclosed_quote(line + held.count(b"\n", 0, opened))
        return TooLargeError(
            "A line is too long",
            say(
                "Line {line:,} is longer than {most} MB; this does not look like a table.",
                line=line,
                most=MAX_LINE_BYTES // 2**20,
            ),
            "Check that the file is a table with one record a line.",
            row=line,
        )

    def _unclosed_quote(self, line: int) -> ShapeError:
        return ShapeError(
            "A quote is not closed",
            say(
                "The quote ({quote}) that opens in line {line:,} has no partner before the end of the file.",
                quote=self.dialect.quote,
                line=line,
            ),
            "Close it in the file, or choose 'no quote character' when reading it.",
            row=line,
        )

    def _tidy(self, data: bytes) -> bytes:
        """Columns aligned with several spaces are separated by one."""
        if self._separator != b" ":
            return data
        parts = re.split(rb'("(?:[^"]|"")*")', data) if self._quote == b'"' and b'"' in data else [data]
        for index in range(0, len(parts), 2):
            parts[index] = re.sub(rb" *\r?\n *", b"\n", re.sub(rb"[ \t]+", b" ", parts[index]))
        return b"".join(parts).lstrip(b" ")

    # table

    def _read_header(self) -> tuple[list[str | None], int]:
        """The header's cells and the line the data begin on."""
        row = self.dialect.header_row
        for data, line in self._record_chunks(max(row, 1), _FIRST_BLOCK_BYTES):
            tidy = self._tidy(data)
            found = next(
                (pair for pair in records(tidy, self._separator, self._quote) if pair[1].strip()), None
            )
            if found is None:
                raise EmptyTableError("The file holds no table", "There is nothing but blank lines in it.")
            offset, record = found
            if row and offset:
                raise ShapeError(
                    "The header row is blank",
                    say(
                        "Row {row} should hold the column names but is blank; line {line} is not.",
                        row=row,
                        line=line + offset,
                    ),
                    "Choose the row that holds the names.",
                    row=row,
                )
            width = record.count(self._separator) + 1
            if width > MAX_COLUMNS:
                return [None] * width, line
            end = next((at for at, _ in self._ends(tidy, offset)), len(tidy))
            try:
                frame = self._parsed(tidy[:end], width)
            except pl.exceptions.PolarsError as error:
                raise self._diagnosed(tidy[:end], line) from error
            cells = [_text(cell) for cell in frame.row(frame.height - 1)]
            if row:
                return cells, line + tidy.count(b"\n", 0, end)
            return [None] * width, line
        if self.path.stat().st_size == 0:
            raise EmptyTableError(
                "The file is empty", "It has no bytes.", "Save it again from the program it came from."
            )
        raise EmptyTableError(
            "The file holds no table",
            say("It ends before row {row}, which should hold the column names.", row=row)
            if row > 1
            else "There is nothing in it.",
        )

    def _ends(self, data: bytes, record: int) -> Iterator[tuple[int, int]]:
        """Ends (byte positions) of the records from the one that starts on line `record`."""
        at = 0
        for line, content in records(data, self._separator, self._quote):
            at += len(content) + 1
            if line >= record:
                yield at, line

    def _parsed(self, data: bytes, width: int, numbers: frozenset[int] = frozenset()) -> pl.DataFrame:
        """The records as text, the columns at `numbers` as numbers. Raises PolarsError."""
        data, strays = hide_stray_quotes(data, self._separator, self._quote)
        # polars unpacks what begins like a zlib, gzip or zstd stream, and "x^2,y" does: such data get a row before them
        packed_like = data[:1] in {b"x", b"(", b"\x1f"}
        if packed_like:
            data = b"0" + self._separator * (width - 1) + b"\n" + data
        frame = pl.read_csv(
            data,
            has_header=False,
            schema={f"c{at}": pl.Float64 if at in numbers else pl.String for at in range(width)},
            null_values=self._gaps(len(numbers) < width) if numbers and self._has_gaps else None,
            separator=self.dialect.separator,
            quote_char=self.dialect.quote or None,
        )
        if packed_like:
            frame = frame.slice(1)
        if strays:
            frame = frame.with_columns(
                pl.col(pl.String).str.replace_all(PLACEHOLDER, self.dialect.quote, literal=True)
            )
        return frame

    def _gaps(self, with_texts: bool) -> list[str]:
        """The words for missing values, which the parser looks for in texts too: there a "-" may be a value."""
        return [marker for marker in self._markers if not (with_texts and marker == MINUS)]

    def _parse(self, data: bytes, line: int, numbers: frozenset[str] = frozenset()) -> Block:
        if b"\0" in data:
            at = line + data.count(b"\n", 0, data.index(b"\0"))
            raise ShapeError(
                "The file holds NUL bytes",
                say(
                    "Line {line:,} has a NUL byte, which no text has: the file is damaged, or is in another encoding.",
                    line=at,
                ),
                "If it is an Excel 'Unicode text' file choose UTF-16; otherwise export it again.",
                row=at,
            )
        data = self._tidy(data)
        width = len(self.names)
        frame = self._with_numbers(data, numbers) if numbers else None
        parsed = numbers if frame is not None else frozenset()
        try:
            frame = self._parsed(data, width) if frame is None else frame
        except pl.exceptions.PolarsError as error:
            if line_of_first_error(data, "utf-8") is None:
                self._refuse_ragged(data, line)
            raise self._diagnosed(data, line) from error
        frame.columns = self.names
        if width > 1 and frame.to_series(width - 1).null_count():
            # Too many cells in a row are the parser's error, too few are not: it fills up with nulls. With none
            # too many, the right total means that none has too few.
            body = masked(data, self._separator, self._quote)
            if body.count(self._separator) != body.count(b"\n") * (width - 1):
                self._refuse_ragged(data, line)
        if data.count(b"\n") == frame.height:
            return Block(frame, line, parsed=parsed)
        places = [line + offset for offset, _ in records(data[: len(data) - 1], self._separator, self._quote)]
        if len(places) != frame.height:
            raise self._diagnosed(data, line)
        return Block(frame, pl.Series(places, dtype=pl.UInt32), parsed=parsed)

    def _with_numbers(self, data: bytes, numbers: frozenset[str]) -> pl.DataFrame | None:
        """The records with these columns as numbers; None where one of them may be something else, or a row empty."""
        places = frozenset(at for at, name in enumerate(self.names) if name in numbers)
        try:
            frame = self._parsed(data, len(self.names), places)
        except pl.exceptions.PolarsError:
            if self._has_gaps:
                return None
            # words for missing values cost the parser a half more: they are looked for once there seem to be some
            self._has_gaps = True
            try:
                frame = self._parsed(data, len(self.names), places)
            except pl.exceptions.PolarsError:
                return None
        columns = [f"c{at}" for at in places]
        if not all(frame.select(pl.col(columns).is_finite().all()).row(0)):
            return None
        return frame if Block(frame, 1).empty_rows() is None else None

    def _diagnosed(self, data: bytes, line: int) -> ShapeError | EncodingError:
        """Why the parser refused these records, the first of which starts on `line`."""
        before = line_of_first_error(data, "utf-8")
        if before is not None:
            return self._bad_encoding(line + before)
        for offset, record in records(data, self._separator, self._quote):
            if self._quote in data and self._after_quote.search(record):
                return ShapeError(
                    "A quoted text does not end where its cell ends",
                    say(
                        "In line {line:,} something stands between a closing quote ({quote}) and the next separator ({separator}), so that the cells cannot be told apart.",
                        line=line + offset,
                        quote=self.dialect.quote,
                        separator=self.dialect.separator,
                    ),
                    "Double the quotes inside quoted texts, or choose 'no quote character' when reading the file.",
                    row=line + offset,
                )
        return ShapeError(
            "The rows cannot be told apart",
            say(
                "Somewhere from line {line:,} on the text is not a table with the separator '{separator}' and the quote '{quote}'.",
                line=line,
                separator=self.dialect.separator,
                quote=self.dialect.quote,
            ),
            "Check the separator and the quote character.",
            row=line,
        )

    def _refuse_ragged(self, data: bytes, line: int) -> None:
        expected = len(self.names)
        wrong: list[tuple[int, int]] = []
        for offset, record in records(data, self._separator, self._quote):
            fields = record.count(self._separator) + 1
            if fields != expected and record.strip():
                wrong.append((line + offset, fields))
        if not wrong:
            return
        at, fields = wrong[0]
        source = (
            say("the header in row {row}", row=self.dialect.header_row)
            if self.dialect.header_row
            else say("the first row")
        )
        what = say(
            "Line {line:,} has {cells:,} cells, {source} has {expected:,}.",
            line=at,
            cells=fields,
            source=source,
            expected=expected,
        )
        others = say("The same goes for {count:,} more of the lines near it.", count=len(wrong) - 1)
        raise ShapeError(
            "A row has another number of cells",
            joined([what, others], " ") if len(wrong) > 1 else what,
            "Put texts that hold the separator between quotes, or choose another separator.",
            row=at,
        )


def _text(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None
