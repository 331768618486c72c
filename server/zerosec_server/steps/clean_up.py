"""The clean-up nobody has to think of: files of old runs go after some days, or when runs together fill more than they may.

Never of a run that is pinned or has work to do, and such a run does not count either: else pinning much would drive out the newest. What a run computed, its parameters, events and logs stay: only files go. Off unless the
settings say otherwise.
"""

import asyncio
import logging
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.api.run_files import finish_cleaning
from zerosec_server.database.cleaning import RunBusyError, mark_cleaned
from zerosec_server.database.connection import db_now
from zerosec_server.database.tables import artifacts, jobs, runs
from zerosec_server.services import Services
from zerosec_shared.runs import FilesCleaned, JobStatus

__all__ = ["clean_up", "keep_cleaning_up", "runs_to_clean"]

EVERY_S = 3600.0
DAY_S = 86_400.0

log = logging.getLogger("zerosec.cleaning")


@dataclass(frozen=True)
class OldRun:
    """A run that could be cleaned."""

    id: str
    owner: str
    idle_s: float
    size_bytes: int


async def keep_cleaning_up(services: Services) -> None:
    """Until it is cancelled: at the start and once an hour."""
    settings = services.settings
    while settings.clean_runs_after_days or settings.clean_runs_above_bytes:
        try:
            cleaned = await clean_up(services)
            if cleaned.files:
                log.info("%d files of old runs were removed: %d bytes", cleaned.files, cleaned.freed_bytes)
        except (OSError, SQLAlchemyError):
            log.exception("old runs could not be cleaned; it is tried again in an hour")
        await asyncio.sleep(EVERY_S)


async def clean_up(services: Services) -> FilesCleaned:
    """Clean what is to be cleaned now, and tell how much that freed."""
    settings = services.settings

    def mark(c: Connection) -> None:
        for run in runs_to_clean(
            _candidates(c), settings.clean_runs_after_days * DAY_S, settings.clean_runs_above_bytes
        ):
            try:
                mark_cleaned(c, run.id, run.owner)
            except RunBusyError:  # it was not when the candidates were read, in this transaction
                continue

    await services.database.awrite(mark)
    return await finish_cleaning(services)


def runs_to_clean(candidates: list[OldRun], after_s: float, above_bytes: int) -> list[OldRun]:
    """Those idle for longer than `after_s`; and, longest idle first, as many as make the rest fit in `above_bytes`. 0: no such limit."""
    chosen = [run for run in candidates if after_s and run.idle_s > after_s]
    left = sum(run.size_bytes for run in candidates) - sum(run.size_bytes for run in chosen)
    for run in sorted(candidates, key=lambda run: -run.idle_s):
        if not above_bytes or left <= above_bytes:
            break
        if run not in chosen:
            chosen.append(run)
            left -= run.size_bytes
    return chosen


def _candidates(c: Connection) -> list[OldRun]:
    size = (
        select(jobs.c.run_id, func.sum(artifacts.c.size_bytes).label("size"))
        .join(artifacts, artifacts.c.job_id == jobs.c.id)
        .where(artifacts.c.role != "log")
        .group_by(jobs.c.run_id)
        .subquery()
    )
    busy = select(jobs.c.run_id).where(jobs.c.status.in_((JobStatus.QUEUED.value, JobStatus.RUNNING.value)))
    last = select(func.max(jobs.c.ended_at)).where(jobs.c.run_id == runs.c.id).scalar_subquery()
    rows = c.execute(
        select(runs.c.id, runs.c.owner, (db_now() - last).label("idle"), size.c.size)
        .join(size, size.c.run_id == runs.c.id)
        .where(
            runs.c.pinned.is_(False),
            runs.c.deleted_at.is_(None),
            runs.c.preview.is_(False),
            runs.c.id.not_in(busy),
        )
    )
    return [OldRun(row.id, row.owner, row.idle, row.size) for row in rows]
