"""Projects in the database: made idempotently by id, listed, changed, deleted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.experiment_tables import experiment_values, experiments, projects
from zerosec_server.database.queries import instant
from zerosec_server.database.submissions import IdTakenError
from zerosec_shared.experiments import ExperimentColumn, Project

__all__ = [
    "ColumnsInUseError",
    "NewProject",
    "ProfileChangedError",
    "change_project",
    "create_project",
    "delete_project",
    "list_projects",
    "next_revision",
    "project_by_id",
]


class ColumnsInUseError(Exception):
    """A new profile would leave out columns that hold values, or change what identifies an experiment."""

    def __init__(self, columns: Sequence[str], *, identifying: bool) -> None:
        super().__init__(", ".join(columns))
        self.columns, self.identifying = tuple(columns), identifying


class ProfileChangedError(Exception):
    """A new profile was written from one that the project no longer has."""


@dataclass(frozen=True, kw_only=True)
class NewProject:
    """A project to be made."""

    id: str
    owner: str
    name: str
    profile: str
    columns: Sequence[ExperimentColumn]
    digest: str


def create_project(c: Connection, new: NewProject) -> bool:
    """Make a project; False if this request made it before. Raises IdTakenError."""
    known = c.execute(
        select(projects.c.request_digest, projects.c.owner, projects.c.deleted_at).where(
            projects.c.id == new.id
        )
    ).one_or_none()
    if known is not None:
        if known.request_digest != new.digest or known.owner != new.owner or known.deleted_at is not None:
            raise IdTakenError("project")
        return False
    c.execute(
        insert(projects).values(
            id=new.id,
            owner=new.owner,
            name=new.name,
            profile=new.profile,
            columns_json=_columns_json(new.columns),
            revision=0,
            request_digest=new.digest,
            created_at=db_now(),
            changed_at=db_now(),
        )
    )
    return True


def project_by_id(c: Connection, project_id: str, owner: str) -> Project | None:
    """A project of this owner."""
    row = c.execute(
        _projects(owner).where(projects.c.id == project_id),
    ).one_or_none()
    return None if row is None else _project(row)


def list_projects(c: Connection, owner: str) -> list[Project]:
    """The owner's projects, those changed last first."""
    rows = c.execute(_projects(owner).order_by(projects.c.changed_at.desc(), projects.c.id.desc()))
    return [_project(row) for row in rows]


def change_project(
    c: Connection,
    project: Project,
    *,
    name: str | None,
    profile: str | None,
    columns: Sequence[ExperimentColumn] | None,
    before: str | None = None,
) -> None:
    """Change name or profile. `before`: the SHA-256 of the profile that the new one was written from.

    Raises ColumnsInUseError when values would lose their column, ProfileChangedError when there is another profile.
    """
    # A request that is repeated because its answer was lost finds its own profile: that is no conflict.
    if profile not in (None, project.profile) and before not in (None, project.profile_sha256):
        raise ProfileChangedError
    values: dict[str, Any] = {"changed_at": db_now()}
    if name is not None:
        values["name"] = name
    if profile is not None and columns is not None:
        if project.experiments:
            _check_columns(c, project, columns)
        # What was previewed by the old profile is not to be written by the new one.
        values |= {
            "profile": profile,
            "columns_json": _columns_json(columns),
            "revision": projects.c.revision + 1,
        }
    c.execute(update(projects).where(projects.c.id == str(project.id)).values(**values))


def _check_columns(c: Connection, project: Project, columns: Sequence[ExperimentColumn]) -> None:
    before = tuple(column.name for column in project.columns if column.identifying)
    after = tuple(column.name for column in columns if column.identifying)
    if before != after:
        raise ColumnsInUseError(sorted(set(before) ^ set(after)) or before, identifying=True)
    used = c.execute(
        select(experiment_values.c.column_name)
        .join(experiments)
        .where(experiments.c.project_id == str(project.id))
        .distinct()
    ).scalars()
    kinds = {column.name: column.kind for column in columns}
    held = {column.name: column.kind for column in project.columns}
    if lost := sorted(name for name in used if kinds.get(name) != held.get(name)):
        raise ColumnsInUseError(lost, identifying=False)


def delete_project(c: Connection, project_id: str) -> None:
    """Hide a project; its results stay in the database until an operator removes them."""
    c.execute(update(projects).where(projects.c.id == project_id).values(deleted_at=db_now()))


def next_revision(c: Connection, project_id: str, expected: int) -> int | None:
    """Count the revision up; None when it is no longer the expected one, and nothing was changed."""
    changed = c.execute(
        update(projects)
        .where(projects.c.id == project_id, projects.c.revision == expected, projects.c.deleted_at.is_(None))
        .values(revision=projects.c.revision + 1, changed_at=db_now())
    )
    return expected + 1 if changed.rowcount == 1 else None


def _columns_json(columns: Sequence[ExperimentColumn]) -> str:
    return json.dumps([column.model_dump(mode="json") for column in columns], ensure_ascii=False)


def _projects(owner: str) -> Any:
    count = (
        select(func.count())
        .select_from(experiments)
        .where(experiments.c.project_id == projects.c.id)
        .scalar_subquery()
    )
    return select(projects, count.label("experiments")).where(
        projects.c.owner == owner, projects.c.deleted_at.is_(None)
    )


def _project(row: Row[Any]) -> Project:
    return Project(
        id=row.id,
        name=row.name,
        profile=row.profile,
        columns=tuple(ExperimentColumn.model_validate(column) for column in json.loads(row.columns_json)),
        experiments=row.experiments,
        revision=row.revision,
        created_at=instant(row.created_at),
        changed_at=instant(row.changed_at),
    )
