"""Registered references as rows. All functions take a Connection inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, union

from zerosec_server.database.connection import db_now
from zerosec_server.database.queries import instant
from zerosec_server.database.submissions import FilesMissingError
from zerosec_server.database.tables import files, job_inputs, jobs, run_inputs, runs, shared_references
from zerosec_shared.files import InputFile
from zerosec_shared.kinds import ReferenceKind
from zerosec_shared.references import Reference, ReferenceCreate
from zerosec_shared.runs import JobStatus

__all__ = [
    "ForgottenReference",
    "NameTakenError",
    "NotYoursError",
    "add_reference",
    "find_reference",
    "forget_reference",
    "is_registered",
    "list_references",
    "readers",
]

_USED = exists().where(
    job_inputs.c.sha256 == shared_references.c.sha256,
    job_inputs.c.job_id == jobs.c.id,
    jobs.c.status == JobStatus.SUCCEEDED.value,
)
_READERS = union(
    select(run_inputs.c.run_id)
    .where(run_inputs.c.sha256 == shared_references.c.sha256)
    .correlate(shared_references),
    select(jobs.c.run_id)
    .join(job_inputs, job_inputs.c.job_id == jobs.c.id)
    .where(job_inputs.c.sha256 == shared_references.c.sha256)
    .correlate(shared_references),
)
_RUNS = (
    select(func.count())
    .select_from(runs)
    .where(runs.c.id.in_(_READERS), runs.c.deleted_at.is_(None), runs.c.preview.is_(False))
    .correlate(shared_references)
    .scalar_subquery()
)
_ALL = (
    select(shared_references, files.c.size_bytes, _USED.label("used"), _RUNS.label("runs"))
    .join(files, files.c.sha256 == shared_references.c.sha256)
    .order_by(shared_references.c.kind, shared_references.c.name)
)


class NameTakenError(Exception):
    """Another file is registered under this name."""


class NotYoursError(Exception):
    """Somebody else has registered it."""


def _reference(row: Row[Any]) -> Reference:
    return Reference(
        name=row.name,
        kind=ReferenceKind(row.kind),
        genome_build=row.genome_build,
        sha256=row.sha256,
        file_name=row.file_name,
        size_bytes=row.size_bytes,
        created_at=instant(row.created_at),
        used=bool(row.used),
        runs=row.runs,
    )


def list_references(c: Connection, kinds: Sequence[ReferenceKind] = ()) -> list[Reference]:
    """All, or those of some kinds, by kind and name."""
    wanted = _ALL if not kinds else _ALL.where(shared_references.c.kind.in_([kind.value for kind in kinds]))
    return [_reference(row) for row in c.execute(wanted)]


def find_reference(c: Connection, name: str) -> Reference | None:
    """The one of this name."""
    row = c.execute(_ALL.where(shared_references.c.name == name)).one_or_none()
    return None if row is None else _reference(row)


def add_reference(c: Connection, owner: str, wanted: ReferenceCreate) -> bool:
    """Register a stored file; False if it was registered just so before. Raises NameTakenError, FilesMissingError."""
    known = find_reference(c, wanted.name)
    if known is not None:
        if wanted.model_dump() != known.model_dump(include=set(ReferenceCreate.model_fields)):
            raise NameTakenError(wanted.name)
        return False
    if c.execute(select(files.c.sha256).where(files.c.sha256 == wanted.sha256)).one_or_none() is None:
        raise FilesMissingError([InputFile(sha256=wanted.sha256, name=wanted.file_name)])
    c.execute(
        insert(shared_references).values(**wanted.model_dump(mode="json"), owner=owner, created_at=db_now())
    )
    return True


@dataclass(frozen=True)
class ForgottenReference:
    """What was taken from the list. `shared`: the same file has another name on it."""

    sha256: str
    shared: bool


def forget_reference(c: Connection, owner: str, name: str) -> ForgottenReference | None:
    """Take it from the list; runs that name it keep its file. None if there is none. Raises NotYoursError."""
    known = c.execute(
        select(shared_references.c.owner, shared_references.c.sha256).where(shared_references.c.name == name)
    ).one_or_none()
    if known is None:
        return None
    if known.owner != owner:
        raise NotYoursError(name)
    c.execute(delete(shared_references).where(shared_references.c.name == name))
    return ForgottenReference(known.sha256, is_registered(c, known.sha256))


def is_registered(c: Connection, sha256: str) -> bool:
    """Whether a file is on the list, under whatever name."""
    named = select(shared_references.c.name).where(shared_references.c.sha256 == sha256).limit(1)
    return c.execute(named).first() is not None


def readers(c: Connection, sha256: str) -> set[str]:
    """The jobs that read a file and wait or run."""
    going = (
        select(jobs.c.id)
        .join(job_inputs, job_inputs.c.job_id == jobs.c.id)
        .where(
            job_inputs.c.sha256 == sha256,
            jobs.c.status.in_((JobStatus.QUEUED.value, JobStatus.RUNNING.value)),
        )
    )
    return set(c.execute(going).scalars())
