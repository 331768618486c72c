"""A Gaussian process with a length scale a column (ARD), fitted by its marginal likelihood; saved as plain numbers.

Rasmussen & Williams (2006), chapters 2 and 5. Covariance: Matérn 5/2, Matérn 3/2 or squared exponential, plus a linear part and
noise. The gradient over all length scales costs one matrix product (n² d), so that tens of columns stay cheap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

from zerosec_analyses.modelling.bending import skewed_columns
from zerosec_analyses.modelling.table import FloatArray

Kernel = Literal["matern52", "matern32", "squared_exponential"]
Scales = Literal["alike", "free"]

LIKELIHOOD_ROWS = 300
MAX_ROWS = 2500
MAX_STEPS = 40
JITTER = 1e-8
BLOCK = 60_000
"""Covariances worked out at a time: half a megabyte."""
SPREADS: dict[Scales, float] = {"alike": 0.5, "free": 1.5}
"""Of the prior of the log length scales about log √d: keeps few rows from choosing scales the data say nothing of."""


@dataclass(frozen=True)
class Shape:
    """What is done to each of d columns first: ``bent`` or not, and kept within the training rows' range.

    Beyond that range a process knows nothing, and its linear part would go on without end.
    """

    bent: NDArray[np.bool_]
    low: FloatArray
    high: FloatArray

    def apply(self, x: FloatArray) -> FloatArray:
        """Rows x columns to the same shape."""
        inside = np.clip(x, self.low, self.high)
        return np.where(self.bent, np.arcsinh(inside), inside)

    def fits(self, n_columns: int) -> bool:
        """Whether it is one of so many columns, as one that was read from a file need not be."""
        return self.bent.dtype == bool and all(
            part.shape == (n_columns,) for part in (self.bent, self.low, self.high)
        )


def shape_of(x: FloatArray) -> Shape:
    """Learnt of training rows x (n x d) about 0 and of spread 1."""
    bent = np.isin(np.arange(x.shape[1]), skewed_columns(x))
    return Shape(bent, x.min(axis=0), x.max(axis=0))


@dataclass(frozen=True)
class GaussianProcess:
    """A fitted process: its ``rows`` (n x d), as `Shape` makes them, and the solved ``weights`` (n)."""

    kernel: Kernel
    lengths: FloatArray
    amplitude: float
    linear: float
    noise: float
    rows: FloatArray
    weights: FloatArray
    shape: Shape | None = None
    """None in files of before it was introduced."""

    def predict(self, x: FloatArray) -> FloatArray:
        """The posterior mean at rows x (m x d), worked out in blocks that stay in the processor's cache.

        The linear part is a weighted sum of the columns and costs no covariances.
        """
        x = x if self.shape is None else self.shape.apply(x)
        found = np.asarray(x @ (self.linear / x.shape[1] * (self.rows.T @ self.weights)))
        rows = self.rows / self.lengths
        across, size = np.ascontiguousarray(-2.0 * rows.T), (rows**2).sum(axis=1)
        weights = self.amplitude * self.weights
        step = max(1, BLOCK // max(1, rows.shape[0]))
        for start in range(0, x.shape[0], step):
            part = x[start : start + step] / self.lengths
            squared = part @ across
            squared += size
            squared += (part**2).sum(axis=1)[:, None]
            np.maximum(squared, 0.0, out=squared)
            found[start : start + step] += _value(self.kernel, squared) @ weights
        return found


def fit_gaussian_process(
    x: FloatArray, y: FloatArray, kernel: Kernel, seed: int, scales: Scales = "alike"
) -> GaussianProcess:
    """Fit to rows x (n x d) about 0 and of spread 1, y likewise. Of more rows than the limits a random part is taken."""
    rng = np.random.default_rng(seed)
    n = x.shape[0]
    shape = shape_of(x)
    x = shape.apply(x)
    part = rng.choice(n, LIKELIHOOD_ROWS, replace=False) if n > LIKELIHOOD_ROWS else np.arange(n)
    chosen = _most_likely(x[part], y[part], kernel, SPREADS[scales])
    if n > MAX_ROWS:
        rows = rng.choice(n, MAX_ROWS, replace=False)
        x, y = x[rows], y[rows]
    d = x.shape[1]
    lengths, (amplitude, linear, noise) = np.exp(chosen[:d]), np.exp(chosen[d:])
    value, _ = _shape(kernel, _squared_distances(x / lengths, x / lengths))
    covariance = amplitude * value + linear * (x @ x.T) / d
    covariance[np.diag_indices_from(covariance)] += noise + JITTER
    factor = cholesky(covariance, lower=True, check_finite=False)
    weights = np.asarray(cho_solve((factor, True), y, check_finite=False))
    return GaussianProcess(kernel, lengths, float(amplitude), float(linear), float(noise), x, weights, shape)


def _most_likely(x: FloatArray, y: FloatArray, kernel: Kernel, spread: float) -> FloatArray:
    d = x.shape[1]
    centre = 0.5 * math.log(d)
    start = np.concatenate([np.full(d, centre), np.log([0.7, 0.2, 0.2])])
    bounds = [(centre - 5, centre + 6)] * d + [(-8, 5), (-12, 4), (-10, 2)]
    product = x @ x.T / d
    found = minimize(
        _objective, start, args=(x, y, kernel, product, centre, spread), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": MAX_STEPS},
    )  # fmt: skip
    return np.asarray(found.x, dtype=np.float64)


def _objective(
    logs: FloatArray,
    x: FloatArray,
    y: FloatArray,
    kernel: Kernel,
    product: FloatArray,
    centre: float,
    spread: float,
) -> tuple[float, FloatArray]:
    """Minus the log marginal likelihood and log prior, with the gradient over the logs."""
    n, d = x.shape
    scaled = x / np.exp(logs[:d])
    amplitude, linear, noise = np.exp(logs[d:])
    shape, slope = _shape(kernel, _squared_distances(scaled, scaled))
    covariance = amplitude * shape + linear * product
    covariance[np.diag_indices(n)] += noise + JITTER
    try:
        factor = cholesky(covariance, lower=True, check_finite=False)
    except np.linalg.LinAlgError:
        return 1e10, np.zeros_like(logs)
    inverse_factor = solve_triangular(factor, np.eye(n), lower=True, check_finite=False)
    inverse = inverse_factor.T @ inverse_factor
    weights = inverse @ y
    value = 0.5 * float(y @ weights) + float(np.log(np.diag(factor)).sum())
    outer = inverse - np.outer(weights, weights)
    weighted = outer * slope * amplitude
    lengths = 2.0 * (weighted.sum(axis=1) @ scaled**2 - np.einsum("ij,ij->j", scaled, weighted @ scaled))
    gradient = np.concatenate(
        [
            -lengths,
            0.5
            * np.array(
                [
                    amplitude * float((outer * shape).sum()),
                    linear * float((outer * product).sum()),
                    noise * float(np.trace(outer)),
                ]
            ),
        ]
    )
    away = (logs[:d] - centre) / spread
    value += 0.5 * float(away @ away)
    gradient[:d] += away / spread
    return value, gradient


def _squared_distances(a: FloatArray, b: FloatArray) -> FloatArray:
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2.0 * (a @ b.T)
    return np.asarray(np.maximum(squared, 0.0))


def _shape(kernel: Kernel, squared: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The covariance over the squared distance, and its derivative by the squared distance."""
    if kernel == "squared_exponential":
        value = np.exp(-0.5 * squared)
        return value, -0.5 * value
    if kernel == "matern32":
        distance = np.sqrt(3.0 * squared)
        decay = np.exp(-distance)
        return (1.0 + distance) * decay, -1.5 * decay
    distance = np.sqrt(5.0 * squared)
    decay = np.exp(-distance)
    return (1.0 + distance + distance**2 / 3.0) * decay, -(5.0 / 6.0) * (1.0 + distance) * decay


def _value(kernel: Kernel, squared: FloatArray) -> FloatArray:
    """The covariance over the squared distance, worked out in its place."""
    if kernel == "squared_exponential":
        squared *= -0.5
        return np.exp(squared, out=squared)
    squared *= 3.0 if kernel == "matern32" else 5.0
    distance = np.sqrt(squared)
    if kernel == "matern32":
        factor = distance + 1.0
    else:
        squared /= 3.0
        squared += distance
        squared += 1.0
        factor = squared
    np.negative(distance, out=distance)
    factor *= np.exp(distance, out=distance)
    return factor
