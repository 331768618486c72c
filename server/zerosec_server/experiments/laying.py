"""Large changes of the results, laid ready beside the database before the write that others wait for.

What is to be set lies in temporary tables of the connection that will write: making them takes no lock and leaves nothing behind,
however this process ends. The write itself is then a few statements within SQLite, a third of the time of so many rows from
Python; it is one transaction as ever, so all of it happens or nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zerosec_server.database.experiment_tables import changes, experiment_values, experiments
from zerosec_shared.experiments import Value

__all__ = ["ToSet", "Told", "carry_over", "lay", "to_set"]

Told = tuple[str | None, str, str]
"""By which import (None: the one that is written), an experiment's key, and what was set in it, as JSON."""


@dataclass(frozen=True)
class ToSet:
    """Values to set, experiments to remove, and how all of it is told."""

    keys: tuple[tuple[int, str, int | None], ...]
    """Number, key, and id; an experiment without one is new."""
    values: tuple[tuple[int, str, float | None, str | None], ...]
    """Number of the key, column, number and text; neither removes the value."""
    gone: tuple[int, ...]
    told: tuple[Told, ...]


def to_set(
    wanted: Iterable[tuple[str, Mapping[str, Value | None]]],
    ids: Mapping[str, int],
    told: Iterable[Told],
    gone: Iterable[int] = (),
) -> ToSet:
    """Values by key and column (None removes one); `ids` are those of the experiments there are."""
    keys: list[tuple[int, str, int | None]] = []
    values: list[tuple[int, str, float | None, str | None]] = []
    for number, (key, cells) in enumerate(wanted):
        keys.append((number, key, ids.get(key)))
        for column, value in sorted(cells.items()):
            is_text = isinstance(value, str)
            values.append((number, column, None if is_text else value, value if is_text else None))  # type: ignore[arg-type]
    return ToSet(tuple(keys), tuple(values), tuple(gone), tuple(told))


_LAID = {
    "laid_keys": "number INTEGER PRIMARY KEY, key TEXT NOT NULL, id INTEGER",
    "laid_values": "number INTEGER, column_name TEXT, number_value DOUBLE, text_value TEXT,"
    " PRIMARY KEY (number, column_name)) WITHOUT ROWID",
    "laid_gone": "id INTEGER PRIMARY KEY",
    "laid_told": "import_id TEXT, key TEXT NOT NULL, cells_json TEXT NOT NULL",
}

# ruff: noqa: S608 - the names are constants
_NEW_EXPERIMENTS = f"""
INSERT INTO {experiments.name} (project_id, key)
SELECT ?, key FROM temp.laid_keys WHERE id IS NULL ORDER BY number
"""
_THEIR_IDS = f"""
UPDATE temp.laid_keys
SET id = (SELECT e.id FROM {experiments.name} AS e WHERE e.project_id = ? AND e.key = laid_keys.key)
WHERE id IS NULL
"""
_OLD_VALUES = f"""
DELETE FROM {experiment_values.name} WHERE (experiment_id, column_name) IN
(SELECT k.id, v.column_name FROM temp.laid_keys AS k JOIN temp.laid_values AS v USING (number) WHERE k.id IS NOT NULL)
"""
_NEW_VALUES = f"""
INSERT INTO {experiment_values.name} (experiment_id, column_name, number_value, text_value)
SELECT k.id, v.column_name, v.number_value, v.text_value
FROM temp.laid_keys AS k CROSS JOIN temp.laid_values AS v USING (number)
WHERE v.number_value IS NOT NULL OR v.text_value IS NOT NULL
ORDER BY k.number
"""
_GONE = f"DELETE FROM {experiments.name} WHERE id IN (SELECT id FROM temp.laid_gone)"
_TOLD = f"""
INSERT INTO {changes.name} (import_id, project_id, key, cells_json)
SELECT coalesce(import_id, ?), ?, key, cells_json FROM temp.laid_told ORDER BY rowid
"""


def lay(c: Connection, these: ToSet) -> None:
    """Lay values ready on this connection: the database itself is not touched."""
    for name, columns in _LAID.items():
        closing = "" if columns.endswith("ROWID") else ")"
        c.exec_driver_sql(f"CREATE TEMP TABLE {name} ({columns}{closing}")
    _fill(c, "INSERT INTO temp.laid_keys VALUES (?, ?, ?)", these.keys)
    _fill(c, "INSERT INTO temp.laid_values VALUES (?, ?, ?, ?)", these.values)
    _fill(c, "INSERT INTO temp.laid_gone VALUES (?)", [(number,) for number in these.gone])
    _fill(c, "INSERT INTO temp.laid_told VALUES (?, ?, ?)", these.told)


def _fill(c: Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        c.exec_driver_sql(statement, list(rows))


def carry_over(c: Connection, project_id: str, import_id: str) -> None:
    """Set what was laid ready on this connection. The records of the imports that are told must be there."""
    c.exec_driver_sql(_OLD_VALUES)
    c.exec_driver_sql(_NEW_EXPERIMENTS, (project_id,))
    c.exec_driver_sql(_THEIR_IDS, (project_id,))
    c.exec_driver_sql(_NEW_VALUES)
    c.exec_driver_sql(_GONE)
    c.exec_driver_sql(_TOLD, (import_id, project_id))
    for name in _LAID:
        c.exec_driver_sql(f"DROP TABLE temp.{name}")
