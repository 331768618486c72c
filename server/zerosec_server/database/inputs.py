"""Input files of runs and jobs as rows: which bytes, under which name, read how."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Insert, Select, Table, bindparam, insert, select

from zerosec_server.database.tables import artifacts, job_inputs, job_sources
from zerosec_shared.files import Dialect, InputFile, MadeBy, Origin, Registered

__all__ = ["read_inputs", "read_many_inputs", "source_keys", "write_inputs"]


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _select(table: Table) -> Select[Any]:
    """Built once: building a statement costs more than SQLite needs to answer it."""
    owner = table.c[_owner_column(table)]
    columns = (
        owner,
        table.c.slot,
        table.c.position,
        table.c.sha256,
        table.c.name,
        table.c.dialect_json,
        table.c.origin_json,
        table.c.registered_json,
    )
    these = owner.in_(bindparam("owners", expanding=True))
    return select(*columns).where(these).order_by(owner, table.c.slot, table.c.position)


@cache
def _owner_column(table: Table) -> str:
    return next(name for name in table.columns.keys() if name.endswith("_id"))  # noqa: SIM118 - not a mapping


def write_inputs(
    c: Connection, table: Table, owner_id: str, inputs: Mapping[str, Sequence[InputFile]]
) -> None:
    """Write the inputs of a run (`run_inputs`) or a job (`job_inputs`). The files must be stored already.

    Outputs of earlier jobs go into a table of their own: their bytes are those jobs' artifacts.
    """
    given = [(slot, position, file) for slot, files in inputs.items() for position, file in enumerate(files)]
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
            "registered_json": None if file.registered is None else file.registered.model_dump_json(),
        }
        for slot, position, file in given
        if file.made_by is None
    ]
    if rows:
        c.execute(_insert(table), rows)
    sources = [
        {
            "job_id": owner_id,
            "slot": slot,
            "position": position,
            "sha256": file.sha256,
            "name": file.name,
            "dialect_json": None if file.dialect is None else file.dialect.model_dump_json(),
            "source_job_id": str(file.made_by.job_id),
            "source_step": file.made_by.step,
            "source_path": file.made_by.path,
        }
        for slot, position, file in given
        if file.made_by is not None
    ]
    if sources:
        c.execute(_insert(job_sources), sources)


def read_inputs(c: Connection, table: Table, owner_id: str) -> dict[str, tuple[InputFile, ...]]:
    """The inputs by slot, in the order given. A slot without files is absent."""
    return read_many_inputs(c, table, [owner_id]).get(owner_id, {})


def read_many_inputs(
    c: Connection, table: Table, owner_ids: Iterable[str]
) -> dict[str, dict[str, tuple[InputFile, ...]]]:
    """The inputs of several runs or jobs, by id, in one query."""
    owners = list(owner_ids)
    read: list[tuple[str, str, int, InputFile]] = []
    rows = c.execute(_select(table), {"owners": owners})
    for owner_id, slot, position, sha256, name, dialect_json, origin_json, registered_json in rows:
        origin = None if origin_json is None else Origin.model_validate_json(origin_json)
        registered = None if registered_json is None else Registered.model_validate_json(registered_json)
        file = InputFile(
            sha256=sha256,
            name=name,
            dialect=_dialect(dialect_json),
            origin=origin,
            registered=registered,
        )
        read.append((owner_id, slot, position, file))
    if table is job_inputs:
        for row in c.execute(_SOURCES, {"owners": owners}):
            made_by = MadeBy(job_id=UUID(row.source_job_id), step=row.source_step, path=row.source_path)
            file = InputFile(
                sha256=row.sha256, name=row.name, dialect=_dialect(row.dialect_json), made_by=made_by
            )
            read.append((row.job_id, row.slot, row.position, file))
        read.sort(key=lambda found: found[:3])
    inputs: dict[str, dict[str, tuple[InputFile, ...]]] = {}
    for owner_id, slot, _, file in read:
        mine = inputs.setdefault(owner_id, {})
        mine[slot] = (*mine.get(slot, ()), file)
    return inputs


def _dialect(stored: str | None) -> Dialect | None:
    return None if stored is None else Dialect.model_validate_json(stored)


_SOURCES = select(job_sources).where(job_sources.c.job_id.in_(bindparam("owners", expanding=True)))
_KEYS = (
    select(artifacts.c.job_id, artifacts.c.path, artifacts.c.storage_key)
    .join(
        job_sources,
        (artifacts.c.job_id == job_sources.c.source_job_id) & (artifacts.c.path == job_sources.c.source_path),
    )
    .where(job_sources.c.job_id.in_(bindparam("jobs", expanding=True)))
)


def source_keys(c: Connection, job_ids: Iterable[str]) -> dict[tuple[str, str], str]:
    """Where the bytes lie of what these jobs read from earlier ones: by the earlier job and the path."""
    rows = c.execute(_KEYS, {"jobs": list(job_ids)})
    return {(row.job_id, row.path): row.storage_key for row in rows}
