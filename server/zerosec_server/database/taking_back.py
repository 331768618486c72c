"""How a job leaves a worker's hands without its result: reaped, released, given up, cancelled, asked to finish; and what a clock set back needs.

Each transition is fenced or finds its jobs by state in the same transaction. All functions take a Connection inside a write
transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, case, or_, select, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.job_events import append_event
from zerosec_server.database.tables import jobs
from zerosec_server.database.transitions import LeaseLostError
from zerosec_server.language import worded
from zerosec_shared.errors import ProblemCode
from zerosec_shared.events import StateEvent
from zerosec_shared.runs import JobFailure, JobStatus
from zerosec_shared.texts import say

__all__ = ["Reaped", "give_up", "mend_times", "reap", "release", "request_cancel", "request_finish"]


@dataclass(frozen=True, kw_only=True)
class Reaped:
    """A job whose lease had expired, and what became of it."""

    job_id: str
    attempt: int
    status: JobStatus


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


CANCELLED = say("Cancelled as asked.")
SERVER_STOPPED = say("The server was stopped; the job waits and starts again with the server.")
WORKER_LOST = say("The process that looked after the job was lost; the job starts again.")


def reap(
    c: Connection, retry_delay_s: float, held: Iterable[tuple[str, int]] = (), limit: int = 100
) -> list[Reaped]:
    """Take back jobs whose lease has expired, and only those: `queued` after a back-off that doubles with each attempt;
    `cancelled` if that was asked; `failed: worker_lost` after the last attempt. Idempotent; anyone may call it.

    `held` (job id, attempt) are those that the caller holds by its own steady clock: a clock that jumped takes no job from it.
    """
    spared = set(held)
    expired = c.execute(
        select(jobs.c.id, jobs.c.attempt, jobs.c.max_attempts, jobs.c.cancel_requested)
        .where(jobs.c.status == "running", jobs.c.lease_until < db_now())
        .order_by(jobs.c.lease_until)
        .limit(limit + len(spared))
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
        if (row.id, row.attempt) not in spared
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
        lost = worded(
            JobFailure(
                code=ProblemCode.WORKER_LOST,
                title="The computation was lost each time it was tried.",
                detail=say(
                    "The process that looked after it ended unexpectedly {times} times.", times=attempt
                ),
                hint="Often the machine has too little memory for these data. Try a smaller input, or ask whoever runs the server.",
            )
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


def request_finish(c: Connection, job_id: str) -> None:
    """Ask a job for its end with what it has by then; a queued one keeps the wish until it runs. Idempotent; an ended one
    stays as it is.
    """
    c.execute(
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.status.in_(("queued", "running")))
        .values(finish_requested=True)
    )


def mend_times(c: Connection, lease_ttl_s: float, longest_delay_s: float) -> int:
    """After the clock was set back: no lease lasts longer than leases do, no job waits longer than jobs do. Returns how many
    were mended. A holder that lives loses nothing, since each lease lasts at least as long again as it may.
    """
    leases = c.execute(
        update(jobs)
        .where(jobs.c.status == "running", jobs.c.lease_until > db_now() + 2 * lease_ttl_s)
        .values(lease_until=db_now() + lease_ttl_s)
    )
    waits = c.execute(
        update(jobs)
        .where(jobs.c.status == "queued", jobs.c.available_at > db_now() + longest_delay_s)
        .values(available_at=db_now())
    )
    return leases.rowcount + waits.rowcount
