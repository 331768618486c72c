"""Reads what a run's steps have left so far: the ground on which a step's inputs are chosen."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from zerosec_analyses.declaration import Step
from zerosec_server.database.inputs import read_many_inputs
from zerosec_server.database.queries import instant, job_artifacts
from zerosec_server.database.tables import job_inputs, jobs
from zerosec_server.steps.choosing import Execution, History
from zerosec_shared.runs import JobStatus, Run

__all__ = ["history_of"]


def history_of(c: Connection, run: Run, steps: Sequence[Step]) -> History:
    """All successful jobs of a run with what they read and left; `steps` are those of its analysis."""
    rows = c.execute(
        select(jobs.c.id, jobs.c.step, jobs.c.created_at, jobs.c.ended_at)
        .where(jobs.c.run_id == str(run.id), jobs.c.status == JobStatus.SUCCEEDED.value)
        .order_by(jobs.c.created_at, jobs.c.id)
    ).all()
    inputs = read_many_inputs(c, job_inputs, [row.id for row in rows]) if rows else {}
    return History(
        executions=[
            Execution(
                job_id=UUID(row.id),
                step=row.step,
                created_at=instant(row.created_at),
                ended_at=instant(row.ended_at),
                inputs=inputs.get(row.id, {}),
                outputs=[stored.artifact for stored in job_artifacts(c, UUID(row.id))],
            )
            for row in rows
        ],
        files=run.inputs,
        files_changed_at=run.inputs_changed_at,
        prepared_by={
            step.id: frozenset(source.step for slot in step.inputs for source in slot.from_steps)
            for step in steps
        },
        skipped=frozenset(step for step, counts in run.included.items() if not counts),
    )
