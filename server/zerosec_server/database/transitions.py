"""A job's life in a worker's hands, from claim to finish: transitions in the database, each fenced by the attempt number.

Guards against two holders of one job: whoever claims gets a new attempt number, and every later write names it. A holder that
lost its lease (stopped, cut off, slow) finds no row and changes nothing. With the unique index on terminal events this gives
exactly one visible end, whatever is repeated, late or doubled. Times are compared by the database's clock alone.

How a job leaves a worker's hands otherwise is in taking_back.py. All functions take a Connection inside a write transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, false, func, insert, or_, select, true, tuple_, update

from zerosec_analyses.sdk import ReadAs
from zerosec_server.database.connection import db_now
from zerosec_server.database.job_events import insert_events
from zerosec_server.database.tables import artifacts, job_inputs, job_sources, jobs
from zerosec_server.language import worded
from zerosec_shared.events import ArtifactEvent, EventBody, ProgressEvent, StateEvent
from zerosec_shared.runs import TERMINAL, Artifact, JobFailure, JobStatus

__all__ = [
    "Asked",
    "Claimed",
    "Finish",
    "LeaseLostError",
    "StoredArtifact",
    "claim",
    "finish",
    "heartbeat",
    "record",
]


UNLIMITED = 2**31 - 1


class LeaseLostError(Exception):
    """This attempt does not hold the job any more: kill its processes and write nothing."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What users have asked of a job that runs: to be cancelled, to finish early."""

    cancel: bool
    finish: bool


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A job that this worker now holds; `attempt` is the fencing token."""

    job_id: str
    run_id: str
    attempt: int
    analysis: str
    analysis_version: str
    step: str
    preview: bool = False


@dataclass(frozen=True, kw_only=True)
class StoredArtifact:
    """An artifact whose bytes are durable, and where they lie."""

    artifact: Artifact
    storage_key: str


@dataclass(frozen=True, kw_only=True)
class Finish:
    """How an attempt ended; `reports` are what it said last and is not recorded yet; `read_as` tells how it read inputs for which
    no dialect, or a part of one, was given.
    """

    status: JobStatus
    failure: JobFailure | None = None
    result_json: str | None = None
    environment_json: str | None = None
    ran_json: str | None = None
    artifacts: Sequence[StoredArtifact] = ()
    reports: Sequence[EventBody] = ()
    read_as: Sequence[ReadAs] = ()
    reason: str = ""


_others = jobs.alias("others")
_RUNNING_OF_RUN = (
    select(func.count())
    .where(_others.c.run_id == jobs.c.run_id, _others.c.status == "running")
    .correlate(jobs)
    .scalar_subquery()
)
_CLAIMABLE = (
    select(jobs.c.id)
    .where(
        jobs.c.status == "queued",
        jobs.c.available_at <= db_now(),
        jobs.c.preview == false(),
        bindparam("per_run") > _RUNNING_OF_RUN,
    )
    .order_by(jobs.c.available_at, jobs.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIMABLE_PREVIEWS = (
    select(jobs.c.id)
    .where(jobs.c.status == "queued", jobs.c.available_at <= db_now(), jobs.c.preview == true())
    .order_by(jobs.c.created_at.desc())
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(jobs)
    .where(
        jobs.c.id == bindparam("job"),
        jobs.c.status == "queued",
        bindparam("per_run") > _RUNNING_OF_RUN,
    )
    .values(
        status="running",
        attempt=jobs.c.attempt + 1,
        worker_id=bindparam("worker"),
        lease_until=db_now() + bindparam("ttl"),
        heartbeat_at=db_now(),
        started_at=db_now(),
        progress_json=None,
        progress_at=None,
        last_seq=jobs.c.last_seq + 1,
    )
    .returning(
        jobs.c.run_id,
        jobs.c.attempt,
        jobs.c.analysis,
        jobs.c.analysis_version,
        jobs.c.step,
        jobs.c.last_seq,
        jobs.c.preview,
    )
)


def claim(
    c: Connection,
    worker_id: str,
    limit: int,
    lease_ttl_s: float,
    *,
    previews: int = 0,
    per_run: int = UNLIMITED,
) -> list[Claimed]:
    """Take up to `limit` queued jobs, oldest first, and up to so many `previews`, newest first:
    `queued -> running`, attempt + 1, a lease of `lease_ttl_s`. Of one run no more than `per_run` run at a time.
    """
    claimed = []
    waiting = [
        job_id
        for statement, most, extra in (
            (_CLAIMABLE_PREVIEWS, previews, {}),
            (_CLAIMABLE, limit, {"per_run": per_run}),
        )
        if most > 0
        for job_id in c.execute(statement, {"most": most, **extra}).scalars().all()
    ]
    who = {"worker": worker_id, "ttl": lease_ttl_s, "per_run": per_run}
    for job_id in waiting:
        row = c.execute(_CLAIM, {**who, "job": job_id}).one_or_none()
        if row is None:
            continue
        started = StateEvent(status=JobStatus.RUNNING, attempt=row.attempt)
        insert_events(c, job_id, row.attempt, row.last_seq, [started], terminal=False)
        claimed.append(
            Claimed(
                job_id=job_id,
                run_id=row.run_id,
                attempt=row.attempt,
                analysis=row.analysis,
                analysis_version=row.analysis_version,
                step=row.step,
                preview=bool(row.preview),
            )
        )
    return claimed


def heartbeat(
    c: Connection, worker_id: str, held: Iterable[tuple[str, int]], lease_ttl_s: float
) -> dict[str, Asked]:
    """Renew the leases of `held` (job id, attempt). Returns, for those still held, what was asked of them.

    A job that is missing from the answer is lost: kill its processes, write nothing.
    """
    renewed = c.execute(
        update(jobs)
        .where(
            tuple_(jobs.c.id, jobs.c.attempt).in_(list(held)),
            jobs.c.status == "running",
            jobs.c.worker_id == worker_id,
        )
        .values(lease_until=db_now() + lease_ttl_s, heartbeat_at=db_now())
        .returning(jobs.c.id, jobs.c.cancel_requested, jobs.c.finish_requested)
    )
    return {
        row.id: Asked(cancel=bool(row.cancel_requested), finish=bool(row.finish_requested)) for row in renewed
    }


def _newest_progress(bodies: Sequence[EventBody]) -> str | None:
    for body in reversed(bodies):
        if isinstance(body, ProgressEvent):
            return body.progress.model_dump_json()
    return None


_HELD = and_(jobs.c.id == bindparam("job"), jobs.c.attempt == bindparam("token"), jobs.c.status == "running")
_RECORD = (
    update(jobs).where(_HELD).values(last_seq=jobs.c.last_seq + bindparam("count")).returning(jobs.c.last_seq)
)
_RECORD_PROGRESS = (
    update(jobs)
    .where(_HELD)
    .values(
        last_seq=jobs.c.last_seq + bindparam("count"),
        progress_json=bindparam("progress"),
        progress_at=db_now(),
    )
    .returning(jobs.c.last_seq)
)


def record(c: Connection, job_id: str, attempt: int, bodies: Sequence[EventBody]) -> None:
    """Append what a running attempt reports, in order; its newest progress also shows on the job.

    Raises LeaseLostError when the attempt does not hold the job.
    """
    if not bodies:
        return
    progress = _newest_progress(bodies)
    values: dict[str, object] = {"job": job_id, "token": attempt, "count": len(bodies)}
    if progress is None:
        last_seq = c.execute(_RECORD, values).scalar_one_or_none()
    else:
        values["progress"] = progress
        last_seq = c.execute(_RECORD_PROGRESS, values).scalar_one_or_none()
    if last_seq is None:
        raise LeaseLostError(job_id)
    insert_events(c, job_id, attempt, last_seq, bodies, terminal=False)


_FINISH = (
    update(jobs)
    .where(_HELD)
    .values(
        status=bindparam("end"),
        worker_id=None,
        lease_until=None,
        ended_at=db_now(),
        failure_json=bindparam("failure"),
        result_json=bindparam("result"),
        environment_json=bindparam("environment"),
        ran_json=bindparam("ran"),
        progress_json=func.coalesce(bindparam("progress"), jobs.c.progress_json),
        last_seq=jobs.c.last_seq + bindparam("count"),
    )
    .returning(jobs.c.last_seq)
)


LEFT_OPEN = '%"detect":["%'
"""A dialect of which a part is to be found out."""
_READ_AS = tuple(
    update(table)
    .where(
        table.c.job_id == bindparam("job"),
        table.c.slot == bindparam("of_slot"),
        table.c.position == bindparam("number"),
        or_(table.c.dialect_json.is_(None), table.c.dialect_json.like(LEFT_OPEN)),
    )
    .values(dialect_json=bindparam("dialect"))
    for table in (job_inputs, job_sources)
)


def finish(c: Connection, job_id: str, attempt: int, end: Finish) -> None:
    """End a job: status, artifacts' rows and events, and the one terminal event, all or nothing.

    The artifacts' bytes must be durable before. Raises LeaseLostError when the attempt does not hold the job.
    """
    if end.status not in TERMINAL:
        raise ValueError(f"{end.status} does not end a job")
    bodies: list[EventBody] = list(end.reports)
    bodies += [ArtifactEvent(artifact=stored.artifact) for stored in end.artifacts]
    bodies.append(
        worded(StateEvent(status=end.status, attempt=attempt, reason=end.reason, failure=end.failure))
    )
    last_seq = c.execute(
        _FINISH,
        {
            "job": job_id,
            "token": attempt,
            "end": end.status.value,
            "failure": None if end.failure is None else end.failure.model_dump_json(),
            "result": end.result_json,
            "environment": end.environment_json,
            "ran": end.ran_json,
            "progress": _newest_progress(end.reports),
            "count": len(bodies),
        },
    ).scalar_one_or_none()
    if last_seq is None:
        raise LeaseLostError(job_id)
    if end.artifacts:
        c.execute(
            insert(artifacts),
            [
                {
                    "job_id": job_id,
                    "attempt": attempt,
                    "path": stored.artifact.path,
                    "storage_key": stored.storage_key,
                    "size_bytes": stored.artifact.size_bytes,
                    "sha256": stored.artifact.sha256,
                    "role": stored.artifact.role.value,
                    "media_type": stored.artifact.media_type,
                }
                for stored in end.artifacts
            ],
        )
    for read in end.read_as:
        place = {"job": job_id, "of_slot": read.slot, "number": read.position}
        for statement in _READ_AS:
            c.execute(statement, {**place, "dialect": read.dialect.model_dump_json()})
    insert_events(c, job_id, attempt, last_seq, bodies, terminal=True)
