"""The exact Gibbs sampler by data augmentation: each death's true cause is drawn, then the fractions and rates given these.

Source: Fiksel, J., Datta, A., Amouzou, A., Zeger, S. (2022), JASA 117, 2163-2181, section 3; Tanner, M. A., Wong, W. H. (1987),
The calculation of posterior distributions by data augmentation, JASA 82, 528-540. All chains move together as one array.
"""

import numpy as np
from scipy.special import xlogy

from zerosec_analyses.va_calibration.arrays import Floats, Ints
from zerosec_analyses.va_calibration.posterior import Posterior

__all__ = ["GibbsChains"]


class GibbsChains:
    """S chains over (S, C) fractions and (S, K, C, C) rates."""

    def __init__(self, posterior: Posterior, chains: int, rng: np.random.Generator) -> None:
        self._posterior, self._rng = posterior, rng
        self._deaths = posterior.counts.astype(np.int64)
        self._fixed = posterior.uncertain[None, :, :, None] == 0
        self._fractions = self._dirichlet(np.broadcast_to(posterior.prior, (chains, len(posterior.prior))))
        self._rates = self._drawn_rates(np.zeros((chains, *posterior.matrices.shape)))

    def warm_up(self, n: int) -> None:
        """Forget the start."""
        for _ in range(n):
            self._sweep()

    def draw(self, n: int) -> tuple[Floats, Floats]:
        """(S, n, C) fractions and (S, n) log densities of fractions and rates."""
        chains, causes = self._fractions.shape
        fractions, densities = np.empty((chains, n, causes)), np.empty((chains, n))
        for t in range(n):
            self._sweep()
            fractions[:, t] = self._fractions
            densities[:, t] = self._log_density()
        return fractions, densities

    def _sweep(self) -> None:
        # (S, K, C, C): of the deaths assigned to each cause (last but one axis), the chance of each true cause.
        joint = (self._fractions[:, None, :, None] * self._rates).swapaxes(2, 3)
        total = joint.sum(axis=3, keepdims=True)
        chances = np.divide(joint, total, out=np.full_like(joint, 1 / joint.shape[3]), where=total > 0)
        true = self._rng.multinomial(self._deaths, chances).swapaxes(2, 3)
        self._fractions = self._dirichlet(self._posterior.prior + true.sum(axis=(1, 3)))
        self._rates = self._drawn_rates(true)

    def _drawn_rates(self, true: Floats | Ints) -> Floats:
        alpha = self._posterior.concentrations[None]
        drawn = self._dirichlet(np.where(self._fixed, 1.0, np.where(alpha > 0, alpha + true, 0.0)))
        return np.where(self._fixed, self._posterior.matrices[None], drawn)

    def _dirichlet(self, alpha: Floats) -> Floats:
        """Rows over the last axis, in logarithms, so that small parameters cannot make a row of zeros."""
        used = alpha > 0
        shape = np.where(used, alpha, 1.0)
        log_gamma = (
            np.log(self._rng.standard_gamma(shape + 1)) + np.log(self._rng.random(alpha.shape)) / shape
        )
        log_gamma = np.where(used, log_gamma, -np.inf)
        weights = np.exp(log_gamma - log_gamma.max(axis=-1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=-1, keepdims=True), dtype=np.float64)

    def _log_density(self) -> Floats:
        """Up to a constant, for the diagnostics."""
        alpha = self._posterior.concentrations[None]
        assigned = np.einsum("si,skij->skj", self._fractions, self._rates)
        found = xlogy(self._posterior.counts[None], assigned).sum(axis=(1, 2))
        found += xlogy(self._posterior.prior - 1, self._fractions).sum(axis=1)
        rates = np.where(self._fixed | (alpha == 0), 1.0, self._rates)
        found += ((alpha - 1) * np.log(rates)).sum(axis=(1, 2, 3))
        return np.asarray(found, dtype=np.float64)
