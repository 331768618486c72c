"""Backups of projects: made daily and when asked, thinned out by age, listed, and put back.

Putting one back is a change like any other: it is written into the history value by value, and can itself be undone. A
project that is not in the database any more comes back with its whole history.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from zerosec_server.database.experiment_tables import (
    changes,
    experiment_values,
    experiments,
    imports,
    projects,
    saved_filters,
)
from zerosec_server.experiments.backup_file import (
    BackupContent,
    BackupDamagedError,
    read_header,
    write_backup,
)
from zerosec_server.experiments.cells import remove_experiments, set_values, value_of, with_values
from zerosec_server.experiments.difference import Known
from zerosec_server.experiments.history import Change, NewImport, write_changes, write_import
from zerosec_server.experiments.retention import superfluous
from zerosec_server.experiments.taking_in import advanced, made_before
from zerosec_shared.experiments import Backup, Value

__all__ = [
    "BackupDamagedError",
    "backup_path",
    "backups_of",
    "due",
    "make_backup",
    "newest_revision",
    "restore",
    "thin_out",
]

SUFFIX = ".jsonl.gz"
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
    backup_id = path.name.removesuffix(SUFFIX)
    match = _ID.fullmatch(backup_id)
    assert match is not None
    header = read_header(path)
    return Backup(
        id=backup_id,
        at=datetime.strptime(f"{match[1]}+0000", "%Y%m%dT%H%M%S%fZ%z"),
        reason=match[2],
        experiments=header["experiments"],
        revision=header["project"]["revision"],
        size_bytes=path.stat().st_size,
    )


def backups_of(root: Path, project_id: UUID) -> list[Backup]:
    """Backups that can be read, newest first."""
    found = []
    for path in _paths(root, project_id):
        try:
            found.append(_described(path))
        except (BackupDamagedError, FileNotFoundError, KeyError, TypeError, ValueError):
            continue
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def _paths(root: Path, project_id: UUID) -> list[Path]:
    folder = _folder(root, project_id)
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if _ID.fullmatch(path.name.removesuffix(SUFFIX))]


def newest_revision(known: Sequence[Backup]) -> int | None:
    """The revision of the newest backup."""
    return max(known, key=lambda backup: backup.at).revision if known else None


def due(known: Sequence[Backup], revision: int, now: datetime) -> bool:
    """Whether a daily backup is to be made: the results have changed since the newest, which is a day old."""
    newest = max((backup.at for backup in known), default=None)
    return newest_revision(known) != revision and (newest is None or now - newest >= timedelta(hours=20))


def thin_out(root: Path, project_id: UUID) -> int:
    """Remove daily backups that newer ones make superfluous; tells how many. Others stay until a person removes them."""
    daily = {backup.at: backup for backup in backups_of(root, project_id) if backup.reason == "daily"}
    gone = superfluous(daily)
    for at in gone:
        backup_path(root, project_id, daily[at].id).unlink(missing_ok=True)
    return len(gone)


def restore(c: Connection, request: NewImport, content: BackupContent, owner: str) -> bool:
    """Put the results back; False if this request did so before. Raises ResultsChangedError, IdTakenError.

    A project that is not in the database is made anew from the backup, with its history.
    """
    if made_before(c, request.id, request.digest):
        return False
    there = select(projects.c.id).where(projects.c.id == request.project_id)
    if c.execute(there).one_or_none() is None:
        _bring_back(c, content, owner)
        return True
    c.execute(update(projects).where(projects.c.id == request.project_id).values(deleted_at=None))
    wanted = _experiments_of(content)
    mine = select(experiments.c.id, experiments.c.key).where(experiments.c.project_id == request.project_id)
    known = {key: Known(number, values) for number, key, values in with_values(c, mine)}
    made = list(_changes(known, wanted))
    counts = {
        "new": len(wanted.keys() - known.keys()),
        "changed": len({change.key for change in made} & known.keys()),
    }
    new = advanced(c, request, counts)
    cells: dict[str, dict[str, Value | None]] = {}
    for change in made:
        cells.setdefault(change.key, {})[change.column] = change.new
    set_values(c, request.project_id, cells, {key: found.id for key, found in known.items()})
    remove_experiments(c, (found.id for key, found in known.items() if key not in wanted))
    write_import(c, new)
    write_changes(c, new, made)
    _restore_filters(c, request.project_id, content)
    return True


def _experiments_of(content: BackupContent) -> dict[str, dict[str, Value]]:
    keys = {row["id"]: row["key"] for row in content.rows[experiments.name]}
    found: dict[str, dict[str, Value]] = {key: {} for key in keys.values()}
    for row in content.rows[experiment_values.name]:
        value = value_of(row["number_value"], row["text_value"])
        if value is not None:
            found[keys[row["experiment_id"]]][row["column_name"]] = value
    return found


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
    missing = [row for row in content.rows[saved_filters.name] if row["name"] not in there]
    if missing:
        c.execute(insert(saved_filters), missing)


def _bring_back(c: Connection, content: BackupContent, owner: str) -> None:
    c.execute(insert(projects).values(**{**content.project, "owner": owner, "deleted_at": None}))
    project_id = content.project["id"]
    wanted = _experiments_of(content)
    set_values(c, project_id, wanted, {})
    # An undo names the import it undoes: in the order they were made every reference is there already.
    for row in sorted(content.rows[imports.name], key=lambda row: row["revision"]):
        c.execute(insert(imports), row)
    told: list[dict[str, Any]] = [
        {name: value for name, value in row.items() if name != "id"} for row in content.rows[changes.name]
    ]
    if told:
        c.execute(insert(changes), told)
    _restore_filters(c, project_id, content)
