"""Why a running job gives no sign of life, where the server can tell: said in a list of jobs, and once to whoever follows the job."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.errors import ClientError
from zerosec_shared.runs import JobState, JobStatus
from zerosec_shared.texts import say, translated

__all__ = ["QUIET_S", "tell_why_quiet", "why_quiet"]

QUIET_S = 30.0


async def why_quiet(api: Api, found: Sequence[JobState]) -> list[str]:
    """Why running jobs give no sign of life, where the server can tell."""
    if (
        not any(job.status is JobStatus.RUNNING and (job.heartbeat_age_s or 0.0) > QUIET_S for job in found)
        or (await api.system_status()).disk_free_bytes
    ):
        return []
    full = say(
        "The disk of the server is full: it cannot write down how its jobs stand. Free some space on it; the server then goes on, or "
        "starts them anew, by itself."
    )
    return [translated(full)]


async def tell_why_quiet(
    api: Api, job_id: UUID, tell: Callable[[str], None], *, every_s: float = QUIET_S
) -> None:
    """Look at a job every so often until cancelled, and tell why it is quiet: once for each time it is.

    A server that cannot be asked is for others to tell of.
    """
    told: list[str] = []
    while True:
        await asyncio.sleep(every_s)
        try:
            why = await why_quiet(api, [await api.job_state(job_id)])
        except ClientError:
            continue
        if why != told:
            for line in why:
                tell(line)
        told = why
