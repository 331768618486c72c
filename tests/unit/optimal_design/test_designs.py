"""What a design leaves, for every kind of factor and option; its figures are those of the returned runs."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.unit.optimal_design.conftest import Finished, grid, table_text

Design = Callable[..., Finished]
TWO, THREE = (-1, 1), (-1, 0, 1)


def test_the_same_seed_gives_the_same_runs_in_the_same_order(design: Design) -> None:
    first, second, other = (design(grid(*[THREE] * 3), runs=12, model="quadratic", seed=s) for s in (3, 3, 4))

    text = (first.folder / "tables" / "design.csv").read_bytes()
    assert text == (second.folder / "tables" / "design.csv").read_bytes()
    assert text != (other.folder / "tables" / "design.csv").read_bytes()


def test_the_efficiencies_are_those_of_the_returned_runs(design: Design) -> None:
    found = design(grid(*[THREE] * 3), runs=14, model="quadratic")

    x = found.numbers()
    X = np.column_stack(
        [np.ones(14), x, x[:, [0]] * x[:, [1]], x[:, [0]] * x[:, [2]], x[:, [1]] * x[:, [2]], x**2]
    )
    g = np.array(grid(*[THREE] * 3), dtype=float)
    F = np.column_stack(
        [np.ones(27), g, g[:, [0]] * g[:, [1]], g[:, [0]] * g[:, [2]], g[:, [1]] * g[:, [2]], g**2]
    )
    inverse = np.linalg.inv(X.T @ X)
    v = np.einsum("ij,jk,ik->i", F, inverse, F)
    assert found.metrics["d_efficiency"] == pytest.approx(np.linalg.det(X.T @ X / 14) ** 0.1, rel=1e-10)
    assert found.metrics["a_efficiency"] == pytest.approx(10 / (14 * np.trace(inverse)), rel=1e-10)
    assert found.metrics["average_prediction_variance"] == pytest.approx(v.mean(), rel=1e-10)
    assert found.metrics["g_efficiency"] == pytest.approx(10 / (14 * v.max()), rel=1e-10)
    assert found.metrics["i_value"] == pytest.approx(14 * v.mean(), rel=1e-10)


def test_the_design_has_the_columns_of_the_list_as_they_stand_there(design: Design) -> None:
    rows = grid(("高", "低"), (0.1, 0.2, 0.30), (10, 20))

    found = design(table_text(rows, ["温度", "feed rate", "n"]), runs=8)

    text = (found.folder / "tables" / "design.csv").read_text("utf-8").splitlines()
    assert text[0] == "温度,feed rate,n"
    allowed = {",".join(map(str, row)) for row in rows}
    assert len(text) == 9
    assert set(text[1:]) <= allowed
    runs = (found.folder / "tables" / "runs.csv").read_text("utf-8").splitlines()
    assert runs[0] == "run,kind,candidate_row,leverage,温度,feed rate,n"
    assert [line.split(",", 4)[4] for line in runs[1:]] == text[1:]


def test_columns_that_number_rows_or_are_not_in_the_model_are_carried_along(design: Design) -> None:
    rows = [(at + 1, *row) for at, row in enumerate(grid(THREE, THREE, TWO))]

    found = design(table_text(rows, ["No.", "a", "b", "c"]), runs=6, model="a + b")

    assert list(found.table("design")[0]) == ["No.", "a", "b", "c"]
    assert design(table_text(rows, ["No.", "a", "b", "c"]), runs=6).codes >= {"row_numbers"}


def test_one_column_a_level_is_one_category(design: Design) -> None:
    rows = [(*brush, speed) for brush in ((1, 0, 0), (0, 1, 0), (0, 0, 1)) for speed in THREE]

    found = design(table_text(rows, ["A13", "A11", "A21", "speed"]), runs=9, model="main")

    assert "one_category" in found.codes
    assert [row["term"] for row in found.table("coefficients")] == [
        "(Intercept)", "A13/A11/A21[A13]", "A13/A11/A21[A11]", "speed",
    ]  # fmt: skip
    assert all(int(r["A13"]) + int(r["A11"]) + int(r["A21"]) == 1 for r in found.table("design"))


def test_conditions_keep_runs_out(design: Design) -> None:
    found = design(grid(*[THREE] * 3), runs=8, constraints="x1 + x2 <= 1; not (x3 == 1 and x1 == -1)")

    runs = found.numbers()
    assert (runs[:, 0] + runs[:, 1] <= 1).all()
    assert not ((runs[:, 2] == 1) & (runs[:, 0] == -1)).any()
    assert "conditions" in found.codes


def test_blocks_have_their_sizes_and_are_run_one_after_the_other(design: Design) -> None:
    found = design(grid(*[TWO] * 4), runs=12, block_sizes=(5, 4, 3))

    assert [row["block"] for row in found.table("runs")] == ["1"] * 5 + ["2"] * 4 + ["3"] * 3
    assert [row["term"] for row in found.table("coefficients")][-2:] == ["block[1]", "block[2]"]


def test_two_blocks_of_a_two_level_factorial_are_orthogonal_to_the_factors(design: Design) -> None:
    found = design(grid(*[TWO] * 3), runs=8, block_sizes=(4, 4))

    assert found.metrics["d_efficiency"] == pytest.approx(1, abs=1e-12)


def test_centre_points_and_replicates_are_among_the_runs(design: Design) -> None:
    found = design(grid(THREE, THREE, "ab"), runs=14, centre_points=2, replicates=3, model="2fi")

    kinds = [row["kind"] for row in found.table("runs")]
    assert (len(kinds), kinds.count("centre point"), kinds.count("replicate")) == (14, 2, 3)
    centre = [row for row in found.table("runs") if row["kind"] == "centre point"]
    assert {(row["x1"], row["x2"]) for row in centre} == {("0", "0")}
    assert {row["x3"] for row in centre} == {"a", "b"}
    assert found.metrics["pure_error_degrees_of_freedom"] >= 3


def test_runs_can_be_forbidden_to_repeat(design: Design) -> None:
    found = design(grid(*[TWO] * 4), runs=16, repeats=False)

    assert len({tuple(row.values()) for row in found.table("design")}) == 16


def test_runs_already_done_count_and_are_not_returned(design: Design) -> None:
    done = grid(*[TWO] * 3)

    found = design(grid(*[THREE] * 3), done=done, runs=6, model="quadratic")

    assert len(found.table("design")) == 6
    assert found.metrics["runs_in_all"] == 14
    assert found.metrics["coefficients"] == 10


@pytest.mark.parametrize("criterion", ["D", "I", "A", "bayesian-D", "maximin"])
def test_every_criterion_gives_its_own_figure(design: Design, criterion: str) -> None:
    found = design(grid(*[THREE] * 3), runs=12, criterion=criterion, model="2fi")

    figure = {"D": "d_efficiency", "I": "i_value", "A": "a_efficiency", "bayesian-D": "bayesian_d", "maximin": "smallest_distance"}[criterion]  # fmt: skip
    assert found.metrics[figure] > 0
    assert next(m for m in found.result.metrics if m.name == figure).headline
    assert any(m.name == figure for m in found.streamed)


def test_each_criterion_is_best_by_its_own_measure(design: Design) -> None:
    found = {c: design(grid(*[THREE] * 2), runs=8, criterion=c, model="quadratic").metrics for c in "DIA"}

    assert max(found, key=lambda c: found[c]["d_efficiency"] + (c == "D") * 1e-9) == "D"
    assert min(found, key=lambda c: found[c]["i_value"] - (c == "I") * 1e-9) == "I"
    assert max(found, key=lambda c: found[c]["a_efficiency"] + (c == "A") * 1e-9) == "A"


def test_a_bayesian_design_may_have_fewer_runs_than_possible_terms(design: Design) -> None:
    found = design(grid(*[TWO] * 5), runs=8, criterion="bayesian-D", model="main", potential="2fi")

    assert found.metrics["coefficients"] == 6
    assert found.metrics["d_efficiency"] > 0.9


def test_space_filling_runs_are_spread_and_need_no_model(design: Design) -> None:
    found = design(grid(range(11), range(11)), runs=4, criterion="maximin")

    assert {tuple(run) for run in found.numbers()} == {(0, 0), (0, 10), (10, 0), (10, 10)}
    assert found.metrics["smallest_distance"] == pytest.approx(1)


@pytest.mark.parametrize("constraints", ["", "a + b <= 1"])
def test_factors_without_a_list(design: Design, constraints: str) -> None:
    found = design(
        None, runs=12, model="a + b + kind + a^2 + b^2 + a:b", constraints=constraints,
        factors={"a": "-1..1", "b": "0..2 step 0.5", "kind": "steel|brass"},
    )  # fmt: skip

    rows = found.table("design")
    assert {row["kind"] for row in rows} == {"steel", "brass"}
    assert all(-1 <= float(row["a"]) <= 1 and float(row["b"]) in {0, 0.5, 1, 1.5, 2} for row in rows)
    if constraints:
        assert all(float(row["a"]) + float(row["b"]) <= 1 + 1e-9 for row in rows)


def test_ranges_are_refined_off_the_levels(design: Design) -> None:
    """The best three points of a cubic through the origin: no level of the grid of 21."""
    found = design(None, runs=4, model="x + x^2 + x^3", factors={"x": "-1..1"})

    # Guest (1958): the interior points are the roots of the derivative of a Legendre polynomial, ±1/√5
    inner = sorted(abs(float(row["x"])) for row in found.table("design"))[:2]
    assert inner == pytest.approx([5**-0.5] * 2, abs=2e-3)


@pytest.mark.usefixtures("drawn")
def test_what_is_written(design: Design) -> None:
    found = design(grid(*[THREE] * 3), runs=12, model="2fi")

    names = {path.relative_to(found.folder).as_posix() for path in found.folder.rglob("*") if path.is_file()}
    plots = {"correlations", "distribution", "pairs", "power", "prediction_variance", "projection"}
    assert {f"plots/{plot}.{ending}" for plot in plots for ending in ("png", "svg")} <= names
    assert {
        "design.xlsx",
        "report.html",
        "report.ja.html",
        "tables/design.csv",
        "tables/aliases.csv",
    } <= names
    kinds = {view.id for view in found.result.views}
    assert {
        "answer",
        "runs",
        "projection",
        "pair_1_2",
        "levels_1",
        "correlations",
        "power",
        "aliases",
    } <= kinds
    assert "D 効率" in (found.folder / "report.ja.html").read_text("utf-8")


def test_a_time_limit_is_recorded(design: Design) -> None:
    found: Any = design(grid(*[THREE] * 4), runs=24, model="quadratic", time_limit_s=1e-6, effort="normal")

    assert "stopped_early" in found.codes
    assert found.metrics["d_efficiency"] > 0
