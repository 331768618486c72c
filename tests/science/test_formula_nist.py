"""Certified values: NIST Statistical Reference Datasets, nonlinear regression, from both certified starts."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from zerosec_analyses.formula_fit.analysis import judge, problem_of, read
from zerosec_analyses.formula_fit.spec import FormulaParameters

NIST = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nist"
PI = "3.14159265358979323846"
WAVE = f"{{0}} * cos(2 * {PI} * x / {{2}}) + {{1}} * sin(2 * {PI} * x / {{2}})"
FORMULAS = {
    "Misra1a": "b1 * (1 - exp(-b2 * x))",
    "Chwirut2": "exp(-b1 * x) / (b2 + b3 * x)",
    "DanWood": "b1 * x ^ b2",
    "Eckerle4": "(b1 / b2) * exp(-0.5 * ((x - b3) / b2) ^ 2)",
    "ENSO": "b1 + "
    + " + ".join(
        WAVE.format(*names) for names in (("b2", "b3", "12"), ("b5", "b6", "b4"), ("b8", "b9", "b7"))
    ),
    "Gauss1": "b1 * exp(-b2 * x) + b3 * exp(-(x - b4) ^ 2 / b5 ^ 2) + b6 * exp(-(x - b7) ^ 2 / b8 ^ 2)",
    "Kirby2": "(b1 + b2 * x + b3 * x ^ 2) / (1 + b4 * x + b5 * x ^ 2)",
    "Lanczos3": "b1 * exp(-b2 * x) + b3 * exp(-b4 * x) + b5 * exp(-b6 * x)",
    "Rat42": "b1 / (1 + exp(b2 - b3 * x))",
    "Thurber": "(b1 + b2 * x + b3 * x ^ 2 + b4 * x ^ 3) / (1 + b5 * x + b6 * x ^ 2 + b7 * x ^ 3)",
}

pytestmark = [
    pytest.mark.science,
    pytest.mark.skipif(not NIST.is_dir(), reason=f"the reference data are not at {NIST}"),
]


def digits(value: float, certified: float) -> float:
    return -math.log10(max(abs(value - certified) / abs(certified), 1e-16))


def written(text: str, folder: Path) -> Path:
    """The data of a NIST file as a table."""
    data = [line.split() for line in text[text.rindex("Data:") :].splitlines()[1:] if line.strip()]
    path = folder / "data.csv"
    path.write_text("y,x\n" + "\n".join(f"{y},{x}" for y, x in data), encoding="utf-8")
    return path


@pytest.mark.parametrize("start", [1, 2])
@pytest.mark.parametrize("name", FORMULAS)
def test_estimates_and_standard_errors_are_met_to_nine_digits(name: str, start: int, tmp_path: Path) -> None:
    text = (NIST / f"{name}.dat").read_text(encoding="utf-8")
    lines = re.findall(r"^\s*(b\d)\s*=\s*(\S+)\s+(\S+)\s+(\S+)\s+(\S+)", text, re.M)
    params = FormulaParameters(
        target="y", formula=FORMULAS[name], start={line[0]: float(line[start]) for line in lines}
    )

    problem = problem_of(read(written(text, tmp_path), None), params)
    judged = judge(problem, params, np.random.default_rng(1), lambda *_: None)

    assert judged.fit.converged
    for place, constant in enumerate(problem.model.constants):
        certified = next(line for line in lines if line[0] == constant)
        assert digits(float(judged.fit.constants[place]), float(certified[3])) > 9
        assert digits(float(judged.fit.std_errors[place]), float(certified[4])) > 9


@pytest.mark.parametrize("name", ["ENSO", "Eckerle4"])
def test_two_periods_and_a_narrow_peak_are_found_without_start_values(name: str, tmp_path: Path) -> None:
    text = (NIST / f"{name}.dat").read_text(encoding="utf-8")
    certified = re.search(r"Residual Sum of Squares:\s+(\S+)", text)
    assert certified is not None
    params = FormulaParameters(target="y", formula=FORMULAS[name], starts=10)

    problem = problem_of(read(written(text, tmp_path), None), params)
    judged = judge(problem, params, np.random.default_rng(1), lambda *_: None)

    assert judged.fit.residual_sum == pytest.approx(float(certified[1]), rel=1e-9)
