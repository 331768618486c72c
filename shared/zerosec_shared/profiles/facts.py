"""What recognition needs to know of a table's columns: small, plain facts, the same in a preview and on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zerosec_shared.profiles.as_meant import measured
from zerosec_shared.profiles.model import ValueKind

if TYPE_CHECKING:
    import polars as pl

    from zerosec_shared.tables import Table

__all__ = ["MAX_VALUES", "ColumnFacts", "facts_of"]

MAX_VALUES = 50
"""Columns with at most this many different values tell them all."""
LOOKED_AT = 1000
"""So many texts of a column are looked at for a unit."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column of a table. `values` are all its different values, or empty if there are more than `MAX_VALUES`.

    `kind` is None for a column without any value. `not_number` says where the first value of a text column stands that
    keeps it from being numeric, in words, `with_unit` the first of the texts that is a number with a unit, and `numbers` how many of
    its values are numbers all the same.
    """

    name: str
    kind: ValueKind | None
    rows: int
    missing: int = 0
    distinct: int = 0
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[float | str, ...] = ()
    not_number: str = ""
    numbers: int = 0
    with_unit: str = ""


def facts_of(table: "Table") -> tuple[ColumnFacts, ...]:
    """The facts of every column of a table as read by `zerosec_shared.tables`."""
    from zerosec_shared.tables import ColumnKind

    kinds = {
        ColumnKind.INTEGER: ValueKind.INTEGER,
        ColumnKind.NUMBER: ValueKind.NUMBER,
        ColumnKind.BOOLEAN: ValueKind.TEXT,
        ColumnKind.DATE: ValueKind.DATE,
        ColumnKind.DATETIME: ValueKind.DATE,
        ColumnKind.TEXT: ValueKind.TEXT,
    }
    found = []
    for state in table.columns:
        known = table.frame[state.name].drop_nulls()
        distinct = known.n_unique()
        kind = kinds.get(state.kind)
        numeric = state.kind.is_numeric and len(known) > 0
        values: tuple[float | str, ...] = ()
        if distinct <= MAX_VALUES and kind is not ValueKind.DATE:
            every = known.unique().sort().to_list()
            values = tuple(value if numeric else str(value) for value in every)
        found.append(
            ColumnFacts(
                name=state.name,
                kind=kind,
                rows=len(table.frame),
                missing=len(table.frame) - len(known),
                distinct=distinct,
                minimum=_float(known.min()) if numeric else None,
                maximum=_float(known.max()) if numeric else None,
                values=values,
                not_number=str(state.not_number) if state.not_number is not None else "",
                numbers=_numbers(known),
                with_unit=_with_unit(known) if _is_text(known) else "",
            )
        )
    return tuple(found)


def holds(facts: ColumnFacts, *, values: Sequence[float]) -> bool:
    """Whether a column has values, and no others than these."""
    return bool(facts.values) and set(facts.values) <= set(values)


def _numbers(known: "pl.Series") -> int:
    """How many values are numbers, of texts too."""
    return known.cast(float, strict=False).count() if known.dtype.is_numeric() or _is_text(known) else 0


def _with_unit(known: "pl.Series") -> str:
    found = (str(text) for text in known.head(LOOKED_AT).unique(maintain_order=True))
    return next((text for text in found if (number := measured(text)) is not None and number.unit), "")


def _is_text(known: "pl.Series") -> bool:
    import polars as pl

    return known.dtype == pl.String


def _float(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)
