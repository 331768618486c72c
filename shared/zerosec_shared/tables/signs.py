"""When a lone "-" is a value and no gap: in a column that holds a lone "+" too, as strands, charges and test results do.

The whole column decides, wherever in it the "+" stands, so that no order of the rows makes values into gaps. Who names "-" as a
missing value, beside the usual ones or instead of them, is obeyed whatever stands beside it.
"""

from collections.abc import Collection, Sequence

import polars as pl

from zerosec_shared.files import Dialect
from zerosec_shared.tables.numbers import missing_markers

__all__ = ["MINUS", "minus_is_missing", "signed_columns", "trimmed"]

MINUS = "-"
_PLUS = ("+", "＋")


def minus_is_missing(dialect: Dialect) -> bool:
    """Whether a lone "-" means 'no value' where nothing speaks against it."""
    return MINUS in missing_markers(dialect)


def _minus_is_named(dialect: Dialect) -> bool:
    """Whether it is among the markers that are not the usual ones, which stand together before what somebody adds."""
    usual = Dialect.model_fields["missing"].default
    added = dialect.missing[len(usual) :] if dialect.missing[: len(usual)] == usual else dialect.missing
    return MINUS in map(str.strip, added)


def signed_columns(frame: pl.DataFrame, names: Sequence[str], dialect: Dialect) -> set[str]:
    """Those of these text columns in which a "+" makes every "-" a value."""
    if not names or not minus_is_missing(dialect) or _minus_is_named(dialect):
        return set()
    signs = [sign for sign in _PLUS if sign not in missing_markers(dialect)]
    held = frame.select(pl.col(names).str.strip_chars().is_in(signs).any()).row(0)
    return {name for name, holds in zip(names, held, strict=True) if holds}


def trimmed(names: Sequence[str], dialect: Dialect, signed: Collection[str] = frozenset()) -> list[pl.Expr]:
    """These text columns without spaces around, and null where there is no value; in `signed` ones "-" is a value,
    unless the dialect names it."""
    if _minus_is_named(dialect):
        signed = frozenset()
    markers = dict.fromkeys(missing_markers(dialect))
    kept = {marker: None for marker in markers if marker != MINUS}
    found = []
    for columns, gaps in (
        ([name for name in names if name not in signed], markers),
        ([name for name in names if name in signed], kept),
    ):
        if columns:
            found.append(pl.col(columns).str.strip_chars().replace(gaps))
    return found
