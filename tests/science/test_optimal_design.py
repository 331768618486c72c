"""Designs against the best values known: published tables, peers' best of thousands of starts, and optima that can be proven.

D = det(X'X/n)^(1/p), worked out here from the returned runs with this file's own model matrices: intercept, numbers coded −1 to 1,
categories in sum-to-zero effects. The best values of P1 to P10 are those of AlgDesign 1.2.1 and pyoptex after up to 10,000 starts.
"""

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from zerosec_analyses.optimal_design.outputs.design_table import ordered_runs
from zerosec_analyses.optimal_design.problem import build_problem
from zerosec_analyses.optimal_design.solve import solve
from zerosec_analyses.optimal_design.spec import DesignParameters
from zerosec_analyses.sdk import Context

pytestmark = pytest.mark.science

TWO, THREE, FIVE = (-1, 1), (-1, 0, 1), (-1, -0.5, 0, 0.5, 1)


def grid(*levels: Sequence[Any]) -> list[tuple[Any, ...]]:
    return list(itertools.product(*levels))


def designed(
    folder: Path, rows: list[tuple[Any, ...]], done: list[tuple[Any, ...]] | None = None, **parameters: Any
) -> pl.DataFrame:
    """The returned runs, with those already done below them."""
    inputs = {}
    names = [f"x{at + 1}" for at in range(len(rows[0]))]
    for slot, given in (("candidates", rows), ("done", done)):
        if given:
            inputs[slot] = folder / f"{slot}.csv"
            pl.DataFrame(given, schema=names, orient="row").write_csv(inputs[slot])
    ctx = Context.for_notebook(folder / "out", **inputs)
    problem = build_problem(ctx, DesignParameters(**({"seed": 1} | parameters)))
    solution = solve(problem, np.random.default_rng(1), lambda share, score, searches: False)
    found = ordered_runs(problem, solution, np.random.default_rng(2)).table
    if done:
        found = pl.concat([found, pl.DataFrame(done, schema=names, orient="row").cast(dict(found.schema))])
    return found


def columns_of(values: pl.Series, levels: Sequence[Any]) -> np.ndarray:
    """A number as it is, a category in sum-to-zero effects."""
    if values.dtype != pl.String:
        return values.to_numpy().astype(float)[:, None]
    coded = np.zeros((len(values), len(levels) - 1))
    for at, value in enumerate(values):
        place = levels.index(value)
        coded[at] = -1 if place == len(levels) - 1 else np.eye(len(levels) - 1)[place]
    return coded


def matrix(runs: pl.DataFrame, model: str, levels: Sequence[Sequence[Any]] = ()) -> np.ndarray:
    """Intercept, main effects, with their products for 2fi, and squares for quadratic."""
    mains = [
        columns_of(column, list(levels[at]) if levels else [])
        for at, column in enumerate(runs.iter_columns())
    ]
    parts = [np.ones((runs.height, 1)), *mains]
    if model != "main":
        for a, b in itertools.combinations(mains, 2):
            parts += [a[:, [i]] * b[:, [j]] for i in range(a.shape[1]) for j in range(b.shape[1])]
    if model == "quadratic":
        parts += [main**2 for main in mains]
    return np.hstack(parts)


def efficiency(X: np.ndarray) -> float:
    n, p = X.shape
    return float(np.exp(np.linalg.slogdet(X.T @ X / n)[1] / p))


@pytest.mark.parametrize(
    ("name", "levels", "model", "runs", "best"),
    [
        ("P1", [TWO] * 6, "2fi", 24, 0.917089),
        ("P1b: orthogonal", [TWO] * 6, "2fi", 32, 1.0),
        ("P1c: Plackett and Burman", [TWO] * 11, "main", 12, 1.0),
        ("P2", [THREE] * 5, "quadratic", 24, 0.477727),
        ("P8", [("a", "b", "c"), ("x", "y", "z"), *[TWO] * 4], "2fi", 40, 0.580845),
        ("P10", [FIVE] * 3, "quadratic", 15, 0.459490),
    ],
)
def test_the_best_d_that_is_known_is_reached(
    tmp_path: Path, name: str, levels: list[Sequence[Any]], model: str, runs: int, best: float
) -> None:
    found = designed(tmp_path, grid(*levels), runs=runs, model=model)

    assert efficiency(matrix(found, model, levels)) >= best - 1e-6, name


def test_ten_factors_pass_the_best_that_was_known_with_the_smallest_effort(
    tmp_path: Path,
) -> None:
    found = designed(tmp_path, grid(*[THREE] * 10), runs=80, model="quadratic", effort="quick")

    assert efficiency(matrix(found, "quadratic")) >= 0.5158


def test_runs_already_done_are_completed_as_well_as_is_known(tmp_path: Path) -> None:
    done = [(a, b, c, a * b, a * c) for a, b, c in grid(TWO, TWO, TWO)]

    found = designed(tmp_path, grid(*[THREE] * 5), done, runs=18, model="quadratic")

    assert found.height == 26
    assert efficiency(matrix(found, "quadratic")) >= 0.461964 - 1e-6


def test_the_best_i_that_is_known_is_reached(tmp_path: Path) -> None:
    steps = [round(-1 + 0.1 * at, 1) for at in range(21)]
    rows = grid(steps, steps, steps)

    found = designed(tmp_path, rows, runs=14, model="quadratic", criterion="I")

    X = matrix(found, "quadratic")
    F = matrix(pl.DataFrame(rows, schema=["x1", "x2", "x3"], orient="row"), "quadratic")
    assert np.einsum("ij,jk,ik->i", F, np.linalg.inv(X.T @ X / 14), F).mean() <= 6.1787


@pytest.mark.parametrize("n", [4, 8, 12, 16, 20, 24])
def test_hadamard_designs_are_found(tmp_path: Path, n: int) -> None:
    """n runs of up to n − 1 two-level factors: orthogonal, D = 1 (Plackett & Burman 1946)."""
    k = min(n - 1, 11)

    found = designed(tmp_path, grid(*[TWO] * k), runs=n, model="main", effort="quick")

    assert efficiency(matrix(found, "main")) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("q", "n"), [(3, 6), (4, 10), (5, 15)])
def test_scheffes_quadratic_is_best_at_the_simplex_lattice(tmp_path: Path, q: int, n: int) -> None:
    """Kiefer (1961): vertices and midpoints of edges, equally often, are D-optimal for Scheffé's quadratic model."""
    steps = 10
    rows = [
        tuple(part / steps for part in point)
        for point in itertools.product(range(steps + 1), repeat=q)
        if sum(point) == steps
    ]

    found = designed(tmp_path, rows, runs=n, model="mixture-quadratic", effort="quick")

    expected = {tuple(float(at == i) for at in range(q)) for i in range(q)} | {
        tuple(0.5 if at in pair else 0.0 for at in range(q)) for pair in itertools.combinations(range(q), 2)
    }
    assert set(map(tuple, found.rows())) == expected


def test_a_quadratic_in_one_factor_is_best_at_the_ends_and_the_middle(tmp_path: Path) -> None:
    """De la Garza (1954); Fedorov (1972): n/3 runs each at −1, 0, 1."""
    rows = [(round(-1 + 0.02 * at, 2), at % 2) for at in range(101)]

    found = designed(tmp_path, rows, runs=9, model="x1 + x1^2")

    assert sorted(found["x1"].to_list()) == [-1] * 3 + [0] * 3 + [1] * 3


def test_a_small_design_equals_exhaustive_search(tmp_path: Path) -> None:
    """All sets of five of a constrained grid are tried."""
    rows = [point for point in grid((-1, -0.5, 0, 0.5, 1), (-1, -0.5, 0, 0.5, 1)) if sum(point) <= 0]
    assert len(rows) == 15
    F = matrix(pl.DataFrame(rows, schema=["x1", "x2"], orient="row"), "2fi")
    exhaustive = max(
        np.linalg.det(F[list(chosen)].T @ F[list(chosen)])
        for chosen in itertools.combinations_with_replacement(range(15), 5)
    )

    found = designed(tmp_path, rows, runs=5, model="2fi")

    X = matrix(found, "2fi")
    assert np.linalg.det(X.T @ X) == pytest.approx(exhaustive, rel=1e-9)
