"""The record of a job: its events (long poll) and its log (ranged), while it runs and ever after."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Header, Query
from sqlalchemy import Connection
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from zerosec_server.api.answers import JsonResponse, byte_range, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf, Wait
from zerosec_server.api.errors import problems
from zerosec_server.api.waiting import wait_for
from zerosec_server.database.queries import StoredFile, artifact_file, job_state
from zerosec_server.events import StoredEvent, events_after
from zerosec_server.services import Services
from zerosec_server.storage.base import NoSuchBlobError
from zerosec_shared.errors import ProblemCode
from zerosec_shared.events import EventPage

__all__ = ["LOG_NAME", "job_record"]

job_record = router("job record")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
LOG_NAME = "log.txt"
CHUNK_BYTES = 1024**2


@dataclass(frozen=True, kw_only=True)
class _Page:
    """Stored events after a number, and whether they are the last."""

    events: Sequence[StoredEvent]
    last_seq: int
    complete: bool


@job_record.get("/jobs/{job_id}/events", responses={200: {"model": EventPage}, **NOT_FOUND})
async def get_job_events(
    services: ServicesOf,
    owner: Owner,
    job_id: UUID,
    wait: Wait,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="Number of the last event seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> Response:
    """Events after a number, oldest first. With `Prefer: wait=N` and nothing new: once there is (a long poll)."""

    def read(c: Connection) -> _Page | None:
        state = job_state(c, job_id, owner)
        if state is None:
            return None
        found = events_after(c, str(job_id), after, limit)
        last = found[-1].seq if found else after
        complete = state.status.terminal and last >= state.last_event
        return _Page(events=found, last_seq=state.last_event, complete=complete)

    def enough(page: _Page | None) -> bool:
        return page is None or page.complete or bool(page.events)

    page = await wait_for(services, job_id, read, enough, wait)
    if page is None:
        raise missing("job", id=job_id)
    written = ",".join(event.json for event in page.events)
    complete = "true" if page.complete else "false"
    headers = {"Vary": "Prefer", "Cache-Control": "no-cache"}
    if wait:
        headers["Preference-Applied"] = f"wait={wait:.0f}"
    return JsonResponse(
        f'{{"events":[{written}],"last_seq":{page.last_seq},"complete":{complete}}}', headers=headers
    )


@job_record.get(
    "/jobs/{job_id}/log",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The whole log."},
        206: {
            "content": {"text/plain": {"schema": {"type": "string"}}},
            "description": "The range asked for.",
        },
        416: {"description": "The log has no bytes in this range; `Content-Range` tells its length."},
        **NOT_FOUND,
    },
)
async def get_job_log(
    services: ServicesOf,
    owner: Owner,
    job_id: UUID,
    wanted: Annotated[str | None, Header(alias="Range", max_length=200)] = None,
) -> Response:
    """What the job wrote: the running attempt's so far, or the stored log. `Range: bytes=N-` gives what is new."""

    def read(c: Connection) -> tuple[int, StoredFile | None] | None:
        state = job_state(c, job_id, owner)
        return None if state is None else (state.attempt, artifact_file(c, job_id, LOG_NAME))

    found = await services.database.aread(read)
    if found is None:
        raise missing("job", id=job_id)
    attempt, stored = found
    if stored is not None:
        return await _stored_log(services, stored, wanted)
    path = services.settings.workspaces_dir / str(job_id) / str(attempt) / LOG_NAME
    descriptor = await asyncio.to_thread(_open_log, path)
    return await _running_log(descriptor, wanted)


def _open_log(path: Path) -> int | None:
    """Open the log of a running attempt; never through a link, which the job could have put there."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    return None


def _headers(more: dict[str, str]) -> dict[str, str]:
    return {"Cache-Control": "no-cache", "Content-Security-Policy": "sandbox; default-src 'none'", **more}


def _outside(size_bytes: int) -> Response:
    return Response(status_code=416, headers=_headers({"Content-Range": f"bytes */{size_bytes}"}))


async def _running_log(descriptor: int | None, wanted: str | None) -> Response:
    size_bytes = 0 if descriptor is None else os.fstat(descriptor).st_size
    span = byte_range(wanted, size_bytes)
    if descriptor is None or span is None:
        if descriptor is not None:
            os.close(descriptor)
        return _outside(size_bytes) if span is None else Response("", media_type="text/plain")

    async def chunks() -> AsyncIterator[bytes]:
        try:
            at, end = span.start, span.start + span.length
            while at < end:
                # The file only grows; were it cut all the same, the answer keeps its promised length.
                chunk = await asyncio.to_thread(os.pread, descriptor, min(CHUNK_BYTES, end - at), at)
                chunk = chunk or b"\n" * min(CHUNK_BYTES, end - at)
                at += len(chunk)
                yield chunk
        finally:
            os.close(descriptor)

    return StreamingResponse(
        chunks(), 206 if span.partial else 200, headers=_headers(span.headers), media_type="text/plain"
    )


async def _stored_log(services: Services, stored: StoredFile, wanted: str | None) -> Response:
    span = byte_range(wanted, stored.artifact.size_bytes)
    if span is None:
        return _outside(stored.artifact.size_bytes)
    try:
        await asyncio.to_thread(partial(services.storage.size, stored.storage_key))
    except NoSuchBlobError:
        raise missing("log") from None
    chunks = iterate_in_threadpool(services.storage.read(stored.storage_key, span.start, span.length))
    return StreamingResponse(
        chunks, 206 if span.partial else 200, headers=_headers(span.headers), media_type="text/plain"
    )
