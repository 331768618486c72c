"""What a column is, and what was seen of it so far."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from zerosec_shared.tables.problems import BadCell
from zerosec_shared.texts import say

__all__ = ["EXACT_INTEGER", "KINDS", "ColumnKind", "ColumnState"]

EXACT_INTEGER = 2**53
"""Integers up to this size are exact in a 64-bit float."""


class ColumnKind(StrEnum):
    """What the values of a column are."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TEXT = "text"
    EMPTY = "empty"

    @property
    def is_numeric(self) -> bool:
        """Whether it can be computed with."""
        return self in {ColumnKind.INTEGER, ColumnKind.NUMBER}


KINDS = {
    ColumnKind.INTEGER: say("whole numbers"),
    ColumnKind.NUMBER: say("numbers"),
    ColumnKind.BOOLEAN: say("true and false"),
    ColumnKind.DATE: say("dates"),
    ColumnKind.DATETIME: say("dates and times"),
    ColumnKind.TEXT: say("texts"),
    ColumnKind.EMPTY: say("nothing"),
}
"""What a column of a kind holds, within a sentence."""

_DTYPES: dict[ColumnKind, pl.DataType] = {
    ColumnKind.INTEGER: pl.Int64(),
    ColumnKind.NUMBER: pl.Float64(),
    ColumnKind.BOOLEAN: pl.Boolean(),
    ColumnKind.DATE: pl.Date(),
    ColumnKind.DATETIME: pl.Datetime("us"),
    ColumnKind.TEXT: pl.String(),
    ColumnKind.EMPTY: pl.Float64(),
}


@dataclass(slots=True)
class ColumnState:
    """What is known of one column so far. EMPTY means that no value was seen yet; in a `signed` one "-" is a value."""

    name: str
    kind: ColumnKind = ColumnKind.EMPTY
    format: str = ""
    missing: int = 0
    numbers: int = 0
    not_number: BadCell | None = None
    non_finite: int = 0
    first_non_finite: int | None = None
    full_width: int = 0
    leading_zeros: int = 0
    marked: int = 0
    largest: float = 0.0
    trimmed: int = 0
    signed: bool = False
    stale: bool = False

    @property
    def dtype(self) -> pl.DataType:
        """The polars type of the finished column."""
        return _DTYPES[self.kind]
