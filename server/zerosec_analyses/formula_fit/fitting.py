"""Nonlinear least squares of a formula: several methods from each start, the best kept and polished in extended precision."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular
from scipy.optimize import least_squares

from zerosec_analyses.formula_fit.derivatives import Model, Values

FloatArray = NDArray[np.float64]
POLISH_STEPS = 60
SETTLED = 1e-15
ACCEPTED = 1e-9
ROUNDING = 1 + 1e-14


@dataclass(frozen=True)
class FormulaFit:
    """Estimates with standard errors (NaN where the data do not determine a constant), and how the search ended.

    ``step`` is the last relative change of the estimates; ``condition`` that of the scaled derivatives.
    """

    constants: FloatArray
    std_errors: FloatArray
    fitted: FloatArray
    residual_sum: float
    degrees_of_freedom: int
    step: float
    condition: float

    @property
    def converged(self) -> bool:
        """Whether the estimates have settled."""
        return bool(self.step < ACCEPTED)

    @property
    def residual_std(self) -> float:
        """The residual standard deviation; NaN without degrees of freedom."""
        return (
            float(np.sqrt(self.residual_sum / self.degrees_of_freedom)) if self.degrees_of_freedom else np.nan
        )


METHODS: tuple[tuple[str, float | str], ...] = (("lm", "jac"), ("lm", 1.0), ("trf", "jac"))


def fit_from(
    model: Model, y: FloatArray, start: FloatArray, *, methods: int = 3, steps: int = 2000
) -> FloatArray | None:
    """The best of the first ``methods`` from one start (constants), or None where none gets anywhere."""
    best, smallest = None, np.inf
    for method, scale in METHODS[:methods]:
        found = _solved(model, y, start, method, scale, steps)
        if found is not None:
            total = _sum(model, y, found)
            if total < smallest:
                best, smallest = found, total
    return best


def _solved(
    model: Model, y: FloatArray, start: FloatArray, method: str, scale: float | str, steps: int
) -> FloatArray | None:
    last: dict[str, FloatArray] = {}

    def residuals(at: FloatArray) -> FloatArray:
        value, slopes = model.evaluate(at)
        last["slopes"] = np.where(np.isfinite(slopes), slopes, 0.0)
        return np.where(np.isfinite(value), value - y, 1e30)

    def slopes(at: FloatArray) -> FloatArray:
        residuals(at)
        return last["slopes"]

    if not np.isfinite(model.value(start)).all():
        return None
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)
            found = least_squares(
                residuals, start, jac=slopes, method=method, x_scale=scale,
                xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=steps,
            )  # fmt: skip
    except (ValueError, np.linalg.LinAlgError):
        return None
    at = np.asarray(found.x, dtype=np.float64)
    return at if np.isfinite(_sum(model, y, at)) else None


def _sum(model: Model, y: FloatArray, at: Values) -> float:
    with np.errstate(all="ignore"):
        return float(((model.value(at) - y) ** 2).sum())


def polished(model: Model, y: FloatArray, at: FloatArray) -> FormulaFit:
    """Gauss–Newton steps in extended precision until nothing changes, then the standard errors s² (J'J)⁻¹ by scaled QR."""
    now = at.astype(np.longdouble)
    wide = y.astype(np.longdouble)
    best = ((model.value(now) - wide) ** 2).sum()
    step = np.inf
    for _ in range(POLISH_STEPS):
        value, slopes = model.evaluate(now)
        move = _solve(slopes, wide - value)
        size = float(np.max(np.abs(move) / np.maximum(np.abs(now), np.longdouble(1e-300))))
        if not np.isfinite(size):
            break
        share, total = 1.0, best
        for _ in range(20):
            total = ((model.value(now + share * move) - wide) ** 2).sum()
            if total <= best * ROUNDING or size < ACCEPTED:
                break
            share /= 2
        else:
            break
        now, best, step = now + share * move, total, size
        if size < SETTLED:
            break
    value, slopes = model.evaluate(now)
    residual_sum = float(((wide - value) ** 2).sum())
    df = y.size - now.size
    scale = np.sqrt((slopes**2).sum(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    scaled = np.asarray(slopes / scale, dtype=np.float64)
    values = np.linalg.svd(scaled, compute_uv=False)
    condition = float(values[0] / values[-1]) if values[-1] > 0 else np.inf
    errors = np.full(now.size, np.nan)
    if df > 0 and condition < 1e14:
        triangle = qr(scaled, mode="economic")[1]
        inverse = solve_triangular(triangle, np.eye(now.size))
        errors = np.sqrt((inverse**2).sum(axis=1) * residual_sum / df) / np.asarray(scale, dtype=np.float64)
    return FormulaFit(
        np.asarray(now, dtype=np.float64), errors, np.asarray(value, dtype=np.float64), residual_sum, df, step, condition,
    )  # fmt: skip


def _solve(slopes: Values, residual: Values) -> Values:
    """Least squares by modified Gram–Schmidt in the precision of its arguments, twice for orthogonality."""
    n = slopes.shape[1]
    scale = np.sqrt((slopes**2).sum(axis=0))
    scale = np.where(scale > 0, scale, scale.dtype.type(1))
    q = slopes / scale
    triangle = np.zeros((n, n), dtype=slopes.dtype)
    with np.errstate(all="ignore"):
        for column in range(n):
            for _ in range(2):
                for other in range(column):
                    part = q[:, other] @ q[:, column]
                    triangle[other, column] += part
                    q[:, column] -= part * q[:, other]
            triangle[column, column] = np.sqrt((q[:, column] ** 2).sum())
            q[:, column] /= triangle[column, column]
        rest, right = residual.copy(), np.zeros(n, dtype=slopes.dtype)
        for column in range(n):
            right[column] = q[:, column] @ rest
            rest -= right[column] * q[:, column]
        found = np.zeros(n, dtype=slopes.dtype)
        for row in range(n - 1, -1, -1):
            found[row] = (right[row] - triangle[row, row + 1 :] @ found[row + 1 :]) / triangle[row, row]
    return np.asarray(found / scale)
