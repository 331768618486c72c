"""The parts a model is made of: transforms, the Gaussian process, Shapley values, the plan and the model file."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import ExtraTreesRegressor
from skops.io import dumps

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import CANDIDATES, XgboostModel
from zerosec_analyses.modelling.explain import shapley_interactions, shapley_values
from zerosec_analyses.modelling.gaussian_process import _objective, fit_gaussian_process
from zerosec_analyses.modelling.model_file import load_models
from zerosec_analyses.modelling.model_parts import ModelFileError, part_bytes, part_predictor
from zerosec_analyses.modelling.plan import Wishes, plan_for
from zerosec_analyses.modelling.preparation import Selection, prepare_rows
from zerosec_analyses.modelling.process_file import process_from_bytes, process_to_bytes
from zerosec_analyses.modelling.table import Choice, Feature, _ranks, read_model_table
from zerosec_analyses.modelling.target_transform import learn_transform
from zerosec_analyses.nonlinear.preview import preview
from zerosec_analyses.nonlinear.spec import ANALYSIS
from zerosec_analyses.preview import preview as shown
from zerosec_analyses.sdk import Context
from zerosec_shared.texts import texts_of
from zerosec_shared.translations import in_language, with_translations


@pytest.mark.parametrize("kind", list(TargetTransform))
def test_a_transform_is_undone_exactly(kind: TargetTransform) -> None:
    y = np.exp(np.random.default_rng(1).normal(size=50))

    learnt = learn_transform(kind, y)

    assert learnt.inverse(learnt.forward(y)) == pytest.approx(y, rel=1e-9)


@pytest.mark.parametrize("kernel", ["matern52", "matern32", "squared_exponential"])
def test_the_gradient_of_the_likelihood_is_that_of_differences(kernel: str) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(25, 3)), rng.normal(size=25)
    logs = rng.normal(0, 0.3, 6)
    product = x @ x.T / 3

    _, gradient = _objective(logs, x, y, kernel, product, 0.5, 1.5)  # type: ignore[arg-type]

    for place in range(6):
        step = np.zeros(6)
        step[place] = 1e-5
        up, _ = _objective(logs + step, x, y, kernel, product, 0.5, 1.5)  # type: ignore[arg-type]
        down, _ = _objective(logs - step, x, y, kernel, product, 0.5, 1.5)  # type: ignore[arg-type]
        assert gradient[place] == pytest.approx((up - down) / 2e-5, rel=1e-4, abs=1e-5)


def test_a_gaussian_process_finds_a_smooth_function_and_what_does_not_matter() -> None:
    rng = np.random.default_rng(3)
    x = rng.uniform(-1.7, 1.7, (120, 3))

    fitted = fit_gaussian_process(x, np.sin(2 * x[:, 0]), "squared_exponential", 1, "free")

    new = rng.uniform(-1.5, 1.5, (50, 3))
    assert fitted.predict(new) == pytest.approx(np.sin(2 * new[:, 0]), abs=0.02)
    assert fitted.lengths[1:].min() > 3 * fitted.lengths[0]


def test_a_gaussian_process_does_not_go_on_beyond_its_rows_and_bends_what_is_skewed() -> None:
    rng = np.random.default_rng(8)
    x = np.column_stack([rng.normal(size=80), rng.lognormal(0, 1.5, 80)])
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    fitted = fit_gaussian_process(x, x[:, 0] + np.log(x[:, 1] + 1), "matern52", 1)
    far, edge = np.array([[9.0, 0.0], [0.0, 99.0]]), np.array([[x[:, 0].max(), 0.0], [0.0, x[:, 1].max()]])

    assert fitted.predict(far) == pytest.approx(fitted.predict(edge))
    assert fitted.shape is not None
    assert fitted.shape.bent.tolist() == [False, True]


def test_a_process_from_before_it_was_kept_within_its_rows_predicts_as_it_did() -> None:
    x = np.random.default_rng(9).normal(size=(30, 2))
    plain = replace(fit_gaussian_process(x, x[:, 0], "matern52", 1), shape=None)

    again = process_from_bytes(process_to_bytes(plain), 2)

    assert again.shape is None
    far = np.array([[50.0, 0.0]])
    assert again.predict(far) == pytest.approx(plain.predict(far))
    assert again.predict(far)[0] > 2 * x[:, 0].max()


@pytest.mark.parametrize("wrong", [{"bent": np.zeros(3, bool)}, {"bent": np.zeros(2)}, {"low": np.zeros(1)}])
def test_a_process_whose_parts_do_not_fit_is_refused(wrong: dict[str, np.ndarray]) -> None:
    x = np.random.default_rng(9).normal(size=(30, 2))
    fitted = fit_gaussian_process(x, x[:, 0], "matern52", 1)
    assert fitted.shape is not None

    with pytest.raises(ValueError, match="do not fit"):
        process_from_bytes(process_to_bytes(replace(fitted, shape=replace(fitted.shape, **wrong))), 2)


def test_shapley_values_of_a_sum_are_its_parts() -> None:
    rng = np.random.default_rng(4)
    rows, background = rng.normal(size=(6, 3)), rng.normal(size=(200, 3))

    found = shapley_values(lambda x: 2 * x[:, 0] - x[:, 1], rows, background, [0, 1, 2], rng)

    assert found.values.sum(axis=1) + found.baseline == pytest.approx(found.predictions)
    assert np.ptp(found.values[:, 0] - 2 * rows[:, 0]) < 1e-9  # all rows against the same background
    assert np.abs(found.values[:, 2]).max() == 0


@pytest.mark.parametrize("method", list(CANDIDATES))
def test_every_candidate_is_kept_and_read_back(method: Method) -> None:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(40, 3))
    fitted = CANDIDATES[method].fit(x, x[:, 0] ** 2, CANDIDATES[method].start, 1)

    again = part_predictor(method, part_bytes(method, fitted), 3)

    assert again.predict(x) == pytest.approx(fitted.predict(x), rel=1e-12)


def test_a_part_that_is_another_object_is_refused() -> None:
    class_of_no_model = dumps(np.random.RandomState(1))

    with pytest.raises(ModelFileError):
        part_predictor(Method.EXTRA_TREES, class_of_no_model, 3)


def test_a_tree_that_points_outside_itself_is_refused() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(30, 2))
    forest = ExtraTreesRegressor(n_estimators=1, random_state=1).fit(x, x[:, 0])
    forest.estimators_[0].tree_.children_left[0] = 10_000

    with pytest.raises(ModelFileError, match="damaged"):
        part_predictor(Method.EXTRA_TREES, dumps(forest), 2)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    text, empty = tmp_path / "a.zip", tmp_path / "b.zip"
    text.write_text("hello")
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("other.txt", "x")

    for path in (text, empty):
        with pytest.raises(ModelFileError):
            load_models(path)


def test_levels_and_gaps_become_numbers_by_the_training_rows_alone() -> None:
    features = [Feature("n"), Feature("k", ("a", "b", "c"))]
    training = np.array([[1.0, 0], [3.0, 1], [np.nan, 1], [5.0, 0], [np.nan, 0], [np.nan, 1]])
    learnt = prepare_rows(training, np.arange(6.0), features, Selection(), 1)

    made = learnt.apply(np.array([[3.0, 2.0], [np.nan, np.nan]]))

    assert np.isfinite(made).all()
    number = next(i for i, c in enumerate(learnt.columns) if c.feature == 0 and c.level is None)
    assert made[0, number] == made[1, number]  # the gap is the training median, 3
    assert len(learnt.columns) == 4  # the number, that it is missing, and the two levels that were seen


TREES = ("extra_trees", "lightgbm")
PLANS = {  # outer folds, repeats, inner folds, trials; models besides the linear ones
    20: (5, 3, 4, 6, {"support_vectors", "gaussian_process", *TREES}),
    200: (5, 1, 4, 8, {"support_vectors", "gaussian_process", *TREES, "catboost"}),
    20_000: (3, 1, 1, 6, {*TREES, "gradient_boosting", "catboost"}),
    2_000_000: (1, 1, 1, 4, {"gradient_boosting", "lightgbm"}),
}


@pytest.mark.parametrize("n", list(PLANS))
def test_a_table_of_any_size_gets_a_plan_of_minutes(n: int) -> None:
    plan = plan_for(n, n, 10, 1, Wishes())

    *folds, methods = PLANS[n]
    assert [plan.outer_folds, plan.repeats, plan.inner_folds, plan.trials] == folds
    assert {str(method) for method in plan.methods} == {"linear", "elastic_net", *methods}
    assert plan.fits(1) < 2_000
    assert 10 < plan.seconds(n, 10, 1) < 900
    assert plan.seconds(n, 10, 3) > 2.5 * plan.seconds(n, 10, 1)


def test_the_plan_is_shown_with_its_time_and_without_the_features_in_memory(tmp_path: Path) -> None:
    n = 20_000
    path = tmp_path / "data.csv"
    pl.DataFrame({"x": np.arange(n) / 7, "kind": ["a", "b"] * (n // 2), "y": np.arange(n) % 97}).write_csv(
        path
    )
    ctx = Context.for_notebook(tmp_path / "out", data=path)
    preview(ctx, ANALYSIS.steps[0].draft({"target": ["y"]}))

    shown = {metric.name: metric.value for metric in ctx.outcome().result.metrics}
    plan = plan_for(n, n, 2, 1, Wishes())
    assert shown["rows"] == n
    assert shown["features"] == 2
    assert shown["fits"] == plan.fits(1)
    assert shown["seconds"] == pytest.approx(plan.seconds(n, 2, 1), rel=0.5)
    assert read_model_table(path, None, Choice(("y",)), with_values=False).values.shape == (n, 0)


def test_repeated_rows_are_found_among_gaps_and_signed_zeros() -> None:
    frame = pl.DataFrame(
        {
            "x": [1.0, 0.0, 2.0, -0.0, None, None, 2.0, 1.0],
            "k": ["a", "b", "a", "b", "a", "a", None, "c"],
        }
    )
    assert _ranks(frame).tolist() == [0, 1, 2, 1, 3, 3, 4, 5]


def test_a_budget_leaves_out_what_it_cannot_pay() -> None:
    rich, poor = (plan_for(300, 300, 10, 1, Wishes(budget_s=budget)) for budget in (600, 15))

    assert len(poor.methods) < len(rich.methods)
    assert poor.outer_folds * poor.repeats <= rich.outer_folds * rich.repeats


def test_interaction_values_of_trees_add_up_to_what_sets_a_row_apart() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=(120, 3))
    candidate = CANDIDATES[Method.XGBOOST]
    fitted = candidate.fit(x, x[:, 0] * x[:, 1], candidate.start_for(120), 1)
    assert isinstance(fitted, XgboostModel)

    parts = fitted.interactions(x)

    base = fitted.predict(x) - parts.sum(axis=(1, 2))
    assert np.ptp(base) < 1e-4
    assert np.abs(parts[:, 0, 1]).mean() > 5 * np.abs(parts[:, 0, 2]).mean()


def test_what_two_features_do_together_is_found_and_nothing_else() -> None:
    rng = np.random.default_rng(8)
    rows, background = rng.normal(size=(30, 4)), rng.normal(size=(1, 4))

    found = shapley_interactions(
        lambda x: 2 * x[:, 0] * x[:, 1] + np.sin(x[:, 2]), rows, background, range(4), (0, 1, 2), rng
    )

    exact = 2 * (rows[:, 0] - background[0, 0]) * (rows[:, 1] - background[0, 1])
    assert (found[0].first, found[0].second) == (0, 1)
    assert found[0].size == pytest.approx(np.abs(exact).mean(), rel=1e-9)
    assert max(one.size for one in found[1:]) < 1e-12


def test_what_a_preview_refuses_at_a_field_is_said_in_japanese_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    pl.DataFrame({"x": range(30), "y": [at % 7 for at in range(30)], "day": [1] * 30}).write_csv(path)
    ctx = Context.for_notebook(tmp_path / "out", data=path)
    form = ANALYSIS.steps[0].draft({"target": ["y"], "time_column": "day"})

    shown(ANALYSIS.steps[0], preview, ctx, form)  # type: ignore[arg-type]

    texts = texts_of("zerosec_analyses.nonlinear", "zerosec_analyses", "zerosec_shared")
    refused = in_language(with_translations(ctx.outcome().result, texts), "ja").warnings[0]
    assert refused.field == "time_column"
    assert refused.message.startswith("「day」では")
    assert refused.hint == (
        "すべての行で同じ値です。別の時間の列を選ぶか、空にしてください。空にすると、部分は無作為に分けられます。"
    )
