"""Certified values: NIST Statistical Reference Datasets, linear regression, read back from tables/coefficients.csv."""

import csv
import json
import math
from pathlib import Path

import pytest

from zerosec_analyses.linear.method import run
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.sdk import Context

NIST = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "nist"
DEGREES = {"Norris": 1, "Wampler1": 5, "Wampler2": 5, "Wampler3": 5, "Filip": 10}
NOINT1 = [(130 + i, 60 + i) for i in range(11)]  # NIST NoInt1: y = 130..140, x = 60..70, no intercept

pytestmark = pytest.mark.science


def log_relative_error(value: float, certified: float) -> float:
    if value == certified:
        return 99.0
    return -math.log10(abs(value) if certified == 0 else abs(value - certified) / abs(certified))


def fitted(tmp_path: Path, data: Path, **parameters: object) -> list[dict[str, str]]:
    ctx = Context.for_notebook(tmp_path / "out", data=data)
    run(ctx, LinearParameters(target="y", **parameters))
    with (tmp_path / "out" / "tables" / "coefficients.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not NIST.is_dir(), reason=f"the reference data are not at {NIST}")
@pytest.mark.parametrize("name", ["Norris", "Longley", "Wampler1", "Wampler2", "Wampler3", "Filip"])
def test_certified_estimates_and_standard_errors_are_met_to_thirteen_digits(
    name: str, tmp_path: Path
) -> None:
    certified = json.loads((NIST / "certified.json").read_text(encoding="utf-8"))[name]
    terms = " + ".join(f"x^{power}" for power in range(1, DEGREES[name] + 1)) if name in DEGREES else ""

    lines = fitted(tmp_path, NIST / f"{name}.csv", terms=terms)

    assert list(lines[0]) == ["term", "estimate", "std_error", "t", "p_value", "ci_low", "ci_high", "vif"]
    assert lines[0]["term"] == "(Intercept)"
    for line, beta, error in zip(lines, certified["certified_beta"], certified["certified_se"], strict=True):
        assert log_relative_error(float(line["estimate"]), float(beta)) > 13
        assert log_relative_error(float(line["std_error"]), float(error)) > 13


def test_a_fit_through_zero_meets_the_certified_noint1_values(tmp_path: Path) -> None:
    data = tmp_path / "NoInt1.csv"
    data.write_text("y,x\n" + "".join(f"{y},{x}\n" for y, x in NOINT1), encoding="utf-8")

    (line,) = fitted(tmp_path, data, terms="x", intercept=False)

    # Certified: 2.07438016528926, standard deviation 0.165289256198347E-01, residual sd 3.56753034006338.
    assert log_relative_error(float(line["estimate"]), 2.07438016528926) > 13
    assert log_relative_error(float(line["std_error"]), 0.0165289256198347) > 13


@pytest.mark.parametrize(
    ("multiple", "residual_sd"), [(100.0, 236014.502379268), (10000.0, 23601450.2379268)]
)
def test_noise_a_million_times_the_signal_costs_no_digit(
    multiple: float, residual_sd: float, tmp_path: Path
) -> None:
    """NIST Wampler4 and Wampler5: Wampler3's noise times 100 and 10,000; all coefficients are certified to be 1."""
    noise = [
        759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 2523, -2048,
        2048, -2048, 759,
    ]  # fmt: skip
    rows = [(sum(x**power for power in range(6)) + int(multiple) * noise[x], x) for x in range(21)]
    data = tmp_path / "wampler.csv"
    data.write_text("y,x\n" + "".join(f"{y},{x}\n" for y, x in rows), encoding="utf-8")

    lines = fitted(tmp_path, data, terms="x + x^2 + x^3 + x^4 + x^5")

    metrics = json.loads((tmp_path / "out" / "model.json").read_text(encoding="utf-8"))["origin"]["metrics"]
    assert [float(line["estimate"]) for line in lines] == [1.0] * 6
    assert log_relative_error(metrics["residual_std_error"], residual_sd) > 13
