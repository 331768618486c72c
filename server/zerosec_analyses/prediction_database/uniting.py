"""Tables of different columns as one: which columns, of which type, and each table's rows in them, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from zerosec_analyses.prediction_database.spec import Entry

__all__ = ["ORIGIN", "Table", "United", "unite"]

WHEN = "predicted_at_utc"
ORIGIN: dict[str, pl.DataType] = {
    "run_id": pl.String(),
    "prediction_id": pl.String(),
    WHEN: pl.Datetime("us"),
    "run": pl.String(),
    "model": pl.String(),
    "model_run_id": pl.String(),
    "rows_file": pl.String(),
}
"""The columns that say where a row comes from."""
BATCH = 50_000


@dataclass(frozen=True)
class Table:
    """A file of predictions and where its rows come from."""

    path: Path
    entry: Entry
    schema: dict[str, pl.DataType]
    rows: int

    @classmethod
    def of(cls, path: Path, entry: Entry) -> Table:
        """Read what columns and how many rows it has. Raises polars' ComputeError for what is no Parquet file."""
        scan = pl.scan_parquet(path)
        rows: int = scan.select(pl.len()).collect().item()
        return cls(path, entry, dict(scan.collect_schema()), rows)


@dataclass(frozen=True)
class United:
    """Tables as one. `as_text` names columns that are numbers in one table and something else in another, and so are texts here."""

    tables: tuple[Table, ...]
    schema: dict[str, pl.DataType]
    as_text: tuple[str, ...]
    renamed: dict[str, str]
    """Columns of the tables that are named like one of `ORIGIN`, and what they are called here."""

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables)

    def frames(self) -> Iterator[pl.DataFrame]:
        """All rows in order, each table's in batches, in the columns and types of `schema`."""
        for table in self.tables:
            scan = pl.scan_parquet(table.path)
            columns = self._columns(table)
            for start in range(0, table.rows, BATCH):
                yield scan.slice(start, BATCH).select(columns).collect()

    def _columns(self, table: Table) -> list[pl.Expr]:
        given = {self.renamed.get(name, name): name for name in table.schema}
        of_table = [
            (pl.col(given[name]).cast(dtype) if name in given else pl.lit(None, dtype)).alias(name)
            for name, dtype in self.schema.items()
            if name not in ORIGIN
        ]
        return [*_origin(table.entry), *of_table]


def unite(tables: Sequence[Table]) -> United:
    """The columns of all tables in the order in which they are first met, after those of the origin."""
    names = {name for table in tables for name in table.schema}
    renamed = {name: _free(name, names) for name in ORIGIN if name in names}
    types: dict[str, list[pl.DataType]] = {}
    for table in tables:
        for name, dtype in table.schema.items():
            types.setdefault(renamed.get(name, name), []).append(dtype)
    common = {name: _common(found) for name, found in types.items()}
    as_text = tuple(
        name
        for name, dtype in common.items()
        if dtype == pl.String and any(t.is_numeric() for t in types[name])
    )
    return United(tuple(tables), {**ORIGIN, **common}, as_text, renamed)


def _origin(entry: Entry) -> list[pl.Expr]:
    when = pl.lit(entry.predicted_at).str.to_datetime(time_zone="UTC").dt.replace_time_zone(None)
    return [
        (when if name == WHEN else pl.lit(str(getattr(entry, name)) or None)).cast(dtype).alias(name)
        for name, dtype in ORIGIN.items()
    ]


def _free(name: str, taken: set[str]) -> str:
    made = f"{name} (table)"
    return made if made not in taken else _free(made, taken)


def _common(types: Sequence[pl.DataType]) -> pl.DataType:
    """The type that holds all of these without loss; text where there is no other."""
    found = {dtype for dtype in types if dtype != pl.Null}
    if len(found) == 1:
        return found.pop()
    if found and all(dtype.is_integer() for dtype in found) and pl.UInt64() not in found:
        return pl.Int64()
    if found and all(dtype.is_integer() or dtype.is_float() for dtype in found):
        return pl.Float64()
    return pl.String()
