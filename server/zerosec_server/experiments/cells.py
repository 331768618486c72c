"""Values as they lie in the tables: a number or a text, in bulk, by the experiment's key."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, func, select

from zerosec_server.database.experiment_tables import experiment_values, experiments
from zerosec_server.experiments.difference import Known
from zerosec_shared.experiments import Value

__all__ = [
    "Setting",
    "halves",
    "key_of",
    "key_text",
    "known_by_key",
    "remove_experiments",
    "set_values",
    "setting_of",
    "value_of",
    "with_values",
]

AT_ONCE = 500
"""Keys in one query: SQLite takes no unlimited number of them."""

# By the driver itself: other work waits meanwhile, and SQLAlchemy's own part is two thirds of the time of so many rows.
_INSERT_VALUES = (
    f"INSERT INTO {experiment_values.name} (experiment_id, column_name, number_value, text_value)"  # noqa: S608 - constants
    " VALUES (?, ?, ?, ?)"
)

_INSERT_EXPERIMENTS = f"INSERT INTO {experiments.name} (project_id, key) VALUES (?, ?)"  # noqa: S608 - constants
_DELETE_VALUES = f"DELETE FROM {experiment_values.name} WHERE experiment_id = ? AND column_name = ?"  # noqa: S608 - constants
_DELETE_EXPERIMENTS = f"DELETE FROM {experiments.name} WHERE id = ?"  # noqa: S608 - constants


def key_text(key: Sequence[str]) -> str:
    """An identity as it is stored."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def key_of(text: str) -> tuple[str, ...]:
    """A stored identity."""
    return tuple(json.loads(text))


def value_of(number: float | None, text: str | None) -> Value | None:
    """The value of two columns of which at most one is set."""
    return text if number is None else number


def halves(value: Value | None) -> tuple[float | None, str | None]:
    """A value as the two columns."""
    if value is None:
        return None, None
    return (None, value) if isinstance(value, str) else (value, None)


def with_values(c: Connection, chosen: Select[Any]) -> Iterator[tuple[int, str, dict[str, Value]]]:
    """Experiments (of a query that gives `id` and `key`) with their values: id, key and values, ordered by id."""
    these = chosen.subquery()
    rows = c.execute(
        select(
            these.c.id,
            these.c.key,
            experiment_values.c.column_name,
            experiment_values.c.number_value,
            experiment_values.c.text_value,
        )
        .join_from(these, experiment_values, experiment_values.c.experiment_id == these.c.id)
        .order_by(these.c.id)
    )
    current: tuple[int, str, dict[str, Value]] | None = None
    for number, key, column, number_value, text_value in rows:
        if current is None or current[0] != number:
            if current is not None:
                yield current
            current = (number, key, {})
        value = value_of(number_value, text_value)
        assert value is not None
        current[2][column] = value
    if current is not None:
        yield current


def known_by_key(c: Connection, project_id: str, keys: Iterable[str]) -> dict[str, Known]:
    """The experiments of these keys that there are, with their values."""
    found: dict[str, Known] = {}
    remaining = iter(keys)
    while some := tuple(islice(remaining, AT_ONCE)):
        chosen = select(experiments.c.id, experiments.c.key).where(
            experiments.c.project_id == project_id, experiments.c.key.in_(some)
        )
        found.update({key: Known(number, values) for number, key, values in with_values(c, chosen)})
    return found


@dataclass(frozen=True)
class Setting:
    """Values to set, made ready before the write that others wait for: each a key, a column, a number and a text.

    Neither number nor text removes a value.
    """

    keys: tuple[str, ...]
    values: tuple[tuple[str, str, float | None, str | None], ...]


def setting_of(wanted: Iterable[tuple[str, Mapping[str, Value | None]]]) -> Setting:
    """Values by key and column, made ready; None removes one."""
    by_key = dict(wanted)
    return Setting(
        tuple(by_key),
        tuple(
            (key, column, *halves(value))
            for key, values in by_key.items()
            for column, value in values.items()
        ),
    )


def set_values(c: Connection, project_id: str, setting: Setting, ids: Mapping[str, int]) -> None:
    """Set values. A key that is not in `ids` makes a new experiment."""
    found = dict(ids)
    new = [(project_id, key) for key in setting.keys if key not in found]
    if new:
        newest = c.execute(select(func.coalesce(func.max(experiments.c.id), 0))).scalar_one()
        c.exec_driver_sql(_INSERT_EXPERIMENTS, new)
        made = select(experiments.c.key, experiments.c.id).where(
            experiments.c.id > newest, experiments.c.project_id == project_id
        )
        found.update((key, number) for key, number in c.execute(made))
    before = [(ids[key], column) for key, column, _, _ in setting.values if key in ids]
    if before:
        c.exec_driver_sql(_DELETE_VALUES, before)
    written = [
        (found[key], column, number, text)
        for key, column, number, text in setting.values
        if number is not None or text is not None
    ]
    if written:
        c.exec_driver_sql(_INSERT_VALUES, written)


def remove_experiments(c: Connection, ids: Iterable[int]) -> None:
    """Remove experiments with all their values. What they were stays in the history."""
    gone = [(number,) for number in ids]
    if gone:
        c.exec_driver_sql(_DELETE_EXPERIMENTS, gone)
