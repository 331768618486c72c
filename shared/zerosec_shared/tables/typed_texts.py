"""Texts that are all truth values, dates or times in one known way of writing."""

import polars as pl

from zerosec_shared.tables.state import ColumnKind, ColumnState

__all__ = ["parsed", "written_as"]

_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%d.%m.%Y")
_TIMES = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.fZ",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)


def written_as(values: pl.Series) -> tuple[ColumnKind, str] | None:
    """The kind that all these texts, none of them null, are, and the pattern they follow; None if they are just texts."""
    for kind, formats in (
        (ColumnKind.BOOLEAN, ("",)),
        (ColumnKind.DATE, _DATES),
        (ColumnKind.DATETIME, _TIMES),
    ):
        for pattern in formats:
            if parsed(values, ColumnState(values.name, kind, pattern)).null_count() == 0:
                return kind, pattern
    return None


def parsed(text: pl.Series, state: ColumnState) -> pl.Series:
    """Trimmed text as the booleans, dates or times the state says; null where it is none."""
    if state.kind is ColumnKind.BOOLEAN:
        lower = text.str.to_lowercase()
        return pl.select(
            pl.when(lower.is_in(["true", "false"])).then(lower == "true").alias(text.name)
        ).to_series()
    if state.kind is ColumnKind.DATE:
        return text.str.to_date(state.format, strict=False)
    return text.str.to_datetime(state.format, strict=False, time_unit="us", time_zone=None)
