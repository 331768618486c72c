"""The preview of a design: model against runs, what the conditions leave, the cost, and what the run would refuse."""

from pathlib import Path
from typing import Any

import pytest
from tests.unit.optimal_design.conftest import grid, table_text

from zerosec_analyses.optimal_design.preview import preview
from zerosec_analyses.optimal_design.spec import ANALYSIS
from zerosec_analyses.preview import preview as shown
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.views import NOT_YET, Result

STEP = ANALYSIS.step(None)
THREE = (-1, 0, 1)


def previewed(folder: Path, candidates: str | None = None, **parameters: Any) -> Result:
    inputs = {}
    if candidates is not None:
        inputs["candidates"] = folder / "candidates.csv"
        inputs["candidates"].write_text(candidates, "utf-8")
    ctx = Context.for_notebook(folder / "out", **inputs)
    shown(STEP, preview, ctx, STEP.draft(parameters))  # type: ignore[arg-type]
    return ctx.outcome().result


def numbers(result: Result) -> dict[str, Any]:
    return {metric.name: metric.value for metric in result.metrics}


def test_it_says_how_large_the_model_is_beside_the_runs(tmp_path: Path) -> None:
    text = table_text(grid(THREE, THREE, ["a", "b", "c"]), ["速度", "depth", "tool"])

    result = previewed(
        tmp_path,
        text,
        runs=20,
        model="(速度 + depth + tool)^2",
        constraints="速度 + depth < 2",
        effort="quick",
    )

    told = numbers(result)
    assert (told["candidates"], told["runs"]) == (24, 20)
    assert told["coefficients"] == 1 + 1 + 1 + 2 + 1 + 2 + 2
    assert told["residual_degrees_of_freedom"] == 10
    assert told["seconds"] == 2
    assert [notice.code for notice in result.warnings] == ["conditions"]
    table = next(view for view in result.views if view.id == "factors")
    assert [row[0] for row in table.rows] == ["速度", "depth", "tool"]  # type: ignore[union-attr]


def test_an_empty_form_asks_for_the_list(tmp_path: Path) -> None:
    (notice,) = previewed(tmp_path, runs=8).warnings

    assert (notice.code, notice.message) == (NOT_YET, "Choose “Possible runs” first.")


def test_a_number_of_runs_that_is_no_number_is_asked_for(tmp_path: Path) -> None:
    result = previewed(tmp_path, table_text(grid(THREE, THREE)), runs="many")

    assert result.warnings[-1].message == "“Runs” is not right yet."


def test_it_refuses_what_the_run_would_refuse_and_shows_what_it_knew(tmp_path: Path) -> None:
    candidates = tmp_path / "candidates.csv"
    candidates.write_text(table_text(grid(THREE, THREE, THREE)), "utf-8")
    ctx = Context.for_notebook(tmp_path / "out", candidates=candidates)

    with pytest.raises(InputError, match="9 runs cannot estimate the 10 coefficients"):
        preview(ctx, STEP.draft({"runs": 9, "model": "quadratic"}))  # type: ignore[arg-type]

    assert numbers(ctx.outcome().result)["coefficients"] == 10


def test_as_many_runs_as_coefficients_is_warned_of(tmp_path: Path) -> None:
    result = previewed(tmp_path, table_text(grid(THREE, THREE)), runs=6, model="quadratic")

    assert [notice.code for notice in result.warnings] == ["no_error_estimate"]


@pytest.mark.parametrize("example", ANALYSIS.examples, ids=lambda example: example.title[:9])
def test_the_examples_are_whole(tmp_path: Path, example: Any) -> None:
    folder = Path(__file__).parents[3] / "examples"
    inputs = {slot: [folder / name for name in names] for slot, names in example.inputs.items()}
    ctx = Context.for_notebook(tmp_path / "out", **inputs)

    preview(ctx, STEP.validate(example.parameters))  # type: ignore[arg-type]

    assert numbers(ctx.outcome().result)["residual_degrees_of_freedom"] > 0
