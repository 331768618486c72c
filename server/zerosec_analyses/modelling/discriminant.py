"""Regularised Gaussian discriminant analysis: each class a normal distribution of its own, saved as plain numbers.

Friedman (1989): the covariance of a class is drawn towards that of all classes, which would make borders straight, and towards
a sphere; how far is searched. Smooth, and good on few rows of classes that come apart, where trees see only steps.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.special import softmax

from zerosec_analyses.modelling.gaussian_process import Shape, shape_of
from zerosec_analyses.modelling.table import FloatArray

LEAST_VARIANCE = 1e-6
"""Added to every variance, of columns of spread 1: that of rows which are all the same is not 0."""
BLOCK = 20_000
SHAPE = ("bent", "low", "high")


@dataclass(frozen=True)
class Discriminant:
    """Fitted: of each of k classes the mean (k x d), what makes its rows spherical (k x d x d), and what is added to its log density (k).

    Skewed columns are bent, and beyond the range of the training rows the value at the edge counts: a quadratic has no end.
    """

    means: FloatArray
    whiteners: FloatArray
    offsets: FloatArray
    shape: Shape

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x (n x d) to probabilities (n x k)."""
        logs = np.empty((x.shape[0], self.offsets.size))
        for start in range(0, x.shape[0], BLOCK):
            part = self.shape.apply(x[start : start + BLOCK])
            for code, offset in enumerate(self.offsets):
                away = (part - self.means[code]) @ self.whiteners[code]
                logs[start : start + BLOCK, code] = offset - 0.5 * np.einsum("ij,ij->i", away, away)
        return np.asarray(softmax(logs, axis=1))

    def to_bytes(self) -> bytes:
        """NumPy's archive of plain arrays; the same model gives the same bytes."""
        held = io.BytesIO()
        np.savez(
            held, allow_pickle=False, means=self.means, whiteners=self.whiteners, offsets=self.offsets,
            **{part: getattr(self.shape, part) for part in SHAPE},
        )  # fmt: skip
        return held.getvalue()


def fit_discriminant(x: FloatArray, y: FloatArray, common: float, sphere: float) -> Discriminant:
    """Fit to rows x (n x d) about 0 and of spread 1 and their class codes y, every code up to the largest being there.

    ``common``: the share of the covariance of all classes; ``sphere``: of one variance for all columns and directions.
    """
    shape = shape_of(x)
    x = shape.apply(x)
    n, d = x.shape
    codes = y.astype(np.int64)
    counts = np.bincount(codes)
    means = np.stack([x[codes == code].mean(axis=0) for code in range(counts.size)])
    away = x - means[codes]
    within = away.T @ away
    whiteners, offsets = np.empty((counts.size, d, d)), np.empty(counts.size)
    for code, count in enumerate(counts.tolist()):
        own = away[codes == code]
        spread = ((1 - common) * (own.T @ own) + common * within) / ((1 - common) * count + common * n)
        covariance = (1 - sphere) * spread
        covariance[np.diag_indices(d)] += sphere * np.trace(spread) / d + LEAST_VARIANCE
        root = cholesky(covariance, lower=True, check_finite=False)
        whiteners[code] = solve_triangular(root, np.eye(d), lower=True, check_finite=False).T
        offsets[code] = np.log(count / n) - np.log(np.diag(root)).sum()
    return Discriminant(means, whiteners, offsets, shape)


def discriminant_from_bytes(content: bytes, n_columns: int) -> Discriminant:
    """What was written. Raises ValueError where its parts do not fit together."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            means, whiteners, offsets = held["means"], held["whiteners"], held["offsets"]
            shape = Shape(*(held[part] for part in SHAPE))
    except (KeyError, OSError, EOFError, AttributeError) as error:
        raise ValueError("a part of the model is missing") from error
    k, d = offsets.size, n_columns
    if (
        offsets.shape != (k,)
        or means.shape != (k, d)
        or whiteners.shape != (k, d, d)
        or not shape.fits(d)
        or any(part.dtype != np.float64 for part in (means, whiteners, offsets))
        or not all(np.isfinite(part).all() for part in (means, whiteners, offsets))
    ):
        raise ValueError("the parts of the model do not fit together")
    return Discriminant(means, whiteners, offsets, shape)
