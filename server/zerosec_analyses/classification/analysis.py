"""A target's classes: judged by nested cross-validation, decided on, built, explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from zerosec_analyses.classification.costs import cost_matrix
from zerosec_analyses.classification.scores import Interval, all_scores, with_intervals
from zerosec_analyses.classification.spec import (
    CalibrationChoice,
    ClassificationParameters,
    PromiseRows,
)
from zerosec_analyses.modelling.calibration import ALL_KINDS, CalibrationKind
from zerosec_analyses.modelling.candidates import Method
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.decisions import GREY, Bounds, Decision, Rule, bounded, rows_needed
from zerosec_analyses.modelling.domain import domain_of
from zerosec_analyses.modelling.explain import Profile, ShapleyValues, partial_dependence, shapley_values
from zerosec_analyses.modelling.learning import learning_curve
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.nested import CHOSEN, Nested, OuterFold, Step, nested
from zerosec_analyses.modelling.plan import Plan, Wishes, plan_for
from zerosec_analyses.modelling.preparation import Preparation, Selection
from zerosec_analyses.modelling.procedure import Built, Settled, build
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.splits import n_units, shares_of
from zerosec_analyses.modelling.table import Choice, FloatArray, IntArray, ModelTable
from zerosec_analyses.sdk import InputError, Said, say

PROFILED = 6
BACKGROUND = 500
MOST_HINTS = 10
MAX_PROBABILITIES = 20_000_000
HELD_OUT_SHARES = (0.2, 0.5)
SPARE = 1.5
"""So many times the rows that a bound needs are held out for it, where there are enough: it is then less cautious."""


@dataclass(frozen=True)
class Judged:
    """Decisions on rows that neither the model nor its thresholds had seen. ``tested`` are places among the rows used."""

    tested: IntArray
    decided: IntArray
    strange: NDArray[np.bool_]

    @property
    def coverage(self) -> float:
        """The share of rows that got a decision."""
        return float((self.decided != GREY).mean()) if self.decided.size else 0.0


@dataclass(frozen=True)
class ClassResult:
    """Everything found. ``places`` are the rows of the table used; per-row arrays follow them."""

    target: str
    labels: tuple[str, ...]
    ok: int | None
    explained: int
    """The class whose probability is explained: OK, or else the rarest."""
    places: IntArray
    rows: Rows
    plan: Plan
    nested: Nested
    scores: dict[str, Interval]
    built: Built
    decision: Decision
    bounds: Bounds | None
    held_out: IntArray
    """Rows the final model was not built on, for the promise of a bound; empty otherwise."""
    unseen: Judged
    kept: Judged | None
    """Decisions of the final model itself on the held-out rows."""
    shapley: ShapleyValues | None
    shapley_places: IntArray
    profiles: tuple[Profile, ...]
    learning: tuple[tuple[int, float], ...]

    @property
    def unit(self) -> str:
        """Probabilities have none."""
        return ""

    @property
    def predicted(self) -> Said:
        """What a prediction is called on an axis."""
        return say("Probability of {label}", label=self.labels[self.explained])

    @property
    def built_on(self) -> FloatArray:
        """The rows x features the final model was built on, or of which a sample was."""
        return self.rows.values[np.setdiff1d(np.arange(self.rows.y.size), self.held_out)]

    @property
    def chosen(self) -> str:
        """The final model: a candidate's name, or "stack"."""
        return self.built.model.chosen

    @property
    def final(self) -> Judged:
        """What the decision in the model file is judged by: held-out rows if there are any, else unseen ones."""
        return self.unseen if self.kept is None else self.kept

    @property
    def y(self) -> IntArray:
        """The code of each row's class."""
        return self.rows.y.astype(np.int64)

    @property
    def out_of_fold(self) -> FloatArray:
        """Each row's probabilities by a model that has not seen it (first repeat); NaN where never tested."""
        return self.nested.predictions(CHOSEN)

    @property
    def tested(self) -> IntArray:
        """The rows that were."""
        return np.flatnonzero(np.isfinite(self.out_of_fold).all(axis=1))

    @property
    def weights(self) -> dict[str, float]:
        """Of the stack, if it was tried; the rest to one are the shares of the classes."""
        return self.built.model.weights


def choice_of(params: ClassificationParameters) -> Choice:
    """Which columns the parameters choose. Reads nothing else of them."""
    return Choice(
        (params.target,),
        tuple(getattr(params, "features", ())),
        tuple(getattr(params, "categorical", ())),
        getattr(params, "groups", None),
        getattr(params, "time_column", None),
        keep_repeats_together=getattr(params, "keep_repeats_together", True),
        class_targets=True,
    )


@dataclass(frozen=True)
class Posed:
    """The question as the table and the parameters put it, checked."""

    places: IntArray
    rows: Rows
    labels: tuple[str, ...]
    ok: int | None
    plan: Plan


def posed(table: ModelTable, params: ClassificationParameters) -> Posed:
    """Check everything. Raises InputError where the rows cannot carry a model, or a decision is asked for that is not defined."""
    codes = table.targets[params.target]
    places = np.flatnonzero(~np.isnan(codes))
    labels = table.classes[params.target]
    if places.size == 0:
        raise InputError(
            say("The target “{target}” has no value in any row.", target=params.target),
            hint="Choose another target.",
        )
    if len(labels) < 2:
        raise InputError(
            say(
                "The target “{target}” is “{label}” in all {rows:,} rows.",
                target=params.target,
                label=labels[0],
                rows=places.size,
            ),
            "There is nothing to tell apart.",
            "Choose another target, or add rows of another class.",
        )
    if places.size * len(labels) > MAX_PROBABILITIES:
        raise InputError(
            say(
                "{rows:,} rows of {classes:,} classes are more than can be judged here ({most:,} probabilities).",
                rows=places.size,
                classes=len(labels),
                most=MAX_PROBABILITIES,
            ),
            hint="Take fewer rows, or join rare classes.",
        )
    ok = ok_code(labels, params)
    kinds = ALL_KINDS
    if params.calibration is not CalibrationChoice.AUTO:
        kinds = (CalibrationKind(params.calibration.value),)
    task = ClassTask(len(labels), kinds)
    rows = Rows(table.values, codes, table.units, table.order, task).of(places)
    if not any(np.unique(column[~np.isnan(column)]).size > 1 for column in rows.values.T):
        raise InputError(
            "No column is left that could explain the target.",
            hint="Choose features that differ between rows.",
        )
    wishes = Wishes(
        params.outer_folds,
        params.repeats,
        params.inner_folds,
        params.trials,
        tuple(Method(kind.value) for kind in params.models),
        params.budget,
        by_time=params.time_column is not None,
    )
    plan = plan_for(
        places.size,
        n_units(places.size, rows.units),
        len(table.features),
        1,
        wishes,
        grouped=rows.units is not None,
        task=task,
    )
    return Posed(places, rows, labels, ok, plan)


def ok_code(labels: tuple[str, ...], params: ClassificationParameters) -> int | None:
    """Which class is OK. Raises InputError where a decision needs to know and nobody said, or where there is no such class."""
    rule = Rule(params.decision.value)
    listed = ", ".join(labels[:20])
    if params.ok_class is None:
        if rule.bounds:
            raise InputError(
                say(
                    "Which class is OK? “{target}” has the classes {classes}.",
                    target=params.target,
                    classes=listed,
                ),
                "A bound on false OK needs to know, and it is not guessed.",
                "Name the class under “Which class is OK”.",
            )
        return None
    wanted = params.ok_class.strip()
    if wanted not in labels:
        raise InputError(
            say("“{target}” has no class “{label}”.", target=params.target, label=wanted),
            hint=say("Its classes: {classes}.", classes=listed),
        )
    return labels.index(wanted)


def settled_of(plan: Plan, params: ClassificationParameters) -> Settled:
    """How models are looked for."""
    return Settled(
        plan.methods,
        plan.inner_folds,
        plan.trials,
        None,
        Selection(params.top_features, params.correlation_threshold),
        params.stack,
    )


def analyse(
    table: ModelTable, question: Posed, params: ClassificationParameters, monitor: Monitor
) -> ClassResult:
    """Judge, decide, build and explain."""
    rows, plan, ok = question.rows, question.plan, question.ok
    settled = settled_of(plan, params)
    seed = int(np.random.SeedSequence([params.seed, 1]).generate_state(1)[0] % 2**31)
    held = _held_out(question, params, seed)
    training = np.setdiff1d(np.arange(rows.y.size), held)
    _require_two_classes(question, training)
    monitor.begin(1, params.target)
    judged = nested(
        rows, table.features, settled, plan.outer_folds, plan.repeats, plan.most_training_rows, seed,
        monitor.watch, lambda: not monitor.stopped,
    )  # fmt: skip
    rng = np.random.default_rng([seed, 99])
    if training.size > plan.most_training_rows:
        training = np.sort(rng.choice(training, plan.most_training_rows, replace=False))
    part = rows.of(training)
    built = build(
        part, table.features, settled, seed,
        lambda method, trial, best: monitor.watch(Step(plan.repeats + 1, 1, 1, method, trial, best)),
        [] if held.size else [fold.built.found for fold in judged.folds[:MOST_HINTS]],
    )  # fmt: skip
    decision, bounds = _decision(question, params, judged, built, held, seed)
    kept = None
    if held.size:
        p = built.model.predict(rows.values[held])
        strange = _strange(built.preparation, part.values, rows.values[held])
        kept = Judged(held, decision.decide(p, strange), strange)
    explained = ok if ok is not None else int(np.bincount(rows.y.astype(np.int64)).argmin())
    mean, _ = judged.importance()
    used = sorted({place for pipe in built.model.members.values() for place in pipe.preparation.used})
    ranked = sorted(used, key=lambda place: (-mean[place], place))

    def predict(values: FloatArray) -> FloatArray:
        return built.model.predict(values)[:, explained]

    profiles = tuple(
        partial_dependence(predict, part.values, table.features, place, rng) for place in ranked[:PROFILED]
    )
    shapley, shown = None, np.zeros(0, dtype=np.int64)
    if params.shap_rows and used:
        shown = np.arange(rows.y.size)
        if shown.size > params.shap_rows:
            shown = np.sort(rng.choice(rows.y.size, params.shap_rows, replace=False))
        background = part.values
        if background.shape[0] > BACKGROUND:
            background = background[rng.choice(background.shape[0], BACKGROUND, replace=False)]
        shapley = shapley_values(predict, rows.values[shown], background, used, rng)
    return ClassResult(
        params.target, question.labels, ok, explained, question.places, rows, plan, judged.without_models(),
        _scores(judged, rows, seed), built, decision, bounds, held,
        _unseen(question, params, judged, seed), kept, shapley, shown, profiles,
        learning_curve(rows, table.features, judged, settled, rng),
    )  # fmt: skip


def _require_two_classes(question: Posed, training: IntArray) -> None:
    """What is left when rows are held out must still tell classes apart."""
    rows = question.rows.of(training)
    left = np.unique(rows.y)
    varied = any(np.unique(column[~np.isnan(column)]).size > 1 for column in rows.values.T)
    if left.size > 1 and varied:
        return
    raise InputError(
        say(
            "Without the rows that are held out for the bound all others are “{label}”.",
            label=question.labels[int(left[0])],
        )
        if left.size == 1
        else say("Without the rows that are held out for the bound no column differs between the others."),
        "No model can be built on them.",
        "Let the bound rest on out-of-fold scores, or take rows in which the classes are mixed over time.",
    )


def _scores(judged: Nested, rows: Rows, seed: int) -> dict[str, Interval]:
    y = rows.y.astype(np.int64)
    scorers, units = [], []
    for repeat in range(judged.repeats):
        p = judged.predictions(CHOSEN, repeat)
        tested = np.flatnonzero(np.isfinite(p).all(axis=1))
        without = np.zeros(y.size)
        for fold in judged.folds:
            if fold.repeat == repeat:
                without[fold.test] = -np.log(fold.centre[y[fold.test]])
        scorers.append(all_scores(p[tested], y[tested], without[tested]))
        own = np.arange(y.size) if rows.units is None else np.unique(rows.units, return_inverse=True)[1]
        units.append(own[tested])
    return with_intervals(scorers, units, seed)


def one_a_unit(places: IntArray, units: IntArray | None, y: IntArray, ok: int, seed: int) -> IntArray:
    """Of the rows of a unit that are OK one by chance, and one of those that are not: rows of one unit are not independent."""
    if units is None:
        return places
    shuffled = np.random.default_rng([seed, 31]).permutation(places)
    pairs = np.column_stack([units[shuffled], y[shuffled] == ok])
    first = np.unique(pairs, axis=0, return_index=True)[1]
    return np.sort(shuffled[first])


def _held_out(question: Posed, params: ClassificationParameters, seed: int) -> IntArray:
    """The rows the final model is not built on, so that a bound rests on them; none where nothing is promised, or in vain."""
    share = held_out_share(question, params)
    rows = question.rows
    if share is None:
        return np.zeros(0, dtype=np.int64)
    return shares_of(share, rows.y.size, rows.units, rows.order, rows.y.astype(np.int64), seed)


def held_out_share(question: Posed, params: ClassificationParameters) -> float | None:
    """The share of rows that a bound asks to be held out; None where none is: nothing promised, or half of them would not do."""
    rule = Rule(params.decision.value)
    if not rule.bounds or params.promise is PromiseRows.OUT_OF_FOLD:
        return None
    low, high = HELD_OUT_SHARES
    needed = low
    possible = False
    for rows, bound in promised(question, params):
        fewest = rows_needed(bound, 1 - params.confidence)
        needed = max(needed, SPARE * fewest / max(rows, 1))
        possible |= high * rows >= fewest
    return min(high, needed) if possible else None


def promised(question: Posed, params: ClassificationParameters) -> list[tuple[int, float]]:
    """For each bound, how many rows (or units) of the class there are that it rests on, and the bound."""
    rows, ok = question.rows, question.ok
    assert ok is not None
    y = rows.y.astype(np.int64)
    single = one_a_unit(np.arange(y.size), rows.units, y, ok, 0)
    found = [(int((y[single] != ok).sum()), params.max_false_ok)]
    if params.decision.value == Rule.BOUND_BOTH.value:
        found.append((int((y[single] == ok).sum()), params.max_false_ng))
    return found


def _decision(
    question: Posed, params: ClassificationParameters, judged: Nested, built: Built, held: IntArray, seed: int
) -> tuple[Decision, Bounds | None]:
    rule = Rule(params.decision.value)
    if not rule.bounds:
        return _plain_decision(question, params), None
    assert question.ok is not None
    rows = question.rows
    if params.promise is PromiseRows.HELD_OUT:
        p_ok = np.zeros(rows.y.size)
        if held.size:
            p_ok[held] = built.model.predict(rows.values[held])[:, question.ok]
        return _bounded(question, params, p_ok, held, seed)
    p = judged.predictions(CHOSEN)
    tested = np.flatnonzero(np.isfinite(p).all(axis=1))
    return _bounded(question, params, p[:, question.ok], tested, seed)


def _plain_decision(question: Posed, params: ClassificationParameters) -> Decision:
    rule = Rule(params.decision.value)
    if rule is Rule.MOST_PROBABLE:
        return Decision(rule, question.ok)
    return Decision(
        rule, question.ok, cost_matrix(question.labels, question.ok, params), params.cost_cannot_say
    )


def _bounded(
    question: Posed, params: ClassificationParameters, p_ok: FloatArray, places: IntArray, seed: int
) -> tuple[Decision, Bounds]:
    ok, y = question.ok, question.rows.y.astype(np.int64)
    assert ok is not None
    single = one_a_unit(places, question.rows.units, y, ok, seed)
    return bounded(
        p_ok[single], y[single] == ok, Rule(params.decision.value), ok, (params.max_false_ok, params.max_false_ng),
        1 - params.confidence,
    )  # fmt: skip


def _unseen(question: Posed, params: ClassificationParameters, judged: Nested, seed: int) -> Judged:
    """Every tested row decided on by thresholds from other parts, its strangeness judged by its training part."""
    p = judged.predictions(CHOSEN)
    folds = [fold for fold in judged.folds if fold.repeat == 0]
    part = np.full(p.shape[0], -1)
    strange = np.zeros(p.shape[0], dtype=bool)
    for number, fold in enumerate(folds):
        part[fold.test] = number
        strange[fold.test] = _strange_in(fold, question.rows)
    tested = np.flatnonzero(part >= 0)
    if len(folds) == 1:  # thresholds from other rows of the one held-out part
        own = (
            tested
            if question.rows.units is None
            else np.unique(question.rows.units[tested], return_inverse=True)[1]
        )
        part[tested] = np.random.default_rng([seed, 5]).integers(0, 5, int(own.max()) + 1)[own]
    decided = np.zeros(p.shape[0], dtype=np.int64)
    for number in np.unique(part[tested]):
        test, rest = tested[part[tested] == number], tested[part[tested] != number]
        if Rule(params.decision.value).bounds:
            assert question.ok is not None
            decision = _bounded(question, params, p[:, question.ok], rest, seed)[0]
        else:
            decision = _plain_decision(question, params)
        decided[test] = decision.decide(p[test], strange[test])
    return Judged(tested, decided[tested], strange[tested])


def _strange_in(fold: OuterFold, rows: Rows) -> NDArray[np.bool_]:
    return _strange(fold.built.preparation, rows.values[fold.train], rows.values[fold.test])


def _strange(preparation: Preparation, training: FloatArray, values: FloatArray) -> NDArray[np.bool_]:
    """Which rows are farther from all training rows than 99 % of those from each other."""
    points, limit = domain_of(preparation.apply(training))
    if limit is None:
        return np.zeros(values.shape[0], dtype=bool)
    distance = np.asarray(cKDTree(points).query(preparation.apply(values))[0])
    return distance > limit * (1 + 1e-9)
