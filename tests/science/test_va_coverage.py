"""Simulation: known fractions, known matrices; the 95 % interval holds the truth as often as it says."""

import numpy as np
import pytest

from zerosec_analyses.va_calibration.causes import BROAD_CAUSES, cause_list
from zerosec_analyses.va_calibration.matrices import champs_matrix
from zerosec_analyses.va_calibration.posterior import Posterior
from zerosec_analyses.va_calibration.sampling import SampleSettings, sample
from zerosec_analyses.va_calibration.spec import AgeGroup, Country, Sampler, VaParameters

pytestmark = pytest.mark.science

SETS, DEATHS = 200, 500


def test_the_interval_of_every_cause_covers_the_truth_as_often_as_it_says() -> None:
    """Fractions and matrices are drawn from their priors, as the intervals suppose: coverage is then exact for every cause."""
    params = VaParameters(age_group=AgeGroup.NEONATE, country=Country.MOZAMBIQUE)
    causes = cause_list(params)
    studies = [champs_matrix(name, params.age_group, params.country, causes) for name in ("eava", "interva")]
    rng = np.random.default_rng(20261122)
    n = len(BROAD_CAUSES[AgeGroup.NEONATE])
    covered = np.zeros(n)
    settings = SampleSettings(sampler=Sampler.HMC, draws=500, max_draws=500)
    for number in range(SETS):
        truth = rng.dirichlet(np.ones(n))
        counts = np.array(
            [
                rng.multinomial(
                    DEATHS, truth @ np.array([rng.dirichlet(row) for row in study.concentrations])
                )
                for study in studies
            ],
            dtype=np.float64,
        )
        posterior = Posterior(
            counts=counts,
            prior=np.ones(n),
            matrices=np.array([study.means for study in studies]),
            concentrations=np.array([study.concentrations for study in studies]),
            uncertain=np.ones((2, n), dtype=np.int64),
        )

        samples = sample(posterior, settings, np.random.SeedSequence(number))

        low, high = np.quantile(samples.fractions.reshape(-1, n), [0.025, 0.975], axis=0)
        covered += (low <= truth) & (truth <= high)

    share = covered / SETS
    assert share.min() >= 0.90, share
    assert share.max() <= 0.98, share
