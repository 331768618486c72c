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
    """Reduce every fold's rows of [1 X Y] to a triangular factor. Rows with a negative fold are left out.

    ``right_hand_sides`` gives the m columns of Y for a slice of rows. Raises OverflowError when a product or power is not finite.
    """
    p = len(design)
    m = right_hand_sides(slice(0, 0)).shape[1]
    q = 1 + p + m
    factors = [np.zeros((0, q), order="F") for _ in range(n_folds)]
    pending: list[list[FloatArray]] = [[] for _ in range(n_folds)]
    waiting = np.zeros(n_folds, dtype=np.int64)
    counts = np.zeros(n_folds, dtype=np.int64)
    threshold = max(ROWS_BEFORE_REDUCTION, 8 * q)

    def reduce(fold: int) -> None:
        pieces = [factors[fold], *pending[fold]]
        stacked = np.empty((sum(len(piece) for piece in pieces), q), order="F")
        np.concatenate(pieces, axis=0, out=stacked)
        factors[fold] = triangular_factor(stacked)
        pending[fold], waiting[fold] = [], 0

    for place, block in rows.blocks(list(design.kinds)):
        n = place.stop - place.start
        full = np.empty((n, q), order="F")
        full[:, 0] = 1.0
        design.fill(filled(block, imputation), full[:, 1 : 1 + p])
        full[:, 1 + p :] = right_hand_sides(place)
        if not np.isfinite(full[:, 1 : 1 + p].sum()) and not np.isfinite(full[:, 1 : 1 + p]).all():
            bad = int(np.flatnonzero(~np.isfinite(full[:, 1 : 1 + p]).all(axis=0))[0])
            raise OverflowError(design.columns[bad].label)
        folds = fold_of_row[place]
        for fold in range(n_folds):
            mine = np.flatnonzero(folds == fold)
            if mine.size == 0:
                continue
            counts[fold] += mine.size
            waiting[fold] += mine.size
            pending[fold].append(full if mine.size == n else full[mine])
            if waiting[fold] >= threshold:
                reduce(fold)
        if on_block is not None:
            on_block(place.stop)
    for fold in range(n_folds):
        if pending[fold]:
            reduce(fold)
    return FoldFactors(factors, counts)
