"""New runs and jobs, idempotent by id: the same id and body again change nothing, another body is refused.

Guards against the reply that was lost after the server acted: the repeat makes no second job. All functions take a
Connection inside a write transaction, and change nothing when they raise.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel, JsonValue
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.inputs import read_inputs, write_inputs
from zerosec_server.database.job_events import insert_events
from zerosec_server.database.parameters import write_parameters
from zerosec_server.database.tables import (
    artifacts,
    files,
    job_inputs,
    job_parameters,
    jobs,
    run_inputs,
    run_parameters,
    run_steps,
    run_tags,
    runs,
)
from zerosec_server.database.vouching import check_claims
from zerosec_server.language import worded
from zerosec_shared.events import StateEvent
from zerosec_shared.files import InputFile
from zerosec_shared.runs import JobState, JobStatus, RunPatch

__all__ = [
    "FileTooLargeError",
    "FilesMissingError",
    "IdTakenError",
    "NewJob",
    "NewRun",
    "QueueFullError",
    "create_job",
    "create_run",
    "job_known",
    "patch_run",
    "request_digest",
]


class IdTakenError(Exception):
    """There is a run or job of this id already, made from another request."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class QueueFullError(Exception):
    """As many jobs wait as may wait."""


class FilesMissingError(Exception):
    """Input files that are not stored."""

    def __init__(self, missing: Sequence[InputFile]) -> None:
        super().__init__(", ".join(file.sha256 for file in missing))
        self.missing = tuple(missing)


class FileTooLargeError(Exception):
    """An input file is larger than its slot takes."""

    def __init__(self, slot: str, file: InputFile, limit_bytes: int) -> None:
        super().__init__(slot)
        self.slot, self.file, self.limit_bytes = slot, file, limit_bytes


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run to be made."""

    id: str
    owner: str
    analysis: str
    analysis_version: str
    name: str
    pinned: bool
    tags: Sequence[str]
    parameters: Mapping[str, JsonValue]
    inputs: Mapping[str, Sequence[InputFile]]
    digest: str
    included: Mapping[str, bool] = field(default_factory=dict)
    preview: bool = False
    imported: bool = False
    """It comes with a record of its own, which says what its inputs were registered as where it was made."""


@dataclass(frozen=True, kw_only=True)
class NewJob:
    """A job to be queued, with the parameters that will be used: defaults filled in."""

    id: str
    run_id: str
    owner: str
    analysis: str
    analysis_version: str
    step: str
    parameters: Mapping[str, JsonValue]
    inputs: Mapping[str, Sequence[InputFile]]
    digest: str
    max_attempts: int
    size_limits: Mapping[str, int] = field(default_factory=dict)
    preview: bool = False
    reads_run_ids: Sequence[str] = ()
    """The runs whose outputs it may read; none: its own."""


def request_digest(kind: str, body: BaseModel) -> str:
    """SHA-256 of a request as understood: the order of names and the spacing do not matter, values do."""
    canonical = json.dumps(
        [kind, body.model_dump(mode="json")], sort_keys=True, ensure_ascii=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


# Built once: building a statement costs more than SQLite needs to do it.
_KNOWN_RUN = select(runs.c.request_digest, runs.c.owner, runs.c.deleted_at).where(
    runs.c.id == bindparam("run")
)
_INSERT_RUN = insert(runs).values(created_at=db_now())
_KNOWN_JOB = select(jobs.c.request_digest, jobs.c.owner).where(jobs.c.id == bindparam("job"))
FIRST_EVENT = 1
_INSERT_JOB = (
    insert(jobs)
    .values(available_at=db_now(), created_at=db_now(), last_seq=FIRST_EVENT)
    .returning(jobs.c.created_at)
)
_WAITING = select(func.count()).select_from(
    select(jobs.c.id).where(jobs.c.status == "queued").limit(bindparam("most")).subquery()
)
_INSERT_TAGS = insert(run_tags)


def create_run(c: Connection, new: NewRun) -> bool:
    """Make a run; False if this request made it before. Raises IdTakenError, FilesMissingError, ClaimError."""
    known = c.execute(_KNOWN_RUN, {"run": new.id}).one_or_none()
    if known is not None:
        if known.request_digest != new.digest or known.owner != new.owner or known.deleted_at is not None:
            raise IdTakenError("run")
        return False
    _check_files(c, new.inputs, {})
    if not new.imported:
        check_claims(c, new.inputs)
    c.execute(
        _INSERT_RUN,
        {
            "id": new.id,
            "owner": new.owner,
            "analysis": new.analysis,
            "analysis_version": new.analysis_version,
            "name": new.name,
            "pinned": new.pinned,
            "request_digest": new.digest,
            "preview": new.preview,
        },
    )
    _write_tags(c, new.id, new.tags)
    _write_included(c, new.id, new.included)
    write_parameters(c, run_parameters, new.id, new.parameters)
    write_inputs(c, run_inputs, new.id, new.inputs)
    return True


def job_known(c: Connection, job_id: str, owner: str, digest: str) -> bool:
    """Whether this request made this job before. Raises IdTakenError if another did."""
    known = c.execute(_KNOWN_JOB, {"job": job_id}).one_or_none()
    if known is not None and (known.request_digest != digest or known.owner != owner):
        raise IdTakenError("job")
    return known is not None


def create_job(c: Connection, new: NewJob, *, queue_limit: int) -> JobState | None:
    """Queue a job with its first event and tell where it stands; None if this request did so before.

    Raises IdTakenError, QueueFullError, FilesMissingError, FileTooLargeError, ClaimError.
    """
    if job_known(c, new.id, new.owner, new.digest):
        return None
    waiting = c.execute(_WAITING, {"most": queue_limit}).scalar_one()
    if waiting >= queue_limit:
        raise QueueFullError
    _check_files(c, new.inputs, new.size_limits, new.reads_run_ids or (new.run_id,))
    check_claims(c, new.inputs)
    created_at = c.execute(
        _INSERT_JOB,
        {
            "id": new.id,
            "run_id": new.run_id,
            "owner": new.owner,
            "analysis": new.analysis,
            "analysis_version": new.analysis_version,
            "step": new.step,
            "request_digest": new.digest,
            "status": JobStatus.QUEUED.value,
            "max_attempts": new.max_attempts,
            "preview": new.preview,
        },
    ).scalar_one()
    write_parameters(c, job_parameters, new.id, new.parameters)
    write_inputs(c, job_inputs, new.id, new.inputs)
    queued = worded(StateEvent(status=JobStatus.QUEUED, attempt=0))
    insert_events(c, new.id, 0, FIRST_EVENT, [queued], terminal=False)
    return JobState(
        id=UUID(new.id),
        run_id=UUID(new.run_id),
        status=JobStatus.QUEUED,
        attempt=0,
        last_event=FIRST_EVENT,
        created_at=datetime.fromtimestamp(created_at, UTC),
        queue_position=waiting,
    )


def patch_run(c: Connection, run_id: str, patch: RunPatch) -> None:
    """Change how a run is found and what its next jobs compute from: what the patch leaves out stays. Raises FilesMissingError, ClaimError."""
    changes: dict[str, object] = {}
    if patch.name is not None:
        changes["name"] = patch.name
    if patch.pinned is not None:
        changes["pinned"] = patch.pinned
    if changes:
        c.execute(update(runs).where(runs.c.id == run_id).values(**changes))
    if patch.tags is not None:
        c.execute(delete(run_tags).where(run_tags.c.run_id == run_id))
        _write_tags(c, run_id, patch.tags)
    if patch.parameters is not None:
        c.execute(delete(run_parameters).where(run_parameters.c.run_id == run_id))
        write_parameters(c, run_parameters, run_id, patch.parameters)
    if patch.included is not None:
        c.execute(delete(run_steps).where(run_steps.c.run_id == run_id, run_steps.c.step.in_(patch.included)))
        _write_included(c, run_id, patch.included)
    if patch.inputs is not None and patch.inputs != read_inputs(c, run_inputs, run_id):
        _check_files(c, patch.inputs, {})
        check_claims(c, patch.inputs)
        c.execute(delete(run_inputs).where(run_inputs.c.run_id == run_id))
        write_inputs(c, run_inputs, run_id, patch.inputs)
        c.execute(update(runs).where(runs.c.id == run_id).values(inputs_changed_at=db_now()))


def _write_included(c: Connection, run_id: str, included: Mapping[str, bool | None]) -> None:
    rows = [
        {"run_id": run_id, "step": step, "included": counts}
        for step, counts in included.items()
        if counts is not None
    ]
    if rows:
        c.execute(insert(run_steps), rows)


def _write_tags(c: Connection, run_id: str, tags: Iterable[str]) -> None:
    rows = [{"run_id": run_id, "tag": tag} for tag in dict.fromkeys(tags)]
    if rows:
        c.execute(_INSERT_TAGS, rows)


def _check_files(
    c: Connection,
    inputs: Mapping[str, Sequence[InputFile]],
    size_limits: Mapping[str, int],
    run_ids: Sequence[str] = (),
) -> None:
    """The files are stored; what earlier jobs made is there, of these runs and with the bytes that are meant."""
    everything = [(slot, file) for slot, several in inputs.items() for file in several]
    made = [file for _, file in everything if file.made_by is not None]
    if gone := [file for file in made if not _is_made(c, run_ids, file)]:
        raise FilesMissingError(gone)
    given = [(slot, file) for slot, file in everything if file.made_by is None]
    if not given:
        return
    wanted = {file.sha256 for _, file in given}
    sizes = dict(
        c.execute(select(files.c.sha256, files.c.size_bytes).where(files.c.sha256.in_(wanted))).tuples().all()
    )
    missing = [file for _, file in given if file.sha256 not in sizes]
    if missing:
        raise FilesMissingError(missing)
    for slot, file in given:
        limit_bytes = size_limits.get(slot)
        if limit_bytes is not None and sizes[file.sha256] > limit_bytes:
            raise FileTooLargeError(slot, file, limit_bytes)


def _is_made(c: Connection, run_ids: Sequence[str], file: InputFile) -> bool:
    made_by = file.made_by
    assert made_by is not None
    found = c.execute(
        _MADE,
        {"job": str(made_by.job_id), "runs": list(run_ids), "step": made_by.step, "at_path": made_by.path},
    ).scalar_one_or_none()
    return found == file.sha256


_MADE = (
    select(artifacts.c.sha256)
    .join(jobs, jobs.c.id == artifacts.c.job_id)
    .where(
        artifacts.c.job_id == bindparam("job"),
        artifacts.c.path == bindparam("at_path"),
        jobs.c.run_id.in_(bindparam("runs", expanding=True)),
        jobs.c.step == bindparam("step"),
        jobs.c.status == JobStatus.SUCCEEDED.value,
    )
)
