"""Following a job to its end and bringing its results back: shared by `run`, `watch` and `resume`."""

import asyncio
from contextlib import aclosing, suppress
from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.cli.display import Display
from zerosec_client.cli.quiet import tell_why_quiet
from zerosec_client.cli.result import finished
from zerosec_client.cli.terminal import Report
from zerosec_client.outbox import Outbox, State
from zerosec_client.results_back import bring_back
from zerosec_client.watch import Watcher
from zerosec_shared.runs import Artifact

__all__ = ["collect", "follow"]


async def follow(api: Api, job_id: UUID, display: Display) -> None:
    """Show every event until the job's last, and why there are none where the server can tell."""
    telling = asyncio.create_task(tell_why_quiet(api, job_id, display.tell), name="why-quiet")
    try:
        async with (
            Watcher(api, on_link=display.link) as watcher,
            aclosing(watcher.watch(job_id)) as events,
        ):
            async for event in events:
                display.event(event)
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def collect(
    api: Api,
    box: Outbox,
    job_id: UUID,
    destination: Path | None,
    display: Display,
    target: str,
    *,
    overwrite: bool = False,
) -> Report:
    """The answer of a job that has ended, its files fetched if a folder is given; then nothing is left to do.

    Raises FolderTakenError where the folder is another job's, unless `overwrite`.
    """
    job = await api.job(job_id)
    artifacts: tuple[Artifact, ...]
    if destination is None:
        artifacts = await api.artifacts(job_id)
    else:
        await asyncio.to_thread(box.claim_folder, destination, job_id, overwrite=overwrite)
        artifacts = await bring_back(api, job_id, destination, progress=display.fetching)
    await asyncio.to_thread(box.mark, job_id, State.DONE)
    return finished(job, artifacts, destination, target)
