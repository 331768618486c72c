"""A column is the model's where its name looks the same, whatever signs it is written with; and never where two could be meant."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.unit.prediction.test_prediction import built, measured

from zerosec_analyses.prediction.method import run
from zerosec_analyses.prediction.preview import preview
from zerosec_analyses.prediction.spec import PredictionParameters
from zerosec_analyses.prediction.spelling import spelt_otherwise
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.views import Result

GREEK, SIGN = "\u03bc", "\u00b5"
IN_THE_MODEL = {"x": f"幅({GREEK}m)", "kind": "ブラシ（種類）"}
IN_THE_TABLE = {"x": f"幅({SIGN}m)", "kind": "フ\u3099ラシ(種類)"}
"""The sign for micro; and a kana in two parts, as another system writes names."""


@pytest.mark.parametrize(
    ("needed", "there"),
    [
        (f"d ({GREEK}m)", f"d ({SIGN}m)"),
        ("d(μm)", "d(㎛)"),
        ("重さ（g）", "重さ(g)"),
        ("抵抗 Ω", "抵抗 \u2126"),
        ("ブラシ", "ﾌﾞﾗｼ"),
        ("a b", "a\u00a0b"),
    ],
)
def test_what_looks_the_same_is_taken(needed: str, there: str) -> None:
    assert spelt_otherwise([needed], ["other", there]) == {needed: there}


@pytest.mark.parametrize(
    ("needed", "there"),
    [
        (["x²"], ["x2"]),
        (["x①"], ["x1"]),
        (["x"], ["X"]),
        ([GREEK], [GREEK, SIGN]),
        (["a（g）"], ["a(g)", "a（g)"]),
        ([GREEK, SIGN], [SIGN]),
    ],
)
def test_what_reads_otherwise_is_there_or_could_be_two_is_not_taken(
    needed: list[str], there: list[str]
) -> None:
    assert spelt_otherwise(needed, there) == {}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = measured(60, 1).with_columns(
        kind=pl.when(pl.col("kind") == "a").then(pl.lit("01")).otherwise(pl.lit("b"))
    )
    return built(tmp_path_factory.mktemp("model"), data.rename(IN_THE_MODEL), "linear")


@pytest.fixture
def predicted(model: Path, tmp_path: Path) -> Callable[..., tuple[pl.DataFrame, Result]]:
    def go(frame: pl.DataFrame, step: Callable[..., Any] = run) -> tuple[pl.DataFrame, Result]:
        frame.write_csv(tmp_path / "new.csv")
        ctx = Context.for_notebook(tmp_path / "out", rows=tmp_path / "new.csv", model=model)
        step(ctx, PredictionParameters())
        written = tmp_path / "out" / "predictions.parquet"
        return pl.read_parquet(written) if step is run else frame, ctx.outcome().result

    return go


def test_predictions_are_those_of_the_models_own_names_and_it_is_said(
    predicted: Callable[..., tuple[pl.DataFrame, Result]],
) -> None:
    new = measured(20, 2).drop("y").with_columns(kind=pl.lit("01"))
    own, quiet = predicted(new.rename(IN_THE_MODEL))
    other, result = predicted(new.rename(IN_THE_TABLE))
    _, before = predicted(new.rename(IN_THE_TABLE), preview)

    assert other.equals(own)
    assert "columns_spelt_otherwise" not in {notice.code for notice in quiet.warnings}
    for said in (result, before):
        (told,) = [notice.message for notice in said.warnings if notice.code == "columns_spelt_otherwise"]
        assert told.startswith("2 columns are named with other signs")


def test_where_two_could_be_meant_their_signs_are_told_apart(
    predicted: Callable[..., tuple[pl.DataFrame, Result]],
) -> None:
    new = measured(20, 2).drop("y").rename(IN_THE_MODEL | {"x": f"幅({SIGN}m)"})
    with pytest.raises(InputError, match="no column") as refused:
        predicted(new.with_columns(pl.lit(1.0).alias("幅(㎛)")))

    assert "U+00B5" in str(refused.value.detail)
    assert "U+339B" in str(refused.value.detail)
