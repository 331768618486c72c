"""Uploads and downloads: who may move which bytes, until when. The bytes themselves go through signed URLs (blobs.py)."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from fastapi import Response

from zerosec_server.api import routers
from zerosec_server.api.collecting import collector_of
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.database import uploads as rows
from zerosec_server.services import Services
from zerosec_server.settings import Deployment
from zerosec_server.storage.base import (
    BlobInfo,
    ChecksumMismatchError,
    NoSuchBlobError,
    SizeMismatchError,
    StoppingError,
    StorageError,
    StorageFullError,
    UploadIncompleteError,
    file_key,
)
from zerosec_server.storage.local import LocalStorage, local_storage
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import (
    CompletedUpload,
    DownloadRequest,
    DownloadTicket,
    FileRecord,
    PartsRequest,
    PartsTicket,
    UploadCompletion,
    UploadRequest,
    UploadState,
    UploadTicket,
)
from zerosec_shared.ids import new_id
from zerosec_shared.texts import say

__all__ = ["router", "storage_problem"]

router = routers.router("files")
T = TypeVar("T")

MIB = 1024**2
MOST_PARTS = 10_000
PROLONG_BELOW = 0.9

_quick = ThreadPoolExecutor(4, thread_name_prefix="files")
"""For what takes milliseconds."""
_thorough = ThreadPoolExecutor(4, thread_name_prefix="files-complete")
"""For what hashes whole files: a queue of its own, so that nothing else waits behind it."""


def storage_problem(error: StorageError) -> ApiError:
    """What a storage error means for the caller."""
    match error:
        case NoSuchBlobError():
            return ApiError(
                ProblemCode.NOT_FOUND,
                "This upload or file is not here.",
                "It was never begun, is complete, was abandoned too long ago, or had wrong bytes and was discarded.",
                "Start the transfer again.",
            )
        case StorageFullError():
            return ApiError(
                ProblemCode.STORAGE_FULL,
                "The server's disk is full.",
                "Nothing was changed; what is stored already is safe.",
                "Free some space (old runs can be cleaned), then send the file again.",
            )
        case ChecksumMismatchError():
            return ApiError(
                ProblemCode.CHECKSUM_MISMATCH,
                "The bytes are not the ones that were announced.",
                say("{problem} They were not kept.", problem=_sentence(error)),
                "Send them again; if it happens again, the file is changing while it is sent.",
            )
        case SizeMismatchError():
            return ApiError(
                ProblemCode.SIZE_MISMATCH,
                "The number of bytes is not the one that was announced.",
                say("{problem} They were not kept.", problem=_sentence(error)),
                "Send them again; if it happens again, the file is changing while it is sent.",
            )
        case StoppingError():
            return ApiError(
                ProblemCode.UNAVAILABLE,
                "The server is ending.",
                "What has arrived is kept.",
                "Ask again once it runs.",
                headers={"Retry-After": "1"},
            )
        case UploadIncompleteError():
            return ApiError(
                ProblemCode.UPLOAD_INCOMPLETE,
                "The upload is not complete.",
                _sentence(error),
                "Ask which parts are stored and send the missing ones.",
            )
    raise error


def _sentence(error: StorageError) -> str:
    """What the store says went wrong."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, str) else str(error)


async def quickly(work: Callable[[], T]) -> T:
    """Do a little work with files without holding up the event loop."""
    return await _in(_quick, work)


async def _in(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    future: Future[T] = pool.submit(work)
    try:
        return await asyncio.shield(asyncio.wrap_future(future))
    except StorageError as error:
        raise storage_problem(error) from error


@router.post(
    "/presign/upload",
    operation_id="presign_upload",
    response_model=UploadTicket,
    responses=problems(ProblemCode.FILE_TOO_LARGE, ProblemCode.STORAGE_FULL),
)
async def presign_upload(request: UploadRequest, services: ServicesOf, owner: Owner) -> Response:
    """Ask to store a file: it is there already, or here is an upload to fill."""
    settings, storage = services.settings, local_storage(services.storage)
    if request.size_bytes > settings.max_file_size_bytes:
        raise ApiError(
            ProblemCode.FILE_TOO_LARGE,
            "The file is too large for this server.",
            say(
                "It has {size:,} bytes; at most {most:,} are taken.",
                size=request.size_bytes,
                most=settings.max_file_size_bytes,
            ),
            "Use a server that takes larger files, or ask its operator.",
        )
    collector_of(storage).now_and_then(services)
    if request.sha256 is not None:
        stored = await _renewed(services, request.sha256)
        if stored is not None and stored.size_bytes == request.size_bytes:
            key = file_key(stored.sha256)
            if await quickly(lambda: storage.size(key)) == stored.size_bytes:
                return _json(UploadTicket(state=UploadState.STORED, file=stored))
    upload_id = str(new_id())
    part_size = _part_size(request.size_bytes, settings.part_size_bytes)
    await services.database.awrite(
        lambda connection: rows.create_upload(
            connection,
            upload_id=upload_id,
            owner=owner,
            name=request.name,
            size_bytes=request.size_bytes,
            sha256=request.sha256,
            part_size_bytes=part_size,
            ttl_s=settings.upload_ttl_s,
        )
    )
    await quickly(lambda: storage.create_upload(upload_id, request.size_bytes, part_size))
    url = proof = None
    if request.handover and settings.handover and settings.deployment is Deployment.EMBEDDED:
        url, proof = await quickly(lambda: storage.offer_handover(upload_id))
    return _json(
        UploadTicket(
            state=UploadState.OPEN,
            upload_id=upload_id,
            part_size_bytes=part_size,
            part_count=-(-request.size_bytes // part_size),
            handover_url=url,
            handover_proof=proof,
        )
    )


@router.post(
    "/presign/upload/{upload_id}/parts",
    operation_id="presign_parts",
    response_model=PartsTicket,
    responses=problems(ProblemCode.NOT_FOUND, ProblemCode.SIZE_MISMATCH),
)
async def presign_parts(
    upload_id: str, request: PartsRequest, services: ServicesOf, owner: Owner
) -> Response:
    """Tickets for the parts asked for; none asked: which parts are stored, to resume."""
    settings, storage = services.settings, local_storage(services.storage)
    upload = await _upload(services, owner, upload_id)
    if upload.remaining_s < PROLONG_BELOW * settings.upload_ttl_s:
        await services.database.awrite(
            lambda connection: rows.prolong_upload(connection, upload.id, settings.upload_ttl_s)
        )

    def sign() -> PartsTicket:
        return PartsTicket(
            upload_id=upload.id,
            part_size_bytes=upload.part_size_bytes,
            part_count=upload.part_count,
            tickets=tuple(storage.sign_parts(upload.id, request.parts, settings.url_ttl_s)),
            stored_parts=tuple(storage.stored_parts(upload.id)),
        )

    return _json(await quickly(sign))


@router.post(
    "/presign/upload/{upload_id}/complete",
    operation_id="complete_upload",
    response_model=CompletedUpload,
    responses=problems(
        ProblemCode.NOT_FOUND,
        ProblemCode.CONFLICT,
        ProblemCode.UPLOAD_INCOMPLETE,
        ProblemCode.CHECKSUM_MISMATCH,
        ProblemCode.SIZE_MISMATCH,
        ProblemCode.STORAGE_FULL,
        ProblemCode.UNAVAILABLE,
    ),
)
async def complete_upload(
    upload_id: str, request: UploadCompletion, services: ServicesOf, owner: Owner
) -> Response:
    """All bytes were sent: the file exists if size and SHA-256 are right. Asked again, the answer is the same."""
    storage = local_storage(services.storage)
    upload = await _upload(services, owner, upload_id)
    if request.sha256 is None and not request.handover:
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            "The SHA-256 is missing.",
            "An upload in parts is completed with the SHA-256 of the whole file.",
        )
    announced = {sha for sha in (upload.sha256, request.sha256) if sha is not None}
    if len(announced | ({upload.completed_sha256} - {None})) > 1:
        raise ApiError(
            ProblemCode.CONFLICT,
            "This upload belongs to other bytes.",
            "The SHA-256 is not the one that was announced when the upload was opened or completed.",
            "Start a new upload for this file.",
        )
    sha256 = next(iter(announced), None)
    async with collector_of(storage).nothing_collected():
        if upload.completed_sha256 is None:
            info = await _complete(services, storage, upload, sha256, handover=request.handover)
        else:
            info = BlobInfo(file_key(upload.completed_sha256), upload.size_bytes, upload.completed_sha256)
        record = await services.database.awrite(
            lambda connection: rows.complete_upload(connection, upload.id, info.sha256, info.size_bytes)
        )
    return _json(CompletedUpload(file=record))


async def _complete(
    services: Services, storage: LocalStorage, upload: rows.Upload, sha256: str | None, *, handover: bool
) -> BlobInfo:
    def work() -> BlobInfo:
        if handover:
            return storage.complete_handover(upload.id, upload.size_bytes, sha256)
        assert sha256 is not None
        return storage.complete_upload(upload.id, file_key(sha256), upload.size_bytes, sha256)

    try:
        return await _in(_thorough, work)
    except ApiError as error:
        if error.code is ProblemCode.CHECKSUM_MISMATCH:
            await quickly(lambda: storage.abort_upload(upload.id))
            await services.database.awrite(lambda connection: rows.forget_upload(connection, upload.id))
        raise


@router.post(
    "/presign/download",
    operation_id="presign_download",
    response_model=DownloadTicket,
    responses=problems(ProblemCode.NOT_FOUND, ProblemCode.FILE_MISSING),
)
async def presign_download(request: DownloadRequest, services: ServicesOf, owner: Owner) -> Response:
    """A signed URL of a stored file, by its SHA-256, or of a job's artifact, by job and path."""
    settings, storage = services.settings, local_storage(services.storage)
    key, sha256, size = await _download_source(services, owner, request)
    if await quickly(lambda: storage.size(key)) != size:
        raise ApiError(
            ProblemCode.FILE_MISSING,
            "The stored bytes are gone.",
            "The record of this file is here, its bytes are not.",
            "Upload the file again, or run the job again.",
        )
    url = await quickly(lambda: storage.sign_download(key, settings.url_ttl_s, request.name))
    shared = settings.handover and settings.deployment is Deployment.EMBEDDED
    return _json(
        DownloadTicket(
            url=url,
            size_bytes=size,
            sha256=sha256,
            expires_at=datetime.now(UTC) + timedelta(seconds=settings.url_ttl_s),
            handover_url=storage.blob_url(key) if shared else None,
        )
    )


async def _download_source(services: Services, owner: str, request: DownloadRequest) -> tuple[str, str, int]:
    by_job = request.job_id is not None and request.path is not None
    if (request.sha256 is not None) == by_job or (request.job_id is None) != (request.path is None):
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            "It is not clear which file is meant.",
            "A download names a SHA-256, or a job and a path.",
        )
    if request.sha256 is not None:
        file = await services.database.aread(partial(rows.find_file, sha256=request.sha256))
        if file is not None:
            return file_key(file.sha256), file.sha256, file.size_bytes
    else:
        job_id, path = str(request.job_id), request.path or ""
        found = await services.database.aread(
            lambda connection: rows.find_artifact(connection, owner, job_id, path)
        )
        if found is not None:
            return found.storage_key, found.sha256, found.size_bytes
    raise ApiError(ProblemCode.NOT_FOUND, "There is no such file.", "It was never stored, or it was deleted.")


async def _upload(services: Services, owner: str, upload_id: str) -> rows.Upload:
    found = None
    if upload_id.isascii():
        found = await services.database.aread(
            lambda connection: rows.find_upload(connection, owner, upload_id)
        )
    if found is None:
        raise storage_problem(NoSuchBlobError(upload_id))
    return found


async def _renewed(services: Services, sha256: str) -> FileRecord | None:
    """A stored file; one that grows old counts as new from now on, since somebody is about to use it."""
    stored = await services.database.aread(partial(rows.find_file, sha256=sha256))
    if stored is None:
        return None
    age_s = (datetime.now(UTC) - stored.created_at).total_seconds()
    if age_s < services.settings.unreferenced_file_ttl_s / 2:
        return stored
    return await services.database.awrite(partial(rows.renew_file, sha256=sha256))


def _part_size(size_bytes: int, wanted: int) -> int:
    """The wanted size, or as many whole MiB more as keep the number of parts within S3's limit."""
    if size_bytes <= wanted * MOST_PARTS:
        return wanted
    return -(-size_bytes // (MOST_PARTS * MIB)) * MIB


def _json(model: UploadTicket | PartsTicket | CompletedUpload | DownloadTicket) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")
