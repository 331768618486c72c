"""What trace and rank plots show: the cause whose chains agree least, thinned draws, and how ranks spread over the chains."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from zerosec_analyses.va_calibration.arrays import Floats, Ints
from zerosec_analyses.va_calibration.calibration import Fit

__all__ = ["RANK_BINS", "ChainPlot", "chain_plot"]

MOST_POINTS = 300
RANK_BINS = 20


@dataclass(frozen=True)
class ChainPlot:
    """Of one cause: (n,) draw numbers, (S, n) thinned fractions, (S, bins) numbers of ranks and what each would be if chains agree."""

    cause: int
    draw: Ints
    traces: Floats
    ranks: Floats
    expected: float


def chain_plot(fit: Fit) -> ChainPlot | None:
    """The cause with the largest R-hat; None if nothing was sampled."""
    if fit.samples is None or fit.draws is None:
        return None
    r_hat = np.where(fit.left_out, -np.inf, fit.samples.convergence.r_hat[: len(fit.left_out)])
    cause = int(r_hat.argmax())
    values = fit.draws[..., cause]
    chains, n = values.shape
    places = np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).astype(np.int64))
    ranks = rankdata(values).reshape(chains, n)
    edges = np.linspace(0.5, chains * n + 0.5, RANK_BINS + 1)
    counts = np.array([np.histogram(row, bins=edges)[0] for row in ranks], dtype=np.float64)
    return ChainPlot(cause, places + 1, values[:, places], counts, n / RANK_BINS)
