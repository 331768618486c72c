"""Ridge, lasso and elastic net from triangular factors, their strength chosen by cross-validation inside the training part.

Predictors are centred and scaled to unit variance within the training rows, the intercept is not penalised, and the objective is
that of Friedman, Hastie & Tibshirani (2010): RSS/(2n) + strength * (share * |b|_1 + (1 - share)/2 * |b|_2^2).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.linear.least_squares import triangular_factor
from zerosec_analyses.linear.spec import Method
from zerosec_analyses.linear.streaming import FoldFactors

N_STRENGTHS = 50
L1_SHARES = (0.1, 0.5, 0.9, 1.0)
# Folds inside a training part: more cost much and choose no better.
MAX_INNER_FOLDS = 5
SEARCH_TOLERANCE, FINAL_TOLERANCE = 1e-4, 1e-8
MAX_PREDICTORS = 3000


@dataclass(frozen=True)
class Penalty:
    """What was chosen: the strength, and the share of the lasso part in it (0 ridge, 1 lasso).

    ``at_limit``: the best strength was the strongest that was tried.
    """

    strength: float
    l1_share: float
    at_limit: bool


@dataclass(frozen=True)
class PenalisedFit:
    """Coefficients on the data's own scale, the intercept first (0 without one)."""

    coefficients: FloatArray
    penalty: Penalty
    effective_degrees_of_freedom: float
    converged: bool


@dataclass(frozen=True)
class _Scaled:
    """A training part: R of the centred, scaled predictors, and Q'y beside it."""

    predictors: FloatArray
    target: FloatArray
    means: FloatArray
    target_mean: float
    scales: FloatArray
    n_rows: int


def _scaled(factor: FloatArray, n_rows: int, p: int, target: int, intercept: bool) -> _Scaled:
    columns = [*range(p + 1), target]
    if intercept:
        root = factor[0, 0]
        means = factor[0, 1 : p + 1] / root
        target_mean = float(factor[0, target] / root)
        x, y = factor[1:, 1 : p + 1], factor[1:, target]
    else:
        plain = triangular_factor(np.asfortranarray(factor[:, columns[1:]]))
        means, target_mean = np.zeros(p), 0.0
        x, y = plain[:, :p], plain[:, p]
    scales = np.sqrt((x**2).sum(axis=0) / n_rows)
    magnitude = np.sqrt((factor[:, 1 : p + 1] ** 2).sum(axis=0) / n_rows)
    scales = np.where(scales <= 1e-12 * magnitude, 0.0, scales)
    inverse = np.divide(1.0, scales, out=np.zeros(p), where=scales > 0)
    return _Scaled(x * inverse, y, means, target_mean, scales, n_rows)


def _strengths(part: _Scaled, l1_share: float) -> FloatArray:
    gradient = np.abs(part.predictors.T @ part.target) / part.n_rows
    top = float(gradient.max(initial=0.0))
    if l1_share == 0.0:
        largest = (
            float(np.linalg.norm(part.predictors, 2) ** 2 / part.n_rows) if part.predictors.size else 1.0
        )
        return np.asarray(np.geomspace(100.0, 1e-9, N_STRENGTHS) * max(largest, 1e-300))
    return np.asarray(np.geomspace(1.0, 1e-3, N_STRENGTHS) * max(top / l1_share, 1e-300))


def _path(
    part: _Scaled, strengths: FloatArray, l1_share: float, tolerance: float = SEARCH_TOLERANCE
) -> tuple[FloatArray, bool]:
    """Coefficients for scaled predictors at every strength: p x m; and whether all of them converged."""
    if l1_share == 0.0:
        _u, singular, vt = np.linalg.svd(part.predictors, full_matrices=False)
        projected = _u.T @ part.target
        shrunk = singular[:, None] / (singular[:, None] ** 2 + part.n_rows * strengths[None, :])
        return np.asarray(vt.T @ (shrunk * projected[:, None])), True
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import enet_path

    m = max(part.predictors.shape[0], 1)
    scale = np.sqrt(m / part.n_rows)  # scikit-learn divides by the rows it sees: those of R, not of the data
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        _alphas, coefficients, _gaps = enet_path(
            np.asfortranarray(part.predictors * scale),
            part.target * scale,
            l1_ratio=l1_share,
            alphas=strengths,
            tol=tolerance,
            max_iter=1_000 if tolerance == SEARCH_TOLERANCE else 100_000,
        )
    converged = not any(issubclass(w.category, ConvergenceWarning) for w in caught)
    return np.asarray(coefficients), converged


def _unscaled(part: _Scaled, scaled: FloatArray) -> FloatArray:
    """(p + 1) x m coefficients on the data's scale from p x m scaled ones."""
    inverse = np.divide(1.0, part.scales, out=np.zeros_like(part.scales), where=part.scales > 0)
    slopes = scaled * inverse[:, None]
    intercepts = part.target_mean - part.means @ slopes
    return np.vstack([intercepts, slopes])


def _errors(factor: FloatArray, coefficients: FloatArray, target: int) -> FloatArray:
    """The sum of squared errors of each column of coefficients on the rows behind ``factor``."""
    p = coefficients.shape[0] - 1
    return np.asarray(((factor[:, [target]] - factor[:, : p + 1] @ coefficients) ** 2).sum(axis=0))


def _shares(method: Method) -> Sequence[float]:
    return {Method.RIDGE: (0.0,), Method.LASSO: (1.0,), Method.ELASTIC_NET: L1_SHARES}[method]


def fit_penalised(
    folds: FoldFactors,
    train: FloatArray,
    method: Method,
    p: int,
    target: int,
    intercept: bool,
) -> PenalisedFit:
    """Fit ``train``, the factor of all rows of ``folds``; the strength with the least cross-validated error over ``folds`` is taken.

    ``target`` is the position of the response in the factors.
    """
    n_rows = int(folds.counts.sum())
    whole = _scaled(train, n_rows, p, target, intercept)
    inner = folds.merged(MAX_INNER_FOLDS)
    inner_training = inner.without_each()
    best: tuple[float, float, int, FloatArray] | None = None
    for share in _shares(method):
        strengths = _strengths(whole, share)
        errors = np.zeros(len(strengths))
        for fold, training in enumerate(inner_training):
            inner_rows = n_rows - int(inner.counts[fold])
            if inner_rows == 0 or inner.counts[fold] == 0:
                continue
            part = _scaled(training, inner_rows, p, target, intercept)
            path, _ = _path(part, strengths, share)
            errors += _errors(inner.factors[fold], _unscaled(part, path), target)
        chosen = int(np.argmin(errors))
        if best is None or errors[chosen] < best[0]:
            best = (float(errors[chosen]), share, chosen, strengths)
    if best is None:
        raise ValueError("no strength was tried")
    _error, share, chosen, strengths = best
    path, converged = _path(whole, strengths[: chosen + 1], share, FINAL_TOLERANCE)
    scaled = path[:, [chosen]]
    singular = np.linalg.svd(whole.predictors, compute_uv=False)
    if share == 0.0:
        degrees = float((singular**2 / (singular**2 + n_rows * strengths[chosen])).sum())
    else:
        degrees = float(np.count_nonzero(scaled))
    return PenalisedFit(
        _unscaled(whole, scaled)[:, 0]
        if intercept
        else np.concatenate([[0.0], _unscaled(whole, scaled)[1:, 0]]),
        Penalty(float(strengths[chosen]), share, chosen == 0),
        degrees + float(intercept),
        converged,
    )
