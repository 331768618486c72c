"""What a model makes of its features: Shapley values and partial dependence, of any model, in the target's own units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zerosec_analyses.modelling.table import Feature, FloatArray

ORDERS = 24
GRID = 24
INTERACTION_SETS = 20
PROFILE_ROWS = 200

Predict = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class ShapleyValues:
    """``values`` (rows x features) add up, row by row, to the prediction minus ``baseline``; ``errors`` are their sampling errors."""

    rows: FloatArray
    values: FloatArray
    errors: FloatArray
    baseline: float
    predictions: FloatArray


def shapley_values(
    predict: Predict, rows: FloatArray, background: FloatArray, used: Sequence[int], rng: np.random.Generator
) -> ShapleyValues:
    """Interventional Shapley values by sampled orders in antithetic pairs (Štrumbelj & Kononenko 2014; Mitchell et al. 2022).

    ``rows`` (m x p) are explained against ``background`` rows (b x p); only ``used`` features can matter. Every row is explained
    by the same orders against the same background rows, so that all have one baseline and the sum is exact.
    """
    m, p = rows.shape
    used = list(used)
    total, squares = np.zeros((m, p)), np.zeros((m, p))
    baseline = 0.0
    pairs = ORDERS // 2
    for _ in range(pairs):
        order = rng.permutation(used)
        other = background[int(rng.integers(background.shape[0]))]
        pair = np.zeros((m, p))
        for direction in (order, order[::-1]):
            mixed = np.tile(other, (m * (len(used) + 1), 1)).reshape(len(used) + 1, m, p)
            for step, feature in enumerate(direction, start=1):
                mixed[step:, :, feature] = rows[:, feature]
            made = predict(mixed.reshape(-1, p)).reshape(len(used) + 1, m)
            baseline += float(made[0, 0])
            for step, feature in enumerate(direction):
                pair[:, feature] += (made[step + 1] - made[step]) / 2
        total += pair
        squares += pair**2
    values = total / pairs
    errors = np.sqrt(np.maximum(squares / pairs - values**2, 0.0) / max(1, pairs - 1))
    return ShapleyValues(rows, values, errors, baseline / (2 * pairs), predict(rows))


@dataclass(frozen=True)
class Interaction:
    """Two features by place: the mean size over rows of what they do together beyond what each does alone.

    ``error`` is its sampling error, NaN where it is exact.
    """

    first: int
    second: int
    size: float
    error: float


def shapley_interactions(
    predict: Predict,
    rows: FloatArray,
    background: FloatArray,
    used: Sequence[int],
    among: Sequence[int],
    rng: np.random.Generator,
) -> tuple[Interaction, ...]:
    """Shapley interaction indices (Grabisch & Roubens 1999) of each pair ``among`` the features, the largest first.

    Of ``rows`` (m x p), interventional against single ``background`` rows, over random sets of the other ``used`` features, in
    pairs of a set and its complement; exact for a model without interactions of three and a single background row.
    """
    m = rows.shape[0]
    pairs = list(combinations(among, 2))
    total, squares = np.zeros((len(pairs), m)), np.zeros((len(pairs), m))
    for _ in range(INTERACTION_SETS):
        other = background[int(rng.integers(background.shape[0]))]
        order, cut = rng.permutation(list(used)), rng.random()
        for place, pair in enumerate(pairs):
            rest = [feature for feature in order.tolist() if feature not in pair]
            before = round(cut * len(rest))
            joint = np.zeros(m)
            for chosen in (rest[:before], rest[before:]):
                mixed = np.tile(other, (4, m, 1))
                mixed[:, :, chosen] = rows[:, chosen]
                for corner, own in enumerate(((), (pair[0],), (pair[1],), pair)):
                    mixed[corner][:, list(own)] = rows[:, list(own)]
                made = predict(mixed.reshape(-1, rows.shape[1])).reshape(4, m)
                joint += (made[3] - made[1] - made[2] + made[0]) / 2
            total[place] += joint
            squares[place] += joint**2
    values = total / INTERACTION_SETS
    errors = np.sqrt(np.maximum(squares / INTERACTION_SETS - values**2, 0.0) / (INTERACTION_SETS - 1))
    found = [
        Interaction(first, second, float(np.abs(values[place]).mean()), float(errors[place].mean()))
        for place, (first, second) in enumerate(pairs)
    ]
    return tuple(sorted(found, key=lambda one: -one.size))


@dataclass(frozen=True)
class Profile:
    """How the mean prediction changes with one feature, with the middle 80% of single rows around their own mean.

    The band ends where predictions do, so that a probability stays one.
    """

    feature: int
    points: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray


def partial_dependence(
    predict: Predict, rows: FloatArray, features: Sequence[Feature], place: int, rng: np.random.Generator
) -> Profile:
    """Partial dependence (Friedman 2001) of a feature over its range in ``rows``: levels, or up to GRID quantiles."""
    sample = rows
    if rows.shape[0] > PROFILE_ROWS:
        sample = rows[rng.choice(rows.shape[0], PROFILE_ROWS, replace=False)]
    known = rows[~np.isnan(rows[:, place]), place]
    if features[place].is_category:
        points = np.unique(known)
    else:
        points = np.unique(np.quantile(known, np.linspace(0.0, 1.0, GRID)))
    repeated = np.repeat(sample[None], points.size, axis=0)
    repeated[:, :, place] = points[:, None]
    made = predict(repeated.reshape(-1, rows.shape[1])).reshape(points.size, -1)
    mean = made.mean(axis=1)
    centred = made - made.mean(axis=0) + mean.mean()
    low, high = np.clip(np.quantile(centred, [0.1, 0.9], axis=1), made.min(), made.max())
    return Profile(place, points, mean, low, high)
