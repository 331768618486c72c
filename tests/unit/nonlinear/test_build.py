"""A model is judged on rows it never saw, explained, kept, and the same for the same seed."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from openpyxl import load_workbook

from zerosec_analyses.classification.preview import preview as before_classes
from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.modelling.table import Choice, read_model_table
from zerosec_analyses.nonlinear.preview import preview as before
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.translations import in_language


def curved(n: int = 80, seed: int = 3) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    x, z = rng.uniform(-2, 2, n), rng.normal(size=n)
    kind = rng.choice(["a", "b"], n)
    y = np.sin(2 * x) + 0.3 * z + (kind == "a") + rng.normal(0, 0.1, n)
    return pl.DataFrame({"x": x, "z": z, "kind": kind, "y": y})


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    return curved()


def test_the_headline_is_of_rows_no_model_had_seen(build: Callable[..., Any], frame: pl.DataFrame) -> None:
    done = build(frame, target=("y",))

    rows = done.table("predictions")
    errors = np.array([float(row["observed"]) - float(row["predicted"]) for row in rows])
    assert len(rows) == frame.height
    assert done.metrics["rmse_out_of_fold"] == pytest.approx(math.sqrt(np.mean(errors**2)), rel=1e-12)
    assert done.metrics["mae_out_of_fold"] == pytest.approx(np.abs(errors).mean(), rel=1e-12)
    assert 0.5 < done.metrics["r2_out_of_fold"] < 0.99
    squared = spread = 0.0
    for fold in {row["fold"] for row in rows}:
        mean = np.mean([float(row["observed"]) for row in rows if row["fold"] != fold])
        for row in (row for row in rows if row["fold"] == fold):
            squared += (float(row["observed"]) - float(row["predicted"])) ** 2
            spread += (float(row["observed"]) - mean) ** 2
    assert {row["fold"] for row in rows} == {"1", "2", "3"}
    assert done.metrics["r2_out_of_fold"] == pytest.approx(1 - squared / spread, rel=1e-12)
    headline = [metric.name for metric in done.result.metrics if metric.headline]
    assert headline == ["r2_out_of_fold", "rmse_out_of_fold", "mae_out_of_fold"]
    assert done.metrics["model"] in {"linear", "support_vectors", "stack"}


def test_everything_that_is_shown_has_its_file(build: Callable[..., Any], frame: pl.DataFrame) -> None:
    done = build(frame, target=("y",))

    names = {path.relative_to(done.folder).as_posix() for path in done.folder.rglob("*") if path.is_file()}
    wanted = {"report.html", "report.ja.html", "model.zip", "nonlinear_model.xlsx", "nonlinear_model.ja.xlsx"}
    assert wanted <= names
    sources = {view.source for view in done.result.views if view.source}
    assert sources <= names
    kinds = {view.id: view.kind for view in done.result.views}
    for view in ("predicted_vs_observed", "residuals", "learning_curve", "feature_importance", "shap_summary",
                 "waterfall", "dependence_1", "leaderboard", "importance", "shap", "trials"):  # fmt: skip
        assert view in kinds
    assert "特徴量の重要度" in (done.folder / "report.ja.html").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_numbers(build: Callable[..., Any], frame: pl.DataFrame) -> None:
    one, other = build(frame, target=("y",), seed=5), build(frame, target=("y",), seed=5)

    for name in ("leaderboard", "predictions", "shap", "trials", "importance"):
        assert one.table(name) == other.table(name)


def test_several_targets_get_a_model_each_and_never_explain_each_other(
    build: Callable[..., Any], frame: pl.DataFrame
) -> None:
    done = build(frame.with_columns(w=pl.col("x") * 2 + pl.col("y") * 0), target=("y", "w"), shap_rows=20)

    assert {"r2_out_of_fold", "r2_out_of_fold_2", "model_2"} <= done.metrics.keys()
    assert done.metrics["r2_out_of_fold_2"] > 0.99
    assert {row["feature"] for row in done.table("importance")} == {"x", "z", "kind"}
    assert max(counters.get("targets", 0) for counters in done.counters) == 2


def test_shap_values_add_up_to_the_prediction_of_each_row(
    build: Callable[..., Any], frame: pl.DataFrame
) -> None:
    done = build(frame, target=("y",), shap_rows=15)

    rows = done.table("shap")
    assert len(rows) == 15
    for row in rows:
        parts = sum(float(row[name]) for name in ("x", "z", "kind"))
        assert float(row["baseline"]) + parts == pytest.approx(float(row["prediction"]), abs=1e-9)


def test_rows_that_are_named_are_explained_one_by_one(build: Callable[..., Any], frame: pl.DataFrame) -> None:
    done = build(frame, target=("y",), shap_rows=5, explain_rows=(7, 33))

    falls = {view.id: view for view in done.result.views if view.id.startswith("waterfall")}
    assert set(falls) == {
        "waterfall_row_7", "waterfall_row_33", "waterfall", "waterfall_middle", "waterfall_lowest"
    }  # fmt: skip
    rows = {int(line["file_row"]): line for line in done.table("shap")}
    assert {7, 33} <= set(rows)
    for row in (7, 33):
        whole = float(rows[row]["prediction"]) - float(rows[row]["baseline"])
        assert sum(falls[f"waterfall_row_{row}"].series[0].y) == pytest.approx(whole)
    predicted = {row: float(line["prediction"]) for row, line in rows.items()}
    assert str(max(predicted, key=predicted.__getitem__)) in falls["waterfall"].title
    assert str(min(predicted, key=predicted.__getitem__)) in falls["waterfall_lowest"].title


@pytest.mark.parametrize("trees", ["xgboost", "catboost"])
def test_interactions_of_boosted_trees_are_exact_and_said_to_be(
    build: Callable[..., Any], trees: str
) -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(150, 3)).round(3)
    frame = pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": 2 * x[:, 0] * x[:, 1] + x[:, 2]})

    done = build(frame, target=("y",), models=("linear", trees), target_transform="none", shap_rows=20)

    pairs = done.table("shap_interactions")
    assert {pairs[0]["feature"], pairs[0]["with_feature"]} == {"a", "b"}
    assert float(pairs[0]["interaction"]) > 3 * float(pairs[1]["interaction"])
    assert {line["interaction_error"] for line in pairs} == {""}
    view = next(view for view in done.result.views if view.id == "shap_interactions")
    assert "exact" in view.caption


def test_a_row_that_is_not_there_cannot_be_explained(build: Callable[..., Any], frame: pl.DataFrame) -> None:
    with pytest.raises(InputError, match="Row 9,999 cannot be explained"):
        build(frame, target=("y",), explain_rows=(9999,))


def test_rows_without_a_target_and_gaps_are_said(build: Callable[..., Any], frame: pl.DataFrame) -> None:
    holed = frame.with_columns(
        y=pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise(pl.col("y")),
        z=pl.when(pl.int_range(pl.len()) % 4 == 0).then(None).otherwise(pl.col("z")),
        note=pl.int_range(pl.len()).cast(pl.String) + "th",
        same=pl.lit(1),
    )

    done = build(holed, target=("y",))

    assert {"rows_without_target", "values_imputed", "columns_left_out"} <= done.codes
    assert done.metrics["n_rows"] == 75
    assert {row["column"] for row in done.table("dropped")} == {"note", "same"}


def test_of_two_columns_that_say_the_same_one_is_left_out_with_its_reason(
    build: Callable[..., Any], frame: pl.DataFrame
) -> None:
    done = build(frame.with_columns(x_in_mm=pl.col("x") * 1000), target=("y",), top_features=2)

    reasons = {row["column"]: row["reason"] for row in done.table("dropped")}
    assert "nearly repeats another feature" in {reasons.get("x"), reasons.get("x_in_mm")}
    assert "less important than the features that are kept" in reasons.values()


def test_a_run_that_is_asked_to_finish_still_scores_every_row(
    build: Callable[..., Any], frame: pl.DataFrame
) -> None:
    done = build(frame, target=("y",), trials=50, finish=True)

    assert "finished_early" in done.codes
    assert all(row["predicted"] for row in done.table("predictions"))
    assert done.metrics["trials_done"] == 2 * 4


def test_a_budget_is_kept_and_said_not_to_be_repeatable(
    build: Callable[..., Any], frame: pl.DataFrame
) -> None:
    done = build(frame, target=("y",), trials=0, budget=1)

    assert {"not_repeatable", "budget_used_up"} <= done.codes


def test_the_saved_model_predicts_what_the_fitted_one_did(
    build: Callable[..., Any], frame: pl.DataFrame, tmp_path: Path
) -> None:
    done = build(
        frame, target=("y",), models=("elastic_net", "gaussian_process", "gradient_boosting", "lightgbm", "xgboost", "catboost"),
        trials=1, outer_folds=2, target_units={"y": "mm"},
    )  # fmt: skip

    head, models = load_models(done.folder / "model.zip")
    path = tmp_path / "again.csv"
    frame.write_csv(path)
    table = read_model_table(path, None, Choice(("y",)))
    found = models["y"].predict(table.values)
    explained = {int(row["file_row"]): float(row["prediction"]) for row in done.table("shap")}
    assert explained == {
        number + 2: pytest.approx(float(value), rel=1e-9) for number, value in enumerate(found)
    }
    saved = head.targets[0]
    assert (saved.target, saved.unit, head.seed) == ("y", "mm", 1)
    assert len(head.input_sha256) == 64
    assert {feature.name for feature in head.features} == {"x", "z", "kind"}
    assert head.versions["sklearn"]
    assert saved.metrics["r2_out_of_fold"] == done.metrics["r2_out_of_fold"]


def test_a_saved_model_of_skewed_columns_predicts_what_the_fitted_one_did(
    build: Callable[..., Any], frame: pl.DataFrame, tmp_path: Path
) -> None:
    skewed = frame.with_columns(z=(pl.col("z") - pl.col("z").mean()).exp().pow(3))
    done = build(skewed, target=("y",), models=("elastic_net",), trials=1, outer_folds=2)

    head, models = load_models(done.folder / "model.zip")

    assert head.targets[0].pipelines["elastic_net"].bent
    skewed.write_csv(tmp_path / "again.csv")
    table = read_model_table(tmp_path / "again.csv", None, Choice(("y",)))
    found = models["y"].predict(table.values).tolist()
    explained = {int(row["file_row"]): float(row["prediction"]) for row in done.table("shap")}
    assert explained == {number + 2: pytest.approx(value, rel=1e-9) for number, value in enumerate(found)}


def test_that_catboost_is_missing_is_said_beside_the_numbers_and_recorded(
    build: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zerosec_analyses.modelling.candidates.catboost_installed", lambda: False)

    done = build(curved(200), target=("y",), models=(), outer_folds=2, trials=1)

    assert "model_not_installed" in done.codes
    kept, _ = load_models(done.folder / "model.zip")
    assert kept.versions["catboost"] == "not installed"


def test_features_keep_their_names_where_ours_are_headed_otherwise(build: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 3))
    frame = pl.DataFrame(
        {"weight": x[:, 0], "low": x[:, 1], "Feature": x[:, 2], "y": x[:, 0] + x[:, 1] + x[:, 2]}
    )

    done = build(frame, target=("y",), models=("linear",), shap_rows=5)

    for language in ("en", "ja"):
        shown = {view.id: view for view in in_language(done.result, language).views}
        assert [column.label for column in shown["shap"].columns[3:-1]] == ["weight", "low", "Feature"]
        axes = {
            view.x.label for name, view in shown.items() if name.startswith(("dependence", "shap_dependence"))
        }
        assert axes == {"weight", "low", "Feature"}
        assert shown["feature_importance"].y.label == {"en": "Importance", "ja": "重要度"}[language]
    for book in ("nonlinear_model.xlsx", "nonlinear_model.ja.xlsx"):
        sheets = [
            next(sheet.iter_rows(max_row=1, values_only=True)) for sheet in load_workbook(done.folder / book)
        ]
        assert any(head[3:-1] == ("weight", "low", "Feature") for head in sheets)
    assert "スタッキングの重み</th><th>下限" not in (done.folder / "report.ja.html").read_text(
        encoding="utf-8"
    )


def test_what_each_of_several_models_is_made_of_is_said_by_target(
    build: Callable[..., Any], frame: pl.DataFrame
) -> None:
    done = build(frame.with_columns(w=pl.col("x") * 2), target=("y", "w"), shap_rows=0)

    said = next(view.text for view in done.result.views if view.id == "made_of")
    first, second = said.split("; ")
    assert first.startswith("y: ")
    assert second.startswith("w: ")


@pytest.mark.parametrize("analysis", ["nonlinear", "classification"])
def test_what_is_doubtful_in_reading_is_said_before_the_run(tmp_path: Path, analysis: str) -> None:
    lines = [f"{k};{k % 5},{k % 7};{k / 8:g};{'OK' if k % 3 else 'NG'}" for k in range(1, 60)]
    (tmp_path / "data.csv").write_text(
        "\n".join(["x;z;w;y" if analysis == "classification" else "x;z;y;w", *lines])
    )
    ctx = Context.for_notebook(tmp_path / "out", data=tmp_path / "data.csv")

    if analysis == "nonlinear":
        before(ctx, NonlinearParameters(target=("y",)))
    else:
        before_classes(ctx, ClassificationParameters(target="y"))

    (told,) = [one for one in ctx.outcome().result.warnings if one.code == "reading_two_decimals"]
    assert told.hint.startswith("Where the numbers with a comma are needed")
