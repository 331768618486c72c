"""What a design can tell and what it cannot: efficiencies, precision of each coefficient, power, correlations, aliases, prediction variance.

Everything is computed from the returned runs themselves, never from what the search kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from zerosec_analyses.optimal_design.factors import FloatArray
from zerosec_analyses.optimal_design.model import Model
from zerosec_analyses.optimal_design.region import Region

LARGEST_CONDITION = 1e12
FRACTIONS = 101
ROUNDING = 1e-12
MAX_ALIASES = 400


@dataclass(frozen=True)
class Coefficient:
    """One coefficient: standard error in units of the noise, variance inflation (None for the intercept), power (None without degrees of freedom)."""

    label: str
    std_error: float
    inflation: float | None
    power: float | None


@dataclass(frozen=True)
class Evaluation:
    """A design of n runs under a model of p coefficients.

    ``d_efficiency`` is det(X'X/n)^(1/p); ``a_efficiency`` p / tr((X'X/n)⁻¹); ``g_efficiency`` p / (n max v) and ``average_variance`` the
    mean of v over the region, v = f(x)'(X'X)⁻¹f(x), with ``inverse`` = (X'X)⁻¹ (p x p); ``i_value`` is n times that. ``correlations`` is between the columns but the
    intercept, ``aliases`` (p x q) how much a further term of size one biases each coefficient. ``quantiles`` are those of v over the region.
    """

    n: int
    p: int
    residual_df: int
    pure_error_df: int
    condition: float
    d_efficiency: float
    a_efficiency: float
    g_efficiency: float
    average_variance: float
    largest_variance: float
    inverse: FloatArray
    coefficients: tuple[Coefficient, ...]
    correlations: FloatArray
    alias_labels: tuple[str, ...]
    aliases: FloatArray
    fractions: FloatArray
    quantiles: FloatArray

    @property
    def i_value(self) -> float:
        """The mean of f(x)'(X'X/n)⁻¹f(x) over the region."""
        return self.n * self.average_variance


def evaluate(
    model: Model,
    points: FloatArray,
    region: Region,
    moments: FloatArray,
    further: Model | None,
    *,
    effect: float,
    noise: float,
    significance: float,
) -> Evaluation | None:
    """Judge a design (n x factors, coded; all runs). None when it cannot estimate the model.

    ``moments`` is the mean of f f' over the region, ``further`` a model with terms that are not in this one. The power is that of a two-sided
    t test of a coefficient of ``effect`` / 2, the change from the middle to the end of a factor's range.
    """
    X = model.rows(points)
    n, p = X.shape
    if n < p:
        return None
    size = np.sqrt(np.maximum((X**2).sum(axis=0), 1e-300))
    singular = np.linalg.svd(X / size, compute_uv=False)
    if singular[-1] * LARGEST_CONDITION**0.5 < singular[0]:
        return None
    R = np.linalg.qr(X, mode="r")
    inverse_R = np.linalg.inv(R)
    inverse = inverse_R @ inverse_R.T
    log_det = 2 * float(np.log(np.abs(np.diag(R))).sum())
    variances = region.variances(model, inverse)
    largest = float(variances.max())
    average = float(np.sum(moments * inverse))
    distinct = len(np.unique(points, axis=0))
    df = n - p
    return Evaluation(
        n, p, df, n - distinct,
        float(singular[0] / singular[-1]),
        float(np.exp((log_det - p * np.log(n)) / p)),
        p / (n * float(np.trace(inverse))),
        min(1.0, p / (n * largest)) if region.is_list else p / (n * largest),
        average,
        largest,
        inverse,
        _coefficients(model, X, inverse, df, effect, noise, significance),
        _correlations(X[:, 1:] if model.intercept else X),
        *_aliases(model, further, points, X, inverse),
        np.linspace(0, 1, FRACTIONS),
        np.quantile(variances, np.linspace(0, 1, FRACTIONS)),
    )  # fmt: skip


def _coefficients(
    model: Model,
    X: FloatArray,
    inverse: FloatArray,
    df: int,
    effect: float,
    noise: float,
    significance: float,
) -> tuple[Coefficient, ...]:
    errors = np.sqrt(np.diag(inverse))
    centred = X - X.mean(axis=0) if model.intercept else X
    inflation = np.diag(inverse) * (centred**2).sum(axis=0)
    found = []
    for j, label in enumerate(model.labels):
        power = None
        if df > 0:
            limit = float(stats.t.ppf(1 - significance / 2, df))
            shift = effect / 2 / (noise * errors[j])
            power = float(stats.nct.sf(limit, df, shift) + stats.nct.cdf(-limit, df, shift))
            power = min(1.0, max(significance, power)) if np.isfinite(power) else 1.0
        is_intercept = model.intercept and j == 0
        found.append(
            Coefficient(label, float(errors[j]), None if is_intercept else float(inflation[j]), power)
        )
    return tuple(found)


def _correlations(columns: FloatArray) -> FloatArray:
    centred = columns - columns.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(size > 1e-12, centred / size, 0.0)
    return np.asarray(np.clip(scaled.T @ scaled, -1, 1), dtype=np.float64)


def _aliases(
    model: Model, further: Model | None, points: FloatArray, X: FloatArray, inverse: FloatArray
) -> tuple[tuple[str, ...], FloatArray]:
    if further is None:
        return (), np.empty((model.n_columns, 0))
    columns = [j for j, label in enumerate(further.labels) if label not in set(model.labels)][:MAX_ALIASES]
    Z = further.rows(points)[:, columns]
    found = inverse @ X.T @ Z
    found[np.abs(found) < ROUNDING] = 0.0  # what is left of sums that cancel biases nothing
    return tuple(further.labels[j] for j in columns), found
