"""A backup of one project: its experiments, filters and whole history as lines of JSON, compressed, closed by a checksum.

The same file restores into any database. It is complete or it does not exist: written beside its place, made durable,
renamed; and its last line tells how many lines there were and their SHA-256.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
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
from zerosec_server.storage.durable import make_folder, publish, sync_path

__all__ = ["BackupContent", "BackupDamagedError", "read_backup", "read_header", "write_backup"]

FORMAT = "zerosec-project"
VERSION = 1
LINE_BYTES = 16 * 2**20
TABLES = {table.name: table for table in (experiments, experiment_values, imports, changes, saved_filters)}


class BackupDamagedError(Exception):
    """The backup cannot be read whole."""


@dataclass(frozen=True)
class BackupContent:
    """All of a backup: the project's row, and rows by table, as they stood in the database."""

    project: dict[str, Any]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


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
    try:
        with gzip.open(path, "rb") as file:
            return _header(json.loads(file.readline(LINE_BYTES)))
    except (OSError, EOFError, zlib.error, ValueError) as bad:
        if isinstance(bad, FileNotFoundError):
            raise
        raise BackupDamagedError(path.name) from bad


def _header(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("version") != VERSION:
        raise ValueError("not a backup of this version")
    return found


def read_backup(path: Path) -> BackupContent:
    """A whole backup, checked. Raises BackupDamagedError, FileNotFoundError."""
    try:
        with gzip.open(path, "rb") as file:
            return _read(file)
    except FileNotFoundError:
        raise
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as bad:
        raise BackupDamagedError(path.name) from bad


def _read(file: gzip.GzipFile) -> BackupContent:
    first = file.readline(LINE_BYTES)
    content = BackupContent(_header(json.loads(first))["project"], {name: [] for name in TABLES})
    digest, count = hashlib.sha256(first), 1
    for line in iter(lambda: file.readline(LINE_BYTES), b""):
        found = json.loads(line)
        if isinstance(found, dict):
            if found != {"end": count, "sha256": digest.hexdigest()} or file.read(1):
                raise ValueError("the checksum is another")
            return content
        name, row = found
        content.rows[name].append(row)
        digest.update(line)
        count += 1
    raise ValueError("the end is missing")
