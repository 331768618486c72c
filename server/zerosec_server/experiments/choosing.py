"""Which experiments a filter means, as SQL: how many match, what is missing, histograms; and the chosen rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Select, case, cast, exists, func, or_, select

from zerosec_server.database.experiment_tables import experiment_values, experiments
from zerosec_server.experiments.cells import with_values
from zerosec_shared.experiments import ColumnKind, Experiment, ExperimentColumn, Project, Value
from zerosec_shared.selections import (
    AnyOf,
    Choice,
    ColumnFigures,
    DateRange,
    ExperimentFilter,
    NumberRange,
    QueryAnswer,
)

__all__ = ["UnknownColumnError", "chosen_experiments", "figures", "page"]

BINS = 24
MOST_LEVELS = 200


class UnknownColumnError(Exception):
    """A condition is about a column the project has not, or that holds something else."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column)
        self.column, self.reason = column, reason


def chosen_experiments(project: Project, chosen: ExperimentFilter) -> Select[Any]:
    """The query of id and key of the experiments that match. Raises UnknownColumnError."""
    columns = {column.name: column for column in project.columns}
    conditions = [_condition(condition, columns) for condition in chosen.conditions]
    return select(experiments.c.id, experiments.c.key).where(
        experiments.c.project_id == str(project.id), *conditions
    )


def page(
    c: Connection, project: Project, chosen: ExperimentFilter, after: int | None, limit: int
) -> list[tuple[str, Experiment]]:
    """Some of the matching experiments in the order they came, with their keys."""
    query = chosen_experiments(project, chosen)
    if after is not None:
        query = query.where(experiments.c.id > after)
    rows = with_values(c, query.order_by(experiments.c.id).limit(limit))
    return [(key, Experiment(id=number, values=values)) for number, key, values in rows]


def figures(c: Connection, project: Project, chosen: ExperimentFilter) -> QueryAnswer:
    """Counts, missing values, histograms and levels of what matches. Raises UnknownColumnError."""
    everything = chosen_experiments(project, ExperimentFilter()).subquery()
    matching = chosen_experiments(project, chosen).subquery()
    total = _count(c, everything)
    matched = _count(c, matching)
    held = _held(c, matching)
    bounds = _bounds(c, everything)
    all_bins = _bins(c, everything, everything)
    bins = _bins(c, matching, everything)
    levels = _levels(c, matching)
    filled = [column.name for column in project.columns if held.get(column.name)]
    per_row = (
        select(experiment_values.c.experiment_id)
        .join(matching, matching.c.id == experiment_values.c.experiment_id)
        .where(experiment_values.c.column_name.in_(filled))
        .group_by(experiment_values.c.experiment_id)
        .having(func.count() == len(filled))
        .subquery()
    )
    complete = c.execute(select(func.count()).select_from(per_row)).scalar_one()
    return QueryAnswer(
        revision=project.revision,
        total=total,
        matching=matched,
        complete=complete,
        columns=tuple(
            ColumnFigures(
                column=column.name,
                values=held.get(column.name, 0),
                missing=matched - held.get(column.name, 0),
                low=bounds.get(column.name, (None, None))[0],
                high=bounds.get(column.name, (None, None))[1],
                all_bins=_spread(all_bins, column.name, bounds),
                bins=_spread(bins, column.name, bounds),
                levels=levels.get(column.name, {}),
            )
            for column in project.columns
        ),
    )


def _count(c: Connection, these: Any) -> int:
    found: int = c.execute(select(func.count()).select_from(these)).scalar_one()
    return found


def _of(these: Any, *selected: Any) -> Select[Any]:
    return select(experiment_values.c.column_name, *selected).join(
        these, these.c.id == experiment_values.c.experiment_id
    )


def _held(c: Connection, these: Any) -> dict[str, int]:
    query = _of(these, func.count()).group_by(experiment_values.c.column_name)
    return {row[0]: row[1] for row in c.execute(query)}


def _bounds_query(these: Any) -> Select[Any]:
    number = experiment_values.c.number_value
    return (
        _of(these, func.min(number).label("low"), func.max(number).label("high"))
        .where(number.is_not(None))
        .group_by(experiment_values.c.column_name)
    )


def _bounds(c: Connection, these: Any) -> dict[str, tuple[float, float]]:
    return {name: (low, high) for name, low, high in c.execute(_bounds_query(these))}


def _bins(c: Connection, these: Any, everything: Any) -> dict[str, dict[int, int]]:
    bounds = _bounds_query(everything).subquery()
    number = experiment_values.c.number_value
    # Of halves, so that the width of -1e308 … 1e308 is a number too.
    width = bounds.c.high / 2 - bounds.c.low / 2
    # The last bin holds its upper end too; a column of one value has one bin.
    position = case(
        (width <= 0, 0),
        (number >= bounds.c.high, BINS - 1),
        else_=cast(func.floor((number / 2 - bounds.c.low / 2) / width * BINS), Integer),
    )
    query = (
        _of(these, position.label("bin"), func.count())
        .join(bounds, bounds.c.column_name == experiment_values.c.column_name)
        .where(number.is_not(None))
        .group_by(experiment_values.c.column_name, position)
    )
    found: dict[str, dict[int, int]] = {}
    for name, number_of_bin, count in c.execute(query):
        mine = found.setdefault(name, {})
        inside = min(int(number_of_bin), BINS - 1)
        mine[inside] = mine.get(inside, 0) + count
    return found


def _spread(
    bins: dict[str, dict[int, int]], column: str, bounds: dict[str, tuple[float, float]]
) -> tuple[int, ...]:
    if column not in bounds:
        return ()
    low, high = bounds[column]
    mine = bins.get(column, {})
    return tuple(mine.get(number, 0) for number in range(BINS if high > low else 1))


def _levels(c: Connection, these: Any) -> dict[str, dict[str, int]]:
    text = experiment_values.c.text_value
    query = (
        _of(these, text, func.count())
        .where(text.is_not(None))
        .group_by(experiment_values.c.column_name, text)
        .order_by(experiment_values.c.column_name, func.count().desc(), text)
    )
    found: dict[str, dict[str, int]] = {}
    for name, value, count in c.execute(query):
        mine = found.setdefault(name, {})
        if len(mine) < MOST_LEVELS:
            mine[value] = count
    return found


def _condition(
    condition: NumberRange | DateRange | Choice | AnyOf, columns: dict[str, ExperimentColumn]
) -> ColumnElement[bool]:
    number, text = experiment_values.c.number_value, experiment_values.c.text_value
    match condition:
        case NumberRange(column=column, minimum=low, maximum=high):
            _check(column, columns, (ColumnKind.NUMBER,), "holds no numbers")
            return _has(
                column, *([] if low is None else [number >= low]), *([] if high is None else [number <= high])
            )
        case DateRange(column=column, first=first, last=last):
            _check(column, columns, (ColumnKind.DATE,), "holds no dates")
            ends = [] if first is None else [text >= first.isoformat()]
            # A time of day belongs to its day: 2025-10-29 13:05 is not after 2025-10-29.
            ends += [] if last is None else [func.substr(text, 1, 10) <= last.isoformat()]
            return _has(column, *ends)
        case Choice(column=column, values=values):
            _check(column, columns, tuple(ColumnKind), "")
            if columns[column].kind is not ColumnKind.NUMBER:
                # A code like 1 is kept as the text “1” where a column may hold texts too.
                return _has(column, text.in_([_as_text(value) for value in values]))
            if odd := next((value for value in values if isinstance(value, str)), None):
                raise UnknownColumnError(column, f"holds numbers, and “{odd}” is none")
            return _has(column, number.in_(values))
        case AnyOf(columns=names):
            for name in names:
                _check(name, columns, (ColumnKind.NUMBER,), "is no 0/1 column")
            return or_(*(_has(name, number == 1) for name in names))


def _as_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return str(int(value)) if value.is_integer() and abs(value) <= 2**53 else repr(value)


def _check(
    column: str, columns: dict[str, ExperimentColumn], kinds: Sequence[ColumnKind], reason: str
) -> None:
    if column not in columns:
        raise UnknownColumnError(column, "is no column of this project")
    if columns[column].kind not in kinds:
        raise UnknownColumnError(column, reason)


def _has(column: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        experiment_values.c.experiment_id == experiments.c.id,
        experiment_values.c.column_name == column,
        *conditions,
    )
