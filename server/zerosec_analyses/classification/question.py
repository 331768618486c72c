"""The question as the table and the parameters put it: which rows, which classes, which of them is OK, and the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.classification.spec import CalibrationChoice, ClassificationParameters
from zerosec_analyses.modelling.asked import choice_of, wishes_of
from zerosec_analyses.modelling.calibration import ALL_KINDS, CalibrationKind
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.decisions import Rule
from zerosec_analyses.modelling.plan import Plan, in_order_of_time, plan_for
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.splits import n_units
from zerosec_analyses.modelling.table import Choice, IntArray, ModelTable
from zerosec_analyses.sdk import InputError, say

MAX_PROBABILITIES = 20_000_000


def class_choice(params: ClassificationParameters) -> Choice:
    """Which columns the parameters choose. Reads nothing else of them."""
    return choice_of(params, (params.target,), classes=True)


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
                one="The target “{target}” has a value in one row only, “{label}”.",
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
    plan = plan_for(
        places.size,
        n_units(places.size, rows.units),
        len(table.features),
        1,
        wishes_of(params),
        grouped=rows.units is not None,
        task=task,
    )
    if rows.order is not None and params.time_column is not None:
        plan = in_order_of_time(plan, rows.units, rows.order, params.time_column)
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
                field="ok_class",
            )
        return None
    wanted = params.ok_class.strip()
    if wanted not in labels:
        raise InputError(
            say("“{target}” has no class “{label}”.", target=params.target, label=wanted),
            hint=say("Its classes: {classes}.", classes=listed),
            field="ok_class",
        )
    return labels.index(wanted)
