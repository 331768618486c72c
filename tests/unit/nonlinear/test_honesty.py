"""Nothing of what is scored is seen by what is scored, and what cannot be modelled is refused by name."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from zerosec_analyses.modelling.splits import splits
from zerosec_analyses.modelling.stacking import number_weights
from zerosec_analyses.sdk import InputError


def noise(n: int = 60, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame({f"x{i}": rng.normal(size=n) for i in range(4)} | {"y": rng.normal(size=n)})


def test_repeated_rows_of_noise_are_not_taken_for_knowledge(build: Callable[..., Any]) -> None:
    doubled = pl.concat([noise(40), noise(40)])

    quick = {"models": ("extra_trees",), "stack": False, "trials": 1, "shap_rows": 0}
    honest = build(doubled, target=("y",), **quick)
    parted = build(doubled, target=("y",), keep_repeats_together=False, **quick)

    assert honest.metrics["r2_out_of_fold"] < 0.1
    assert "repeated_rows" in honest.codes
    assert "no_predictive_value" in honest.codes
    assert parted.metrics["r2_out_of_fold"] > 0.4  # what would have been believed


def test_a_group_is_never_parted(build: Callable[..., Any]) -> None:
    rng = np.random.default_rng(2)
    units = rng.integers(0, 12, 90)

    for repeat in range(3):
        tested = []
        for split in splits(4, 90, units, None, 7, repeat):
            assert not set(units[split.train]) & set(units[split.test])
            tested.append(split.test)
        assert np.array_equal(np.sort(np.concatenate(tested)), np.arange(90))


def test_with_an_order_the_past_alone_predicts() -> None:
    order = np.random.default_rng(3).permutation(100).astype(float)

    parts = list(splits(4, 100, None, order, 1))

    assert len(parts) == 4
    for split in parts:
        assert order[split.train].max() < order[split.test].min()


@pytest.mark.parametrize("sizes", [(40, 40), (1, 79), (79, 1), (30, 20, 30), (1, 2, 3, 70, 4)])
@pytest.mark.parametrize("folds", [1, 2, 5])
def test_rows_of_one_moment_are_never_parted_and_all_but_the_earliest_are_tested(
    sizes: tuple[int, ...], folds: int
) -> None:
    order = np.random.default_rng(5).permutation(np.repeat(np.arange(len(sizes)), sizes)).astype(float)

    parts = list(splits(folds, 80, None, order, 1))

    assert parts
    for split in parts:
        assert order[split.train].max() < order[split.test].min()
    if folds > 1:
        tested = np.concatenate([split.test for split in parts])
        assert np.array_equal(np.sort(np.concatenate([parts[0].train, tested])), np.arange(80))


@pytest.mark.parametrize("moments", [2, 3])
def test_a_few_moments_are_enough_for_a_run_in_order_of_time(build: Callable[..., Any], moments: int) -> None:
    frame = noise(60).with_columns(day=pl.int_range(pl.len()) * moments // 60)

    built = build(frame, target=("y",), time_column="day", outer_folds=5)

    assert len(built.table("folds")) == moments - 1
    tested = [row for row in built.table("predictions") if row["predicted"]]
    assert len(tested) == 60 - 60 // moments
    assert {row["fold"] for row in tested} == {str(fold) for fold in range(1, moments)}
    assert {row["fold"] for row in built.table("predictions") if not row["predicted"]} == {""}
    assert np.isfinite(built.metrics["rmse_out_of_fold"])


def test_models_that_know_nothing_get_no_weight() -> None:
    rng = np.random.default_rng(4)
    y = rng.normal(size=200)
    unseen = np.column_stack([y + rng.normal(0, 0.5, 200), rng.normal(size=200), -y])

    weights = number_weights(unseen, y)

    assert weights.min() >= 0
    assert weights.sum() <= 1
    assert weights[0] > 0.7
    assert weights[1:].max() < 0.1


def test_of_models_alike_few_rows_favour_none_and_many_rows_find_the_better() -> None:
    rng = np.random.default_rng(6)

    def apart(n: int, other_error: float) -> float:
        y = rng.normal(size=n)
        unseen = np.column_stack([y + rng.normal(0, 0.5, n), y + rng.normal(0, other_error, n)])
        weights = number_weights(unseen, y)
        return float(weights[0] - weights[1])

    assert np.std([apart(20, 0.5) for _ in range(200)]) < 0.17  # least squares alone: 0.23
    # the best weights of all are 2/3 and 1/6: as the inverse of the squared errors, and the rest for the mean
    assert apart(20_000, 1.0) == pytest.approx(2 / 3 - 1 / 6, abs=0.02)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"target": ("nothing",)}, "no column “nothing”"),
        ({"target": ("text",)}, "text"),
        ({"target": ("same",)}, "is 1 in all"),
        ({"target": ("y",), "features": ("y", "x0")}, "both a target and a feature"),
        ({"target": ("y",), "features": ("same",)}, "No column is left"),
        ({"target": ("y",), "groups": "half"}, "make only 2 groups"),
        ({"target": ("y",), "target_transform": "log"}, "Row 2, target “y”"),
        ({"target": ("y",), "time_column": "text"}, "no order in time"),
        ({"target": ("y",), "time_column": "same"}, "the same in all rows"),
        ({"target": ("y",), "time_column": "y"}, "is the target"),
        ({"target": ("y",), "groups": "y"}, "is the target"),
    ],
)
def test_what_cannot_be_modelled_is_refused_by_name(
    build: Callable[..., Any], parameters: dict[str, Any], words: str
) -> None:
    frame = noise(30).with_columns(
        text=pl.lit("a"), same=pl.lit(1), half=pl.int_range(pl.len()) % 2, y=pl.col("y").abs() * -1
    )

    with pytest.raises(InputError) as refused:
        build(frame, **parameters)

    assert words in " ".join(map(str, refused.value.args)) + refused.value.detail


def test_too_few_rows_are_refused(build: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="9 rows have a value"):
        build(noise(9), target=("y",))


@pytest.mark.parametrize("name", ["x1", "y"])
def test_a_number_whose_square_is_none_is_refused_by_its_row(build: Callable[..., Any], name: str) -> None:
    table = (
        noise()
        .with_row_index("row")
        .with_columns(pl.when(pl.col("row") == 6).then(pl.lit(-1e308)).otherwise(pl.col(name)).alias(name))
    )

    with pytest.raises(InputError, match=f"Row 8, column “{name}”: -1e\\+308 is too large"):
        build(table.drop("row"), target=("y",))


@pytest.mark.parametrize("name", ["x1", "y"])
def test_values_whose_differences_have_no_square_are_refused(build: Callable[..., Any], name: str) -> None:
    with pytest.raises(InputError, match="differ too little"):
        build(noise().with_columns(pl.col(name) * 1e-200), target=("y",))


@pytest.mark.parametrize("scale", [-1e97, 1e-97])
def test_a_skewed_target_of_any_size_that_is_taken_is_modelled_as_well_as_one_near_1(
    build: Callable[..., Any], scale: float
) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=80)
    y = np.exp(x + 0.1 * rng.normal(size=80))
    wide = pl.DataFrame({"x": x * abs(scale), "y": y * scale})

    near = build(pl.DataFrame({"x": x, "y": y * np.sign(scale)}), target=("y",), target_transform="none")
    far = build(wide, target=("y",), target_transform="none")
    bent = build(wide, target=("y",))

    assert far.metrics["r2_out_of_fold"] == pytest.approx(near.metrics["r2_out_of_fold"], rel=1e-3)
    assert bent.metrics["r2_out_of_fold"] > 0.5


@pytest.mark.parametrize("at", [7, 59])
def test_training_rows_that_are_all_the_same_have_no_score_and_stop_nothing(
    build: Callable[..., Any], at: int
) -> None:
    table = noise().with_columns(t=pl.int_range(60), y=(pl.int_range(60) == at).cast(pl.Float64))

    shuffled = build(table.drop("t"), target=("y",))
    in_order = build(table, target=("y",), time_column="t")

    assert "no_predictive_value" in shuffled.codes
    assert shuffled.metrics["r2_training"] is not None
    assert (in_order.metrics["r2_training"] is None) == (at == 59)
    assert in_order.metrics["rmse_out_of_fold"] > 0


def test_intervals_that_held_for_too_few_rows_are_said(build: Callable[..., Any]) -> None:
    quick = {"models": ("linear", "extra_trees"), "trials": 1, "shap_rows": 0}
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 80))
    steady = build(pl.DataFrame({"x": x, "y": x + y}), target=("y",), **quick)
    # two rows of five are of one batch, which lies apart from all others: nothing of them foretells its errors
    batch = np.where(np.arange(80) < 32, 0, np.arange(80) // 4)
    apart = pl.DataFrame({"x": x, "y": x + 0.1 * y + 100 * (batch == 0), "batch": batch})

    spoilt = build(apart, target=("y",), groups="batch", **quick)

    assert steady.metrics["interval_coverage"] > 0.8
    assert "intervals_too_narrow" not in steady.codes
    assert spoilt.metrics["interval_coverage"] < 0.8
    assert "intervals_too_narrow" in spoilt.codes


def spectra() -> pl.DataFrame:
    """Points of curves that all rise and fall together; what is to be predicted is a small band on them."""
    rng = np.random.default_rng(8)
    height, band = rng.normal(size=(2, 80))
    points = np.linspace(0, 1, 12)
    curves = 10 * height[:, None] + band[:, None] * np.exp(-(((points - 0.4) / 0.05) ** 2))
    return pl.DataFrame({f"nm{place}": curves[:, place] for place in range(12)} | {"y": band})


QUICK = {"models": ("linear",), "trials": 1, "shap_rows": 0, "outer_folds": 2}


def test_that_most_points_of_a_spectrum_were_left_out_on_request_is_said(build: Callable[..., Any]) -> None:
    with_limit = build(spectra(), target=("y",), correlation_threshold=0.95, **QUICK)
    with_all = build(spectra(), target=("y",), correlation_threshold=1.0, **QUICK)

    assert "most_features_correlated" in with_limit.codes
    assert with_limit.metrics["r2_out_of_fold"] < 0.5
    assert "most_features_correlated" not in with_all.codes
    assert with_all.metrics["r2_out_of_fold"] > 0.99


def test_all_points_of_a_spectrum_are_kept_where_nobody_set_a_limit_and_that_is_said(
    build: Callable[..., Any],
) -> None:
    by_itself = build(spectra(), target=("y",), **QUICK)

    assert by_itself.metrics["r2_out_of_fold"] > 0.99
    assert {"more_features_kept", "most_features_correlated"} & set(by_itself.codes) == {"more_features_kept"}
    said = next(one.message for one in by_itself.result.warnings if one.code == "more_features_kept")
    assert "without these limits their squared error is smaller by" in said


def test_where_no_column_is_left_each_is_named_with_its_reason(build: Callable[..., Any]) -> None:
    table = pl.DataFrame({"id": [f"a{n}" for n in range(60)], "same": [1] * 60, "y": np.arange(60.0)})

    with pytest.raises(InputError) as refused:
        build(table, target=("y",))

    assert refused.value.detail == (
        "id (60 different texts: an identifier rather than a category); same (the same in every row)"
    )


@pytest.mark.parametrize("wild", [1e60, 1e99])
def test_one_wild_number_in_a_feature_ends_no_run(build: Callable[..., Any], wild: float) -> None:
    rng = np.random.default_rng(6)
    x, z, noise = rng.normal(size=(3, 60))
    table = pl.DataFrame({"x": [wild, *x[1:]], "z": z, "y": 2 * z + 0.1 * noise})

    done = build(
        table,
        target=("y",),
        models=(
            "linear",
            "elastic_net",
            "support_vectors",
            "gaussian_process",
            "extra_trees",
            "lightgbm",
            "xgboost",
            "catboost",
        ),
        trials=1,
        shap_rows=5,
    )

    # where it is a row to be judged by, some model goes wherever it points, and the score says so
    assert done.metrics["r2_out_of_fold"] < 0.05
    assert "no_predictive_value" in done.codes


def test_a_target_of_few_values_may_be_classes_and_that_is_said(build: Callable[..., Any]) -> None:
    x = np.random.default_rng(2).normal(size=90)
    table = pl.DataFrame({"x": x, "grade": np.digitize(x, [-0.5, 0.5]) + 1, "y": 3 * x})

    assert "few_values" in build(table.drop("y"), target=("grade",)).codes
    assert "few_values" not in build(table.drop("grade"), target=("y",)).codes


@pytest.mark.parametrize(
    ("texts", "told"), [(("OK", "NG"), "classification"), (("1.5", "< 0.1"), "missing markers")]
)
def test_a_target_of_texts_is_pointed_to_the_classification_unless_numbers_were_meant(
    build: Callable[..., Any], texts: tuple[str, str], told: str
) -> None:
    table = pl.DataFrame({"x": np.arange(40.0), "y": [texts[n % 2] for n in range(40)]})

    with pytest.raises(InputError) as refused:
        build(table, target=("y",))

    assert told in str(refused.value.hint)


def test_a_wild_value_is_not_written_out_in_a_hundred_digits(build: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(60, 3))
    y = x[:, 0] + rng.normal(0, 0.3, 60)
    x[7, 0] = 1e60
    frame = pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "y": y})

    done = build(frame, target=("y",), models=("linear", "elastic_net"), target_transform="none", shap_rows=0)

    overfit = next(str(notice.message) for notice in done.result.warnings if notice.code == "overfit")
    assert "e+" in overfit
    assert len(overfit) < 160


def test_errors_of_thousands_are_written_as_people_write_them(build: Callable[..., Any]) -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=60)
    frame = pl.DataFrame({"x": x, "price": 250_000 + 90_000 * x + rng.normal(0, 20_000, 60)})

    done = build(frame, target=("price",), models=("linear",), shap_rows=5)

    answer = next(view.text for view in done.result.views if view.id == "answer")
    shown = [metric.note for metric in done.result.metrics] + [view.caption for view in done.result.views]
    assert re.search(r"off by \d\d,\d{3} on average", answer)
    assert not [text for text in (answer, *shown) if "e+" in text]


def test_what_is_not_all_is_not_said_to_be_all(build: Callable[..., Any]) -> None:
    x, noise = np.random.default_rng(3).normal(size=(2, 60))

    done = build(
        pl.DataFrame({"x": x, "y": x + 0.02 * noise}), target=("y",), models=("linear",), shap_rows=0
    )

    assert 0.995 < done.metrics["r2_out_of_fold"] < 1
    answer = next(view.text for view in done.result.views if view.id == "answer")
    assert re.search(r"explains 99\.\d+% of the variation", answer)
