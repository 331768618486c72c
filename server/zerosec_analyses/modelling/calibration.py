"""Calibration: probabilities made to say what they mean, learnt from predictions of rows the models had not seen.

Temperature (Guo et al. 2017) and sigmoid (Platt 1999; for more classes a common slope and an offset a class) rescale the log
probabilities; isotonic regression (Zadrozny & Elkan 2002) follows the observed shares class by class.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.isotonic import IsotonicRegression

from zerosec_analyses.modelling.table import FloatArray, IntArray

TINY = 1e-15
FEWEST_ROWS = 40
FEWEST_FOR_ISOTONIC = 2000
"""Below, isotonic regression won by luck where it won: on new rows it lost to the smooth kinds or to none (docs/models-measured.md)."""
PREFERENCE = 0.995
"""A calibration is used when it lowers the log loss on rows it was not learnt from by more than half a hundredth."""
PARTS = 5


class CalibrationKind(StrEnum):
    """How probabilities are calibrated."""

    NONE = "none"
    TEMPERATURE = "temperature"
    SIGMOID = "sigmoid"
    ISOTONIC = "isotonic"


ALL_KINDS = tuple(CalibrationKind)


@dataclass(frozen=True)
class ClassCalibration:
    """A learnt calibration: ``slope`` and ``offsets`` (a class each) of log probabilities, or ``knots`` (at, to) a class."""

    kind: CalibrationKind
    slope: float = 1.0
    offsets: tuple[float, ...] = ()
    knots: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()
    n_rows: int = 0

    def apply(self, predictions: FloatArray) -> FloatArray:
        """Probabilities (n x k) to probabilities."""
        if self.kind is CalibrationKind.NONE:
            return predictions
        if self.kind is CalibrationKind.ISOTONIC:
            made = np.column_stack(
                [np.interp(predictions[:, c], at, to) for c, (at, to) in enumerate(self.knots)]
            )
            own = 1 / (self.n_rows + 1)  # no class is ruled out by so many rows
            return _shares((1 - own) * _shares(made) + own / predictions.shape[1])
        return np.asarray(softmax(self.slope * _logs(predictions) + np.array(self.offsets), axis=1))


def learn_calibration(kind: CalibrationKind, p: FloatArray, y: IntArray) -> ClassCalibration:
    """Learn from unseen probabilities p (n x k) and the classes y (n) of the rows."""
    n, k = p.shape
    if kind is CalibrationKind.NONE:
        return ClassCalibration(kind, 1.0, (0.0,) * k, (), n)
    if kind is CalibrationKind.ISOTONIC:
        knots = []
        for c in range(k):
            fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(p[:, c], y == c)
            knots.append((tuple(fitted.X_thresholds_.tolist()), tuple(fitted.y_thresholds_.tolist())))
        return ClassCalibration(kind, 1.0, (), tuple(knots), n)
    logs = _logs(p)
    free = kind is CalibrationKind.SIGMOID
    bounds = [(0.05, 20.0), *([(-10.0, 10.0)] * (k - 1 if free else 0))]
    found = minimize(
        _scaling, np.array([1.0, *([0.0] * (len(bounds) - 1))]), args=(logs, y), jac=True, method="L-BFGS-B", bounds=bounds
    )  # fmt: skip
    offsets = (0.0, *found.x[1:].tolist()) if free else (0.0,) * k
    return ClassCalibration(kind, float(found.x[0]), offsets, (), n)


def choose_calibration(
    p: FloatArray, y: IntArray, folds: IntArray, kinds: tuple[CalibrationKind, ...]
) -> ClassCalibration:
    """The kind with the smallest log loss on folds it was not learnt from, learnt anew on all; plain unless one is clearly better."""
    if len(kinds) == 1:
        return learn_calibration(kinds[0], p, y)
    plain = CalibrationKind.NONE
    if y.size < FEWEST_ROWS:
        return learn_calibration(plain, p, y)
    if np.unique(folds).size < 2:
        folds = np.random.default_rng(y.size).permutation(y.size) % PARTS
    losses = {}
    for kind in kinds:
        if kind is CalibrationKind.ISOTONIC and y.size < FEWEST_FOR_ISOTONIC:
            continue
        total = 0.0
        for fold in np.unique(folds):
            test = folds == fold
            learnt = learn_calibration(kind, p[~test], y[~test])
            total += class_losses(y[test], learnt.apply(p[test])).sum()
        losses[kind] = total
    best = min(losses, key=lambda kind: (losses[kind] * (1.0 if kind is plain else 1 / PREFERENCE), kind))
    return learn_calibration(best, p, y)


def class_losses(y: IntArray, p: FloatArray) -> FloatArray:
    """Minus the log probability of each row's own class."""
    return np.asarray(-np.log(np.maximum(p[np.arange(y.size), y], TINY)))


def _scaling(x: FloatArray, logs: FloatArray, y: IntArray) -> tuple[float, FloatArray]:
    """Mean log loss of slope x[0] and offsets x[1:] (that of the first class is 0), with a trace of a penalty, and its gradient."""
    n, k = logs.shape
    offsets = np.zeros(k)
    offsets[1:] = x[1:] if x.size > 1 else 0.0
    scaled = log_softmax(x[0] * logs + offsets, axis=1)
    excess = np.exp(scaled)
    excess[np.arange(n), y] -= 1.0
    slope = float((excess * logs).sum()) / n
    gradient = np.array([slope, *(excess.sum(axis=0)[1:] / n)]) if x.size > 1 else np.array([slope])
    away = np.array([x[0] - 1.0, *x[1:]])
    value = -float(scaled[np.arange(n), y].mean()) + 0.5 * float(away @ away) / n
    return value, gradient + away / n


def _logs(p: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(p, TINY)))


def _shares(p: FloatArray) -> FloatArray:
    total = p.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, p / np.where(total > 0, total, 1.0), 1 / p.shape[1]))
