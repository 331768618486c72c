"""Which texts are numbers under a dialect, and their values: nothing is guessed, everything unusual is counted."""

import math
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from zerosec_shared.files import Dialect

__all__ = ["NON_FINITE_WORDS", "Numbers", "missing_markers", "numeric_markers", "read_numbers"]

NON_FINITE_WORDS = ("nan", "inf", "infinity")
_NON_FINITE = r"^[+-]?(nan|inf|infinity)$"
_FULL_WIDTH = {chr(0xFF10 + digit): str(digit) for digit in range(10)} | {
    "．": ".",
    "，": ",",
    "－": "-",
    "＋": "+",
    "Ｅ": "E",
    "ｅ": "e",
    "−": "-",  # U+2212, the minus sign of typesetting
    "\u3000": "",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of text read as numbers.

    `values` has null where the text is missing or stands for no finite number (`non_finite` of them, first at index
    `first_non_finite`); `first_bad` is the index of the first text that is no number, None if all are.
    """

    values: pl.Series
    bad: int = 0
    first_bad: int | None = None
    non_finite: int = 0
    first_non_finite: int | None = None
    full_width: int = 0


def missing_markers(dialect: Dialect) -> list[str]:
    """The texts that mean 'no value', compared after trimming."""
    return _markers(dialect.missing)


def numeric_markers(dialect: Dialect) -> list[float]:
    """The missing markers that are numbers themselves (-999)."""
    return _number_markers(dialect.missing)


@lru_cache(maxsize=64)
def _markers(missing: tuple[str, ...]) -> list[str]:
    return sorted({marker.strip() for marker in missing} | {""})


@lru_cache(maxsize=64)
def _number_markers(missing: tuple[str, ...]) -> list[float]:
    found = pl.Series(missing, dtype=pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    return [value for value in found.drop_nulls().to_list() if math.isfinite(value)]


def read_numbers(text: pl.Series, dialect: Dialect, dtype: pl.DataType) -> Numbers:
    """Read a text column as Int64 or Float64. Plain columns pass in one cast; each oddity costs a pass more."""
    if numeric_markers(dialect):
        text = _without_markers(text, dialect)
    values = _cast(text, dialect, dtype)
    full_width = 0
    if values.null_count() != text.null_count():
        text = text.str.strip_chars()
        values = _cast(text, dialect, dtype)
    if values.null_count() != text.null_count():
        text = _without_markers(text, dialect)
        values = _cast(text, dialect, dtype)
    if values.null_count() != text.null_count():
        before = values.null_count()
        plain = text.str.replace_many(_FULL_WIDTH).str.strip_chars()
        values = _cast(plain, dialect, dtype)
        full_width = before - values.null_count()
    non_finite: pl.Series | None = None
    if dtype == pl.Float64:
        odd = ~values.is_finite()
        if odd.any():
            values = pl.select(pl.when(values.is_finite()).then(values)).to_series()
            worded = odd & text.str.strip_chars().is_in(missing_markers(dialect)).not_()
            non_finite = worded.fill_null(value=False)
    failed = values.is_null() & text.is_not_null()
    if non_finite is not None:
        failed = failed & odd.fill_null(value=False).not_()
    if failed.any():
        words = failed & text.str.strip_chars().str.to_lowercase().str.contains(_NON_FINITE).fill_null(
            value=False
        )
        if words.any():
            non_finite = words if non_finite is None else non_finite | words
            failed = failed & ~words
    return Numbers(
        values.alias(text.name),
        bad=int(failed.sum()),
        first_bad=failed.arg_max() if failed.any() else None,
        non_finite=int(non_finite.sum()) if non_finite is not None else 0,
        first_non_finite=non_finite.arg_max() if non_finite is not None and non_finite.any() else None,
        full_width=full_width,
    )


def _without_markers(text: pl.Series, dialect: Dialect) -> pl.Series:
    markers = missing_markers(dialect)
    return pl.select(pl.when(~text.str.strip_chars().is_in(markers)).then(text).alias(text.name)).to_series()


def _cast(text: pl.Series, dialect: Dialect, dtype: pl.DataType) -> pl.Series:
    return plain_decimal(text, dialect).cast(dtype, strict=False)


def plain_decimal(text: pl.Series, dialect: Dialect) -> pl.Series:
    """The numbers' text with a decimal point and without grouped digits; what is no number stays none."""
    if dialect.thousands:
        decimal = "\\" + dialect.decimal
        groups = (
            "[   ]"
            if dialect.thousands == " "
            else "['’]"
            if dialect.thousands == "'"
            else "\\" + dialect.thousands
        )
        grouped = rf"^[+-]?\d{{1,3}}({groups}\d{{3}})+({decimal}\d*)?([eE][+-]?\d+)?$"
        text = pl.select(
            pl.when(text.str.contains(grouped))
            .then(text.str.replace_all(groups, ""))
            .otherwise(text)
            .alias(text.name)
        ).to_series()
    if dialect.decimal == ",":
        # a point is no part of a number here: it becomes a sign that no number has
        text = text.str.replace_all(".", "_", literal=True).str.replace_all(",", ".", literal=True)
    return text
