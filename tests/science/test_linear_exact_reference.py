"""Coefficients of whole runs beside exact rational solutions worked out here, independently of the method's own arithmetic."""

import csv
from collections.abc import Callable
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

import pytest

from zerosec_analyses.linear.method import run
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.sdk import Context

pytestmark = pytest.mark.science

DIGITS = 13
WAMPLER_NOISE = (
    759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 2523, -2048,
    2048, -2048, 759,
)  # fmt: skip


def solved(matrix: list[list[Fraction]], right: list[list[Fraction]]) -> list[list[Fraction]]:
    """Gauss–Jordan elimination in rational numbers."""
    size = len(matrix)
    rows = [[*line, *values] for line, values in zip(matrix, right, strict=True)]
    for at in range(size):
        pivot = next(row for row in range(at, size) if rows[row][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(size):
            if other != at:
                factor = rows[other][at]
                rows[other] = [a - factor * b for a, b in zip(rows[other], rows[at], strict=True)]
    return [row[size:] for row in rows]


def least_squares(design: list[list[Fraction]], y: list[Fraction]) -> list[tuple[Fraction, Decimal]]:
    """Estimates and standard errors, the latter to 40 digits."""
    getcontext().prec = 40
    n, k = len(design), len(design[0])
    gram = [[sum((r[i] * r[j] for r in design), Fraction()) for j in range(k)] for i in range(k)]
    moments = [sum((r[i] * v for r, v in zip(design, y, strict=True)), Fraction()) for i in range(k)]
    identity = [[Fraction(int(i == j)) for j in range(k)] for i in range(k)]
    inverse = solved(gram, identity)
    estimates = [sum((inverse[i][j] * moments[j] for j in range(k)), Fraction()) for i in range(k)]
    errors = [
        v - sum((e * x for e, x in zip(estimates, r, strict=True)), Fraction())
        for r, v in zip(design, y, strict=True)
    ]
    variance = sum((e * e for e in errors), Fraction()) / (n - k)

    def root(value: Fraction) -> Decimal:
        return (Decimal(value.numerator) / Decimal(value.denominator)).sqrt()

    return [(estimates[i], root(variance * inverse[i][i])) for i in range(k)]


def agrees(found: str, exact: Fraction | Decimal) -> bool:
    value = Fraction(found)
    reference = Fraction(exact)
    return value == 0 if reference == 0 else abs(value - reference) <= abs(reference) / Fraction(10) ** DIGITS


def polynomial(*powers: int) -> Callable[[Fraction], list[Fraction]]:
    return lambda x: [x**power for power in powers]


NOINT1 = [(str(60 + i), str(130 + i)) for i in range(11)]
NOINT2 = [("4", "3"), ("5", "4"), ("6", "4")]
# Loads of a load cell as in NIST's Pontius set: up to 3,000,000, deflections with six decimals, a quadratic of tiny curvature.
PONTIUS_LIKE = [
    (str(load), f"{0.000673 + 7.32059e-7 * load - 3.16e-15 * load * load + shift * 1e-6:.6f}")
    for load in range(150_000, 3_000_001, 150_000)
    for shift in (-(load // 150_000 % 3), (load // 150_000 * 7) % 5)
]


def wampler(multiple: int) -> list[tuple[str, str]]:
    return [
        (str(x), str(sum(x**power for power in range(6)) + multiple * WAMPLER_NOISE[x])) for x in range(21)
    ]


@pytest.mark.parametrize(
    ("rows", "terms", "powers"),
    [
        pytest.param(NOINT1, "x", (1,), id="NoInt1"),
        pytest.param(NOINT2, "x", (1,), id="NoInt2"),
        pytest.param(PONTIUS_LIKE, "x + x^2", (0, 1, 2), id="quadratic-with-huge-loads"),
        pytest.param(wampler(100), "x + x^2 + x^3 + x^4 + x^5", (0, 1, 2, 3, 4, 5), id="Wampler4"),
        pytest.param(wampler(10_000), "x + x^2 + x^3 + x^4 + x^5", (0, 1, 2, 3, 4, 5), id="Wampler5"),
    ],
)
def test_coefficients_of_a_run_are_the_exact_solution_to_thirteen_digits(
    rows: list[tuple[str, str]], terms: str, powers: tuple[int, ...], tmp_path: Path
) -> None:
    data = tmp_path / "data.csv"
    data.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in rows), encoding="utf-8")
    exact = least_squares([polynomial(*powers)(Fraction(x)) for x, _ in rows], [Fraction(y) for _, y in rows])

    run(
        Context.for_notebook(tmp_path / "out", data=data),
        LinearParameters(target="y", terms=terms, intercept=0 in powers),
    )

    with (tmp_path / "out" / "tables" / "coefficients.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(exact)
    for line, (estimate, error) in zip(lines, exact, strict=True):
        assert agrees(line["estimate"], estimate), line["term"]
        assert agrees(line["std_error"], error), line["term"]
