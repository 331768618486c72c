"""Factors without a list: a parameter sheet as ranges, and mixtures within bounds."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.unit.optimal_design.conftest import Finished

from zerosec_analyses.optimal_design.factors import Factor, FactorKind
from zerosec_analyses.optimal_design.mixtures import mixture_of
from zerosec_analyses.optimal_design.problem import build_problem, potential_model
from zerosec_analyses.optimal_design.spec import DesignParameters
from zerosec_analyses.sdk import Context, InputError

Design = Callable[..., Finished]
EXAMPLE = Path(__file__).parents[3] / "examples" / "deburring_parameters.xlsx"
JUICES = {"apple": "0.2..0.7", "pear": "0.1..0.5", "carrot": "0.1..0.4"}


def component(name: str, low: float, high: float) -> Factor:
    return Factor(name, FactorKind.CONTINUOUS, (low, high), low, high)


def test_a_parameter_sheet_describes_the_factors(design: Design, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        ',回転速度,切込量,材料,温度\nmin,1000,0.1,,20\nmax,5000,0.3,,80\n間隔,1000,0.1,"Steel, Alumi",\n',
        "utf-8",
    )

    made = design(None, sheet=sheet, runs=12, model="main", seed=3)

    rows = made.table("design")
    assert list(rows[0]) == ["回転速度", "切込量", "材料", "温度"]
    assert {row["材料"] for row in rows} == {"Steel", "Alumi"}
    assert {float(row["回転速度"]) for row in rows} <= {1000, 2000, 3000, 4000, 5000}
    assert {float(row["切込量"]) for row in rows} <= {0.1, 0.2, 0.3}
    assert all(20 <= float(row["温度"]) <= 80 for row in rows)
    assert made.metrics["d_efficiency"] == pytest.approx(1, abs=1e-9)  # 12 runs of two-level main effects


def test_the_example_of_the_parameter_sheet_runs(design: Design) -> None:
    made = design(None, sheet=EXAMPLE, runs=24, model="main")

    assert len(made.table("design")) == 24
    assert {row["載せ率"] for row in made.table("design")} <= {"0.3", "0.5", "0.7"}
    assert made.metrics["d_efficiency"] > 0.99


def test_a_factor_of_the_sheet_and_the_form_is_refused(design: Design) -> None:
    with pytest.raises(InputError, match="“切込量” is described twice"):
        design(None, sheet=EXAMPLE, runs=24, factors={"切込量": "1..2"})


def test_the_whole_simplex_gives_corners_and_middles_of_edges(design: Design) -> None:
    made = design(None, runs=6, model="mixture-quadratic", factors=dict.fromkeys("abc", "0..1"))

    runs = {tuple(row) for row in made.numbers().tolist()}
    corners = {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    assert runs == corners | {(0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)}
    # X'X of this design is known: each blend is 1/4 of its corners' product, so that det X = 4⁻³
    assert made.metrics["d_efficiency"] == pytest.approx(((1 / 64) ** 2) ** (1 / 6) / 6, rel=1e-9)


@pytest.mark.parametrize("criterion", ["D", "I", "A"])
def test_a_mixture_within_bounds_adds_up_and_keeps_them(design: Design, criterion: str) -> None:
    made = design(None, runs=10, criterion=criterion, model="mixture-quadratic", factors=JUICES)

    runs = made.numbers()
    assert np.abs(runs.sum(axis=1) - 1).max() < 1e-12
    assert (runs >= [0.2, 0.1, 0.1]).all()
    assert (runs <= [0.7, 0.5, 0.4]).all()
    assert "corners" in made.message("mixture_points")


def test_parts_of_a_hundred_conditions_and_runs_already_done(design: Design) -> None:
    parts = {"resin": "40..70", "sand": "20..50", "dye": "0..10"}

    made = design(
        None, done="resin,sand,dye\n60,35,5\n", runs=8, model="mixture-linear", factors=parts, constraints="resin >= sand + 5"
    )  # fmt: skip

    runs = made.numbers()
    assert runs.sum(axis=1) == pytest.approx(100, abs=1e-9)
    assert (runs[:, 0] >= runs[:, 1] + 5).all()
    X = np.vstack([runs, [60, 35, 5]]) / 100
    assert made.metrics["d_efficiency"] == pytest.approx(np.linalg.det(X.T @ X / 9) ** (1 / 3), rel=1e-9)


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({"a": "0..0.2", "b": "0..0.3"}, "cannot add up to 1: together they are 0 to 0.5"),
        ({"a": "0..1", "b": "0..1 step 0.1"}, "b are given otherwise"),
        ({"a": "-0.1..1", "b": "0..1"}, "a: a component of a mixture cannot be below zero"),
        ({"a": "0..1"}, "2 to 12 components, not 1"),
        ({"a": "0..0.00000000001", "b": "0..1"}, "at most 9 decimals"),
    ],
)
def test_a_mixture_that_cannot_be_is_refused(design: Design, described: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        design(None, runs=8, model="mixture-linear", factors=described)


@pytest.mark.parametrize("k", [2, 5, 12])
def test_every_point_of_a_mixture_is_within_its_bounds(k: int) -> None:
    rng = np.random.default_rng(k)
    lows = (rng.random(k) * 0.5 / k).round(3)
    factors = [component(f"x{at}", float(low), 1.0) for at, low in enumerate(lows)]

    components, points, _ = mixture_of(factors)

    assert len(np.unique(points, axis=0)) == len(points)
    assert np.abs(points.sum(axis=1) - 1).max() < 1e-12
    assert (points >= lows - 1e-12).all()
    for at, low in enumerate(lows):  # every corner: one component has all that the others' lower bounds leave
        corner = lows.copy()
        corner[at] = 1 - (lows.sum() - low)
        assert np.abs(points - corner).max(axis=1).min() < 1e-9
    assert [each.low for each in components] == pytest.approx(lows.tolist())


@pytest.mark.usefixtures("drawn")
def test_the_reports_pictures_speak_the_reports_language(design: Design) -> None:
    made = design(None, runs=6, factors={"速度": "1..2", "b": "-1..1"})

    def pictures(report: str) -> str:
        text = (made.folder / report).read_text("utf-8")
        found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", text)
        return "".join(base64.b64decode(each).decode("utf-8") for each in found)

    english, japanese = pictures("report.html"), pictures("report.ja.html")
    assert "Prediction variance / variance of the noise" in english
    assert "Prediction variance / variance of the noise" not in japanese


def test_sixty_three_factors_are_a_problem_to_be_searched_without_an_alias_matrix(tmp_path: Path) -> None:
    ctx = Context.for_notebook(tmp_path)
    ranges = {f"x{at}": "-1..1" for at in range(63)}

    problem = build_problem(ctx, DesignParameters(runs=66, factors=ranges))

    assert problem.primary.n_columns == 64
    assert potential_model(problem) is None
    assert [code for code, _ in problem.remarks] == ["no_aliases"]
    assert "2,080 possible further terms" in problem.remarks[0][1]


def test_the_space_of_many_ranges_is_filled_from_a_sample(design: Design) -> None:
    ranges = {f"x{at}": "-1..1" for at in range(16)}

    made = design(None, runs=6, criterion="maximin", factors=ranges, constraints="x0 + x1 <= 1")

    runs = made.numbers()
    assert runs.shape == (6, 16)
    assert (runs[:, 0] + runs[:, 1] <= 1).all()
    assert "corners and a sample" in made.message("sampled")
