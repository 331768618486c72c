"""Reads Parquet files: typed columns, in batches at bounded memory."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.names import column_names
from zerosec_shared.tables.problems import EmptyTableError, NotATableError, Note
from zerosec_shared.tables.rows import Block

__all__ = ["MAGIC", "ParquetSource"]

MAGIC = b"PAR1"
_CELLS_PER_BLOCK = 4_000_000


class ParquetSource:
    """A Parquet file: `names` of its columns and blocks of its rows, counted from 1 since it has no lines."""

    def __init__(self, path: Path, dialect: Dialect, *, number_duplicates: bool = False) -> None:
        self.dialect = dialect
        # a name is never a pattern here, and a file never one part of a partitioned set
        self._scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        try:
            schema = self._scan.collect_schema()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _damaged() from error
        if not schema:
            raise EmptyTableError("The file holds no table", "It has no columns.")
        self.names, self.notes = column_names(list(schema), 0, number_duplicates=number_duplicates)
        wanted: list[pl.Expr] = []
        for old, name in zip(schema, self.names, strict=True):
            column, dtype = pl.col(old).alias(name), schema[old]
            if dtype.is_nested() or dtype == pl.Object or dtype == pl.Binary:
                self.notes.append(
                    Note(
                        "no_cells", f"{name} holds lists, records or raw bytes and is left out.", column=name
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
        self._scan = self._scan.select(wanted)

    def blocks(self, max_rows: int | None = None) -> Iterator[Block]:
        """Rows in order; no more of the file is decoded than `max_rows` takes."""
        scan = self._scan if max_rows is None else self._scan.head(max_rows)
        row = 1
        size = max(1000, _CELLS_PER_BLOCK // len(self.names))
        try:
            for frame in scan.collect_batches(chunk_size=size, maintain_order=True, lazy=True):
                for part in frame.iter_slices(size):
                    yield Block(part, row)
                    row += part.height
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _damaged() from error


def _damaged() -> NotATableError:
    return NotATableError(
        "The Parquet file is damaged",
        "It cannot be read completely.",
        "Write it again from the program it came from.",
    )
