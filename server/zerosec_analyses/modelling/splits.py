"""Which rows are tested together and which may train for them: by chance, by unit, or by time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.folds import FoldPlan, assign_folds
from zerosec_analyses.modelling.table import FloatArray, IntArray

HOLD_OUT_SHARE = 5
GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it spread evenly over 0 to 1 wherever one begins (Weyl 1916), so that every class gives its share."""


@dataclass(frozen=True)
class Split:
    """Places of the training and of the test rows."""

    train: IntArray
    test: IntArray


def splits(
    n_folds: int,
    n_rows: int,
    units: IntArray | None,
    order: FloatArray | None,
    seed: int,
    repeat: int = 0,
    *,
    strata: IntArray | None = None,
) -> Iterator[Split]:
    """The splits of ``n_rows`` rows.

    One fold: a single part of a fifth is held out. Rows of one unit stay together. With an order every test part
    comes after its training part, so that the earliest rows are never tested. ``strata`` (the classes of the rows) are
    shared out evenly among the parts, as far as units and order allow.
    """
    if order is not None:
        yield from _by_time(n_folds, units, order)
        return
    whole = np.arange(n_rows)
    ranked = None if units is None else np.unique(units, return_inverse=True)[1].astype(np.int64)
    n_units = n_rows if ranked is None else int(ranked.max()) + 1
    parts = min(HOLD_OUT_SHARE if n_folds == 1 else n_folds, n_units)
    if strata is not None:
        folds = _stratified(parts, whole if ranked is None else ranked, strata, [seed, repeat])
    else:
        plan = FoldPlan(parts, 1, n_units, grouped=ranked is not None)
        folds = assign_folds(plan, ranked, n_rows, seed, repeat)
    for fold in range(1 if n_folds == 1 else parts):
        yield Split(whole[folds != fold], whole[folds == fold])


def _stratified(n_folds: int, units: IntArray, strata: IntArray, seed: list[int]) -> IntArray:
    """The fold of each row: units dealt out in turn, those of one class after those of another."""
    return np.asarray((_dealt(units, strata, seed) % n_folds)[units])


def _dealt(units: IntArray, strata: IntArray, seed: list[int]) -> IntArray:
    """The place of each unit in the deal. A unit counts for the rarest of its classes; within a class the largest come first."""
    counts = np.bincount(strata)
    n_units = int(units.max()) + 1
    rarest = np.full(n_units, -1)
    for stratum in np.argsort(-counts, kind="stable").tolist():
        rarest[units[strata == stratum]] = stratum
    sizes = np.bincount(units, minlength=n_units)
    shuffled = np.random.default_rng(seed).permutation(n_units)
    order = shuffled[np.lexsort((-sizes[shuffled], rarest[shuffled]))]
    place = np.empty(n_units, dtype=np.int64)
    place[order] = np.arange(n_units)
    return place


def _by_time(n_folds: int, units: IntArray | None, order: FloatArray) -> Iterator[Split]:
    block = _blocks(HOLD_OUT_SHARE if n_folds == 1 else n_folds + 1, order)
    later = np.unique(block)[1:]
    for place in later[-1:] if n_folds == 1 else later:
        test, train = np.flatnonzero(block == place), np.flatnonzero(block < place)
        if units is not None:  # a row of a unit that is tested would tell the answer
            train = train[~np.isin(units[train], units[test])]
        if train.size:
            yield Split(train, test)


def _blocks(parts: int, order: FloatArray) -> IntArray:
    """The part of each row, one after the other in time, of about equal size; rows of one moment are in that of the middle one."""
    _, moment, counts = np.unique(order, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) // 2
    own = np.repeat(np.arange(parts), [part.size for part in np.array_split(order, parts)])
    return np.asarray(own[middle][moment], dtype=np.int64).reshape(order.shape)


def outer_splits(
    n_folds: int,
    n_rows: int,
    units: IntArray | None,
    order: FloatArray | None,
    seed: int,
    repeat: int = 0,
    *,
    strata: IntArray | None = None,
) -> list[Split]:
    """Those whose training part can be parted again, which the choice of settings needs."""
    found = splits(n_folds, n_rows, units, order, seed, repeat, strata=strata)
    return [one for one in found if n_units(one.train.size, None if units is None else units[one.train]) > 1]


def inner_splits(
    n_folds: int,
    n_rows: int,
    units: IntArray | None,
    order: FloatArray | None,
    seed: int,
    *,
    strata: IntArray | None = None,
) -> list[Split]:
    """Those of a training part: by chance where all of its rows, or all that are not of one unit, are of one moment."""
    by_time = list(splits(n_folds, n_rows, units, order, seed, strata=strata))
    return by_time or list(splits(n_folds, n_rows, units, None, seed, strata=strata))


def n_units(n_rows: int, units: IntArray | None) -> int:
    """How many units there are."""
    return n_rows if units is None else int(np.unique(units).size)


def shares_of(
    share: float, n_rows: int, units: IntArray | None, order: FloatArray | None, strata: IntArray, seed: int
) -> IntArray:
    """A share of the rows to be held out: whole units, the classes as in the whole table; with an order the latest rows."""
    own = np.arange(n_rows) if units is None else np.unique(units, return_inverse=True)[1].astype(np.int64)
    if order is not None:
        latest = np.argsort(order, kind="stable")[n_rows - round(share * n_rows) :]
        return np.flatnonzero(np.isin(own, own[latest]))
    place = _dealt(own, strata, [seed, 77])
    return np.flatnonzero(((place * GOLDEN) % 1.0 < share)[own])
