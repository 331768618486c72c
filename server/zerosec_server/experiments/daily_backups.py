"""The backup nobody has to think of: every hour, each project whose results have changed and whose newest backup is a day old."""

import asyncio
import logging
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from zerosec_server.database.experiment_tables import projects
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
        except OSError:
            log.exception("a backup could not be written; it is tried again in an hour")
        await asyncio.sleep(EVERY_S)


async def back_up_what_is_due(services: Services, now: datetime) -> int:
    """Make the backups that are due and remove superfluous ones; tells how many were made."""
    root = services.settings.backups_dir

    def read(c: Connection) -> int:
        query = select(projects.c.id, projects.c.revision).where(
            projects.c.deleted_at.is_(None), projects.c.revision > 0
        )
        made = 0
        for project_id, revision in c.execute(query).all():
            project = UUID(project_id)
            if due(backups_of(root, project), revision, now):
                make_backup(c, root, project, "daily", now)
                thin_out(root, project)
                made += 1
        return made

    return await services.database.aread(read)
