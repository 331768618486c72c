"""The stack: a weighted mean of several models, the weights found on predictions of rows those models had not seen.

Wolpert (1992), Breiman (1996): weights are not negative and add up to at most one; the rest goes to what is predicted without features.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import nnls

from zerosec_analyses.modelling.table import FloatArray, IntArray

LEAST_WEIGHT = 0.005
STEPS = 500
SETTLED = 1e-7


def number_weights(unseen: FloatArray, y: FloatArray) -> FloatArray:
    """Weights of the models (m) from their unseen predictions (n x m) of y (n), about the mean of y."""
    centre = float(y.mean())
    spread = float(y.std()) or 1.0
    n, m = unseen.shape
    a = np.zeros((n + 1, m + 1))  # a last model that is the mean itself, and a row that makes the sum one
    a[:n, :m] = (unseen - centre) / spread
    strong = 1e3 * np.sqrt(n)
    a[n] = strong
    b = np.append((y - centre) / spread, strong)
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


def stacked(predictions: FloatArray, weights: FloatArray, centre: FloatArray) -> FloatArray:
    """The stack's predictions from those of its models (n, *shape, m), about the centre (*shape)."""
    about = np.asarray(centre)[..., None]
    return np.asarray(centre + (predictions - about) @ weights)


def unseen_stack(
    unseen: FloatArray,
    y: FloatArray,
    folds: IntArray,
    weights_of: Callable[[FloatArray, FloatArray], FloatArray],
    centre_of: Callable[[FloatArray], FloatArray],
) -> FloatArray:
    """The stack's own predictions of rows whose fold its weights have not seen: what it is compared with the models by."""
    found = np.full(unseen.shape[:-1], np.nan)
    for fold in np.unique(folds[folds >= 0]):
        rest, test = (folds >= 0) & (folds != fold), folds == fold
        if not rest.any():
            continue
        found[test] = stacked(unseen[test], weights_of(unseen[rest], y[rest]), centre_of(y[rest]))
    return found
