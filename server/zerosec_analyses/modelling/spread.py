"""How far off a model is depends on where: a scale of its errors over the features, for intervals of varying width.

The logarithm of the absolute error on unseen rows is regressed on the prepared columns, their squares, and the prediction itself (a
multiplicative model of the variance, Harvey 1976), penalised; an interval is then the prediction ± q times the scale, q the conformal quantile
of errors divided by scales that were fitted without the row (normalised conformal prediction, Papadopoulos et al. 2002; cross-conformal,
Vovk 2015). It is taken only where it is better on unseen rows than one width for all, by the interval score (Gneiting & Raftery 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.modelling.table import FloatArray, IntArray

LEAST_ROWS = 60
FOLDS = 5
PENALTIES = (1.0, 10.0, 100.0)
LEVEL = 0.9
WORTH = 0.97
"""The interval score must be this much smaller: what looks better of two is partly luck."""
FLOOR = 0.05
"""Of the mean absolute error: smaller errors are luck, and their logarithm would say too much."""


@dataclass(frozen=True)
class Spread:
    """The scale of the error at a row: exp of a linear function of its terms, between bounds seen in training."""

    intercept: float
    weights: FloatArray
    centre: float
    unit: float
    """The predictions' own centre and unit."""
    low: float
    high: float

    def scale(self, prepared: FloatArray, predicted: FloatArray) -> FloatArray:
        """The scale (n) of the errors of rows (n x columns, prepared) whose predictions are known."""
        terms = _terms(prepared, (predicted - self.centre) / self.unit)
        return np.asarray(np.exp(np.clip(self.intercept + terms @ self.weights, self.low, self.high)))


def learn_spread(
    prepared: FloatArray, predicted: FloatArray, errors: FloatArray, units: IntArray | None, seed: int
) -> tuple[Spread, FloatArray] | None:
    """The scale, and the absolute errors divided by scales fitted without their row (sorted); None where one width is as good.

    ``errors`` (n) are absolute, of predictions (n) of rows that the model had not seen; ``units`` says which rows stay together.
    """
    n = errors.size
    if n < LEAST_ROWS or not errors.max() > 0:
        return None
    order = np.random.default_rng(seed).permutation(n)
    fold = np.empty(n, dtype=np.int64)
    fold[order] = np.arange(n) % FOLDS
    if units is not None:
        _, own = np.unique(units, return_inverse=True)
        shuffled = np.random.default_rng(seed).permutation(int(own.max()) + 1)
        fold = shuffled[own] % FOLDS
    constant = np.empty(n)
    scales = {penalty: np.empty(n) for penalty in PENALTIES}
    for one in range(FOLDS):
        rest, test = fold != one, fold == one
        if not test.any() or rest.sum() < LEAST_ROWS // 2:
            return None
        constant[test] = errors[rest].mean()
        for penalty, held in scales.items():
            held[test] = _fit(prepared[rest], predicted[rest], errors[rest], penalty).scale(
                prepared[test], predicted[test]
            )
    best = min(PENALTIES, key=lambda penalty: _interval_score(errors, scales[penalty]))
    if _interval_score(errors, scales[best]) > WORTH * _interval_score(errors, constant):
        return None
    return _fit(prepared, predicted, errors, best), np.sort(errors / scales[best])


def _terms(prepared: FloatArray, predicted: FloatArray) -> FloatArray:
    bounded = np.clip(prepared, -4.0, 4.0)
    own = np.clip(predicted, -4.0, 4.0)[:, None]
    return np.hstack([bounded, bounded**2, own, own**2])


def _fit(prepared: FloatArray, predicted: FloatArray, errors: FloatArray, penalty: float) -> Spread:
    centre, unit = float(predicted.mean()), float(predicted.std()) or 1.0
    terms = _terms(prepared, (predicted - centre) / unit)
    mean = terms.mean(axis=0)
    about = terms - mean
    target = np.log(errors + FLOOR * errors.mean())
    level = float(target.mean())
    weights = np.linalg.solve(about.T @ about + penalty * np.eye(terms.shape[1]), about.T @ (target - level))
    fitted = level + about @ weights
    low, high = (float(value) for value in np.quantile(fitted, [0.02, 0.98]))
    return Spread(level - float(mean @ weights), weights, centre, unit, low, high)


def _interval_score(errors: FloatArray, scales: FloatArray) -> float:
    """Of intervals of the nominal level, mean over the rows: their width, and what is missed times 2 / (1 - level)."""
    half = scales * np.quantile(errors / scales, LEVEL)
    return float((2 * half + 2 / (1 - LEVEL) * np.maximum(errors - half, 0.0)).mean())
