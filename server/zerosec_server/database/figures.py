"""How the server is doing, counted from the database: the queue, jobs by status, slots, space."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, false, func, select

from zerosec_server.database.connection import db_now
from zerosec_server.database.queries import instant
from zerosec_server.database.tables import artifacts, files, jobs, runs, workers
from zerosec_shared.runs import JobStatus
from zerosec_shared.system import QueueEntry, QueueState

__all__ = ["Counts", "Slots", "counts", "queue_state", "slots"]

SHOWN = 100


@dataclass(frozen=True, kw_only=True)
class Slots:
    """What the workers say: slots of those alive, and how long ago the last of them said so."""

    slots: int
    busy: int
    heartbeat_age_s: float | None


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Numbers of things."""

    jobs: dict[str, int]
    runs: int
    stored_bytes: int


def slots(c: Connection, alive_within_s: float) -> Slots:
    """The slots of workers heard of within `alive_within_s`."""
    age = db_now() - workers.c.heartbeat_at
    rows = c.execute(select(workers.c.slots, workers.c.slots_busy, age.label("age"))).all()
    alive = [row for row in rows if row.age <= alive_within_s]
    return Slots(
        slots=sum(row.slots for row in alive),
        busy=sum(row.slots_busy for row in alive),
        heartbeat_age_s=min((max(0.0, row.age) for row in rows), default=None),
    )


def counts(c: Connection, owner: str) -> Counts:
    """An owner's runs, jobs by status, and the bytes of everything stored."""
    by_status: dict[str, int] = dict(
        c.execute(
            select(jobs.c.status, func.count())
            .where(jobs.c.owner == owner, jobs.c.preview == false())
            .group_by(jobs.c.status)
        )
        .tuples()
        .all()
    )
    return Counts(
        jobs={status.value: by_status.get(status.value, 0) for status in JobStatus},
        runs=c.execute(
            select(func.count())
            .select_from(runs)
            .where(runs.c.owner == owner, runs.c.deleted_at.is_(None), runs.c.preview == false())
        ).scalar_one(),
        stored_bytes=sum(
            c.execute(select(func.coalesce(func.sum(table.c.size_bytes), 0))).scalar_one()
            for table in (files, artifacts)
        ),
    )


def queue_state(c: Connection, alive_within_s: float) -> QueueState:
    """What waits, in the order in which it will be claimed."""
    waiting = c.execute(
        select(jobs.c.id, jobs.c.created_at)
        .where(jobs.c.status == "queued", jobs.c.preview == false())
        .order_by(jobs.c.available_at, jobs.c.id)
        .limit(SHOWN)
    ).all()
    number: dict[str, int] = dict(
        c.execute(
            select(jobs.c.status, func.count())
            .where(jobs.c.status.in_(("queued", "running")), jobs.c.preview == false())
            .group_by(jobs.c.status)
        )
        .tuples()
        .all()
    )
    return QueueState(
        queued=number.get("queued", 0),
        running=number.get("running", 0),
        slots=slots(c, alive_within_s).slots,
        entries=tuple(
            QueueEntry(job_id=UUID(row.id), position=position, queued_at=instant(row.created_at))
            for position, row in enumerate(waiting)
        ),
    )
