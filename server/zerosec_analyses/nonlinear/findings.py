"""What the user must see beside the numbers of a nonlinear analysis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.nested import CHOSEN
from zerosec_analyses.modelling.procedure import STACK
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.sdk import joined, ours, say

OVERFIT_GAP = 0.25
FEW_ROWS = 60


def findings(table: ModelTable, results: Sequence[TargetResult], monitor: Monitor) -> list[Finding]:
    """All findings, those about the data first."""
    return [
        *_reading(table),
        *_search(results, monitor),
        *(finding for result in results for finding in _of_target(table, result)),
    ]


def _reading(table: ModelTable) -> Iterator[Finding]:
    used = {*table.targets, *(feature.name for feature in table.features)}
    for note in table.notes:
        if note.column is None or note.column in used:
            yield Finding(f"reading_{note.code}", ours(note.text), is_warning=note.code != "thousands")
    if table.left_out:
        listed = joined(
            [say("{column} ({reason})", column=one.column, reason=one.reason) for one in table.left_out[:8]],
            "; ",
        )
        yield Finding(
            "columns_left_out",
            say("{count:,} columns are not used: {columns}.", count=len(table.left_out), columns=listed),
            is_warning=False,
        )
    if table.n_repeated_rows:
        yield Finding(
            "repeated_rows",
            say(
                "{rows:,} rows have the same features as another. They were never parted between training and test, so that no "
                "model is praised for remembering an experiment.",
                rows=table.n_repeated_rows,
            ),
            is_warning=False,
        )


def _search(results: Sequence[TargetResult], monitor: Monitor) -> Iterator[Finding]:
    if monitor.ctx.finish_requested:
        yield Finding(
            "finished_early",
            say(
                "The search was stopped on request with the best so far: {count:,} searches ended before their last trial. Every "
                "score is still of rows never seen.",
                count=monitor.ended_early,
            ),
        )
    elif monitor.ended_early:
        yield Finding(
            "budget_used_up",
            say(
                "The time budget ended {count:,} of {searches:,} searches before their last trial.",
                count=monitor.ended_early,
                searches=monitor.searches,
            ),
            is_warning=False,
        )
    if monitor.plan.budget_s:
        yield Finding(
            "not_repeatable",
            say(
                "With a time budget the number of trials depends on the computer: the same numbers may not come out again."
            ),
            say("Set the number of trials instead of a time budget for a result that can be repeated."),
            is_warning=False,
        )
    short = [result.target for result in results if result.nested.repeats < result.plan.repeats]
    if short and results[0].rows.order is None:
        yield Finding(
            "fewer_repeats",
            say("Fewer repeats than planned were done for {targets}.", targets=", ".join(short)),
        )


def _of_target(table: ModelTable, result: TargetResult) -> Iterator[Finding]:
    target = result.target
    lost = table.n_rows - result.places.size
    if lost:
        yield Finding(
            "rows_without_target",
            say(
                "{dropped:,} of {rows:,} rows have no value in the target “{target}” and were left out.",
                dropped=lost,
                rows=table.n_rows,
                target=target,
            ),
        )
    gaps = table.missing(result.places)
    if gaps:
        listed = ", ".join(f"{name} ({count:,})" for name, count in list(gaps.items())[:12])
        yield Finding(
            "values_imputed",
            say(
                "{target}: missing numbers were filled in with the median of the training rows, and missing categories belong to no "
                "category; where many are missing, that is a feature of its own: {columns}.",
                target=target,
                columns=listed,
            ),
        )
    untested = int(np.isnan(result.out_of_fold).sum())
    if untested:
        yield Finding(
            "untested_rows",
            say(
                "{target}: {rows:,} rows could not be tested on a model that has not seen them and are in no score.",
                target=target,
                rows=untested,
            ),
            is_warning=False,
        )
    if result.rows.y.size > result.plan.most_training_rows:
        yield Finding(
            "training_rows_sampled",
            say(
                "{target}: models were trained on a random {trained:,} of the rows.",
                target=target,
                trained=result.plan.most_training_rows,
            ),
        )
    yield from _accuracy(result)


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
    own = float(np.mean([fold.training_skill[CHOSEN] for fold in result.nested.folds]))
    if own - score.r2 > OVERFIT_GAP:
        yield Finding(
            "overfit",
            say(
                "{target}: R² is {own:.2f} on training rows and {unseen:.2f} on unseen ones. The training score says nothing of new "
                "rows.",
                target=target,
                own=own,
                unseen=score.r2,
            ),
            say("More rows or fewer features bring the two together."),
            is_warning=False,
        )
    if result.rows.y.size < FEW_ROWS:
        yield Finding(
            "few_rows",
            say(
                "{target}: {rows:,} rows are few for a search among many models; the scores are uncertain.",
                target=target,
                rows=result.rows.y.size,
            ),
        )
    chosen = Counter(fold.chosen for fold in result.nested.folds)
    if len(chosen) > 1:
        listed = joined(
            [
                say("{model} {times}×", model=METHOD_NAMES[name], times=times)
                for name, times in chosen.most_common()
            ],
            ", ",
        )
        yield Finding(
            "choice_varies",
            say(
                "{target}: not every training part chose the same model ({models}). The score is that of choosing and fitting "
                "together.",
                target=target,
                models=listed,
            ),
            is_warning=False,
        )
    strange = [
        name for name, one in result.built.inner_loss.items() if not np.isfinite(one) and name != STACK
    ]
    if strange:
        yield Finding(
            "candidate_failed",
            say(
                "{target}: {models} gave no finite predictions and took no part.",
                target=target,
                models=joined([METHOD_NAMES[name] for name in strange], ", "),
            ),
        )
