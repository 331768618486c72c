"""The tables of a Pareto choice: its set with all columns, what became of every row, the objectives, the limits, and meta."""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl

from zerosec_analyses.pareto.analysis import Choice
from zerosec_analyses.pareto.objectives import GOALS, Goal, Objective
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Said, ours, say

ROW = "source_row"
RANK, CLOSENESS, DESIRABILITY = "pareto_rank", "pareto_closeness", "pareto_desirability"
KNEE, PROBABILITY, STATUS = "pareto_knee_distance", "pareto_probability", "pareto_status"
ADDED = (RANK, ROW, CLOSENESS, DESIRABILITY, KNEE, PROBABILITY)
HEADINGS = {
    ROW: say("row of the file"),
    RANK: say("rank (TOPSIS)"),
    CLOSENESS: say("closeness to the ideal"),
    DESIRABILITY: say("desirability"),
    KNEE: say("distance towards the ideal"),
    PROBABILITY: say("probability of staying"),
    STATUS: say("what became of it"),
    "objective": say("objective"),
    "goal": say("goal"),
    "wanted": say("wanted value"),
    "best": say("best in the set"),
    "worst": say("worst in the set"),
    "reference": say("reference point (of a wanted value: the distance)"),
    "weight": say("weight"),
    "worthless": say("desirability 0 at"),
    "perfect": say("desirability 1 at"),
    "worthless_above": say("and 0 again at"),
    "missing": say("rows without it"),
    "standard_deviation": say("standard deviation (median)"),
    "limit": say("limit"),
    "broken": say("rows that break it"),
    "unknown": say("rows it cannot be judged for"),
    "alone": say("rows that break it alone"),
    "name": say("name"),
    "value": say("value"),
}


def heading(name: str) -> Said:
    """The heading of a column, by its name in the files."""
    return HEADINGS.get(name) or ours(name)


def front_frame(choice: Choice) -> pl.DataFrame:
    """The rows of the set, best first, with all their columns, and what was found beside them. Columns of these names are replaced."""
    table = choice.candidates.table
    made: dict[str, pl.Series] = {
        RANK: pl.Series(RANK, np.arange(1, len(choice.front) + 1)),
        ROW: pl.Series(ROW, [table.row_number(int(at)) for at in choice.front]),
        CLOSENESS: pl.Series(CLOSENESS, choice.topsis),
        DESIRABILITY: pl.Series(DESIRABILITY, choice.desirability),
        KNEE: pl.Series(KNEE, choice.knee_distance),
    }
    probability = choice.front_probability
    if probability is not None:
        made[PROBABILITY] = pl.Series(PROBABILITY, probability)
    kept = table.frame[choice.front.tolist()]
    kept = kept.drop([name for name in made if name in kept.columns])
    return pl.DataFrame(list(made.values())).hstack(kept)


def all_rows_frame(choice: Choice) -> pl.DataFrame:
    """Every row of the table, in its order, with what became of it."""
    frame = choice.candidates.table.frame
    made = [pl.Series(STATUS, choice.status, dtype=pl.String)]
    if choice.membership is not None:
        probability = np.full(frame.height, np.nan)
        probability[choice.eligible_rows] = choice.membership.probability
        made.append(pl.Series(PROBABILITY, probability).fill_nan(None))
    return frame.drop([one.name for one in made if one.name in frame.columns]).with_columns(made)


def cell(value: object) -> Cell:
    """A cell of any type as one that tables show."""
    if isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, int | float | str):
        return value
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def front_table(frame: pl.DataFrame, most: int | None = None) -> ResultTable:
    """The set as a table of results, or its first rows."""
    shown = frame if most is None else frame.head(most)
    rows = [tuple(cell(value) for value in row) for row in shown.iter_rows()]
    columns = tuple(frame.columns)
    added = sum(name in ADDED for name in columns)  # they come first
    return ResultTable("pareto_only", say("Pareto set"), columns, rows, range(added, len(columns)))


def objectives_table(choice: Choice) -> ResultTable:
    """A row an objective: what was wanted, what the set reaches, and what the rankings used."""
    values = choice.candidates.values[choice.front]
    rows: list[tuple[Cell, ...]] = []
    for at, one in enumerate(choice.candidates.objectives):
        loss = one.loss(values[:, at])
        low, high = choice.ranges[at]
        spread = None if choice.spread is None else float(np.median(choice.spread[:, at]))
        rows.append(
            (
                one.column, GOALS[one.goal], one.wanted if one.goal is Goal.TARGET else None,
                float(values[int(loss.argmin()), at]), float(values[int(loss.argmax()), at]),
                one.value_of(float(choice.volume.reference[at])), one.weight,
                high if one.goal is Goal.MINIMISE else low, _perfect(one, low, high),
                high if one.goal is Goal.TARGET else None, choice.candidates.missing[one.column], spread,
            )
        )  # fmt: skip
    columns = (
        "objective", "goal", "wanted", "best", "worst", "reference", "weight", "worthless", "perfect", "worthless_above", "missing", "standard_deviation",
    )  # fmt: skip
    return ResultTable("objectives", say("Objectives"), columns, rows)


def _perfect(one: Objective, low: float, high: float) -> float:
    """Where the desirability of an objective is 1."""
    if one.goal is Goal.TARGET:
        return one.wanted
    return low if one.goal is Goal.MINIMISE else high


def limits_table(choice: Choice) -> ResultTable:
    """A row a limit, and what it excludes."""
    rows = [(one.text, one.broken, one.unknown, one.alone) for one in choice.candidates.limits]
    return ResultTable("limits", say("Hard limits"), ("limit", "broken", "unknown", "alone"), rows)


def meta_table(facts: list[tuple[str, Cell]]) -> ResultTable:
    """Names and values that make the set reproducible."""
    return ResultTable("meta", say("How it was made"), ("name", "value"), facts)
