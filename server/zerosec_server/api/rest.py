"""Brings the rest of the API, which is imported late: once the port answers, or when the first request needs it.

Where it cannot be imported (a file of the installation is missing or damaged), what is there goes on answering, `/ready` says what
is wrong, and a request for the rest is told so instead of "not found".
"""

import asyncio
import importlib
import logging
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from zerosec_server.api.errors import ApiError
from zerosec_server.services import Services
from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import say

__all__ = ["Rest"]

log = logging.getLogger("zerosec.api")


class Rest:
    """The rest of one app, to be used from its event loop. A request for something that is not there yet waits for it."""

    def __init__(self, app: FastAPI) -> None:
        self._app, self._not_found = app, app.router.default
        self._begun, self._over = asyncio.Event(), asyncio.Event()
        self._there: asyncio.Future[None] | None = None
        self._added = False
        self.trouble = ""
        """Why it cannot be there, as a sentence; nothing while it can."""
        app.router.default = self._otherwise

    def add(self) -> None:
        """Add its routes; at once, importing them if need be."""
        if not self._added:
            from zerosec_server.api.later import ROUTERS

            for router in ROUTERS:
                self._app.router.routes.extend(router.routes)
            self._added = True

    def begin(self) -> None:
        """Import it now, beside whatever is being answered."""
        self._begun.set()

    async def there(self) -> None:
        """Begin if need be, and return when it is there, or will never be."""
        self.begin()
        if self._there is not None:
            await asyncio.shield(self._there)

    def end(self) -> None:
        """What goes on in the background is to end."""
        self._begun.set()
        self._over.set()

    async def live(self, services: Services, on_whole: Callable[[], None]) -> None:
        """From the lifespan's start to its end: bring it when it is time, then do what is to be done in the background.

        `on_whole` is called when nothing is left to import.
        """
        self._there = asyncio.get_running_loop().create_future()
        await self._begun.wait()
        try:
            if self._over.is_set():
                return
            later = await asyncio.to_thread(importlib.import_module, "zerosec_server.api.later")
            self.add()
            on_whole()
        except Exception as error:
            log.exception("a part of the API could not be imported: what it offers is not there")
            self.trouble = say("{module} could not be loaded.", module=_culprit(error))
            return
        finally:
            self._there.set_result(None)
        async with later.background(services):
            await self._over.wait()

    async def _otherwise(self, scope: Scope, receive: Receive, send: Send) -> None:
        """For a request that no route fits."""
        missing = not self._added
        await self.there()
        if missing and self._added:
            await self._app.router.app(scope, receive, send)
        elif self.trouble:
            raise ApiError(
                ProblemCode.INTERNAL_ERROR,
                "A part of this server could not be loaded.",
                say(
                    "{trouble} Runs, projects and predictions cannot be reached; nothing that is stored is lost.",
                    trouble=self.trouble,
                ),
                "Its installation is damaged: install it again, then start it again. The server's log names the cause.",
            )
        else:
            await self._not_found(scope, receive, send)


def _culprit(error: Exception) -> str:
    """Which part of the installation was missing or could not be read."""
    if isinstance(error, ImportError) and error.name:
        return error.name
    if isinstance(error, SyntaxError) and error.filename:
        return Path(error.filename).name
    return "zerosec_server.api"
