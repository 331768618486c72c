"""Least squares without any rounding: integer normal equations swept fraction-free, rounded once at the very end.

A column read as decimal text is a list of integers over one denominator, so the whole cross-product matrix of [X y] is integer.
The symmetric sweep operator (Goodnight 1979) in Bareiss' fraction-free form (Bareiss 1968) keeps every entry an integer minor.
It yields at once the solution, the residual sum of squares, the inverse, and each aliased column as a combination of the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

# A unit takes CPython about 0.2 µs: the budget is roughly half a second (150 rows of 40 columns take 0.1 s).
COST_BUDGET = 2_500_000.0


@dataclass(frozen=True)
class RationalColumn:
    """A column of exact numbers: ``values[i] / denominator``."""

    values: tuple[int, ...]
    denominator: int

    def times(self, other: RationalColumn) -> RationalColumn:
        """The elementwise product, exact."""
        return RationalColumn(
            tuple(a * b for a, b in zip(self.values, other.values, strict=True)),
            self.denominator * other.denominator,
        )

    def power(self, exponent: int) -> RationalColumn:
        """The elementwise whole power, exact."""
        return RationalColumn(tuple(v**exponent for v in self.values), self.denominator**exponent)

    def reduced(self) -> RationalColumn:
        """The same column in smallest terms: it keeps the integers of the elimination short."""
        divisor = math.gcd(self.denominator, *self.values)
        return RationalColumn(tuple(v // divisor for v in self.values), self.denominator // divisor)


def column_from_numbers(numbers: Sequence[Decimal | float | int]) -> RationalColumn:
    """A column from decimals, integers or floats, each taken at exactly its own value."""
    fractions = [Fraction(number) for number in numbers]
    denominator = math.lcm(*(f.denominator for f in fractions)) if fractions else 1
    return RationalColumn(tuple(f.numerator * (denominator // f.denominator) for f in fractions), denominator)


@dataclass(frozen=True)
class ExactAlias:
    """Column ``column`` equals the given combination of earlier columns, exactly."""

    column: int
    weights: dict[int, Fraction]


@dataclass(frozen=True)
class ExactFit:
    """The exact least-squares solution; indices are positions in the columns given.

    ``coefficients`` has a value for every kept column; ``unscaled_variances`` the diagonal of inv(X'X) likewise.
    """

    kept: tuple[int, ...]
    aliases: tuple[ExactAlias, ...]
    coefficients: dict[int, Fraction]
    unscaled_variances: dict[int, Fraction]
    residual_sum_of_squares: Fraction
    sums_of_squares: tuple[Fraction, ...]
    sums: tuple[Fraction, ...]
    target_sum: Fraction
    target_sum_of_squares: Fraction
    n_rows: int

    @property
    def residual_degrees_of_freedom(self) -> int:
        """Rows minus estimated coefficients."""
        return self.n_rows - len(self.kept)

    @property
    def residual_variance(self) -> Fraction | None:
        """The residual mean square; None without degrees of freedom."""
        df = self.residual_degrees_of_freedom
        return self.residual_sum_of_squares / df if df > 0 else None


def estimated_cost(n_rows: int, bits: Sequence[int]) -> float:
    """The rough cost of an exact fit, in units of COST_BUDGET; ``bits[j]`` is the length of the longest integer of column j (target last)."""
    k = len(bits)
    product_words = max(1.0, 2.0 * max(bits, default=1) / 30.0)
    gram = 0.5 * n_rows * k * k * (0.6 + 0.02 * product_words**1.5)
    # Entry of the sweep after s pivots: a minor of order s + 1, hence about (s + 1) times as long as a cross-product.
    words = 0.55 * k * (2.0 * sum(bits) / max(k, 1) + math.log2(max(n_rows, 2))) / 30.0
    sweep = 0.5 * k**3 * (4.0 + 0.05 * words**1.6)
    return float(gram + sweep)


def fit_exact(columns: Sequence[RationalColumn], target: RationalColumn) -> ExactFit:
    """Least squares of ``target`` on ``columns`` (the intercept, if any, is a column of ones), in exact rational arithmetic.

    A column that is an exact combination of earlier ones is left out and reported as an alias.
    """
    reduced = [column.reduced() for column in (*columns, target)]
    values = [column.values for column in reduced]
    n_rows = len(target.values)
    k = len(values)
    matrix = [[0] * k for _ in range(k)]
    for i in range(k):
        for j in range(i, k):
            matrix[i][j] = matrix[j][i] = sum(map(int.__mul__, values[i], values[j]))
    diagonal = [matrix[i][i] for i in range(k)]
    swept: list[int] = []
    aliased: list[int] = []
    previous = 1
    for pivot in range(k - 1):
        if matrix[pivot][pivot] == 0:
            aliased.append(pivot)
            continue
        previous = _sweep(matrix, pivot, previous, swept)
        swept.append(pivot)
    determinant = previous
    denominators = [column.denominator for column in reduced]
    y = k - 1

    def combination(j: int) -> dict[int, Fraction]:
        # x_j·d_j = Σ w_i x_i·d_i in integer columns, hence the factor d_i / d_j for the columns themselves.
        return {
            i: Fraction(matrix[i][j] * denominators[i], determinant * denominators[j])
            for i in swept
            if matrix[i][j] != 0 or j == y
        }

    return ExactFit(
        kept=tuple(swept),
        aliases=tuple(ExactAlias(j, {i: w for i, w in combination(j).items() if i < j}) for j in aliased),
        coefficients=combination(y),
        unscaled_variances={i: Fraction(matrix[i][i] * denominators[i] ** 2, determinant) for i in swept},
        residual_sum_of_squares=Fraction(matrix[y][y], determinant * denominators[y] ** 2),
        sums_of_squares=tuple(Fraction(diagonal[j], denominators[j] ** 2) for j in range(k - 1)),
        sums=tuple(Fraction(sum(values[j]), denominators[j]) for j in range(k - 1)),
        target_sum=Fraction(sum(values[y]), denominators[y]),
        target_sum_of_squares=Fraction(diagonal[y], denominators[y] ** 2),
        n_rows=n_rows,
    )


def _sweep(matrix: list[list[int]], pivot: int, previous: int, swept: list[int]) -> int:
    """Sweep ``matrix`` on ``pivot`` in place, fraction-free; returns the new common denominator.

    Only the upper triangle is worked out: entry (i, j) and (j, i) are equal where both or neither are swept, else opposite.
    """
    k = len(matrix)
    value = matrix[pivot][pivot]
    row = matrix[pivot]
    column = [matrix[i][pivot] for i in range(k)]
    is_swept = [False] * k
    for i in swept:
        is_swept[i] = True
    for i in range(k):
        if i == pivot:
            continue
        current, left = matrix[i], column[i]
        if left == 0:
            for j in range(i, k):
                if j != pivot and current[j] != 0:
                    current[j] = value * current[j] // previous
        else:
            for j in range(i, k):
                if j != pivot:
                    current[j] = (value * current[j] - left * row[j]) // previous
        for j in range(i + 1, k):
            if j != pivot:
                matrix[j][i] = current[j] if is_swept[i] == is_swept[j] else -current[j]
    for i in range(k):
        if i != pivot:
            matrix[i][pivot] = -column[i]
    matrix[pivot][pivot] = previous
    return value


def square_root(value: Fraction) -> float:
    """The square root of a non-negative fraction, right to the last bit or one beside it."""
    if value == 0:
        return 0.0
    shift = 160 - value.numerator.bit_length() + value.denominator.bit_length()
    shift += shift % 2
    scaled = (
        (value.numerator << shift) // value.denominator
        if shift >= 0
        else (value.numerator // (value.denominator << -shift))
    )
    return float(Fraction(math.isqrt(scaled)) / Fraction(2) ** (shift // 2))
