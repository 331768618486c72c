"""How long an event takes from the job's process to the client: over the WebSocket, and by long polling when that is refused.

The job stamps its progress with the clock of this machine, which the client reads too, so that nothing is estimated.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from uuid import UUID

from tests.bench.figures import Figure, figure
from tests.conftest import RunningServer, start_server
from zerosec_client.api import Api
from zerosec_client.http import Endpoint, Http
from zerosec_client.watch import Watcher
from zerosec_shared.events import Event, ProgressEvent
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobCreate, RunCreate

__all__ = ["measure"]

STAMPS = 40
POLL_WAIT_S = 20.0


async def _submit(api: Api) -> UUID:
    run = RunCreate(id=new_id(), analysis="noop", name="benchmark", parameters={"stamps": STAMPS})
    return (await api.submit(JobCreate(id=new_id(), run=run))).id


async def _polled(api: Api, job_id: UUID) -> AsyncIterator[Event]:
    """What the watcher does while its socket is refused."""
    after = 0
    while True:
        page = await api.events(job_id, after=after, wait_s=POLL_WAIT_S)
        for event in page.events:
            yield event
            after = event.seq
        if page.complete and not page.events:
            return


async def _delays(events: AsyncIterator[Event]) -> list[float]:
    taken = []
    async for event in events:
        if isinstance(event.body, ProgressEvent) and event.body.progress.stage == "stamp":
            taken.append(1000 * (time.time() - float(event.body.progress.message)))
    return taken


async def _all(server: RunningServer) -> list[Figure]:
    async with Http(Endpoint(server.url, server.token)) as http:
        api = Api(http)
        async with Watcher(api) as watcher:
            # The first job's events open the socket; what is measured is a follower who is there.
            async with aclosing(watcher.watch(await _submit(api))) as first:
                await _delays(first)
            async with aclosing(watcher.watch(await _submit(api))) as events:
                over_socket = await _delays(events)
        by_polling = await _delays(_polled(api, await _submit(api)))
    return [
        figure("event from the job to the client, WebSocket", "ms", over_socket),
        figure("event from the job to the client, long polling", "ms", by_polling),
    ]


def measure() -> list[Figure]:
    """Start a server of our own and measure."""
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder) / "server")
        try:
            return asyncio.run(_all(server))
        finally:
            server.stop()
