"""Predictions: transforms and their inverse, the model file, and the Excel calculator recalculated by an independent engine."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, special, stats

from zerosec_analyses.linear.model_file import ModelFileError, load_model
from zerosec_analyses.linear.predict import PredictionError, predict
from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.linear.transforms import BackTransformation, Transform, smearing_nodes

pytestmark = pytest.mark.usefixtures("undrawn")

TERMS = "x + `w w` + g*工程 + x^2 + x:工程"
positive = arrays(np.float64, 8, elements=st.floats(0.01, 1000))
parameters = st.integers(-20, 20).map(lambda k: k / 10)


def process_data(n: int = 80) -> pl.DataFrame:
    rng = np.random.default_rng(11)
    x, w = rng.normal(10, 2, n).round(3), rng.normal(5, 1, n).round(3)
    g, step = rng.choice(["A", 'B "2"', "C"], n), rng.choice(["旧", "新"], n)
    z = 0.2 + 0.2 * x - 0.01 * x**2 + (g == "C") * 0.4 + (step == "新") * 0.05 * x + rng.normal(0, 0.1, n)
    return pl.DataFrame({"x": x, "w w": w, "g": g, "工程": step, "摩耗量": np.exp(z).round(5)})


@given(positive, parameters)
def test_box_cox_and_yeo_johnson_come_back(y: np.ndarray, parameter: float) -> None:
    for kind, values in (
        (TargetTransform.BOX_COX, y),
        (TargetTransform.YEO_JOHNSON, np.log(y)),
        (TargetTransform.LOG, y),
    ):
        transform = Transform(kind, parameter)
        z = transform.forward(values)
        # Near the limit of a negative power digits are lost in z itself: compare there.
        np.testing.assert_allclose(transform.forward(transform.inverse(z)), z, rtol=1e-9, atol=1e-9)


def test_smearing_gives_the_mean_and_the_inverse_the_median() -> None:
    rng = np.random.default_rng(0)
    residuals = rng.normal(0, 0.7, 200_000)
    log = Transform(TargetTransform.LOG)
    fitted = np.array([1.0])

    median = BackTransformation(log).predict(fitted)[0]
    mean = BackTransformation(log, smearing_nodes(TargetTransform.LOG, residuals)).predict(fitted)[0]

    assert median == pytest.approx(np.exp(1.0))
    assert mean == pytest.approx(np.exp(1.0 + 0.7**2 / 2), rel=5e-3)


def test_the_box_cox_parameter_is_found_given_the_terms(fit: Callable[..., Any]) -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(0, 10, 400)
    root = 3 + x + rng.normal(0, 0.3, 400)  # sqrt(y) is linear: parameter 1/2
    done = fit(pl.DataFrame({"x": x, "y": root**2}), target="y", target_transform="box_cox")

    assert done.metrics["transform_parameter"] == pytest.approx(0.5, abs=0.05)


def test_the_parameter_and_its_interval_are_those_of_the_likelihood(fit: Callable[..., Any]) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(3, 1, 25).round(3)
    y = np.exp(0.3 + 0.4 * x + rng.normal(0, 0.3, 25)).round(5)
    design = np.column_stack([np.ones(25), x])

    def likelihood(parameter: float) -> float:
        z = special.boxcox(y, parameter)
        residuals = z - design @ np.linalg.lstsq(design, z, rcond=None)[0]
        return float(-12.5 * np.log((residuals**2).mean()) + (parameter - 1) * np.log(y).sum())

    best = optimize.minimize_scalar(lambda at: -likelihood(at), bounds=(-2, 2), method="bounded").x
    level = likelihood(best) - stats.chi2.ppf(0.95, 1) / 2
    low, high = (optimize.brentq(lambda at: likelihood(at) - level, best, end) for end in (-3, 3))
    done = fit(pl.DataFrame({"x": x, "y": y}), target="y", target_transform="box_cox")

    metric = next(m for m in done.result.metrics if m.name == "transform_parameter")
    assert metric.value == pytest.approx(best, abs=0.0051)
    assert f"interval {low:.2f} to {high:.2f}" in metric.note


CASES: list[dict[str, Any]] = [
    {},
    {"target_transform": "log"},
    {"target_transform": "log", "back_transform": "mean"},
    {"target_transform": "box_cox"},
    {"target_transform": "box_cox", "back_transform": "mean"},
    {"target_transform": "yeo_johnson"},
    {"target_transform": "yeo_johnson", "back_transform": "mean"},
    {"method": "ridge", "cv_repeats": 1},
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case.values())) or "plain")
def test_the_model_file_predicts_what_the_analysis_fitted(
    case: dict[str, Any], fit: Callable[..., Any]
) -> None:
    data = process_data()
    done = fit(data, target="摩耗量", terms=TERMS, **case)

    model = load_model(done.folder / "model.json")
    predicted = predict(model, data.to_dict(as_series=False))

    fitted = [float(row["fitted"]) for row in done.table("rows")]
    np.testing.assert_allclose(predicted.values, fitted, rtol=1e-10)
    if predicted.low is not None and predicted.high is not None:
        inside = (predicted.low <= data["摩耗量"].to_numpy()) & (data["摩耗量"].to_numpy() <= predicted.high)
        assert inside.mean() > 0.85


@pytest.mark.parametrize(
    ("case", "file", "sheet"),
    [
        *((case, "calculator.xlsx", "ROWS") for case in CASES),
        (CASES[0], "calculator.ja.xlsx", "複数行の予測"),
        (CASES[4], "calculator.ja.xlsx", "複数行の予測"),
    ],
)
def test_the_calculator_recalculates_to_the_same_predictions(
    case: dict[str, Any], file: str, sheet: str, fit: Callable[..., Any]
) -> None:
    formulas = pytest.importorskip("formulas")
    done = fit(process_data(40), target="摩耗量", terms=TERMS, **case)
    book, lines = str(done.folder / file), range(2, 22)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the engine's own
        if (
            case.get("back_transform") == "mean"
        ):  # each line is a hundred cells, which takes the engine a second
            lines = [2, 3, 12, 21]
            wanted = [f"'[{book}]{sheet}'!{column}{line}" for line in lines for column in "EF"]
            solution = formulas.ExcelModel().from_ranges(*wanted).finish().calculate()
        else:
            solution = formulas.ExcelModel().loads(book).finish().calculate()
    cells = {key.split("]")[-1].upper(): value for key, value in solution.items()}

    def number(sheet: str, cell: str) -> float:
        return float(np.ravel(cells[f"{sheet}'!{cell}"].value)[0])

    rows = done.table("rows")
    for row in lines:
        recalculated = number(sheet, f"E{row}")
        assert recalculated == pytest.approx(float(rows[row - 2]["fitted"]), rel=1e-9)
        assert recalculated == pytest.approx(number(sheet, f"F{row}"), rel=1e-9)


def test_predicting_refuses_what_the_model_cannot_know(fit: Callable[..., Any]) -> None:
    model = load_model(fit(process_data(), target="摩耗量", terms=TERMS).folder / "model.json")
    row: dict[str, list[Any]] = {"x": [10.0], "w w": [5.0], "g": ["A"], "工程": ["旧"]}

    with pytest.raises(PredictionError, match="no column x"):
        predict(model, {name: values for name, values in row.items() if name != "x"})
    with pytest.raises(PredictionError, match="Row 1, column g: the model has not seen 'Z'"):
        predict(model, row | {"g": ["Z"]})
    with pytest.raises(PredictionError, match="Row 1, column x: the value is missing"):
        predict(model, row | {"x": [None]})
    with pytest.raises(PredictionError, match="'abc' is not a number"):
        predict(model, row | {"x": ["abc"]})
    (outside,) = predict(model, row | {"x": [99.0]}).outside
    assert (outside.column, outside.value) == ("x", 99.0)


def test_a_model_file_that_is_not_one_is_refused_in_words(tmp_path: Path, fit: Callable[..., Any]) -> None:
    path = tmp_path / "model.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ModelFileError, match="is not a linear model file"):
        load_model(path)
    good = json.loads(
        (fit(process_data(), target="摩耗量", terms="x").folder / "model.json").read_text(encoding="utf-8")
    )
    good["terms"][1]["powers"][0]["column"] = "nobody"
    path.write_text(json.dumps(good), encoding="utf-8")
    with pytest.raises(ModelFileError, match="nobody"):
        load_model(path)
