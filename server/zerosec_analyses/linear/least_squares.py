"""Least squares from triangular factors: the columns [1 X Y] of any number of rows are reduced to a small R, and all else follows.

Householder QR (LAPACK dgeqrt) is backward stable column by column, hence needs no scaling of columns; R factors of parts of the rows
stack to that of all rows (Demmel et al. 2012), which is what makes cross-validation of a million rows cheap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dgeqrt

from zerosec_analyses.linear.design_matrix import FloatArray

# A column whose part outside the span of the earlier ones is below this share of its length is taken as their combination:
# beyond it not one digit of its coefficient would be right in double precision.
ALIAS_TOLERANCE = 1e-11
# Measured on 4,096 x 202: the recursive panels of dgeqrt reach 23 GFLOP/s a core, dgeqrf 12, most at 32 columns a panel.
PANEL_COLUMNS = 32


def triangular_factor(matrix: FloatArray) -> FloatArray:
    """R of a QR factorisation, min(n, q) x q. ``matrix`` (n x q) is overwritten if it is column-major."""
    n_rows, n_columns = matrix.shape
    size = min(n_rows, n_columns)
    if size == 0:
        return np.zeros((0, n_columns), order="F")
    packed, _blocks, info = dgeqrt(min(PANEL_COLUMNS, size), matrix, overwrite_a=1)
    if info != 0:
        raise ArithmeticError(f"dgeqrt reported {info}")
    return np.asfortranarray(np.triu(packed[:size]))


def stack_factors(factors: Sequence[FloatArray]) -> FloatArray:
    """The R factor of all rows from the R factors of parts of them."""
    present = [factor for factor in factors if factor.shape[0]]
    if len(present) == 1:
        return present[0]
    if not present:
        return factors[0]
    return triangular_factor(np.asfortranarray(np.vstack(present)))


@dataclass(frozen=True)
class Alias:
    """Column ``column`` is, within rounding, the combination ``weights`` of earlier columns."""

    column: int
    weights: dict[int, float]


@dataclass(frozen=True)
class LeastSquaresFit:
    """A solution. ``columns`` are the positions in the factor of what was kept, in the order of ``coefficients``.

    ``triangle`` (k x k) satisfies triangle' triangle = X'X of the kept columns.
    """

    columns: tuple[int, ...]
    aliases: tuple[Alias, ...]
    triangle: FloatArray
    coefficients: FloatArray
    residual_sum_of_squares: float

    def spread(self, size: int) -> FloatArray:
        """Coefficients by position in the factor, zero where a column was left out: a vector of ``size``."""
        full = np.zeros(size)
        full[list(self.columns)] = self.coefficients
        return full

    def inverse_triangle(self) -> FloatArray:
        """inv(triangle): its row norms squared are the diagonal of inv(X'X)."""
        k = len(self.columns)
        return np.asarray(solve_triangular(self.triangle, np.eye(k), lower=False))


def solve(
    factor: FloatArray, columns: Sequence[int], target: int, tolerance: float = ALIAS_TOLERANCE
) -> LeastSquaresFit:
    """Least squares of column ``target`` on ``columns`` of what ``factor`` is the R of.

    Columns that are combinations of earlier ones are left out and reported in ``aliases``.
    """
    kept = list(columns)
    aliases: list[Alias] = []
    norms = np.linalg.norm(factor, axis=0)
    while True:
        k = len(kept)
        selected = np.zeros((max(factor.shape[0], k + 1), k + 1), order="F")
        selected[: factor.shape[0], :k] = factor[:, kept]
        selected[: factor.shape[0], k] = factor[:, target]
        if kept != list(range(k)) or target != k or factor.shape[0] > k + 1:
            selected = triangular_factor(selected)
        diagonal = np.abs(np.diagonal(selected)[:k])
        short = np.flatnonzero(diagonal <= tolerance * norms[kept])
        if short.size == 0:
            break
        aliases.append(_alias(selected, int(short[0]), kept))
        del kept[int(short[0])]
    triangle = np.asfortranarray(selected[:k, :k])
    coefficients = np.asarray(solve_triangular(triangle, selected[:k, k], lower=False)) if k else np.zeros(0)
    return LeastSquaresFit(tuple(kept), tuple(aliases), triangle, coefficients, float(selected[k, k] ** 2))


def _alias(selected: FloatArray, position: int, kept: Sequence[int]) -> Alias:
    if position == 0:
        return Alias(kept[0], {})
    weights = solve_triangular(selected[:position, :position], selected[:position, position], lower=False)
    lengths = np.linalg.norm(selected[:, :position], axis=0)
    share = np.abs(weights) * lengths
    threshold = 1e-8 * max(float(share.max()), float(np.linalg.norm(selected[:, position])))
    return Alias(
        kept[position], {kept[i]: float(weights[i]) for i in range(position) if share[i] > threshold}
    )


def refine(fit: LeastSquaresFit, gradient: FloatArray) -> FloatArray:
    """Coefficients after one step of corrected semi-normal equations (Björck 1987); ``gradient`` is X'r of the kept columns."""
    step = solve_triangular(fit.triangle, gradient, lower=False, trans=1)
    return np.asarray(fit.coefficients + solve_triangular(fit.triangle, step, lower=False))


def residual_sum_of_squares(factor: FloatArray, columns: Sequence[int], target: int) -> float:
    """The residual sum of squares of a sub-model."""
    return solve(factor, columns, target).residual_sum_of_squares
