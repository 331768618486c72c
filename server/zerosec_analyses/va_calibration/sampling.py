"""Draws from a posterior until the chains agree and hold enough information, or says that they do not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.diagnostics import Convergence, convergence
from zerosec_analyses.va_calibration.gibbs import GibbsChains
from zerosec_analyses.va_calibration.hmc import HmcChain
from zerosec_analyses.va_calibration.posterior import Posterior
from zerosec_analyses.va_calibration.spec import Sampler

__all__ = ["LARGEST_R_HAT", "SMALLEST_SIZE", "SampleSettings", "Samples", "sample"]

LARGEST_R_HAT = 1.01
SMALLEST_SIZE = 1000
# Up to here Gibbs holds more information a draw (neonate example: 7,100 of 12,000 at 30 deaths); at 99 it holds 1,100, HMC 3,400.
FEW_DEATHS = 50
GIBBS_WARM_UP = 1000

Report = Callable[[float, Convergence | None], None]


@dataclass(frozen=True, kw_only=True)
class SampleSettings:
    """How many chains, draws a step and draws at most, and by which sampler."""

    sampler: Sampler = Sampler.AUTO
    chains: int = 4
    draws: int = 3000
    max_draws: int = 30_000


@dataclass(frozen=True, kw_only=True)
class Samples:
    """(S, n, C) draws of the fractions, (S, n) log densities, and how far they can be trusted.

    `convergence` is over the fractions that vary and, last, the log density. `acceptance` is None for Gibbs.
    """

    sampler: Sampler
    fractions: Floats
    log_densities: Floats
    convergence: Convergence
    divergences: int
    acceptance: float | None

    @property
    def converged(self) -> bool:
        """Whether R-hat and effective sizes are as promised."""
        return _reached(self.convergence)


def _reached(found: Convergence) -> bool:
    return found.worst_r_hat < LARGEST_R_HAT and found.smallest_size >= SMALLEST_SIZE


def sample(
    posterior: Posterior,
    settings: SampleSettings,
    seed: np.random.SeedSequence,
    report: Report = lambda *_: None,
) -> Samples:
    """Draw until R-hat < 1.01 and the bulk and tail effective sizes are 1,000, or `max_draws` a chain are made.

    `report` is told the share of `max_draws` that is done at most, and the convergence so far. The same seed gives the same draws.
    """
    few = posterior.counts.sum() <= FEW_DEATHS
    use_gibbs = settings.sampler is Sampler.GIBBS or (settings.sampler is Sampler.AUTO and few)
    steps = _gibbs(posterior, settings, seed) if use_gibbs else _hmc(posterior, settings, seed, report)
    fractions: list[Floats] = []
    densities: list[Floats] = []
    divergences, acceptances = 0, []
    done = 0
    while True:
        new_fractions, new_densities, new_divergences, acceptance = next(steps)
        fractions.append(new_fractions)
        densities.append(new_densities)
        divergences += new_divergences
        acceptances.append(acceptance)
        done += new_fractions.shape[1]
        drawn, density = np.concatenate(fractions, axis=1), np.concatenate(densities, axis=1)
        found = convergence(np.concatenate([drawn, density[..., None]], axis=2))
        report(1.0, found)
        if _reached(found) or done + settings.draws > settings.max_draws:
            return Samples(
                sampler=Sampler.GIBBS if use_gibbs else Sampler.HMC,
                fractions=drawn,
                log_densities=density,
                convergence=found,
                divergences=divergences,
                acceptance=None if use_gibbs else float(np.mean(acceptances)),
            )


Step = tuple[Floats, Floats, int, float]


def _hmc(
    posterior: Posterior, settings: SampleSettings, seed: np.random.SeedSequence, report: Report
) -> Iterator[Step]:
    chains = [HmcChain(posterior, np.random.default_rng(child)) for child in seed.spawn(settings.chains)]
    for number, chain in enumerate(chains):
        for _ in chain.warm_up():
            pass
        report(0.2 * (number + 1) / len(chains), None)
    while True:
        batches = []
        for number, chain in enumerate(chains):
            batches.append(chain.draw(settings.draws))
            report(0.2 + 0.8 * (number + 1) / len(chains), None)
        yield (
            np.stack([batch.fractions for batch in batches]),
            np.stack([batch.log_densities for batch in batches]),
            sum(batch.divergences for batch in batches),
            float(np.mean([batch.acceptance for batch in batches])),
        )


def _gibbs(posterior: Posterior, settings: SampleSettings, seed: np.random.SeedSequence) -> Iterator[Step]:
    chains = GibbsChains(posterior, settings.chains, np.random.default_rng(seed))
    chains.warm_up(GIBBS_WARM_UP)
    while True:
        fractions, densities = chains.draw(settings.draws)
        yield fractions, densities, 0, 1.0
