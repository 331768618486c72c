"""The stack: a weighted mean of several models, the weights found on predictions of rows those models had not seen.

Wolpert (1992), Breiman (1996): weights are not negative and add up to at most one; the rest goes to the mean of the target.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

from zerosec_analyses.modelling.table import FloatArray, IntArray


def stack_weights(unseen: FloatArray, y: FloatArray) -> FloatArray:
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
    found = np.where(found < 0.005, 0.0, found)
    return np.asarray(found[:m] / max(1.0, found.sum()))


def stacked(predictions: FloatArray, weights: FloatArray, centre: float) -> FloatArray:
    """The stack's predictions from those of its models (n x m)."""
    return centre + (predictions - centre) @ weights


def unseen_stack(unseen: FloatArray, y: FloatArray, folds: IntArray) -> FloatArray:
    """The stack's own predictions of rows whose fold its weights have not seen: what it is compared with the models by."""
    found = np.full(y.size, np.nan)
    for fold in np.unique(folds[folds >= 0]):
        rest, test = (folds >= 0) & (folds != fold), folds == fold
        if not rest.any():
            continue
        found[test] = stacked(unseen[test], stack_weights(unseen[rest], y[rest]), float(y[rest].mean()))
    return found
