"""The API process: serves the app on a socket that somebody else bound, until it is told to end."""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable

import uvicorn

from zerosec_server.api.gate import Activity
from zerosec_server.app import create_app
from zerosec_server.nudge import NudgeReceiver, NudgeSender
from zerosec_server.settings import Settings

__all__ = ["run_api"]

GRACE_S = 5
LARGEST_MESSAGE_BYTES = 64 * 1024
BACKLOG = 2048


class _Server(uvicorn.Server):
    """Says when it listens, and lets everybody who waits for news go before it waits for them."""

    def __init__(
        self, config: uvicorn.Config, on_ready: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._on_ready, self._on_end = on_ready, on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End long polls and WebSockets, then close."""
        self._on_end()
        await super().shutdown(sockets)


def run_api(
    settings: Settings,
    listening_socket: socket.socket,
    nudge_worker: NudgeSender,
    nudged: NudgeReceiver,
    on_ready: Callable[[], None],
    activity: Activity | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; `on_ready` is called once requests are answered.

    The database must be migrated and the token file there. Raises SystemExit when the app cannot start.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    app = create_app(settings, nudge_worker=nudge_worker.nudge, nudged=nudged, activity=activity)
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

    def let_go() -> None:
        services = getattr(app.state, "services", None)
        if services is not None:
            services.events.close()

    server = _Server(config, on_ready, let_go)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve(sockets=[listening_socket]))
    if not server.started:
        raise SystemExit("the API could not start; its log says why")
