"""What must be seen beside the set: rows left out and why, ties, objectives that decide nothing, and what the figures assume."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zerosec_analyses.pareto.analysis import Choice
from zerosec_analyses.pareto.objectives import PREDICTED, Goal, has_prediction_beside
from zerosec_analyses.pareto.spec import ParetoParameters
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.reading import about_reading
from zerosec_analyses.sdk import say


def findings(choice: Choice, params: ParetoParameters) -> Iterator[Finding]:
    """All of them, those about the data first."""
    yield from _rows(choice)
    yield from _set(choice)
    yield from _uncertainty(choice, params)


def _rows(choice: Choice) -> Iterator[Finding]:
    found = choice.candidates
    yield from about_reading(found.table.notes, {one.column for one in found.objectives})
    for one in found.objectives:
        if one.column != one.name:
            yield Finding(
                "predicted_column",
                say("“{name}” is taken from the column “{column}”.", name=one.name, column=one.column),
                is_warning=False,
            )
        elif has_prediction_beside(one, found.table.frame.columns):
            yield Finding(
                "prediction_beside",
                say(
                    "“{name}” is the table's own column of that name, not its prediction, which the table has too.",
                    name=one.name,
                ),
                say("Name “{column}” to choose by the prediction.", column=f"{PREDICTED}{one.column}"),
            )
    for column, count in found.missing.items():
        if count:
            yield Finding(
                "objective_missing",
                say("{rows:,} rows have no finite value of {column}: they cannot be compared and are not in the set.", one="1 row has no finite value of {column}: it cannot be compared and is not in the set.", rows=count, column=column),
                say("They are listed with the others in all_rows.parquet, as “objective missing”."),
            )  # fmt: skip
    for limit in found.limits:
        if limit.unknown:
            yield Finding(
                "limit_unknown",
                say("For {rows:,} rows the limit “{limit}” cannot be judged, because a value is missing: they are not eligible.", one="For 1 row the limit “{limit}” cannot be judged, because a value is missing: it is not eligible.", rows=limit.unknown, limit=limit.text[:200]),
            )  # fmt: skip
        if not limit.broken and not limit.unknown:
            yield Finding(
                "limit_idle",
                say("The limit “{limit}” excludes no row.", limit=limit.text[:200]),
                is_warning=False,
            )
    if found.left_out.any():
        yield Finding(
            "flagged_left_out",
            say(
                "{rows:,} rows flagged by the prediction were left out.",
                one="1 row flagged by the prediction was left out.",
                rows=int(found.left_out.sum()),
            ),
        )
    undecided = int(found.undecided[choice.front].sum())
    if undecided:
        yield Finding(
            "undecided_in_set",
            say("{undecided:,} of the {rows:,} rows of the set are grey: the classification cannot say what they are.", one="1 of the {rows} rows of the set is grey: the classification cannot say what it is.", undecided=undecided, rows=len(choice.front)),
            say("Look at the column that says why, measure such rows, or leave flagged rows out."),
        )  # fmt: skip
    flagged = int((found.flagged & ~found.undecided)[choice.front].sum())
    if flagged:
        yield Finding(
            "flagged_in_set",
            say("{flagged:,} of the {rows:,} rows of the set are unlike the data the model was built on: their predictions are guesses.", one="1 of the {rows} rows of the set is unlike the data the model was built on: its prediction is a guess.", flagged=flagged, rows=len(choice.front)),
            say("Look at the column flags, or leave flagged rows out."),
        )  # fmt: skip


def _set(choice: Choice) -> Iterator[Finding]:
    found = choice.candidates
    values = found.values[choice.eligible_rows]
    alike = bool((values == values[0]).all())
    if len(values) == 1:
        yield Finding("one_eligible", say("Only one row is eligible: there is nothing to choose between."))
    elif alike:
        yield Finding(
            "all_equal",
            say("All {rows:,} eligible rows are equal in every objective: there is nothing to choose between.", one="There is 1 eligible row: there is nothing to choose between.", rows=len(values)),
        )  # fmt: skip
    else:
        for at, one in enumerate(found.objectives):
            if values[:, at].min() == values[:, at].max():
                yield Finding(
                    "constant_objective",
                    say("{column} is the same in all eligible rows: it decides nothing.", column=one.column),
                )
        if choice.n_equal:
            yield Finding(
                "equal_rows",
                say("{rows:,} rows of the set are equal in every objective to another one.", one="1 row of the set is equal in every objective to another one.", rows=choice.n_equal),
                say("None of them is better; they are kept or left out together, as the settings say."),
                is_warning=False,
            )  # fmt: skip
    share = len(choice.front) / len(values)
    if share > 0.5 and len(values) >= 20 and not alike:
        yield Finding(
            "most_are_in_the_set",
            say("{share:.0%} of the eligible rows are in the set: with so many objectives hardly any row beats another.", share=share),
            say("Use fewer objectives, or hard limits, and the rankings."),
        )  # fmt: skip
    if choice.knee is None and len(choice.front) > 2 and not alike:
        yield Finding(
            "no_knee",
            say("The set has no knee: towards the ideal it is straight, or hollow."),
            is_warning=False,
        )
    volume = choice.volume
    if volume.beyond:
        yield Finding(
            "beyond_reference",
            say("{rows:,} rows of the set lie beyond the reference point and add nothing to the hypervolume.", one="1 row of the set lies beyond the reference point and adds nothing to the hypervolume.", rows=volume.beyond),
        )  # fmt: skip
    if not volume.exact:
        yield Finding(
            "hypervolume_approximate",
            say("The hypervolume is approximate: for {rows:,} rows and {count} objectives the exact one would take too long.", rows=len(choice.front), count=len(found.objectives)),
        )  # fmt: skip


def _uncertainty(choice: Choice, params: ParetoParameters) -> Iterator[Finding]:
    if choice.spread is None:
        if params.draws:
            yield Finding(
                "no_uncertainty",
                say("The table has no prediction intervals of the objectives: how sure the set is was not worked out."),
                say("Choose from the table of a prediction, or give standard deviations."),
                is_warning=False,
            )  # fmt: skip
        return
    without = [
        one.column
        for at, one in enumerate(choice.candidates.objectives)
        if not (choice.spread[:, at] > 0).any()
    ]
    if without:
        yield Finding(
            "certain_objectives",
            say("{columns}: there is no interval, so the values are taken as exact.", columns=", ".join(without)),
        )  # fmt: skip
    gaps = int((choice.spread == 0).any(axis=1).sum()) if not without else 0
    if gaps:
        yield Finding(
            "rows_without_interval",
            say("{rows:,} rows have no interval in some objective; its value is taken as exact there.", one="1 row has no interval in some objective; its value is taken as exact there.", rows=gaps),
        )  # fmt: skip
    if choice.membership is not None:
        yield Finding(
            "membership_assumption",
            say(
                "How often a row stays in the set was found from {draws:,} draws, with errors that are normal and independent from row to row "
                "and from objective to objective (standard error up to {error:.1%}).",
                draws=choice.membership.draws, error=choice.membership.standard_error,
            )
            if "interval" not in choice.spread_from.values()
            else say(
                "How often a row stays in the set was found from {draws:,} draws, with errors that are normal and independent from row to row "
                "and from objective to objective (standard error up to {error:.1%}); the table's intervals are taken to hold {level:.0%} of all values.",
                draws=choice.membership.draws, error=choice.membership.standard_error, level=params.level,
            ),
            say("Errors of similar rows are alike in truth; then the order of neighbours is surer than it says. Limits are judged by the predictions as they stand."),
            is_warning=False,
        )  # fmt: skip
        if choice.membership.draws < params.draws:
            yield Finding(
                "fewer_draws",
                say("Only {draws:,} of {wanted:,} draws were made, because {rows:,} rows may join the set.", draws=choice.membership.draws, wanted=params.draws, rows=choice.membership.possible),
            )  # fmt: skip
    targets = [one for one in choice.candidates.objectives if one.goal is Goal.TARGET]
    probability = choice.front_probability
    if probability is not None and len(probability) and float(np.median(probability)) < 0.5 and not targets:
        yield Finding(
            "set_unsure",
            say("Half of the rows of the set stay there in less than {share:.0%} of the draws: do not take it for the truth.", share=float(np.median(probability))),
            say("Measure some of its rows and of those nearly in it, and predict again."),
        )  # fmt: skip
