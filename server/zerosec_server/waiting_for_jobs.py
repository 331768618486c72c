"""What is looked at again whenever a job it waits for has news: one task of the API for each such thing, woken by its bell too."""

import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.events import Bell
from zerosec_server.services import Services

__all__ = ["look_until_the_end"]

AT_LEAST_EVERY_S = 30.0


async def look_until_the_end(
    services: Services, bell: Bell, look: Callable[[], Awaitable[set[str]]], log: logging.Logger
) -> None:
    """Look, again and again, until the server ends: when the bell rings, and when a job of those `look` told to wait for has news."""
    watched: set[str] = set()
    while not services.events.closed:
        bell.take()
        try:
            waiting = await look()
        except (OSError, SQLAlchemyError):
            log.exception("what waits for jobs could not be looked at; it is tried again")
            waiting = watched
        for job_id in waiting - watched:
            services.events.watch(job_id, bell)
        for job_id in watched - waiting:
            services.events.unwatch(job_id, bell)
        fresh, watched = waiting - watched, waiting
        if not fresh:  # what was just begun may have ended before it was watched
            await bell.wait(AT_LEAST_EVERY_S)
