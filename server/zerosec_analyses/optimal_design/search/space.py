"""The arrays that coordinate exchange works on, made from a model, the levels of its factors and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from zerosec_analyses.optimal_design.factors import FactorKind, FloatArray, IntArray
from zerosec_analyses.optimal_design.model import Model
from zerosec_analyses.optimal_design.search.coordinates import Space

MAX_COMBINATIONS = 2**27
SAMPLED_NEIGHBOURS = 300
FEWEST_NEIGHBOURS = 1.0


def space_of(
    model: Model, levels: Sequence[FloatArray], rules: Sequence[tuple[Sequence[int], np.ndarray]] = ()
) -> Space:
    """Arrays for a model whose factor f takes the codes ``levels[f]``.

    A rule is the factors it is about and an array of bool over their levels, true where allowed.
    """
    k = len(levels)
    firsts = np.concatenate([[1], 1 + np.cumsum([max(1, degree) for degree in model.degrees])]).astype(int)
    most = max(1, max(len(column) for column in model.columns))
    tables: list[FloatArray] = []
    factor = np.zeros((k, 7), dtype=np.int64)
    touch: list[list[int]] = []
    at_table = 0
    for f, codes in enumerate(levels):
        m = max(1, model.degrees[f])
        table = model.factors[f].basis(codes, m)
        begin = len(touch)
        for j, column in enumerate(model.columns):
            for at, basis in column:
                if at == f:
                    others = [int(firsts[g]) + b for g, b in column if g != f]
                    touch.append([j, basis, *others, *[0] * (most - 1 - len(others))])
        movable = model.factors[f].kind is not FactorKind.BLOCK
        factor[f] = (len(codes), int(movable), firsts[f], m, at_table, begin, len(touch))
        tables.append(np.ascontiguousarray(table).ravel())
        at_table += table.size
    padded = [
        [*(int(firsts[f]) + b for f, b in column), *[0] * (most - len(column))] for column in model.columns
    ]
    rule = np.zeros((len(rules), k + 1), dtype=np.int64)
    flat: list[np.ndarray] = []
    offset = 0
    for t, (about, allowed) in enumerate(rules):
        rule[t, 0] = offset
        stride = 1
        for f, size in zip(reversed(about), reversed(allowed.shape), strict=True):
            rule[t, f + 1] = stride
            stride *= size
        flat.append(allowed.astype(np.uint8).ravel())
        offset += allowed.size
    return Space(
        factor,
        np.concatenate(tables),
        np.array(padded, dtype=np.int64),
        np.array(touch, dtype=np.int64).reshape(len(touch), most + 1),
        rule,
        np.concatenate(flat) if flat else np.zeros(0, dtype=np.uint8),
    )


def level_numbers(codes: FloatArray) -> tuple[list[FloatArray], IntArray]:
    """The distinct codes of each column, and each row's level numbers (N x k)."""
    levels, numbers = [], np.empty(codes.shape, dtype=np.int64)
    for f in range(codes.shape[1]):
        found, numbers[:, f] = np.unique(codes[:, f], return_inverse=True)
        levels.append(found)
    return levels, numbers


def grid_rule(levels: Sequence[FloatArray], numbers: IntArray) -> np.ndarray | None:
    """Which combinations of levels are in a list, where the list is a grid or most of one; else None.

    A list suits coordinate exchange when its points have neighbours that differ in one factor alone.
    """
    sizes = [len(codes) for codes in levels]
    if prod(sizes) > MAX_COMBINATIONS:
        return None
    allowed = np.zeros(sizes, dtype=bool)
    allowed[tuple(numbers.T)] = True
    if allowed.all():
        return allowed
    sample = numbers[:: max(1, len(numbers) // SAMPLED_NEIGHBOURS)]
    for f in range(len(sizes)):
        others = [numbers_f for g, numbers_f in enumerate(sample.T) if g != f]
        lines = np.moveaxis(allowed, f, -1)[tuple(others)]
        if lines.sum(axis=1).mean() - 1 < FEWEST_NEIGHBOURS:
            return None
    return allowed
