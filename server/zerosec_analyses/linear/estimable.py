"""Which coefficients the data determine: combinations of other columns are found, exactly where that is affordable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zerosec_analyses.linear.collinearity import alias_text
from zerosec_analyses.linear.design_matrix import INTERCEPT
from zerosec_analyses.linear.exact import ExactFit
from zerosec_analyses.linear.exact_problem import exact_fit
from zerosec_analyses.linear.fitting import FinalFit, Problem
from zerosec_analyses.linear.least_squares import Alias, solve
from zerosec_analyses.linear.spec import AliasPolicy, LinearParameters, TargetTransform
from zerosec_analyses.linear.table_input import PreparedTable
from zerosec_analyses.sdk import InputError, say

# A column whose distance from the others is below this share of its length differs from their combination by rounding alone.
ROUNDING_DISTANCE = 1e-14


def estimable(
    problem: Problem, final: FinalFit, table: PreparedTable, parameters: LinearParameters
) -> tuple[ExactFit | None, FinalFit, list[Alias], list[int]]:
    """Settle which columns can be told apart, exactly where that is affordable; refuse or leave out the others, as the user chose."""
    z = None if parameters.target_transform is TargetTransform.NONE else final.z
    design, target = problem.design, 1 + len(problem.design)
    attempt = exact_fit(table, design, parameters.target, z, final.fit.imputation)
    rounded = final.fit.least_squares
    assert rounded is not None
    aliases = list(rounded.aliases)
    exact = None
    if attempt is not None:
        exact, positions = attempt
        certain = [
            Alias(
                positions[alias.column], {positions[i]: float(weight) for i, weight in alias.weights.items()}
            )
            for alias in exact.aliases
        ]
        # Of what double precision cannot tell apart, exact arithmetic can, unless the difference is the file's own rounding.
        by_rounding = {
            positions[j]
            for j in exact.kept
            if float(exact.unscaled_variances[j] * exact.sums_of_squares[j]) > ROUNDING_DISTANCE**-2
        }
        found = {alias.column for alias in certain}
        aliases = certain + [alias for alias in aliases if alias.column in by_rounding - found]
    if aliases:
        labels = [INTERCEPT, *(column.label for column in design.columns)]
        written = "; ".join(alias_text(alias, labels) for alias in aliases[:10])
        if parameters.alias_policy is AliasPolicy.REFUSE:
            raise InputError(
                "Some terms are combinations of others, so that their coefficients have no values of their own:",
                say("{combinations}.", combinations=written),
                "Take them out of the terms, or choose to leave out the later ones.",
            )
    dropped = sorted(alias.column for alias in aliases)
    columns = [column for column in problem.model_columns if column not in set(dropped)]
    if exact is not None and {positions[j] for j in exact.kept} != set(columns):
        attempt = exact_fit(table, design, parameters.target, z, final.fit.imputation, frozenset(dropped))
        exact, positions = attempt if attempt is not None else (None, [])
    least_squares = solve(final.factor, columns, target, tolerance=0.0 if exact is not None else 1e-300)
    if exact is not None:
        exact = _by_position(exact, positions)
        values = np.array([float(exact.coefficients[j]) for j in least_squares.columns])
        least_squares = replace(
            least_squares, coefficients=values, residual_sum_of_squares=float(exact.residual_sum_of_squares)
        )
    fit = replace(final.fit, least_squares=least_squares, coefficients=least_squares.spread(1 + len(design)))
    return exact, replace(final, fit=fit), aliases, dropped


def _by_position(exact: ExactFit, positions: list[int]) -> ExactFit:
    """The exact fit with its columns named by their positions in the factor."""
    size = max(positions, default=-1) + 1
    squares = dict(zip(positions, exact.sums_of_squares, strict=True))
    sums = dict(zip(positions, exact.sums, strict=True))
    zero = exact.target_sum * 0
    return replace(
        exact,
        kept=tuple(positions[j] for j in exact.kept),
        aliases=(),
        coefficients={positions[j]: value for j, value in exact.coefficients.items()},
        unscaled_variances={positions[j]: value for j, value in exact.unscaled_variances.items()},
        sums_of_squares=tuple(squares.get(j, zero) for j in range(size)),
        sums=tuple(sums.get(j, zero) for j in range(size)),
    )
