"""Keeps every *Run all* going: one task of the API, woken by the end of the job it waits for, and at the server's start."""

import logging
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection

from zerosec_server.api.errors import ApiError
from zerosec_server.api.submitting import analysis_of, refusal, step_of
from zerosec_server.database.queries import run_by_id
from zerosec_server.database.submissions import (
    FilesMissingError,
    FileTooLargeError,
    IdTakenError,
    QueueFullError,
    create_job,
    request_digest,
)
from zerosec_server.database.vouching import ClaimError
from zerosec_server.services import Services
from zerosec_server.steps.executing import new_job
from zerosec_server.steps.sequences import (
    active_sequences,
    go_on,
    job_status,
    newest_sequence,
    pause,
    succeed,
)
from zerosec_server.waiting_for_jobs import look_until_the_end
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobStatus
from zerosec_shared.steps import Sequence, SequenceStatus
from zerosec_shared.texts import joined, ours, say

__all__ = ["keep_sequences_going"]

REFUSALS = (IdTakenError, QueueFullError, FilesMissingError, FileTooLargeError, ClaimError)

log = logging.getLogger("zerosec.sequences")


async def keep_sequences_going(services: Services) -> None:
    """Until the server ends."""
    await look_until_the_end(services, services.sequences_bell, partial(_advance_all, services), log)


async def _advance_all(services: Services) -> set[str]:
    """Advance each as far as it goes now; returns the jobs that are waited for."""
    waiting: set[str] = set()
    for owner, sequence in await services.database.aread(active_sequences):
        try:
            job_id = await services.database.awrite(_advance(services, owner, sequence))
        except (ApiError, *REFUSALS) as refused:
            error = refused if isinstance(refused, ApiError) else refusal(services, refused)
            reason = joined([error.title, error.detail], " ") if error.detail else error.title
            await services.database.awrite(_pause(sequence, reason))
            continue
        if job_id is not None:
            waiting.add(job_id)
    return waiting


def _pause(sequence: Sequence, reason: str) -> Callable[[Connection], None]:
    return lambda c: pause(c, sequence, reason)


def _advance(services: Services, owner: str, known: Sequence) -> Callable[[Connection], str | None]:
    def work(c: Connection) -> str | None:
        sequence = newest_sequence(c, known.run_id)
        if sequence is None or sequence.id != known.id or sequence.status is not SequenceStatus.RUNNING:
            return None  # paused meanwhile
        position = sequence.position
        if sequence.job_id is not None:
            status = job_status(c, sequence.job_id)
            if status is not None and not status.terminal:
                return str(sequence.job_id)
            if status is not JobStatus.SUCCEEDED:
                pause(c, sequence, _why(services, c, owner, sequence, status))
                return None
            position += 1
        if position >= len(sequence.steps):
            succeed(c, sequence)
            return None
        job_id = _begin_step(services, c, owner, sequence, position)
        if job_id is None:
            pause(c, sequence, say("The run is not there any more."))
        return job_id

    return work


def _why(services: Services, c: Connection, owner: str, sequence: Sequence, status: JobStatus | None) -> str:
    step_id = sequence.steps[sequence.position]
    run = run_by_id(c, sequence.run_id, owner)
    analysis = (
        None if run is None or run.analysis not in services.catalogue else services.catalogue[run.analysis]
    )
    titles = {} if analysis is None else {step.id: step.title for step in analysis.steps}
    title = ours(titles.get(step_id, step_id))
    if status is JobStatus.CANCELLED:
        return say("The step “{step}” was cancelled.", step=title)
    return say("The step “{step}” failed.", step=title)


def _begin_step(
    services: Services, c: Connection, owner: str, sequence: Sequence, position: int
) -> str | None:
    """Queue the job of a step; None if the run is gone."""
    run = run_by_id(c, sequence.run_id, owner)
    if run is None:
        return None
    analysis = analysis_of(services, run.analysis, ("run",))
    job_id = str(new_id())
    job = new_job(
        c,
        services.settings,
        run,
        analysis,
        step_of(analysis, sequence.steps[position], ("step",)),
        job_id=job_id,
        parameters={},
        inputs=None,
        digest=request_digest(f"step {position} of", sequence),
    )
    create_job(c, job, queue_limit=services.settings.queue_limit)
    go_on(c, sequence, position, job_id)
    services.nudge_worker()
    return job_id
