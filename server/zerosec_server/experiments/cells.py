"""Values as they lie in the tables: a number or a text, in bulk, by the experiment's key."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, select

from zerosec_server.database.experiment_tables import experiment_values, experiments
from zerosec_server.experiments.difference import Known
from zerosec_shared.experiments import Value

__all__ = [
    "key_of",
    "key_text",
    "known_by_key",
    "value_of",
    "with_values",
]

AT_ONCE = 500
"""Keys in one query: SQLite takes no unlimited number of them."""


def key_text(key: Sequence[str]) -> str:
    """An identity as it is stored."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def key_of(text: str) -> tuple[str, ...]:
    """A stored identity."""
    return tuple(json.loads(text))


def value_of(number: float | None, text: str | None) -> Value | None:
    """The value of two columns of which at most one is set."""
    return text if number is None else number


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
