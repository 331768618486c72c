"""Describes the columns of a table: how many values, their range and distribution, the commonest texts."""

from dataclasses import dataclass

import polars as pl

from zerosec_shared.tables.reader import Table
from zerosec_shared.tables.state import ColumnKind

__all__ = ["ColumnSummary", "column_summary", "summarise"]

_BINS = 20
_COMMON = 50
_EXACT = 2**53
_CLASSES = 20
"""So many different numbers may be codes of classes; of more, no single value tells anything."""


@dataclass(frozen=True, slots=True)
class ColumnSummary:
    """One column at a glance.

    `minimum` and `maximum` are numbers or, for dates, ISO texts. `std` is the sample standard deviation (n - 1).
    `edges` are the histogram's len(counts) + 1 bin edges, in the column's own unit; `common` the commonest values, of numbers
    where they are few, as a form names them: 1 and not 1.0.
    """

    name: str
    kind: ColumnKind
    rows: int
    missing: int
    distinct: int
    minimum: float | str | None = None
    maximum: float | str | None = None
    mean: float | None = None
    median: float | None = None
    std: float | None = None
    edges: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    common: tuple[tuple[str, int], ...] = ()


def summarise(table: Table, bins: int = _BINS) -> tuple[ColumnSummary, ...]:
    """A summary of every column."""
    return tuple(column_summary(table, state.name, bins) for state in table.columns)


def column_summary(table: Table, name: str, bins: int = _BINS) -> ColumnSummary:
    """A summary of one column. Raises UnknownColumnError."""
    state = table.column(name)
    column = table.frame[name]
    values = column.drop_nulls()
    rows, missing = len(column), column.null_count()
    if values.is_empty():
        return ColumnSummary(name, state.kind, rows, missing, 0)
    distinct = values.n_unique()
    if state.kind.is_numeric:
        numbers = values.cast(pl.Float64)
        low, high = _number(numbers.min()), _number(numbers.max())
        edges, counts = _histogram(numbers, low, high, min(bins, distinct))
        return ColumnSummary(
            name,
            state.kind,
            rows,
            missing,
            distinct,
            minimum=low,
            maximum=high,
            mean=_number(numbers.mean()),
            median=_number(numbers.median()),
            std=_number(numbers.std()) if len(numbers) > 1 else None,
            edges=edges,
            counts=counts,
            common=_commonest(values) if distinct <= _CLASSES else (),
        )
    common = _commonest(values.cast(pl.String))
    dated = state.kind in {ColumnKind.DATE, ColumnKind.DATETIME}
    return ColumnSummary(
        name,
        state.kind,
        rows,
        missing,
        distinct,
        minimum=str(values.min()) if dated else None,
        maximum=str(values.max()) if dated else None,
        common=common,
    )


def _commonest(values: pl.Series) -> tuple[tuple[str, int], ...]:
    ranked = values.rename("value").value_counts(name="count")
    ranked = ranked.sort("count", "value", descending=[True, False]).head(_COMMON)
    return tuple((_as_named(value), int(count)) for value, count in ranked.iter_rows())


def _as_named(value: object) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return str(int(value)) if whole else str(value)  # type: ignore[call-overload]


def _histogram(
    values: pl.Series, low: float, high: float, bins: int
) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Equal bins from low to high, both ends in. One bin if all values are the same or too far apart to divide."""
    step = (high - low) / bins
    if bins < 2 or not 0 < step < float("inf"):
        return (low, high), (len(values),)
    places = ((values - low) / step).floor().clip(0, bins - 1).cast(pl.Int64)
    found = dict(places.rename("bin").value_counts(name="count").iter_rows())
    edges = (*(low + step * index for index in range(bins)), high)
    return edges, tuple(int(found.get(index, 0)) for index in range(bins))


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)
