"""A model of classes predicts new rows: probabilities, OK, NG or cannot say, and why; the bound holds for rows like its own."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.classification.conftest import build_in, parts

from zerosec_analyses.prediction.method import run
from zerosec_analyses.prediction.spec import PredictionParameters
from zerosec_analyses.sdk import Context
from zerosec_shared.texts import texts_of
from zerosec_shared.translations import in_language
from zerosec_shared.views import TableView


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = build_in(
        tmp_path_factory.mktemp("classes") / "run", parts(400, 3), ok_class="OK", decision="bound_both", max_false_ok=0.1,
        max_false_ng=0.1,
    )  # fmt: skip
    return built.folder / "model.zip"


def predicted(model: Path, folder: Path, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, object]]:
    frame.write_csv(folder / "new.csv")
    ctx = Context.for_notebook(folder / "out", rows=folder / "new.csv", model=model)
    run(ctx, PredictionParameters())
    metrics = {metric.name: metric.value for metric in ctx.outcome().result.metrics}
    return pl.read_parquet(folder / "out" / "predictions.parquet"), metrics


def test_new_rows_are_ok_ng_or_cannot_be_said_within_the_bounds(model: Path, tmp_path: Path) -> None:
    new = parts(3000, 2)

    found, metrics = predicted(model, tmp_path, new)

    decided = found["ok decision"]
    ng, ok = new["ok"] == "NG", new["ok"] == "OK"
    assert set(decided.unique()) == {"OK", "NG", "cannot say"}
    assert (decided.filter(ng) == "OK").mean() < 0.1
    assert (decided.filter(ok) == "NG").mean() < 0.1
    assert np.allclose(found["ok probability OK"] + found["ok probability NG"], 1)
    assert set(found.filter(pl.col("ok decision") == "cannot say")["ok why undecided"].unique()) <= {
        "between_thresholds", "out_of_domain", "unseen_level",
    }  # fmt: skip
    assert metrics["n_undecided"] == int((decided == "cannot say").sum())


def test_rows_the_model_has_no_experience_of_are_not_decided_on(model: Path, tmp_path: Path) -> None:
    new = pl.DataFrame({"force": [90.0, 3.0], "speed": [90.0, 1.5], "machine": ["a", "c"]})

    found, _ = predicted(model, tmp_path, new)

    assert found["ok decision"].to_list() == ["cannot say", "cannot say"]
    assert found["ok why undecided"].to_list() == ["out_of_domain", "unseen_level"]


def test_what_is_not_decided_is_a_word_for_programs_in_the_file_and_one_for_people_on_the_page(
    model: Path, tmp_path: Path
) -> None:
    parts(60, 9).write_csv(tmp_path / "new.csv")
    ctx = Context.for_notebook(tmp_path / "out", rows=tmp_path / "new.csv", model=model)
    ctx.texts = texts_of("zerosec_analyses.prediction", "zerosec_analyses", "zerosec_shared")

    run(ctx, PredictionParameters())

    file = pl.read_parquet(tmp_path / "out" / "predictions.parquet")["ok decision"].to_list()
    result = in_language(ctx.outcome().result, "ja")
    table = next(view for view in result.views if isinstance(view, TableView))
    place = [column.name for column in table.columns].index("ok decision")
    assert "cannot say" in file
    assert [row[place] for row in table.rows] == [
        "判定不可" if value == "cannot say" else value for value in file
    ]
