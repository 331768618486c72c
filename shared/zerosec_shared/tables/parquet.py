"""Reads Parquet files: typed columns, in batches at bounded memory."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.names import column_names
from zerosec_shared.tables.panics import panics_are
from zerosec_shared.tables.problems import EmptyTableError, NotATableError, Note
from zerosec_shared.tables.rows import Block
from zerosec_shared.texts import say

__all__ = ["MAGIC", "ParquetSource", "collected"]

MAGIC = b"PAR1"
_CELLS_PER_BLOCK = 4_000_000
_BLOCKS_AT_ONCE = 4


class ParquetSource:
    """A Parquet file: `names` of its columns and blocks of its rows, counted from 1 since it has no lines.

    With `columns` only these are decoded.
    """

    def __init__(
        self,
        path: Path,
        dialect: Dialect,
        *,
        number_duplicates: bool = False,
        columns: Sequence[str] | None = None,
    ) -> None:
        self.dialect = dialect
        # a name is never a pattern here, and a file never one part of a partitioned set
        self._scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        with _damage_is_said():
            schema = self._scan.collect_schema()
        if not schema:
            raise EmptyTableError("The file holds no table", "It has no columns.")
        self.names, self.notes = column_names(list(schema), 0, number_duplicates=number_duplicates)
        wanted: list[pl.Expr] = []
        for old, name in zip(schema, self.names, strict=True):
            column, dtype = pl.col(old).alias(name), schema[old]
            if dtype.is_nested() or dtype == pl.Object or dtype == pl.Binary:
                self.notes.append(
                    Note(
                        "no_cells",
                        say("{name} holds lists, records or raw bytes and is left out.", name=name),
                        column=name,
                    )
                )
                continue
            if dtype == pl.Decimal:
                column = column.cast(pl.Float64)
            elif dtype == pl.Duration:
                column = column.dt.total_microseconds() / 1e6
            elif dtype == pl.Datetime:
                column = (
                    column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
                    if getattr(dtype, "time_zone", None)
                    else column
                )
            elif not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Date, pl.Null)):
                column = column.cast(pl.String)
            wanted.append(column)
        if not wanted:
            raise EmptyTableError("The file holds no table", "None of its columns has plain values.")
        left_out = {note.column for note in self.notes if note.code == "no_cells"}
        self.names = [name for name in self.names if name not in left_out]
        if columns is not None and set(columns) <= set(self.names):
            wanted = [column for column in wanted if column.meta.output_name() in set(columns)]
        self._width = max(1, len(wanted))
        self._scan = self._scan.select(wanted)

    def blocks(
        self, max_rows: int | None = None, numbers: Callable[[], frozenset[str]] | None = None
    ) -> Iterator[Block]:
        """Rows in order; no more of the file is decoded than `max_rows` takes. `numbers` is of no use to what has types.

        A range of rows is read at a time: the streaming engine would run ahead and hold a file of one row group whole.
        """
        size = max(1000, _CELLS_PER_BLOCK // self._width)
        at_once = size * _BLOCKS_AT_ONCE
        total = int(collected(self._scan.select(pl.len())).item())
        total = total if max_rows is None else min(total, max_rows)
        for start in range(0, total, at_once):
            frame = collected(self._scan.slice(start, min(at_once, total - start)))
            for offset in range(0, frame.height, size):
                yield Block(frame.slice(offset, size), start + offset + 1)


def collected(scan: pl.LazyFrame) -> pl.DataFrame:
    """What was asked of a Parquet file. Raises NotATableError where the file is damaged."""
    with _damage_is_said():
        return scan.collect()


@contextmanager
def _damage_is_said() -> Iterator[None]:
    try:
        with panics_are(_damaged):
            yield
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _damaged() from error


def _damaged() -> NotATableError:
    return NotATableError(
        "The Parquet file is damaged",
        "It cannot be read completely.",
        "Write it again from the program it came from.",
    )
