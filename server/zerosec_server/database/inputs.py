"""Input files of runs and jobs as rows: which bytes, under which name, read how."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Select, Table, bindparam, insert, select

from zerosec_shared.files import Dialect, InputFile, Origin

__all__ = ["read_inputs", "read_many_inputs", "write_inputs"]


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _select(table: Table) -> Select[Any]:
    """Built once: building a statement costs more than SQLite needs to answer it."""
    owner = table.c[_owner_column(table)]
    columns = (owner, table.c.slot, table.c.sha256, table.c.name, table.c.dialect_json, table.c.origin_json)
    these = owner.in_(bindparam("owners", expanding=True))
    return select(*columns).where(these).order_by(owner, table.c.slot, table.c.position)


@cache
def _owner_column(table: Table) -> str:
    return next(name for name in table.columns.keys() if name.endswith("_id"))  # noqa: SIM118 - not a mapping


def write_inputs(
    c: Connection, table: Table, owner_id: str, inputs: Mapping[str, Sequence[InputFile]]
) -> None:
    """Write the inputs of a run (`run_inputs`) or a job (`job_inputs`). The files must be stored already."""
    rows = [
        {
            _owner_column(table): owner_id,
            "slot": slot,
            "position": position,
            "sha256": file.sha256,
            "name": file.name,
            "dialect_json": None if file.dialect is None else file.dialect.model_dump_json(),
            "origin_json": None if file.origin is None else file.origin.model_dump_json(),
            "project_id": None if file.origin is None else str(file.origin.project_id),
        }
        for slot, files in inputs.items()
        for position, file in enumerate(files)
    ]
    if rows:
        c.execute(_insert(table), rows)


def read_inputs(c: Connection, table: Table, owner_id: str) -> dict[str, tuple[InputFile, ...]]:
    """The inputs by slot, in the order given. A slot without files is absent."""
    return read_many_inputs(c, table, [owner_id]).get(owner_id, {})


def read_many_inputs(
    c: Connection, table: Table, owner_ids: Iterable[str]
) -> dict[str, dict[str, tuple[InputFile, ...]]]:
    """The inputs of several runs or jobs, by id, in one query."""
    found: dict[str, dict[str, tuple[InputFile, ...]]] = {}
    rows = c.execute(_select(table), {"owners": list(owner_ids)})
    for owner_id, slot, sha256, name, dialect_json, origin_json in rows:
        dialect = None if dialect_json is None else Dialect.model_validate_json(dialect_json)
        origin = None if origin_json is None else Origin.model_validate_json(origin_json)
        mine = found.setdefault(owner_id, {})
        file = InputFile(sha256=sha256, name=name, dialect=dialect, origin=origin)
        mine[slot] = (*mine.get(slot, ()), file)
    return found
