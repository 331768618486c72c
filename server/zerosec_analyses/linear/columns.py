"""Columns as arrays: numbers and codes of a file's column, their range or counts, and the order of levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from zerosec_analyses.linear.design_matrix import ColumnKind, FloatArray
from zerosec_analyses.linear.missing import is_missing
from zerosec_analyses.linear.predict import level_text
from zerosec_shared.files import Dialect, TableKind
from zerosec_shared.tables import ColumnKind as FileKind
from zerosec_shared.tables import ColumnState

_OTHER_SPELLING = re.compile(r"[+-]?(\d{1,3}([.,'’\u00a0\u202f ]\d{3})+([.,]\d+)?|\d*[.,]\d+)")


@dataclass(frozen=True)
class ColumnSummary:
    """What the model should remember of a data column: counts over all rows, the rest over the rows used."""

    name: str
    kind: ColumnKind
    n_missing: int
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    level_counts: dict[str, int] = field(default_factory=dict)


def numeric_parquet(
    path: Path, dialect: Dialect, needed: Sequence[str], categorical: Sequence[str]
) -> dict[str, ColumnState] | None:
    """The states of the columns of a Parquet file whose needed columns are all plain numbers: its own schema says so, no pass is needed.

    None for anything else, and where a number is declared to mean a missing value.
    """
    if (
        dialect.kind is not TableKind.PARQUET
        or set(needed) & set(categorical)
        or any(map(is_number, dialect.missing))
        or set(needed) & set(dialect.types)
    ):
        return None
    schema = pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema()
    if any(
        name not in schema or not (schema[name].is_float() or schema[name].is_integer()) for name in needed
    ):
        return None
    return {name: ColumnState(name, FileKind.NUMBER) for name in needed}


class ColumnRange:
    """Lowest, highest and mean of numbers, or counts of codes, gathered block by block."""

    def __init__(self) -> None:
        self.low, self.high, self.total, self.count = np.inf, -np.inf, 0.0, 0
        self.codes = np.zeros(0, dtype=np.int64)

    def add(self, values: np.ndarray) -> bool:
        """Take a block; False if it holds an infinite number."""
        gaps = is_missing(values)
        known = values[~gaps] if gaps.any() else values
        if known.size == 0:
            return True
        if values.dtype.kind == "f":
            self.low, self.high = min(self.low, float(known.min())), max(self.high, float(known.max()))
            self.total += float(known.sum())
            self.count += known.size
            return bool(np.isfinite(self.low) and np.isfinite(self.high))
        counts = np.bincount(known, minlength=self.codes.size)
        counts[: self.codes.size] += self.codes
        self.codes = counts
        return True

    def summary(self, name: str, kind: ColumnKind, n_missing: int) -> ColumnSummary:
        """What is remembered of the column."""
        if kind.is_categorical:
            counts = np.zeros(len(kind.levels), dtype=np.int64)
            counts[: self.codes.size] = self.codes
            return ColumnSummary(
                name,
                kind,
                n_missing,
                level_counts={level: int(c) for level, c in zip(kind.levels, counts, strict=True)},
            )
        if not self.count:
            return ColumnSummary(name, kind, n_missing)
        return ColumnSummary(name, kind, n_missing, self.low, self.high, self.total / self.count)


def numbers_of(column: pl.Series) -> FloatArray:
    """A column as float64, NaN where missing."""
    if column.dtype == pl.Float64 and column.null_count() == 0:
        return np.asarray(column.to_numpy())
    return np.asarray(column.cast(pl.Float64).fill_null(float("nan")).to_numpy(), dtype=np.float64)


def codes_of(column: pl.Series, codes: dict[str, int]) -> np.ndarray:
    """A column as int32 codes of its levels, -1 where missing."""
    values = column.unique().to_list()
    mapping = {value: -1 if value is None else codes[level_text(value)] for value in values}
    if column.null_count() == len(column):
        return np.full(len(column), -1, dtype=np.int32)
    known = [value for value in mapping if value is not None]
    coded = column.replace_strict(
        known, [mapping[value] for value in known], default=-1, return_dtype=pl.Int32
    )
    return np.asarray(coded.fill_null(-1).to_numpy(), dtype=np.int32)


def level_order(level: str) -> tuple[int, float, str]:
    """Sorts levels: numbers by size, then texts."""
    return (0, float(level), "") if is_number(level) else (1, 0.0, level)


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def is_grouped_number(text: str, decimal: str = ".") -> bool:
    """Whether a text is a number in a spelling that is read only once it is said: 1,234 or 1.234,5, or 1,5 in a file that writes 1.5."""
    text = text.strip()
    plain = is_number(text) if decimal == "." else "." not in text and is_number(text.replace(",", "."))
    return not plain and _OTHER_SPELLING.fullmatch(text) is not None
