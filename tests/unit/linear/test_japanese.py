"""A linear analysis in Japanese: no text of ours is left in English, and no name of the user's is touched."""

from pathlib import Path

import pytest
from tests.conftest import ROOT

from zerosec_analyses.catalogue import load_catalogue
from zerosec_analyses.linear.method import run
from zerosec_analyses.linear.spec import LinearParameters
from zerosec_analyses.sdk import Context
from zerosec_shared.translations import in_language, texts_in
from zerosec_shared.views import Result, TableView

LINEAR = load_catalogue()["linear"]
NOT_WORDS = {"R²", "RMSE", "MAE", "VIF", "GVIF", "GVIF^(1/2df)"}


def done(folder: Path, **parameters: object) -> tuple[Context, Result]:
    ctx = Context.for_notebook(folder, data=ROOT / "examples" / "penguins.csv")
    ctx.texts = LINEAR.texts
    run(ctx, LinearParameters.model_validate({"target": "body_mass_g", **parameters}))
    return ctx, Result.model_validate_json(ctx.outcome().result.model_dump_json())


def is_japanese(text: str) -> bool:
    return any(0x3040 <= ord(sign) < 0xA000 for sign in text)


def left_in_english(result: Result) -> list[str]:
    return [
        text
        for text in texts_in(in_language(result, "ja"))
        if not is_japanese(text) and text not in NOT_WORDS
    ]


@pytest.mark.parametrize(
    "parameters",
    [
        {"terms": "species*flipper_length_mm + sex", "target_unit": "t"},
        {"terms": "flipper_length_mm + species", "method": "lasso", "missing": "impute_mean"},
        {"terms": "flipper_length_mm^2", "target_transform": "box_cox", "back_transform": "mean"},
        {"terms": "flipper_length_mm - 1", "group_column": "island", "intercept": False},
    ],
    ids=["least-squares", "lasso", "box-cox", "no-intercept"],
)
def test_every_text_of_a_result_reads_in_japanese(tmp_path: Path, parameters: dict[str, object]) -> None:
    ctx, result = done(tmp_path, **parameters)

    assert left_in_english(result) == []
    japanese = (ctx.output / "report.ja.html").read_text(encoding="utf-8")
    assert '<html lang="ja">' in japanese
    assert "方法" in japanese
    assert "How it was made" not in japanese
    assert "{" not in japanese.partition("</style>")[2].replace("{label}", "")
    assert "作成の記録" not in (ctx.output / "report.html").read_text(encoding="utf-8")


def test_the_names_of_the_user_stay(tmp_path: Path) -> None:
    _, result = done(tmp_path, terms="species*flipper_length_mm + sex", target_unit="t")

    shown = in_language(result, "ja")

    coefficients = next(view for view in shown.views if view.id == "coefficients")
    variance = next(view for view in shown.views if view.id == "anova")
    assert isinstance(coefficients, TableView)
    assert isinstance(variance, TableView)
    assert [row[0] for row in coefficients.rows][:2] == ["(Intercept)", "species[Chinstrap]"]
    assert [row[0] for row in variance.rows] == [
        "モデル", "species", "flipper_length_mm", "sex", "species:flipper_length_mm", "残差", "全体",
    ]  # fmt: skip
    units = {metric.name: metric.unit for metric in shown.metrics}
    assert units["rmse_cross_validated"] == "t"  # which is also the heading of a column
