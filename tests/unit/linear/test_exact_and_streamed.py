"""Exact, in-memory and streamed least squares say the same; aliases and alike are found the same way."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zerosec_analyses.linear.design_matrix import ColumnKind, Design
from zerosec_analyses.linear.exact import column_from_numbers, fit_exact, square_root
from zerosec_analyses.linear.least_squares import solve, stack_factors, triangular_factor
from zerosec_analyses.linear.rows import MemoryRows, SpilledRows
from zerosec_analyses.linear.streaming import fold_factors
from zerosec_analyses.model_terms import parse_formula

entries = st.integers(-1000, 1000)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[list[int]], list[int]]:
    n, p = draw(st.integers(6, 14)), draw(st.integers(1, 4))
    columns = [draw(st.lists(entries, min_size=n, max_size=n)) for _ in range(p)]
    return columns, draw(st.lists(entries, min_size=n, max_size=n))


@settings(max_examples=150)
@given(problems())
def test_the_exact_solution_satisfies_the_normal_equations_without_remainder(
    problem: tuple[list[list[int]], list[int]],
) -> None:
    columns, y = [[1] * len(problem[1]), *problem[0]], problem[1]
    fit = fit_exact([column_from_numbers(c) for c in columns], column_from_numbers(y))

    residuals = [
        Fraction(value) - sum((fit.coefficients[j] * columns[j][row] for j in fit.kept), Fraction(0))
        for row, value in enumerate(y)
    ]
    for column in columns:
        assert sum((r * v for r, v in zip(residuals, column, strict=True)), Fraction(0)) == 0
    assert sum((r * r for r in residuals), Fraction(0)) == fit.residual_sum_of_squares
    for alias in fit.aliases:
        for row in range(len(y)):
            assert columns[alias.column][row] == sum(w * columns[j][row] for j, w in alias.weights.items())


@settings(max_examples=100)
@given(problems())
def test_exact_and_householder_agree_where_the_problem_is_well_posed(
    problem: tuple[list[list[int]], list[int]],
) -> None:
    columns, y = [[1] * len(problem[1]), *problem[0]], problem[1]
    matrix = np.array([*columns, y], dtype=float).T
    if np.linalg.cond(matrix[:, :-1] / np.maximum(np.linalg.norm(matrix[:, :-1], axis=0), 1)) > 1e5:
        return
    exact = fit_exact([column_from_numbers(c) for c in columns], column_from_numbers(y))
    factor = triangular_factor(np.asfortranarray(matrix))

    rounded = solve(factor, range(len(columns)), len(columns))

    expected = np.array([float(exact.coefficients[j]) for j in exact.kept])
    scale = np.abs(expected).max() + 1.0
    np.testing.assert_allclose(rounded.coefficients, expected, atol=1e-9 * scale)
    variances = (rounded.inverse_triangle() ** 2).sum(axis=1)
    np.testing.assert_allclose(variances, [float(exact.unscaled_variances[j]) for j in exact.kept], rtol=1e-8)


@given(st.fractions(min_value=0, max_value=10**12))
def test_square_roots_of_fractions_are_right_to_the_last_bit_or_one_beside(value: Fraction) -> None:
    root = Fraction(square_root(value))
    assert abs(root * root - value) <= value * Fraction(1, 2**51)


def random_rows(n: int = 5000, seed: int = 0) -> tuple[Design, dict[str, Any], np.ndarray]:
    rng = np.random.default_rng(seed)
    kinds = {"a": ColumnKind("a"), "b": ColumnKind("b"), "g": ColumnKind("g", ("u", "v", "w"), "u")}
    columns: dict[str, Any] = {
        "a": rng.normal(100, 1, n),
        "b": rng.normal(size=n),
        "g": rng.integers(0, 3, n).astype(np.int32),
    }
    design = Design(parse_formula("a + b + g + a:g + b^2"), kinds, intercept=True)
    return design, columns, columns["a"] * 2 + rng.normal(size=n)


@pytest.mark.parametrize("spilled", [False, True])
def test_streamed_and_in_memory_agree_to_ten_digits(spilled: bool, tmp_path: object) -> None:
    design, columns, y = random_rows()
    n = y.size
    rows: MemoryRows | SpilledRows
    if spilled:
        rows = SpilledRows(tmp_path / "rows.bin", list(columns), ["g"])  # type: ignore[operator]
        for start in range(0, n, 333):
            rows.append({name: values[start : start + 333] for name, values in columns.items()})
        rows.finish()
    else:
        rows = MemoryRows(columns, n, block_rows=177)
    folds = np.arange(n) % 4
    factors = fold_factors(design, rows, folds, 4, lambda place: y[place, None])

    whole = solve(factors.everything(), range(1 + len(design)), 1 + len(design))
    without = [solve(factor, range(1 + len(design)), 1 + len(design)) for factor in factors.without_each()]

    matrix = np.column_stack([np.ones(n), design.matrix(columns, n)])
    expected, rss, _, _ = np.linalg.lstsq(matrix, y, rcond=None)
    np.testing.assert_allclose(whole.coefficients, expected, rtol=1e-10, atol=1e-10)
    assert whole.residual_sum_of_squares == pytest.approx(rss[0], rel=1e-10)
    for fold, fit in enumerate(without):
        expected, *_ = np.linalg.lstsq(matrix[folds != fold], y[folds != fold], rcond=None)
        np.testing.assert_allclose(fit.coefficients, expected, rtol=1e-9, atol=1e-9)


def test_many_folds_do_not_hold_all_rows() -> None:
    design, columns, y = random_rows(3000)
    factors = fold_factors(
        design, MemoryRows(columns, 3000, 100), np.arange(3000) % 700, 700, lambda place: y[place, None]
    )

    assert factors.counts.sum() == 3000
    direct = triangular_factor(
        np.column_stack([np.ones(3000), design.matrix(columns, 3000), y]).copy(order="F")
    )
    np.testing.assert_allclose(np.abs(factors.everything()), np.abs(direct), atol=1e-8 * np.abs(direct).max())


def test_factors_of_parts_stack_to_the_factor_of_all() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(60, 5))
    parts: Iterator[np.ndarray] = (matrix[i : i + 7].copy(order="F") for i in range(0, 60, 7))
    stacked = stack_factors([triangular_factor(part) for part in parts])
    np.testing.assert_allclose(stacked.T @ stacked, matrix.T @ matrix, rtol=1e-12)
