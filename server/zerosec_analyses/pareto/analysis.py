"""From a table to the set of best compromises: which rows can be compared, which are eligible, which none beats, and their rankings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from scipy.stats import norm

from zerosec_analyses.extremes import refuse_too_large
from zerosec_analyses.modelling.class_scoring import WHY_UNDECIDED
from zerosec_analyses.pareto.fronts import Hypervolume, hypervolume, non_dominated, reference_point
from zerosec_analyses.pareto.limits import Limit, judge_limits
from zerosec_analyses.pareto.membership import Membership, membership
from zerosec_analyses.pareto.objectives import (
    PREDICTED,
    BoolArray,
    FloatArray,
    Goal,
    Objective,
    has_prediction_beside,
    losses,
    read_objectives,
)
from zerosec_analyses.pareto.ranking import (
    desirabilities,
    desirability_ranges,
    knee,
    knee_distances,
    overall_desirability,
    topsis,
)
from zerosec_analyses.pareto.spec import Duplicates, FlaggedRows, ParetoParameters
from zerosec_analyses.sdk import Context, InputError, Said, joined, say
from zerosec_shared.tables import Table, TableError, read_table

FLAG = "flags"
IntArray = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


class Status(StrEnum):
    """What became of a row."""

    FRONT = "pareto"
    DOMINATED = "dominated"
    EQUAL = "equal to an earlier row"
    INFEASIBLE = "breaks a limit"
    FLAGGED = "flagged"
    INCOMPLETE = "objective missing"


@dataclass(frozen=True)
class Candidates:
    """The table's rows with the objectives' values (n x k), and which of them can be compared and are eligible."""

    table: Table
    objectives: tuple[Objective, ...]
    values: FloatArray
    complete: BoolArray
    missing: dict[str, int]
    limits: tuple[Limit, ...]
    flagged: BoolArray
    """Those the prediction warns of; among them those it is ``undecided`` on: the grey ones of a classification."""
    undecided: BoolArray
    left_out: BoolArray
    eligible: BoolArray
    file: str
    """What the table is called."""


@dataclass(frozen=True)
class Choice:
    """The set and its rankings. ``front`` are rows of the table, best by TOPSIS first; what stands beside it is in that order."""

    candidates: Candidates
    status: np.ndarray
    front: IntArray
    n_equal: int
    volume: Hypervolume
    ranges: list[tuple[float, float]]
    topsis: FloatArray
    desirability: FloatArray
    single: FloatArray
    knee_distance: FloatArray
    knee: int | None
    """Its place in ``front``."""
    spread: FloatArray | None
    spread_from: dict[str, str]
    membership: Membership | None
    """Over the eligible rows, in their order."""

    @property
    def eligible_rows(self) -> IntArray:
        """The rows compared."""
        return np.flatnonzero(self.candidates.eligible)

    @property
    def front_probability(self) -> FloatArray | None:
        """Of each row of the set, how often it stays there."""
        if self.membership is None:
            return None
        return self.membership.probability[np.searchsorted(self.eligible_rows, self.front)]


def read(ctx: Context) -> Table:
    """The table of the slot. Raises InputError."""
    source = ctx.input("choices")
    try:
        table = read_table(source.path, source.dialect)
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    ctx.read_as("choices", table.dialect)
    return table


def candidates_of(table: Table, params: ParetoParameters, file: str) -> Candidates:
    """Which rows can be compared and are eligible. Raises InputError for objectives and limits that cannot be used."""
    frame = table.frame
    objectives = read_objectives(params, frame.columns)
    _check_spread(params, objectives)
    try:
        table.require_numbers([one.column for one in objectives])
    except TableError as error:
        raise InputError(say("{title}.", title=error.title), error.detail, error.hint) from error
    values = np.column_stack(
        [frame[one.column].cast(pl.Float64).fill_null(float("nan")).to_numpy() for one in objectives]
    )
    finite = np.isfinite(values)
    for at, one in enumerate(objectives):
        refuse_too_large(one.column, np.where(finite[:, at], values[:, at], np.nan), table.row_number)
    complete = np.asarray(finite.all(axis=1))
    missing = {one.column: int((~finite[:, at]).sum()) for at, one in enumerate(objectives)}
    limits = judge_limits(params.limits, frame, table.row_number)
    flagged = _filled_in(frame, [FLAG])
    undecided = _filled_in(frame, [name for name in frame.columns if name.endswith(WHY_UNDECIDED)])
    flagged |= undecided
    left_out = flagged if params.flagged is FlaggedRows.LEAVE_OUT else np.zeros(frame.height, dtype=bool)
    eligible = complete & ~left_out
    for limit in limits:
        eligible &= limit.holds
    return Candidates(
        table,
        objectives,
        values,
        complete,
        missing,
        limits,
        flagged,
        undecided,
        np.asarray(left_out),
        eligible,
        file,
    )


def _filled_in(frame: pl.DataFrame, names: list[str]) -> BoolArray:
    """The rows that have a text in one of the columns; a column that is not there, or is no text, has none."""
    found = np.zeros(frame.height, dtype=bool)
    for name in names:
        if frame.schema.get(name) == pl.String:
            found |= (frame[name].fill_null("") != "").to_numpy()
    return found


def require_eligible(found: Candidates) -> None:
    """Raise InputError, saying what excludes how many, unless a row is left."""
    if found.eligible.any():
        return
    rows = found.table.frame.height
    told: list[Said] = []
    if not found.complete.all():
        told.append(
            say(
                "{rows:,} rows lack a value of an objective.",
                one="1 row lacks a value of an objective.",
                rows=int((~found.complete).sum()),
            )
        )
    if found.left_out.any():
        told.append(
            say(
                "{rows:,} rows are flagged and left out.",
                one="1 row is flagged and left out.",
                rows=int(found.left_out.sum()),
            )
        )
    told += [
            say("“{limit}” excludes {rows:,} rows ({unknown:,} because a value is missing).", one="“{limit}” excludes 1 row ({unknown} because a value is missing).", limit=limit.text[:200], rows=limit.broken + limit.unknown, unknown=limit.unknown)
        for limit in found.limits
    ]  # fmt: skip
    raise InputError(
        say("None of the {rows:,} rows can be chosen.", one="The only row cannot be chosen.", rows=rows),
        joined(told, " "),
        "Relax the limit that excludes the most, or add rows that fulfil all of them.",
    )


def choose(
    found: Candidates,
    params: ParetoParameters,
    rng: np.random.Generator,
    listen: Callable[[float, str], None] = lambda _fraction, _stage: None,
) -> Choice:
    """The set of best compromises of the eligible rows. Raises InputError where none is eligible."""
    require_eligible(found)
    objectives = found.objectives
    rows = np.flatnonzero(found.eligible)
    values = found.values[rows]
    loss = losses(objectives, values)
    listen(0.2, say("Comparing {rows:,} rows", one="Comparing 1 row", rows=len(rows)))
    on_front = non_dominated(loss)
    status = _status(found)
    status[rows] = np.where(on_front, Status.FRONT.value, Status.DOMINATED.value)
    _, first = np.unique(loss[on_front] + 0.0, axis=0, return_index=True)
    n_equal = int(on_front.sum()) - len(first)
    if params.duplicates is Duplicates.FIRST and n_equal:
        members = np.flatnonzero(on_front)
        equal = np.setdiff1d(members, members[first])
        on_front[equal] = False
        status[rows[equal]] = Status.EQUAL.value
    front_loss, front_values = loss[on_front], values[on_front]
    weights = np.array([one.weight for one in objectives])
    closeness = topsis(front_loss, weights)
    order = np.argsort(-closeness, kind="stable")
    given = [
        None if one.reference is None else float(one.reference if one.goal is not Goal.MAXIMISE else -one.reference)
        for one in objectives
    ]  # fmt: skip
    listen(
        0.35,
        say(
            "Measuring the hypervolume of {rows:,} rows",
            one="Measuring the hypervolume of 1 row",
            rows=int(on_front.sum()),
        ),
    )
    volume = hypervolume(front_loss, reference_point(front_loss, given))
    ranges = desirability_ranges(objectives, values)
    single = desirabilities(objectives, front_values[order], ranges)
    spread, spread_from = _spread(found, params, rows)
    members_of = None
    if spread is not None and params.draws:
        members_of = membership(
            objectives, values, spread, params.draws, rng,
            lambda share: listen(0.45 + 0.35 * share, say("Drawing predictions anew within their uncertainty")),
        )  # fmt: skip
    ordered = front_loss[order]
    return Choice(
        found, status, rows[on_front][order], n_equal, volume, ranges, closeness[order],
        overall_desirability(single, weights), single, knee_distances(ordered), knee(ordered),
        spread, spread_from, members_of,
    )  # fmt: skip


def _status(found: Candidates) -> np.ndarray:
    status = np.full(found.table.frame.height, Status.INFEASIBLE.value, dtype=object)
    status[found.left_out] = Status.FLAGGED.value
    status[~found.complete] = Status.INCOMPLETE.value
    return status


def _check_spread(params: ParetoParameters, objectives: Sequence[Objective]) -> None:
    """Raise InputError for a deviation that is given for no objective or is not positive."""
    names = {one.name for one in objectives} | {one.column for one in objectives}
    for name, value in params.spread.items():
        if name not in names:
            raise InputError(say("“{column}” is no objective.", column=name))
        if not value > 0:
            raise InputError(say("The standard deviation of “{column}” must be above zero.", column=name))


def _spread(
    found: Candidates, params: ParetoParameters, rows: IntArray
) -> tuple[FloatArray | None, dict[str, str]]:
    """Standard deviations of the rows' objectives, and of each objective where they come from; None where there are none."""
    frame = found.table.frame
    made, come_from = np.zeros((len(rows), len(found.objectives))), {}
    quantile = float(norm.ppf((1 + params.level) / 2))
    for at, one in enumerate(found.objectives):
        given = params.spread.get(one.name, params.spread.get(one.column))
        base = one.column.removeprefix(PREDICTED)
        ends = (f"{base} from", f"{base} to")
        if given is not None:
            made[:, at], come_from[one.column] = given, "given"
        elif not has_prediction_beside(one, frame.columns) and all(
            name in frame.columns and frame[name].dtype.is_numeric() for name in ends
        ):
            low, high = (
                frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()[rows] for name in ends
            )
            width = (high - low) / (2 * quantile)
            made[:, at] = np.where(np.isfinite(width) & (width > 0), width, 0.0)
            come_from[one.column] = "interval"
    return (made, come_from) if come_from else (None, {})
