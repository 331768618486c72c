"""Rankings of a set of compromises: the knee, TOPSIS and desirability. All are of losses or values; none changes the set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zerosec_analyses.pareto.fronts import ideal_and_nadir
from zerosec_analyses.pareto.objectives import FloatArray, Goal, Objective

FLAT = 1e-9


def knee_distances(front: FloatArray) -> FloatArray:
    """How far each row of the set (m x k losses) lies towards the ideal from the plane through the corners of full conflict.

    Losses are scaled to 0 at the ideal and 1 at the nadir. The corners are best in one objective and worst in all others; in two
    dimensions they are both ends of the front (Das 1999). Objectives without a range within the set do not count.
    """
    ideal, nadir = ideal_and_nadir(front)
    varies = nadir > ideal
    k = int(varies.sum())
    if k < 2:
        return np.zeros(len(front))
    scaled = (front[:, varies] - ideal[varies]) / (nadir - ideal)[varies]
    return np.asarray((k - 1.0 - scaled.sum(axis=1)) / np.sqrt(k))


def knee(front: FloatArray) -> int | None:
    """The place of the row farthest towards the ideal; None where that is one that is worst in some objective, or all are alike."""
    distance = knee_distances(front)
    at = int(np.argmax(distance))
    ideal, nadir = ideal_and_nadir(front)
    worst = (front[at] == nadir) & (nadir > ideal)
    return None if worst.any() or np.ptp(distance) <= FLAT else at


def topsis(losses: FloatArray, weights: FloatArray) -> FloatArray:
    """Closeness to the ideal of each row, from 0 to 1 (Hwang & Yoon 1981): columns divided by their norm, then weighted.

    1 where all rows are equal. Weights need not add up to 1.
    """
    norm = np.sqrt((losses**2).sum(axis=0))
    scaled = losses / np.where(norm > 0, norm, 1.0) * (weights / weights.sum())
    to_best = np.sqrt(((scaled - scaled.min(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((scaled - scaled.max(axis=0)) ** 2).sum(axis=1))
    both = to_best + to_worst
    return np.where(both > 0, to_worst / np.where(both > 0, both, 1.0), 1.0)


def desirability_ranges(objectives: Sequence[Objective], values: FloatArray) -> list[tuple[float, float]]:
    """From where to where each objective's desirability goes: what was given, else the lowest and highest of ``values``.

    Around a wanted value that lies outside them, the range reaches to it.
    """
    found = []
    for at, one in enumerate(objectives):
        low, high = float(values[:, at].min()), float(values[:, at].max())
        if one.goal is Goal.TARGET:
            low, high = min(low, one.wanted), max(high, one.wanted)
        found.append((low if one.low is None else one.low, high if one.high is None else one.high))
    return found


def desirabilities(
    objectives: Sequence[Objective], values: FloatArray, ranges: Sequence[tuple[float, float]]
) -> FloatArray:
    """Rows x objectives, 0 worthless to 1 perfect: the linear functions of Derringer & Suich (1980), one- and two-sided."""
    made = np.empty(values.shape)
    for at, (one, (low, high)) in enumerate(zip(objectives, ranges, strict=True)):
        column = values[:, at]
        if one.goal is Goal.TARGET:
            below = _rise(column, low, one.wanted)
            above = _rise(-column, -high, -one.wanted)
            made[:, at] = np.where(column <= one.wanted, below, above)
        elif one.goal is Goal.MAXIMISE:
            made[:, at] = _rise(column, low, high)
        else:
            made[:, at] = _rise(-column, -high, -low)
    return made


def _rise(values: FloatArray, low: float, high: float) -> FloatArray:
    if high > low:
        return np.clip((values - low) / (high - low), 0.0, 1.0)
    return (values >= high).astype(np.float64)


def overall_desirability(single: FloatArray, weights: FloatArray) -> FloatArray:
    """The weighted geometric mean of each row: 0 as soon as one objective is worthless."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.exp((np.log(single) * (weights / weights.sum())).sum(axis=1)))
