"""A run is deleted whatever it does: what is queued or running is cancelled first.

Guards against work that goes on after it was given up: a request whose answer nobody waited for may still reach the server.
"""

import asyncio
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.errors import ConflictError, NotFoundError

__all__ = ["remove_perhaps_sent", "remove_run"]

ENDS_S = 60.0
"""So long a cancelled job may take to end."""
LOOK_EVERY_S = 0.2
ARRIVES_AFTER_S = (0.0, 0.5, 1.0, 2.0, 4.0)
"""When it is looked whether a request that was perhaps under way has arrived: after each of these, one after the other."""


async def remove_run(api: Api, run_id: UUID) -> None:
    """Delete a run with all it holds; its jobs that have not ended are cancelled. Raises ConflictError where they do not end."""
    loop = asyncio.get_running_loop()
    until = loop.time() + ENDS_S
    cancelled = False
    while True:
        try:
            await api.delete_run(run_id)
        except ConflictError:
            if loop.time() > until:
                raise
            if cancelled:
                await asyncio.sleep(LOOK_EVERY_S)
            else:
                await api.cancel_run(run_id)
                cancelled = True
        else:
            return


async def remove_perhaps_sent(api: Api, job_id: UUID, run_id: UUID, *, again: bool) -> None:
    """Undo a submission that may have reached the server, or may still. Of a run that was there before (`again`) only the job is cancelled."""
    for pause_s in ARRIVES_AFTER_S:
        await asyncio.sleep(pause_s)
        try:
            state = await api.job_state(job_id)
        except NotFoundError:
            continue
        if not again:
            await remove_run(api, run_id)
        elif not state.status.terminal:
            await api.cancel(job_id)
        return
