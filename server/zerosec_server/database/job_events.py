"""Events of a job: numbered without a gap from the job's own counter, appended in the transaction that changes its state."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.tables import events, jobs
from zerosec_server.language import worded
from zerosec_shared.events import EventBody

__all__ = ["append_event", "insert_events"]

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
    body = worded(body)
    last_seq = c.execute(_NEXT_SEQ, {"job": job_id, "count": 1}).scalar_one()
    insert_events(c, job_id, attempt, last_seq, [body], terminal=terminal)
    return int(last_seq)


def insert_events(
    c: Connection, job_id: str, attempt: int, last_seq: int, bodies: Sequence[EventBody], *, terminal: bool
) -> None:
    """Insert events whose numbers, already taken from the job, end at `last_seq`; `terminal` marks the last of them."""
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
