"""R-hat and effective sample size of several chains, rank-normalised.

Source: Vehtari, A., Gelman, A., Simpson, D., Carpenter, B., Bürkner, P.-C. (2021), Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC, Bayesian Analysis 16, 667-718; Geyer, C. J. (1992),
Practical Markov chain Monte Carlo, for the initial monotone sequence.
"""

from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import betaincinv, ndtr, ndtri

from zerosec_analyses.va_calibration.arrays import Floats

__all__ = ["Convergence", "convergence", "effective_size", "quantile_error", "r_hat"]


@dataclass(frozen=True, kw_only=True)
class Convergence:
    """(Q,) each, one value a quantity: R-hat (rank-normalised, folded), bulk and tail effective sample size."""

    r_hat: Floats
    bulk: Floats
    tail: Floats

    @property
    def worst_r_hat(self) -> float:
        """The largest; 1 when nothing was sampled."""
        return float(self.r_hat.max(initial=1.0))

    @property
    def smallest_size(self) -> float:
        """The smallest effective size of all, bulk or tail; infinite when nothing was sampled."""
        return float(np.minimum(self.bulk, self.tail).min(initial=np.inf))


def _split(draws: Floats) -> Floats:
    """(chains, n, Q) to (2 chains, n // 2, Q): a drift within a chain then shows as a difference between chains."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])


def _normal_scores(draws: Floats) -> Floats:
    """Blom's normal scores of the pooled ranks, a quantity at a time."""
    chains, n, quantities = draws.shape
    pooled = draws.reshape(chains * n, quantities)
    ranks = np.stack([_ranks(np.ascontiguousarray(pooled[:, q])) for q in range(quantities)], axis=1)
    return np.asarray(ndtri((ranks - 0.375) / (chains * n + 0.25)).reshape(draws.shape), dtype=np.float64)


def _ranks(values: Floats) -> Floats:
    """(n,) ranks from 1, ties sharing their mean: scipy's rankdata in a quarter of its time, which a stable sort takes."""
    order = np.argsort(values)
    ordered = values[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    last = np.append(first[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((first + last + 1) / 2, last - first)
    return ranks


def _basic_r_hat(draws: Floats) -> Floats:
    n = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.sqrt((n - 1) / n + between / within)
    # A quantity that never moves has converged if every chain has the same value.
    return np.where(within > 0, found, np.where(between > 0, np.inf, 1.0))


def r_hat(draws: Floats) -> Floats:
    """(Q,) from (chains, n, Q): the larger of the bulk and the folded R-hat."""
    halves = _split(draws)
    return _r_hat(halves, _normal_scores(halves))


def _r_hat(halves: Floats, scores: Floats) -> Floats:
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    return np.maximum(_basic_r_hat(scores), _basic_r_hat(_normal_scores(folded)))


def effective_size(draws: Floats) -> Floats:
    """(Q,) from (chains, n, Q): by autocovariances over all chains, cut by Geyer's initial monotone sequence."""
    chains, n, quantities = draws.shape
    centred = draws - draws.mean(axis=1, keepdims=True)
    size = next_fast_len(2 * n, real=True)
    power = np.abs(rfft(centred, n=size, axis=1)) ** 2
    covariance = (irfft(power, n=size, axis=1)[:, :n] / n).mean(axis=0)
    within = covariance[0] * n / (n - 1)
    total = within * (n - 1) / n
    if chains > 1:
        total = total + draws.mean(axis=1).var(axis=0, ddof=1)
    found = np.empty(quantities)
    for each in range(quantities):
        found[each] = _by_monotone_sequence(covariance[:, each], within[each], total[each], chains * n)
    return found


def _by_monotone_sequence(covariance: Floats, within: float, total: float, draws: int) -> float:
    if total <= 0:
        return float(draws)
    correlation = 1 - (within - covariance * len(covariance) / (len(covariance) - 1)) / total
    correlation[0] = 1.0
    pairs = correlation[: len(correlation) // 2 * 2].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: negative[0]] if len(negative) else pairs)
    time = max(2 * float(pairs.sum()) - 1, 1 / np.log10(draws))
    return float(draws / time)


def convergence(draws: Floats) -> Convergence:
    """The diagnostics of (chains, n, Q) draws."""
    halves = _split(draws)
    low, high = np.quantile(halves, [0.05, 0.95], axis=(0, 1))
    tails = [effective_size((halves <= end).astype(np.float64)) for end in (low, high)]
    scores = _normal_scores(halves)
    return Convergence(r_hat=_r_hat(halves, scores), bulk=effective_size(scores), tail=np.minimum(*tails))


def quantile_error(draws: Floats, level: float) -> Floats:
    """(Q,) Monte Carlo standard errors of a quantile of (chains, n, Q) draws, in the unit of the draws (Vehtari et al. 2021, 4.3).

    Half the distance between the quantiles at which the level would stand one standard error lower and higher.
    """
    pooled = draws.reshape(-1, draws.shape[2])
    sizes = effective_size((_split(draws) <= np.quantile(pooled, level, axis=0)).astype(np.float64))
    found = np.empty(draws.shape[2])
    for q, size in enumerate(sizes):
        ends = betaincinv(size * level + 1, size * (1 - level) + 1, ndtr([-1.0, 1.0]))
        found[q] = np.ptp(np.quantile(pooled[:, q], ends)) / 2
    return found
