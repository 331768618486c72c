"""Transforms of the target: forward, inverse, the choice of their parameter, and predictions back on the target's own scale.

The parameter maximises the profile likelihood given the model's terms (Box & Cox 1964; Yeo & Johnson 2000), on a grid of right-hand
sides so that one pass over the rows serves every training part, interpolated by a polynomial and rounded to 0.01.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from scipy import special

from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.linear.least_squares import solve
from zerosec_analyses.linear.spec import TargetTransform

MAX_SMEARING_NODES = 200
HALF_CHI_SQUARED = 1.920729410347062  # one degree of freedom, 0.95

_GRIDS = {
    TargetTransform.BOX_COX: np.round(np.arange(-30, 31) / 10.0, 10),
    TargetTransform.YEO_JOHNSON: np.round(np.arange(-30, 51) / 10.0, 10),
}


@dataclass(frozen=True)
class Transform:
    """A transform with its parameter; ``parameter`` is 0 where the kind has none."""

    kind: TargetTransform
    parameter: float = 0.0

    def forward(self, y: FloatArray) -> FloatArray:
        """The transformed target; NaN outside the domain."""
        if self.kind is TargetTransform.NONE:
            return y
        if self.kind is TargetTransform.LOG:
            return np.asarray(np.log(y))
        if self.kind is TargetTransform.BOX_COX:
            return np.asarray(special.boxcox(y, self.parameter))
        return _yeo_johnson(y, self.parameter)

    def inverse(self, z: FloatArray) -> FloatArray:
        """Back to the target's scale. Where no value has that transform, the end of the range it lies beyond (0 or infinity)."""
        if self.kind is TargetTransform.NONE:
            return z
        with np.errstate(over="ignore"):
            if self.kind is TargetTransform.LOG:
                return np.asarray(np.exp(z))
            if self.kind is TargetTransform.BOX_COX:
                return _inverse_box_cox(z, self.parameter)
            return _inverse_yeo_johnson(z, self.parameter)


@dataclass(frozen=True)
class BackTransformation:
    """How a fitted value becomes a prediction: the inverse (median), or its average over residual ``nodes`` (mean, Duan 1983).

    Without nodes the prediction is the plain inverse.
    """

    transform: Transform
    nodes: tuple[float, ...] = ()

    def predict(self, fitted: FloatArray) -> FloatArray:
        """Predictions in the target's own units from fitted values on the transformed scale."""
        if not self.nodes:
            return self.transform.inverse(fitted)
        total = np.zeros_like(fitted)
        for node in self.nodes:
            total += self.transform.inverse(fitted + node)
        return total / len(self.nodes)


def smearing_nodes(kind: TargetTransform, residuals: FloatArray) -> tuple[float, ...]:
    """The residuals a mean prediction averages over. For the log one node says it all: log mean exp(e).

    Else all residuals, or the mid-quantiles of MAX_SMEARING_NODES equal parts of them when there are more.
    """
    if kind is TargetTransform.LOG:
        peak = float(residuals.max())
        return (peak + float(np.log(np.mean(np.exp(residuals - peak)))),)
    ordered = np.sort(residuals)
    if ordered.size > MAX_SMEARING_NODES:
        parts = np.array_split(ordered, MAX_SMEARING_NODES)
        ordered = np.array([part.mean() for part in parts])
    return tuple(float(value) for value in ordered)


def parameter_grid(kind: TargetTransform) -> FloatArray:
    """The values of the parameter that are tried; empty for a transform without one."""
    return _GRIDS.get(kind, np.zeros(0))


def grid_targets(kind: TargetTransform, y: FloatArray, mean_log: float) -> FloatArray:
    """The target under every value of the grid, n x m, divided by exp((value - 1) mean_log) so that magnitudes stay near that of y.

    ``mean_log`` is the mean of ``log_jacobian`` over all rows.
    """
    grid = parameter_grid(kind)
    with np.errstate(over="ignore", under="ignore"):
        columns = [Transform(kind, value).forward(y) / np.exp((value - 1.0) * mean_log) for value in grid]
    return np.column_stack(columns) if columns else np.zeros((y.size, 0))


def _log_jacobian(kind: TargetTransform, y: FloatArray) -> FloatArray:
    if kind is TargetTransform.BOX_COX:
        return np.asarray(np.log(y))
    return np.asarray(np.sign(y) * np.log1p(np.abs(y)))


@dataclass(frozen=True)
class ProfiledParameter:
    """The chosen parameter with its 95% likelihood interval; ``at_limit`` if the best lies at the end of the grid."""

    value: float
    low: float
    high: float
    at_limit: bool


def profile_parameter(
    kind: TargetTransform,
    factor: FloatArray,
    columns: Sequence[int],
    first_target: int,
    n_rows: int,
    log_jacobian_sum: float,
    overall_mean_log: float,
) -> ProfiledParameter:
    """The most likely parameter for the rows behind ``factor``, whose columns from ``first_target`` on are ``grid_targets``.

    ``log_jacobian_sum`` is over those rows; ``overall_mean_log`` the mean the grid targets were divided by.
    """
    grid = parameter_grid(kind)
    rss = _residual_sums(factor, columns, first_target, len(grid))
    smallest = np.finfo(float).tiny
    likelihood = (
        -0.5 * n_rows * np.log(np.maximum(rss, smallest) / n_rows)
        - n_rows * (grid - 1.0) * overall_mean_log
        + (grid - 1.0) * log_jacobian_sum
    )
    likelihood[~np.isfinite(likelihood)] = -np.inf
    best = int(np.argmax(likelihood))
    at_limit = best in {0, len(grid) - 1}
    value, peak = float(grid[best]), float(likelihood[best])
    if not at_limit:
        near = _through(grid, likelihood, best)
        peaks = [float(root.real) for root in near.deriv().roots() if abs(root.imag) < 1e-9]
        inside = [root for root in peaks if grid[best - 1] < root < grid[best + 1]]
        value, peak = max(
            [(root, float(near(root))) for root in inside] or [(value, peak)], key=itemgetter(1)
        )
    within = np.flatnonzero(likelihood >= peak - HALF_CHI_SQUARED)
    first, last = (int(within[0]), int(within[-1])) if within.size else (best, best)
    return ProfiledParameter(
        round(value, 2) + 0.0,
        round(_crossing(grid, likelihood, first, first - 1, peak - HALF_CHI_SQUARED), 2) + 0.0,
        round(_crossing(grid, likelihood, last, last + 1, peak - HALF_CHI_SQUARED), 2) + 0.0,
        bool(at_limit),
    )


def _through(grid: FloatArray, likelihood: FloatArray, place: int) -> np.polynomial.Polynomial:
    """The polynomial through the up to five points of the grid nearest to ``place`` at which there is a likelihood."""
    near = [i for i in range(place - 2, place + 3) if 0 <= i < grid.size and np.isfinite(likelihood[i])]
    return np.polynomial.Polynomial.fit(grid[near], likelihood[near], len(near) - 1)


def _crossing(grid: FloatArray, likelihood: FloatArray, inside: int, outside: int, level: float) -> float:
    """Where the likelihood falls to ``level`` between two neighbours of the grid; at the end of the grid, that end."""
    if not 0 <= outside < grid.size or not np.isfinite(likelihood[outside]):
        return float(grid[inside])
    near = _through(grid, likelihood, inside)
    low, high = float(grid[inside]), float(grid[outside])
    for _ in range(40):
        middle = (low + high) / 2.0
        low, high = (middle, high) if near(middle) >= level else (low, middle)
    return (low + high) / 2.0


def _residual_sums(factor: FloatArray, columns: Sequence[int], first: int, count: int) -> FloatArray:
    fit = solve(factor, columns, first)
    kept = list(fit.columns)
    basis = (
        np.asarray(np.linalg.qr(factor[:, kept], mode="reduced")[0]) if kept else np.zeros((len(factor), 0))
    )
    targets = factor[:, first : first + count]
    residuals = targets - basis @ (basis.T @ targets)
    residuals -= basis @ (basis.T @ residuals)
    return np.asarray((residuals**2).sum(axis=0))


def log_jacobian(kind: TargetTransform, y: FloatArray) -> FloatArray:
    """Per row, the derivative of log |dz/dy| with respect to the parameter; zeros for a transform without one."""
    if parameter_grid(kind).size == 0:
        return np.zeros_like(y)
    return _log_jacobian(kind, y)


def _yeo_johnson(y: FloatArray, parameter: float) -> FloatArray:
    result = np.empty_like(y)
    up = y >= 0
    result[up] = np.log1p(y[up]) if parameter == 0 else special.boxcox1p(y[up], parameter)
    result[~up] = -special.boxcox1p(-y[~up], 2.0 - parameter)
    return result


def _inverse_box_cox(z: FloatArray, parameter: float) -> FloatArray:
    if parameter == 0:
        return np.asarray(np.exp(z))
    beyond = parameter * z + 1.0 <= 0
    result = np.asarray(special.inv_boxcox(np.where(beyond, 0.0, z), parameter))
    result[beyond] = 0.0 if parameter > 0 else np.inf
    return result


def _inverse_yeo_johnson(z: FloatArray, parameter: float) -> FloatArray:
    result = np.empty_like(z)
    up = z >= 0
    result[up] = _inverse_box_cox_1p(z[up], parameter)
    result[~up] = -_inverse_box_cox_1p(-z[~up], 2.0 - parameter)
    return result


def _inverse_box_cox_1p(z: FloatArray, parameter: float) -> FloatArray:
    if parameter == 0:
        return np.asarray(np.expm1(z))
    beyond = parameter * z + 1.0 <= 0
    result = np.asarray(special.inv_boxcox1p(np.where(beyond, 0.0, z), parameter))
    result[beyond] = -1.0 if parameter > 0 else np.inf
    return result
