"""Runs: make, list, look at, change how they are found, execute a step, delete."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from zerosec_analyses.declaration import Analysis, Step
from zerosec_server.api.answers import JsonResponse, answer, joined, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf, Wait
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.jobs import SUBMITTED, submit
from zerosec_server.api.listing import Cursor, Limit, filters_of, listed
from zerosec_server.api.submitting import (
    analysis_of,
    check_run,
    check_steps,
    step_of,
    write_submission,
)
from zerosec_server.database.listing import list_runs
from zerosec_server.database.queries import newest_results, run_by_id, run_jobs
from zerosec_server.database.submissions import (
    NewRun,
    create_job,
    create_run,
    job_known,
    patch_run,
    request_digest,
)
from zerosec_server.services import Services
from zerosec_server.steps.choosing import History
from zerosec_server.steps.executing import kept_of, new_job, plan_of
from zerosec_server.steps.history import history_of
from zerosec_server.steps.sequences import newest_sequence
from zerosec_shared.analyses import AnalysisId
from zerosec_shared.contract import Contract
from zerosec_shared.errors import ProblemCode
from zerosec_shared.ids import Id
from zerosec_shared.runs import (
    JobState,
    JobStatus,
    Run,
    RunCreate,
    RunPatch,
    RunResults,
    RunStatus,
    StepCreate,
    StepHistory,
    StepResult,
)
from zerosec_shared.steps import Sequence, StepPlan
from zerosec_shared.system import Page
from zerosec_shared.views import Result

__all__ = ["runs"]

runs = router("runs")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)


@runs.post(
    "/runs",
    status_code=201,
    responses={
        200: {"model": Run, "description": "This request was made before; the run as it is."},
        201: {"model": Run},
        **problems(ProblemCode.CONFLICT, ProblemCode.FILE_MISSING),
    },
)
async def create_run_only(services: ServicesOf, owner: Owner, body: RunCreate) -> Response:
    """Make a run without executing anything. Idempotent by its id. Values are checked when a step is executed."""
    analysis = analysis_of(services, body.analysis, ("analysis",))
    check_run(analysis, body.parameters, body.inputs)
    check_steps(analysis, body.included)
    new = NewRun(
        id=str(body.id),
        owner=owner,
        analysis=analysis.id,
        analysis_version=analysis.version,
        name=body.name,
        pinned=body.pinned,
        tags=body.tags,
        parameters=body.parameters,
        inputs=body.inputs,
        digest=request_digest("run", body),
        included=body.included,
    )

    def write(c: Connection) -> tuple[bool, Run]:
        created = create_run(c, new)
        run = run_by_id(c, body.id, owner)
        assert run is not None
        return created, run

    created, run = await write_submission(services, write)
    return answer(run, 201 if created else 200, {"Location": f"/api/v1/runs/{run.id}"})


@runs.get("/runs", responses={200: {"model": Page[Run]}})
async def get_runs(
    request: Request,
    services: ServicesOf,
    owner: Owner,
    status: Annotated[list[JobStatus], Query(max_length=10)] = [],  # noqa: B006 - FastAPI copies it
    analysis: Annotated[list[AnalysisId], Query(max_length=50)] = [],  # noqa: B006
    owners: Annotated[list[str], Query(alias="owner", max_length=50)] = [],  # noqa: B006
    text: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """Runs, newest first; `status` is that of the newest job, `param.NAME=VALUE` filters by a parameter."""
    filters = filters_of(request, status=status, analysis=analysis, owner=owners, text=text)
    return await listed(services, lambda c: list_runs(c, owner, filters, cursor, limit))


async def _run(services: Services, owner: str, run_id: UUID) -> Run:
    run = await services.database.aread(lambda c: run_by_id(c, run_id, owner))
    if run is None:
        raise missing("run", id=run_id)
    return run


@runs.get("/runs/{run_id}", responses={200: {"model": Run}, **NOT_FOUND})
async def get_run(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """A run as it was asked for."""
    return answer(await _run(services, owner, run_id))


@runs.patch(
    "/runs/{run_id}",
    responses={200: {"model": Run}, **problems(ProblemCode.NOT_FOUND, ProblemCode.FILE_MISSING)},
)
async def change_run(services: ServicesOf, owner: Owner, run_id: UUID, body: RunPatch) -> Response:
    """Change a run's name, tags, pin, inputs, parameters or which steps *Run all* executes; what is left out stays. What it computed
    never changes: other inputs and parameters count for its next jobs.
    """
    if body.inputs is not None or body.parameters is not None or body.included is not None:
        analysis = analysis_of(services, (await _run(services, owner, run_id)).analysis, ("run",))
        check_run(analysis, body.parameters or {}, body.inputs or {})
        check_steps(analysis, body.included or {})

    def write(c: Connection) -> Run | None:
        if run_by_id(c, run_id, owner) is None:
            return None
        patch_run(c, str(run_id), body)
        return run_by_id(c, run_id, owner)

    run = await write_submission(services, write)
    if run is None:
        raise missing("run", id=run_id)
    return answer(run)


def _step_titles(services: Services, run: Run, executed: list[str]) -> dict[str, str]:
    """Steps and their titles in the order of the declaration; then steps of another version that were executed."""
    declared = services.catalogue[run.analysis].steps if run.analysis in services.catalogue else ()
    return {step.id: step.title for step in declared} | {
        step: step for step in executed if step not in {known.id for known in declared}
    }


@runs.get("/runs/{run_id}/status", responses={200: {"model": RunStatus}, **NOT_FOUND})
async def get_run_status(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """Where a run stands, with all jobs of each step, newest first."""

    def read(c: Connection) -> tuple[Run, list[tuple[str, JobState]], History, Sequence | None] | None:
        run = run_by_id(c, run_id, owner)
        if run is None:
            return None
        steps = services.catalogue[run.analysis].steps if run.analysis in services.catalogue else ()
        return run, run_jobs(c, run_id), history_of(c, run, steps), newest_sequence(c, run_id)

    found = await services.database.aread(read)
    if found is None:
        raise missing("run", id=run_id)
    run, executed, history, sequence = found
    newest = {execution.step: execution.job_id for execution in history.executions}
    declared = services.catalogue[run.analysis].steps if run.analysis in services.catalogue else ()
    by_default = {step.id: step.in_run_all for step in declared}
    by_step: dict[str, list[JobState]] = {}
    for step, state in executed:
        by_step.setdefault(step, []).append(state)
    return answer(
        RunStatus(
            id=run.id,
            latest_status=run.latest_status,
            steps=tuple(
                StepHistory(
                    step=step,
                    title=title,
                    jobs=tuple(by_step.get(step, ())),
                    included=run.included.get(step, by_default.get(step, False)),
                    result_job_id=newest.get(step),
                    stale=history.stale(newest[step]) if step in newest else (),
                )
                for step, title in _step_titles(services, run, list(by_step)).items()
            ),
            sequence=sequence,
        )
    )


class _Execution(Contract):
    """What makes the digest of a step's execution: the request and which run and step it is about."""

    run_id: Id
    step: str
    request: StepCreate


@runs.post("/runs/{run_id}/steps/{step}", status_code=202, responses={**SUBMITTED, **NOT_FOUND})
async def execute_step(
    services: ServicesOf, owner: Owner, run_id: UUID, step: str, wait: Wait, body: StepCreate
) -> Response:
    """Queue one more job of a step. Idempotent by the job's id. What is left out is taken from the run; an input that is left out
    reads what the step's plan says. What is to be kept becomes the run's in the same transaction, or not at all.
    """
    analysis, declared = _declared(services, await _run(services, owner, run_id), step)
    check_run(analysis, body.parameters, body.inputs or {})
    digest = request_digest(
        "step", _Execution.model_construct(run_id=run_id, step=step, request=_without_keeping(body))
    )

    def write(c: Connection) -> JobState | None:
        if job_known(c, str(body.job_id), owner, digest):
            return None
        run = run_by_id(c, run_id, owner)  # as it is now: it may have been changed or deleted meanwhile
        if run is None:
            raise missing("run", id=run_id)
        job = new_job(
            c,
            services.settings,
            run,
            analysis,
            declared,
            job_id=str(body.job_id),
            parameters=body.parameters,
            inputs=body.inputs,
            digest=digest,
        )
        state = create_job(c, job, queue_limit=services.settings.queue_limit)
        patch_run(c, str(run_id), kept_of(run, declared, body))
        return state

    return await submit(services, owner, body.job_id, wait, write)


def _without_keeping(request: StepCreate) -> StepCreate:
    """What makes the job: what is kept of it does not make it another one."""
    return request.model_copy(update={"keep_parameters": False, "keep_inputs": ()})


def _declared(services: Services, run: Run, step_id: str) -> tuple[Analysis, Step]:
    analysis = analysis_of(services, run.analysis, ("run",))
    if step_id not in {step.id for step in analysis.steps}:
        raise missing("step", run=run.id, step=step_id)
    return analysis, step_of(analysis, step_id, ("step",))


@runs.get("/runs/{run_id}/steps/{step}", responses={200: {"model": StepPlan}, **NOT_FOUND})
async def get_step_plan(services: ServicesOf, owner: Owner, run_id: UUID, step: str) -> Response:
    """What executing a step now would do: which files it would read and why, what else it could read, its settings, what is missing."""
    run = await _run(services, owner, run_id)
    analysis, declared = _declared(services, run, step)
    return answer(
        await services.database.aread(lambda c: plan_of(c, services.settings, run, analysis, declared))
    )


@runs.get("/runs/{run_id}/results", responses={200: {"model": RunResults}, **NOT_FOUND})
async def get_run_results(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """The result of each step: that of its newest job that succeeded."""
    found = await _results(services, owner, run_id)
    order = list(_step_titles(services, found[0], list(found[1])))
    steps = ",".join(found[1][step] for step in order if step in found[1])
    return JsonResponse(f'{{"run_id":"{run_id}","steps":[{steps}]}}')


@runs.get("/runs/{run_id}/results/{step}", responses={200: {"model": StepResult}, **NOT_FOUND})
async def get_step_result(services: ServicesOf, owner: Owner, run_id: UUID, step: str) -> Response:
    """The result of one step."""
    _, results = await _results(services, owner, run_id)
    if step not in results:
        raise ApiError(
            ProblemCode.NOT_FOUND,
            "This step has no result.",
            "It has not been executed, or none of its jobs has succeeded so far.",
            "See the run's status.",
        )
    return JsonResponse(results[step])


async def _results(services: Services, owner: str, run_id: UUID) -> tuple[Run, dict[str, str]]:
    def read(c: Connection) -> tuple[Run, dict[str, str]] | None:
        run = run_by_id(c, run_id, owner)
        if run is None:
            return None
        return run, {
            found.step: joined(
                StepResult(step=found.step, job_id=found.job_id, result=Result(), artifacts=found.artifacts),
                result=found.result_json,
            )
            for found in newest_results(c, run_id)
        }

    found = await services.database.aread(read)
    if found is None:
        raise missing("run", id=run_id)
    return found
