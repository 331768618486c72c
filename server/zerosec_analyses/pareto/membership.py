"""How often each row stays in the Pareto set when all values are drawn anew within their uncertainty: a seeded Monte Carlo.

The assumption, which results name: the errors of different rows and of different objectives are independent and normal, with the
standard deviations given, or those that prediction intervals of the stated coverage have. Limits are judged by the values as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.pareto.fronts import non_dominated
from zerosec_analyses.pareto.objectives import BoolArray, FloatArray, Goal, Objective, losses

REACH = 5.0
"""Rows that could join the set only by errors of more than five standard deviations are not drawn."""
RIVALS = 200
WORK = 50_000_000
FEWEST_DRAWS = 50


@dataclass(frozen=True)
class Membership:
    """The share of ``draws`` in which each row was in the set; ``possible`` rows were drawn, all others never join it."""

    probability: FloatArray
    draws: int
    possible: int

    @property
    def standard_error(self) -> float:
        """The largest standard error that the share of so many draws has."""
        return float(0.5 / np.sqrt(self.draws))


def membership(
    objectives: Sequence[Objective],
    values: FloatArray,
    spread: FloatArray,
    draws: int,
    rng: np.random.Generator,
    listen: Callable[[float], None] = lambda _: None,
) -> Membership:
    """Draw ``values`` (n x objectives) anew with standard deviations ``spread`` (n x objectives) and count.

    Fewer draws are made where there are many rows that may join, but never fewer than 50.
    """
    possible = may_join(objectives, values, spread)
    rows = np.flatnonzero(possible)
    draws = max(min(FEWEST_DRAWS, draws), min(draws, WORK // len(rows)))
    hits = np.zeros(len(rows))
    about, width = values[rows], spread[rows]
    for number in range(draws):
        drawn = about + width * rng.standard_normal(about.shape)
        hits += non_dominated(losses(objectives, drawn))
        if number % 16 == 0:
            listen(number / draws)
    probability = np.zeros(len(values))
    probability[rows] = hits / draws
    return Membership(probability, draws, len(rows))


def may_join(objectives: Sequence[Objective], values: FloatArray, spread: FloatArray) -> BoolArray:
    """Which rows, at their best, are not dominated by some row at its worst: only these can ever be in the set."""
    best, worst = losses(objectives, values), losses(objectives, values)
    for at, one in enumerate(objectives):
        reach = REACH * spread[:, at]
        best[:, at] = (
            best[:, at] - reach if one.goal is not Goal.TARGET else np.maximum(0, best[:, at] - reach)
        )
        worst[:, at] += reach
    span = np.ptp(worst, axis=0)
    rivals = worst[non_dominated(worst, keep_equal=False)]
    rivals = rivals[np.argsort((rivals / np.where(span > 0, span, 1.0)).sum(axis=1), kind="stable")[:RIVALS]]
    left = np.arange(len(values))
    for rival in rivals:
        beaten = (rival <= best[left]).all(axis=1) & (rival < best[left]).any(axis=1)
        left = left[~beaten]
    made = np.zeros(len(values), dtype=bool)
    made[left] = True
    return made
