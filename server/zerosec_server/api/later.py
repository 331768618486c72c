"""The part of the API that no caller needs at once: resources, and what goes on in the background for them.

To import it takes as long as all that comes before it, so a server that starts does that once its port answers (rest.py).
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from zerosec_server.api.backups import backups
from zerosec_server.api.exchange import exchange
from zerosec_server.api.experiments import experiments
from zerosec_server.api.imports import imports
from zerosec_server.api.predictions import predictions
from zerosec_server.api.programs import programs
from zerosec_server.api.projects import projects
from zerosec_server.api.references import references
from zerosec_server.api.removed_references import keep_removing_what_was_made
from zerosec_server.api.run_all import run_all
from zerosec_server.api.run_files import finish_cleaning, run_files
from zerosec_server.api.runs import runs
from zerosec_server.experiments.daily_backups import keep_backing_up
from zerosec_server.services import Services
from zerosec_server.steps.advancing import keep_sequences_going
from zerosec_server.steps.clean_up import keep_cleaning_up

__all__ = ["ROUTERS", "background"]

log = logging.getLogger("zerosec.api")

ROUTERS = (
    exchange,  # before runs/{run_id}
    runs,
    run_all,
    run_files,
    predictions,
    programs,
    references,
    projects,
    experiments,
    imports,
    backups,
)
"""No path of theirs is a path of the routers in app.py, by whatever method: those are tried before these are there."""


@asynccontextmanager
async def background(services: Services) -> AsyncIterator[None]:
    """While entered: runs of all steps go on, and what is old or was left half removed goes."""
    cleaning = asyncio.create_task(_finish_cleaning(services), name="finish-cleaning")
    sequencing = asyncio.create_task(keep_sequences_going(services), name="sequences-of-steps")
    removing = asyncio.create_task(keep_removing_what_was_made(services), name="removed-references")
    clearing = asyncio.create_task(keep_cleaning_up(services), name="clean-up")
    backing_up = asyncio.create_task(keep_backing_up(services), name="daily-backups")
    try:
        yield
    finally:
        services.sequences_bell.ring()
        services.references_bell.ring()
        backing_up.cancel()
        clearing.cancel()
        await asyncio.gather(cleaning, sequencing, removing)
        await asyncio.wait([backing_up, clearing])


async def _finish_cleaning(services: Services) -> None:
    finished = await finish_cleaning(services)
    if finished.files:
        log.info("%d files of deleted or cleaned runs were removed", finished.files)
