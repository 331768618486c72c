"""Waiting for a job without asking the database again and again: the feed rings, then one read tells."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from zerosec_server.database.queries import job_state
from zerosec_server.events import Bell
from zerosec_server.services import Services
from zerosec_shared.runs import JobState

__all__ = ["etag_of", "wait_for", "wait_for_end", "wait_for_state"]

T = TypeVar("T")


def etag_of(state: JobState) -> str:
    """A weak ETag of what a job says: it changes with the job, not with ages or the place in the queue."""
    asked = ("c" if state.cancel_requested else "") + ("f" if state.finish_requested else "")
    return f'W/"{state.status.value}-{state.attempt}-{state.last_event}{asked}"'


async def wait_for(
    services: Services,
    job_id: UUID,
    read: Callable[[Connection], T],
    enough: Callable[[T], bool],
    seconds: float,
) -> T:
    """Read at once and after each change of the job, until that is enough, the time is over, or the server ends."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    bell = Bell()
    with services.events.watching(str(job_id), bell):
        while True:
            bell.take()
            found = await services.database.aread(read)
            left = until - loop.time()
            if left <= 0 or services.events.closed or enough(found):
                return found
            await bell.wait(left)


async def wait_for_end(services: Services, job_id: UUID, bell: Bell, seconds: float) -> bool:
    """Whether a job ended within so long; `bell` has watched it since before it was queued. Reads nothing by itself."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not services.events.ended(str(job_id)):
        left = until - loop.time()
        if left <= 0 or services.events.closed:
            return False
        await bell.wait(left)
        bell.take()
    return True


async def wait_for_state(
    services: Services, owner: str, job_id: UUID, enough: Callable[[JobState], bool], seconds: float
) -> JobState | None:
    """The state of a job once it is enough, or after so many seconds as it is; None if there is no such job."""

    def read(c: Connection) -> JobState | None:
        return job_state(c, job_id, owner)

    if seconds <= 0:
        return await services.database.aread(read)
    return await wait_for(services, job_id, read, lambda state: state is None or enough(state), seconds)
