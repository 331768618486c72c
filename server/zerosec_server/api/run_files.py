"""The files of a run: `STEP/PATH` of each step's newest succeeded job; listed, fetched, cleaned."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.collecting import collector_of
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.database.cleaning import (
    RunBusyError,
    forget_blobs,
    mark_cleaned,
    mark_deleted,
    unfinished,
)
from zerosec_server.database.queries import StoredFile, run_by_id, run_file
from zerosec_server.database.queries import run_files as read_run_files
from zerosec_server.services import Services
from zerosec_server.storage.local import LocalStorage
from zerosec_shared.contract import RelativePath
from zerosec_shared.errors import ProblemCode
from zerosec_shared.runs import FilesCleaned, RunFile

__all__ = ["finish_cleaning", "run_files"]

run_files = router("run files")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
_path = TypeAdapter[str](RelativePath)


@run_files.get("/runs/{run_id}/files", responses={200: {"model": list[RunFile]}, **NOT_FOUND})
async def get_run_files(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """The files of each step's newest succeeded job, by path."""

    def read(c: Connection) -> list[RunFile] | None:
        if run_by_id(c, run_id, owner) is None:
            return None
        return [
            RunFile(
                **{**dict(stored.artifact), "path": f"{step}/{stored.artifact.path}"},
                step=step,
                job_id=job_id,
            )
            for step, job_id, stored in read_run_files(c, run_id)
        ]

    found = await services.database.aread(read)
    if found is None:
        raise missing("run", id=run_id)
    return answer_list(found)


@run_files.get(
    "/runs/{run_id}/files/{path:path}",
    status_code=307,
    responses={307: {"description": "The file is at the signed URL in `Location`."}, **NOT_FOUND},
)
async def get_run_file(
    services: ServicesOf, owner: Owner, run_id: UUID, path: Annotated[str, Path(max_length=600)]
) -> Response:
    """One file, as a redirect to a signed URL that takes ranges."""
    try:
        step, _, inside = _path.validate_python(path).partition("/")
    except ValidationError:
        raise missing("file", path=ascii(path)) from None

    def read(c: Connection) -> StoredFile | None:
        return None if run_by_id(c, run_id, owner) is None else run_file(c, run_id, step, inside)

    stored = await services.database.aread(read)
    if stored is None:
        raise missing("file", path=ascii(path))
    url = await asyncio.to_thread(
        services.storage.sign_download,
        stored.storage_key,
        services.settings.url_ttl_s,
        inside.rpartition("/")[2],
    )
    return RedirectResponse(url, status_code=307, headers={"Cache-Control": "no-store"})


@run_files.delete(
    "/runs/{run_id}/files",
    responses={200: {"model": FilesCleaned}, **problems(ProblemCode.NOT_FOUND, ProblemCode.CONFLICT)},
)
async def clean_run_files(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """Free the space of a run: its files go, its results, parameters, events and logs stay. Refused while a job runs."""
    return answer(await _remove(services, run_id, lambda c: mark_cleaned(c, str(run_id), owner)))


@run_files.delete(
    "/runs/{run_id}",
    status_code=204,
    responses=problems(ProblemCode.NOT_FOUND, ProblemCode.CONFLICT),
)
async def delete_run(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """Delete a run with its files. Its input files go too, in their time, unless another run uses them. Refused while a job runs."""
    await _remove(services, run_id, lambda c: mark_deleted(c, str(run_id), owner))
    if isinstance(services.storage, LocalStorage):
        collector_of(services.storage).now_and_then(services)
    return Response(status_code=204)


async def _remove(services: Services, run_id: UUID, mark: Callable[[Connection], bool]) -> FilesCleaned:
    try:
        known = await services.database.awrite(mark)
    except RunBusyError:
        raise ApiError(
            ProblemCode.CONFLICT,
            "A job of this run is queued or running.",
            "Nothing was removed.",
            "Cancel it first, or wait until it has ended.",
        ) from None
    if not known:
        raise missing("run", id=run_id)
    return await finish_cleaning(services, run_id)


async def finish_cleaning(services: Services, run_id: UUID | None = None) -> FilesCleaned:
    """Remove the blobs of runs that are marked as deleted or cleaned: of one, or of all that a crash left over."""
    gone = await services.database.aread(lambda c: unfinished(c, None if run_id is None else str(run_id)))

    def delete() -> int:
        return sum(services.storage.delete(key) for _, _, key in gone)

    freed_bytes = await asyncio.to_thread(delete) if gone else 0
    if gone:
        await services.database.awrite(lambda c: forget_blobs(c, gone))
    return FilesCleaned(files=len(gone), freed_bytes=freed_bytes)
