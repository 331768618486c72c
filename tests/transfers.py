"""What transfer tests share: a client of a real server, files with known content, and raw requests to signed URLs."""

import hashlib
import http.client
import random
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import RunningServer
from zerosec_client.api import Api
from zerosec_client.http import Endpoint, Http
from zerosec_client.outbox import Outbox, TargetRecord
from zerosec_shared.files import PartRequest, PartsRequest, PartTicket, UploadRequest, UploadTicket

__all__ = [
    "Client",
    "RawAnswer",
    "connected",
    "content",
    "made",
    "opened",
    "peak_memory",
    "raw",
    "reset_peak_memory",
    "sha256",
    "ticket_for",
]

PART = 64 * 1024
SMALL_PARTS = {"part_size_bytes": str(PART)}


@dataclass
class Client:
    """A client with an outbox of its own."""

    api: Api
    record: TargetRecord


@asynccontextmanager
async def connected(
    server: RunningServer,
    folder: Path,
    *,
    url: str | None = None,
    locate: Callable[[], Awaitable[Endpoint]] | None = None,
    patience_s: float = 20.0,
) -> AsyncIterator[Client]:
    """A client of a server, perhaps through a proxy at `url`. Its outbox lies in `folder` and outlives it."""
    endpoint = Endpoint(url or server.url, server.token)
    outbox = Outbox(folder / "outbox.db")
    try:
        async with Http(endpoint, locate=locate, patience_s=patience_s) as http:
            yield Client(Api(http), outbox.transfers("test"))
    finally:
        outbox.close()


def reset_peak_memory() -> float:
    """Forget this process's peak of memory; returns what it has now, in MiB. (getrusage's peak may be the parent's.)"""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _memory_mib("VmRSS")


def peak_memory() -> float:
    """The most memory this process had since, in MiB."""
    return _memory_mib("VmHWM")


def _memory_mib(field: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) / 1024


def content(size_bytes: int, seed: int = 1) -> bytes:
    """Bytes that look random and are the same every time."""
    return random.Random(seed).randbytes(size_bytes)


def made(path: Path, size_bytes: int, seed: int = 1) -> Path:
    """A file of such bytes."""
    path.write_bytes(content(size_bytes, seed))
    return path


def sha256(data: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(data).hexdigest()


async def opened(client: Client, size_bytes: int) -> UploadTicket:
    """An upload of so many bytes, of no hash, in parts."""
    return await client.api.presign_upload(UploadRequest(size_bytes=size_bytes, name="data.bin"))


async def ticket_for(client: Client, upload_id: str | None, number: int, data: bytes) -> PartTicket:
    """A ticket for a part that holds `data`."""
    assert upload_id is not None
    asked = PartRequest(part_number=number, crc32=f"{zlib.crc32(data):08x}")
    return (await client.api.presign_parts(upload_id, PartsRequest(parts=(asked,)))).tickets[0]


@dataclass
class RawAnswer:
    """What came back to a raw request."""

    status: int
    headers: dict[str, str]
    body: bytes


def raw(
    server: RunningServer,
    method: str,
    url: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> RawAnswer:
    """One request without a token, on a connection of its own."""
    parts = urlsplit(server.url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        with suppress(BrokenPipeError, ConnectionResetError):  # refused half way: the answer is there
            connection.request(method, url, body=body, headers=headers or {})
        answer = connection.getresponse()
        return RawAnswer(
            answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        )
    finally:
        connection.close()
