"""The design matrix: which number stands in each column of X, from terms and the columns' own kinds.

Categorical columns are one-hot against a named reference level. Where a term's lower parts are not in the model (no intercept,
or `g:x` without `x`), the fuller coding is used that spans the same space, by the rule of formula languages
(the redundancy algorithm documented by patsy, after Chambers & Hastie 1992).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from zerosec_analyses.model_terms import Factor, Formula, Term

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Block = Mapping[str, NDArray[np.float64] | NDArray[np.int32]]

INTERCEPT = "(Intercept)"


@dataclass(frozen=True)
class ColumnKind:
    """What a data column is to the model: numbers, or one of ``levels`` (codes are positions in it).

    ``absent`` levels occur in the file but in none of the rows used.
    """

    name: str
    levels: tuple[str, ...] = ()
    reference: str = ""
    absent: frozenset[str] = frozenset()

    @property
    def present(self) -> tuple[str, ...]:
        """The levels of the rows used."""
        return tuple(level for level in self.levels if level not in self.absent)

    @property
    def is_categorical(self) -> bool:
        """Whether the column holds categories."""
        return bool(self.levels)


@dataclass(frozen=True)
class DesignColumn:
    """One column of X: a product of powers of numeric columns and of indicators of levels."""

    label: str
    term: int
    numeric: tuple[Factor, ...]
    indicators: tuple[tuple[str, int], ...]


class Design:
    """The columns of X, the intercept not among them."""

    def __init__(self, formula: Formula, kinds: Mapping[str, ColumnKind], *, intercept: bool) -> None:
        self.intercept = intercept
        self.kinds = {name: kinds[name] for name in formula.columns}
        self.terms = formula.terms
        columns, spans = _design_columns(formula.terms, self.kinds, intercept)
        self.columns: tuple[DesignColumn, ...] = tuple(columns)
        self.spans: tuple[tuple[frozenset[str], ...], ...] = tuple(spans)
        """For each term the sets of categorical columns whose joint effect it adds to the terms before it."""

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def labels(self) -> list[str]:
        """The names of the coefficients, the intercept first where there is one."""
        return ([INTERCEPT] if self.intercept else []) + [column.label for column in self.columns]

    def columns_of_term(self, term: int) -> list[int]:
        """Positions in X of the columns of a term."""
        return [index for index, column in enumerate(self.columns) if column.term == term]

    def fill(self, block: Block, out: FloatArray) -> None:
        """Write the n x p matrix of ``block`` into ``out`` (any layout; column-major is fastest). What overflows becomes infinite."""
        with np.errstate(over="ignore", invalid="ignore"):
            self._fill(block, out)

    def _fill(self, block: Block, out: FloatArray) -> None:
        for index, column in enumerate(self.columns):
            target = out[:, index]
            first = True
            for factor in column.numeric:
                values = block[factor.column]
                powered = values if factor.exponent == 1 else values**factor.exponent
                if first:
                    target[:] = powered
                    first = False
                else:
                    target *= powered
            for name, level in column.indicators:
                hit = block[name] == level
                if first:
                    target[:] = hit
                    first = False
                else:
                    target *= hit

    def matrix(self, block: Block, n_rows: int) -> FloatArray:
        """The n x p matrix of ``block``, column-major."""
        out = np.empty((n_rows, len(self.columns)), order="F")
        self.fill(block, out)
        return out


def _design_columns(
    terms: Sequence[Term], kinds: Mapping[str, ColumnKind], intercept: bool
) -> tuple[list[DesignColumn], list[tuple[frozenset[str], ...]]]:
    # For each numeric part: the sets of categorical columns already spanned.
    spanned: dict[frozenset[Factor], set[frozenset[str]]] = {}
    if intercept:
        spanned[frozenset()] = {frozenset()}
    columns: list[DesignColumn] = []
    spans: list[tuple[frozenset[str], ...]] = []
    for index, term in enumerate(terms):
        numeric = tuple(f for f in term.factors if not kinds[f.column].is_categorical)
        categorical = tuple(f.column for f in term.factors if kinds[f.column].is_categorical)
        done = spanned.setdefault(frozenset(numeric), set())
        subsets = [
            frozenset(subset)
            for size in range(len(categorical) + 1)
            for subset in combinations(categorical, size)
        ]
        wanted = [subset for subset in subsets if subset not in done]
        done.update(subsets)
        spans.append(tuple(wanted))
        for full in _codings(wanted):
            columns.extend(_product_columns(index, term, kinds, full))
    return columns, spans


def _codings(wanted: Sequence[frozenset[str]]) -> list[dict[str, bool]]:
    """Merge the sets to be spanned into products; True means all levels, False all but the reference."""
    codings: list[dict[str, bool]] = [dict.fromkeys(sorted(subset), False) for subset in wanted]
    merged = True
    while merged:
        merged = False
        for short in codings:
            for long in codings:
                extra = set(long) - set(short)
                if (
                    len(long) == len(short) + 1
                    and len(extra) == 1
                    and all(long[name] == short[name] for name in short)
                ):
                    name = extra.pop()
                    if not long[name]:
                        long[name] = True
                        codings.remove(short)
                        merged = True
                        break
            if merged:
                break
    return codings


def _product_columns(
    index: int, term: Term, kinds: Mapping[str, ColumnKind], coding: Mapping[str, bool]
) -> list[DesignColumn]:
    partial: list[tuple[list[str], list[tuple[str, int]]]] = [([], [])]
    for factor in term.factors:
        kind = kinds[factor.column]
        if not kind.is_categorical:
            partial = [([*labels, factor.label], found) for labels, found in partial]
        elif factor.column in coding:
            levels = [
                (code, level)
                for code, level in enumerate(kind.levels)
                if level not in kind.absent and (coding[factor.column] or level != kind.reference)
            ]
            partial = [
                ([*labels, f"{factor.column}[{level}]"], [*found, (factor.column, code)])
                for labels, found in partial
                for code, level in levels
            ]
    numeric = tuple(f for f in term.factors if not kinds[f.column].is_categorical)
    return [DesignColumn(":".join(labels), index, numeric, tuple(found)) for labels, found in partial]
