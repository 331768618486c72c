"""Both samplers draw from the posterior that is known where it is known, and from the same one where it is not."""

import numpy as np
import pytest
from scipy import stats

from zerosec_analyses.va_calibration.posterior import Floats, Posterior
from zerosec_analyses.va_calibration.sampling import Samples, SampleSettings, sample
from zerosec_analyses.va_calibration.spec import Sampler

pytestmark = pytest.mark.science


def drawn(posterior: Posterior, sampler: Sampler, seed: int = 1, draws: int = 4000) -> Samples:
    settings = SampleSettings(sampler=sampler, draws=draws, max_draws=10 * draws)
    return sample(posterior, settings, np.random.SeedSequence(seed))


def perfect(counts: Floats, prior: Floats) -> Posterior:
    algorithms, causes = counts.shape
    return Posterior(
        counts=counts,
        prior=prior,
        matrices=np.tile(np.eye(causes), (algorithms, 1, 1)),
        concentrations=np.zeros((algorithms, causes, causes)),
        uncertain=np.zeros((algorithms, causes), dtype=np.int64),
    )


def confused(counts: Floats, concentration: float) -> Posterior:
    """Two thirds are right, the rest goes to the others."""
    algorithms, causes = counts.shape
    mean = np.full((causes, causes), 1 / 3 / (causes - 1)) + (2 / 3 - 1 / 3 / (causes - 1)) * np.eye(causes)
    return Posterior(
        counts=counts,
        prior=np.ones(causes),
        matrices=np.tile(mean, (algorithms, 1, 1)),
        concentrations=np.tile(concentration * mean, (algorithms, 1, 1)),
        uncertain=np.ones((algorithms, causes), dtype=np.int64),
    )


@pytest.mark.parametrize("sampler", [Sampler.HMC, Sampler.GIBBS])
@pytest.mark.parametrize(
    ("counts", "prior"),
    [
        ([[12.0, 0.0, 3.0, 40.0]], [1.0, 1.0, 1.0, 1.0]),
        ([[12.0, 5.0, 3.0], [10.0, 9.0, 1.0]], [1.0, 2.5, 4.0]),
    ],
)
def test_with_perfect_classification_the_posterior_is_the_exact_dirichlet(
    sampler: Sampler, counts: list[list[float]], prior: list[float]
) -> None:
    posterior = perfect(np.array(counts), np.array(prior))
    alpha = posterior.prior + posterior.counts.sum(axis=0)

    samples = drawn(posterior, sampler)

    assert samples.converged
    flat = samples.fractions.reshape(-1, len(alpha))
    for c, a in enumerate(alpha):
        exact = stats.beta(a, alpha.sum() - a)
        size = samples.convergence.bulk[c]
        assert flat[:, c].mean() == pytest.approx(exact.mean(), abs=5 * exact.std() / size**0.5)
        tail = samples.convergence.tail[c]
        for level in (0.025, 0.5, 0.975):
            # the share of draws below an exact quantile, which is known to be the level
            below = (flat[:, c] <= exact.ppf(level)).mean()
            assert below == pytest.approx(level, abs=5 * (level * (1 - level) / tail) ** 0.5)


@pytest.mark.parametrize("concentration", [8.0, 60.0])
def test_both_samplers_agree_within_their_monte_carlo_error(concentration: float) -> None:
    posterior = confused(np.array([[20.0, 9.0, 6.0, 4.0], [14.0, 12.0, 8.0, 3.0]]), concentration)

    by_hmc = drawn(posterior, Sampler.HMC, 1)
    by_gibbs = drawn(posterior, Sampler.GIBBS, 2)

    assert by_hmc.converged
    assert by_gibbs.converged
    assert by_hmc.divergences == 0
    for c in range(4):
        one, two = (s.fractions[..., c].ravel() for s in (by_hmc, by_gibbs))
        error = np.hypot(
            one.std() / by_hmc.convergence.bulk[c] ** 0.5, two.std() / by_gibbs.convergence.bulk[c] ** 0.5
        )
        assert one.mean() == pytest.approx(two.mean(), abs=4.5 * error)
        for level in (0.025, 0.975):
            below = (two <= np.quantile(one, level)).mean()
            size = min(by_hmc.convergence.tail[c], by_gibbs.convergence.tail[c])
            assert below == pytest.approx(level, abs=4.5 * (2 * level * (1 - level) / size) ** 0.5)


def test_uncertain_rates_without_deaths_leave_the_prior() -> None:
    posterior = confused(np.zeros((1, 3)), 10.0)

    samples = drawn(posterior, Sampler.HMC)

    flat = samples.fractions.reshape(-1, 3)
    assert flat.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.015)
    assert flat.std(axis=0) == pytest.approx([stats.beta(1, 2).std()] * 3, abs=0.01)
