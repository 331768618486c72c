"""Intervals are wider where a model errs more, hold as often as they say, and stay of one width where nothing speaks for more."""

import numpy as np
import pytest

from zerosec_analyses.modelling.spread import Spread, learn_spread
from zerosec_analyses.nonlinear.analysis import conformal_quantile


def errors_that_grow(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, predictions, and absolute errors whose size depends on the first column."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 4))
    return x, 2 * x[:, 1], np.abs(rng.normal(size=n) * np.exp(0.8 * x[:, 0]))


def test_varying_intervals_hold_as_often_as_they_say_and_are_narrower() -> None:
    new, predicted, errors = errors_that_grow(4000, 1000)
    covered, covered_far, width, width_of_one = [], [], [], []
    for seed in range(20):
        found = learn_spread(*errors_that_grow(200, seed), None, seed)
        assert found is not None
        spread, scaled = found
        half = conformal_quantile(scaled, 0.9) * spread.scale(new, predicted)
        covered.append((errors <= half).mean())
        covered_far.append((errors <= half)[new[:, 0] > 1].mean())
        width.append(half.mean())
        width_of_one.append(conformal_quantile(errors_that_grow(200, seed)[2], 0.9))

    assert 0.85 <= np.mean(covered) <= 0.95
    assert np.mean(covered_far) > 0.8  # one width for all covers 58 % of these
    assert np.mean(width) < 0.9 * np.mean(width_of_one)


def test_one_width_stays_where_errors_are_the_same_everywhere() -> None:
    taken = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(200, 6))
        taken += learn_spread(x, x[:, 0], np.abs(rng.normal(size=200)), None, seed) is not None

    assert taken <= 4


def test_far_from_the_data_the_width_stays_between_bounds() -> None:
    found = learn_spread(*errors_that_grow(300, 1), None, 1)
    assert found is not None
    spread: Spread = found[0]

    far = spread.scale(np.full((1, 4), 1e6), np.array([1e9]))

    assert np.log(far[0]) <= spread.high + 1e-12
    assert spread.scale(np.zeros((0, 4)), np.zeros(0)).size == 0


@pytest.mark.parametrize("errors", [np.zeros(200), np.ones(20)])
def test_too_few_rows_or_no_errors_give_one_width(errors: np.ndarray) -> None:
    assert learn_spread(np.zeros((errors.size, 2)), np.zeros(errors.size), errors, None, 1) is None
