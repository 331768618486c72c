"""Jobs: submit, list, look at, wait for, cancel, finish early."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Header, Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from zerosec_server.api.answers import JsonResponse, answer, answer_list, joined, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf, Wait
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.listing import Cursor, Limit, filters_of, listed
from zerosec_server.api.submitting import (
    analysis_of,
    check_run,
    effective_parameters,
    inputs_for,
    size_limits,
    step_of,
    write_submission,
)
from zerosec_server.api.waiting import etag_of, wait_for_end, wait_for_state
from zerosec_server.database.listing import list_jobs
from zerosec_server.database.queries import job_artifacts, job_exists, job_record, job_state
from zerosec_server.database.submissions import NewJob, NewRun, create_job, create_run, request_digest
from zerosec_server.database.taking_back import request_cancel, request_finish
from zerosec_server.events import Bell
from zerosec_server.services import Services
from zerosec_server.steps.programs_there import check_programs
from zerosec_shared.analyses import AnalysisId
from zerosec_shared.errors import ProblemCode
from zerosec_shared.runs import Artifact, Job, JobCreate, JobState, JobStatus
from zerosec_shared.system import Page
from zerosec_shared.texts import ours, say

__all__ = ["SUBMITTED", "job_json", "jobs", "new_run", "submit"]

jobs = router("jobs")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
SUBMITTED = {
    200: {"model": Job, "description": "This request was made before; the job as it is."},
    201: {"model": Job, "description": "The job ended while the caller waited."},
    202: {"model": JobState, "description": "The job is in the queue, durably."},
    **problems(ProblemCode.CONFLICT, ProblemCode.FILE_MISSING, ProblemCode.QUEUE_FULL),
}


def new_run(body: JobCreate, version: str, owner: str) -> NewRun:
    """The run of a request that makes run and job in one."""
    run = body.run
    return NewRun(
        id=str(run.id),
        owner=owner,
        analysis=run.analysis,
        analysis_version=version,
        name=run.name,
        pinned=run.pinned,
        tags=run.tags,
        parameters=run.parameters,
        inputs=run.inputs,
        digest=request_digest("run", run),
    )


@jobs.post("/jobs", status_code=202, responses=SUBMITTED)
async def create_job_and_run(services: ServicesOf, owner: Owner, wait: Wait, body: JobCreate) -> Response:
    """Make a run and queue its job. Idempotent by both ids. With `Prefer: wait=N` the answer is the ended job, if it ends."""
    analysis = analysis_of(services, body.run.analysis, ("run", "analysis"))
    step = step_of(analysis, body.step, ("step",))
    check_run(analysis, body.run.parameters, body.run.inputs, ("run",))
    check_programs(services.settings, step)
    run = new_run(body, analysis.version, owner)
    job = NewJob(
        id=str(body.id),
        run_id=run.id,
        owner=owner,
        analysis=analysis.id,
        analysis_version=analysis.version,
        step=step.id,
        parameters=effective_parameters(analysis, step, body.run.parameters, ("run", "parameters")),
        inputs=inputs_for(analysis, step, body.run.inputs, ("run", "inputs")),
        digest=request_digest("job", body),
        max_attempts=services.settings.max_attempts,
        size_limits=size_limits(step),
    )

    def write(c: Connection) -> JobState | None:
        create_run(c, run)
        return create_job(c, job, queue_limit=services.settings.queue_limit)

    return await submit(services, owner, body.id, wait, write)


async def submit(
    services: Services, owner: str, job_id: UUID, wait: float, write: Callable[[Connection], JobState | None]
) -> Response:
    """Queue a job durably by `write`, which tells its state, or None if it was there before. The answer is the ended job
    (201; 200 if it was there before), else its state (202).
    """
    headers = {"Location": f"/api/v1/jobs/{job_id}"}
    synchronous = services.settings.synchronous and wait > 0
    bell = Bell()
    with services.events.watching(str(job_id), bell):  # from before it exists, so that no end is missed
        created = await write_submission(services, write)
        if created is not None:
            services.nudge_worker()
        if synchronous:
            headers["Preference-Applied"] = f"wait={wait:.0f}"
            if created is not None and await wait_for_end(services, job_id, bell, wait):
                return JsonResponse(await job_json(services, owner, job_id), 201, headers)
    state = created
    if synchronous:
        left = 0.0 if created is not None else wait
        state = await wait_for_state(services, owner, job_id, lambda state: state.status.terminal, left)
        if state is None:
            raise missing("job", id=job_id)
    if state is None or state.status.terminal:
        status = 200 if created is None else 201
        return JsonResponse(await job_json(services, owner, job_id), status, headers)
    return answer(state, 202, {**headers, "ETag": etag_of(state)})


async def job_json(services: Services, owner: str, job_id: UUID) -> str:
    """A job as JSON; its result, which may be large, as it is stored. Raises ApiError."""

    def read(c: Connection) -> str | None:
        record = job_record(c, job_id, owner)
        return None if record is None else joined(record.job, result=record.result_json or "null")

    found = await services.database.aread(read)
    if found is None:
        raise missing("job", id=job_id)
    return found


@jobs.get("/jobs", responses={200: {"model": Page[Job]}})
async def get_jobs(
    request: Request,
    services: ServicesOf,
    owner: Owner,
    status: Annotated[list[JobStatus], Query(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    analysis: Annotated[list[AnalysisId], Query(max_length=50)] = [],  # noqa: B006
    owners: Annotated[list[str], Query(alias="owner", max_length=50)] = [],  # noqa: B006
    text: Annotated[str | None, Query(max_length=200)] = None,
    run: UUID | None = None,
    project: Annotated[UUID | None, Query(description="Fed with chosen experiments of this project.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Jobs, newest first, without their results; `param.NAME=VALUE` filters by a parameter."""
    filters = filters_of(
        request, status=status, analysis=analysis, owner=owners, text=text, run=run, project=project
    )
    return await listed(services, lambda c: list_jobs(c, owner, filters, cursor, limit))


@jobs.get("/jobs/{job_id}", responses={200: {"model": Job}, **NOT_FOUND})
async def get_job(services: ServicesOf, owner: Owner, job_id: UUID) -> Response:
    """A job with everything that explains its result, and the result."""
    return JsonResponse(await job_json(services, owner, job_id))


@jobs.get(
    "/jobs/{job_id}/status",
    responses={
        200: {"model": JobState, "headers": {"ETag": {"schema": {"type": "string"}}}},
        304: {"description": "Nothing has changed since the state with this ETag."},
        **NOT_FOUND,
    },
)
async def get_job_status(
    services: ServicesOf,
    owner: Owner,
    job_id: UUID,
    wait: Wait,
    if_none_match: Annotated[str | None, Header(max_length=2000)] = None,
) -> Response:
    """Where a job stands. With `Prefer: wait=N`: once it differs from `If-None-Match`, or, without that, once it has ended."""
    known = {tag.strip() for tag in (if_none_match or "").split(",") if tag.strip()}

    def enough(state: JobState) -> bool:
        return state.status.terminal if not known else etag_of(state) not in known

    seconds = wait if services.settings.synchronous else 0.0
    state = await wait_for_state(services, owner, job_id, enough, seconds)
    if state is None:
        raise missing("job", id=job_id)
    headers = {"ETag": etag_of(state), "Cache-Control": "no-cache", "Vary": "Prefer"}
    if seconds:
        headers["Preference-Applied"] = f"wait={seconds:.0f}"
    if etag_of(state) in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return answer(state, headers=headers)


@jobs.get("/jobs/{job_id}/artifacts", responses={200: {"model": list[Artifact]}, **NOT_FOUND})
async def get_job_artifacts(services: ServicesOf, owner: Owner, job_id: UUID) -> Response:
    """The files a job produced, by path; empty before it ended. Fetch them by `POST /presign/download`."""

    def read(c: Connection) -> list[Artifact] | None:
        if not job_exists(c, job_id, owner):
            return None
        return [stored.artifact for stored in job_artifacts(c, job_id)]

    found = await services.database.aread(read)
    if found is None:
        raise missing("job", id=job_id)
    return answer_list(found)


@jobs.post(
    "/jobs/{job_id}/cancel",
    status_code=202,
    responses={
        202: {"model": JobState},
        **problems(ProblemCode.NOT_FOUND, ProblemCode.ALREADY_TERMINAL),
    },
)
async def cancel_job(services: ServicesOf, owner: Owner, job_id: UUID) -> Response:
    """Ask a job to end; answers at once. A queued job has ended with the answer; a running one ends with its processes."""

    def write(c: Connection) -> tuple[JobStatus, JobState] | None:
        before = job_state(c, job_id, owner)
        if before is None:
            return None
        request_cancel(c, str(job_id))
        after = job_state(c, job_id, owner)
        assert after is not None
        return before.status, after

    found = await services.database.awrite(write)
    if found is None:
        raise missing("job", id=job_id)
    before, state = found
    if before.terminal and before is not JobStatus.CANCELLED:
        raise _ended(before)
    services.nudge_worker()
    services.events.nudge()
    return answer(state, 202)


def _ended(status: JobStatus) -> ApiError:
    return ApiError(
        ProblemCode.ALREADY_TERMINAL,
        "The job has ended already.",
        say("Its status is {status}, and what it produced stays.", status=ours(status.value)),
    )


@jobs.post(
    "/jobs/{job_id}/finish",
    status_code=202,
    responses={
        202: {"model": JobState},
        **problems(ProblemCode.NOT_FOUND, ProblemCode.ALREADY_TERMINAL, ProblemCode.CONFLICT),
    },
)
async def finish_job(services: ServicesOf, owner: Owner, job_id: UUID) -> Response:
    """Ask a job to end soon and keep the best result it has by then; answers at once. Only where its step is `finishable`.

    A queued job keeps the wish until it runs.
    """

    def write(c: Connection) -> JobState | None:
        record = job_record(c, job_id, owner)
        if record is None:
            return None
        before = record.job
        if before.status.terminal:
            raise _ended(before.status)
        if not _is_finishable(services, before.analysis, before.step):
            raise ApiError(
                ProblemCode.CONFLICT,
                "This analysis cannot be stopped early with a result.",
                "What it has computed so far is no result yet. The job goes on.",
                "Wait until it has ended, or cancel it.",
            )
        request_finish(c, str(job_id))
        after = job_state(c, job_id, owner)
        assert after is not None
        return after

    state = await services.database.awrite(write)
    if state is None:
        raise missing("job", id=job_id)
    services.nudge_worker()
    services.events.nudge()
    return answer(state, 202)


def _is_finishable(services: Services, analysis: str, step: str) -> bool:
    try:
        return services.catalogue[analysis].step(step).finishable
    except KeyError:  # of an analysis that is no longer offered
        return False
