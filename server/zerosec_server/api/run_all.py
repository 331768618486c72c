"""*Run all* of a run, and the end of all that it does: start, pause, resume, kill."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Connection
from starlette.responses import Response

from zerosec_analyses.declaration import Analysis
from zerosec_server.api.answers import answer, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.submitting import analysis_of, step_of, write_submission
from zerosec_server.database.queries import run_by_id, run_jobs
from zerosec_server.database.submissions import request_digest
from zerosec_server.database.taking_back import request_cancel
from zerosec_server.services import Services
from zerosec_server.steps.sequences import begin, newest_sequence, pause, resume, sequence_known
from zerosec_shared.contract import Contract
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.ids import Id
from zerosec_shared.runs import JobsCancelled, Run
from zerosec_shared.steps import Sequence, SequenceCreate, SequenceStatus
from zerosec_shared.texts import say

__all__ = ["run_all"]

run_all = router("runs")

REFUSED = problems(ProblemCode.NOT_FOUND, ProblemCode.CONFLICT)
ASKED = say("It was paused as asked.")
KILLED = say("All that ran was cancelled as asked.")


class _Request(Contract):
    """What makes the digest: the request and which run it is about."""

    run_id: Id
    request: SequenceCreate


@run_all.post(
    "/runs/{run_id}/sequence",
    status_code=202,
    responses={
        200: {"model": Sequence, "description": "This request was made before; the sequence as it is."},
        202: {"model": Sequence},
        **REFUSED,
    },
)
async def start_sequence(services: ServicesOf, owner: Owner, run_id: UUID, body: SequenceCreate) -> Response:
    """Run all: execute steps one after another, each reading what its plan says when its turn comes. Idempotent by its id. It pauses
    when a step does not succeed. Refused while another one of this run goes on.
    """

    def write(c: Connection) -> tuple[Sequence, bool]:
        run = run_by_id(c, run_id, owner)
        if run is None:
            raise missing("run", id=run_id)
        digest = request_digest("sequence", _Request(run_id=run_id, request=body))
        if sequence_known(c, str(body.id), owner, digest):
            known = newest_sequence(c, run_id)
            assert known is not None
            return known, False
        before = newest_sequence(c, run_id)
        if before is not None and before.status is SequenceStatus.RUNNING:
            raise ApiError(
                ProblemCode.CONFLICT,
                "The steps of this run are being executed one after another already.",
                hint="Wait until that has ended, or pause it.",
            )
        steps = _steps(analysis_of(services, run.analysis, ("run",)), run, body)
        begin(c, str(body.id), run_id, owner, digest, steps)
        made = newest_sequence(c, run_id)
        assert made is not None
        return made, True

    sequence, created = await write_submission(services, write)
    services.sequences_bell.ring()
    return answer(sequence, 202 if created else 200)


def _steps(analysis: Analysis, run: Run, body: SequenceCreate) -> list[str]:
    if body.steps is not None:
        steps = [step_of(analysis, step_id, ("steps", place)).id for place, step_id in enumerate(body.steps)]
    else:
        steps = [step.id for step in analysis.steps if run.included.get(step.id, step.in_run_all)]
        if body.from_step is not None:
            declared = [step.id for step in analysis.steps]
            first = declared.index(step_of(analysis, body.from_step, ("from_step",)).id)
            steps = [step for step in steps if declared.index(step) >= first]
    if not steps:
        sentence = say("There is no step to execute.")
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            sentence,
            hint="Include at least one step.",
            errors=[FieldProblem(path=("steps",), message=sentence, code="no_steps")],
        )
    return steps


def _changed(
    owner: str, run_id: UUID, wanted: SequenceStatus, change: Callable[[Connection, Sequence], None]
) -> Callable[[Connection], Sequence]:
    def write(c: Connection) -> Sequence:
        sequence = None if run_by_id(c, run_id, owner) is None else newest_sequence(c, run_id)
        if sequence is None:
            raise missing("run", id=run_id)
        if sequence.status is SequenceStatus.SUCCEEDED:
            raise ApiError(ProblemCode.CONFLICT, "All steps have been executed already.")
        if sequence.status is not wanted:
            change(c, sequence)
        changed = newest_sequence(c, run_id)
        assert changed is not None
        return changed

    return write


@run_all.post(
    "/runs/{run_id}/sequence/pause", status_code=202, responses={202: {"model": Sequence}, **REFUSED}
)
async def pause_sequence(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """Begin no further step. The step that is executed now goes on to its end."""
    paused = _changed(owner, run_id, SequenceStatus.PAUSED, lambda c, sequence: pause(c, sequence, ASKED))
    return answer(await services.database.awrite(paused), 202)


@run_all.post(
    "/runs/{run_id}/sequence/resume", status_code=202, responses={202: {"model": Sequence}, **REFUSED}
)
async def resume_sequence(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """Go on where it was paused: with the next step, or again with the one that did not succeed."""
    state = await services.database.awrite(_changed(owner, run_id, SequenceStatus.RUNNING, resume))
    services.sequences_bell.ring()
    return answer(state, 202)


@run_all.post(
    "/runs/{run_id}/cancel",
    status_code=202,
    responses={202: {"model": JobsCancelled}, **problems(ProblemCode.NOT_FOUND)},
)
async def cancel_run(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """Kill: every job of the run that is queued or running is asked to end, and *Run all* is paused. What is done already stays."""
    return answer(await services.database.awrite(_kill(services, owner, run_id)), 202)


def _kill(services: Services, owner: str, run_id: UUID) -> Callable[[Connection], JobsCancelled]:
    def write(c: Connection) -> JobsCancelled:
        if run_by_id(c, run_id, owner) is None:
            raise missing("run", id=run_id)
        sequence = newest_sequence(c, run_id)
        if sequence is not None and sequence.status is SequenceStatus.RUNNING:
            pause(c, sequence, KILLED)
        busy = [state.id for _, state in run_jobs(c, run_id) if not state.status.terminal]
        for job_id in busy:
            request_cancel(c, str(job_id))
        services.nudge_worker()
        services.events.nudge()
        return JobsCancelled(job_ids=tuple(busy))

    return write
