"""A backup of one project: its experiments, filters and whole history as lines of JSON, compressed, closed by a checksum.

The same file restores into any database. It is complete or it does not exist: written beside its place, made durable,
renamed; and its last line tells how many lines there were and their SHA-256.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from zerosec_server.database.experiment_tables import (
    changes,
    experiment_values,
    experiments,
    imports,
    projects,
    saved_filters,
)
from zerosec_server.experiments.backup_rows import (
    ROWS,
    ChangeRow,
    ExperimentRow,
    FilterRow,
    ImportRow,
    ProjectRow,
    ValueRow,
)
from zerosec_server.experiments.cells import value_of
from zerosec_server.storage.durable import make_folder, publish, sync_path
from zerosec_shared.experiments import Value

__all__ = ["BackupContent", "BackupDamagedError", "read_backup", "read_header", "write_backup"]

FORMAT = "zerosec-project"
VERSION = 2
LINE_BYTES = 16 * 2**20
TABLES = {table.name: table for table in (experiments, experiment_values, imports, changes, saved_filters)}


class BackupDamagedError(Exception):
    """The backup cannot be read whole."""


@dataclass(frozen=True)
class BackupContent:
    """All of a backup: the project, the experiments' values by key, the history and the saved filters."""

    project: ProjectRow
    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    imports: dict[str, ImportRow] = field(default_factory=dict)
    changes: dict[tuple[str, str], ChangeRow] = field(default_factory=dict)
    filters: dict[str, FilterRow] = field(default_factory=dict)


def write_backup(c: Connection, project_id: str, target: Path) -> None:
    """Write a backup of a project; durable when it returns."""
    make_folder(target.parent)
    draft = target.with_name(f".{target.name}.part")
    digest, count = hashlib.sha256(), 0
    try:
        with draft.open("xb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as file:
            for line in _lines(c, project_id):
                digest.update(line)
                file.write(line)
                count += 1
            file.write(_line({"end": count, "sha256": digest.hexdigest()}))
        sync_path(draft)
        publish(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _line(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _lines(c: Connection, project_id: str) -> Iterator[bytes]:
    project = c.execute(select(projects).where(projects.c.id == project_id)).mappings().one()
    count = c.execute(select(experiments.c.id).where(experiments.c.project_id == project_id)).all()
    yield _line({"format": FORMAT, "version": VERSION, "project": dict(project), "experiments": len(count)})
    mine = select(experiments.c.id).where(experiments.c.project_id == project_id)
    for table in TABLES.values():
        where = (
            table.c.experiment_id.in_(mine)
            if table is experiment_values
            else table.c.project_id == project_id
        )
        for row in c.execute(select(table).where(where).order_by(*table.primary_key.columns)).mappings():
            yield _line([table.name, dict(row)])


def read_header(path: Path) -> dict[str, Any]:
    """The first line. Raises BackupDamagedError, FileNotFoundError."""
    with _damage_is_said(path), gzip.open(path, "rb") as file:
        return _header(json.loads(file.readline(LINE_BYTES)))


@contextmanager
def _damage_is_said(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, RecursionError) as bad:
        raise BackupDamagedError(path.name) from bad


def _header(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("version") != VERSION:
        raise ValueError("not a backup of this version")
    return found


def read_backup(path: Path, project_id: str) -> BackupContent:
    """A whole backup of this project, every row checked. Raises BackupDamagedError, FileNotFoundError."""
    with _damage_is_said(path), gzip.open(path, "rb") as file:
        return _read(file, project_id)


def _read(file: gzip.GzipFile, project_id: str) -> BackupContent:
    first = file.readline(LINE_BYTES)
    content = BackupContent(ProjectRow.model_validate(_header(json.loads(first))["project"], strict=True))
    if content.project.id != project_id:
        raise ValueError("a backup of another project")
    keys: dict[int, str] = {}
    digest, count = hashlib.sha256(first), 1
    for line in iter(lambda: file.readline(LINE_BYTES), b""):
        found = json.loads(line)
        if isinstance(found, dict):
            if found != {"end": count, "sha256": digest.hexdigest()} or file.read(1):
                raise ValueError("the checksum is another")
            for each in content.imports.values():
                if each.undoes is not None and content.imports[each.undoes].revision >= each.revision:
                    raise ValueError("an undo of something later")
            return content
        name, row = found
        _take(content, keys, ROWS[name].model_validate(row, strict=True))
        digest.update(line)
        count += 1
    raise ValueError("the end is missing")


def _take(content: BackupContent, keys: dict[int, str], row: Any) -> None:
    """Add a row. Every row names something new: a file that unpacks without end is refused at its second row."""
    if not isinstance(row, ValueRow) and row.project_id != content.project.id:
        raise ValueError("a row of another project")
    match row:
        case ExperimentRow():
            if row.id in keys or row.key in content.values:
                raise ValueError("an experiment stands twice")
            keys[row.id] = row.key
            content.values[row.key] = {}
        case ValueRow():
            values = content.values[keys[row.experiment_id]]
            if row.column_name in values:
                raise ValueError("a value stands twice")
            value = value_of(row.number_value, row.text_value)
            assert value is not None
            values[row.column_name] = value
        case ImportRow():
            if row.id in content.imports or (row.undoes is not None and row.undoes == row.id):
                raise ValueError("an import stands twice")
            content.imports[row.id] = row
        case ChangeRow():
            if row.import_id not in content.imports or (row.import_id, row.key) in content.changes:
                raise ValueError("a change of no import, or twice")
            content.changes[(row.import_id, row.key)] = row
        case FilterRow():
            if row.name in content.filters:
                raise ValueError("a filter stands twice")
            content.filters[row.name] = row
