"""What a classification promises: noise is told apart no better than by chance, and bounds on errors hold as often as is said."""

from collections.abc import Callable

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from zerosec_analyses.classification.promises import one_a_unit
from zerosec_analyses.classification.scores import ranked, roc_area
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.decisions import GREY, Decision, Rule, bounded
from zerosec_analyses.modelling.keeping import selections_for
from zerosec_analyses.modelling.nested import CHOSEN, nested
from zerosec_analyses.modelling.procedure import Settled
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.splits import shares_of
from zerosec_analyses.modelling.table import Feature, FloatArray, IntArray

pytestmark = pytest.mark.science

SEEDS = 10
DISTINCT, REPEATED, COLUMNS = 60, 20, 505
SAMPLES = 300
ALPHA, BETA, DELTA = 0.1, 0.15, 0.1
NG, OK = 0, 1


def areas_and_skill_of_noise(seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(DISTINCT, COLUMNS))
    values[:, 0] = rng.integers(0, 4, DISTINCT)
    values[rng.random(values.shape) < 0.02] = np.nan
    y = rng.integers(0, 2, DISTINCT).astype(np.float64)
    places = np.concatenate([np.arange(DISTINCT), rng.choice(DISTINCT, REPEATED, replace=False)])
    rows = Rows(values[places], y[places], units=places.astype(np.int64), task=ClassTask(2))
    features = [Feature("k", ("a", "b", "c", "d")), *(Feature(f"x{i}") for i in range(1, COLUMNS))]
    settled = Settled(
        (Method.LOGISTIC, Method.DISCRIMINANT, Method.GRADIENT_BOOSTING), inner_folds=2, trials=2, transform=None, selections=selections_for(0, 0),
        stack=True,
    )  # fmt: skip
    judged = nested(rows, features, settled, 3, 1, 10**6, seed, lambda _: True)
    p, codes = judged.predictions(CHOSEN), rows.y.astype(np.int64)
    # within a fold: across folds the shares of the training parts alone would tell the test rows' class, the other way round
    areas = [roc_area(ranked(p[fold.test, OK], codes[fold.test] == OK)) for fold in judged.folds]
    loss = rows.task.losses(rows.y, p).mean()
    return float(np.mean(areas)), 1 - float(loss) / float(np.log(2))


def test_noise_is_told_apart_no_better_than_by_chance() -> None:
    with threadpool_limits(limits=1):
        found = np.array([areas_and_skill_of_noise(seed) for seed in range(SEEDS)])

    area, skill = found.mean(axis=0)
    spread = found[:, 0].std(ddof=1) / SEEDS**0.5
    assert abs(area - 0.5) < 3 * spread + 0.01, found
    assert skill <= 0.01, found


def rows_of(n: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Two overlapping classes, NG two fifths of them, heavy-tailed."""
    y = (rng.random(n) < 0.6).astype(np.int64)
    return rng.standard_t(4, size=(n, 2)) + 1.3 * y[:, None], y


def groups_of(n: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray, IntArray]:
    """The same in experiments of ten rows that are nearly alike."""
    x, y = rows_of(n, rng)
    own = np.arange(10 * n) // 10
    return x[own] + 0.05 * rng.normal(size=(10 * n, 2)), y[own], own


def fitted(x: FloatArray, y: IntArray) -> Callable[[FloatArray], FloatArray]:
    task = ClassTask(2)
    candidate = task.candidates[Method.LOGISTIC]
    return task.fit(candidate, x, y.astype(np.float64), candidate.start, 1).predict


def kept_too_seldom(broken: int) -> bool:
    """Whether so many broken promises of SAMPLES are more than the confidence allows, by three standard errors."""
    return broken / SAMPLES > DELTA + 3 * (DELTA * (1 - DELTA) / SAMPLES) ** 0.5


def errors(decision: Decision, p: FloatArray, y: IntArray) -> tuple[float, float]:
    said = decision.decide(p)
    ng_as_ok = float((said[y == NG] == OK).mean())
    ok_as_ng = float(((said[y == OK] != OK) & (said[y == OK] != GREY)).mean())
    return ng_as_ok, ok_as_ng


def test_both_bounds_hold_with_their_confidence_and_an_estimate_alone_would_not() -> None:
    new, of = rows_of(20_000, np.random.default_rng(1))
    broken_ok = broken_ng = naive = 0
    decided = []
    for seed in range(SAMPLES):
        x, y = rows_of(250, np.random.default_rng([2, seed]))
        held = shares_of(0.5, y.size, None, None, y, seed)
        predict = fitted(np.delete(x, held, axis=0), np.delete(y, held))
        p_ok, p = predict(x[held])[:, OK], predict(new)
        decision, bounds = bounded(p_ok, y[held] == OK, Rule.BOUND_BOTH, OK, (ALPHA, BETA), DELTA)
        assert bounds.false_ok.is_kept
        false_ok, false_ng = errors(decision, p, of)
        broken_ok += false_ok > ALPHA
        broken_ng += false_ng > BETA
        decided.append(float((decision.decide(p) != GREY).mean()))
        naive += float((p[of == NG, OK] > np.quantile(p_ok[y[held] == NG], 1 - ALPHA)).mean()) > ALPHA

    assert not kept_too_seldom(broken_ok), broken_ok
    assert not kept_too_seldom(broken_ng), broken_ng
    assert kept_too_seldom(naive), naive  # so this test would see a promise that is not kept
    assert np.mean(decided) > 0.3


def test_the_bound_holds_for_rows_of_new_experiments_when_each_counts_once() -> None:
    new, of, _ = groups_of(5_000, np.random.default_rng(3))
    broken = every_row = 0
    for seed in range(SAMPLES):
        x, y, units = groups_of(150, np.random.default_rng([4, seed]))
        held = shares_of(0.5, y.size, units, None, y, seed)
        predict = fitted(np.delete(x, held, axis=0), np.delete(y, held))
        p_ok, p = predict(x)[:, OK], predict(new)
        single = one_a_unit(held, units, y, OK, seed)
        once, _ = bounded(p_ok[single], y[single] == OK, Rule.BOUND_OK, OK, (ALPHA, BETA), DELTA)
        rows, _ = bounded(p_ok[held], y[held] == OK, Rule.BOUND_OK, OK, (ALPHA, BETA), DELTA)
        broken += errors(once, p, of)[0] > ALPHA
        every_row += errors(rows, p, of)[0] > ALPHA

    assert not kept_too_seldom(broken), broken
    assert kept_too_seldom(every_row), every_row  # taking each row for itself promises too much
