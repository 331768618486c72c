"""One pass over the rows: the triangular factor of [1 X Y] for each fold, block by block, at memory that does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zerosec_analyses.linear.design_matrix import Block, Design, FloatArray, IntArray
from zerosec_analyses.linear.least_squares import stack_factors, triangular_factor

# Rows are gathered until a fold holds this many, or this many times its columns: LAPACK then works at full speed.
ROWS_BEFORE_REDUCTION = 4096
MAX_PENDING_CELLS = 20_000_000

Imputation = Mapping[str, float]


class RowBlocks(Protocol):
    """Rows that can be gone through again and again, in the same order."""

    @property
    def n_rows(self) -> int:
        """How many rows there are."""

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[slice, Block]]:
        """The rows in blocks, each with its place; numbers may be NaN and codes -1 where they are missing."""


def filled(block: Block, imputation: Imputation | None) -> Block:
    """The block with its missing values replaced; the block itself stays as it is."""
    if not imputation:
        return block
    result = dict(block)
    for name, value in imputation.items():
        values = block[name]
        gaps = np.isnan(values) if values.dtype.kind == "f" else values < 0
        if gaps.any():
            copy = values.copy()
            copy[gaps] = value
            result[name] = copy
    return result


@dataclass
class FoldFactors:
    """The triangular factor of the rows of each fold, and how many rows each has."""

    factors: list[FloatArray]
    counts: IntArray

    def everything(self) -> FloatArray:
        """The factor of all rows."""
        return stack_factors(self.factors)

    def without_each(self) -> list[FloatArray]:
        """For each fold the factor of all rows but its own, by prefixes and suffixes: 3 reductions a fold, not one a pair."""
        n_folds = len(self.factors)
        empty = np.zeros((0, self.factors[0].shape[1]), order="F")
        suffixes = [empty] * (n_folds + 1)
        for index in range(n_folds - 1, 0, -1):
            suffixes[index] = stack_factors([suffixes[index + 1], self.factors[index]])
        result: list[FloatArray] = []
        prefix = empty
        for index in range(n_folds):
            result.append(stack_factors([prefix, suffixes[index + 1]]))
            if index < n_folds - 1:
                prefix = stack_factors([prefix, self.factors[index]])
        return result

    def merged(self, n_folds: int) -> FoldFactors:
        """The same rows in at most ``n_folds`` parts."""
        if len(self.factors) <= n_folds:
            return self
        groups = [list(range(start, len(self.factors), n_folds)) for start in range(n_folds)]
        return FoldFactors(
            [stack_factors([self.factors[fold] for fold in group]) for group in groups],
            np.array([self.counts[group].sum() for group in groups]),
        )

    def subset(self, folds: Sequence[int]) -> FoldFactors:
        """The factors of some of the folds."""
        return FoldFactors([self.factors[fold] for fold in folds], self.counts[list(folds)])


def fold_factors(
    design: Design,
    rows: RowBlocks,
    fold_of_row: IntArray,
    n_folds: int,
    right_hand_sides: Callable[[slice], FloatArray],
    imputation: Imputation | None = None,
    on_block: Callable[[int], None] | None = None,
) -> FoldFactors:
    """Reduce every fold's rows of [1 X Y] to a triangular factor.

    ``right_hand_sides`` gives the m columns of Y for a slice of rows. Raises OverflowError when a product or power is not finite.
    """
    p = len(design)
    m = right_hand_sides(slice(0, 0)).shape[1]
    q = 1 + p + m
    accumulator = _Accumulator(n_folds, q)
    for place, block in rows.blocks(list(design.kinds)):
        n = place.stop - place.start
        full = np.empty((n, q), order="F")
        full[:, 0] = 1.0
        design.fill(filled(block, imputation), full[:, 1 : 1 + p])
        full[:, 1 + p :] = right_hand_sides(place)
        if not np.isfinite(full[:, 1 : 1 + p].sum()) and not np.isfinite(full[:, 1 : 1 + p]).all():
            bad = int(np.flatnonzero(~np.isfinite(full[:, 1 : 1 + p]).all(axis=0))[0])
            raise OverflowError(design.columns[bad].label)
        accumulator.add(full, fold_of_row[place])
        if on_block is not None:
            on_block(place.stop)
    return accumulator.finished()


class _Accumulator:
    """Gathers rows by fold and reduces them when enough have come."""

    def __init__(self, n_folds: int, q: int) -> None:
        self._q = q
        self._factors = [np.zeros((0, q), order="F") for _ in range(n_folds)]
        self._pending: list[list[FloatArray]] = [[] for _ in range(n_folds)]
        self._waiting = np.zeros(n_folds, dtype=np.int64)
        self._counts = np.zeros(n_folds, dtype=np.int64)
        self._threshold = max(ROWS_BEFORE_REDUCTION, 8 * q)

    def add(self, full: FloatArray, folds: IntArray) -> None:
        """Take rows; ``full`` is column-major."""
        if len(self._factors) == 1:
            by_fold, bounds = full, np.array([0, len(full)])
        else:
            order = np.argsort(folds, kind="stable")
            by_fold = np.take(full.T, order, axis=1).T
            bounds = np.searchsorted(folds[order], np.arange(len(self._factors) + 1))
        for fold in np.flatnonzero(np.diff(bounds)):
            piece = by_fold[bounds[fold] : bounds[fold + 1]]
            self._pending[fold].append(piece)
            self._waiting[fold] += len(piece)
            self._counts[fold] += len(piece)
            if self._waiting[fold] >= self._threshold:
                self._reduce(int(fold))
        if int(self._waiting.sum()) * self._q > MAX_PENDING_CELLS:
            for fold in np.flatnonzero(self._waiting):
                self._reduce(int(fold))

    def finished(self) -> FoldFactors:
        """The factors of all that came."""
        for fold in np.flatnonzero(self._waiting):
            self._reduce(int(fold))
        return FoldFactors(self._factors, self._counts)

    def _reduce(self, fold: int) -> None:
        pieces = [self._factors[fold], *self._pending[fold]]
        stacked = np.empty((sum(len(piece) for piece in pieces), self._q), order="F")
        np.concatenate(pieces, axis=0, out=stacked)
        self._factors[fold] = triangular_factor(stacked)
        self._pending[fold], self._waiting[fold] = [], 0
