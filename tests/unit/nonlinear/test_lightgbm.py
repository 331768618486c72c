"""LightGBM's trees are of samples of rows and columns and split where the settings say, by the seed alone."""

import numpy as np
import pytest

from zerosec_analyses.modelling.candidate import Method, Settings
from zerosec_analyses.modelling.candidates import CANDIDATES
from zerosec_analyses.modelling.lightgbm_fit import LIGHTGBM_START, fit_lightgbm

RNG = np.random.default_rng(3)
X = RNG.normal(size=(300, 5))
Y = np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + RNG.normal(0, 0.1, 300)
WHOLE: Settings = LIGHTGBM_START | {"column_share": 1.0, "row_share": 1.0}


def predicted(settings: Settings, seed: int) -> np.ndarray:
    return np.asarray(fit_lightgbm(X[:200], Y[:200], settings, seed).predict(X[200:]))


def test_the_seed_decides_the_samples_and_nothing_else_does() -> None:
    assert np.array_equal(predicted(LIGHTGBM_START, 1), predicted(LIGHTGBM_START, 1))
    assert not np.array_equal(predicted(LIGHTGBM_START, 1), predicted(LIGHTGBM_START, 2))
    assert np.array_equal(predicted(WHOLE, 1), predicted(WHOLE, 2))  # no sample is drawn


@pytest.mark.parametrize("change", [{"column_share": 0.5}, {"row_share": 0.5}, {"splits": "random"}])
def test_every_setting_reaches_the_trees(change: Settings) -> None:
    made = predicted({**WHOLE, **change}, 1)

    assert not np.array_equal(made, predicted(WHOLE, 1))
    assert np.corrcoef(made, Y[200:])[0, 1] > 0.7


@pytest.mark.parametrize("n", [3, 10, 20])
def test_few_rows_are_no_obstacle(n: int) -> None:
    start = CANDIDATES[Method.LIGHTGBM].start_for(n)

    made = np.asarray(fit_lightgbm(X[:n], Y[:n], start, 1).predict(X))

    assert np.isfinite(made).all()
    assert Y[:n].min() - 1 <= made.min() <= made.max() <= Y[:n].max() + 1
