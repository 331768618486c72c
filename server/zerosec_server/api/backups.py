"""Backups of a project: list, make now, restore."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from sqlalchemy import Connection, select
from starlette.responses import Response

from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.files import storage_problem
from zerosec_server.api.imports import changed_meanwhile, profile_changed
from zerosec_server.api.projects import id_taken, project_of
from zerosec_server.database.experiment_tables import projects
from zerosec_server.database.submissions import IdTakenError, request_digest
from zerosec_server.experiments.backup_file import BackupDamagedError, read_backup
from zerosec_server.experiments.backups import backup_path, backups_of, make_backup, plan_restore, restore
from zerosec_server.experiments.history import NewImport
from zerosec_server.experiments.laying import lay
from zerosec_server.experiments.projects import project_by_id
from zerosec_server.experiments.taking_in import ProfileChangedError, ResultsChangedError, made_before
from zerosec_server.services import Services
from zerosec_server.storage.base import StorageError
from zerosec_server.storage.durable import full_is_said
from zerosec_shared.errors import ProblemCode
from zerosec_shared.experiments import Backup, ImportKind, Project, RestoreRequest

__all__ = ["backups"]

backups = router("backups")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)
BackupId = Annotated[str, Path(max_length=60)]


@backups.get("/projects/{project_id}/backups", responses={200: {"model": list[Backup]}, **NOT_FOUND})
async def get_backups(services: ServicesOf, owner: Owner, project_id: UUID) -> Response:
    """The backups that can be restored, newest first; those of a deleted project too."""
    held = await _whose(services, owner, project_id)
    mine = None if held is not None else owner
    return answer_list(await asyncio.to_thread(backups_of, services.settings.backups_dir, project_id, mine))


@backups.post(
    "/projects/{project_id}/backups",
    status_code=201,
    responses={201: {"model": Backup}, **NOT_FOUND, **problems(ProblemCode.STORAGE_FULL)},
)
async def make_backup_now(services: ServicesOf, owner: Owner, project_id: UUID) -> Response:
    """Back the results up now. It is kept until a person removes it."""
    project = await project_of(services, owner, project_id)
    return answer(await _back_up(services, project.id, "asked"), 201)


async def _back_up(services: Services, project_id: UUID, reason: str) -> Backup:
    def write(c: Connection) -> Backup:
        with full_is_said():
            return make_backup(c, services.settings.backups_dir, project_id, reason, datetime.now(UTC))

    try:
        return await services.database.aread(write)
    except StorageError as error:
        raise storage_problem(error) from error


@backups.post(
    "/projects/{project_id}/backups/{backup_id}/restore",
    responses={
        200: {"model": Project},
        **NOT_FOUND,
        **problems(ProblemCode.CONFLICT, ProblemCode.STORAGE_FULL),
    },
)
async def restore_backup(
    services: ServicesOf, owner: Owner, project_id: UUID, backup_id: BackupId, body: RestoreRequest
) -> Response:
    """Put the results back as the backup holds them, in one transaction. What is there now is backed up first. Idempotent by its id."""
    digest = request_digest(f"restore {project_id} {backup_id}", body)
    held = await _whose(services, owner, project_id)
    try:
        if held is not None and await services.database.aread(lambda c: made_before(c, str(body.id), digest)):
            return answer(await project_of(services, owner, project_id))
        path = backup_path(services.settings.backups_dir, project_id, backup_id)
        content = await asyncio.to_thread(read_backup, path, str(project_id))
    except IdTakenError as taken:
        raise id_taken(taken) from taken
    except FileNotFoundError as none:
        raise missing("backup", id=backup_id) from none
    except BackupDamagedError as damaged:
        raise ApiError(
            ProblemCode.CONFLICT,
            "This backup is damaged.",
            "It is not whole, or was changed by another program; nothing was changed.",
            "Restore another one.",
        ) from damaged
    if held is None and content.project.owner != owner:
        raise missing("project", id=project_id)
    if held is not None:
        await _back_up(services, project_id, "restore")
    new = NewImport(
        id=str(body.id),
        project_id=str(project_id),
        kind=ImportKind.RESTORE,
        by=owner,
        revision=held or 0,
        digest=digest,
        file_name=backup_id,
        counts={},
    )

    def write(c: Connection) -> Project | None:
        restore(c, new, content, owner, plan)
        return project_by_id(c, str(project_id), owner)

    try:
        plan = await services.database.aread(lambda c: plan_restore(c, str(project_id), content))
        project = await services.database.awrite_laid(lambda c: lay(c, plan.ready), write)
    except ResultsChangedError as changed:
        raise changed_meanwhile() from changed
    except ProfileChangedError as changed:
        raise profile_changed(changed) from changed
    except IdTakenError as taken:
        raise id_taken(taken) from taken
    assert project is not None
    return answer(project)


async def _whose(services: Services, owner: str, project_id: UUID) -> int | None:
    """The project's revision, also of one that was deleted; None when there is none. Raises ApiError for another's."""
    query = select(projects.c.owner, projects.c.revision).where(projects.c.id == str(project_id))
    found = await services.database.aread(lambda c: c.execute(query).one_or_none())
    if found is not None and found.owner != owner:
        raise missing("project", id=project_id)
    return None if found is None else int(found.revision)
