"""The API process: serves the app on a socket that somebody else bound, until it is told to end."""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable

from fastapi import FastAPI
from uvicorn.config import Config
from uvicorn.server import Server

from zerosec_server.api.rest import Rest
from zerosec_server.api.watch_wire import WatchProtocol
from zerosec_server.api.wire import WireProtocol
from zerosec_server.services import Services
from zerosec_server.settings import Settings

__all__ = ["run_api"]

GRACE_S = 5
LARGEST_MESSAGE_BYTES = 64 * 1024
BACKLOG = 2048


class _Server(Server):
    """Says when it listens, has the rest of the app imported only then, and lets everybody who waits for news go before it waits for them."""

    def __init__(self, config: Config, app: FastAPI, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._on_ready = app, on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()
            rest: Rest = self._app.state.rest
            rest.begin()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End long polls and WebSockets, then close."""
        services: Services = self._app.state.services
        services.events.close()
        await super().shutdown(sockets)


def run_api(
    settings: Settings, listening_socket: socket.socket, app: FastAPI, on_ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT; `on_ready` is called once requests are answered.

    The database must be migrated. Raises SystemExit when the app cannot start.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=settings.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if settings.log_level != "debug":
        # Of itself it tells every connection, the refused ones too: whoever knocks could fill the disk with it.
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = Config(
        app,
        loop="auto",
        http=WireProtocol,
        ws=WatchProtocol,
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
