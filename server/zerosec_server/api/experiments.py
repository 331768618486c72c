"""The results of a project: which match a filter, their history, saved filters, and chosen rows as an input file."""

import hashlib
from pathlib import Path as FilePath
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from sqlalchemy import Connection, delete, insert, select
from starlette.responses import Response

from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.collecting import collector_of
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.files import storage_problem
from zerosec_server.api.projects import project_of
from zerosec_server.database.experiment_tables import experiments as experiment_rows
from zerosec_server.database.experiment_tables import saved_filters
from zerosec_server.database.uploads import record_file
from zerosec_server.experiments.choosing import UnknownColumnError, figures, page
from zerosec_server.experiments.history import changes_page, history_of
from zerosec_server.experiments.projects import project_by_id
from zerosec_server.experiments.selection_file import DIALECT, written_selection
from zerosec_server.services import Services
from zerosec_server.storage.base import BlobInfo, StorageError, file_key
from zerosec_server.storage.local import local_storage
from zerosec_shared.contract import Name
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.experiments import ChangeRecord, Experiment, Project, ProjectChange
from zerosec_shared.files import InputFile, Origin
from zerosec_shared.selections import (
    ExperimentFilter,
    QueryAnswer,
    RowsRequest,
    SavedFilter,
    Selection,
    SelectionRequest,
    filter_text,
)
from zerosec_shared.system import Page
from zerosec_shared.texts import say

__all__ = ["experiments"]

experiments = router("experiments")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
FilterName = Annotated[Name, Path(description="The filter's name.")]
MOST_FILTERS = 500
MOST_FILTER_TEXT = 4000


def _no_such_column(unknown: UnknownColumnError) -> ApiError:
    sentence = f"“{unknown.column}” {unknown.reason}."
    return ApiError(
        ProblemCode.VALIDATION_ERROR,
        "The filter does not fit this project.",
        sentence,
        "Take this condition out or choose another column.",
        errors=[FieldProblem(path=("filter",), message=sentence, code="unknown_column")],
    )


@experiments.post("/projects/{project_id}/query", responses={200: {"model": QueryAnswer}, **NOT_FOUND})
async def query_experiments(
    services: ServicesOf, owner: Owner, project_id: UUID, body: ExperimentFilter
) -> Response:
    """How many experiments match, what is missing in each column, and how the values are spread. Changes nothing."""
    project = await project_of(services, owner, project_id)
    try:
        return answer(await services.database.aread(lambda c: figures(c, project, body)))
    except UnknownColumnError as unknown:
        raise _no_such_column(unknown) from unknown


@experiments.post("/projects/{project_id}/rows", responses={200: {"model": Page[Experiment]}, **NOT_FOUND})
async def list_experiments(
    services: ServicesOf, owner: Owner, project_id: UUID, body: RowsRequest
) -> Response:
    """Matching experiments in the order they came, in pages. Changes nothing."""
    project = await project_of(services, owner, project_id)
    after = None if body.cursor is None else int(body.cursor)

    def read(c: Connection) -> Page[Experiment]:
        found = [row for _, row in page(c, project, body.filter, after, body.limit + 1)]
        more = str(found[body.limit - 1].id) if len(found) > body.limit else None
        return Page[Experiment](items=tuple(found[: body.limit]), next_cursor=more)

    try:
        return answer(await services.database.aread(read))
    except UnknownColumnError as unknown:
        raise _no_such_column(unknown) from unknown


@experiments.get(
    "/projects/{project_id}/experiments/{experiment_id}/history",
    responses={200: {"model": list[ChangeRecord]}, **NOT_FOUND},
)
async def get_history(
    services: ServicesOf,
    owner: Owner,
    project_id: UUID,
    experiment_id: Annotated[int, Path(ge=1, le=2**53)],
) -> Response:
    """Every value this experiment ever had: who set it, when, and from which file. Newest first."""
    project = await project_of(services, owner, project_id)

    def read(c: Connection) -> list[ChangeRecord] | None:
        key = c.execute(
            select(experiment_rows.c.key).where(
                experiment_rows.c.id == experiment_id, experiment_rows.c.project_id == str(project.id)
            )
        ).scalar_one_or_none()
        return None if key is None else history_of(c, str(project.id), key)

    found = await services.database.aread(read)
    if found is None:
        raise missing("experiment", project=project_id, id=experiment_id)
    return answer_list(found)


@experiments.get(
    "/projects/{project_id}/changes", responses={200: {"model": Page[ProjectChange]}, **NOT_FOUND}
)
async def list_changes(
    services: ServicesOf,
    owner: Owner,
    project_id: UUID,
    cursor: Annotated[int, Query(ge=0, le=2**53, description="Where the page before ended.")] = 0,
    limit: Annotated[int, Query(ge=1, le=2000, description="Experiments' changes in a page.")] = 500,
) -> Response:
    """Every value that was ever set, oldest first: by whom, when and from which file, in experiments that are gone too."""
    project = await project_of(services, owner, project_id)
    found, more = await services.database.aread(lambda c: changes_page(c, project, cursor, limit))
    return answer(Page[ProjectChange](items=tuple(found), next_cursor=None if more is None else str(more)))


@experiments.get("/projects/{project_id}/filters", responses={200: {"model": list[SavedFilter]}, **NOT_FOUND})
async def get_filters(services: ServicesOf, owner: Owner, project_id: UUID) -> Response:
    """The saved filters, by name."""
    project = await project_of(services, owner, project_id)
    query = (
        select(saved_filters)
        .where(saved_filters.c.project_id == str(project.id))
        .order_by(saved_filters.c.name)
    )
    found = await services.database.aread(
        lambda c: [
            SavedFilter(name=row.name, filter=ExperimentFilter.model_validate_json(row.filter_json))
            for row in c.execute(query)
        ]
    )
    return answer_list(found)


@experiments.put(
    "/projects/{project_id}/filters/{name:path}",
    responses={200: {"model": SavedFilter}, **NOT_FOUND, **problems(ProblemCode.CONFLICT)},
)
async def put_filter(
    services: ServicesOf, owner: Owner, project_id: UUID, name: FilterName, body: ExperimentFilter
) -> Response:
    """Save a filter under a name, replacing the one of this name."""
    project = await project_of(services, owner, project_id)
    mine = (saved_filters.c.project_id == str(project.id), saved_filters.c.name == name)

    def write(c: Connection) -> bool:
        c.execute(delete(saved_filters).where(*mine))
        held = c.execute(select(saved_filters.c.name).where(mine[0]).limit(MOST_FILTERS)).all()
        if len(held) == MOST_FILTERS:
            return False
        c.execute(
            insert(saved_filters).values(
                project_id=str(project.id), name=name, filter_json=body.model_dump_json()
            )
        )
        return True

    if not await services.database.awrite(write):
        raise ApiError(
            ProblemCode.CONFLICT,
            "No more filters can be saved.",
            say("A project keeps at most {most}.", most=MOST_FILTERS),
            "Delete some that are not needed.",
        )
    return answer(SavedFilter(name=name, filter=body))


@experiments.delete(
    "/projects/{project_id}/filters/{name:path}",
    status_code=204,
    response_class=Response,
    responses=NOT_FOUND,
)
async def delete_filter(services: ServicesOf, owner: Owner, project_id: UUID, name: FilterName) -> Response:
    """Forget a saved filter."""
    project = await project_of(services, owner, project_id)
    gone = delete(saved_filters).where(
        saved_filters.c.project_id == str(project.id), saved_filters.c.name == name
    )
    if await services.database.awrite(lambda c: c.execute(gone).rowcount) == 0:
        raise missing("filter", name=name)
    return Response(status_code=204)


@experiments.post(
    "/projects/{project_id}/selections",
    status_code=201,
    responses={201: {"model": Selection}, **NOT_FOUND, **problems(ProblemCode.STORAGE_FULL)},
)
async def select_experiments(
    services: ServicesOf, owner: Owner, project_id: UUID, body: SelectionRequest
) -> Response:
    """Make the chosen experiments a stored file, to be named as an input. The same results and filter give the same file."""
    project = await project_of(services, owner, project_id)
    columns = body.columns or tuple(column.name for column in project.columns)
    try:
        for name in columns:
            if name not in {column.name for column in project.columns}:
                raise UnknownColumnError(name, "is no column of this project")
        async with collector_of(local_storage(services.storage)).nothing_collected():
            revision, info, count = await services.database.aread(
                lambda c: _stored_selection(services, c, owner, project, body.filter, columns)
            )
            record = await services.database.awrite(lambda c: record_file(c, info.sha256, info.size_bytes))
    except UnknownColumnError as unknown:
        raise _no_such_column(unknown) from unknown
    except StorageError as error:
        raise storage_problem(error) from error
    name = f"{project.name[:150]} r{revision}.csv"
    told = filter_text(body.filter)
    origin = Origin(
        project_id=project.id,
        project=project.name,
        revision=revision,
        rows=count,
        filter_text=told if len(told) <= MOST_FILTER_TEXT else f"{told[: MOST_FILTER_TEXT - 1]}…",
    )
    return answer(
        Selection(
            file=InputFile(sha256=record.sha256, name=name, dialect=DIALECT, origin=origin),
            rows=count,
            revision=revision,
            filter_text=told,
        ),
        201,
    )


def _stored_selection(
    services: Services,
    c: Connection,
    owner: str,
    project: Project,
    chosen: ExperimentFilter,
    columns: tuple[str, ...],
) -> tuple[int, BlobInfo, int]:
    now = project_by_id(c, str(project.id), owner) or project
    with written_selection(c, now, chosen, columns, services.settings.scratch_dir) as (path, count):
        info = services.storage.put_file(file_key(_sha256(path)), path)
    return now.revision, info, count


def _sha256(path: FilePath) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
