"""The results of a job, brought into a folder: verified, with room for them, and nothing fetched twice."""

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.errors import LocalFileError, NoSpaceLeftError
from zerosec_client.transfer import TransferProgress, download, inside
from zerosec_shared.causes import cause
from zerosec_shared.files import DownloadRequest
from zerosec_shared.runs import Artifact
from zerosec_shared.texts import say

__all__ = ["bring_back"]

TOGETHER = 4


def _room_for(artifacts: Sequence[Artifact], destination: Path) -> None:
    wanted = sum(artifact.size_bytes for artifact in artifacts)
    free = shutil.disk_usage(destination).free
    if wanted > free:
        raise NoSpaceLeftError(
            say("{destination} has no room for the results.", destination=destination),
            say(
                "The files need {wanted:,.1f} MB, and {free:,.1f} MB are free.",
                wanted=wanted / 1e6,
                free=free / 1e6,
            ),
            "Free some space and fetch them again: the server keeps them.",
        )


def _is_there(artifact: Artifact, place: Path) -> bool:
    try:
        if place.stat().st_size != artifact.size_bytes:
            return False
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256
    except OSError:
        return False  # whatever is wrong with the place, the download says it in words


async def bring_back(
    api: Api,
    job_id: UUID,
    destination: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Artifact, ...]:
    """Fetch all artifacts of a job into a folder, keeping theirs; each is verified. What is there already is not fetched again.

    `progress` gets bytes done and bytes in all. Raises LocalFileError, NoSpaceLeftError and what the server says.
    """
    artifacts = await api.artifacts(job_id)
    try:
        await asyncio.to_thread(destination.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(_room_for, artifacts, destination)
    except OSError as error:
        raise LocalFileError(
            say(
                "{destination} cannot be written: {cause}.",
                destination=destination,
                cause=cause(error),
            )
        ) from error
    total = sum(artifact.size_bytes for artifact in artifacts)
    done = dict.fromkeys((artifact.path for artifact in artifacts), 0)
    gate = asyncio.Semaphore(TOGETHER)

    async def fetch(artifact: Artifact) -> None:
        def tell(now: TransferProgress) -> None:
            done[artifact.path] = now.done_bytes
            if progress is not None:
                progress(sum(done.values()), total)

        place = inside(destination, artifact.path)
        async with gate:
            if await asyncio.to_thread(_is_there, artifact, place):
                tell(TransferProgress(artifact.size_bytes, artifact.size_bytes, 0.0))
            else:
                request = DownloadRequest(job_id=job_id, path=artifact.path)
                await download(api, request, place, progress=tell)

    try:
        async with asyncio.TaskGroup() as group:
            for artifact in artifacts:
                group.create_task(fetch(artifact))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return artifacts
