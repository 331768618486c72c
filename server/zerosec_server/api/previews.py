"""Previews: what a run would do, computed in a job's own process like any job, but in no list, and forgotten soon."""

from sqlalchemy import Connection
from starlette.responses import Response

from zerosec_server.api.answers import missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf, Wait
from zerosec_server.api.errors import ApiError
from zerosec_server.api.jobs import SUBMITTED, submit
from zerosec_server.api.submitting import (
    analysis_of,
    check_run,
    inputs_for,
    size_limits,
    step_of,
)
from zerosec_server.database.queries import run_by_id
from zerosec_server.database.submissions import NewJob, NewRun, create_job, create_run, request_digest
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.runs import JobState, PreviewCreate

__all__ = ["previews"]

previews = router("previews")


@previews.post("/previews", status_code=202, responses=SUBMITTED)
async def create_preview(services: ServicesOf, owner: Owner, wait: Wait, body: PreviewCreate) -> Response:
    """Say what a run would do, by the step's own preview. Parameters and files may be incomplete or wrong: then the result has a
    notice `not_yet`. Give `Prefer: wait=N` to get the ended job with its result; a preview stands in no list and is forgotten a
    minute after its end. Cancel it as any job when a newer one makes it needless. Idempotent by its id.
    """
    analysis = analysis_of(services, body.analysis, ("analysis",))
    step = step_of(analysis, body.step, ("step",))
    if not step.preview:
        sentence = f"“{step.title}” has no preview."
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            "There is nothing to show before the run.",
            sentence,
            errors=[FieldProblem(path=("analysis",), message=sentence, code="no_preview")],
        )
    if body.run_id is not None:
        read = body.run_id
        if await services.database.aread(lambda c: run_by_id(c, read, owner)) is None:
            raise missing("run", id=read)
    check_run(analysis, body.parameters, body.inputs)
    inputs = inputs_for(analysis, step, body.inputs, ("inputs",), incomplete=True)
    digest = request_digest("preview", body)
    run = NewRun(
        id=str(body.id),
        owner=owner,
        analysis=analysis.id,
        analysis_version=analysis.version,
        name="Preview",
        pinned=False,
        tags=(),
        parameters={},
        inputs={},
        digest=digest,
        preview=True,
    )
    job = NewJob(
        id=run.id,
        run_id=run.id,
        owner=owner,
        analysis=analysis.id,
        analysis_version=analysis.version,
        step=step.id,
        parameters=body.parameters,
        inputs=inputs,
        digest=digest,
        max_attempts=1,
        size_limits=size_limits(step),
        preview=True,
        reads_run_ids=() if body.run_id is None else (str(body.run_id),),
    )

    def write(c: Connection) -> JobState | None:
        create_run(c, run)
        return create_job(c, job, queue_limit=services.settings.queue_limit)

    return await submit(services, owner, body.id, wait, write)
