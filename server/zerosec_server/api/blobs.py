"""The bytes themselves, through signed URLs: PUT of one part of an upload, GET and HEAD of a blob with ranges.

A part is written while it arrives, in large pieces, off the event loop; what is announced (size, CRC-32) is checked, and a part
that was cut does not exist. Needs no token: the signature in the URL is the permission, for these bytes and no others.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import TypeVar
from urllib.parse import quote

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from zerosec_server.api import routers
from zerosec_server.api.dependencies import services as services_of
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.files import storage_problem
from zerosec_server.api.wire import Wire, wire_of
from zerosec_server.storage.base import StorageError
from zerosec_server.storage.local import Blob, LocalStorage, local_storage
from zerosec_server.storage.signing import GrantExpiredError, PartGrant, SignatureError
from zerosec_server.storage.uploads import PartWriter, SupersededError
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import StoredPart
from zerosec_shared.texts import say

__all__ = ["router"]

router = routers.router("blobs", "/blobs")
T = TypeVar("T")

PIECE_BYTES = 1024**2
SILENCE_S = 60.0
RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
SEALED = {
    "accept-ranges": "bytes",
    "cache-control": "private",
    "content-security-policy": "sandbox; default-src 'none'",
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
}

_pool = ThreadPoolExecutor(8, thread_name_prefix="blobs")
_arrivals = count(1)


async def _off_loop(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_pool, work)


class _GoneError(Exception):
    """The caller hung up."""


def _signed(check: Callable[[], T]) -> T:
    try:
        return check()
    except SignatureError:
        raise ApiError(
            ProblemCode.FORBIDDEN,
            "This address was not made by this server.",
            "Its signature does not fit: it was changed, or comes from elsewhere.",
            "Ask for a new one.",
            headers={"connection": "close"},
        ) from None
    except GrantExpiredError:
        raise ApiError(
            ProblemCode.URL_EXPIRED,
            "This address has expired.",
            "What was transferred so far is kept.",
            "Ask for a new one and go on.",
            headers={"connection": "close"},
        ) from None


@router.put(
    "/uploads/{upload_id}/{part_number}",
    operation_id="put_part",
    response_model=StoredPart,
    responses=problems(
        ProblemCode.FORBIDDEN,
        ProblemCode.NOT_FOUND,
        ProblemCode.CONFLICT,
        ProblemCode.CHECKSUM_MISMATCH,
        ProblemCode.STORAGE_FULL,
    ),
)
async def put_part(upload_id: str, part_number: str, request: Request) -> Response:
    """Take one part: its size and CRC-32 must be the signed ones, or nothing is kept."""
    storage = local_storage(services_of(request).storage)
    grant = _signed(lambda: storage.signer.part_grant(upload_id, part_number, request.query_params))
    if request.headers.get("content-length") != str(grant.size_bytes):
        raise ApiError(
            ProblemCode.SIZE_MISMATCH,
            "The part has another size than was announced.",
            say("Content-Length must be {bytes}. Nothing was read.", bytes=grant.size_bytes),
            "Ask for a new ticket if the file has changed.",
            headers={"connection": "close"},
        )
    try:
        stored = await _receive_part(storage, grant, request)
    except StorageError as error:
        problem = storage_problem(error)
        problem.headers["connection"] = "close"
        raise problem from error
    except SupersededError:
        raise ApiError(
            ProblemCode.CONFLICT,
            "The same part came again.",
            "The newer transfer of this part counts; this one was dropped.",
            headers={"connection": "close"},
        ) from None
    except (_GoneError, ConnectionError, TimeoutError):
        return Response(status_code=400, headers={"connection": "close"})  # nobody reads it
    return Response(stored.model_dump_json(), media_type="application/json")


async def _receive_part(storage: LocalStorage, grant: PartGrant, request: Request) -> StoredPart:
    arrival = next(_arrivals)  # threads may overtake each other
    writer = await _off_loop(lambda: storage.begin_part(grant, arrival))
    if writer is None:  # sent again after its answer was lost
        async for _ in _pieces(request):
            pass
        return StoredPart(part_number=grant.part_number, size_bytes=grant.size_bytes, crc32=grant.crc32)
    try:
        wire = wire_of(request)
        if wire is not None:
            await wire.receive(_pool, grant.size_bytes, writer.write)
        else:
            await _write_while_receiving(writer, request)
        return await _off_loop(writer.finish)
    finally:
        await _off_loop(writer.close)


async def _write_while_receiving(writer: PartWriter, request: Request) -> None:
    """The usual way, where there is no wire."""
    loop = asyncio.get_running_loop()
    writing: asyncio.Future[None] | None = None
    try:
        async for piece in _pieces(request):
            if writing is not None:
                await writing
            writing = loop.run_in_executor(_pool, partial(writer.write, *piece))
    finally:
        if writing is not None:
            await writing


async def _pieces(request: Request) -> AsyncIterator[list[bytes]]:
    """The body in pieces of about 1 MiB. Raises _GoneError when the caller hung up."""
    piece: list[bytes] = []
    size = 0
    more = True
    while more:
        async with asyncio.timeout(SILENCE_S):
            message = await request.receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        body, more = message.get("body", b""), message.get("more_body", False)
        if body:
            piece.append(body)
            size += len(body)
        if piece and (size >= PIECE_BYTES or not more):
            yield piece
            piece, size = [], 0


@router.get(
    "/{key:path}",
    operation_id="get_blob",
    response_class=Response,
    responses={
        206: {"description": "The range asked for."},
        304: {"description": "The blob is the one of If-None-Match."},
        416: {"description": "The range is outside the blob; Content-Range tells its size."},
        **problems(ProblemCode.FORBIDDEN, ProblemCode.NOT_FOUND),
    },
)
@router.head("/{key:path}", operation_id="head_blob", include_in_schema=False)
async def get_blob(key: str, request: Request) -> Response:
    """The bytes of a blob, whole or one range of them."""
    storage = local_storage(services_of(request).storage)
    grant = _signed(lambda: storage.signer.blob_grant(key, request.query_params))
    try:
        blob = await _off_loop(lambda: storage.open_blob(grant.key))
    except StorageError as error:
        raise storage_problem(error) from error
    headers = {**SEALED, "etag": blob.etag}
    if grant.name:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(grant.name, safe='')}"
    if request.headers.get("if-none-match") == blob.etag:
        blob.close()
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range", "")
    if request.headers.get("if-range", blob.etag) != blob.etag:
        wanted = ""  # the blob is another by now: all of it
    asked = RANGE.fullmatch(wanted)
    if asked is None or asked[1] == asked[2] == "":  # none, or one not understood (RFC 9110, 14.2): all of it
        return _BlobResponse(blob, 0, blob.size_bytes, 200, headers)
    span = _span(asked[1], asked[2], blob.size_bytes)
    if span is None:
        blob.close()
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{blob.size_bytes}"})
    start, end = span
    headers["content-range"] = f"bytes {start}-{end - 1}/{blob.size_bytes}"
    return _BlobResponse(blob, start, end, 206, headers)


def _span(first: str, last: str, size_bytes: int) -> tuple[int, int] | None:
    """The bytes that a range means, end exclusive; None for one outside the blob."""
    if first == "":
        start, end = max(0, size_bytes - int(last)), size_bytes
    else:
        start, end = int(first), min(int(last) + 1, size_bytes) if last else size_bytes
    return (start, end) if start < end else None


class _BlobResponse(Response):
    """Sends a blob: the kernel does, or, where there is no wire, in pieces of 1 MiB that are read off the loop.

    Ends when the caller hangs up.
    """

    def __init__(self, blob: Blob, start: int, end: int, status: int, headers: dict[str, str]) -> None:
        self._blob, self._start, self._end = blob, start, end
        self.status_code = status
        self.background = None
        self.body = b""
        self.init_headers({**headers, "content-length": str(end - start)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            wire = wire_of(scope)
            if scope["method"] == "HEAD" or self._start == self._end:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif wire is not None:
                await self._over(wire, send)
            else:
                await self._in_pieces(receive, send)
        finally:
            self._blob.close()

    async def _over(self, wire: Wire, send: Send) -> None:
        try:
            await wire.send_file(_pool, self._blob.fileno(), self._start, self._end - self._start)
        except (ConnectionError, TimeoutError):
            wire.hang_up()
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _in_pieces(self, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_hung_up(receive))
        try:
            at = self._start
            while at < self._end and not gone.done():
                piece = await _off_loop(partial(self._blob.read, at, min(PIECE_BYTES, self._end - at)))
                if not piece:
                    raise OSError(f"a stored blob became shorter: {self._blob.etag}")
                at += len(piece)
                async with asyncio.timeout(SILENCE_S):
                    await send({"type": "http.response.body", "body": piece, "more_body": at < self._end})
        finally:
            gone.cancel()


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
