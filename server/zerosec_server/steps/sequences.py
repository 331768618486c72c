"""*Run all* as rows: started, advanced, paused and resumed in transactions, so that it survives whatever is killed.

A sequence knows the step it is at and the job of that step. It is advanced by looking at that job: a success makes the next step's job in
the same transaction; anything else pauses it with a sentence. So a server that is killed between two steps goes on where it was.
"""

import json
from collections.abc import Sequence as Row
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.queries import instant
from zerosec_server.database.submissions import IdTakenError
from zerosec_server.database.tables import jobs, sequences
from zerosec_server.language import worded
from zerosec_shared.runs import JobStatus
from zerosec_shared.steps import Sequence, SequenceReason, SequenceStatus

__all__ = [
    "active_sequences",
    "begin",
    "go_on",
    "job_status",
    "newest_sequence",
    "pause",
    "resume",
    "sequence_known",
    "succeed",
]


def _made(row: Any) -> Sequence:
    reason = None if row.reason_json is None else SequenceReason.model_validate_json(row.reason_json)
    return Sequence(
        id=UUID(row.id),
        run_id=UUID(row.run_id),
        status=SequenceStatus(row.status),
        steps=tuple(json.loads(row.steps_json)),
        position=row.position,
        job_id=None if row.job_id is None else UUID(row.job_id),
        reason=reason,
        created_at=instant(row.created_at),
    )


def newest_sequence(c: Connection, run_id: UUID) -> Sequence | None:
    """The newest *Run all* of a run."""
    row = c.execute(
        select(sequences)
        .where(sequences.c.run_id == str(run_id))
        .order_by(sequences.c.created_at.desc(), sequences.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _made(row)


def active_sequences(c: Connection) -> list[tuple[str, Sequence]]:
    """The owner and the state of every sequence that runs."""
    rows = c.execute(select(sequences).where(sequences.c.status == SequenceStatus.RUNNING.value)).all()
    return [(row.owner, _made(row)) for row in rows]


def sequence_known(c: Connection, sequence_id: str, owner: str, digest: str) -> bool:
    """Whether this request made it before. Raises IdTakenError if another did."""
    known = c.execute(
        select(sequences.c.owner, sequences.c.request_digest).where(sequences.c.id == sequence_id)
    ).one_or_none()
    if known is not None and (known.owner, known.request_digest) != (owner, digest):
        raise IdTakenError("run")
    return known is not None


def begin(c: Connection, sequence_id: str, run_id: UUID, owner: str, digest: str, steps: Row[str]) -> None:
    """A sequence that begins with the first of these steps."""
    c.execute(
        insert(sequences).values(
            id=sequence_id,
            run_id=str(run_id),
            owner=owner,
            request_digest=digest,
            status=SequenceStatus.RUNNING.value,
            steps_json=json.dumps(list(steps)),
            position=0,
            created_at=db_now(),
            changed_at=db_now(),
        )
    )


def _change(c: Connection, sequence: Sequence, **values: object) -> None:
    c.execute(
        update(sequences).where(sequences.c.id == str(sequence.id)).values(changed_at=db_now(), **values)
    )


def go_on(c: Connection, sequence: Sequence, position: int, job_id: str) -> None:
    """The step at `position` is executed by this job now."""
    _change(c, sequence, position=position, job_id=job_id)


def succeed(c: Connection, sequence: Sequence) -> None:
    """All steps have been executed."""
    _change(c, sequence, status=SequenceStatus.SUCCEEDED.value)


def pause(c: Connection, sequence: Sequence, reason: str) -> None:
    """No further step begins until it is resumed; `reason` says why."""
    said = worded(SequenceReason(text=reason)).model_dump_json()
    _change(c, sequence, status=SequenceStatus.PAUSED.value, reason_json=said)


def resume(c: Connection, sequence: Sequence) -> None:
    """Go on: after its job if that has succeeded or still runs, otherwise with that step again."""
    status = None if sequence.job_id is None else job_status(c, sequence.job_id)
    again = status in {None, JobStatus.FAILED, JobStatus.CANCELLED}
    _change(
        c,
        sequence,
        status=SequenceStatus.RUNNING.value,
        reason_json=None,
        job_id=None if again else str(sequence.job_id),
    )


def job_status(c: Connection, job_id: UUID) -> JobStatus | None:
    """Where a job stands."""
    found = c.execute(select(jobs.c.status).where(jobs.c.id == str(job_id))).scalar_one_or_none()
    return None if found is None else JobStatus(found)
