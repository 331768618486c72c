"""Pure noise is not predicted: with every option on, duplicated rows and 500 columns of noise, nothing leaks into a score."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.keeping import selections_for
from zerosec_analyses.modelling.nested import CHOSEN, nested
from zerosec_analyses.modelling.procedure import Settled
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.table import Feature

pytestmark = pytest.mark.science

SEEDS = 20
DISTINCT, REPEATED, COLUMNS = 50, 20, 505


def r2_of_noise(seed: int) -> float:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(DISTINCT, COLUMNS))
    values[:, 0] = rng.integers(0, 4, DISTINCT)
    values[rng.random(values.shape) < 0.02] = np.nan
    y = np.exp(rng.normal(size=DISTINCT))  # skewed, so that a transform is chosen inside
    again = rng.choice(DISTINCT, REPEATED, replace=False)
    places = np.concatenate([np.arange(DISTINCT), again])
    rows = Rows(values[places], y[places], units=places.astype(np.int64))
    features = [Feature("k", ("a", "b", "c", "d")), *(Feature(f"x{i}") for i in range(1, COLUMNS))]
    settled = Settled(
        (Method.ELASTIC_NET, Method.SUPPORT_VECTORS, Method.LIGHTGBM),
        inner_folds=2, trials=3, transform=None, selections=selections_for(0, 0), stack=True,
    )  # fmt: skip
    judged = nested(rows, features, settled, 3, 1, 10**6, seed, lambda _: True)
    return judged.score(CHOSEN, 0).r2


def test_noise_scores_nothing_in_the_mean_of_twenty_seeds() -> None:
    with threadpool_limits(limits=1):
        scores = [r2_of_noise(seed) for seed in range(SEEDS)]

    assert np.mean(scores) <= 0.05, scores
