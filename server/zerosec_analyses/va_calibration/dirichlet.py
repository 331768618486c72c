"""Dirichlet rows: the concentration of greatest likelihood when the mean is held."""

import numpy as np
from scipy.special import digamma, polygamma

from zerosec_analyses.va_calibration.arrays import Floats

__all__ = ["concentration"]

SMALLEST, LARGEST = 1e-3, 1e7
STEPS = 200


def concentration(mean: Floats, mean_logs: Floats) -> float:
    """The sum s of Dirichlet(s * mean) that maximises the likelihood of draws with these mean logarithms.

    `mean` and `mean_logs` (n,), all of mean above zero. Newton's method in log s on
    digamma(s) + sum(mean (mean_logs - digamma(s mean))) = 0 (Minka, T. P., 2000, Estimating a Dirichlet distribution).
    The likelihood rises for ever when the draws do not vary: then the bound is returned.
    """
    log_s = np.log(len(mean) * 5.0)
    for _ in range(STEPS):
        s = np.exp(log_s)
        slope = s * (digamma(s) + (mean * (mean_logs - digamma(s * mean))).sum())
        curve = slope + s * s * (polygamma(1, s) - (mean**2 * polygamma(1, s * mean)).sum())
        step = -slope / curve if curve < 0 else np.sign(slope)
        moved = float(np.clip(log_s + np.clip(step, -1, 1), np.log(SMALLEST), np.log(LARGEST)))
        if abs(moved - log_s) < 1e-10:
            break
        log_s = moved
    return float(np.exp(log_s))
