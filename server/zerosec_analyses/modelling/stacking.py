"""The stack: several models put together, by weights found on predictions of rows those models had not seen.

A sum (Wolpert 1992, Breiman 1996): weights are not negative and add up to at most one; the rest goes to what is predicted without
features. Those of numbers are drawn to equal shares, because what is best on few unseen rows is partly luck.

A product of probabilities (Genest & Zidek 1986), each to the power of its weight: where models agree it is surer than any of them,
as a mean never is, which suits few rows of classes that come apart well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, nnls
from scipy.special import log_softmax, softmax

from zerosec_analyses.modelling.table import FloatArray, IntArray

LEAST_WEIGHT = 0.005
STEPS = 500
SETTLED = 1e-7
TINY = 1e-15
EQUAL_ROWS = 10.0
"""Weights of a sum of numbers and of a product are drawn to equal shares as strongly as so many rows speak, of a sum so many a model."""
LARGEST_POWER = 5.0


@dataclass(frozen=True)
class Mix:
    """How the predictions of m models (n, *shape, m) become one: a sum about ``centre`` (*shape), or a product.

    ``product_of``: the rows a product was learnt of, 0 for a sum. A product is drawn towards equal shares by one row's weight, so
    that no class is ruled out by so many rows.
    """

    weights: FloatArray
    centre: FloatArray
    product_of: int = 0

    def apply(self, predictions: FloatArray) -> FloatArray:
        """Predictions (n, *shape, m) to predictions (n, *shape)."""
        if not self.product_of:
            return np.asarray(self.centre + (predictions - self.centre[..., None]) @ self.weights)
        own = 1 / (self.product_of + 1)
        made = softmax(_logs(predictions) @ self.weights, axis=1)
        return np.asarray((1 - own) * made + own / predictions.shape[1])


Learn = Callable[[FloatArray, FloatArray], Mix]
"""Unseen predictions (n, *shape, m) of y (n) to what puts them together."""


def number_weights(unseen: FloatArray, y: FloatArray) -> FloatArray:
    """Weights of the models (m) from their unseen predictions (n x m) of y (n), about the mean of y: least squares, drawn to equal shares."""
    centre = float(y.mean())
    spread = float(y.std()) or 1.0
    n, m = unseen.shape
    models, wanted = (unseen - centre) / spread, (y - centre) / spread
    least = float(((models - wanted[:, None]) ** 2).mean(axis=0).min())
    drawn = np.sqrt(EQUAL_ROWS * m * least)
    # a last model is the mean itself; then come a row a model that draws its weight, and one that makes their sum one
    a, b = np.zeros((n + m + 2, m + 1)), np.zeros(n + m + 2)
    a[:n, :m], b[:n] = models, wanted
    a[n:-1], b[n:-1] = drawn * np.eye(m + 1), drawn / (m + 1)
    a[-1] = b[-1] = 1e3 * np.sqrt(n)
    found = np.asarray(nnls(a, b)[0])
    found = np.where(found < LEAST_WEIGHT, 0.0, found)
    return np.asarray(found[:m] / max(1.0, found.sum()))


def class_weights(given: FloatArray, prior: FloatArray) -> FloatArray:
    """Weights of the models (m) that make the log loss of their mixture smallest.

    ``given`` (n x m) are their unseen probabilities of the class each row has, ``prior`` (n) its share without features. The log
    loss of a mixture is convex in its weights, and each step of expectation-maximisation (Dempster et al. 1977) lowers it.
    """
    columns = np.column_stack([given, prior])
    weights = np.full(columns.shape[1], 1 / columns.shape[1])
    before = np.inf
    for _ in range(STEPS):
        shares = columns * weights
        total = shares.sum(axis=1, keepdims=True)
        loss = -float(np.log(total).mean())
        weights = (shares / total).mean(axis=0)
        if before - loss < SETTLED:
            break
        before = loss
    weights = np.where(weights < LEAST_WEIGHT, 0.0, weights)
    return np.asarray((weights / weights.sum())[:-1])


def powers(unseen: FloatArray, codes: IntArray) -> FloatArray:
    """Weights of the models (m) that make the log loss of their product smallest, drawn to equal shares.

    ``unseen`` (n x k x m) are their unseen probabilities of rows of the classes ``codes`` (n).
    """
    n, _, m = unseen.shape
    logs, equal = _logs(unseen), np.full(m, 1 / m)
    own = logs[np.arange(n), codes]

    def objective(weights: FloatArray) -> tuple[float, FloatArray]:
        made = log_softmax(logs @ weights, axis=1)
        away = weights - equal
        loss = -float(made[np.arange(n), codes].sum()) + 0.5 * EQUAL_ROWS * float(away @ away)
        gradient = np.einsum("nk,nkm->m", np.exp(made), logs) - own.sum(axis=0) + EQUAL_ROWS * away
        return loss / n, gradient / n

    found = minimize(objective, equal, jac=True, method="L-BFGS-B", bounds=[(0.0, LARGEST_POWER)] * m).x
    kept = np.where(found < LEAST_WEIGHT, 0.0, found)
    return np.asarray(kept if kept.any() else equal)


def _logs(p: FloatArray) -> FloatArray:
    return np.asarray(np.log(np.maximum(p, TINY)))


def unseen_stack(unseen: FloatArray, y: FloatArray, folds: IntArray, learn: Learn) -> FloatArray:
    """The stack's own predictions of rows whose fold its weights have not seen: what it is compared with the models by."""
    found = np.full(unseen.shape[:-1], np.nan)
    for fold in np.unique(folds[folds >= 0]):
        rest, test = (folds >= 0) & (folds != fold), folds == fold
        if not rest.any():
            continue
        found[test] = learn(unseen[rest], y[rest]).apply(unseen[test])
    return found
