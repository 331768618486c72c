"""Reading runs and jobs: one at a time, with everything that explains a result. Lists are in listing.py."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, false, func, select, tuple_

from zerosec_server.database.connection import db_now
from zerosec_server.database.inputs import read_many_inputs
from zerosec_server.database.parameters import read_many_parameters
from zerosec_server.database.tables import (
    artifacts,
    job_inputs,
    job_parameters,
    jobs,
    run_inputs,
    run_parameters,
    run_steps,
    run_tags,
    runs,
)
from zerosec_shared.runs import (
    Artifact,
    ArtifactRole,
    Job,
    JobFailure,
    JobProgress,
    JobState,
    JobStatus,
    Run,
)

__all__ = [
    "JOB_COLUMNS",
    "RUN_COLUMNS",
    "JobRecord",
    "StoredFile",
    "StoredResult",
    "artifact_file",
    "instant",
    "job_artifacts",
    "job_exists",
    "job_record",
    "job_state",
    "jobs_of",
    "latest_status",
    "newest_results",
    "run_by_id",
    "run_file",
    "run_files",
    "run_jobs",
    "runs_of",
]


AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """A job, and its result as the JSON it is stored as: results can be large, and are passed on unparsed."""

    job: Job
    result_json: str | None


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """An artifact and where its bytes are."""

    storage_key: str
    artifact: Artifact


def instant(seconds: float) -> datetime:
    """A time of the database as a datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def _maybe_instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else instant(seconds)


STATE_COLUMNS = (
    jobs.c.id,
    jobs.c.run_id,
    jobs.c.status,
    jobs.c.attempt,
    jobs.c.cancel_requested,
    jobs.c.finish_requested,
    jobs.c.progress_json,
    jobs.c.progress_at,
    jobs.c.failure_json,
    jobs.c.last_seq,
    jobs.c.created_at,
    jobs.c.started_at,
    jobs.c.ended_at,
    jobs.c.heartbeat_at,
    db_now().label("now"),
)
JOB_COLUMNS = (
    *STATE_COLUMNS,
    jobs.c.analysis,
    jobs.c.analysis_version,
    jobs.c.step,
    jobs.c.owner,
    jobs.c.environment_json,
    jobs.c.ran_json,
    runs.c.name.label("run_name"),
)


# Built once: building a statement costs more than SQLite needs to answer it.
_MINE = (jobs.c.id == bindparam("job"), jobs.c.owner == bindparam("owner"), runs.c.deleted_at.is_(None))
_EXISTS = select(jobs.c.id).join(runs).where(*_MINE)
_STATE = select(*STATE_COLUMNS).join(runs).where(*_MINE)
_RECORD = select(*JOB_COLUMNS, jobs.c.result_json).join(runs).where(*_MINE)
_this = select(jobs.c.available_at, jobs.c.id).where(jobs.c.id == bindparam("job")).subquery()
_POSITION = (
    select(func.count())
    .select_from(jobs, _this)
    .where(
        jobs.c.status == "queued",
        jobs.c.preview == false(),
        tuple_(jobs.c.available_at, jobs.c.id) < tuple_(_this.c.available_at, _this.c.id),
    )
)


def _mine(job_id: UUID, owner: str) -> dict[str, str]:
    return {"job": str(job_id), "owner": owner}


def _state_fields(row: AnyRow, queue_position: int | None) -> dict[str, object]:
    running = row.status == JobStatus.RUNNING
    return {
        "id": UUID(row.id),
        "run_id": UUID(row.run_id),
        "status": JobStatus(row.status),
        "attempt": row.attempt,
        "cancel_requested": bool(row.cancel_requested),
        "finish_requested": bool(row.finish_requested),
        "progress": None if row.progress_json is None else JobProgress.model_validate_json(row.progress_json),
        "failure": None if row.failure_json is None else JobFailure.model_validate_json(row.failure_json),
        "last_event": row.last_seq,
        "created_at": instant(row.created_at),
        "started_at": _maybe_instant(row.started_at),
        "ended_at": _maybe_instant(row.ended_at),
        "heartbeat_age_s": _age(row.now, row.heartbeat_at) if running else None,
        "progress_age_s": _age(row.now, row.progress_at) if running else None,
        "queue_position": queue_position,
    }


def _age(now: float, then: float | None) -> float | None:
    return None if then is None else max(0.0, now - then)


def _queue_position(c: Connection, job_id: str) -> int:
    """How many queued jobs come before a queued one: the order is that of the claim."""
    position: int = c.execute(_POSITION, {"job": job_id}).scalar_one()
    return position


def job_state(c: Connection, job_id: UUID, owner: str) -> JobState | None:
    """Where a job stands."""
    row = c.execute(_STATE, _mine(job_id, owner)).one_or_none()
    return None if row is None else _state(c, row)


def _state(c: Connection, row: AnyRow) -> JobState:
    position = _queue_position(c, row.id) if row.status == JobStatus.QUEUED else None
    return JobState.model_validate(_state_fields(row, position))


def job_exists(c: Connection, job_id: UUID, owner: str) -> bool:
    """Whether this owner has such a job."""
    return c.execute(_EXISTS, _mine(job_id, owner)).one_or_none() is not None


def job_record(c: Connection, job_id: UUID, owner: str) -> JobRecord | None:
    """A job with its parameters, inputs and result."""
    row = c.execute(_RECORD, _mine(job_id, owner)).one_or_none()
    if row is None:
        return None
    position = _queue_position(c, row.id) if row.status == JobStatus.QUEUED else None
    return JobRecord(job=jobs_of(c, [row], position)[0], result_json=row.result_json)


def jobs_of(c: Connection, rows: Sequence[AnyRow], queue_position: int | None = None) -> tuple[Job, ...]:
    """Jobs, without their results, from rows of JOB_COLUMNS."""
    ids = [row.id for row in rows]
    parameters = read_many_parameters(c, job_parameters, ids)
    inputs = read_many_inputs(c, job_inputs, ids)
    return tuple(
        Job.model_validate(
            {
                **_state_fields(row, queue_position),
                "analysis": row.analysis,
                "analysis_version": row.analysis_version,
                "step": row.step,
                "run_name": row.run_name,
                "owner": row.owner,
                "parameters": parameters.get(row.id, {}),
                "inputs": inputs.get(row.id, {}),
                "environment": _environment(row.environment_json),
                "ran": () if row.ran_json is None else json.loads(row.ran_json),
            }
        )
        for row in rows
    )


def _environment(stored: str | None) -> dict[str, str]:
    return {} if stored is None else {str(name): str(value) for name, value in json.loads(stored).items()}


_newest = jobs.alias("newest")
latest_status = (
    select(_newest.c.status)
    .where(_newest.c.run_id == runs.c.id)
    .order_by(_newest.c.created_at.desc(), _newest.c.id.desc())
    .limit(1)
    .correlate(runs)
    .scalar_subquery()
)
"""The status of a run's newest job."""

RUN_COLUMNS = (
    runs.c.id,
    runs.c.analysis,
    runs.c.analysis_version,
    runs.c.name,
    runs.c.owner,
    runs.c.pinned,
    runs.c.created_at,
    runs.c.files_cleaned_at,
    runs.c.inputs_changed_at,
    latest_status.label("latest_status"),
)


def run_by_id(c: Connection, run_id: UUID, owner: str) -> Run | None:
    """A run."""
    row = c.execute(
        select(*RUN_COLUMNS).where(
            runs.c.id == str(run_id), runs.c.owner == owner, runs.c.deleted_at.is_(None)
        )
    ).one_or_none()
    return None if row is None else runs_of(c, [row])[0]


def runs_of(c: Connection, rows: Sequence[AnyRow]) -> tuple[Run, ...]:
    """Runs from rows of RUN_COLUMNS."""
    ids = [row.id for row in rows]
    parameters = read_many_parameters(c, run_parameters, ids)
    inputs = read_many_inputs(c, run_inputs, ids)
    tags: dict[str, list[str]] = {}
    for run_id, tag in c.execute(
        select(run_tags.c.run_id, run_tags.c.tag).where(run_tags.c.run_id.in_(ids)).order_by(run_tags.c.tag)
    ):
        tags.setdefault(run_id, []).append(tag)
    included: dict[str, dict[str, bool]] = {}
    for run_id, step, counts in c.execute(
        select(run_steps.c.run_id, run_steps.c.step, run_steps.c.included).where(run_steps.c.run_id.in_(ids))
    ):
        included.setdefault(run_id, {})[step] = bool(counts)
    return tuple(
        Run(
            id=UUID(row.id),
            analysis=row.analysis,
            analysis_version=row.analysis_version,
            name=row.name,
            owner=row.owner,
            inputs=inputs.get(row.id, {}),
            parameters=parameters.get(row.id, {}),
            tags=tuple(tags.get(row.id, ())),
            pinned=bool(row.pinned),
            created_at=instant(row.created_at),
            files_cleaned_at=_maybe_instant(row.files_cleaned_at),
            inputs_changed_at=_maybe_instant(row.inputs_changed_at),
            included=included.get(row.id, {}),
            latest_status=None if row.latest_status is None else JobStatus(row.latest_status),
        )
        for row in rows
    )


def run_jobs(c: Connection, run_id: UUID) -> list[tuple[str, JobState]]:
    """The step and state of every job of a run, newest first."""
    rows = c.execute(
        select(*STATE_COLUMNS, jobs.c.step)
        .where(jobs.c.run_id == str(run_id))
        .order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
    ).all()
    return [(row.step, _state(c, row)) for row in rows]


def job_artifacts(c: Connection, job_id: UUID) -> tuple[StoredFile, ...]:
    """What a job produced, by path."""
    rows = c.execute(select(artifacts).where(artifacts.c.job_id == str(job_id)).order_by(artifacts.c.path))
    return tuple(_stored_file(row) for row in rows)


def artifact_file(c: Connection, job_id: UUID, path: str) -> StoredFile | None:
    """One artifact."""
    row = c.execute(
        select(artifacts).where(artifacts.c.job_id == str(job_id), artifacts.c.path == path)
    ).one_or_none()
    return None if row is None else _stored_file(row)


def _stored_file(row: AnyRow) -> StoredFile:
    return StoredFile(
        storage_key=row.storage_key,
        artifact=Artifact(
            path=row.path,
            size_bytes=row.size_bytes,
            sha256=row.sha256,
            role=ArtifactRole(row.role),
            media_type=row.media_type,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class StoredResult:
    """The newest succeeded job of a step."""

    step: str
    job_id: UUID
    result_json: str
    artifacts: tuple[Artifact, ...]


def newest_results(c: Connection, run_id: UUID) -> list[StoredResult]:
    """The newest succeeded job of each step of a run."""
    found: dict[str, StoredResult] = {}
    for job_id, step in _newest_succeeded(c, run_id).items():
        result_json = c.execute(select(jobs.c.result_json).where(jobs.c.id == job_id)).scalar_one()
        found[step] = StoredResult(
            step=step,
            job_id=UUID(job_id),
            result_json=result_json or "{}",
            artifacts=tuple(stored.artifact for stored in job_artifacts(c, UUID(job_id))),
        )
    return list(found.values())


def _newest_succeeded(c: Connection, run_id: UUID) -> dict[str, str]:
    rows = c.execute(
        select(jobs.c.id, jobs.c.step)
        .where(jobs.c.run_id == str(run_id), jobs.c.status == JobStatus.SUCCEEDED.value)
        .order_by(jobs.c.created_at, jobs.c.id)
    )
    newest = {row.step: row.id for row in rows}
    return {job_id: step for step, job_id in newest.items()}


def run_files(c: Connection, run_id: UUID) -> list[tuple[str, UUID, StoredFile]]:
    """Step, job and file of all artifacts of each step's newest succeeded job."""
    return [
        (step, UUID(job_id), stored)
        for job_id, step in _newest_succeeded(c, run_id).items()
        for stored in job_artifacts(c, UUID(job_id))
    ]


def run_file(c: Connection, run_id: UUID, step: str, path: str) -> StoredFile | None:
    """One file of those, by step and path."""
    for job_id, its_step in _newest_succeeded(c, run_id).items():
        if its_step == step:
            return artifact_file(c, UUID(job_id), path)
    return None
