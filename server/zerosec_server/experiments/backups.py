"""Backups of projects: made daily and when asked, thinned out by age, listed, and put back.

Putting one back is a change like any other: it is written into the history value by value, and can itself be undone. A
project that is not in the database any more comes back with its whole history.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from zerosec_server.database.experiment_tables import (
    experiments,
    imports,
    projects,
    saved_filters,
)
from zerosec_server.database.submissions import IdTakenError
from zerosec_server.experiments.backup_file import (
    BackupContent,
    BackupDamagedError,
    read_header,
    write_backup,
)
from zerosec_server.experiments.cells import with_values
from zerosec_server.experiments.difference import Known
from zerosec_server.experiments.history import Change, NewImport, told_changes, write_import
from zerosec_server.experiments.laying import ToSet, carry_over, lay, to_set
from zerosec_server.experiments.retention import superfluous
from zerosec_server.experiments.taking_in import ResultsChangedError, advanced, check_fits, made_before
from zerosec_shared.experiments import Backup, ExperimentColumn, Value

__all__ = [
    "BackupDamagedError",
    "backup_path",
    "backups_of",
    "due",
    "make_backup",
    "plan_restore",
    "restore",
    "thin_out",
]

SUFFIX = ".jsonl.gz"
STALE_S = 24 * 3600.0
_ID = re.compile(r"([0-9]{8}T[0-9]{12}Z)-(daily|asked|restore)")


def _folder(root: Path, project_id: UUID) -> Path:
    return root / str(project_id)


def backup_path(root: Path, project_id: UUID, backup_id: str) -> Path:
    """Where a backup lies. Raises FileNotFoundError for what is no id of one."""
    if _ID.fullmatch(backup_id) is None:
        raise FileNotFoundError(backup_id)
    return _folder(root, project_id) / f"{backup_id}{SUFFIX}"


def make_backup(c: Connection, root: Path, project_id: UUID, reason: str, now: datetime) -> Backup:
    """Write a backup; durable when it returns."""
    path = backup_path(root, project_id, f"{now.astimezone(UTC):%Y%m%dT%H%M%S%f}Z-{reason}")
    write_backup(c, str(project_id), path)
    return _described(path)


def _described(path: Path) -> Backup:
    return _told(path, read_header(path))


def _told(path: Path, header: Mapping[str, Any]) -> Backup:
    backup_id = path.name.removesuffix(SUFFIX)
    match = _ID.fullmatch(backup_id)
    assert match is not None
    return Backup(
        id=backup_id,
        at=datetime.strptime(f"{match[1]}+0000", "%Y%m%dT%H%M%S%fZ%z"),
        reason=match[2],
        experiments=header["experiments"],
        revision=header["project"]["revision"],
        size_bytes=path.stat().st_size,
    )


def backups_of(root: Path, project_id: UUID, owner: str | None = None) -> list[Backup]:
    """Backups that can be read, newest first; only those of this owner's project where one is named."""
    found = []
    for path in _paths(root, project_id):
        try:
            header = read_header(path)
            if owner is None or header["project"]["owner"] == owner:
                found.append(_told(path, header))
        except (BackupDamagedError, FileNotFoundError, KeyError, TypeError, ValueError):
            continue
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def _paths(root: Path, project_id: UUID) -> list[Path]:
    folder = _folder(root, project_id)
    if not folder.is_dir():
        return []
    return [
        path
        for path in folder.iterdir()
        if path.name.endswith(SUFFIX) and _ID.fullmatch(path.name.removesuffix(SUFFIX)) and path.is_file()
    ]


def due(known: Sequence[Backup], revision: int, changed_at: datetime, now: datetime) -> bool:
    """Whether a daily backup is to be made: the results have changed since the newest, which is a day old.

    A backup of a time that is still to come (the clock was wrong) keeps none from being made. The revision alone would not
    do: a project that was lost and restored counts on from an older one.
    """
    past = [backup for backup in known if backup.at <= now + timedelta(hours=1)]
    newest = max(past, key=lambda backup: backup.at, default=None)
    if newest is None:
        return True
    changed = newest.revision != revision or newest.at < changed_at
    return changed and now - newest.at >= timedelta(hours=20)


def thin_out(root: Path, project_id: UUID, now: datetime) -> int:
    """Remove daily backups that newer ones make superfluous; tells how many. Others stay until a person removes them.

    What a backup that was cut off has left goes too.
    """
    daily = {backup.at: backup for backup in backups_of(root, project_id) if backup.reason == "daily"}
    gone = superfluous(daily)
    for at in gone:
        backup_path(root, project_id, daily[at].id).unlink(missing_ok=True)
    for left in _folder(root, project_id).glob(f".*{SUFFIX}.part"):  # by a server that was killed
        if now.timestamp() - left.stat().st_mtime > STALE_S:
            left.unlink(missing_ok=True)
    return len(gone)


@dataclass(frozen=True)
class Restoring:
    """What putting a backup back would set, worked out for one state of the project; `columns` None: it is not there."""

    columns: str | None
    ready: ToSet
    counts: Mapping[str, int]


def plan_restore(c: Connection, project_id: str, content: BackupContent) -> Restoring:
    """What putting the backup back would set. Raises ProfileChangedError."""
    held = _columns_of(c, project_id)
    columns = (
        content.project.columns
        if held is None
        else tuple(ExperimentColumn.model_validate(each) for each in json.loads(held))
    )
    for key, values in content.values.items():
        check_fits(columns, key, values)
    if held is None:
        told = [(row.import_id, row.key, row.cells_json) for row in content.changes.values()]
        return Restoring(None, to_set(content.values.items(), {}, told), {"new": 0})
    mine = select(experiments.c.id, experiments.c.key).where(experiments.c.project_id == project_id)
    known = {key: Known(number, values) for number, key, values in with_values(c, mine)}
    made = _changes(known, content.values)
    counts = {
        "new": len(content.values.keys() - known.keys()),
        "changed": len({change.key for change in made} & known.keys()),
    }
    cells: dict[str, dict[str, Value | None]] = {}
    for change in made:
        if change.key in content.values:  # others go with all their values
            cells.setdefault(change.key, {})[change.column] = change.new
    ids = {key: found.id for key, found in known.items()}
    gone = [number for key, number in ids.items() if key not in content.values]
    return Restoring(held, to_set(cells.items(), ids, told_changes(made), gone), counts)


def _columns_of(c: Connection, project_id: str) -> str | None:
    return c.execute(select(projects.c.columns_json).where(projects.c.id == project_id)).scalar_one_or_none()


def restore(
    c: Connection,
    request: NewImport,
    content: BackupContent,
    owner: str,
    plan: Restoring | None = None,
) -> bool:
    """Put the results back; False if this request did so before. Raises ResultsChangedError, IdTakenError, ProfileChangedError.

    A project that is not in the database is made anew from the backup, with its history. `plan` was made before, and what it
    sets lies ready on this connection.
    """
    if made_before(c, request.id, request.digest):
        return False
    if plan is None:
        plan = plan_restore(c, request.project_id, content)
        lay(c, plan.ready)
    if plan.columns != _columns_of(c, request.project_id):
        raise ResultsChangedError
    if plan.columns is None:
        new = _bring_back(c, request, content, owner)
    else:
        c.execute(update(projects).where(projects.c.id == request.project_id).values(deleted_at=None))
        new = advanced(c, request, plan.counts)
        write_import(c, new)
    carry_over(c, new.project_id, new.id)
    _restore_filters(c, request.project_id, content)
    return True


def _changes(known: Mapping[str, Known], wanted: Mapping[str, Mapping[str, Value]]) -> list[Change]:
    made = []
    for key in {**wanted, **known}:
        before = known[key].values if key in known else {}
        after = wanted.get(key, {})
        for column in {**before, **after}:
            old, new = before.get(column), after.get(column)
            if old != new:
                made.append(Change(key, column, old, new))
    return made


def _restore_filters(c: Connection, project_id: str, content: BackupContent) -> None:
    there = set(
        c.execute(select(saved_filters.c.name).where(saved_filters.c.project_id == project_id)).scalars()
    )
    missing = [row.model_dump() for name, row in content.filters.items() if name not in there]
    if missing:
        c.execute(insert(saved_filters), missing)


def _bring_back(c: Connection, request: NewImport, content: BackupContent, owner: str) -> NewImport:
    project = content.project
    taken = select(imports.c.id).where(imports.c.project_id != project.id)
    if content.imports.keys() & set(c.execute(taken).scalars()):
        raise IdTakenError("import")
    c.execute(insert(projects).values(**{**project.model_dump(), "owner": owner, "deleted_at": None}))
    # An undo names the import it undoes: in the order they were made every reference is there already.
    for row in sorted(content.imports.values(), key=lambda row: row.revision):
        c.execute(insert(imports), row.model_dump())
    new = advanced(c, replace(request, revision=project.revision), {"new": 0})
    write_import(c, new)
    return new
