"""Runs out and in: their record, the methods paragraph, configuration and archive; and a new run made from either."""

import asyncio
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Connection, select
from starlette.responses import Response, StreamingResponse

from zerosec_server.api.answers import answer, missing, router
from zerosec_server.api.collecting import collector_of
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.submitting import analysis_of, check_run, check_steps, write_submission
from zerosec_server.database.queries import run_by_id
from zerosec_server.database.submissions import NewRun, create_run, request_digest
from zerosec_server.database.tables import artifacts, jobs
from zerosec_server.database.uploads import find_file, record_file
from zerosec_server.services import Services
from zerosec_server.steps.archive import ArchivedRun, ArchiveError, archive_chunks, open_archive
from zerosec_server.steps.methods_text import methods_text
from zerosec_server.steps.records import record_of, repeatable
from zerosec_server.storage.base import NoSuchBlobError, StorageFullError, file_key
from zerosec_server.storage.durable import full_is_said
from zerosec_server.storage.local import local_storage
from zerosec_shared.archives import ImportRequest, MethodsText, RunRecord
from zerosec_shared.errors import ProblemCode
from zerosec_shared.runs import Run
from zerosec_shared.texts import say

__all__ = ["exchange"]

exchange = router("runs")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
VERSION = version("zerosec-server")
Keys = dict[tuple[str, str], str]


class ExportOf(StrEnum):
    """What is exported."""

    CONFIGURATION = "configuration"
    RECORD = "record"
    EVERYTHING = "everything"


@exchange.get(
    "/runs/{run_id}/export",
    responses={
        200: {
            "model": RunRecord,
            "content": {"application/zip": {}},
            "description": "A record; a ZIP archive for `everything`.",
        },
        **NOT_FOUND,
    },
)
async def export_run(
    services: ServicesOf,
    owner: Owner,
    run_id: UUID,
    content: Annotated[ExportOf, Query()] = ExportOf.EVERYTHING,
) -> Response:
    """A run to take elsewhere: its `configuration` (the settings that repeat its newest results; no data), its `record` (the whole
    audit trail), or `everything` as one archive: an RO-Crate with inputs, results, logs, methods and checksums.
    """
    record, keys = await _read(services, owner, run_id)
    name = f"run-{run_id}"
    if content is ExportOf.CONFIGURATION:
        slim = record.model_copy(update={"run": repeatable(record), "jobs": ()})
        return answer(slim, headers={"Content-Disposition": f'attachment; filename="{name}.json"'})
    if content is ExportOf.RECORD:
        return answer(record)
    chunks = archive_chunks(record, methods_text(record, services.catalogue), services.storage, keys)
    return StreamingResponse(
        chunks,
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
    )


@exchange.get("/runs/{run_id}/methods", responses={200: {"model": MethodsText}, **NOT_FOUND})
async def get_methods(services: ServicesOf, owner: Owner, run_id: UUID) -> Response:
    """What was done, as a paragraph for a paper in English and Japanese, with what it cites."""
    record, _ = await _read(services, owner, run_id)
    return answer(methods_text(record, services.catalogue))


async def _read(services: Services, owner: str, run_id: UUID) -> tuple[RunRecord, Keys]:
    def read(c: Connection) -> tuple[RunRecord, Keys] | None:
        run = run_by_id(c, run_id, owner)
        if run is None:
            return None
        rows = c.execute(
            select(artifacts.c.job_id, artifacts.c.path, artifacts.c.storage_key)
            .join(jobs, jobs.c.id == artifacts.c.job_id)
            .where(jobs.c.run_id == str(run_id))
        )
        return record_of(c, run, VERSION), {(row.job_id, row.path): row.storage_key for row in rows}

    found = await services.database.aread(read)
    if found is None:
        raise missing("run", id=run_id)
    return found


@exchange.post(
    "/runs/import",
    status_code=201,
    responses={
        200: {"model": Run, "description": "This request was made before; the run as it is."},
        201: {"model": Run},
        **problems(
            ProblemCode.CONFLICT,
            ProblemCode.FILE_MISSING,
            ProblemCode.INVALID_FILE_TYPE,
            ProblemCode.STORAGE_FULL,
        ),
    },
)
async def import_run(services: ServicesOf, owner: Owner, body: ImportRequest) -> Response:
    """Make a run from a stored configuration or archive: with its inputs and settings, ready to be repeated. Idempotent by its id.

    Of a configuration the inputs must be stored here already.
    """
    digest = request_digest("import", body)
    known = await services.database.aread(lambda c: run_by_id(c, body.run_id, owner))
    if known is None:
        run = await _unpack(services, body)
    else:
        run = known
    analysis = analysis_of(services, run.analysis, ("file",))
    check_run(analysis, run.parameters, run.inputs)
    check_steps(analysis, run.included)
    new = NewRun(
        id=str(body.run_id),
        owner=owner,
        analysis=analysis.id,
        analysis_version=analysis.version,
        name=body.name or run.name,
        pinned=False,
        tags=run.tags,
        parameters=run.parameters,
        inputs=run.inputs,
        digest=digest,
        included=run.included,
        imported=True,
    )

    def write(c: Connection) -> tuple[bool, Run]:
        created = create_run(c, new)
        made = run_by_id(c, body.run_id, owner)
        assert made is not None
        return created, made

    created, made = await write_submission(services, write)
    return answer(made, 201 if created else 200, {"Location": f"/api/v1/runs/{made.id}"})


async def _unpack(services: Services, body: ImportRequest) -> Run:
    """The run an archive describes, its inputs stored. Raises ApiError."""
    storage = local_storage(services.storage)
    stored = await services.database.aread(partial(find_file, sha256=body.file))
    if stored is None:
        raise missing("file", sha256=body.file)
    async with collector_of(storage).nothing_collected():
        try:
            run, brought = await asyncio.to_thread(_take_in, services, storage.path(file_key(body.file)))
        except ArchiveError as wrong:
            raise ApiError(
                ProblemCode.INVALID_FILE_TYPE,
                "This file holds no run that can be imported.",
                say("The reason: {reason}.", reason=wrong.reason),
                "Export the run again, and import that file unchanged.",
            ) from None
        except StorageFullError:
            raise ApiError(
                ProblemCode.STORAGE_FULL, "The disk is full: the files of this run could not be stored."
            ) from None
        except (NoSuchBlobError, FileNotFoundError):
            raise missing("file", sha256=body.file) from None

        def note(c: Connection) -> None:
            for sha256, size_bytes in brought.items():
                record_file(c, sha256, size_bytes)

        await services.database.awrite(note)
    return run


def _take_in(services: Services, path: Path) -> tuple[Run, dict[str, int]]:
    """Store the inputs an archive holds; in a thread."""
    archived = open_archive(path)
    brought: dict[str, int] = {}
    try:
        run = repeatable(archived.record)
        scratch = services.settings.scratch_dir
        scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        with full_is_said(), TemporaryDirectory(prefix="import-", dir=scratch) as folder:
            for slot in run.inputs.values():
                for file in slot:
                    size = _store(services, archived, file.sha256, Path(folder))
                    if size is not None:
                        brought[file.sha256] = size
        return run, brought
    finally:
        archived.close()


def _store(services: Services, archived: ArchivedRun, sha256: str, folder: Path) -> int | None:
    draft = folder / sha256
    if services.storage.size(file_key(sha256)) is not None or draft.exists():
        return None
    if not archived.take_out(sha256, draft, services.settings.max_file_size_bytes):
        return None
    info = services.storage.put_file(file_key(sha256), draft)
    draft.unlink()
    return info.size_bytes
