"""What was made of references that are on the list no more, such as an index: removed at once, or when the last job that reads it has ended.

Guards against an index that stays for ever because a job read it when its reference was taken from the list: what is to go is noted in
the cache beside it, so that it goes after a restart too.
"""

import asyncio
import logging
from functools import partial
from pathlib import Path

from zerosec_analyses.prepared_references import Freed, forget_prepared
from zerosec_server.database.references import is_registered, readers
from zerosec_server.services import Services
from zerosec_server.waiting_for_jobs import look_until_the_end

__all__ = ["keep_removing_what_was_made", "remove_what_was_made"]

log = logging.getLogger("zerosec.references")


def _notes(services: Services) -> Path:
    return services.settings.cache_dir / "removed-references"


async def remove_what_was_made(services: Services, sha256: str) -> Freed:
    """Remove it now if no job needs it; else it is noted, and goes when the last such job has ended."""
    _, freed = await _try(services, sha256)
    if freed.in_use:
        await asyncio.to_thread(_note, _notes(services), sha256)
        services.references_bell.ring()
    return freed


async def keep_removing_what_was_made(services: Services) -> None:
    """Until the server ends: what was noted goes when it can."""
    await look_until_the_end(services, services.references_bell, partial(_look, services), log)


async def _look(services: Services) -> set[str]:
    """Remove what can go by now; the jobs that the rest waits for."""
    waiting: set[str] = set()
    for note in await asyncio.to_thread(_noted, _notes(services)):
        if not await services.database.aread(partial(is_registered, sha256=note.name)):
            going, freed = await _try(services, note.name)
            waiting |= going
            if freed.in_use:
                continue
            log.info("what was made of a removed reference is gone: %d bytes", freed.size_bytes)
        await asyncio.to_thread(note.unlink, missing_ok=True)
    return waiting


async def _try(services: Services, sha256: str) -> tuple[set[str], Freed]:
    """Remove what was made of a file, unless jobs that read it wait or run: these, and what that freed."""
    jobs = await services.database.aread(partial(readers, sha256=sha256))
    if jobs:
        return jobs, Freed(in_use=True)
    return jobs, await asyncio.to_thread(forget_prepared, services.settings.cache_dir, sha256)


def _note(notes: Path, sha256: str) -> None:
    notes.mkdir(parents=True, exist_ok=True)
    (notes / sha256).touch()


def _noted(notes: Path) -> list[Path]:
    return sorted(notes.iterdir()) if notes.is_dir() else []
