"""How well probabilities tell classes apart and mean what they say, with intervals from resampled units.

A class without rows, or that all rows are of, has no areas under curves: NaN. Of several classes the areas are means of one class
against the rest, each class counting the same (Hand & Till 2001 discuss the choice).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from zerosec_analyses.modelling.calibration import class_losses
from zerosec_analyses.modelling.table import FloatArray, IntArray

RESAMPLES = 200
LEVEL = 0.95
BINS = 10
FEWEST_IN_BIN = 5


@dataclass(frozen=True)
class Interval:
    """A value with its interval; NaN where it cannot be said."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranked:
    """One class against the rest, sorted by falling probability once, so that weighted areas are sums. ``ends`` close runs of ties."""

    order: IntArray
    ends: IntArray
    positive: FloatArray


def ranked(score: FloatArray, positive: np.ndarray) -> Ranked:
    """Prepare scores (n) of a class, and which rows are of it."""
    order = np.argsort(-score, kind="stable")
    sorted_ = score[order]
    ends = np.append(np.flatnonzero(sorted_[1:] != sorted_[:-1]), sorted_.size - 1)
    return Ranked(order, ends, positive[order].astype(np.float64))


def _counts(one: Ranked, weights: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    """Rows of the class and of the rest at or above each different score."""
    w = np.ones(one.positive.size) if weights is None else weights[one.order]
    hits = np.cumsum(w * one.positive)[one.ends]
    rest = np.cumsum(w * (1 - one.positive))[one.ends]
    return hits, rest


def roc_area(one: Ranked, weights: FloatArray | None = None) -> float:
    """The area under the ROC curve: how often a row of the class scores above one that is not, ties counting half."""
    hits, rest = _counts(one, weights)
    if hits[-1] <= 0 or rest[-1] <= 0:
        return math.nan
    before = np.append(0.0, hits[:-1])
    steps = np.diff(np.append(0.0, rest))
    return float((steps * (before + hits) / 2).sum() / (hits[-1] * rest[-1]))


def pr_area(one: Ranked, weights: FloatArray | None = None) -> float:
    """The area under the precision-recall curve as average precision (no interpolation, which flatters)."""
    hits, rest = _counts(one, weights)
    if hits[-1] <= 0:
        return math.nan
    steps = np.diff(np.append(0.0, hits))
    total = hits + rest
    return float((steps * np.where(total > 0, hits / np.where(total > 0, total, 1), 0.0)).sum() / hits[-1])


def balanced_accuracy(y: IntArray, decided: IntArray, k: int, weights: FloatArray | None = None) -> float:
    """The mean over the classes of the share that is recognised; grey rows are not recognised."""
    own = np.bincount(y, weights=weights, minlength=k)
    right = np.bincount(
        y[decided == y], weights=None if weights is None else weights[decided == y], minlength=k
    )
    return float((right[own > 0] / own[own > 0]).mean()) if (own > 0).any() else math.nan


NAMES = ("roc_auc", "pr_auc", "balanced_accuracy", "accuracy", "log_loss", "brier", "skill")


def all_scores(
    p: FloatArray, y: IntArray, baseline: FloatArray
) -> Callable[[FloatArray | None], list[float]]:
    """A function of weights (n) that gives the scores NAMES of probabilities p (n x k); ``baseline`` (n) are log losses without features."""
    k = p.shape[1]
    classes = [c for c in range(k) if 0 < int((y == c).sum()) < y.size]
    one_each = [ranked(p[:, c], y == c) for c in (classes if k > 2 else classes[:1])]
    losses = class_losses(y, p)
    best = np.asarray(p.argmax(axis=1))
    right = (best == y).astype(np.float64)
    hot = np.zeros_like(p)
    hot[np.arange(y.size), y] = 1.0
    squares = ((p - hot) ** 2).sum(axis=1) / (2.0 if k == 2 else 1.0)
    both = [ranked(p[:, c], y == c) for c in classes] if k == 2 else one_each

    def at(weights: FloatArray | None) -> list[float]:
        def mean(values: FloatArray) -> float:
            return float(np.average(values, weights=weights))

        return [
            _mean([roc_area(one, weights) for one in one_each]),
            _mean([pr_area(one, weights) for one in both]),
            balanced_accuracy(y, best, k, weights),
            mean(right),
            mean(losses),
            mean(squares),
            1 - mean(losses) / mean(baseline),
        ]

    return at


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return float(np.mean(known)) if known else math.nan


def with_intervals(
    scorers: Sequence[Callable[[FloatArray | None], list[float]]], units: Sequence[IntArray], seed: int
) -> dict[str, Interval]:
    """Means over repeats, with percentile intervals from resampling units (Efron & Tibshirani 1993); ``units`` (n) are from 0, per repeat.

    What changes from sample to sample of tested rows is in them, not what another training sample would change.
    """
    values = np.array([at(None) for at in scorers])
    rng = np.random.default_rng(seed)
    n_units = max(int(one.max()) for one in units) + 1
    drawn = []
    for _ in range(RESAMPLES):
        counts = np.bincount(rng.integers(0, n_units, n_units), minlength=n_units).astype(np.float64)
        made = [at(counts[own]) for at, own in zip(scorers, units, strict=True) if counts[own].sum() > 0]
        if made:
            drawn.append(np.mean(made, axis=0))
    low, high = np.nanquantile(np.array(drawn), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    mean = values.mean(axis=0)
    return {
        name: Interval(float(v), float(a), float(b))
        for name, v, a, b in zip(NAMES, mean, low, high, strict=True)
    }


@dataclass(frozen=True)
class ClassLine:
    """One class: its rows, and how well it is told from the rest (by the most probable class)."""

    rows: int
    recall: float
    precision: float
    roc_auc: float
    pr_auc: float


def class_lines(p: FloatArray, y: IntArray) -> list[ClassLine]:
    """A line a class, by code."""
    best = np.asarray(p.argmax(axis=1))
    lines = []
    for c in range(p.shape[1]):
        own, said = y == c, best == c
        one = ranked(p[:, c], own)
        hits, n, n_said = int((own & said).sum()), int(own.sum()), int(said.sum())
        lines.append(
            ClassLine(
                n,
                hits / n if n else math.nan,
                hits / n_said if n_said else math.nan,
                roc_area(one),
                pr_area(one),
            )
        )
    return lines


@dataclass(frozen=True)
class CalibrationBin:
    """Rows of like probability: how probable the class was said to be, and how often it was, with a Wilson interval."""

    said: float
    share: float
    low: float
    high: float
    rows: int


def calibration_curve(score: FloatArray, positive: np.ndarray) -> list[CalibrationBin]:
    """Bins of equal numbers of rows by the probability of a class."""
    n_bins = max(1, min(BINS, score.size // FEWEST_IN_BIN))
    made = []
    for part in np.array_split(np.argsort(score, kind="stable"), n_bins):
        hits = int(positive[part].sum())
        low, high = wilson(hits, part.size)
        made.append(CalibrationBin(float(score[part].mean()), hits / part.size, low, high, part.size))
    return made


def wilson(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The Wilson (1927) interval of a share."""
    if n == 0:
        return math.nan, math.nan
    found = stats.binomtest(hits, n).proportion_ci(level, method="wilson")
    return float(found.low), float(found.high)


def exact_share(hits: int, n: int) -> Interval:
    """A share with its exact interval (Clopper & Pearson 1934)."""
    if n == 0:
        return Interval(math.nan, math.nan, math.nan)
    found = stats.binomtest(hits, n).proportion_ci(LEVEL, method="exact")
    return Interval(hits / n, float(found.low), float(found.high))


def roc_points(score: FloatArray, positive: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """False and true positive shares over all thresholds."""
    hits, rest = _counts(ranked(score, positive), None)
    return np.append(0.0, rest / max(rest[-1], 1)), np.append(0.0, hits / max(hits[-1], 1))


def pr_points(score: FloatArray, positive: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Recall and precision over all thresholds."""
    hits, rest = _counts(ranked(score, positive), None)
    return hits / max(hits[-1], 1), hits / (hits + rest)


def cost_curve(
    score: FloatArray, positive: np.ndarray, points: int = 51
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Normalised expected cost over the probability cost of the class (Drummond & Holte 2006): decided by the probabilities, and trivially.

    At probability cost c a missed row of the class weighs c and a false one 1 - c; the threshold is the one that the calibrated
    probabilities call for, not the best in hindsight.
    """
    share = float(positive.mean())
    at = np.linspace(0.0, 1.0, points)
    costs = np.empty(points)
    own, rest = np.sort(score[positive]), np.sort(score[~positive])
    for place, c in enumerate(at.tolist()):
        weight, other = c * (1 - share), (1 - c) * share  # costs of a miss and of a false one, up to a factor
        threshold = other / (weight + other) if weight + other > 0 else 0.5
        misses = np.searchsorted(own, threshold, side="left") / max(own.size, 1)
        false = 1 - np.searchsorted(rest, threshold, side="left") / max(rest.size, 1)
        costs[place] = misses * c + false * (1 - c)
    return at, costs, np.minimum(at, 1 - at)
