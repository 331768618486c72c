"""One target's model: judged by nested cross-validation, built on all rows, explained."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.asked import settled_of, wishes_of
from zerosec_analyses.modelling.explain import Interaction, Profile, ShapleyValues, shapley_interactions
from zerosec_analyses.modelling.explaining import explanation_of
from zerosec_analyses.modelling.journal import Journal
from zerosec_analyses.modelling.learning import learning_curve
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.nested import CHOSEN, Nested, Step, nested
from zerosec_analyses.modelling.plan import Plan, in_order_of_time, plan_for
from zerosec_analyses.modelling.procedure import Built, Settled, build
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.splits import n_units
from zerosec_analyses.modelling.table import FloatArray, IntArray, ModelTable
from zerosec_analyses.modelling.tree_interactions import exact_interactions
from zerosec_analyses.nonlinear.spec import NonlinearParameters, TransformChoice
from zerosec_analyses.sdk import InputError, Said, say

INTERACTING = 5
INTERACTION_ROWS = 40
COVERED = 0.9
MOST_HINTS = 10
"""Outer folds whose best settings the final search tries besides; what is judged has had no such help."""


@dataclass(frozen=True)
class TargetResult:
    """Everything found for one target. ``places`` are the rows of the table used; per-row arrays follow them."""

    target: str
    unit: str
    places: IntArray
    rows: Rows
    plan: Plan
    nested: Nested
    built: Built
    shapley: ShapleyValues | None
    interactions: tuple[Interaction, ...]
    shapley_places: IntArray
    profiles: tuple[Profile, ...]
    learning: tuple[tuple[int, float], ...]
    """Training rows, RMSE on unseen rows."""

    @property
    def chosen(self) -> str:
        """The final model: a candidate's name, or "stack"."""
        return self.built.model.chosen

    @property
    def predicted(self) -> Said:
        """What a prediction is called on an axis."""
        return say("Predicted {target}", target=self.target)

    @property
    def out_of_fold(self) -> FloatArray:
        """Each row's prediction by a model that has not seen it (first repeat); NaN where never tested."""
        return self.nested.predictions(CHOSEN)

    @property
    def weights(self) -> dict[str, float]:
        """Of the stack, if it was tried; the rest to one is the mean of the target."""
        return self.built.model.weights

    def coverage(self, level: float = COVERED) -> tuple[float, float]:
        """Half the width of the interval that out-of-fold errors give, and the share of unseen rows it covers, fold by fold."""
        found = self.out_of_fold
        errors = np.abs(self.rows.y - found)
        inside = total = 0
        folds = [fold for fold in self.nested.folds if fold.repeat == 0]
        for fold in folds:
            other = np.concatenate([errors[f.test] for f in folds if f is not fold] or [np.zeros(0)])
            if other.size:
                half = conformal_quantile(other, level)
                inside += int((errors[fold.test] <= half).sum())
                total += fold.test.size
        return conformal_quantile(errors[np.isfinite(errors)], level), inside / total if total else float(
            "nan"
        )


def conformal_quantile(errors: FloatArray, level: float) -> float:
    """The smallest half-width that covers a new row with at least this probability (Vovk et al. 2005); infinite for too few rows."""
    place = int(np.ceil((errors.size + 1) * level))
    return float(np.sort(errors)[place - 1]) if place <= errors.size else float("inf")


def places_of(table: ModelTable, target: str) -> IntArray:
    """The rows that have the target."""
    return np.flatnonzero(~np.isnan(table.targets[target]))


def rows_of(table: ModelTable, target: str) -> tuple[IntArray, Rows]:
    """The rows that have the target, and what they hold."""
    places = places_of(table, target)
    return places, Rows(table.values, table.targets[target], table.units, table.order).of(places)


def checked_plan(table: ModelTable, target: str, params: NonlinearParameters) -> Plan:
    """The plan of a target. Raises InputError where its rows cannot carry a model."""
    places = places_of(table, target)
    y = table.targets[target][places]
    units = None if table.units is None else table.units[places]
    if places.size == 0:
        raise InputError(
            say("The target “{target}” has no value in any row.", target=target),
            hint="Choose another target.",
        )
    if float(y.min()) == float(y.max()):
        raise InputError(
            say(
                "The target “{target}” is {value:.6g} in all {rows:,} rows.",
                one="The target “{target}” has a value in one row only, {value}.",
                target=target,
                value=float(y[0]),
                rows=places.size,
            ),
            "There is nothing to predict.",
            "Choose another target.",
        )
    if params.target_transform in {TransformChoice.LOG, TransformChoice.BOX_COX} and y.min() <= 0:
        row = int(places[int((y <= 0).argmax())])
        raise InputError(
            say(
                "Row {row:,}, target “{target}”: {value:.6g} is not positive.",
                row=table.row_number(row),
                target=target,
                value=float(table.targets[target][row]),
            ),
            "The chosen transform takes positive values only.",
            "Correct the value, or choose Yeo–Johnson or Automatic.",
        )
    named_rows(table, target, params)
    plan = plan_for(
        places.size, n_units(places.size, units), len(table.features), len(params.target), wishes_of(params),
        grouped=units is not None,
    )  # fmt: skip
    if table.order is None or params.time_column is None:
        return plan
    return in_order_of_time(plan, units, table.order[places], params.time_column)


def named_rows(table: ModelTable, target: str, params: NonlinearParameters) -> IntArray:
    """Where the rows that are to be explained one by one stand among the rows used. Raises InputError naming one that is not there."""
    places = places_of(table, target)
    found = []
    for row in dict.fromkeys(params.explain_rows):
        at = bisect_left(range(places.size), row, key=lambda place: table.row_number(int(places[place])))
        if at == places.size or table.row_number(int(places[at])) != row:
            raise InputError(
                say(
                    "Row {row:,} cannot be explained: it is not among the rows that are used for “{target}”.",
                    row=row,
                    target=target,
                ),
                say(
                    "The file has rows {first:,} to {last:,} with a value of the target.",
                    first=table.row_number(int(places[0])),
                    last=table.row_number(int(places[-1])),
                ),
                "Name rows by their number in the file; the table “Row by row” shows them.",
                field="explain_rows",
            )
        found.append(at)
    return np.array(found, dtype=np.int64)


def settled(plan: Plan, params: NonlinearParameters) -> Settled:
    """How models are looked for."""
    auto = params.target_transform is TransformChoice.AUTO
    return settled_of(params, plan, None if auto else TargetTransform(params.target_transform.value))


def analyse(
    table: ModelTable,
    target: str,
    number: int,
    plan: Plan,
    params: NonlinearParameters,
    monitor: Monitor,
    journal: Journal,
) -> TargetResult:
    """Judge, build and explain the model of one target, the ``number``-th from 1."""
    places, rows = rows_of(table, target)
    looked_for = settled(plan, params)
    seed = int(np.random.SeedSequence([params.seed, number]).generate_state(1)[0] % 2**31)
    monitor.begin(number, target)
    judged = nested(
        rows, table.features, looked_for, plan.outer_folds, plan.repeats, plan.most_training_rows, seed,
        monitor.watch, lambda: not monitor.stopped, (journal, number),
    )  # fmt: skip
    rng = np.random.default_rng([seed, 99])
    part = rows
    if rows.y.size > plan.most_training_rows:
        part = rows.of(np.sort(rng.choice(rows.y.size, plan.most_training_rows, replace=False)))
    built = build(
        part, table.features, looked_for, seed,
        lambda method, trial, best: monitor.watch(Step(plan.repeats + 1, 1, 1, method, trial, best)),
        [fold.built.found for fold in judged.folds[:MOST_HINTS]], (journal, (number, -1, 0)),
    )  # fmt: skip
    predict = built.model.predict
    named = named_rows(table, target, params)
    told = explanation_of(predict, built, judged, rows, part, table.features, params.shap_rows, rng, named)
    interactions: tuple[Interaction, ...] = ()
    if told.shapley is not None:
        some = rows.values[told.shapley_places]
        exact = exact_interactions(built.model, some, told.ranked[:INTERACTING])
        interactions = exact or shapley_interactions(
            predict, some[:INTERACTION_ROWS], told.background, told.used, told.ranked[:INTERACTING], rng
        )
    return TargetResult(
        target, params.target_units.get(target, ""), places, rows, plan, judged.without_models(), built, told.shapley,
        interactions, told.shapley_places, told.profiles,
        learning_curve(rows, table.features, judged, rng),
    )  # fmt: skip
