"""A job's life as transitions in the database, each fenced by the attempt number.

Guards against two holders of one job: whoever claims gets a new attempt number, and every later write names it. A holder that
lost its lease (stopped, cut off, slow) finds no row and changes nothing. With the unique index on terminal events this gives
exactly one visible end, whatever is repeated, late or doubled. Times are compared by the database's clock alone.

All functions take a Connection inside a write transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, bindparam, case, func, insert, or_, select, tuple_, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.tables import artifacts, events, jobs
from zerosec_shared.errors import ProblemCode
from zerosec_shared.events import ArtifactEvent, EventBody, ProgressEvent, StateEvent
from zerosec_shared.runs import TERMINAL, Artifact, JobFailure, JobStatus

__all__ = [
    "Claimed",
    "Finish",
    "LeaseLostError",
    "Reaped",
    "StoredArtifact",
    "append_event",
    "claim",
    "finish",
    "give_up",
    "heartbeat",
    "reap",
    "record",
    "release",
    "request_cancel",
]


class LeaseLostError(Exception):
    """This attempt does not hold the job any more: kill its processes and write nothing."""


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A job that this worker now holds; `attempt` is the fencing token."""

    job_id: str
    run_id: str
    attempt: int
    analysis: str
    analysis_version: str
    step: str


@dataclass(frozen=True, kw_only=True)
class StoredArtifact:
    """An artifact whose bytes are durable, and where they lie."""

    artifact: Artifact
    storage_key: str


@dataclass(frozen=True, kw_only=True)
class Finish:
    """How an attempt ended; `reports` are what it said last and is not recorded yet."""

    status: JobStatus
    failure: JobFailure | None = None
    result_json: str | None = None
    environment_json: str | None = None
    artifacts: Sequence[StoredArtifact] = ()
    reports: Sequence[EventBody] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Reaped:
    """A job whose lease had expired, and what became of it."""

    job_id: str
    attempt: int
    status: JobStatus


_NEXT_SEQ = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"))
    .values(last_seq=jobs.c.last_seq + bindparam("count"))
    .returning(jobs.c.last_seq)
)
_INSERT_EVENT = insert(events).values(
    job_id=bindparam("job"),
    seq=bindparam("number"),
    attempt=bindparam("token"),
    at=db_now(),
    terminal=bindparam("last"),
    body_json=bindparam("body"),
)


def append_event(c: Connection, job_id: str, attempt: int, body: EventBody, *, terminal: bool = False) -> int:
    """Append one event and return its number. IntegrityError when a second terminal event is tried."""
    last_seq = c.execute(_NEXT_SEQ, {"job": job_id, "count": 1}).scalar_one()
    _insert_events(c, job_id, attempt, last_seq, [body], terminal=terminal)
    return int(last_seq)


def _insert_events(
    c: Connection, job_id: str, attempt: int, last_seq: int, bodies: Sequence[EventBody], *, terminal: bool
) -> None:
    """Insert events whose numbers end at `last_seq`; `terminal` marks the last of them."""
    first = last_seq - len(bodies) + 1
    rows = [
        {
            "job": job_id,
            "number": first + index,
            "token": attempt,
            "last": terminal and index == len(bodies) - 1,
            "body": body.model_dump_json(),
        }
        for index, body in enumerate(bodies)
    ]
    if len(rows) == 1:
        c.execute(_INSERT_EVENT, rows[0])
    elif rows:
        c.execute(_INSERT_EVENT, rows)


_CLAIMABLE = (
    select(jobs.c.id)
    .where(jobs.c.status == "queued", jobs.c.available_at <= db_now())
    .order_by(jobs.c.available_at, jobs.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(jobs)
    .where(jobs.c.id == bindparam("job"), jobs.c.status == "queued")
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
    )
)


def claim(c: Connection, worker_id: str, limit: int, lease_ttl_s: float) -> list[Claimed]:
    """Take up to `limit` queued jobs, oldest first: `queued -> running`, attempt + 1, a lease of `lease_ttl_s`."""
    claimed = []
    for job_id in c.execute(_CLAIMABLE, {"most": limit}).scalars().all():
        row = c.execute(_CLAIM, {"job": job_id, "worker": worker_id, "ttl": lease_ttl_s}).one_or_none()
        if row is None:
            continue
        started = StateEvent(status=JobStatus.RUNNING, attempt=row.attempt)
        _insert_events(c, job_id, row.attempt, row.last_seq, [started], terminal=False)
        claimed.append(
            Claimed(
                job_id=job_id,
                run_id=row.run_id,
                attempt=row.attempt,
                analysis=row.analysis,
                analysis_version=row.analysis_version,
                step=row.step,
            )
        )
    return claimed


def heartbeat(
    c: Connection, worker_id: str, held: Iterable[tuple[str, int]], lease_ttl_s: float
) -> dict[str, bool]:
    """Renew the leases of `held` (job id, attempt). Returns, for those still held, whether a cancel was asked.

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
        .returning(jobs.c.id, jobs.c.cancel_requested)
    )
    return {row.id: bool(row.cancel_requested) for row in renewed}


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
    _insert_events(c, job_id, attempt, last_seq, bodies, terminal=False)


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
        progress_json=func.coalesce(bindparam("progress"), jobs.c.progress_json),
        last_seq=jobs.c.last_seq + bindparam("count"),
    )
    .returning(jobs.c.last_seq)
)


def finish(c: Connection, job_id: str, attempt: int, end: Finish) -> None:
    """End a job: status, artifacts' rows and events, and the one terminal event, all or nothing.

    The artifacts' bytes must be durable before. Raises LeaseLostError when the attempt does not hold the job.
    """
    if end.status not in TERMINAL:
        raise ValueError(f"{end.status} does not end a job")
    bodies: list[EventBody] = list(end.reports)
    bodies += [ArtifactEvent(artifact=stored.artifact) for stored in end.artifacts]
    bodies.append(StateEvent(status=end.status, attempt=attempt, reason=end.reason, failure=end.failure))
    last_seq = c.execute(
        _FINISH,
        {
            "job": job_id,
            "token": attempt,
            "end": end.status.value,
            "failure": None if end.failure is None else end.failure.model_dump_json(),
            "result": end.result_json,
            "environment": end.environment_json,
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
    _insert_events(c, job_id, attempt, last_seq, bodies, terminal=True)


def _end_without_worker(
    c: Connection, job_id: str, attempt: int, status: JobStatus, reason: str, failure: JobFailure | None
) -> None:
    c.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            status=status.value,
            worker_id=None,
            lease_until=None,
            ended_at=db_now(),
            failure_json=None if failure is None else failure.model_dump_json(),
        )
    )
    append_event(
        c,
        job_id,
        attempt,
        StateEvent(status=status, attempt=attempt, reason=reason, failure=failure),
        terminal=True,
    )


def _requeue(
    c: Connection, job_id: str, attempt: int, reason: str, *, delay_s: float, extra_attempts: int
) -> None:
    c.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            status="queued",
            worker_id=None,
            lease_until=None,
            heartbeat_at=None,
            started_at=None,
            progress_json=None,
            progress_at=None,
            available_at=db_now() + delay_s,
            max_attempts=jobs.c.max_attempts + extra_attempts,
        )
    )
    append_event(c, job_id, attempt, StateEvent(status=JobStatus.QUEUED, attempt=attempt, reason=reason))


CANCELLED = "Cancelled as asked."
SERVER_STOPPED = "The server was stopped; the job waits and starts again with the server."
WORKER_LOST = "The process that looked after the job was lost; the job starts again."


def reap(c: Connection, retry_delay_s: float, limit: int = 100) -> list[Reaped]:
    """Take back jobs whose lease has expired, and only those: `queued` after a back-off that doubles with each attempt;
    `cancelled` if that was asked; `failed: worker_lost` after the last attempt. Idempotent; anyone may call it.
    """
    expired = c.execute(
        select(jobs.c.id, jobs.c.attempt, jobs.c.max_attempts, jobs.c.cancel_requested)
        .where(jobs.c.status == "running", jobs.c.lease_until < db_now())
        .order_by(jobs.c.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [
        Reaped(
            job_id=row.id,
            attempt=row.attempt,
            status=_reap_one(
                c,
                row.id,
                row.attempt,
                row.max_attempts,
                cancel_requested=row.cancel_requested,
                retry_delay_s=retry_delay_s,
            ),
        )
        for row in expired
    ]


def _reap_one(
    c: Connection,
    job_id: str,
    attempt: int,
    max_attempts: int,
    *,
    cancel_requested: bool,
    retry_delay_s: float,
) -> JobStatus:
    if cancel_requested:
        _end_without_worker(c, job_id, attempt, JobStatus.CANCELLED, CANCELLED, None)
        return JobStatus.CANCELLED
    if attempt >= max_attempts:
        lost = JobFailure(
            code=ProblemCode.WORKER_LOST,
            title="The computation was lost each time it was tried.",
            detail=f"The process that looked after it ended unexpectedly {attempt} times.",
            hint="Often the machine has too little memory for these data. Try a smaller input, or ask whoever runs the server.",
        )
        _end_without_worker(c, job_id, attempt, JobStatus.FAILED, lost.title, lost)
        return JobStatus.FAILED
    delay_s = retry_delay_s * 2 ** min(attempt - 1, 10)
    _requeue(c, job_id, attempt, WORKER_LOST, delay_s=delay_s, extra_attempts=0)
    return JobStatus.QUEUED


def release(c: Connection, job_id: str, attempt: int) -> JobStatus:
    """Give a running job back without costing it an attempt, because this worker stops; returns what it is now.

    Its processes must have ended. Raises LeaseLostError when the attempt does not hold the job.
    """
    row = _held(c, job_id, attempt)
    if row.cancel_requested:
        _end_without_worker(c, job_id, attempt, JobStatus.CANCELLED, CANCELLED, None)
        return JobStatus.CANCELLED
    _requeue(c, job_id, attempt, SERVER_STOPPED, delay_s=0, extra_attempts=1)
    return JobStatus.QUEUED


def give_up(c: Connection, job_id: str, attempt: int, retry_delay_s: float) -> JobStatus:
    """Treat a held job as if its lease had expired, because its guardian was killed: no need to wait for the clock.

    Raises LeaseLostError when the attempt does not hold the job.
    """
    row = _held(c, job_id, attempt)
    return _reap_one(
        c,
        job_id,
        attempt,
        row.max_attempts,
        cancel_requested=row.cancel_requested,
        retry_delay_s=retry_delay_s,
    )


def _held(c: Connection, job_id: str, attempt: int) -> Row[int, bool]:
    row = c.execute(
        select(jobs.c.max_attempts, jobs.c.cancel_requested)
        .where(jobs.c.id == job_id, jobs.c.attempt == attempt, jobs.c.status == "running")
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise LeaseLostError(job_id)
    return row


def request_cancel(c: Connection, job_id: str) -> JobStatus:
    """Ask for the end of a job; returns its status now. A queued job ends at once; a running one when its processes are
    gone; an ended one stays as it is. Idempotent. Raises KeyError if there is no such job.
    """
    row = c.execute(
        update(jobs)
        .where(jobs.c.id == job_id)
        .values(
            cancel_requested=case(
                (or_(jobs.c.status == "queued", jobs.c.status == "running"), True),
                else_=jobs.c.cancel_requested,
            )
        )
        .returning(jobs.c.status, jobs.c.attempt)
    ).one_or_none()
    if row is None:
        raise KeyError(job_id)
    if row.status != JobStatus.QUEUED:
        return JobStatus(row.status)
    _end_without_worker(c, job_id, row.attempt, JobStatus.CANCELLED, CANCELLED, None)
    return JobStatus.CANCELLED
