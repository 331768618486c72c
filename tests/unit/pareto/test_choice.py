"""The choice as its users run it: limits, gaps, ties and uncertainty are told; nothing is dropped in silence."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.pareto.method import run
from zerosec_analyses.pareto.preview import preview
from zerosec_analyses.pareto.spec import ANALYSIS, ParetoParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.views import Result


@dataclass
class Chosen:
    front: pl.DataFrame
    rows: pl.DataFrame
    result: Result
    folder: Path

    def message(self, code: str) -> str:
        return next(notice.message for notice in self.result.warnings if notice.code == code)

    @property
    def codes(self) -> set[str]:
        return {notice.code for notice in self.result.warnings}

    def metric(self, name: str) -> Any:
        return next(metric.value for metric in self.result.metrics if metric.name == name)


Choose = Callable[..., Chosen]


@pytest.fixture
def choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Choose:
    def blank(pictures: Pictures, _figure: Figure, name: str) -> None:
        (pictures.folder / f"{name}.svg").write_text("<svg/>", encoding="utf-8")

    monkeypatch.setattr(Pictures, "_write", blank)

    def go(columns: dict[str, Any], **parameters: Any) -> Chosen:
        path = tmp_path / "data.parquet"
        pl.DataFrame(columns).write_parquet(path)
        ctx = Context.for_notebook(tmp_path / "out", choices=path)
        run(ctx, ParetoParameters(**parameters))
        out = tmp_path / "out"
        return Chosen(
            pl.read_csv(out / "tables" / "pareto_only.csv"),
            pl.read_parquet(out / "tables" / "all_rows.parquet"),
            ctx.outcome().result,
            out,
        )

    return go


def test_every_row_is_accounted_for(choose: Choose) -> None:
    found = choose(
        {
            "cost": [1.0, 2.0, 3.0, None, float("inf"), 0.1, 2.0],
            "gain": [1.0, 3.0, 2.0, 9.0, 9.0, 9.0, 3.0],
            "kind": ["a", "a", "a", "a", "a", "bad", "a"],
        },
        minimise=("cost",), maximise=("gain",), limits='kind != "bad"',
    )  # fmt: skip

    assert found.rows["pareto_status"].to_list() == [
        "pareto", "pareto", "dominated", "objective missing", "objective missing", "breaks a limit", "pareto",
    ]  # fmt: skip
    assert sorted(found.front["source_row"].to_list()) == [1, 2, 7]
    assert {"objective_missing", "equal_rows"} <= found.codes
    assert (found.metric("n_front"), found.metric("n_eligible"), found.metric("n_incomplete")) == (3, 4, 2)
    assert found.metric("n_equal") == 1


def test_of_equal_rows_the_first_may_stand_for_all(choose: Choose) -> None:
    found = choose({"a": [1.0, 1.0, 2.0], "b": [2.0, 2.0, 1.0]}, minimise=("a", "b"), duplicates="first")

    assert found.rows["pareto_status"].to_list() == ["pareto", "equal to an earlier row", "pareto"]


def test_the_workbook_has_the_sheets_users_know(choose: Choose) -> None:
    found = choose({"a": [1.0, 2.0], "b": [2.0, 1.0], "text": ["=1+1", "x"]}, minimise=("a", "b"))

    book = openpyxl.load_workbook(found.folder / "pareto.xlsx")
    assert book.sheetnames[:2] == ["pareto_only", "meta"]
    head, *rows = book["pareto_only"].iter_rows(values_only=True)
    assert {row[head.index("text")] for row in rows} == {"=1+1", "x"}
    meta = dict(book["meta"].iter_rows(min_row=2, values_only=True))
    assert meta["Rows in the Pareto set"] == 2
    assert "minimise a" in meta["Objectives"]


def test_when_nothing_is_eligible_it_is_said_what_excludes_how_many(choose: Choose) -> None:
    with pytest.raises(InputError) as refused:
        choose(
            {"a": [1.0, 2.0, None], "b": [2.0, 1.0, 1.0]},
            minimise=("a", "b"), limits="a < 1.5; b < 1.5; a + b > 100",
        )  # fmt: skip

    told = str(refused.value.detail)
    assert "“a < 1.5” excludes 2 rows (1 because a value is missing)" in told
    assert "“b < 1.5” excludes 1 row (" in told
    assert "1 row lacks a value of an objective" in told


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"minimise": ("a",)}, "There is 1 objective;"),
        ({"minimise": ("a", "z")}, "no column “z”"),
        ({"minimise": ("a",), "maximise": ("a",)}, "“a” is an objective twice"),
        ({"minimise": ("a", "text")}, "text"),
        ({"minimise": ("a", "b"), "weights": {"z": 1.0}}, "“z” is no objective"),
        ({"minimise": ("a", "b"), "weights": {"a": 0.0}}, "weight of “a”"),
        ({"minimise": ("a", "b"), "desirability": {"a": "5..1"}}, "“5..1”"),
        ({"minimise": ("a", "b"), "spread": {"z": 1.0}}, "“z” is no objective"),
        ({"minimise": ("a", "b"), "limits": "q < 1"}, "The limit “q < 1” cannot be used"),
        ({"minimise": ("a",), "wanted": {"b": 5.0}, "desirability": {"b": "1..4"}}, "wanted value of “b”"),
    ],
)
def test_what_cannot_be_used_is_named(choose: Choose, parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as refused:
        choose({"a": [1.0, 2.0], "b": [2.0, 1.0], "text": ["x", "y"]}, **parameters)

    assert told in str(refused.value)


def test_an_objective_that_never_changes_decides_nothing(choose: Choose) -> None:
    found = choose({"a": [1.0, 2.0, 3.0], "b": [5.0, 5.0, 5.0]}, minimise=("a", "b"))

    assert found.front["source_row"].to_list() == [1]
    assert "constant_objective" in found.codes


def test_rows_that_are_all_equal_leave_nothing_to_choose(choose: Choose) -> None:
    found = choose({"a": [1.0] * 4, "b": [0.0] * 4}, minimise=("a",), maximise=("b",))

    assert found.front.height == 4
    assert "all_equal" in found.codes
    assert found.metric("knee_row") is None


def test_where_all_rows_are_equal_nothing_else_is_said_of_the_set(choose: Choose) -> None:
    found = choose({"a": [1.0] * 30, "b": [2.0] * 30}, minimise=("a", "b"))

    assert found.front.height == 30
    assert not found.codes & {"most_are_in_the_set", "no_knee"}


def test_the_name_of_a_target_stands_for_its_prediction_with_its_interval(choose: Choose) -> None:
    n = 40
    rng = np.random.default_rng(2)
    a, b = rng.uniform(0, 1, n), rng.uniform(0, 1, n)
    table = {
        "predicted a": a, "a from": a - 0.1, "a to": a + 0.1, "predicted b": b, "b from": b - 0.1, "b to": b + 0.1,
        "flags": ["out_of_range"] + [""] * (n - 1),
    }  # fmt: skip

    found = choose(table, minimise=("a", "b"), draws=4000)

    assert {"predicted_column", "membership_assumption"} <= found.codes
    assert "the table's intervals are taken to hold 90% of all values" in found.message(
        "membership_assumption"
    )
    sd = 0.1 / 1.6448536269514722
    drawn = rng.normal(size=(4000, n, 2)) * sd + np.column_stack([a, b])
    beaten = (drawn[:, :, None, :] < drawn[:, None, :, :]).all(axis=3).any(axis=1)
    expected = 1 - beaten.mean(axis=0)
    assert found.rows["pareto_probability"].to_numpy() == pytest.approx(expected, abs=0.05)
    again = choose(table, minimise=("a", "b"), draws=4000)
    assert again.rows.equals(found.rows)
    without = choose(table, minimise=("a", "b"), flagged="leave_out", draws=0)
    assert without.rows["pareto_status"][0] == "flagged"
    assert "flagged_left_out" in without.codes


def test_without_intervals_it_is_said_that_nothing_is_known_of_the_uncertainty(choose: Choose) -> None:
    found = choose({"a": [1.0, 2.0], "b": [2.0, 1.0]}, minimise=("a", "b"))

    assert "no_uncertainty" in found.codes
    assert "pareto_probability" not in found.rows.columns


def test_the_preview_counts_before_the_run(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    pl.DataFrame({"a": [1, 2, None], "b": [3, 2, 1]}).write_csv(path)
    ctx = Context.for_notebook(tmp_path / "out", choices=path)

    preview(ctx, ANALYSIS.steps[0].draft({"minimise": ["a", "b"], "limits": "b > 2"}))  # type: ignore[arg-type]

    shown = {metric.name: metric.value for metric in ctx.outcome().result.metrics}
    assert shown == {"rows": 3, "eligible": 1}
    assert [notice.code for notice in ctx.outcome().result.warnings] == ["objective_missing"]


def test_the_preview_refuses_an_uncertainty_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    pl.DataFrame({"a": [1, 2], "b": [3, 2]}).write_csv(path)
    ctx = Context.for_notebook(tmp_path / "out", choices=path)
    form = ANALYSIS.steps[0].draft({"minimise": ["a", "b"], "spread": {"a": 0}})

    with pytest.raises(InputError, match="“a” must be above zero"):
        preview(ctx, form)  # type: ignore[arg-type]


def test_a_number_that_cannot_be_computed_with_is_refused_by_its_row(choose: Choose) -> None:
    with pytest.raises(InputError, match="column “b”: -1e\\+308 is too large"):
        choose({"a": [1.0, 2.0, 3.0], "b": [3.0, None, -1e308]}, minimise=("a", "b"))


def test_of_a_single_row_it_is_said_that_nothing_is_left_to_choose(choose: Choose) -> None:
    chosen = choose({"a": [1.0, 2.0], "b": [3.0, 2.0]}, minimise=("a", "b"), limits="a > 1")

    assert "one_eligible" in chosen.codes
    assert "all_equal" not in chosen.codes


def test_a_measured_column_beside_its_prediction_is_taken_as_it_stands_and_said(choose: Choose) -> None:
    table = {
        "a": [1.0, 2.0, 3.0], "predicted a": [3.0, 2.0, 1.0], "a from": [2.5, 1.5, 0.5], "a to": [3.5, 2.5, 1.5],
        "predicted b": [2.0, 1.0, 3.0], "b from": [1.5, 0.5, 2.5], "b to": [2.5, 1.5, 3.5],
    }  # fmt: skip

    measured = choose(table, minimise=("a", "b"))
    predicted = choose(table, minimise=("predicted a", "b"))

    assert measured.front["source_row"].to_list() == [1, 2]
    assert {"prediction_beside", "certain_objectives"} <= measured.codes
    assert sorted(predicted.front["source_row"].to_list()) == [2, 3]
    assert not {"prediction_beside", "certain_objectives"} & predicted.codes


def test_of_a_wanted_value_the_reference_point_is_told_as_the_distance_to_it(choose: Choose) -> None:
    chosen = choose({"a": [1.0, 2.0, 4.0], "b": [3.0, 2.0, 1.0]}, minimise=("b",), wanted={"a": 1.0})

    share = next(metric for metric in chosen.result.metrics if metric.name == "hypervolume_share")
    assert "a at 3.3 from 1" in share.note


def test_a_wanted_value_is_where_the_desirability_is_1_and_both_ends_are_where_it_is_0(
    choose: Choose,
) -> None:
    found = choose({"a": [1.0, 2.0, 4.0], "b": [3.0, 2.0, 1.0]}, minimise=("b",), wanted={"a": 2.5})

    told = pl.read_csv(found.folder / "tables" / "objectives.csv").to_dicts()
    assert [(row["worthless"], row["perfect"], row["worthless_above"]) for row in told] == [
        (3.0, 1.0, None),
        (1.0, 2.5, 4.0),
    ]


def test_columns_of_the_table_keep_their_names_where_ours_are_headed_otherwise(choose: Choose) -> None:
    found = choose(
        {"cost": [1.0, 2.0], "missing": [2.0, 1.0], "limit": ["a", "b"]}, minimise=("cost", "missing")
    )

    shown = next(view for view in found.result.views if view.id == "pareto_only")
    assert [column.label for column in shown.columns][-3:] == ["cost", "missing", "limit"]
    head = next(
        openpyxl.load_workbook(found.folder / "pareto.xlsx")["pareto_only"].iter_rows(values_only=True)
    )
    assert head[-3:] == ("cost", "missing", "limit")
