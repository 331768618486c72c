"""The backup nobody has to think of: every hour, each project whose results have changed and whose newest backup is a day old."""

import asyncio
import logging
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.database.experiment_tables import projects
from zerosec_server.database.queries import instant
from zerosec_server.experiments.backups import backups_of, due, make_backup, thin_out
from zerosec_server.services import Services

__all__ = ["back_up_what_is_due", "keep_backing_up"]

EVERY_S = 3600.0

log = logging.getLogger("zerosec.backups")


async def keep_backing_up(services: Services) -> None:
    """Until it is cancelled. A backup that fails is logged and tried again an hour later."""
    while True:
        try:
            made = await back_up_what_is_due(services, datetime.now(UTC))
            if made:
                log.info("%d projects were backed up", made)
        except SQLAlchemyError:
            log.exception("what is to be backed up could not be read; it is tried again in an hour")
        await asyncio.sleep(EVERY_S)


async def back_up_what_is_due(services: Services, now: datetime) -> int:
    """Make the backups that are due and remove superfluous ones; tells how many were made.

    Each project is a read of its own: one whose backup fails, which is logged, keeps no other from being backed up.
    """
    root = services.settings.backups_dir
    query = select(projects.c.id, projects.c.revision, projects.c.changed_at).where(
        projects.c.deleted_at.is_(None), projects.c.revision > 0
    )
    made = 0
    for row in await services.database.aread(lambda c: c.execute(query).all()):
        project, revision, changed_at = UUID(row.id), row.revision, instant(row.changed_at)
        try:
            known = await asyncio.to_thread(backups_of, root, project)
            if due(known, revision, changed_at, now):
                await services.database.aread(partial(_make_daily, root=root, project=project, now=now))
                made += 1
        except (OSError, SQLAlchemyError):
            log.exception("the project %s could not be backed up; it is tried again in an hour", project)
    return made


def _make_daily(c: Connection, root: Path, project: UUID, now: datetime) -> None:
    make_backup(c, root, project, "daily", now)
    thin_out(root, project, now)
