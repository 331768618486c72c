"""What every model-building analysis remarks on: what was read, left out and filled in, how the search ended, what was chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from zerosec_analyses.modelling.keeping import NO_LIMIT
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.nested import Nested
from zerosec_analyses.modelling.plan import Plan
from zerosec_analyses.modelling.procedure import STACK, Built
from zerosec_analyses.modelling.table import IntArray, ModelTable, reasons_in_words
from zerosec_analyses.modelling.task import NUMBER
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.reading import about_reading
from zerosec_analyses.sdk import joined, say

FEW_ROWS = 60
CURVE_COLUMNS = 10
"""So many features and more, most of which repeat others, are taken for points of a curve, such as a spectrum."""


def about_used(table: ModelTable) -> Iterator[Finding]:
    """How the file and the columns that are used were read."""
    yield from about_reading(table.notes, {*table.targets, *(feature.name for feature in table.features)})


def about_table(table: ModelTable) -> Iterator[Finding]:
    """How the file was read, columns that are not used, and rows that repeat others."""
    yield from about_used(table)
    if table.left_out:
        yield Finding(
            "columns_left_out",
            say(
                "{count:,} columns are not used: {columns}.",
                one="1 column is not used: {columns}.",
                count=len(table.left_out),
                columns=reasons_in_words(table.left_out),
            ),
            is_warning=False,
        )
    if table.n_repeated_rows:
        yield Finding(
            "repeated_rows",
            say(
                "{rows:,} rows have the same features as another. They were never parted between training and test, so that no "
                "model is praised for remembering an experiment.",
                one="1 row has the same features as another. They were never parted between training and test, so that no model is praised for remembering an experiment.",
                rows=table.n_repeated_rows,
            ),
            is_warning=False,
        )


def about_search(monitor: Monitor) -> Iterator[Finding]:
    """How the search ended."""
    if monitor.ctx.finish_requested:
        yield Finding(
            "finished_early",
            say(
                "The search was stopped on request with the best so far: {count:,} searches ended before their last trial. Every "
                "score is still of rows never seen.",
                one="The search was stopped on request with the best so far: 1 search ended before its last trial. Every score is still of rows never seen.",
                count=monitor.ended_early,
            ),
        )
    elif monitor.ended_early:
        yield Finding(
            "budget_used_up",
            say(
                "The time budget ended {count:,} of {searches:,} searches before their last trial.",
                one="The time budget ended 1 of {searches} searches before its last trial.",
                count=monitor.ended_early,
                searches=monitor.searches,
            ),
            is_warning=False,
        )
    if monitor.taken_up:
        yield Finding(
            "taken_up",
            say(
                "The server or its computer stopped in the middle of the search. It went on where it was; nothing that was done was "
                "lost or done twice."
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


def about_missing(plans: Sequence[Plan]) -> Iterator[Finding]:
    """Models that were not tried only because their library is not installed."""
    if missing := dict.fromkeys(method for plan in plans for method in plan.missing):
        yield Finding(
            "model_not_installed",
            say(
                "{models} is not installed on this server and was not tried. Where it is, the same data and seed give other numbers.",
                models=joined([METHOD_NAMES[method.value] for method in missing], ", "),
            ),
            say(
                "To get the same numbers everywhere, name the models that are to be tried, or ask whoever keeps the server to add it: "
                'pip install "zerosec-server[catboost]"'
            ),
            is_warning=False,
        )


def about_repeats(targets: list[str]) -> Iterator[Finding]:
    """Targets for which fewer repeats than planned were done."""
    if targets:
        yield Finding(
            "fewer_repeats",
            say("Fewer repeats than planned were done for {targets}.", targets=", ".join(targets)),
        )


def fewer_repeats(judged: Nested, plan: Plan) -> bool:
    """Whether the folds were repeated less often than planned; in order of time they never are."""
    return not plan.by_time and judged.repeats < plan.repeats


def about_rows(
    table: ModelTable, target: str, places: IntArray, untested: int, plan: Plan
) -> Iterator[Finding]:
    """Rows of a target that were left out, filled in, not tested or not trained on; ``places`` are those used."""
    lost = table.n_rows - places.size
    if lost:
        yield Finding(
            "rows_without_target",
            say(
                "{dropped:,} of {rows:,} rows have no value in the target “{target}” and were left out.",
                one="1 of {rows} rows has no value in the target “{target}” and was left out.",
                dropped=lost,
                rows=table.n_rows,
                target=target,
            ),
        )
    gaps = table.missing(places)
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
    if untested:
        yield Finding(
            "untested_rows",
            say(
                "{target}: {rows:,} rows could not be tested on a model that has not seen them and are in no score.",
                one="{target}: 1 row could not be tested on a model that has not seen it and is in no score.",
                target=target,
                rows=untested,
            ),
            is_warning=False,
        )
    if places.size > plan.most_training_rows:
        yield Finding(
            "training_rows_sampled",
            say(
                "{target}: models were trained on a random {trained:,} of the rows.",
                target=target,
                trained=plan.most_training_rows,
            ),
        )


def about_curves(target: str, built: Built) -> Iterator[Finding]:
    """Most features were left out because they nearly repeat others, as neighbouring points of a spectrum do, and nobody looked whether
    they should have been.
    """
    if any(one.correlation >= NO_LIMIT for one in built.kept.among):
        return
    dropped, used = built.preparation.dropped, len(built.preparation.used)
    repeats = sum(reason == "correlated" for reason in dropped.values())
    if len(dropped) + used >= CURVE_COLUMNS and 2 * repeats > len(dropped) + used:
        yield Finding(
            "most_features_correlated",
            say(
                "{target}: {repeats:,} of {features:,} features were left out because each nearly repeats one that was kept. Where they "
                "are points of one curve, such as a spectrum, small differences between them may say most, and the model knows "
                "nothing of those.",
                target=target,
                repeats=repeats,
                features=len(dropped) + used,
            ),
            say(
                "Leave the correlation threshold and the number of features to ZeroSec (0), or set the threshold to 1, and compare the "
                "scores on unseen rows."
            ),
        )


def about_kept(target: str, judged: Nested, built: Built) -> Iterator[Finding]:
    """More features were kept than usual, because they say clearly more."""
    kept, preparation = built.kept, built.preparation
    if not kept.is_wider:
        return
    yield Finding(
        "more_features_kept",
        say(
            "{target}: {used:,} of {features:,} features are kept. Within the usual limits ({few:,} features, correlation {limit:g}) simple "
            "models did clearly worse on inner rows: without these limits their {measure} is smaller by {gain:.0%}. So it was in {times:,} of "
            "{parts:,} outer training parts.",
            target=target,
            used=len(preparation.used),
            features=len(preparation.used) + len(preparation.dropped),
            few=kept.among[0].most_features,
            limit=kept.among[0].correlation,
            measure=say("squared error") if judged.task is NUMBER else say("log loss"),
            gain=kept.gain,
            times=sum(fold.built.kept.is_wider for fold in judged.folds),
            parts=len(judged.folds),
        ),
        say(
            "Of features that nearly repeat each other the importance and effect of one alone say little: look at them together. For a "
            "model that is easier to explain set the limits yourself, and compare the scores."
        ),
        is_warning=False,
    )


def about_few_rows(target: str, n_rows: int) -> Iterator[Finding]:
    """Too few rows for certain scores."""
    if n_rows < FEW_ROWS:
        yield Finding(
            "few_rows",
            say(
                "{target}: {rows:,} rows are few for a search among many models; the scores are uncertain.",
                target=target,
                rows=n_rows,
            ),
        )


def about_choice(target: str, judged: Nested) -> Iterator[Finding]:
    """Whether the training parts chose different models."""
    chosen = Counter(fold.chosen for fold in judged.folds)
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


def about_failed(target: str, built: Built) -> Iterator[Finding]:
    """Candidates that gave no finite predictions."""
    strange = [name for name, one in built.inner_loss.items() if not np.isfinite(one) and name != STACK]
    if strange:
        yield Finding(
            "candidate_failed",
            say(
                "{target}: {models} gave no finite predictions and took no part.",
                target=target,
                models=joined([METHOD_NAMES[name] for name in strange], ", "),
            ),
        )
