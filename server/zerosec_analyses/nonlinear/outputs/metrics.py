"""The numbers of a nonlinear analysis by name, and the sentences that say what they mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zerosec_analyses.modelling.nested import CHOSEN
from zerosec_analyses.modelling.procedure import STACK
from zerosec_analyses.modelling.words import METHOD_NAMES, TRANSFORM_NAMES, shares_of
from zerosec_analyses.nonlinear.analysis import COVERED, TargetResult
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.sdk import Said, joined, say
from zerosec_analyses.shown_numbers import shown_number


def metric_lines(results: Sequence[TargetResult]) -> list[MetricLine]:
    """All metrics. The first target's have plain names; those of the n-th end in _n."""
    lines: list[MetricLine] = []
    for number, result in enumerate(results, start=1):
        lines += _of_target(result, "" if number == 1 else f"_{number}", several=len(results) > 1)
    return lines


def _of_target(result: TargetResult, ending: str, *, several: bool) -> list[MetricLine]:
    judged, unit = result.nested, result.unit
    score = judged.mean_score(CHOSEN)
    spread = judged.fold_losses(CHOSEN)
    half, covered = result.coverage()

    def label(text: Said) -> Said:
        return say("{target}: {what}", target=result.target, what=text) if several else text

    plan = result.plan.description
    final = result.built.found.get(result.chosen)
    return [
        MetricLine(
            f"r2_out_of_fold{ending}", score.r2, label(say("R² on unseen rows")), "",
            say("By {plan}: 1 minus squared errors / squared distances from the mean of the training part.", plan=plan),
            headline=True,
        ),
        MetricLine(
            f"rmse_out_of_fold{ending}", score.rmse, label(say("RMSE on unseen rows")), unit,
            say(
                "Root of the mean squared error in the target's own units; over the folds {low} to {high}.",
                low=shown_number(float(spread.min()), 3), high=shown_number(float(spread.max()), 3),
            ),
            headline=True,
        ),
        MetricLine(
            f"mae_out_of_fold{ending}", score.mae, label(say("MAE on unseen rows")), unit,
            say("Mean absolute error in the target's own units."), headline=True,
        ),
        MetricLine(f"model{ending}", result.chosen, label(say("Final model")), "", made_of(result)),
        MetricLine(
            f"interval_half_width{ending}", half if math.isfinite(half) else None, label(say("90% interval, plus or minus")),
            unit, say("From the errors on unseen rows; it covered {share:.1%} of rows of other folds.", share=covered)
            if math.isfinite(covered) else say("Too few rows were tested to say."),
        ),
        MetricLine(
            f"interval_coverage{ending}", covered if math.isfinite(covered) else None,
            label(say("Coverage of the 90% interval")), "",
            say("Share of unseen rows inside an interval made from other folds; {level:.0%} is meant.", level=COVERED),
        ),
        MetricLine(
            f"r2_training{ending}", judged.own_skill(CHOSEN),
            label(say("R² on training rows")), "", say("Only a hint of over-fitting, never the accuracy."),
        ),
        MetricLine(f"n_rows{ending}", int(result.rows.y.size), label(say("Rows used"))),
        MetricLine(f"n_features{ending}", len(result.built.preparation.used), label(say("Features used"))),
        MetricLine(
            f"trials_done{ending}",
            sum(len(one.trials) for f in judged.folds for one in f.built.found.values())
            + sum(len(one.trials) for one in result.built.found.values()),
            label(say("Trials done")),
        ),
        *(
            [MetricLine(f"transform{ending}", str(final.transform.value), label(say("Target transform")), "",
                        TRANSFORM_NAMES[final.transform])]
            if final is not None else []
        ),
    ]  # fmt: skip


def made_of(result: TargetResult) -> Said:
    """The final model, and the shares of what a stack is made of."""
    if result.chosen == STACK:
        return shares_of(result.weights, say("the mean of the training rows"))
    return METHOD_NAMES[result.chosen]


def sentence(results: Sequence[TargetResult]) -> Said:
    """The answer: how well each target can be predicted."""
    return joined([_answer(result) for result in results], " ")


def _answer(result: TargetResult) -> Said:
    score = result.nested.mean_score(CHOSEN)
    unit = f" {result.unit}" if result.unit else ""
    error = f"{shown_number(score.mae, 3)}{unit}"
    model = METHOD_NAMES[result.chosen]
    if score.r2 <= 0.05:
        return say(
            "{target}: no usable model. On rows never seen the best one ({model}) predicts hardly better than the mean.",
            target=result.target,
            model=model,
        )
    return say(
        "{target}: {model} explains {share} of the variation in rows never seen and is off by {error} on average. {verdict}",
        target=result.target,
        model=model,
        share=_share(score.r2),
        error=error,
        verdict=_verdict(result, score.r2),
    )


def _share(r2: float) -> str:
    """In whole percent; with so many digits, four at most, that what is not all does not read 100%."""
    texts = (f"{r2:.{digits}%}" for digits in range(5))
    return next((text for text in texts if not text.startswith("100")), "100%")


def _verdict(result: TargetResult, r2: float) -> Said:
    """Is it good enough to predict with, where, and what would help."""
    where = say("Within the ranges of the data it is good enough to predict with.")
    if r2 < 0.9:
        where = say("It tells good settings from bad ones; single predictions are rough.")
    if r2 < 0.5:
        where = say("It shows a tendency only; do not rely on single predictions.")
    if len(result.learning) > 1:
        half, full = result.learning[-2][1], result.learning[-1][1]
        if full < 0.95 * half:
            return say("{where} More rows would still help.", where=where)
        if r2 < 0.9:
            return say(
                "{where} More rows of the same kind would help little: other measurements or less noise would.",
                where=where,
            )
    return where
