"""Properties of the exchanges: none lowers the criterion, rank-two updates agree with the matrices, both engines agree."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from zerosec_analyses.optimal_design.factors import FloatArray, categorical, numeric
from zerosec_analyses.optimal_design.model import Model, build_model
from zerosec_analyses.optimal_design.search.coordinates import improve
from zerosec_analyses.optimal_design.search.engine import CoordinateEngine, Objective, RowEngine
from zerosec_analyses.optimal_design.search.full_list import improving
from zerosec_analyses.optimal_design.search.linear_algebra import (
    dot,
    exchange_inverse,
    exchange_weighted,
    inverse_of,
    times,
    weighted,
)
from zerosec_analyses.optimal_design.search.maximin import improve_distances
from zerosec_analyses.optimal_design.search.rows import improve_rows
from zerosec_analyses.optimal_design.search.space import grid_rule, level_numbers, space_of

FACTORS = (
    numeric("a", np.array([-1.0, 0.0, 1.0])),
    numeric("b", np.array([0.0, 1.0, 3.0, 10.0])),
    categorical("c", ("x", "y", "z")),
)
MODEL = build_model("(a + b + c)^2 + a^2 + b^2", FACTORS)
POINTS = np.array(np.meshgrid(*[f.level_codes for f in FACTORS], indexing="ij")).reshape(3, -1).T
N_RUNS = 20


def score(model: Model, points: FloatArray, aim: Objective) -> float:
    """The criterion straight from its definition."""
    X = model.rows(points)
    M = X.T @ X + aim.base
    if np.linalg.matrix_rank(M, hermitian=True) < model.n_columns:
        return -np.inf  # a random start may be singular, and then has no inverse to take a trace of
    if aim.weights is None:
        return float(np.linalg.slogdet(M)[1]) / model.n_columns
    return -float(np.log(np.trace(aim.weights @ np.linalg.inv(M))))


def objective(criterion: str) -> Objective:
    p = MODEL.n_columns
    F = MODEL.rows(POINTS)
    weights = {"D": None, "A": np.eye(p), "I": F.T @ F / len(F)}[criterion]
    return Objective(np.zeros((p, p)), weights)


def coordinate_engine(aim: Objective, *, distinct: bool = False) -> CoordinateEngine:
    levels, numbers = level_numbers(POINTS)
    return CoordinateEngine(space_of(MODEL, levels), N_RUNS, aim, numbers, None, distinct)


def row_engine(aim: Objective) -> RowEngine:
    matrix = np.ascontiguousarray(MODEL.rows(POINTS).T)
    first = np.zeros(N_RUNS, dtype=np.int64)
    return RowEngine(matrix, N_RUNS, aim, first, first + len(POINTS))


def coded(design: np.ndarray) -> FloatArray:
    levels, _ = level_numbers(POINTS)
    return np.column_stack([levels[f][design[:, f]] for f in range(3)])


seeds = st.integers(0, 2**32 - 1)
criteria = st.sampled_from(["D", "I", "A"])


@settings(max_examples=40)
@given(seeds, criteria)
def test_no_sweep_of_coordinate_exchange_lowers_the_criterion(seed: int, criterion: str) -> None:
    aim = objective(criterion)
    engine = coordinate_engine(aim)
    design = engine.random(np.random.default_rng(seed))
    last = score(MODEL, coded(design), aim)

    for _ in range(6):
        told, _ = improve(engine.space, design, aim.base, aim.weights, False, 0.0, 1)
        now = score(MODEL, coded(design), aim)
        assert told == -np.inf or told == pytest.approx(now, rel=1e-8, abs=1e-9)
        assert told == -np.inf or now >= last - 1e-9
        last = now


@settings(max_examples=40)
@given(seeds, criteria)
def test_no_sweep_of_row_exchange_lowers_the_criterion(seed: int, criterion: str) -> None:
    aim = objective(criterion)
    engine = row_engine(aim)
    design = engine.random(np.random.default_rng(seed))
    last = score(MODEL, POINTS[design], aim)

    for _ in range(6):
        told, _ = improve_rows(
            engine.matrix, engine.first, engine.end, design, aim.base, aim.weights, False, 0.0, 1
        )
        now = score(MODEL, POINTS[design], aim)
        assert told == -np.inf or told == pytest.approx(now, rel=1e-8, abs=1e-9)
        assert told == -np.inf or now >= last - 1e-9
        last = now


@settings(max_examples=25)
@given(seeds, criteria)
def test_after_row_exchange_no_candidate_of_the_list_improves(seed: int, criterion: str) -> None:
    aim = objective(criterion)
    engine = row_engine(aim)
    design = engine.random(np.random.default_rng(seed))
    engine.improve(design)
    F = MODEL.rows(POINTS)

    found, gain = improving(lambda a, b: F[a:b], len(F), F[design], aim, np.ones(N_RUNS, dtype=bool))

    assert len(found) == 0 or gain < 1e-6
    best = score(MODEL, POINTS[design], aim)
    for run in range(N_RUNS):
        for candidate in range(0, len(F), 5):
            trial = design.copy()
            trial[run] = candidate
            assert score(MODEL, POINTS[trial], aim) <= best + 1e-8


@njit(error_model="numpy")
def exchanged(
    X: FloatArray, x: FloatArray, y: FloatArray, W: FloatArray, D: FloatArray, E: FloatArray
) -> tuple[float, float, float, float]:
    """D and E of X with row x replaced by y, by the parts the searches are made of; log det X'X before, x'Dx, y'Dy and x'Dy."""
    p = x.size
    Dx, Dy, Ex, Ey = np.empty(p), np.empty(p), np.empty(p), np.empty(p)
    before = inverse_of(X, np.zeros((p, p)), 0.0, D)
    weighted(D, W, E)
    times(D, x, Dx)
    times(D, y, Dy)
    times(E, x, Ex)
    times(E, y, Ey)
    vx, vy, d = dot(x, Dx), dot(y, Dy), dot(x, Dy)
    exchange_weighted(E, x, y, Dx, Dy, Ex, Ey, vx, vy, d)
    exchange_inverse(D, Dx, Dy, vx, vy, d)
    return before, vx, vy, d


@settings(max_examples=60)
@given(seeds, st.integers(2, 12), st.integers(1, 8))
def test_rank_two_updates_agree_with_the_matrices(seed: int, p: int, more: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(p + more, p))
    y = rng.normal(size=p)
    W = X.T @ X / 3
    D, E = np.empty((p, p)), np.empty((p, p))
    before, vx, vy, d = exchanged(X, X[0].copy(), y, W, D, E)
    ratio = (1 + vy) * (1 - vx) + d * d
    X[0] = y
    exact = X.T @ X
    if np.linalg.cond(exact) > 1e6 or ratio < 1e-3:
        return

    inverse = np.linalg.inv(exact)
    assert before + np.log(ratio) == pytest.approx(np.linalg.slogdet(exact)[1], abs=1e-8)
    assert pytest.approx(inverse, rel=1e-6, abs=1e-8 * np.abs(inverse).max()) == D
    assert pytest.approx(inverse @ W @ inverse, rel=1e-5, abs=1e-7 * np.abs(E).max()) == E


@settings(max_examples=20)
@given(seeds)
def test_runs_that_must_differ_do(seed: int) -> None:
    engine = coordinate_engine(objective("D"), distinct=True)
    rng = np.random.default_rng(seed)
    design = engine.random(rng)

    for _ in range(3):
        engine.improve(design)
        assert len(np.unique(design, axis=0)) == N_RUNS
        engine.perturb(design, 4, rng)
        assert len(np.unique(design, axis=0)) == N_RUNS


@settings(max_examples=20)
@given(seeds)
def test_coordinate_exchange_stays_within_a_list_that_is_not_a_whole_grid(seed: int) -> None:
    kept = POINTS[POINTS[:, 0] * POINTS[:, 1] <= 0.5]
    levels, numbers = level_numbers(kept)
    allowed = grid_rule(levels, numbers)
    assert allowed is not None
    aim = objective("D")
    engine = CoordinateEngine(space_of(MODEL, levels, [((0, 1, 2), allowed)]), N_RUNS, aim, numbers)
    rng = np.random.default_rng(seed)
    design = engine.random(rng)

    engine.improve(design)
    engine.perturb(design, 8, rng)

    known = {tuple(row) for row in numbers.tolist()}
    assert {tuple(row) for row in design.tolist()} <= known


@settings(max_examples=25)
@given(seeds, st.integers(2, 8))
def test_maximin_exchange_ends_where_no_exchange_helps(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    points, fixed = rng.random((40, 2)), rng.random((2, 2))
    chosen = rng.choice(40, n, replace=False)

    def told(design: np.ndarray) -> float:
        both = np.vstack([points[design], fixed])
        square = ((both[:, None] - both[None]) ** 2).sum(axis=2)
        i, j = np.triu_indices(len(both), 1)
        mine = i < n
        return float((1 / np.maximum(square[i[mine], j[mine]], 1e-10) ** 8).sum())

    before = told(chosen)
    score, _ = improve_distances(points, fixed, chosen, 100)

    after = told(chosen)
    assert after <= before * (1 + 1e-9)
    assert score == pytest.approx(-np.log(after) / 16, abs=1e-6)
    for run in range(n):
        for candidate in range(40):
            trial = chosen.copy()
            trial[run] = candidate
            assert told(trial) >= after * (1 - 1e-6)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_coding_is_undone_and_keeps_the_ends(low: float, width: float, shares: list[float]) -> None:
    factor = numeric("x", np.array([low, low + width]))
    values = np.array([low, low + width, *(low + share * width for share in shares)])

    codes = factor.coded(values)

    assert list(codes[:2]) == [-1.0, 1.0]
    assert factor.raw(codes) == pytest.approx(values, rel=1e-9, abs=1e-9 * (abs(low) + width))
