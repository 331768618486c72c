"""A target's classes: judged by nested cross-validation, decided on, built, explained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.classification.promises import (
    Judged,
    decision_of,
    held_out_rows,
    strange_rows,
    unseen_decisions,
)
from zerosec_analyses.classification.question import Posed
from zerosec_analyses.classification.scores import Interval, all_scores, with_intervals
from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.modelling.asked import settled_of
from zerosec_analyses.modelling.decisions import Bounds, Decision
from zerosec_analyses.modelling.explain import Profile, ShapleyValues
from zerosec_analyses.modelling.explaining import explanation_of
from zerosec_analyses.modelling.journal import Journal
from zerosec_analyses.modelling.learning import learning_curve
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.nested import CHOSEN, Nested, Step, nested
from zerosec_analyses.modelling.plan import Plan
from zerosec_analyses.modelling.procedure import Built, build
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.table import FloatArray, IntArray, ModelTable
from zerosec_analyses.sdk import InputError, Said, say

MOST_HINTS = 10


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
        """Of the stack, if it was tried: in a sum the rest to one are the shares of the classes, in a product they are powers."""
        return self.built.model.weights


def analyse(
    table: ModelTable, question: Posed, params: ClassificationParameters, monitor: Monitor, journal: Journal
) -> ClassResult:
    """Judge, decide, build and explain. What ``journal`` knows is not computed again."""
    rows, plan, ok = question.rows, question.plan, question.ok
    settled = settled_of(params, plan)
    seed = int(np.random.SeedSequence([params.seed, 1]).generate_state(1)[0] % 2**31)
    held = held_out_rows(question, params, seed)
    training = np.setdiff1d(np.arange(rows.y.size), held)
    _require_two_classes(question, training)
    monitor.begin(1, params.target)
    judged = nested(
        rows, table.features, settled, plan.outer_folds, plan.repeats, plan.most_training_rows, seed,
        monitor.watch, lambda: not monitor.stopped, (journal, 1),
    )  # fmt: skip
    rng = np.random.default_rng([seed, 99])
    if training.size > plan.most_training_rows:
        training = np.sort(rng.choice(training, plan.most_training_rows, replace=False))
    part = rows.of(training)
    built = build(
        part, table.features, settled, seed,
        lambda method, trial, best: monitor.watch(Step(plan.repeats + 1, 1, 1, method, trial, best)),
        [] if held.size else [fold.built.found for fold in judged.folds[:MOST_HINTS]], (journal, (1, -1, 0)),
    )  # fmt: skip
    decision, bounds = decision_of(question, params, judged, built, held, seed)
    kept = None
    if held.size:
        p = built.model.predict(rows.values[held])
        strange = strange_rows(built.preparation, part.values, rows.values[held])
        kept = Judged(held, decision.decide(p, strange), strange)
    explained = ok if ok is not None else int(np.bincount(rows.y.astype(np.int64)).argmin())

    def predict(values: FloatArray) -> FloatArray:
        return built.model.predict(values)[:, explained]

    told = explanation_of(predict, built, judged, rows, part, table.features, params.shap_rows, rng)
    return ClassResult(
        params.target, question.labels, ok, explained, question.places, rows, plan, judged.without_models(),
        _scores(judged, rows, seed), built, decision, bounds, held,
        unseen_decisions(question, params, judged, seed), kept, told.shapley, told.shapley_places, told.profiles,
        learning_curve(rows, table.features, judged, rng),
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
