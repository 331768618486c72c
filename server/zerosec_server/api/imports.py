"""Imports of a project: preview, take in, list, take back. What a job read from a file is compared, shown, and only then written."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from sqlalchemy import Connection
from starlette.responses import Response

from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.projects import id_taken, project_of
from zerosec_server.database.inputs import read_inputs
from zerosec_server.database.queries import artifact_file, job_state
from zerosec_server.database.submissions import IdTakenError, request_digest
from zerosec_server.database.tables import job_inputs
from zerosec_server.experiments.cells import key_of, key_text, known_by_key
from zerosec_server.experiments.difference import Difference, FileRow, compare
from zerosec_server.experiments.experiment_names import choices_of, namer
from zerosec_server.experiments.file_rows import ROWS_PATH, RowsUnreadableError, read_rows
from zerosec_server.experiments.history import NewImport, import_by_id, list_imports
from zerosec_server.experiments.laying import ToSet, lay
from zerosec_server.experiments.projects import project_by_id
from zerosec_server.experiments.taking_in import (
    Backward,
    ProfileChangedError,
    ResultsChangedError,
    made_before,
    plan_back,
    ready_of,
    take_back,
    take_in,
)
from zerosec_server.language import worded
from zerosec_server.services import Services
from zerosec_server.storage.base import NoSuchBlobError
from zerosec_shared.errors import ProblemCode
from zerosec_shared.experiments import (
    EntryKind,
    ExperimentColumn,
    ImportCreate,
    ImportKind,
    ImportPreview,
    ImportRecord,
    Project,
    UndoRequest,
    identity,
)
from zerosec_shared.files import InputFile
from zerosec_shared.runs import JobStatus
from zerosec_shared.texts import say

__all__ = ["changed_meanwhile", "imports", "profile_changed"]

imports = router("imports")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
MOST_VALUES = 500_000
"""What the memory of a small server holds, and is written in a second or two of one core: others who write wait meanwhile."""
REFUSED = problems(ProblemCode.NOT_FOUND, ProblemCode.CONFLICT)
MADE: dict[int | str, dict[str, Any]] = {
    200: {"model": ImportRecord, "description": "This request was made before; the record as it is."},
    201: {"model": ImportRecord},
    **REFUSED,
}


@dataclass(frozen=True)
class _Compared:
    """A file's rows compared with one revision of a project's results."""

    project: Project
    difference: Difference
    source: InputFile | None


def changed_meanwhile() -> ApiError:
    """The refusal of a change that was worked out for other results."""
    return ApiError(
        ProblemCode.CONFLICT,
        "The results have changed since the preview.",
        "Somebody imported, undid or restored something meanwhile; nothing was written.",
        "Look at the preview again: it is made for the results as they are now.",
    )


def profile_changed(error: ProfileChangedError) -> ApiError:
    """The refusal to bring back values that the profile of today has no place for."""
    return ApiError(
        ProblemCode.CONFLICT,
        "The profile has changed since, and these values do not fit it any more.",
        say(
            "The column {column} was another then, or was not there; nothing was changed.",
            column=error.column,
        ),
        "Give the project the profile it had then, and try again.",
    )


async def _compared(services: Services, owner: str, project_id: UUID, job_id: UUID) -> _Compared:
    project = await project_of(services, owner, project_id)

    def read(c: Connection) -> _Compared | ApiError:
        now = project_by_id(c, str(project.id), owner) or project
        state = job_state(c, job_id, owner)
        if state is None:
            return missing("job", id=job_id)
        stored = artifact_file(c, job_id, ROWS_PATH)
        if state.status is not JobStatus.SUCCEEDED or stored is None:
            return ApiError(
                ProblemCode.CONFLICT,
                "This job has no rows to import.",
                "It has not succeeded, or it did not read results.",
                "Read the file first with the analysis “results-table”.",
            )
        try:
            rows = read_rows(services.storage, stored.storage_key, now.columns)
        except RowsUnreadableError as bad:
            return ApiError(ProblemCode.CONFLICT, "The rows cannot be imported.", bad.args[0])
        except NoSuchBlobError:
            return ApiError(
                ProblemCode.CONFLICT,
                "The rows that were read are not there any more.",
                "The run's files were deleted.",
                "Read the file again.",
            )
        files = [file for slot in read_inputs(c, job_inputs, str(job_id)).values() for file in slot]
        difference = _difference(c, now, rows)
        if (count := sum(len(plan.changes) for plan in difference.planned)) > MOST_VALUES:
            return ApiError(
                ProblemCode.CONFLICT,
                "The rows cannot be imported.",
                say(
                    "They would set {count:,} values; an import sets {most:,} at most, since all other work waits meanwhile.",
                    count=count,
                    most=MOST_VALUES,
                ),
                "Import the file in parts.",
            )
        return _Compared(now, difference, files[0] if files else None)

    found = await services.database.aread(read)
    if isinstance(found, ApiError):
        raise found
    return found


def _difference(c: Connection, project: Project, rows: list[FileRow]) -> Difference:
    known = known_by_key(c, str(project.id), _keys(rows, project.columns))
    names = tuple(column.name for column in project.columns if column.identifying)
    called = namer(names, choices_of(project.profile))
    return compare(rows, {key_of(key): found for key, found in known.items()}, project.columns, called)


def _keys(rows: list[FileRow], columns: tuple[ExperimentColumn, ...]) -> set[str]:
    names = tuple(column.name for column in columns if column.identifying)
    return {key_text(identity(row.values, names)) for row in rows if not row.reason}


@imports.get(
    "/projects/{project_id}/imports/preview",
    responses={200: {"model": ImportPreview}, **REFUSED},
)
async def preview_import(
    services: ServicesOf,
    owner: Owner,
    project_id: UUID,
    job_id: Annotated[UUID, Query(description="The finished job that read the file.")],
    kind: Annotated[list[EntryKind], Query(max_length=4, description="Only these.")] = [],  # noqa: B006
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=2000)] = 200,
) -> Response:
    """What an import would do: new, changed with old and new value, identical, rejected with the reason. Changes nothing."""
    found = await _compared(services, owner, project_id, job_id)
    shown = [entry for entry in found.difference.entries if not kind or entry.kind in kind]
    more = offset + limit
    preview = ImportPreview(
        project_id=found.project.id,
        job_id=job_id,
        revision=found.project.revision,
        counts=dict(found.difference.counts),
        entries=tuple(entry.told() for entry in shown[offset:more]),
        next_offset=more if more < len(shown) else None,
    )
    return answer(worded(preview))


@imports.post("/projects/{project_id}/imports", status_code=201, responses=MADE)
async def take_in_import(
    services: ServicesOf, owner: Owner, project_id: UUID, body: ImportCreate
) -> Response:
    """Take in what was previewed, in one transaction: all of it or nothing. Idempotent by its id."""
    digest = request_digest(f"import {project_id}", body)
    known = await _done_before(services, owner, project_id, body.id, digest)
    if known is not None:
        return answer(known)
    found = await _compared(services, owner, project_id, body.job_id)
    if found.project.revision != body.revision:
        raise changed_meanwhile()
    new = NewImport(
        id=str(body.id),
        project_id=str(project_id),
        kind=ImportKind.IMPORT,
        by=owner,
        revision=body.revision,
        digest=digest,
        file_name="" if found.source is None else found.source.name,
        file_sha256="" if found.source is None else found.source.sha256,
        counts={},
    )
    ready = await asyncio.to_thread(ready_of, found.difference)
    return await _made(
        services, project_id, body.id, ready, lambda c: take_in(c, new, found.difference, laid=True)
    )


@imports.post("/projects/{project_id}/imports/{import_id}/undo", status_code=201, responses=MADE)
async def undo_import(
    services: ServicesOf, owner: Owner, project_id: UUID, import_id: UUID, body: UndoRequest
) -> Response:
    """Take an import back, in one transaction. Values that a later import has set stay. Idempotent by its id."""
    digest = request_digest(f"undo {project_id} {import_id}", body)
    known = await _done_before(services, owner, project_id, body.id, digest)
    if known is not None:
        return answer(known)

    def plan(c: Connection) -> tuple[NewImport, Backward] | ApiError:
        project = project_by_id(c, str(project_id), owner)
        undone = import_by_id(c, str(project_id), str(import_id))
        if project is None or undone is None:
            return missing("import", id=import_id)
        if undone.undone_by is not None:
            return ApiError(
                ProblemCode.CONFLICT,
                "This import was taken back already.",
                "Nothing was changed.",
                "Undo the undo instead.",
            )
        new = NewImport(
            id=str(body.id),
            project_id=str(project_id),
            kind=ImportKind.UNDO,
            by=owner,
            revision=project.revision,
            digest=digest,
            file_name=undone.file_name,
            file_sha256=undone.file_sha256,
            counts={},
            undoes=str(import_id),
        )
        return new, plan_back(c, project, str(import_id))

    try:
        planned = await services.database.aread(plan)
    except ProfileChangedError as changed:
        raise profile_changed(changed) from changed
    if isinstance(planned, ApiError):
        raise planned
    return await _made(
        services, project_id, body.id, planned[1].ready, lambda c: take_back(c, *planned, laid=True)
    )


async def _done_before(
    services: Services, owner: str, project_id: UUID, import_id: UUID, digest: str
) -> ImportRecord | None:
    await project_of(services, owner, project_id)

    def read(c: Connection) -> ImportRecord | None:
        return (
            import_by_id(c, str(project_id), str(import_id))
            if made_before(c, str(import_id), digest)
            else None
        )

    try:
        return await services.database.aread(read)
    except IdTakenError as taken:
        raise id_taken(taken) from taken


async def _made(
    services: Services,
    project_id: UUID,
    import_id: UUID,
    ready: ToSet,
    work: Callable[[Connection], bool],
) -> Response:
    def write(c: Connection) -> tuple[bool, ImportRecord]:
        made = work(c)
        record = import_by_id(c, str(project_id), str(import_id))
        assert record is not None
        return made, record

    try:
        made, record = await services.database.awrite_laid(lambda c: lay(c, ready), write)
    except ResultsChangedError as changed:
        raise changed_meanwhile() from changed
    except IdTakenError as taken:
        raise id_taken(taken) from taken
    return answer(record, 201 if made else 200)


@imports.get("/projects/{project_id}/imports", responses={200: {"model": list[ImportRecord]}, **NOT_FOUND})
async def get_imports(
    services: ServicesOf,
    owner: Owner,
    project_id: UUID,
    before: Annotated[
        int | None, Query(ge=0, le=2**53, description="Only those before this revision: the last one seen.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Every import, undo and restore, newest first."""
    project = await project_of(services, owner, project_id)
    return answer_list(
        await services.database.aread(lambda c: list_imports(c, str(project.id), before, limit))
    )


@imports.get(
    "/projects/{project_id}/imports/{import_id}", responses={200: {"model": ImportRecord}, **NOT_FOUND}
)
async def get_import(services: ServicesOf, owner: Owner, project_id: UUID, import_id: UUID) -> Response:
    """One of them."""
    project = await project_of(services, owner, project_id)
    record = await services.database.aread(lambda c: import_by_id(c, str(project.id), str(import_id)))
    if record is None:
        raise missing("import", id=import_id)
    return answer(record)
