"""Columns left out since they nearly repeat another one, and rows in which they do not: what the model learnt of one is not true there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.modelling.preparation import CORRELATED, Preparation
from zerosec_analyses.modelling.table import FloatArray

LEAST_SCALE = 0.003
"""Of the column's standard deviation: smaller differences are rounding."""
LEAST_LIMIT = 3.0


@dataclass(frozen=True)
class Tie:
    """``feature`` is about ``intercept`` + ``slope`` times the feature ``by``, give or take ``scale``; features by their places."""

    feature: int
    by: int
    intercept: float
    slope: float
    scale: float


@dataclass(frozen=True)
class Ties:
    """All of a model, and how many scales the worst of them was off in any row the model was built on."""

    ties: tuple[Tie, ...] = ()
    limit: float = LEAST_LIMIT

    def parted(self, values: FloatArray) -> np.ndarray:
        """In which rows (n x features, NaN where missing) a column differs from its tie by more than in any row built on."""
        return np.asarray(_worst(self.ties, values) > self.limit)


def ties_of(preparation: Preparation, values: FloatArray) -> Ties:
    """Each column that was left out as nearly repeating another, tied by least squares to the one it goes with best."""
    numbers = [column.feature for column in preparation.columns if column.level is None]
    made = []
    for feature, why in preparation.dropped.items():
        found = [_tied(feature, by, values) for by in numbers] if why == CORRELATED else []
        if known := [one for one in found if one is not None]:
            made.append(min(known, key=lambda one: one.scale))
    if not made:
        return Ties()
    return Ties(tuple(made), max(LEAST_LIMIT, float(_worst(made, values).max())))


def _tied(feature: int, by: int, values: FloatArray) -> Tie | None:
    known = ~np.isnan(values[:, feature]) & ~np.isnan(values[:, by])
    y, x = values[known, feature], values[known, by]
    if y.size < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    about = x - x.mean()
    slope = float(about @ (y - y.mean()) / (about @ about))
    intercept = float(y.mean() - slope * x.mean())
    rest = y - intercept - slope * x
    scale = max(float(np.sqrt((rest**2).mean())), LEAST_SCALE * float(y.std()))
    return Tie(feature, by, intercept, slope, scale)


def _worst(ties: Sequence[Tie], values: FloatArray) -> FloatArray:
    worst = np.zeros(values.shape[0])
    for one in ties:
        rest = values[:, one.feature] - one.intercept - one.slope * values[:, one.by]
        worst = np.fmax(worst, np.abs(rest) / one.scale)  # a gap tells nothing
    return worst
