"""What the user must see beside the numbers of a nonlinear analysis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.nested import CHOSEN
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
from zerosec_analyses.modelling.table import FloatArray, ModelTable
from zerosec_analyses.nonlinear.analysis import COVERED, TargetResult
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.sdk import say
from zerosec_analyses.shown_numbers import shown_number

OVERFIT_GAP = 0.25
FEW_VALUES = 5
"""So many different values of a target may be classes."""
FAR_BELOW = 3.0
"""Standard errors of a share by which intervals cover less than they are meant to, before that is said."""


def findings(table: ModelTable, results: Sequence[TargetResult], monitor: Monitor) -> list[Finding]:
    """All findings, those about the data first."""
    return [
        *about_table(table),
        *about_search(monitor),
        *about_missing([one.plan for one in results]),
        *about_repeats([one.target for one in results if fewer_repeats(one.nested, one.plan)]),
        *(finding for result in results for finding in _of_target(table, result)),
    ]


def _of_target(table: ModelTable, result: TargetResult) -> Iterator[Finding]:
    untested = int(np.isnan(result.out_of_fold).sum())
    yield from about_rows(table, result.target, result.places, untested, result.plan)
    yield from about_few_values(result.target, result.rows.y)
    yield from about_curves(result.target, result.built)
    yield from about_kept(result.target, result.nested, result.built)
    yield from _accuracy(result)
    yield from _intervals(result)
    yield from about_few_rows(result.target, result.rows.y.size)
    yield from about_choice(result.target, result.nested)
    yield from about_failed(result.target, result.built)


def about_few_values(target: str, values: FloatArray) -> Iterator[Finding]:
    """Numbers that may be classes: their mean, which a model aims at, would be none of them."""
    found = np.unique(values[~np.isnan(values)])
    if found.size <= FEW_VALUES:
        listed = ", ".join(f"{value:.6g}" for value in found)
        yield Finding(
            "few_values",
            say("{target} has only these values: {values}. Here they are taken as amounts.", target=target, values=listed),
            say("If they stand for classes, such as OK and NG or grades, use the classification: it tells how probable each is."),
            is_warning=False,
        )  # fmt: skip


def _accuracy(result: TargetResult) -> Iterator[Finding]:
    target, score = result.target, result.nested.mean_score(CHOSEN)
    if score.r2 <= 0.05:
        yield Finding(
            "no_predictive_value",
            say(
                "{target}: on unseen rows the model predicts hardly better than the mean. Do not use it for predictions.",
                target=target,
            ),
            say(
                "Measure what else may matter, lower the noise of the measurement, or cover a wider range of the features."
            ),
        )
    own = result.nested.own_skill(CHOSEN)
    if own is not None and own - score.r2 > OVERFIT_GAP:
        yield Finding(
            "overfit",
            say(
                "{target}: R² is {own} on training rows and {unseen} on unseen ones. The training score says nothing of new "
                "rows.",
                target=target,
                own=shown_number(own, 3),
                unseen=shown_number(score.r2, 3),
            ),
            say("More rows or fewer features bring the two together."),
            is_warning=False,
        )


def _intervals(result: TargetResult) -> Iterator[Finding]:
    """Where a few rows are unlike all others, the errors of some folds say little of those of the next."""
    _, covered = result.coverage()
    n = result.rows.y.size
    if covered < COVERED - FAR_BELOW * math.sqrt(COVERED * (1 - COVERED) / n):
        yield Finding(
            "intervals_too_narrow",
            say(
                "{target}: intervals that are meant to hold for {wanted:.0%} of rows held for {covered:.0%} of unseen ones. Some rows are "
                "off by far more than the others.",
                target=result.target,
                wanted=COVERED,
                covered=covered,
            ),
            say(
                "Look at the largest errors and values of the target; a transform of the target may even them out."
            ),
        )
