"""Reads data files: whole, in batches, as a preview, or as exact text. One rule for every kind of file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from zerosec_shared.files import MOST_TYPES, ColumnType, Dialect, TableKind
from zerosec_shared.tables.checks import known, no_rows, require_numbers, row_notes
from zerosec_shared.tables.columns import ColumnTypes
from zerosec_shared.tables.delimited import DelimitedSource
from zerosec_shared.tables.detect import detect, size_of
from zerosec_shared.tables.numbers import plain_decimal
from zerosec_shared.tables.parquet import ParquetSource
from zerosec_shared.tables.problems import EmptyTableError, NotATableError, Note, TableError, TooLargeError
from zerosec_shared.tables.rows import RowNumbers
from zerosec_shared.tables.scan import Scan, Source
from zerosec_shared.tables.signs import MINUS, minus_is_missing, signed_columns, trimmed
from zerosec_shared.tables.state import ColumnState
from zerosec_shared.texts import say

__all__ = ["MAX_TABLE_BYTES", "Table", "preview", "read_table", "read_text_columns", "scan_table"]

MAX_TABLE_BYTES = 8 * 2**30
"""The largest table read whole, in memory; larger ones go through `scan_table`."""


@dataclass(frozen=True)
class Table:
    """A table in memory. `columns` says what each column of `frame` is; `rows` where each row stands in the file."""

    frame: pl.DataFrame
    dialect: Dialect
    columns: tuple[ColumnState, ...]
    notes: tuple[Note, ...]
    rows: RowNumbers
    complete: bool = True

    def column(self, name: str) -> ColumnState:
        """What is known of a column. Raises UnknownColumnError."""
        known([state.name for state in self.columns], [name])
        return next(state for state in self.columns if state.name == name)

    def row_number(self, index: int) -> int:
        """The line of the file, or row of the sheet, that row `index` (from 0) came from."""
        return self.rows.of(index)

    def require_numbers(self, names: Sequence[str]) -> None:
        """Raise CellsError, naming the first offending row of each column, unless all these columns are numeric."""
        require_numbers({state.name: state for state in self.columns}, names)


def read_table(
    path: Path | str,
    dialect: Dialect | None = None,
    columns: Sequence[str] | None = None,
    max_rows: int | None = None,
    *,
    number_duplicates: bool = False,
) -> Table:
    """Read a table, or some of its columns and first rows, into memory. Without a dialect, or a part of one, it is detected.

    Raises TableError with a sentence for the user: an empty or damaged file, a ragged row, unknown columns, ….
    """
    path = Path(path).absolute()
    dialect, notes = _dialect(path, dialect)
    source = _source(path, dialect, number_duplicates=number_duplicates, max_rows=max_rows, columns=columns)
    known(source.names, list(dialect.types))
    names = known(source.names, columns)
    types, parts, rows = ColumnTypes(dialect), [], RowNumbers()
    dropped = size = 0
    for block in source.blocks(max_rows, types.plain_numbers):
        frame = types.convert(replace(block, frame=block.frame.select(names)))
        parts.append(frame)
        rows.append(block.first, frame.height)
        dropped += block.dropped
        size += frame.height * frame.width * 8
        if size > MAX_TABLE_BYTES:
            raise TooLargeError(
                "The table is too large to be read whole",
                say(
                    "Its first {rows:,} rows alone take more than {most} GB of memory.",
                    rows=rows.length,
                    most=MAX_TABLE_BYTES // 2**30,
                ),
                "Choose fewer columns, or an analysis that reads in batches.",
            )
    if rows.length == 0:
        raise no_rows()
    schema = {name: types.states[name].dtype for name in names}
    stale = [name for name in names if types.states[name].stale]
    if stale:
        # these turned out to be of another type after a part was converted; only they are read again
        again = types.frozen()
        reread = pl.concat(
            [
                again.convert(replace(block, frame=block.frame.select(stale))).cast(
                    {name: schema[name] for name in stale}
                )
                for block in source.blocks(max_rows)
            ]
        )
        kept = {name: dtype for name, dtype in schema.items() if name not in stale}
        frame = pl.concat([_as(part.drop(stale), kept) for part in parts])
        frame = pl.concat([frame, reread], how="horizontal").select(names)
        types.recount(stale, again)
    else:
        frame = pl.concat([_as(part, schema) for part in parts])
    everything = (*notes, *source.notes, *row_notes(rows.length, dropped), *types.notes())
    complete = max_rows is None or rows.length < max_rows
    return Table(frame, dialect, tuple(types.states[name] for name in names), everything, rows, complete)


def preview(path: Path | str, dialect: Dialect | None = None, rows: int = 200) -> Table:
    """The first rows, at once for a file of any size. Types are judged by these rows alone."""
    return read_table(path, dialect, max_rows=rows, number_duplicates=True)


def scan_table(
    path: Path | str,
    dialect: Dialect | None = None,
    columns: Sequence[str] | None = None,
    *,
    number_duplicates: bool = False,
    scratch: Path | None = None,
    signed: Collection[str] = (),
    texts: Collection[str] = (),
) -> Scan:
    """A table to be read in batches at bounded memory (an Excel sheet is held whole: it cannot be larger).

    A text file is read once if there is an empty folder `scratch` for what the first pass has parsed, else once more
    for every use of `batches`. In the `signed` columns "-" is a value even where no "+" stands beside it.
    `texts` are read as text where the dialect does not say otherwise.
    """
    path = Path(path).absolute()
    dialect, notes = _dialect(path, dialect)
    source = _source(path, dialect, number_duplicates=number_duplicates, columns=columns)
    known(source.names, list(dialect.types))
    wanted = {name: ColumnType.TEXT for name in texts if name in source.names} | dialect.types
    dialect = dialect.model_copy(update={"types": dict(list(wanted.items())[:MOST_TYPES])})
    names = known(source.names, columns)
    kept = None if scratch is None or dialect.kind is TableKind.PARQUET else scratch
    return Scan(path, dialect, tuple(names), source, (*notes, *source.notes), kept, frozenset(signed))


def read_text_columns(
    path: Path | str,
    dialect: Dialect | None = None,
    columns: Sequence[str] | None = None,
    max_rows: int | None = None,
) -> pl.DataFrame:
    """The exact decimal text of each cell as it stands in the file, null where missing; same rows as `read_table`.

    Numbers come with a decimal point and without grouped digits, so that `Fraction(text)` takes them. A cell of a
    workbook or Parquet file holds a binary number: its shortest exact decimal is given.
    """
    path = Path(path).absolute()
    dialect, _ = _dialect(path, dialect)
    source = _source(path, dialect, max_rows=max_rows, columns=columns)
    names = known(source.names, columns)
    signed: set[str] = set()
    parts = []
    for block in source.blocks(max_rows):
        texts = []
        for column in block.frame.select(names).iter_columns():
            if column.dtype == pl.String:
                frame = column.to_frame()
                signed |= signed_columns(frame, [column.name], dialect)
                # whether a "-" is missing shows at the end
                kept = frame.select(trimmed([column.name], dialect, [column.name])).to_series()
                plain = plain_decimal(kept, dialect)
                number = plain.cast(pl.Float64, strict=False).is_not_null()
                texts.append(
                    pl.select(pl.when(number).then(plain).otherwise(kept).alias(column.name)).to_series()
                )
            else:
                texts.append(column.cast(pl.String))
        parts.append(pl.DataFrame(texts))
    if not parts or sum(part.height for part in parts) == 0:
        raise no_rows()
    texts_read = pl.concat(parts)
    unsigned = [name for name in names if name not in signed]
    if unsigned and minus_is_missing(dialect):
        texts_read = texts_read.with_columns(pl.col(unsigned).replace({MINUS: None}))
    return texts_read


def _as(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frame in these types; most columns have them already."""
    other = [name for name, dtype in frame.schema.items() if dtype != schema[name]]
    return frame.with_columns(frame[name].cast(schema[name]) for name in other) if other else frame


def _dialect(path: Path, dialect: Dialect | None) -> tuple[Dialect, tuple[Note, ...]]:
    if size_of(path) == 0:
        raise EmptyTableError(
            "The file is empty", "It has no bytes.", "Save it again from the program it came from."
        )
    if dialect is not None and not dialect.detect:
        return dialect, _doubts_of_numbers(path, dialect)
    found = detect(path, dialect)
    return found.dialect, found.notes


def _doubts_of_numbers(path: Path, dialect: Dialect) -> tuple[Note, ...]:
    """What is in doubt about the numbers of a text although its dialect is fixed; nothing where a person chose another decimal sign.

    Whoever fixes a dialect has mostly taken over what was found in the file, the window for one.
    """
    if dialect.kind is not TableKind.CSV:
        return ()
    try:
        found = detect(path, dialect.model_copy(update={"detect": ("decimal",)}))
    except TableError:
        return ()  # the reading itself says what is wrong, and where
    return found.notes if found.dialect.decimal == dialect.decimal else ()


def _source(
    path: Path,
    dialect: Dialect,
    *,
    number_duplicates: bool = False,
    max_rows: int | None = None,
    columns: Sequence[str] | None = None,
) -> Source:
    if dialect.kind is TableKind.PARQUET:
        return ParquetSource(path, dialect, number_duplicates=number_duplicates, columns=columns)
    if dialect.kind is TableKind.EXCEL:
        from zerosec_shared.tables.excel import ExcelSource  # the parser takes 50 ms to import

        return ExcelSource(path, dialect, number_duplicates=number_duplicates, max_rows=max_rows)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith((b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")):
        raise NotATableError(
            "Not a text table", "The file is a workbook or Parquet file.", "Let its kind be detected."
        )
    return DelimitedSource(path, dialect, number_duplicates=number_duplicates)
