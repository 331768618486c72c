"""Whether the residuals behave as the standard errors assume: leverage, Cook's distance, normality and constant spread."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.linalg import solve_triangular
from scipy.linalg.blas import dtrmm

from zerosec_analyses.linear.design_matrix import Design, FloatArray
from zerosec_analyses.linear.least_squares import LeastSquaresFit, solve
from zerosec_analyses.linear.streaming import Imputation, RowBlocks, filled
from zerosec_analyses.sdk import Said, say

SHAPIRO_MIN, SHAPIRO_MAX = 3, 5000
LEVERAGE_ONE = 1.0 - 1e-12
"""From here on a row determines its own fitted value, and its residual is rounding."""
NO_NOTE = say("")


@dataclass(frozen=True)
class ResidualPass:
    """What a pass over the rows yields, on the scale of the fit: per row fitted value, residual and leverage (n each).

    ``gradient`` is X'r of the kept columns; ``squared_gradient`` is [1 X]'r², for Breusch and Pagan's test. ``weighted_cross``
    is Q' diag(r²/(1 - leverage)²) Q, with Q R = X the kept columns, for HC3; None where not asked for, NaN where it does not exist.
    """

    fitted: FloatArray
    residuals: FloatArray
    leverage: FloatArray
    gradient: FloatArray
    squared_gradient: FloatArray
    weighted_cross: FloatArray | None = None


@dataclass(frozen=True)
class TestResult:
    """A test of an assumption: its statistic and p-value; None with the reason in ``note`` where it could not be made."""

    __test__ = False  # not a test case for pytest

    name: str
    statistic: float | None
    p_value: float | None
    degrees_of_freedom: int | None = None
    note: Said = NO_NOTE


def residual_pass(
    design: Design,
    rows: RowBlocks,
    z: FloatArray,
    coefficients: FloatArray,
    fit: LeastSquaresFit | None,
    imputation: Imputation | None,
    *,
    robust: bool = False,
) -> ResidualPass:
    """Fitted values, residuals and leverages of all rows. ``coefficients`` by position, the intercept first; leverage is NaN without ``fit``."""
    n = z.size
    fitted, leverage = np.empty(n), np.full(n, np.nan)
    kept = list(fit.columns) if fit else []
    inverse = fit.inverse_triangle() if fit else np.zeros((0, 0))
    gradient = np.zeros(len(kept))
    squared_gradient = np.zeros(1 + len(design))
    weighted_cross = np.zeros((len(kept), len(kept))) if fit and robust else None
    for place, block in rows.blocks(list(design.kinds)):
        size = place.stop - place.start
        full = np.empty((size, 1 + len(design)), order="F")
        full[:, 0] = 1.0
        design.fill(filled(block, imputation), full[:, 1:])
        fitted[place] = full @ coefficients
        residuals = z[place] - fitted[place]
        squared_gradient += full.T @ residuals**2
        if fit:
            used = full if len(kept) == full.shape[1] else np.asfortranarray(full[:, kept])
            gradient += used.T @ residuals
            # X inv(R) in place of X: a triangle costs half a full product
            rotated = dtrmm(1.0, inverse, used, side=1, overwrite_b=1) if kept else used
            leverage[place] = np.minimum(np.einsum("ij,ij->i", rotated, rotated), 1.0)
            if weighted_cross is not None:
                free = np.where(leverage[place] < LEVERAGE_ONE, 1.0 - leverage[place], np.nan)
                weighted = rotated * (residuals / free)[:, None]
                weighted_cross += weighted.T @ weighted
    return ResidualPass(fitted, z - fitted, leverage, gradient, squared_gradient, weighted_cross)


def studentised_residuals(
    residuals: FloatArray, leverage: FloatArray, rank: int
) -> tuple[FloatArray, FloatArray]:
    """Internally and externally studentised residuals; NaN where the leverage is 1 (the row determines its own fit)."""
    n = residuals.size
    variance = float((residuals**2).sum()) / (n - rank)
    free = np.where(leverage < LEVERAGE_ONE, 1.0 - leverage, np.nan)
    internal = residuals / np.sqrt(variance * free)
    degrees = n - rank - 1
    if degrees <= 0:
        return internal, np.full(n, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        external = internal * np.sqrt(degrees / np.maximum(n - rank - internal**2, 0.0))
    return internal, external


def cooks_distance(internal: FloatArray, leverage: FloatArray, rank: int) -> FloatArray:
    """Cook's distance (Cook 1977); NaN where the leverage is 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(internal**2 * leverage / (rank * (1.0 - leverage)))


def breusch_pagan(design: Design, found: ResidualPass, factor: FloatArray) -> TestResult:
    """Breusch and Pagan's test for a spread that depends on the predictors, in Koenker's (1981) studentised form: n R² of r² on [1 X]."""
    name = "Breusch–Pagan (Koenker)"
    n = found.residuals.size
    mean = float((found.residuals**2).mean())
    total = float(((found.residuals**2 / mean - 1.0) ** 2).sum())
    auxiliary = solve(factor, list(range(1 + len(design))), factor.shape[1] - 1)
    columns = list(auxiliary.columns)
    degrees = len(columns) - 1
    if degrees == 0 or total == 0:
        return TestResult(
            name, None, None, note=say("The model has no predictor the spread could depend on.")
        )
    if n <= len(columns):
        return TestResult(name, None, None, note=say("There are too few rows for the test."))
    # [1 X]'(r²/mean - 1); the sums of the columns are the first row of R'R.
    crossed = found.squared_gradient / mean - factor[0, 0] * factor[0, : 1 + len(design)]
    projected = solve_triangular(auxiliary.triangle, crossed[columns], lower=False, trans=1)
    statistic = n * float((projected**2).sum()) / total
    return TestResult(name, statistic, float(special.chdtrc(degrees, statistic)), degrees)


def shapiro_wilk(residuals: FloatArray, seed: int) -> TestResult:
    """Shapiro and Wilk's test of normal residuals, for 3 to 5,000 of them; of more, a random 5,000."""
    name = "Shapiro–Wilk"
    n = residuals.size
    if n < SHAPIRO_MIN:
        return TestResult(name, None, None, note=say("The test needs at least 3 rows."))
    note = NO_NOTE
    if n > SHAPIRO_MAX:
        chosen = np.random.default_rng([seed, 777]).choice(n, SHAPIRO_MAX, replace=False)
        residuals = residuals[np.sort(chosen)]
        note = say(
            "On a random {sample:,} of {residuals:,} residuals: the test is not defined for more.",
            sample=SHAPIRO_MAX,
            residuals=n,
        )
    if float(np.ptp(residuals)) == 0:
        return TestResult(name, None, None, note=say("All residuals are equal."))
    from scipy.stats import shapiro

    outcome = shapiro(residuals)
    return TestResult(name, float(outcome.statistic), float(outcome.pvalue), note=note)


def normal_quantiles(n: int) -> FloatArray:
    """The n normal quantiles of a Q-Q plot at Blom's positions (i - 3/8)/(n + 1/4)."""
    return np.asarray(special.ndtri((np.arange(1, n + 1) - 0.375) / (n + 0.25)))


def extremes(values: FloatArray, count: int) -> np.ndarray:
    """Positions of the ``count`` largest finite values, the largest first."""
    usable = np.flatnonzero(np.isfinite(values))
    take = min(count, usable.size)
    if usable.size > 20 * count:
        usable = np.sort(usable[np.argpartition(-values[usable], take - 1)[:take]])
    return np.asarray(usable[np.argsort(-values[usable], kind="stable")[:take]])


def durbin_watson(residuals: FloatArray) -> float:
    """Durbin and Watson's statistic in the order of the rows: near 2 without serial correlation."""
    total = float((residuals**2).sum())
    return float((np.diff(residuals) ** 2).sum()) / total if total > 0 else math.nan
