"""What the user must see beside the numbers of a classification."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.classification.spec import ClassificationParameters, PromiseRows
from zerosec_analyses.modelling.decisions import Bound
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.remarks import (
    about_choice,
    about_curves,
    about_failed,
    about_few_rows,
    about_kept,
    about_missing,
    about_repeats,
    about_rows,
    about_search,
    about_table,
    fewer_repeats,
)
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.sdk import Said, say

FEW_OF_A_CLASS = 10


def findings(
    table: ModelTable, result: ClassResult, params: ClassificationParameters, monitor: Monitor
) -> list[Finding]:
    """All findings, those about the data first."""
    untested = result.rows.y.size - result.tested.size
    return [
        *about_table(table),
        *about_search(monitor),
        *about_missing([result.plan]),
        *about_repeats([result.target] if fewer_repeats(result.nested, result.plan) else []),
        *about_rows(table, result.target, result.places, untested, result.plan),
        *about_curves(result.target, result.built),
        *about_kept(result.target, result.nested, result.built),
        *_classes(result),
        *about_few_rows(result.target, result.rows.y.size),
        *_skill(result),
        *about_choice(result.target, result.nested),
        *about_failed(result.target, result.built),
        *_decisions(result, params),
    ]


def _classes(result: ClassResult) -> Iterator[Finding]:
    counts = np.bincount(result.y, minlength=len(result.labels))
    folds = result.plan.outer_folds
    absent = [result.labels[c] for c in np.flatnonzero(counts == 0).tolist()]
    rare = [
        f"{result.labels[c]} ({counts[c]:,})"
        for c in np.flatnonzero((counts > 0) & (counts < max(folds, 2))).tolist()
    ]
    few = [
        f"{result.labels[c]} ({counts[c]:,})"
        for c in np.flatnonzero((counts >= max(folds, 2)) & (counts < FEW_OF_A_CLASS)).tolist()
    ]
    if rare:
        yield Finding(
            "rare_classes",
            say(
                "{target}: some classes have fewer rows than there are folds and cannot be learnt and tested in each: {classes}. When such "
                "a row is tested, few or none of its class are left to learn from.",
                target=result.target,
                classes=", ".join(rare[:12]),
            ),
            say("Add rows of these classes, or join them with others."),
        )
    if few:
        yield Finding(
            "few_rows_of_a_class",
            say(
                "{target}: what is said of classes with few rows is uncertain: {classes}.",
                target=result.target,
                classes=", ".join(few[:12]),
            ),
        )
    if absent:
        yield Finding(
            "classes_without_rows",
            say(
                "{target}: no row used is of {classes}.", target=result.target, classes=", ".join(absent[:12])
            ),
        )


def _skill(result: ClassResult) -> Iterator[Finding]:
    area, skill = result.scores["roc_auc"], result.scores["skill"]
    if (np.isfinite(area.low) and area.low <= 0.5) or skill.value <= 0:
        yield Finding(
            "no_predictive_value",
            say(
                "{target}: on unseen rows the classes are told apart hardly better than by chance. Do not use the model for predictions.",
                target=result.target,
            ),
            say("Measure what else may matter, or check how the classes were assigned."),
        )
    own = result.nested.own_skill("chosen")
    if own is not None and own - skill.value > 0.35:
        yield Finding(
            "overfit",
            say(
                "{target}: on training rows the model explains {own:.0%} of the uncertainty about the class, on unseen ones {unseen:.0%}. The "
                "training score says nothing of new rows.",
                target=result.target,
                own=own,
                unseen=skill.value,
            ),
            say("More rows or fewer features bring the two together."),
            is_warning=False,
        )


def _decisions(result: ClassResult, params: ClassificationParameters) -> Iterator[Finding]:
    strange = int(result.unseen.strange.sum())
    if strange:
        yield Finding(
            "strange_rows",
            say(
                "{rows:,} of {tested:,} rows lay farther from all training rows than those from each other. The model does not decide on "
                "such rows.",
                one="1 of {tested} rows lay farther from all training rows than those from each other. The model does not decide on such a row.",
                rows=strange,
                tested=result.unseen.tested.size,
            ),
            is_warning=False,
        )
    if result.bounds is None or result.ok is None:
        return
    for bound, words in _promises(result):
        if not bound.is_kept:
            yield Finding(
                "not_enough_rows_for_the_bound",
                say(
                    "Not enough {kind} rows to promise that: a bound of {alpha:.3g}% at {confidence:.3g}% confidence needs {needed:,} that the model "
                    "was not built on, and there are {n:,}. {consequence}",
                    kind=words[0],
                    alpha=100 * bound.alpha,
                    confidence=100 * (1 - bound.delta),
                    needed=bound.needed,
                    n=bound.n,
                    consequence=words[1],
                ),
                say(
                    "Measure more of them (about {total:,} in all when half are held out), or choose a wider bound or a lower confidence.",
                    total=2 * bound.needed,
                ),
            )
    if result.bounds.false_ok.is_kept or (
        result.bounds.false_ng is not None and result.bounds.false_ng.is_kept
    ):
        yield Finding("what_the_bound_rests_on", _rests_on(result, params), is_warning=False)
    if result.final.coverage < 0.5:
        yield Finding(
            "mostly_grey",
            say(
                "{share:.0%} of rows the model has not seen get no decision: the classes overlap too much for these bounds and this many rows.",
                share=1 - result.final.coverage,
            ),
            say(
                "Choose wider bounds, add rows (few rows make thresholds cautious), measure what tells the classes apart better, or let the bound "
                "rest on out-of-fold scores."
            ),
        )


def _promises(result: ClassResult) -> Iterator[tuple[Bound, tuple[str, str]]]:
    assert result.bounds is not None
    yield result.bounds.false_ok, (say("NG"), say("No row is called OK."))
    if result.bounds.false_ng is not None:
        yield result.bounds.false_ng, (say("OK"), say("No row is called NG."))


def _rests_on(result: ClassResult, params: ClassificationParameters) -> Said:
    if params.promise is PromiseRows.OUT_OF_FOLD:
        start = say(
            "The bound rests on out-of-fold scores: it holds as far as the final model, built on all rows, scores like those of the folds. "
            "That is no theorem."
        )
    else:
        start = say(
            "The bound rests on {rows:,} rows that the final model was not built on: for new rows drawn like them it is a theorem, whatever "
            "the model.",
            rows=result.held_out.size,
        )
    if result.rows.order is not None:
        return say(
            "{start} They are the latest rows, so that it holds as long as what comes is like them.",
            start=start,
        )
    if result.rows.units is not None:
        return say(
            "{start} Of rows that belong together (one experiment or group, or the same features) one by chance counts, so that it is a bound "
            "for rows of new experiments, each experiment counting once.",
            start=start,
        )
    return say("{start} It does not hold when machines, materials or people change.", start=start)
