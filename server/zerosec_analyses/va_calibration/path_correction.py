"""Path correction: how far a misclassification matrix is shrunk towards the identity so that the calibration equation has a solution.

Without sampling error the uncalibrated fractions q and the true ones p obey q = M' p. Where M is not the matrix of these deaths,
the solution may leave the interval from 0 to 1. Pramanik et al.'s path correction uses lambda I + (1 - lambda) M with the smallest
lambda, coming down from almost 1, for which it does not.

For uncertain rows the R package vacalibration estimates the mean matrix, and the concentrations of the shrunk rows, from 1,000
random draws of the rows, so that its lambda changes by 0.01 from run to run. Here nothing is drawn: both are what ever more draws
come to, the mean of the Dirichlet rows and expectations under them, and nothing hangs on a seed.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, expit

from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.dirichlet import concentration

__all__ = [
    "START_FIXED",
    "START_UNCERTAIN",
    "PathCorrection",
    "path_correction",
    "shrunk",
    "shrunk_concentrations",
]

START_UNCERTAIN = 99
START_FIXED = 100
# Rounding of a solution that is exactly 0 or 1 must not count as outside.
TOLERANCE = 1e-12
# The package adds this to each rate before it takes logarithms, so that rates of practically zero do not rule the fit.
ADDED_RATE = 1e-5
NODES = 2048
# Log-odds beyond which a rate is 0 or 1 as far as its logarithm with ADDED_RATE goes.
FARTHEST = 40.0


@dataclass(frozen=True)
class PathCorrection:
    """`shrinkage` is lambda; `stalled` when it could not come down from its start."""

    shrinkage: float
    stalled: bool


def path_correction(matrix: Floats, fractions: Floats, start: int) -> PathCorrection:
    """The shrinkage for a (c, c) matrix, rows true causes summing to 1, and the (c,) uncalibrated fractions, summing to 1.

    `start` in hundredths. Lambda comes down by 0.01 while pinv((lambda I + (1 - lambda) M)') q stays inside [0, 1]; the last one
    that did.
    """
    percent = start
    while percent > 0:
        solution = np.linalg.pinv(shrunk(matrix, (percent - 1) / 100).T) @ fractions
        if solution.min() < -TOLERANCE or solution.max() > 1 + TOLERANCE:
            break
        percent -= 1
    return PathCorrection(percent / 100, percent == start)


def shrunk(matrix: Floats, shrinkage: float) -> Floats:
    """(c, c): lambda I + (1 - lambda) M."""
    return shrinkage * np.eye(len(matrix)) + (1 - shrinkage) * matrix


def shrunk_concentrations(concentrations: Floats, shrinkage: float) -> Floats:
    """(c, c) Dirichlet parameters of the shrunk rows, from those of the rows; a parameter of zero is a rate of zero.

    lambda e_i + (1 - lambda) X is no Dirichlet itself: its mean is kept, and the sum of the parameters is the one of greatest
    expected likelihood, which maximum likelihood from draws comes to as they grow in number.
    """
    found = np.zeros_like(concentrations)
    means = shrunk(concentrations / concentrations.sum(axis=1, keepdims=True), shrinkage)
    for i, (row, mean) in enumerate(zip(concentrations, means, strict=True)):
        used = np.flatnonzero(mean > 0)
        if len(used) == 1:
            found[i, used] = 1.0
            continue
        logs = np.array(
            [
                _expected_log(row[j], row.sum() - row[j], shrinkage if j == i else 0.0, 1 - shrinkage)
                for j in used
            ]
        ) - np.log1p(len(used) * ADDED_RATE)
        found[i, used] = mean[used] * concentration(mean[used], logs)
    return found


def _expected_log(a: float, b: float, least: float, share: float) -> float:
    """E log(least + share X + ADDED_RATE) for X ~ Beta(a, b).

    By the trapezoidal rule over the log-odds of X, where the density is smooth and falls off exponentially on both sides; what
    lies beyond the grid counts as 0 or 1.
    """
    if a == 0 or b == 0:
        return float(np.log(least + share * (b == 0) + ADDED_RATE))
    centre, scale = np.log(a / b), np.sqrt(1 / a + 1 / b)
    lowest = max(centre - 12 * scale - FARTHEST / a, np.log(ADDED_RATE) - FARTHEST)
    highest = min(centre + 12 * scale + FARTHEST / b, FARTHEST)
    log_odds = np.linspace(lowest, highest, NODES)
    rates = expit(log_odds)
    log_weights = -a * np.logaddexp(0, -log_odds) - b * np.logaddexp(0, log_odds)
    weights = np.exp(log_weights - log_weights.max())
    weights[[0, -1]] /= 2
    below, above = betainc(a, b, rates[0]), betainc(b, a, expit(-highest))
    inside = float(weights @ np.log(least + share * rates + ADDED_RATE) / weights.sum())
    ends = below * np.log(least + ADDED_RATE) + above * np.log(least + share + ADDED_RATE)
    return float((1 - below - above) * inside + ends)
