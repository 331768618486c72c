"""Parameters as rows: written and read back exactly, and found by `param.genome=hg38`."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import JsonValue
from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    insert,
    or_,
    select,
)

__all__ = ["parameter_is", "read_many_parameters", "read_parameters", "write_parameters"]

LONGEST_LIST_AS_ROWS = 1000
EXACT_IN_DOUBLE = 2**53


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _select(table: Table) -> Select[Any]:
    """Built once: building a statement costs more than SQLite needs to answer it."""
    owner = table.c[_owner_column(table)]
    columns = (owner, table.c.name, table.c.position, table.c.kind, table.c.text_value, table.c.number_value)
    these = owner.in_(bindparam("owners", expanding=True))
    return select(*columns).where(these).order_by(owner, table.c.name, table.c.position)


@cache
def _owner_column(table: Table) -> str:
    return next(name for name in table.columns.keys() if name.endswith("_id"))  # noqa: SIM118 - not a mapping


def write_parameters(c: Connection, table: Table, owner_id: str, parameters: Mapping[str, JsonValue]) -> None:
    """Write the parameters of a run (`run_parameters`) or a job (`job_parameters`). Raises ValueError for NaN and infinity."""
    owner = _owner_column(table)
    rows = [
        {owner: owner_id, "name": name, "position": position, **row}
        for name, value in parameters.items()
        for position, row in enumerate(_rows(value))
    ]
    if rows:
        c.execute(_insert(table), rows)


def read_parameters(c: Connection, table: Table, owner_id: str) -> dict[str, JsonValue]:
    """The parameters as they were written."""
    return read_many_parameters(c, table, [owner_id]).get(owner_id, {})


def read_many_parameters(
    c: Connection, table: Table, owner_ids: Iterable[str]
) -> dict[str, dict[str, JsonValue]]:
    """The parameters of several runs or jobs, by id, in one query."""
    found: dict[str, dict[str, JsonValue]] = {}
    for owner_id, name, position, kind, text_value, number_value in c.execute(
        _select(table), {"owners": list(owner_ids)}
    ):
        mine = found.setdefault(owner_id, {})
        if position == 0:
            mine[name] = _value(kind, text_value, number_value)
        else:
            elements = mine[name]
            assert isinstance(elements, list)
            elements.append(_value(kind, text_value, number_value))
    return found


def parameter_is(table: Table, owner_id: ColumnElement[str], name: str, value: str) -> ColumnElement[bool]:
    """Whether a parameter, or an element of a list, is what a person wrote as `value`: text, number, true, false or null."""
    either = [and_(table.c.kind == "text", table.c.text_value == value)]
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        either.append(and_(table.c.kind.in_(("integer", "number")), table.c.number_value == number))
    if value.lstrip("-").isdecimal():
        either.append(and_(table.c.kind == "integer", table.c.text_value == value))
    if value in {"true", "false"}:
        either.append(and_(table.c.kind == "boolean", table.c.number_value == float(value == "true")))
    if value == "null":
        either.append(table.c.kind == "null")
    return exists().where(table.c[_owner_column(table)] == owner_id, table.c.name == name, or_(*either))


def _rows(value: JsonValue) -> Sequence[dict[str, Any]]:
    if isinstance(value, list):
        if len(value) <= LONGEST_LIST_AS_ROWS and not any(isinstance(item, list | dict) for item in value):
            return [_row("list", number=float(len(value))), *(_scalar(item) for item in value)]
        return [_row("json", text=_as_json(value))]
    if isinstance(value, dict):
        return [_row("json", text=_as_json(value))]
    return [_scalar(value)]


def _scalar(value: JsonValue) -> dict[str, Any]:
    if value is None:
        return _row("null")
    if isinstance(value, bool):
        return _row("boolean", number=float(value))
    if isinstance(value, int):
        if abs(value) <= EXACT_IN_DOUBLE:
            return _row("integer", number=float(value))
        return _row("integer", text=str(value), number=float(value) if abs(value) < 10**308 else None)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("parameters are finite numbers")
        # SQLite keeps whole numbers in a REAL column as integers, which have no negative zero.
        return _row(
            "number", number=value, text="-0.0" if value == 0 and math.copysign(1, value) < 0 else None
        )
    assert isinstance(value, str)
    return _row("text", text=value)


def _row(kind: str, *, text: str | None = None, number: float | None = None) -> dict[str, Any]:
    return {"kind": kind, "text_value": text, "number_value": number}


def _as_json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _value(kind: str, text: str | None, number: float | None) -> JsonValue:
    match kind:
        case "text":
            return text
        case "integer":
            return int(text) if text is not None else int(number or 0)
        case "number":
            return float(text) if text is not None else number
        case "boolean":
            return bool(number)
        case "null":
            return None
        case "list":
            return []
        case _:
            assert text is not None
            decoded: JsonValue = json.loads(text)
            return decoded
