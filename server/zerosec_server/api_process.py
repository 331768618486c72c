"""The API process: serves the app on a socket that somebody else bound, until it is told to end."""

import asyncio
import logging
import socket
import sys
import time
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from zerosec_server.api.gate import Activity
from zerosec_server.app import create_app
from zerosec_server.database.figures import any_work
from zerosec_server.nudge import NudgeReceiver, NudgeSender
from zerosec_server.services import Services
from zerosec_server.settings import Deployment, Settings

__all__ = ["run_api"]

GRACE_S = 5
LARGEST_MESSAGE_BYTES = 64 * 1024
BACKLOG = 2048


class _Server(uvicorn.Server):
    """Says when it listens, ends when nobody needs it, and lets everybody who waits for news go before it waits for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._on_ready = app, on_ready
        self._idle: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if not self.started:
            return
        services: Services = self._app.state.services
        if services.settings.deployment is Deployment.EMBEDDED and services.settings.idle_timeout_s:
            self._idle = asyncio.create_task(self._end_when_idle(services), name="idle-stop")
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End long polls and WebSockets, then close."""
        if self._idle is not None:
            self._idle.cancel()
        self._app.state.services.events.close()
        await super().shutdown(sockets)

    async def _end_when_idle(self, services: Services) -> None:
        """End once nobody has called for `idle_timeout_s` and no job is queued or running."""
        activity: Activity = self._app.state.activity
        while True:
            await asyncio.sleep(max(0.1, services.settings.idle_timeout_s - activity.idle_s()))
            if activity.idle_s() >= services.settings.idle_timeout_s:
                if not await services.database.aread(any_work):
                    self.should_exit = True
                    return
                activity.last_call = time.monotonic()


def run_api(
    settings: Settings,
    listening_socket: socket.socket,
    nudge_worker: NudgeSender,
    nudged: NudgeReceiver,
    on_ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT, or, embedded, until nobody needs the server; `on_ready` is called once it answers.

    The database must be migrated and the token file there. Raises SystemExit when the app cannot start.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    app = create_app(settings, nudge_worker=nudge_worker.nudge, nudged=nudged)
    config = uvicorn.Config(
        app,
        loop="auto",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACE_S,
    )

    server = _Server(config, app, on_ready)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[listening_socket]))
    if not server.started:
        raise SystemExit("the API could not start; its log says why")
