"""Classes are judged on rows no model saw, labels of every kind are read, and what cannot be told apart is refused by name."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.unit.classification.conftest import Built, build_in, parts

from zerosec_analyses.classification.preview import preview
from zerosec_analyses.classification.spec import ANALYSIS, ClassificationParameters
from zerosec_analyses.modelling.class_scoring import UNDECIDED
from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.modelling.model_parts import ModelFileError
from zerosec_analyses.pareto.analysis import Status, candidates_of, choose
from zerosec_analyses.pareto.outputs.findings import findings
from zerosec_analyses.pareto.outputs.tables import front_frame
from zerosec_analyses.pareto.spec import FlaggedRows, ParetoParameters
from zerosec_analyses.prediction.method import run as predict
from zerosec_analyses.prediction.spec import PredictionParameters
from zerosec_analyses.sdk import Context, InputError
from zerosec_shared.tables import read_table
from zerosec_shared.translations import in_language

Build = Callable[..., Built]


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Two models, a stack, both bounds, everything explained."""
    return build_in(
        tmp_path_factory.mktemp("bounded") / "run", parts(300, 1), ok_class="OK", decision="bound_both", max_false_ok=0.15,
        max_false_ng=0.15, models=("logistic", "gradient_boosting"), shap_rows=15,
    )  # fmt: skip


def test_the_headline_is_of_rows_no_model_had_seen(bounded: Built) -> None:
    rows = bounded.table("predictions")
    losses = [-math.log(float(row[f"p_{row['actual']}"])) for row in rows]

    assert len(rows) == 300
    assert bounded.metrics["log_loss_out_of_fold"] == pytest.approx(np.mean(losses), rel=1e-12)
    headline = [metric.name for metric in bounded.result.metrics if metric.headline]
    assert headline == ["roc_auc_out_of_fold", "balanced_accuracy_out_of_fold", "log_loss_out_of_fold"]
    assert 0.7 < bounded.metrics["roc_auc_out_of_fold"] < 1
    assert 0 < bounded.metrics["brier_out_of_fold"] < 0.25
    assert bounded.metrics["model"] in {"logistic", "gradient_boosting", "stack"}
    for metric in bounded.result.metrics:
        if metric.headline:
            assert metric.low is not None
            assert metric.high is not None
            assert metric.low <= float(metric.value or 0) <= metric.high


def test_everything_that_is_shown_has_its_file(bounded: Built) -> None:
    names = {
        path.relative_to(bounded.folder).as_posix() for path in bounded.folder.rglob("*") if path.is_file()
    }

    assert {
        "report.html",
        "report.ja.html",
        "model.zip",
        "classification.xlsx",
        "classification.ja.xlsx",
    } <= names
    assert {view.source for view in bounded.result.views if view.source} <= names
    ids = {view.id for view in bounded.result.views}
    wanted = {"answer", "confusion", "roc_curve", "precision_recall", "calibration_curve", "cost_curve", "learning_curve",
              "feature_importance", "shap_summary", "waterfall", "dependence_1", "leaderboard", "classes", "decisions", "held_out"}  # fmt: skip
    assert wanted <= ids
    assert "グレーゾーン" in (bounded.folder / "report.ja.html").read_text(encoding="utf-8")


def test_every_unseen_row_is_ok_ng_or_cannot_be_said(bounded: Built) -> None:
    counts = {row["actual"]: row for row in bounded.table("decisions")}
    held = bounded.table("held_out")

    assert (
        sum(
            int(row[name])
            for row in counts.values()
            for name in ("taken_for_NG", "taken_for_OK", "cannot_say")
        )
        == 300
    )
    assert 0 < bounded.metrics["coverage_out_of_fold"] < 1
    ng = counts["NG"]
    share = int(ng["taken_for_OK"]) / sum(
        int(ng[name]) for name in ("taken_for_NG", "taken_for_OK", "cannot_say")
    )
    assert bounded.metrics["false_ok_rate_out_of_fold"] == pytest.approx(share)
    assert (
        sum(int(row[name]) for row in held for name in ("taken_for_NG", "taken_for_OK", "cannot_say")) >= 60
    )
    assert bounded.metrics["ng_at_most"] <= bounded.metrics["ok_above"]
    assert "what_the_bound_rests_on" in bounded.codes


def test_counts_and_probabilities_of_a_class_have_heads_of_their_own(bounded: Built) -> None:
    views = {view.id: view for view in bounded.result.views if view.kind == "table"}
    said = {
        name: {str(column.name): str(column.label) for column in views[name].columns}
        for name in ("decisions", "held_out", "predictions")
    }

    assert said["decisions"] == said["held_out"]
    assert said["decisions"] == {
        "actual": "actual class", "taken_for_NG": "taken for NG", "taken_for_OK": "taken for OK", "cannot_say": "cannot say"
    }  # fmt: skip
    assert said["predictions"]["p_OK"] == "probability of OK"
    shown = in_language(bounded.result, "ja")
    rows = next(view for view in shown.views if view.id == "predictions" and view.kind == "table")
    assert {column.label for column in rows.columns} >= {"OK の確率", "NG の確率"}


def test_the_same_seed_gives_the_same_numbers(build: Build) -> None:
    one, other = (build(parts(80, 2), seed=5) for _ in range(2))

    for name in ("leaderboard", "predictions", "decisions", "importance"):
        assert one.table(name) == other.table(name)
    assert one.metrics == other.metrics


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["良", "不良"], {"良", "不良"}),
        ([0, 1], {"0", "1"}),
        ([1.0, 2.0], {"1", "2"}),
        ([True, False], {"true", "false"}),
        (["a b", "=1+1"], {"a b", "=1+1"}),
    ],
)
def test_labels_of_every_kind_are_classes(build: Build, values: list[Any], labels: set[str]) -> None:
    frame = parts(60, 3)
    coded = pl.Series("ok", [values[int(one == "OK")] for one in frame["ok"]])

    done = build(frame.with_columns(coded), ok_class=sorted(labels)[0], decision="costs")

    assert {row["class"] for row in done.table("classes")} == labels
    assert done.metrics["decision"] == "costs"


def test_rows_without_a_label_are_left_out_and_said(build: Build) -> None:
    frame = parts(60, 4).with_columns(
        ok=pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise(pl.col("ok"))
    )

    done = build(frame)

    assert done.metrics["n_rows"] == 55
    assert "rows_without_target" in done.codes


def test_rare_classes_are_kept_and_what_that_means_is_said(build: Build) -> None:
    labels = ["x"] * 40 + ["y"] * 18 + ["z", "z"] + ["once"]
    rng = np.random.default_rng(5)
    frame = pl.DataFrame({"a": rng.normal(size=61), "b": rng.normal(size=61), "ok": labels})

    done = build(frame)

    assert "rare_classes" in done.codes
    rows = {row["class"]: row for row in done.table("classes")}
    assert rows["once"]["rows"] == "1"
    assert float(rows["once"]["recall"]) == 0
    assert math.isfinite(done.metrics["log_loss_out_of_fold"])


def test_a_hundred_classes_are_told_apart(build: Build) -> None:
    rng = np.random.default_rng(6)
    code = np.repeat(np.arange(100), 3)
    frame = pl.DataFrame(
        {
            "a": code % 10 + rng.normal(0, 0.1, 300),
            "b": code // 10 + rng.normal(0, 0.1, 300),
            "ok": [f"c{c:03}" for c in code],
        }
    )

    done = build(frame, models=("extra_trees",))

    assert done.metrics["n_classes"] == 100
    assert done.metrics["roc_auc_out_of_fold"] > 0.9
    head, models = load_models(done.folder / "model.zip")
    assert len(head.targets[0].classes.labels) == 100  # type: ignore[union-attr]
    p = models["ok"].predict(np.array([[0.0, 0.0]]))
    assert p.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"target": "nothing"}, "no column “nothing”"),
        ({"target": "same"}, "is “1” in all 40 rows"),
        ({"target": "number"}, "a quantity rather than classes"),
        ({"decision": "bound_false_ok"}, "Which class is OK?"),
        ({"decision": "costs"}, "Which class is OK?"),
        ({"ok_class": "good"}, "no class “good”"),
        ({"decision": "costs", "ok_class": "OK", "costs": {"OK as bad": "3"}}, "names no two classes"),
        ({"decision": "costs", "costs": {"OK as NG": "much"}}, "a number from 0 is needed"),
        ({"decision": "costs", "ok_class": "OK", "cost_false_ok": 0, "cost_false_ng": 0}, "Every error costs nothing"),
        ({"decision": "costs", "costs": {"OK as NG": "-1"}}, "a number from 0 is needed"),
        ({"groups": "same"}, "make only 1 group "),
        ({"features": ("same",)}, "No column is left"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_by_name(
    build: Build, parameters: dict[str, Any], words: str
) -> None:
    frame = parts(40, 7).with_columns(same=pl.lit(1), number=pl.col("force") * 1.5)

    with pytest.raises(InputError) as refused:
        build(frame, **parameters)

    assert words in " ".join([*map(str, refused.value.args), refused.value.detail])


def test_too_few_ng_rows_for_a_bound_are_said_with_how_many_it_needs(build: Build) -> None:
    done = build(parts(60, 8), ok_class="OK", decision="bound_false_ok")

    notice = next(one for one in done.result.warnings if one.code == "not_enough_rows_for_the_bound")
    assert "59" in notice.message
    assert done.metrics["ok_above"] is None
    assert all(row["decided"] != "OK" for row in done.table("predictions"))


def test_a_bound_that_would_take_all_rows_of_a_class_away_is_refused(build: Build) -> None:
    frame = parts(160, 11).with_columns(
        day=pl.int_range(pl.len()),
        ok=pl.when(pl.int_range(pl.len()) < 90).then(pl.lit("OK")).otherwise(pl.lit("NG")),
    )

    with pytest.raises(InputError, match="all others are “OK”"):
        build(frame, ok_class="OK", decision="bound_false_ok", max_false_ok=0.1, time_column="day")


def test_costs_move_decisions_towards_the_cheaper_error(build: Build) -> None:
    even, dear = (
        build(parts(120, 9), ok_class="OK", decision="costs", cost_false_ok=cost, cost_false_ng=1)
        for cost in (1, 50)
    )

    assert dear.metrics["false_ok_rate"] < even.metrics["false_ok_rate"]
    assert dear.metrics["false_ng_rate"] > even.metrics["false_ng_rate"]


def test_the_form_shows_the_plan_and_whether_a_bound_can_be_promised(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    parts(60, 10).write_csv(path)
    ctx = Context.for_notebook(tmp_path / "out", data=path)

    preview(ctx, ANALYSIS.step("build").draft({"target": "ok", "ok_class": "OK", "decision": "bound_both"}))  # type: ignore[arg-type]

    shown = ctx.outcome().result
    assert {metric.name: metric.value for metric in shown.metrics}["classes"] == 2
    assert {notice.code for notice in shown.warnings} == {"not_enough_rows_for_the_bound"}
    assert {view.id for view in shown.views} >= {"classes", "plan"}


def test_probabilities_are_objectives_and_grey_rows_stay_flagged(bounded: Built, tmp_path: Path) -> None:
    rows = parts(60, 21).drop("ok").with_columns(price=10 + pl.col("force"))
    rows.write_csv(tmp_path / "new.csv")
    ctx = Context.for_notebook(
        tmp_path / "out", rows=tmp_path / "new.csv", model=bounded.folder / "model.zip"
    )
    predict(ctx, PredictionParameters())
    table = read_table(tmp_path / "out" / "predictions.parquet", None)
    grey = (table.frame["ok decision"] == UNDECIDED).to_numpy()
    wanted = ParetoParameters(maximise=("ok probability OK",), minimise=("price",), draws=0)

    found = candidates_of(table, wanted, "predictions")
    chosen = choose(found, wanted, np.random.default_rng(1), lambda _share, _message: None)
    without = candidates_of(
        table, wanted.model_copy(update={"flagged": FlaggedRows.LEAVE_OUT}), "predictions"
    )

    assert found.undecided.tolist() == grey.tolist()
    assert 0 < grey.sum() < 60
    assert (chosen.status == Status.FRONT.value).sum() == len(chosen.front) > 1
    in_set = bool(grey[chosen.front].any())
    assert ("undecided_in_set" in {one.code for one in findings(chosen, wanted)}) == in_set
    assert {"ok decision", "ok why undecided", "flags"} <= set(front_frame(chosen).columns)
    assert not (without.eligible & grey).any()


def test_a_model_file_whose_classes_do_not_fit_is_refused(bounded: Built, tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "model.zip"
    with zipfile.ZipFile(bounded.folder / "model.zip") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "model.json":
                content = content.replace(b'"NG",\n     "OK"\n', b'"NG",\n     "OK",\n     "other"\n')
                assert b'"other"' in content
            new.writestr(name, content)

    with pytest.raises(ModelFileError):
        load_models(path)


def test_that_catboost_is_missing_is_said_beside_the_numbers_and_recorded(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zerosec_analyses.modelling.class_candidates.catboost_installed", lambda: False)
    frame, said = parts(210, 5), "model_not_installed"

    by_itself = build(frame, models=(), outer_folds=2)

    assert said in by_itself.codes
    kept, _ = load_models(by_itself.folder / "model.zip")
    assert kept.versions["catboost"] == "not installed"
    frame.write_csv(tmp_path / "data.csv")
    for models in ((), ("logistic",)):
        ctx = Context.for_notebook(tmp_path / f"preview{len(models)}", data=tmp_path / "data.csv")
        preview(ctx, ClassificationParameters(target="ok", models=models))
        assert (said in {notice.code for notice in ctx.outcome().result.warnings}) is (not models)


def test_a_class_that_reads_like_our_own_words_keeps_its_name_in_japanese(build: Build) -> None:
    result = build(parts(80, 2, labels=("no", "yes"))).result

    shown = {view.id: view for view in in_language(result, "ja").views}

    told = str(
        [
            shown[name].model_dump(exclude={"translations"})
            for name in ("decisions", "predictions", "cost_curve")
        ]
    )
    assert "はい" not in told
    assert [column.label for column in shown["decisions"].columns] == [
        "実際のクラス", "no と判定", "yes と判定", "判定不可"
    ]  # fmt: skip
    assert "yes" in {row[-2] for row in shown["predictions"].rows}
    assert shown["cost_curve"].series[0].name == "yes"
