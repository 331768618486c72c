"""New rows are predicted by a saved model: a missing column is refused by name, what the model has not seen is flagged."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure

from zerosec_analyses.modelling.domain import Domain, domain_of
from zerosec_analyses.nonlinear.method import run as build
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.prediction.method import run
from zerosec_analyses.prediction.preview import preview
from zerosec_analyses.prediction.spec import PredictionParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.sdk import Context, InputError, MissingInputError
from zerosec_shared.texts import texts_of
from zerosec_shared.views import TableView


def measured(n: int, seed: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    x, kind = rng.uniform(-2, 2, n), rng.choice(["a", "b"], n)
    z = rng.uniform(0, 1, n)
    y = np.sin(2 * x) + (kind == "a") + z + rng.normal(0, 0.2, n)
    return pl.DataFrame({"x": x, "kind": kind, "z": z, "y": y})


def built(
    folder: Path, data: pl.DataFrame, *models: str, trials: int = 1, outer_folds: int = 3, **more: Any
) -> Path:
    """A model of `y`, built without pictures."""
    data.write_csv(folder / "data.csv")

    def blank(pictures: Pictures, _figure: Figure, name: str) -> None:
        (pictures.folder / f"{name}.svg").write_text("<svg/>", encoding="utf-8")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pictures, "_write", blank)
        params = NonlinearParameters(
            target=("y",), models=models, trials=trials, outer_folds=outer_folds, repeats=1, inner_folds=2, shap_rows=0,
            **more,
        )  # fmt: skip
        build(Context.for_notebook(folder / "out", data=folder / "data.csv"), params)
    return folder / "out" / "model.zip"


def built_on_150_rows(folder: Path, seed: int) -> Path:
    return built(folder, measured(150, seed), "linear", "support_vectors", trials=6, outer_folds=5)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_on_150_rows(tmp_path_factory.mktemp("model"), 1)


@pytest.fixture
def predict(model: Path, tmp_path: Path) -> Callable[..., Any]:
    def go(frame: pl.DataFrame, *, by: Path = model, **parameters: Any) -> tuple[pl.DataFrame, set[str]]:
        path = tmp_path / "new.csv"
        frame.write_csv(path)
        ctx = Context.for_notebook(tmp_path / "out", rows=path, model=by)
        run(ctx, PredictionParameters(**parameters))
        codes = {notice.code for notice in ctx.outcome().result.warnings}
        return pl.read_parquet(tmp_path / "out" / "predictions.parquet"), codes

    return go


def test_intervals_cover_new_rows_as_often_as_is_said(
    predict: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    new = measured(1500, 2)
    covered = []
    # what 150 rows say of their errors differs from table to table, so that one table alone would tell little
    for seed in (1, 3, 4, 5):
        found, _ = predict(new.drop("y"), by=built_on_150_rows(tmp_path_factory.mktemp("model"), seed))

        assert found.height == 1500
        assert np.corrcoef(found["predicted y"], new["y"])[0, 1] > 0.9
        covered.append(((found["y from"] <= new["y"]) & (new["y"] <= found["y to"])).mean())

    assert 0.85 <= np.mean(covered) <= 0.95


def test_batches_scored_side_by_side_are_the_same_and_in_order(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zerosec_analyses.prediction.new_rows.BATCH", 64)
    measured(1000, 7).with_row_index("row").drop("y").write_csv(tmp_path / "new.csv")
    made = {}
    for threads in (1, 3):
        ctx = Context.for_notebook(tmp_path / str(threads), rows=tmp_path / "new.csv", model=model)
        ctx.threads = threads
        run(ctx, PredictionParameters())
        made[threads] = (tmp_path / str(threads) / "predictions.csv").read_bytes()

    assert made[1] == made[3]
    assert pl.read_csv(made[1])["row"].to_list() == list(range(1000))


def test_a_missing_column_is_refused_by_name(predict: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="no column “x”") as refused:
        predict(measured(5, 3).drop("x", "z"))

    assert refused.value.detail == "Missing in all: x, z. Its columns: kind, y."


def test_text_in_a_number_column_is_refused(predict: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="x"):
        predict(measured(5, 3).with_columns(x=pl.lit("high")))


def test_true_and_false_are_no_numbers(predict: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="Column “x” holds true and false"):
        predict(measured(5, 3).with_columns(x=pl.col("x") > 0))


def test_what_the_model_has_not_seen_is_flagged_and_can_be_left_out(predict: Callable[..., Any]) -> None:
    new = pl.DataFrame(
        {
            "x": [0.0, 50.0, 0.5, None],
            "kind": ["a", "b", "q", "a"],
            "z": [0.5, 0.5, 0.5, 0.5],
            "id": [1, 2, 3, 4],
        }
    )

    found, codes = predict(new)
    kept, also = predict(new, flagged="leave_out")

    flags = dict(zip(found["id"], found["flags"], strict=True))
    assert flags[1] == ""
    assert flags[2] == "out_of_range out_of_domain"
    assert flags[3].startswith("unseen_level")
    assert flags[4].startswith("missing_value")
    assert {"out_of_range", "unseen_level", "missing_value", "out_of_domain"} <= codes
    assert kept["id"].to_list() == [1]
    assert "rows_left_out" in also


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model of a table whose `furnace` and `alloy` never change, and whose rows without a target reach farther than the others."""
    folder = tmp_path_factory.mktemp("strict")
    code = np.array(["007", "1.50", "A13", "late"])
    data = measured(120, 4).with_columns(furnace=pl.lit(20), alloy=pl.lit("steel")).with_row_index("at")
    data = data.with_columns(code=pl.Series(code[data["at"].to_numpy() % 3]))
    data = data.with_columns(y=pl.col("y") + 5 * (pl.col("code") == "007"))
    late = data.head(4).with_columns(x=pl.lit(9.0), code=pl.lit("late"), y=pl.lit(None, dtype=pl.Float64))
    return built(folder, pl.concat([data, late]).drop("at"), "linear")


def settings(**changed: Any) -> pl.DataFrame:
    one: dict[str, Any] = {"x": 0.0, "kind": "a", "z": 0.5, "furnace": 20, "alloy": "steel", "code": "A13"}
    return pl.DataFrame({name: [value] for name, value in (one | changed).items()})


@pytest.mark.parametrize(
    ("changed", "flags"),
    [
        ({}, ""),
        ({"furnace": 80}, "never_varied"),
        ({"furnace": "hot"}, "never_varied"),
        ({"furnace": None}, ""),
        ({"alloy": "copper"}, "never_varied"),
        ({"x": 8.0}, "out_of_range out_of_domain"),
        ({"code": "late"}, "unseen_level out_of_domain"),
    ],
)
def test_what_none_of_the_rows_built_on_had_is_flagged(
    predict: Callable[..., Any], strict: Path, changed: dict[str, Any], flags: str
) -> None:
    found, codes = predict(settings(**changed), by=strict)

    assert found["flags"].to_list() == [flags]
    assert set(flags.split()) <= codes


def test_a_column_that_was_left_out_as_a_repeat_is_flagged_where_it_is_none(
    predict: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tied")
    rng = np.random.default_rng(6)

    def rows(n: int) -> pl.DataFrame:
        data = measured(n, int(rng.integers(1000)))
        return data.with_columns(twice=2 * pl.col("x") + 5 + pl.Series(rng.normal(0, 0.1, n)))

    model = built(folder, rows(150), "linear")
    parted = pl.DataFrame({"x": [1.0, 1.0, 1.0], "kind": "a", "z": 0.5, "twice": [7.0, 2.0, None]})

    like, _ = predict(rows(400).drop("y"), by=model)
    found, codes = predict(parted, by=model)

    assert like["flags"].str.contains("columns_part").mean() <= 0.03
    assert found["flags"].to_list() == ["", "columns_part", ""]
    assert "columns_part" in codes


def test_a_column_that_was_constant_may_be_missing(predict: Callable[..., Any], strict: Path) -> None:
    found, _ = predict(settings().drop("furnace", "alloy"), by=strict)

    assert found["flags"].to_list() == [""]


@pytest.mark.parametrize("code", ["007", "1.50"])
def test_a_level_that_looks_like_a_number_is_the_level_it_was(
    predict: Callable[..., Any], strict: Path, code: str
) -> None:
    found, _ = predict(settings(code=code), by=strict)

    assert found["code"].to_list() == [code]
    assert found["flags"].to_list() == [""]
    assert (found["predicted y"][0] > 3) == (code == "007")


def test_a_code_written_with_a_decimal_point_is_the_code(
    predict: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As a table has it that another program wrote with gaps in the column."""
    machine = np.arange(60) % 3 + 1
    y = 3.0 * (machine == 2) + np.random.default_rng(3).normal(0, 0.1, 60)
    data = pl.DataFrame({"x": np.arange(60) / 9, "machine": machine, "y": y})
    coded = built(tmp_path_factory.mktemp("coded"), data, "linear", categorical=("machine",))

    found, _ = predict(pl.DataFrame({"x": [3.0, 3.0, 3.0], "machine": [2.0, None, 2.5]}), by=coded)

    assert found["predicted y"][0] == pytest.approx(3, abs=0.3)
    assert [flags.split()[:1] for flags in found["flags"]] == [[], ["missing_value"], ["unseen_level"]]


def test_a_file_that_is_no_model_is_refused(predict: Callable[..., Any], tmp_path: Path) -> None:
    other = tmp_path / "model-0.zip"  # in a job's workspace a file has another name than the user knows it by
    other.write_text("no")

    with pytest.raises(InputError, match="cannot be used as a model") as refused:
        predict(measured(5, 3), by=other)

    assert refused.value.detail == "It is not a model file of ZeroSec, or it is damaged."
    detail = texts_of("zerosec_analyses").find(refused.value.detail, "ja")
    assert detail == "ZeroSec のモデルファイルではないか、壊れています。"


def test_columns_that_are_named_like_the_results_are_replaced_and_that_is_said(
    predict: Callable[..., Any],
) -> None:
    plain, codes = predict(measured(5, 3).drop("y"))
    assert "columns_replaced" not in codes

    again, codes = predict(plain.with_columns(pl.lit("of mine").alias("flags")))

    assert "columns_replaced" in codes
    assert again.equals(plain)


def test_batches_and_the_whole_agree_and_rows_keep_their_order(
    predict: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = measured(700, 5)
    whole, _ = predict(new)

    monkeypatch.setattr("zerosec_analyses.prediction.new_rows.BATCH", 97)
    parts, _ = predict(new)

    assert parts["x"].to_list() == new["x"].to_list()
    assert parts["flags"].to_list() == whole["flags"].to_list()
    assert parts["predicted y"].to_numpy() == pytest.approx(whole["predicted y"].to_numpy(), abs=1e-12)


def test_single_precision_decides_no_row_near_the_limit_of_the_domain() -> None:
    rng = np.random.default_rng(3)
    points = (
        rng.normal(size=(400, 6)) + 1000
    )  # far from zero: single precision alone would tell them apart badly
    new = rng.normal(size=(3000, 6)) * 1.5 + 1000
    exact = np.sqrt(((new[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    limit = float(np.sort(exact)[1500])

    assert (Domain(points, limit).outside(new) == (exact > limit)).all()


@pytest.mark.parametrize("n", [40, 3000])
def test_replicates_make_the_domain_no_narrower(n: int) -> None:
    settings = np.random.default_rng(11).normal(size=(n, 2))
    between = np.random.default_rng(12).normal(size=(200, 2))
    _, limit = domain_of(settings)
    assert limit is not None

    points, limit_of_three = domain_of(np.repeat(settings, 3, axis=0))

    assert limit_of_three is not None
    assert np.unique(points, axis=0).shape == points.shape
    assert limit_of_three == pytest.approx(limit, rel=0.5)
    assert Domain(points, limit_of_three).outside(between).mean() < 0.15


def test_few_settings_measured_often_have_a_domain_too() -> None:
    points, limit = domain_of(np.repeat([[-1.0], [0.0], [1.0]], 30, axis=0))

    assert limit is not None
    assert Domain(points, limit).outside(np.array([[0.5], [1.9], [50.0]])).tolist() == [False, False, True]


def test_a_column_of_the_profile_is_worked_out_where_the_table_lacks_it(
    predict: Callable[..., Any],
) -> None:
    new = measured(3, 6).with_columns(pl.Series("送り速度", [100.0, 200.0, 400.0]))

    found, _ = predict(new, profile="deburring")
    kept, _ = predict(new.with_columns(加工時間=pl.lit(1.5)), profile="deburring")
    without, _ = predict(new)

    assert found["加工時間"].to_list() == [60.0, 30.0, 15.0]
    assert kept["加工時間"].to_list() == [1.5] * 3
    assert "加工時間" not in without.columns
    with pytest.raises(InputError, match="cannot be worked out"):
        predict(new.with_columns(送り速度=pl.Series([100.0, 0.0, 1.0])), profile="deburring")


def test_the_preview_says_rows_time_and_what_is_missing(model: Path, tmp_path: Path) -> None:
    data, bad = tmp_path / "new.csv", tmp_path / "bad.csv"
    measured(40, 7).write_csv(data)
    measured(40, 7).drop("z").write_csv(bad)
    params = PredictionParameters()

    def told(**files: Path) -> dict[str, Any]:
        ctx = Context.for_notebook(tmp_path / "out", **files)
        preview(ctx, params)
        return {metric.name: metric.value for metric in ctx.outcome().result.metrics}

    found = told(rows=data, model=model)
    assert (found["rows"], found["targets"], found["features"]) == (40, "y", 3)
    assert found["seconds"] >= 1
    with pytest.raises(InputError, match="no column “z”"):
        told(rows=bad, model=model)
    with pytest.raises(MissingInputError):
        told(model=model)


def test_the_table_shown_begins_with_what_was_predicted(model: Path, tmp_path: Path) -> None:
    new = measured(5, 8)
    odd = pl.int_range(0, 5, eager=True) == 0
    new = new.with_columns(
        x=pl.when(odd).then(2.5).otherwise(pl.col("x")), z=pl.when(odd).then(None).otherwise(pl.col("z"))
    )
    new.write_csv(tmp_path / "new.csv")
    ctx = Context.for_notebook(tmp_path / "out", rows=tmp_path / "new.csv", model=model)

    run(ctx, PredictionParameters())

    views = {view.id: view for view in ctx.outcome().result.views}
    shown = views["predictions"]
    assert isinstance(shown, TableView)
    assert [column.name for column in shown.columns][:4] == ["predicted y", "y from", "y to", "flags"]
    labels = [column.label for column in shown.columns][:4]
    assert labels == ["y, predicted", "y from", "y to", "unlike the data of the model"]
    assert shown.rows[0][3] == "out of range, value missing, far from all data"
    assert (tmp_path / "out" / "predictions.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert pl.read_excel(tmp_path / "out" / "predictions.xlsx").height == 5


def test_what_was_left_out_in_reading_is_said(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("x,kind,z,other\n1,a,0.5,\n,,,\n1,b,inf,inf\n", encoding="utf-8")
    ctx = Context.for_notebook(tmp_path / "out", rows=path, model=model)

    run(ctx, PredictionParameters())

    said = {notice.code: notice.message for notice in ctx.outcome().result.warnings}
    assert "1 row with nothing in it was left out" in said["reading_empty_rows"]
    assert said["reading_not_finite"].startswith("z:"), "and nothing of columns that only are carried along"


def test_one_row_alone_is_predicted_without_a_remark(predict: Callable[..., Any]) -> None:
    found, codes = predict(measured(150, 1).head(1))

    assert found.height == 1
    assert codes == set()


def test_a_number_that_cannot_be_computed_with_is_refused_by_its_row(predict: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="Row 3, column “x”: 1e\\+308 is too large"):
        predict(measured(5, 3).with_columns(x=pl.Series([0.0, 1e308, 0.0, None, 0.0])))


def test_a_minus_that_the_model_knows_is_a_value_in_new_rows_without_a_plus(
    tmp_path: Path, predict: Callable[..., Any]
) -> None:
    signs = measured(150, 1).with_columns(pl.col("kind").replace({"a": "+", "b": "-"}))
    signs.write_csv(tmp_path / "data.csv")
    params = NonlinearParameters(
        target=("y",), models=("linear",), trials=2, outer_folds=3, repeats=1, inner_folds=2, shap_rows=0
    )
    build(Context.for_notebook(tmp_path / "built", data=tmp_path / "data.csv"), params)

    found, codes = predict(signs.filter(pl.col("kind") == "-").drop("y"), by=tmp_path / "built" / "model.zip")

    assert found["predicted y"].null_count() == 0
    assert "unseen_level" not in codes
    assert abs(found["predicted y"].mean() - signs.filter(pl.col("kind") == "-")["y"].mean()) < 0.2


TREES_AND_OTHERS = (
    "linear", "elastic_net", "support_vectors", "gaussian_process", "extra_trees", "random_forest", "gradient_boosting",
    "lightgbm", "xgboost", "catboost",
)  # fmt: skip


@pytest.mark.parametrize("kind", TREES_AND_OTHERS)
def test_a_number_beyond_single_precision_is_flagged_and_spoils_no_other_row(
    kind: str, tmp_path: Path, predict: Callable[..., Any]
) -> None:
    model = built(tmp_path, measured(60, 2), kind, stack=False)
    rows = measured(4, 3).drop("y")
    wild = rows.with_columns(x=pl.Series([1e60, *rows["x"][1:]]))

    found, codes = predict(wild, by=model)
    calm, _ = predict(rows, by=model)

    assert found["predicted y"].is_finite().all()
    assert found["predicted y"][1:].to_list() == calm["predicted y"][1:].to_list()
    assert "out_of_range" in found["flags"][0]
    assert "out_of_domain" in found["flags"][0]
    assert {"out_of_range", "out_of_domain"} <= codes


def test_a_model_file_whose_rows_of_experience_have_other_columns_is_refused(
    model: Path, tmp_path: Path, predict: Callable[..., Any]
) -> None:
    path = tmp_path / "ragged.zip"
    with zipfile.ZipFile(model) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "model.json":
                told = json.loads(content)
                told["targets"][0]["domain"][3].pop()
                content = json.dumps(told).encode()
            new.writestr(name, content)

    with pytest.raises(InputError, match="cannot be used as a model") as refused:
        predict(measured(5, 3), by=path)

    assert "where it has experience" in str(refused.value.detail)
