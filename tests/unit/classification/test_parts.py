"""The parts of a classification: candidates and their files, calibration, thresholds, scores, stack and folds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from zerosec_analyses.classification.scores import cost_curve, pr_area, ranked, roc_area
from zerosec_analyses.modelling.calibration import (
    ALL_KINDS,
    CalibrationKind,
    choose_calibration,
    class_losses,
    learn_calibration,
)
from zerosec_analyses.modelling.class_candidates import ClassPredictor, class_candidates
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.decisions import GREY, Decision, Rule, bounded, order_place, rows_needed
from zerosec_analyses.modelling.model_parts import CLASS_KINDS, ModelFileError, part_bytes, part_predictor
from zerosec_analyses.modelling.splits import shares_of, splits
from zerosec_analyses.modelling.stacking import class_weights, powers


def cloud(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    return x, np.digitize(x[:, 0] + 0.4 * rng.normal(size=n), np.linspace(-1, 1, k - 1)).astype(np.float64)


@pytest.mark.parametrize("k", [2, 4])
@pytest.mark.parametrize("method", list(class_candidates(2)))
def test_every_candidate_gives_probabilities_and_is_kept_and_read_back(method: str, k: int) -> None:
    task, (x, y) = ClassTask(k), cloud(80, k, 1)
    candidate = task.candidates[method]  # type: ignore[index]

    fitted = task.fit(
        candidate, x, y, candidate.start_for(80) | ({"rounds": 10} if "rounds" in candidate.start else {}), 1
    )
    assert isinstance(fitted, ClassPredictor)
    again = ClassPredictor(
        part_predictor(candidate.method, part_bytes(candidate.method, fitted.raw), 3, CLASS_KINDS),
        fitted.present,
        k,
        80,
    )

    assert fitted.predict(x).shape == (80, k)
    assert fitted.predict(x).sum(axis=1) == pytest.approx(np.ones(80))
    assert again.predict(x) == pytest.approx(fitted.predict(x), rel=1e-6)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("method", list(class_candidates(2)))
def test_every_candidate_learns_from_few_rows(method: str, k: int) -> None:
    task, x = ClassTask(k), np.random.default_rng(3).normal(size=(60, 3))
    y = np.digitize(x[:, 0], np.quantile(x[:, 0], [0.25] if k == 2 else [0.25, 0.5])).astype(np.float64)
    candidate = task.candidates[method]  # type: ignore[index]

    given = task.fit(candidate, x, y, candidate.start_for(60), 1).predict(x)

    assert (given.argmax(axis=1) == y).mean() > 0.85


def test_a_model_for_numbers_is_no_model_of_classes() -> None:
    from sklearn.linear_model import Ridge

    x, y = cloud(30, 2, 2)
    with pytest.raises(ModelFileError):
        part_predictor(
            next(iter(CLASS_KINDS)), part_bytes(next(iter(CLASS_KINDS)), Ridge().fit(x, y)), 3, CLASS_KINDS
        )


def test_a_class_that_no_training_row_has_is_not_ruled_out() -> None:
    task, (x, y) = ClassTask(3), cloud(50, 2, 3)
    candidate = next(iter(task.candidates.values()))

    p = task.fit(candidate, x, y, candidate.start, 1).predict(x)

    assert p[:, 2] == pytest.approx(1 / (3 * 51))
    assert np.isfinite(task.losses(np.full(50, 2.0), p)).all()


@pytest.mark.parametrize("k", [2, 3])
def test_calibration_mends_probabilities_that_are_too_sure(k: int) -> None:
    rng = np.random.default_rng(4)
    logits = rng.normal(size=(3000, k))
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    y = (true.cumsum(axis=1) < rng.random((3000, 1))).sum(axis=1)
    sure = true**3 / (true**3).sum(axis=1, keepdims=True)

    chosen = choose_calibration(sure[:1500], y[:1500], np.arange(1500) % 4, ALL_KINDS)
    mended = chosen.apply(sure[1500:])

    assert chosen.kind is not CalibrationKind.NONE
    best, plain = class_losses(y[1500:], true[1500:]).mean(), class_losses(y[1500:], sure[1500:]).mean()
    assert class_losses(y[1500:], mended).mean() < best + 0.1 * (plain - best)
    assert mended.sum(axis=1) == pytest.approx(np.ones(1500))


@pytest.mark.parametrize("kind", list(CalibrationKind))
def test_a_calibration_of_right_probabilities_leaves_them_nearly_as_they_are(kind: CalibrationKind) -> None:
    rng = np.random.default_rng(5)
    one = rng.uniform(0.02, 0.98, 4000)
    p = np.column_stack([1 - one, one])

    learnt = learn_calibration(kind, p, (rng.random(4000) < one).astype(np.int64))

    assert np.abs(learnt.apply(p) - p).mean() < 0.03


@given(st.floats(0.005, 0.4), st.floats(0.005, 0.4))
def test_one_row_fewer_than_needed_promises_nothing(alpha: float, delta: float) -> None:
    n = rows_needed(alpha, delta)

    assert (1 - alpha) ** n <= delta * (1 + 1e-9)
    assert order_place(n - 1, alpha, delta) is None
    assert order_place(n, alpha, delta) == n


@given(st.integers(59, 2000))
def test_the_threshold_is_the_lowest_that_keeps_the_confidence(n: int) -> None:
    place = order_place(n, 0.05, 0.05)

    assert place is not None
    assert stats.binom.sf(place - 1, n, 0.95) <= 0.05
    assert place == 1 or stats.binom.sf(place - 2, n, 0.95) > 0.05


def test_ties_at_a_threshold_are_never_called_ok() -> None:
    decision, _ = bounded(
        np.repeat([0.2, 0.9], 100), np.repeat([False, True], 100), Rule.BOUND_OK, 1, (0.05, 0.05), 0.05
    )

    found = decision.decide(np.array([[0.8, 0.2], [0.79, 0.21]]))

    assert found.tolist() == [0, 1]


def test_between_two_bounds_lies_a_grey_zone_and_strange_rows_are_in_it() -> None:
    rng = np.random.default_rng(6)
    is_ok = np.repeat([False, True], 300)
    p = np.clip(np.where(is_ok, rng.normal(0.6, 0.15, 600), rng.normal(0.4, 0.15, 600)), 0, 1)

    decision, bounds = bounded(p, is_ok, Rule.BOUND_BOTH, 1, (0.05, 0.05), 0.05)
    assert bounds.false_ok.is_kept
    assert bounds.false_ng is not None
    assert bounds.false_ng.is_kept
    probes = np.array([0.05, 0.5, 0.95, 0.95])
    found = decision.decide(np.column_stack([1 - probes, probes]), np.array([False, False, False, True]))

    assert found.tolist() == [0, GREY, 1, GREY]


def test_classes_far_apart_need_no_grey_zone() -> None:
    p, is_ok = np.repeat([0.1, 0.9], 100), np.repeat([False, True], 100)

    decision, _ = bounded(p, is_ok, Rule.BOUND_BOTH, 1, (0.05, 0.05), 0.05)

    assert decision.ok_above == decision.ng_at_most == pytest.approx(0.5)


def test_costs_decide_by_the_smallest_expected_cost_or_not_at_all() -> None:
    p = np.array([[0.05, 0.95], [0.3, 0.7], [0.9, 0.1]])
    costs = ((0.0, 10.0), (1.0, 0.0))

    assert Decision(Rule.COSTS, 1, costs).decide(p).tolist() == [1, 0, 0]
    assert Decision(Rule.COSTS, 1, costs, grey_cost=0.6).decide(p).tolist() == [1, GREY, 0]


@pytest.mark.parametrize("seed", range(5))
def test_areas_are_those_of_the_usual_library_with_ties_and_weights(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score, own, weights = (
        rng.integers(0, 8, 60) / 8,
        rng.random(60) < 0.4,
        rng.integers(0, 3, 60).astype(float),
    )

    assert roc_area(ranked(score, own)) == pytest.approx(metrics.roc_auc_score(own, score))
    assert pr_area(ranked(score, own)) == pytest.approx(metrics.average_precision_score(own, score))
    weighted = roc_area(ranked(score, own), weights)
    assert weighted == pytest.approx(metrics.roc_auc_score(own, score, sample_weight=weights))


def test_a_class_that_is_not_there_has_no_area() -> None:
    assert math.isnan(roc_area(ranked(np.ones(3), np.zeros(3, dtype=bool))))


def test_a_cost_curve_lies_between_right_always_and_one_class_always() -> None:
    own = np.arange(200) % 2 == 0

    _, perfect, trivial = cost_curve(np.where(own, 0.99, 0.01), own)
    _, blind, _ = cost_curve(np.full(200, 0.5), own)

    assert perfect[1:-1].max() < 0.02
    assert blind == pytest.approx(trivial)


def test_the_stack_gives_what_predicts_the_classes_its_weight() -> None:
    rng = np.random.default_rng(7)
    good, bad = rng.beta(8, 2, 500), rng.uniform(size=500)

    weights = class_weights(np.column_stack([good, bad]), np.full(500, 0.5))

    assert weights[0] > 0.9
    assert weights.sum() <= 1 + 1e-12


def agreeing(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Unseen probabilities (n x 3 x 3) of models that are unsure one by one, each for reasons of its own, and the classes."""
    rng = np.random.default_rng(seed)
    codes = np.arange(n) % 3
    hints = 1.2 * (codes[:, None] == np.arange(3))[..., None] + rng.normal(size=(n, 3, 3)) * 0.6
    made = np.exp(hints)
    return made / made.sum(axis=1, keepdims=True), codes


def test_where_models_agree_for_reasons_of_their_own_their_product_is_surer_than_any_mean() -> None:
    unseen, codes = agreeing(300, 1)
    new, new_codes = agreeing(300, 2)
    task = ClassTask(3)
    losses = []
    for learn in task.mixes:
        made = learn(unseen, codes.astype(float)).apply(new)
        assert made.sum(axis=1) == pytest.approx(np.ones(300))
        losses.append(task.losses(new_codes.astype(float), made).mean())

    assert losses[1] < 0.8 * losses[0]


def test_a_product_of_models_rules_out_no_class_by_so_many_rows() -> None:
    codes = np.arange(60) % 2
    sure = np.where(codes[:, None] == np.arange(2), 1 - 1e-9, 1e-9)[..., None]
    unseen = np.repeat(sure, 3, axis=2)

    made = ClassTask(2).mixes[1](unseen, codes.astype(float)).apply(unseen)

    assert made.min() == pytest.approx(1 / 61 / 2, rel=1e-3)


def test_models_that_say_nothing_are_multiplied_to_nearly_nothing() -> None:
    rng = np.random.default_rng(3)
    unseen, codes = agreeing(400, 4)
    wild = np.exp(3 * rng.normal(size=(400, 3)))
    unseen = np.concatenate([unseen[..., :1], (wild / wild.sum(axis=1, keepdims=True))[..., None]], axis=2)

    weights = powers(unseen, codes)

    assert weights[0] > 0.5
    assert weights[1] < 0.1


def test_isotonic_regression_is_not_chosen_on_few_rows() -> None:
    rng = np.random.default_rng(2)
    own = rng.uniform(0.02, 0.98, 1200)
    codes = (rng.uniform(size=1200) < np.where(own > 0.5, 0.9, 0.1)).astype(np.int64)

    chosen = choose_calibration(np.column_stack([1 - own, own]), codes, np.arange(1200) % 5, ALL_KINDS)

    assert chosen.kind is not CalibrationKind.ISOTONIC


def test_folds_share_out_the_classes_and_part_no_unit() -> None:
    strata, units = np.repeat([0, 1], [100, 20]), np.repeat(np.arange(60), 2)

    for split in splits(5, 120, units, None, 1, strata=strata):
        assert np.bincount(strata[split.test]).tolist() == [20, 4]
        assert not set(units[split.train]) & set(units[split.test])
    held = shares_of(0.3, 120, units, None, strata, 1)
    assert (strata[held] == 1).sum() in {4, 6, 8}
    assert not set(units[held]) & set(np.delete(units, held))
