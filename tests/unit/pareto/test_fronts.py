"""The set is exact, with ties and duplicates as documented; hypervolumes and rankings are the published ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zerosec_analyses.pareto.fronts import hypervolume, non_dominated, reference_point
from zerosec_analyses.pareto.objectives import Goal, Objective, losses
from zerosec_analyses.pareto.ranking import (
    desirabilities,
    desirability_ranges,
    knee,
    overall_desirability,
    topsis,
)

# Few different values, so that ties and duplicates are the rule.
TABLES = st.tuples(st.integers(1, 60), st.integers(2, 8)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([-2.0, -0.0, 0.0, 1e-300, 1.0, 3.0]))
)


def by_definition(losses: np.ndarray) -> np.ndarray:
    at_least = (losses[:, None, :] <= losses[None, :, :]).all(axis=2)
    better = (losses[:, None, :] < losses[None, :, :]).any(axis=2)
    return np.asarray(~(at_least & better).any(axis=0))


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_the_set_is_the_one_of_the_definition(table: np.ndarray) -> None:
    expected = by_definition(table)

    assert (non_dominated(table) == expected).all()
    first = non_dominated(table, keep_equal=False)
    assert (expected | ~first).all()
    assert len(np.unique(table[expected] + 0.0, axis=0)) == first.sum()


@pytest.mark.parametrize("k", range(2, 9))
def test_the_set_of_many_rows_is_the_one_of_the_definition(k: int) -> None:
    rng = np.random.default_rng(k)
    table = np.round(rng.normal(size=(1500, k)), 1)

    assert (non_dominated(table) == by_definition(table)).all()


def test_rows_that_are_all_equal_are_all_in_the_set() -> None:
    assert non_dominated(np.ones((5, 3))).all()
    assert non_dominated(np.ones((5, 3)), keep_equal=False).tolist() == [True, False, False, False, False]
    assert non_dominated(np.empty((0, 3))).shape == (0,)


def test_a_wanted_value_is_approached_from_both_sides() -> None:
    goals = (Objective("a", "a", Goal.TARGET, wanted=5.0), Objective("b", "b", Goal.MAXIMISE))
    values = np.array([[4.0, 1.0], [6.0, 1.0], [9.0, 1.0], [9.0, 2.0]])

    assert non_dominated(losses(goals, values)).tolist() == [True, True, False, True]


def volume(points: np.ndarray, corner: float) -> float:
    found = hypervolume(points, np.full(points.shape[1], corner))
    assert found.exact
    return found.value


def test_hypervolumes_of_fronts_in_closed_form() -> None:
    x = np.linspace(0, 1, 20_001)
    # ZDT1 and ZDT4: f2 = 1 − sqrt(f1); ZDT2: f2 = 1 − f1². Areas below (1.1, 1.1): Zitzler, Deb, Thiele (2000), by integration.
    assert volume(np.column_stack([x, 1 - np.sqrt(x)]), 1.1) == pytest.approx(0.11 + 0.1 + 2 / 3, abs=2e-4)
    assert volume(np.column_stack([x, 1 - x**2]), 1.1) == pytest.approx(0.11 + 0.1 + 1 / 3, abs=2e-4)
    # DTLZ2 in three dimensions is an eighth of the unit sphere: 1.1³ − π/6 (Deb et al. 2002).
    u = np.linspace(0, np.pi / 2, 200)
    a, b = (grid.ravel() for grid in np.meshgrid(u, u))
    sphere = np.column_stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
    assert volume(sphere, 1.1) == pytest.approx(1.1**3 - np.pi / 6, abs=0.01)


@given(st.integers(2, 5), st.integers(1, 7), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_the_hypervolume_is_the_union_of_boxes(k: int, n: int, seed: int) -> None:
    points = np.random.default_rng(seed).integers(0, 5, (n, k)).astype(float)
    cells = np.indices((6,) * k).reshape(k, -1).T
    covered = (points[:, None, :] <= cells[None, :, :]).all(axis=2).any(axis=0)

    assert volume(points, 6.0) == pytest.approx(covered.sum())


def test_rows_beyond_the_reference_point_add_nothing_and_are_counted() -> None:
    points = np.array([[0.0, 3.0], [1.0, 1.0]])

    found = hypervolume(points, np.array([2.0, 2.0]))

    assert (found.value, found.beyond) == (1.0, 1)
    assert found.share == pytest.approx(0.5)


def test_a_set_without_a_range_has_a_reference_point_all_the_same() -> None:
    assert reference_point(np.array([[2.0, 0.0]]), [None, None]).tolist() == pytest.approx([2.2, 0.1])
    assert reference_point(np.array([[2.0, 0.0]]), [None, 7.0]).tolist() == pytest.approx([2.2, 7.0])


def test_topsis_of_the_fighter_aircraft() -> None:
    """Hwang & Yoon (1981), p. 136: closeness 0.643, 0.268, 0.613, 0.312."""
    aircraft = np.array(
        [
            [2.0, 1500, 20_000, 5.5, 5, 9],
            [2.5, 2700, 18_000, 6.5, 3, 5],
            [1.8, 2000, 21_000, 4.5, 7, 7],
            [2.2, 1800, 20_000, 5.0, 5, 5],
        ]
    )
    loss = aircraft * np.array([-1, -1, -1, 1, -1, -1])

    assert topsis(loss, np.array([2.0, 1, 1, 1, 2, 3])) == pytest.approx(
        [0.643, 0.268, 0.613, 0.312], abs=6e-4
    )
    assert topsis(np.ones((3, 2)), np.ones(2)).tolist() == [1.0, 1.0, 1.0]


def test_desirability_of_the_tire_tread() -> None:
    """Derringer & Suich (1980); NIST/SEMATECH e-Handbook 5.5.3.2.2: d = 0.189, 1.0, 0.656, 0.932; D = 0.583."""
    goals = (
        Objective("abrasion", "abrasion", Goal.MAXIMISE, low=120, high=170),
        Objective("modulus", "modulus", Goal.MAXIMISE, low=1000, high=1300),
        Objective("elongation", "elongation", Goal.TARGET, wanted=500, low=400, high=600),
        Objective("hardness", "hardness", Goal.TARGET, wanted=67.5, low=60, high=75),
    )
    found = np.array([[129.5, 1300, 465.7, 68.0]])

    single = desirabilities(goals, found, desirability_ranges(goals, found))

    assert single[0] == pytest.approx([0.189, 1.0, 0.656, 0.932], abs=2e-3)
    assert overall_desirability(single, np.ones(4))[0] == pytest.approx(0.583, abs=2e-3)
    worthless = desirabilities(
        goals, np.array([[100.0, 1300, 465.7, 68.0]]), desirability_ranges(goals, found)
    )
    assert overall_desirability(worthless, np.ones(4)).tolist() == [0.0]


def test_the_knee_bulges_most_and_a_hollow_front_has_none() -> None:
    x = np.linspace(0, 1, 101)

    bulging = knee(np.column_stack([x, (1 - np.sqrt(x)) ** 2]))
    assert bulging is not None
    assert x[bulging] == pytest.approx(0.25)
    assert knee(np.column_stack([x, np.sqrt(1 - x**2)])) is None
    assert knee(np.column_stack([x, 1 - x])) is None
    assert knee(np.ones((4, 3))) is None
