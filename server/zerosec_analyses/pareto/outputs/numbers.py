"""The figures of a Pareto choice, and its answer in a sentence."""

from __future__ import annotations

import numpy as np

from zerosec_analyses.pareto.analysis import Choice
from zerosec_analyses.pareto.objectives import Goal, Objective
from zerosec_analyses.reporting.metric_line import NOTHING, MetricLine
from zerosec_analyses.sdk import Said, joined, say


def goals(choice: Choice) -> Said:
    """What was wanted, in words."""
    return joined([one.told for one in choice.candidates.objectives], ", ")


def row_number(choice: Choice, place: int) -> int:
    """The row of the file of a row of the set."""
    return choice.candidates.table.row_number(int(choice.front[place]))


def sentence(choice: Choice) -> Said:
    """The answer."""
    eligible, front = int(choice.candidates.eligible.sum()), len(choice.front)
    if front == 1:
        return say(
            "One row of {eligible:,} is best in everything ({goals}): row {row:,} of {file}.",
            eligible=eligible, goals=goals(choice), file=choice.candidates.file, row=row_number(choice, 0),
        )  # fmt: skip
    if choice.knee is None:
        return say(
            "{front:,} of {eligible:,} eligible rows are best compromises ({goals}). Nearest to the ideal is row {row:,} of {file}.", one="1 of {eligible} eligible rows is the best compromise ({goals}). Nearest to the ideal is row {row} of {file}.",
            front=front, eligible=eligible, goals=goals(choice), file=choice.candidates.file, row=row_number(choice, 0),
        )  # fmt: skip
    return say(
        "{front:,} of {eligible:,} eligible rows are best compromises ({goals}). Nearest to the ideal is row {row:,} of {file}; the knee is "
        "row {knee:,}.",
        front=front, eligible=eligible, goals=goals(choice), file=choice.candidates.file, row=row_number(choice, 0), knee=row_number(choice, choice.knee),
    )  # fmt: skip


def _corner(one: Objective, loss: float) -> Said:
    """Where the reference point lies in an objective."""
    if one.goal is Goal.TARGET:
        return say("{column} at {distance:.6g} from {wanted:.6g}", column=one.column, distance=loss, wanted=one.wanted)  # fmt: skip
    return say("{column} {value:.6g}", column=one.column, value=one.value_of(loss))


def metric_lines(choice: Choice) -> list[MetricLine]:
    """The numbers, those that lead first."""
    found, volume = choice.candidates, choice.volume
    rows = found.table.frame.height
    best = int(np.argmax(choice.desirability))
    point = joined(
        [_corner(one, float(at)) for one, at in zip(found.objectives, volume.reference, strict=True)],
        ", ",
    )  # fmt: skip
    made = [
        MetricLine("n_front", len(choice.front), say("Rows in the Pareto set"), headline=True),
        MetricLine("n_eligible", int(found.eligible.sum()), say("Eligible rows"), headline=True),
        MetricLine(
            "hypervolume_share", volume.share, say("Hypervolume, share of the box"), "",
            say("Of the box from the ideal to the reference point: {point}.", point=point), headline=True,
        ),
        MetricLine("hypervolume", volume.value, say("Hypervolume"), "", say("In the product of the objectives' units.")),
        MetricLine("n_rows", rows, say("Rows of the table")),
        MetricLine("n_excluded_by_limits", _excluded(choice), say("Rows that break a limit")),
        MetricLine("n_incomplete", int((~found.complete).sum()), say("Rows without an objective")),
        MetricLine("n_equal", choice.n_equal, say("Rows of the set equal to another")),
        MetricLine(
            "knee_row", None if choice.knee is None else row_number(choice, choice.knee), say("Row of the knee"), "",
            say("There is none.") if choice.knee is None else NOTHING,
        ),
        MetricLine("topsis_row", row_number(choice, 0), say("Row nearest to the ideal (TOPSIS)")),
        MetricLine("desirability_row", row_number(choice, best), say("Most desirable row")),
        MetricLine("best_desirability", float(choice.desirability[best]), say("Its desirability")),
    ]  # fmt: skip
    probability = choice.front_probability
    if probability is not None:
        made.append(
            MetricLine(
                "median_probability", float(np.median(probability)), say("Median probability of staying in the set"), "",
                say("Over the rows of the set."),
            )
        )  # fmt: skip
    return made


def _excluded(choice: Choice) -> int:
    found = choice.candidates
    kept = np.ones(len(found.eligible), dtype=bool)
    for limit in found.limits:
        kept &= limit.holds
    return int((~kept).sum())
