"""Standard errors, tests and intervals of the coefficients, from an exact fit (rounded once) or from a triangular factor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy import special

from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.linear.exact import ExactFit, square_root
from zerosec_analyses.linear.least_squares import LeastSquaresFit

# Below this share of the target's variation the residuals of a double-precision fit are its own rounding.
ROUNDING_SHARE = 1e-26


@dataclass(frozen=True)
class Coefficient:
    """One line of the table of coefficients; None where a number does not exist or would not be valid."""

    term: str
    estimate: float
    std_error: float | None = None
    t: float | None = None
    p_value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    vif: float | None = None


@dataclass(frozen=True)
class Inference:
    """The whole-model figures of a least-squares fit, on the scale of the fit.

    ``total_sum_of_squares`` is about the mean with an intercept, about zero without. ``unscaled_variances`` is the diagonal of
    inv(X'X) in the order of ``coefficients``.
    """

    coefficients: tuple[Coefficient, ...]
    unscaled_variances: tuple[float, ...]
    n_rows: int
    rank: int
    intercept: bool
    residual_sum_of_squares: float
    total_sum_of_squares: float
    model_sum_of_squares: float
    residual_std_error: float | None
    is_exact_fit: bool
    in_exact_arithmetic: bool
    robust: bool = False
    """Whether standard errors, t, p and intervals of the coefficients are those of HC3."""

    @property
    def residual_degrees_of_freedom(self) -> int:
        """Rows minus coefficients."""
        return self.n_rows - self.rank

    @property
    def model_degrees_of_freedom(self) -> int:
        """Coefficients, the intercept not counted."""
        return self.rank - int(self.intercept)

    @property
    def r2(self) -> float | None:
        """The share of variation explained on the rows the model was fitted to."""
        if self.total_sum_of_squares == 0:
            return None
        return 1.0 if self.is_exact_fit else 1.0 - self.residual_sum_of_squares / self.total_sum_of_squares

    @property
    def adjusted_r2(self) -> float | None:
        """R² with mean squares in place of sums of squares."""
        if self.r2 is None or self.residual_degrees_of_freedom == 0:
            return None
        degrees = self.n_rows - int(self.intercept)
        return 1.0 - (1.0 - self.r2) * degrees / self.residual_degrees_of_freedom


def two_sided_p(t: float, degrees_of_freedom: int) -> float:
    """The two-sided p-value of a t statistic."""
    return min(1.0, 2.0 * float(special.stdtr(degrees_of_freedom, -abs(t))))


def inference_from_exact(
    exact: ExactFit, labels: Sequence[str], *, intercept: bool, confidence_level: float
) -> Inference:
    """Everything exactly, each number rounded once. ``labels`` names the columns the exact fit was given."""
    variance = exact.residual_variance
    df = exact.residual_degrees_of_freedom
    n = exact.n_rows
    is_exact = exact.residual_sum_of_squares == 0
    quantile = Fraction(float(special.stdtrit(df, 0.5 + confidence_level / 2))) if df > 0 else Fraction(0)
    rows: list[Coefficient] = []
    for j in exact.kept:
        estimate, unscaled = exact.coefficients[j], exact.unscaled_variances[j]
        vif = None
        if not (intercept and j == 0):
            spread = exact.sums_of_squares[j] - (exact.sums[j] ** 2 / n if intercept else 0)
            vif = float(spread * unscaled)
        if variance is None:
            rows.append(Coefficient(labels[j], float(estimate), vif=vif))
            continue
        squared = variance * unscaled
        margin = quantile * Fraction(square_root(squared)) if squared else Fraction(0)
        t = None if squared == 0 else math.copysign(square_root(estimate**2 / squared), estimate)
        rows.append(
            Coefficient(
                labels[j],
                float(estimate),
                square_root(squared),
                t,
                None if t is None else two_sided_p(t, df),
                float(estimate - margin),
                float(estimate + margin),
                vif,
            )
        )
    total = exact.target_sum_of_squares - (exact.target_sum**2 / n if intercept else 0)
    return Inference(
        tuple(rows),
        tuple(float(exact.unscaled_variances[j]) for j in exact.kept),
        n,
        len(exact.kept),
        intercept,
        float(exact.residual_sum_of_squares),
        float(total),
        float(total - exact.residual_sum_of_squares),
        None if variance is None else square_root(variance),
        is_exact,
        in_exact_arithmetic=True,
    )


def inference_from_factor(
    fit: LeastSquaresFit,
    coefficients: FloatArray,
    factor: FloatArray,
    target: int,
    n_rows: int,
    labels: Sequence[str],
    *,
    intercept: bool,
    confidence_level: float,
) -> Inference:
    """The same from the factor of [1 X z]; ``labels[j]`` names column j of the factor, ``coefficients`` belong to ``fit.columns``."""
    k = len(fit.columns)
    df = n_rows - k
    unscaled = (fit.inverse_triangle() ** 2).sum(axis=1)
    first = 1 if intercept else 0
    total = float((factor[first:, target] ** 2).sum())
    rss = fit.residual_sum_of_squares
    is_exact = rss <= ROUNDING_SHARE * total
    variance = None if df <= 0 else (0.0 if is_exact else rss / df)
    quantile = float(special.stdtrit(df, 0.5 + confidence_level / 2)) if df > 0 else 0.0
    rows: list[Coefficient] = []
    for position, j in enumerate(fit.columns):
        estimate = float(coefficients[position])
        vif = None if j == 0 else float((factor[first:, j] ** 2).sum() * unscaled[position])
        if variance is None:
            rows.append(Coefficient(labels[j], estimate, vif=vif))
            continue
        error = math.sqrt(variance * float(unscaled[position]))
        t = estimate / error if error > 0 else None
        rows.append(
            Coefficient(
                labels[j],
                estimate,
                error,
                t,
                None if t is None else two_sided_p(t, df),
                estimate - quantile * error,
                estimate + quantile * error,
                vif,
            )
        )
    return Inference(
        tuple(rows),
        tuple(float(value) for value in unscaled),
        n_rows,
        k,
        intercept,
        0.0 if is_exact else rss,
        total,
        total - rss,
        None if variance is None else float(np.sqrt(variance)),
        is_exact,
        in_exact_arithmetic=False,
    )


def with_robust_errors(
    inference: Inference, inverse: FloatArray, weighted_cross: FloatArray, confidence_level: float
) -> Inference:
    """The same with HC3 standard errors and what follows from them, t on the residual degrees of freedom.

    HC3 (MacKinnon & White 1985, eq. 12 without its correction for the mean; recommended by Long & Ervin 2000) is
    inv(X'X) X' diag(r²/(1 - leverage)²) X inv(X'X); ``inverse`` is inv(R) of X = Q R and ``weighted_cross`` the middle part in
    terms of Q. It does not exist where a row has leverage 1: then the numbers are None. An exact fit stays as it is.
    """
    df = inference.residual_degrees_of_freedom
    if inference.is_exact_fit or df <= 0:
        return inference
    variances = np.einsum("ij,jk,ik->i", inverse, weighted_cross, inverse)
    quantile = float(special.stdtrit(df, 0.5 + confidence_level / 2))
    rows = []
    for row, variance in zip(inference.coefficients, variances, strict=True):
        error = math.sqrt(float(variance)) if np.isfinite(variance) and variance > 0 else None
        t = None if error is None else row.estimate / error
        rows.append(
            replace(
                row,
                std_error=error,
                t=t,
                p_value=None if t is None else two_sided_p(t, df),
                ci_low=None if error is None else row.estimate - quantile * error,
                ci_high=None if error is None else row.estimate + quantile * error,
            )
        )
    return replace(inference, coefficients=tuple(rows), robust=True)
