"""A formula that was typed is fitted, judged on rows it was not fitted to, and refused where it cannot be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.formula_fit.derivatives import Model
from zerosec_analyses.formula_fit.method import run
from zerosec_analyses.formula_fit.preview import preview
from zerosec_analyses.formula_fit.spec import ANALYSIS, FormulaParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import AnalysisError, Context, InputError
from zerosec_shared.formulas import parse
from zerosec_shared.texts import texts_of


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def blank(pictures: Pictures, _figure: Figure, name: str) -> None:
        path = pictures.folder / f"{name}.svg"
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', encoding="utf-8")

    monkeypatch.setattr(Pictures, "_write", blank)


@pytest.fixture
def fit(tmp_path: Path) -> Callable[..., Any]:
    def go(frame: pl.DataFrame, **parameters: Any) -> tuple[Any, Path]:
        path = tmp_path / "data.csv"
        frame.write_csv(path)
        ctx = Context.for_notebook(tmp_path / "out", data=path)
        ctx.texts = texts_of("zerosec_analyses.formula_fit", "zerosec_analyses", "zerosec_shared")
        run(ctx, FormulaParameters(**parameters))
        return ctx.outcome().result, tmp_path / "out"

    return go


def decay(n: int = 40, noise: float = 0.01) -> pl.DataFrame:
    x = np.linspace(0, 5, n)
    y = 3 * np.exp(-0.7 * x) + 1 + np.random.default_rng(1).normal(0, noise, n)
    return pl.DataFrame({"x": x, "y": y})


def test_constants_are_found_without_start_values_and_kept(fit: Callable[..., Any]) -> None:
    result, out = fit(decay(), target="y", formula="a * exp(-k * x) + c", starts=12)

    kept = json.loads((out / "formula.json").read_text(encoding="utf-8"))
    assert kept["constants"] == {
        "a": pytest.approx(3, abs=0.05),
        "k": pytest.approx(0.7, abs=0.02),
        "c": pytest.approx(1, abs=0.05),
    }
    assert kept["ranges"] == {"x": [0, 5]}
    metrics = {metric.name: metric.value for metric in result.metrics}
    assert metrics["r2_out_of_fold"] > 0.99
    assert metrics["starts_that_agree"] > 1
    views = {view.id: view for view in result.views}
    assert {"fit", "constants", "residuals"} <= set(views)
    measured, curve = views["fit"].series
    assert (len(measured.x), len(curve.x)) == (metrics["n_rows"], 200)
    assert (measured.name, curve.name) == ("Data", "Formula")
    report = (out / "report.ja.html").read_text(encoding="utf-8")
    assert "数式" in report


@pytest.mark.parametrize(
    "text",
    ["a * exp(b * x) / (1 + c * x)", "a * x ^ b + log(x + c ^ 2)", "sqrt(a + x) * sin(b * x) - cos(c * x)",
     "atan(a * x) + abs(b) * x - -c", "log(x + a ^ 2, 10) * b ^ x + c"],
)  # fmt: skip
def test_derivatives_are_those_of_differences(text: str) -> None:
    x = np.linspace(0.5, 2, 7)
    model = Model(parse(text), {"x": x}, ("a", "b", "c"))
    at = np.array([0.9, 0.4, 0.7])

    value, slopes = model.evaluate(at)

    assert np.isfinite(value).all()
    for place in range(3):
        step = np.zeros(3)
        step[place] = 1e-6
        change = (model.value(at + step) - model.value(at - step)) / 2e-6
        assert slopes[:, place] == pytest.approx(change, rel=1e-6, abs=1e-8)


def test_constants_the_data_cannot_tell_apart_are_said(fit: Callable[..., Any]) -> None:
    result, _ = fit(decay(), target="y", formula="a * b * exp(-0.7 * x)", start={"a": 1, "b": 2})

    assert "not_determined" in {notice.code for notice in result.warnings}


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"formula": "a * (x"}, "cannot be read"),
        ({"formula": "2 * x"}, "no constant"),
        ({"formula": "a * y"}, "its own formula"),
        ({"formula": "if(x > 1, a, b)"}, "choice"),
        ({"formula": "a * x", "start": {"q": 1}}, "no constant “q”"),
        ({"formula": "a * text"}, "text"),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    fit: Callable[..., Any], parameters: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError) as refused:
        fit(decay().with_columns(text=pl.lit("a")), target="y", **parameters)

    assert words in str(refused.value)


def test_a_formula_that_can_be_worked_out_from_no_start_is_refused(fit: Callable[..., Any]) -> None:
    with pytest.raises(AnalysisError, match="From no start"):
        fit(decay(), target="y", formula="a * log(-x - 1)", starts=3)


def test_the_preview_tells_columns_from_constants(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    decay().write_csv(path)
    ctx = Context.for_notebook(tmp_path / "out", data=path)

    preview(ctx, ANALYSIS.steps[0].draft({"target": "y", "formula": "a * exp(-k * x)"}))  # type: ignore[arg-type]

    table = next(view for view in ctx.outcome().result.views if view.id == "names")
    assert table.rows == (("x", "column"), ("a", "constant"), ("k", "constant"))  # type: ignore[union-attr]


def test_a_number_that_cannot_be_computed_with_is_refused_by_its_row(fit: Callable[..., Any]) -> None:
    table = pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0], "y": [1.0, 2.0, 1e308, None]})

    with pytest.raises(InputError, match="column “y”: 1e\\+308 is too large"):
        fit(table, target="y", formula="a*x + b")
