"""All combinations of some factors, in order, without those a condition leaves out: counted first, then made batch by batch.

A condition is worked out exactly (as on paper) once for each combination of the columns it needs, and looked up afterwards;
where these are too many it is worked out over whole batches. A beginning that no condition allows is never continued.
Memory does not grow with the number of combinations.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from zerosec_analyses.formula_columns import FormulaRowError, computed, mask
from zerosec_analyses.levels import Level, shown
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.formulas import Formula, FormulaError, Value, as_number, evaluate
from zerosec_shared.texts import Said

__all__ = ["Condition", "Factor", "Space", "TooManyToCountError"]

BATCH_ROWS = 250_000
EXACT_COMBINATIONS = 100_000
"""Up to this many combinations of its columns a formula is worked out exactly."""

Codes = Mapping[int, npt.NDArray[np.int64]]
"""Of each factor, by its number, the place of its choice: one value a combination."""


class TooManyToCountError(Exception):
    """The combinations could not be counted within the work allowed."""


@dataclass(frozen=True)
class Factor:
    """Columns that change together: one for a variable, several for a one-hot group. `choices` are rows of their values."""

    columns: tuple[str, ...]
    choices: tuple[tuple[Level, ...], ...]

    def __len__(self) -> int:
        return len(self.choices)


@dataclass(frozen=True)
class Condition:
    """What a combination fulfils to be kept, or, if `forbids`, to be left out. `said` is how the user knows it."""

    formula: Formula
    forbids: bool
    said: Said


class _Lookup(Protocol):
    """The value of a formula for combinations given by the places of their factors' choices."""

    factors: tuple[int, ...]

    def of(self, codes: Codes) -> npt.NDArray[np.generic]: ...


class Space:
    """Factors and conditions. Combinations come in the order of nested loops, the first factor outermost."""

    def __init__(self, factors: Sequence[Factor], conditions: Sequence[Condition] = ()) -> None:
        self.factors = tuple(factors)
        self.sizes = [len(factor) for factor in self.factors]
        self._where = {
            column: (number, place)
            for number, factor in enumerate(self.factors)
            for place, column in enumerate(factor.columns)
        }
        self._series = {column: self._values(column) for column in self._where}
        self._kept = [self._kept_by(condition) for condition in conditions]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in order."""
        return tuple(self._where)

    @property
    def unrestricted(self) -> int:
        """How many combinations there were without any condition."""
        return math.prod(self.sizes)

    def count(self, most_work: int) -> int:
        """How many combinations there are, exactly. Raises TooManyToCountError beyond `most_work` combinations looked at.

        Factors that no condition ties together are counted apart and multiplied.
        """
        total, left = 1, most_work
        for group in self._tied():
            kept = [lookup for lookup in self._kept if set(lookup.factors) <= set(group)]
            if not kept:
                total *= math.prod(self.sizes[number] for number in group)
                continue
            found = 0
            for codes, looked_at in self._beginnings(group, kept, BATCH_ROWS):
                found += _rows(codes)
                left -= looked_at
                if left < 0:
                    raise TooManyToCountError
            total *= found
            if total == 0:
                return 0
        return total

    def frames(self, derived: "Sequence[tuple[str, _Lookup]]" = ()) -> Iterator[pl.DataFrame]:
        """The combinations as frames of at most some 250,000 rows."""
        head = list(range(1 + max((lookup.factors[-1] for lookup in self._kept), default=-1)))
        tail = list(range(len(head), len(self.sizes)))
        tail_rows = math.prod(self.sizes[number] for number in tail)
        strides = [math.prod(self.sizes[number + 1 :]) for number in tail]
        for codes, _ in self._beginnings(head, self._kept, max(1, BATCH_ROWS // tail_rows)):
            rows = _rows(codes)
            for start in range(0, rows * tail_rows, BATCH_ROWS):
                index = np.arange(start, min(start + BATCH_ROWS, rows * tail_rows), dtype=np.int64)
                beginning = index // tail_rows
                every = {number: each[beginning] for number, each in codes.items()}
                for number, stride in zip(tail, strides, strict=True):
                    every[number] = (index // stride) % self.sizes[number]
                yield self._frame(every, derived)

    def schema(self, derived: "Sequence[tuple[str, _Lookup]]" = ()) -> dict[str, pl.DataType]:
        """The types of the columns of `frames`."""
        empty = self._frame(dict.fromkeys(range(len(self.sizes)), np.zeros(0, dtype=np.int64)), derived)
        return dict(empty.schema)

    def lookup(self, formula: Formula) -> "_Lookup":
        """A numeric formula over the factors' columns, to be added to `frames` as a derived column."""
        return self._lookup(formula, np.float64)

    def _frame(self, codes: Codes, derived: "Sequence[tuple[str, _Lookup]]") -> pl.DataFrame:
        columns = [
            self._series[column].gather(codes[number]).alias(column)
            for column, (number, _) in self._where.items()
        ]
        for name, lookup in derived:
            columns.append(pl.Series(name, lookup.of(codes), dtype=pl.Float64, nan_to_null=True))
        return pl.DataFrame(columns)

    def _values(self, column: str) -> pl.Series:
        """The values of a column's factor, by the place of the choice: integers where all are whole."""
        number, place = self._where[column]
        values = [choice[place] for choice in self.factors[number].choices]
        if any(isinstance(value, str) for value in values):
            return pl.Series(column, values, dtype=pl.String)
        decimals = [value for value in values if isinstance(value, Decimal)]
        if all(value == value.to_integral_value() and abs(value) <= 2**53 for value in decimals):
            return pl.Series(column, [int(value) for value in decimals], dtype=pl.Int64)
        for value in decimals:
            if Decimal(repr(float(value))) != value:
                raise InputError(
                    say(
                        "{column}: the level {level} has more digits than a number in a file can hold.",
                        column=column,
                        level=shown(value),
                    ),
                    hint="Levels have up to 15 digits.",
                )
        return pl.Series(column, [float(value) for value in decimals], dtype=pl.Float64)

    def _tied(self) -> list[list[int]]:
        """The factors in groups: in one group those that conditions tie together."""
        group = list(range(len(self.sizes)))
        for lookup in self._kept:
            tied = {group[number] for number in lookup.factors}
            group = [min(tied) if each in tied else each for each in group]
        return [[n for n, each in enumerate(group) if each == first] for first in dict.fromkeys(group)]

    def _beginnings(
        self, order: Sequence[int], kept: Sequence[_Lookup], most_rows: int
    ) -> Iterator[tuple[Codes, int]]:
        """The combinations of some factors that the conditions keep, in pieces, and how many were looked at for each piece."""
        place = {number: index for index, number in enumerate(order)}
        due: list[list[_Lookup]] = [[] for _ in order]
        for lookup in kept:
            due[max(place[number] for number in lookup.factors)].append(lookup)

        def continued(codes: Codes, depth: int) -> Iterator[tuple[Codes, int]]:
            if depth == len(order):
                yield codes, 0
                return
            number = order[depth]
            size = self.sizes[number]
            piece = max(1, most_rows // size)
            for start in range(0, _rows(codes), piece):
                part = {n: each[start : start + piece] for n, each in codes.items()}
                looked_at = _rows(part) * size
                longer = {n: np.repeat(each, size) for n, each in part.items()}
                longer[number] = np.tile(np.arange(size, dtype=np.int64), _rows(part))
                for lookup in due[depth]:
                    if _rows(longer):
                        holds = lookup.of(longer).astype(bool)
                        longer = {n: each[holds] for n, each in longer.items()}
                if not _rows(longer):
                    yield longer, looked_at
                    continue
                for found, more in continued(longer, depth + 1):
                    yield found, looked_at + more
                    looked_at = 0

        yield from continued({}, 0)

    def _kept_by(self, condition: Condition) -> _Lookup:
        return self._lookup(condition.formula, np.bool_, condition)

    def _lookup(
        self, formula: Formula, dtype: type[np.bool_] | type[np.float64], condition: Condition | None = None
    ) -> _Lookup:
        factors = tuple(sorted({self._where[column][0] for column in formula.columns}))
        if math.prod(self.sizes[number] for number in factors) <= EXACT_COMBINATIONS:
            return _Exact(self, formula, factors, dtype, condition)
        return _Batched(self, formula, factors, condition)

    def row(self, numbers: Sequence[int], choices: Sequence[int]) -> dict[str, Level]:
        """Some factors' values by column."""
        return {
            column: value
            for number, choice in zip(numbers, choices, strict=True)
            for column, value in zip(
                self.factors[number].columns, self.factors[number].choices[choice], strict=True
            )
        }


def _rows(codes: Codes) -> int:
    """How many combinations; of no factor there is one."""
    return len(next(iter(codes.values()))) if codes else 1


class _Exact:
    """A formula's values for every combination of its own factors, worked out once, exactly."""

    def __init__(
        self,
        space: Space,
        formula: Formula,
        factors: tuple[int, ...],
        dtype: type[np.bool_] | type[np.float64],
        condition: Condition | None,
    ) -> None:
        self.factors = factors
        sizes = [space.sizes[number] for number in factors]
        self._strides = [math.prod(sizes[place + 1 :]) for place in range(len(sizes))]
        values = []
        for choices in product(*(range(size) for size in sizes)):
            row = space.row(factors, choices)
            try:
                values.append(_told(evaluate(formula, row), condition))
            except FormulaError as error:
                raise _not_worked_out(error.problem, row, condition) from error
        self._table = np.array(values, dtype=dtype)

    def of(self, codes: Codes) -> npt.NDArray[np.generic]:
        at = np.zeros(_rows(codes), dtype=np.int64)
        for number, stride in zip(self.factors, self._strides, strict=True):
            at += codes[number] * stride
        found: npt.NDArray[np.generic] = self._table[at]
        return found


class _Batched:
    """A formula's values worked out batch by batch, in double precision, where its factors have too many combinations."""

    def __init__(
        self, space: Space, formula: Formula, factors: tuple[int, ...], condition: Condition | None
    ) -> None:
        self.factors, self._space, self._formula, self._condition = factors, space, formula, condition
        self._columns = [
            (column, number) for column, (number, _) in space._where.items() if column in formula.columns
        ]

    def of(self, codes: Codes) -> npt.NDArray[np.generic]:
        frame = pl.DataFrame(
            [self._space._series[column].gather(codes[number]) for column, number in self._columns]
        )
        try:
            if self._condition is None:
                return computed(self._formula, frame).to_numpy()
            holds: npt.NDArray[np.bool_] = mask(self._formula, frame).fill_null(value=False).to_numpy()
            return ~holds if self._condition.forbids else holds
        except FormulaRowError as error:
            choices = [int(codes[number][error.index]) for number in self.factors]
            row = self._space.row(self.factors, choices)
            raise _not_worked_out(error.reason, row, self._condition) from error


def _told(value: Value, condition: Condition | None) -> bool | float:
    if condition is None:
        number = as_number(value)
        return math.nan if number is None else number
    return (value is True) is not condition.forbids


def _not_worked_out(problem: Said, row: dict[str, Level], condition: Condition | None) -> InputError:
    at = ", ".join(f"{column} = {shown(level)}" for column, level in row.items())
    if condition is None:
        return InputError(
            say(
                "A derived column cannot be worked out for {combination}: {problem}",
                combination=at,
                problem=problem,
            )
        )
    return InputError(
        say(
            "{condition} cannot be worked out for {combination}: {problem}",
            condition=condition.said,
            combination=at,
            problem=problem,
        ),
        hint="Guard it, for example with “x != 0 and …” before a division by x.",
    )
