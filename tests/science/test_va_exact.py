"""The posterior of real deaths, drawn from without any Markov chain, is that of the sampler.

With one algorithm the fractions p stand for the assigned fractions q = M' p. In (q, M) the posterior with a flat prior on p is
prior(M) Dirichlet(q; a + 1) / |det M| where p = M'^-1 q is possible, and nothing elsewhere. Draws from the first two factors with
1 / |det M| as their weight are therefore exact and independent (importance sampling by change of variables).
"""

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import ROOT

from zerosec_analyses.sdk import Context
from zerosec_analyses.va_calibration.analysis import prepared
from zerosec_analyses.va_calibration.arrays import Floats
from zerosec_analyses.va_calibration.model import joint_posterior
from zerosec_analyses.va_calibration.posterior import Posterior
from zerosec_analyses.va_calibration.sampling import SampleSettings, sample
from zerosec_analyses.va_calibration.spec import VaParameters

pytestmark = pytest.mark.science

PROPOSALS = 50_000
LEVELS = (0.025, 0.5, 0.975)
# Five standard errors each: of some 70 comparisons none is farther off by chance.
ERRORS = 5


def weighted(posterior: Posterior, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """(n, C) possible fractions and (n,) weights that sum to 1."""
    causes = len(posterior.prior)
    rates = np.tile(posterior.matrices[0], (PROPOSALS, 1, 1))
    for i in np.flatnonzero(posterior.uncertain[0]):
        used = np.flatnonzero(posterior.concentrations[0, i] > 0)
        rates[:, i] = 0
        rates[:, i, used] = rng.dirichlet(posterior.concentrations[0, i, used], PROPOSALS)
    assigned = rng.dirichlet(posterior.counts[0] + 1, PROPOSALS)
    fractions = np.linalg.solve(rates.swapaxes(1, 2), assigned[..., None])[..., 0]
    possible = (fractions >= 0).all(axis=1)
    assert posterior.prior.tolist() == [1.0] * causes, "flat, as with path correction"
    weights = 1 / np.abs(np.linalg.det(rates[possible]))
    return fractions[possible], weights / weights.sum()


@pytest.mark.parametrize(("age_group", "algorithm"), [("neonate", "interva"), ("child", "insilicova")])
def test_the_sampler_draws_from_the_exact_posterior(tmp_path: Path, age_group: str, algorithm: str) -> None:
    example = ROOT / "examples" / f"comsa_mozambique_{age_group}.csv"
    params = VaParameters.model_validate({"age_group": age_group, "country": "Mozambique"})
    _, models = prepared(Context.for_notebook(tmp_path, **{algorithm: example}), params)
    posterior = joint_posterior(models, params)

    samples = sample(posterior, SampleSettings(), np.random.SeedSequence(1))
    exact, weights = weighted(posterior, np.random.default_rng(2))

    size = 1 / (weights**2).sum()
    assert size > 7_500, "enough of the weighted draws count"
    assert samples.converged
    for c in range(len(posterior.prior)):
        drawn, one = samples.fractions[..., c].ravel(), exact[:, c]
        mean = float(weights @ one)
        error = np.hypot(
            drawn.std() / samples.convergence.bulk[c] ** 0.5, ((weights * (one - mean)) ** 2).sum() ** 0.5
        )
        assert drawn.mean() == pytest.approx(mean, abs=ERRORS * error)
        order = np.argsort(one)
        for level in LEVELS:
            end = one[order][np.searchsorted(np.cumsum(weights[order]), level)]
            below = one <= end
            error = np.hypot(
                (level * (1 - level) / samples.convergence.tail[c]) ** 0.5,
                ((weights * (below - level)) ** 2).sum() ** 0.5,
            )
            assert (drawn <= end).mean() == pytest.approx(level, abs=ERRORS * error), (c, level)
