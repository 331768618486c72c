"""What a classification would do with the form as it stands: rows, classes, folds, how long, and whether a bound can be promised."""

from __future__ import annotations

import numpy as np

from zerosec_analyses.classification.costs import cost_matrix
from zerosec_analyses.classification.promises import held_out_share, promised
from zerosec_analyses.classification.question import Posed, class_choice, posed
from zerosec_analyses.classification.spec import ClassificationParameters, DecisionRule, PromiseRows
from zerosec_analyses.modelling.decisions import rows_needed
from zerosec_analyses.modelling.keeping import selections_for
from zerosec_analyses.modelling.plan_shown import (
    show_left_out,
    show_plan,
    show_reading,
    show_repeated,
    show_time,
)
from zerosec_analyses.modelling.table import read_model_table
from zerosec_analyses.sdk import Column, Context, say

__all__ = ["preview"]

SHOWN_CLASSES = 20


def preview(ctx: Context, params: ClassificationParameters) -> None:
    """Read the table as the analysis would, and show its plan. Raises InputError as the analysis would."""
    source = ctx.input("data")
    table = read_model_table(source.path, source.dialect, class_choice(params))
    question = posed(table, params)
    ctx.metric("rows", question.places.size, label="Rows used", headline=True)
    ctx.metric("classes", len(question.labels), label="Classes", headline=True)
    ctx.metric("features", len(table.features), label="Features", headline=True)
    show_time(ctx, question.plan, question.places.size, len(table.features), 1)
    if params.decision is DecisionRule.COSTS:
        cost_matrix(question.labels, question.ok, params)
    counts = np.bincount(question.rows.y.astype(np.int64), minlength=len(question.labels))
    order = np.argsort(-counts, kind="stable")[:SHOWN_CLASSES]
    ctx.table(
        "classes",
        "Classes",
        [
            Column(name="class", label="Class"),
            Column(name="rows", label="Rows"),
            Column(name="is", label="Counts as"),
        ],
        [(question.labels[c], int(counts[c]), _counts_as(question, c)) for c in order.tolist()],
        total_rows=len(question.labels),
    )
    if question.ok is not None and params.decision in {DecisionRule.BOUND_OK, DecisionRule.BOUND_BOTH}:
        _promise(ctx, question, params)
    show_plan(ctx, question.plan, 1, selections_for(params.top_features, params.correlation_threshold))
    show_reading(ctx, table)
    show_repeated(ctx, table)
    show_left_out(ctx, table)


def _counts_as(question: Posed, code: int) -> str:
    if question.ok is None:
        return ""
    return say("OK") if code == question.ok else say("NG")


def _promise(ctx: Context, question: Posed, params: ClassificationParameters) -> None:
    share = held_out_share(question, params)
    delta = 1 - params.confidence
    out_of_fold = params.promise is PromiseRows.OUT_OF_FOLD
    if share is not None:
        ctx.metric(
            "held_out", round(100 * share, 1), unit="%", label="Rows held out for the bound",
            note="The model is built on the rest, so that the bound is a theorem for rows like the held-out ones.",
        )  # fmt: skip
    for kind, (rows, bound) in zip((say("NG"), say("OK")), promised(question, params), strict=False):
        needed = rows_needed(bound, delta)
        usable = rows if out_of_fold else int((share or 0.5) * rows)
        if usable < needed:
            ctx.warn(
                "not_enough_rows_for_the_bound",
                say(
                    "Not enough {kind} rows to promise {bound:.3g}% at {confidence:.3g}% confidence: {needed:,} that the model is not built on are "
                    "needed, and {usable:,} can be spared.",
                    kind=kind, bound=100 * bound, confidence=100 * params.confidence, needed=needed, usable=usable,
                ),
                "Add such rows, or choose a wider bound or a lower confidence.",
            )  # fmt: skip
