"""The prediction database of a server: what was predicted so far, and all of it, or some, as one table on this disk."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.errors import UsageError
from zerosec_client.projects import job_ended
from zerosec_client.transfer import download
from zerosec_shared.files import DownloadRequest
from zerosec_shared.predictions import EXPORT_NAME, PredictionExport, PredictionFormat, PredictionRecord
from zerosec_shared.runs import JobState
from zerosec_shared.texts import say

__all__ = ["all_predictions", "export_predictions", "format_of"]

AT_ONCE = 200


async def all_predictions(api: Api, project: UUID | None = None) -> tuple[PredictionRecord, ...]:
    """Every prediction, newest first; of a project: those by models built from its chosen experiments."""
    found: list[PredictionRecord] = []
    cursor: str | None = None
    while True:
        page = await api.predictions(project=project, cursor=cursor, limit=AT_ONCE)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return tuple(found)


def format_of(target: Path) -> PredictionFormat:
    """What a file's ending asks for. Raises UsageError."""
    ending = target.suffix.lower().removeprefix(".")
    if ending not in set(PredictionFormat):
        raise UsageError(
            say("“{name}” ends in none of {endings}.", name=target.name, endings=".parquet, .csv, .xlsx"),
            hint="The ending of the name says what is written.",
        )
    return PredictionFormat(ending)


async def export_predictions(
    api: Api,
    request: PredictionExport,
    target: Path,
    *,
    queued: Callable[[JobState], Awaitable[None]] | None = None,
) -> int:
    """Bring the table that is asked for to `target`, replacing what is there; how many rows it has. `queued` is told of the job.

    Raises ReadingFailedError when the table could not be made or was cancelled, LocalFileError for the target, and what the server says.
    """
    state = await api.export_predictions(request)
    if queued is not None:
        await queued(state)
    await job_ended(api, state)
    await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
    path = f"{EXPORT_NAME}.{request.format.value}"
    await download(api, DownloadRequest(job_id=request.id, path=path), target)
    result = (await api.job(request.id)).result
    counted = [metric.value for metric in result.metrics if metric.name == "rows"] if result else []
    return int(counted[0] or 0) if counted else 0
