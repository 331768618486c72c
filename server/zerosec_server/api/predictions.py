"""The prediction database: the predictions of all runs, and their rows as one table, which a job makes of the runs' own files."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import JsonValue
from sqlalchemy import Connection
from starlette.responses import Response

from zerosec_server.api.answers import missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf, Wait
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.jobs import SUBMITTED, submit
from zerosec_server.api.listing import Cursor, Limit, listed
from zerosec_server.api.submitting import analysis_of, effective_parameters, step_of
from zerosec_server.database.predictions import (
    PREDICTIONS,
    StoredPrediction,
    list_predictions,
    stored_predictions,
)
from zerosec_server.database.submissions import (
    NewJob,
    NewRun,
    create_job,
    create_run,
    job_known,
    request_digest,
)
from zerosec_server.services import Services
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import Dialect, InputFile, MadeBy, TableKind
from zerosec_shared.predictions import (
    MOST_PREDICTIONS,
    SHEET_ROWS,
    PredictionExport,
    PredictionFormat,
    PredictionRecord,
)
from zerosec_shared.runs import JobState
from zerosec_shared.system import Page
from zerosec_shared.texts import say

__all__ = ["predictions"]

predictions = router("predictions")

EXPORTING = "prediction-database"
PREDICTING = "zerosec_analyses.prediction.method:run"
"""What every step that predicts executes, whichever analysis offers it."""

OfProject = Annotated[
    UUID | None,
    Query(description="Only predictions by models that were built from chosen experiments of this project."),
]


def _steps(services: Services) -> list[tuple[str, str]]:
    """Analysis and step of everything that predicts."""
    return [(a.id, step.id) for a in services.catalogue for step in a.steps if step.method == PREDICTING]


@predictions.get("/predictions", responses={200: {"model": Page[PredictionRecord]}})
async def get_predictions(
    services: ServicesOf, owner: Owner, project: OfProject = None, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Every prediction, newest first: when, by which model, of which table, how many rows, which targets. One whose run was cleaned
    stays in the list; its rows are gone.
    """
    steps = _steps(services)
    return await listed(
        services,
        lambda c: list_predictions(c, owner, steps, project=project, cursor=cursor, limit=limit),
    )


@predictions.post(
    "/predictions/exports",
    status_code=202,
    responses={**SUBMITTED, **problems(ProblemCode.NOT_FOUND, ProblemCode.VALIDATION_ERROR)},
)
async def export_predictions(
    services: ServicesOf, owner: Owner, wait: Wait, body: PredictionExport
) -> Response:
    """Make one table of all predictions, or of those named: each row with the ids of its run and its prediction, when, by which model
    and of which table. A column that a prediction lacks is empty there. The job leaves `prediction_database` as Parquet, and as CSV
    (UTF-8 with BOM) or an Excel workbook if that is asked for. Idempotent by the job's id.
    """
    digest = request_digest("prediction export", body)
    analysis = analysis_of(services, EXPORTING, ("analysis",))
    step = step_of(analysis, None, ("step",))
    steps = _steps(services)

    def write(c: Connection) -> JobState | None:
        if job_known(c, str(body.id), owner, digest):
            return None
        chosen = _chosen(c, owner, steps, body)
        given: dict[str, JsonValue] = {
            "entries": [_entry(one) for one in chosen],
            "table": body.format.value,
        }
        run = NewRun(
            id=str(body.run_id),
            owner=owner,
            analysis=analysis.id,
            analysis_version=analysis.version,
            name=body.name,
            pinned=False,
            tags=(),
            parameters={},
            inputs={},
            digest=digest,
        )
        job = NewJob(
            id=str(body.id),
            run_id=run.id,
            owner=owner,
            analysis=analysis.id,
            analysis_version=analysis.version,
            step=step.id,
            parameters=effective_parameters(analysis, step, given, ("parameters",)),
            inputs={step.inputs[0].name: tuple(_input(one) for one in chosen)},
            digest=digest,
            max_attempts=services.settings.max_attempts,
            reads_run_ids=tuple({str(one.record.run_id) for one in chosen}),
        )
        create_run(c, run)
        return create_job(c, job, queue_limit=services.settings.queue_limit)

    return await submit(services, owner, body.id, wait, write)


def _chosen(
    c: Connection, owner: str, steps: list[tuple[str, str]], body: PredictionExport
) -> tuple[StoredPrediction, ...]:
    """What is exported, newest first. Raises ApiError."""
    found = stored_predictions(
        c, owner, steps, project=body.project, only=body.predictions, most=MOST_PREDICTIONS + 1
    )
    known = {one.record.job_id for one in found}
    for job_id in body.predictions:
        if job_id not in known:
            raise missing("prediction", id=job_id)
    there = tuple(one for one in found if one.sha256 is not None)
    if not there or (body.predictions and len(there) < len(found)):
        raise _nothing(len(found) - len(there))
    if len(there) > MOST_PREDICTIONS:
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            say("More than {most:,} predictions cannot be exported at once.", most=MOST_PREDICTIONS),
            hint="Name those that are wanted.",
        )
    rows = sum(one.record.rows for one in there)
    if body.format is PredictionFormat.EXCEL and rows > SHEET_ROWS:
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            say(
                "These {rows:,} rows do not fit into an Excel sheet, which holds {most:,}.",
                rows=rows,
                most=SHEET_ROWS,
            ),
            hint="Export them as CSV or Parquet, or name fewer predictions.",
        )
    return there


def _nothing(cleaned: int) -> ApiError:
    if cleaned:
        return ApiError(
            ProblemCode.FILE_MISSING,
            "The rows of these predictions are gone: the files of their runs were cleaned.",
            say("Cleaned: {count:,}.", count=cleaned),
            "Predict again with the same model and table.",
        )
    return ApiError(
        ProblemCode.NOT_FOUND,
        "There is no prediction yet.",
        "The prediction database holds the rows of every prediction that was made.",
        "Build a model, then predict rows with it.",
    )


def _entry(one: StoredPrediction) -> dict[str, JsonValue]:
    record = one.record
    return {
        "prediction_id": str(record.job_id),
        "run_id": str(record.run_id),
        "run": record.run_name,
        "predicted_at": record.predicted_at.isoformat(),
        "model": record.model,
        "model_run_id": "" if record.model_run_id is None else str(record.model_run_id),
        "rows_file": record.rows_file,
    }


def _input(one: StoredPrediction) -> InputFile:
    record = one.record
    assert one.sha256 is not None
    return InputFile(
        sha256=one.sha256,
        name=PREDICTIONS,
        dialect=Dialect(kind=TableKind.PARQUET),
        made_by=MadeBy(job_id=record.job_id, step=record.step, path=PREDICTIONS),
    )
