"""Choosing experiments: a filter, what matches it, and the chosen rows as an input file."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from zerosec_shared.contract import Contract, Name
from zerosec_shared.experiments import ColumnName, Number, Value
from zerosec_shared.files import InputFile

__all__ = [
    "AnyOf",
    "Choice",
    "ColumnFigures",
    "Condition",
    "DateRange",
    "ExperimentFilter",
    "NumberRange",
    "QueryAnswer",
    "RowsRequest",
    "SavedFilter",
    "Selection",
    "SelectionRequest",
    "filter_text",
]


class NumberRange(Contract):
    """A minimum, a maximum, or both; ends are included. Rows without a value do not match."""

    kind: Literal["range"] = "range"
    column: ColumnName
    minimum: Number | None = None
    maximum: Number | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "NumberRange":
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"the minimum of {self.column} is above its maximum")
        return self


class DateRange(Contract):
    """A first day, a last day, or both; ends are included. Rows without a date do not match."""

    kind: Literal["dates"] = "dates"
    column: ColumnName
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "DateRange":
        if self.first is not None and self.last is not None and self.first > self.last:
            raise ValueError(f"the first day of {self.column} is after the last")
        return self


class Choice(Contract):
    """One of these values."""

    kind: Literal["choice"] = "choice"
    column: ColumnName
    values: tuple[Value, ...] = Field(min_length=1, max_length=500)


class AnyOf(Contract):
    """At least one of these 0/1 columns is 1, as brushes are chosen from a one-hot group."""

    kind: Literal["any_of"] = "any_of"
    columns: tuple[ColumnName, ...] = Field(min_length=1, max_length=100)


Condition = Annotated[NumberRange | DateRange | Choice | AnyOf, Field(discriminator="kind")]


class ExperimentFilter(Contract):
    """Which experiments are meant: those for which every condition holds; without conditions, all."""

    conditions: tuple[Condition, ...] = Field(default=(), max_length=100)


class ColumnFigures(Contract):
    """One column among the rows that match. Bins are of equal width from the lowest to the highest value of all rows."""

    column: ColumnName
    values: int = Field(ge=0)
    missing: int = Field(ge=0)
    low: float | None = Field(default=None, description="The lowest value of all experiments, chosen or not.")
    high: float | None = None
    all_bins: tuple[int, ...] = Field(default=(), description="Counts of all experiments.")
    bins: tuple[int, ...] = Field(default=(), description="Counts of those that match.")
    levels: dict[str, int] = Field(
        default_factory=dict, description="Of a text column: matching rows by value."
    )


class QueryAnswer(Contract):
    """How many experiments match, and what their columns hold."""

    revision: int
    total: int = Field(ge=0)
    matching: int = Field(ge=0)
    complete: int = Field(
        ge=0, description="Matching rows with a value in every column in which any of them has one."
    )
    columns: tuple[ColumnFigures, ...]


class RowsRequest(Contract):
    """Which experiments, and which part of them."""

    filter: ExperimentFilter = Field(default_factory=ExperimentFilter)
    cursor: str | None = Field(
        default=None, pattern=r"^[0-9]{1,18}$", description="`next_cursor` of the page before."
    )
    limit: int = Field(default=200, ge=1, le=2000)


class SavedFilter(Contract):
    """A filter with a name."""

    name: Name
    filter: ExperimentFilter


class SelectionRequest(Contract):
    """Make the chosen experiments an input file."""

    filter: ExperimentFilter = Field(default_factory=ExperimentFilter)
    columns: tuple[ColumnName, ...] = Field(default=(), max_length=2000, description="Empty: all of them.")


class Selection(Contract):
    """Chosen experiments as a file: the same results and filter give the same bytes."""

    file: InputFile
    rows: int
    revision: int
    filter_text: str


def filter_text(chosen: ExperimentFilter) -> str:
    """The filter as one line, for records and reports: `材料 = Steel; 1 ≤ 摩耗量 ≤ 3`."""
    return "; ".join(_condition_text(condition) for condition in chosen.conditions)


def _condition_text(condition: NumberRange | DateRange | Choice | AnyOf) -> str:
    match condition:
        case NumberRange(column=column, minimum=low, maximum=high):
            return _between(
                column, None if low is None else f"{low:.15g}", None if high is None else f"{high:.15g}"
            )
        case DateRange(column=column, first=first, last=last):
            return _between(column, _day(first), _day(last))
        case Choice(column=column, values=values):
            shown = [value if isinstance(value, str) else f"{value:.15g}" for value in values]
            return f"{column} = {' | '.join(shown)}"
        case AnyOf(columns=columns):
            return " | ".join(columns)


def _between(column: str, low: str | None, high: str | None) -> str:
    left = "" if low is None else f"{low} ≤ "
    right = "" if high is None else f" ≤ {high}"
    return f"{left}{column}{right}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
