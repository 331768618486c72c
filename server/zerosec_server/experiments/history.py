"""Every change of the results: who, when, from which file, and which value was there before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from zerosec_server.database.connection import db_now
from zerosec_server.database.experiment_tables import changes, imports
from zerosec_server.database.queries import instant
from zerosec_server.experiments.cells import halves, value_of
from zerosec_shared.experiments import ChangeRecord, ImportKind, ImportRecord, Value

__all__ = [
    "Change",
    "NewImport",
    "changes_of",
    "history_of",
    "import_by_id",
    "import_digest",
    "list_imports",
    "write_changes",
    "write_import",
]


@dataclass(frozen=True, kw_only=True)
class NewImport:
    """A change of the results, to be written down."""

    id: str
    project_id: str
    kind: ImportKind
    by: str
    revision: int
    digest: str
    file_name: str = ""
    file_sha256: str = ""
    counts: Mapping[str, int]
    undoes: str | None = None


@dataclass(frozen=True)
class Change:
    """One value that was set."""

    key: str
    column: str
    old: Value | None
    new: Value | None


def write_import(c: Connection, new: NewImport) -> None:
    """Write the record of an import, an undo or a restore."""
    c.execute(
        insert(imports).values(
            id=new.id,
            project_id=new.project_id,
            kind=new.kind.value,
            file_name=new.file_name,
            file_sha256=new.file_sha256,
            changed_by=new.by,
            at=db_now(),
            revision=new.revision,
            undoes=new.undoes,
            request_digest=new.digest,
            **{f"{name}_count": count for name, count in new.counts.items()},
        )
    )


def write_changes(c: Connection, new: NewImport, made: Iterable[Change]) -> None:
    """Write down every value that was set."""
    rows = []
    for change in made:
        (old_number, old_text), (new_number, new_text) = halves(change.old), halves(change.new)
        rows.append(
            {
                "import_id": new.id,
                "project_id": new.project_id,
                "key": change.key,
                "column_name": change.column,
                "old_number": old_number,
                "old_text": old_text,
                "new_number": new_number,
                "new_text": new_text,
            }
        )
    if rows:
        c.execute(insert(changes), rows)


def changes_of(c: Connection, import_id: str) -> list[Change]:
    """What an import set, in the order it did."""
    rows = c.execute(select(changes).where(changes.c.import_id == import_id).order_by(changes.c.id))
    return [
        Change(
            row.key,
            row.column_name,
            value_of(row.old_number, row.old_text),
            value_of(row.new_number, row.new_text),
        )
        for row in rows
    ]


def history_of(c: Connection, project_id: str, key: str, most: int = 5000) -> list[ChangeRecord]:
    """All changes of one experiment, newest first."""
    rows = c.execute(
        select(changes, imports.c.kind, imports.c.at, imports.c.changed_by, imports.c.file_name)
        .join(imports)
        .where(changes.c.project_id == project_id, changes.c.key == key)
        .order_by(changes.c.id.desc())
        .limit(most)
    )
    return [
        ChangeRecord(
            import_id=row.import_id,
            kind=ImportKind(row.kind),
            at=instant(row.at),
            by=row.changed_by,
            file_name=row.file_name,
            column=row.column_name,
            old=value_of(row.old_number, row.old_text),
            new=value_of(row.new_number, row.new_text),
        )
        for row in rows
    ]


_undo = imports.alias("undo")


def _imports() -> Any:
    return select(imports, _undo.c.id.label("undone_by")).outerjoin(_undo, _undo.c.undoes == imports.c.id)


def list_imports(c: Connection, project_id: str, before: int | None, limit: int) -> Sequence[ImportRecord]:
    """Imports, undos and restores, newest first; `before` is the revision of the last one seen."""
    query = _imports().where(imports.c.project_id == project_id)
    if before is not None:
        query = query.where(imports.c.revision < before)
    return [_record(row) for row in c.execute(query.order_by(imports.c.revision.desc()).limit(limit))]


def import_by_id(c: Connection, project_id: str, import_id: str) -> ImportRecord | None:
    """One import of a project."""
    row = c.execute(
        _imports().where(imports.c.project_id == project_id, imports.c.id == import_id)
    ).one_or_none()
    return None if row is None else _record(row)


def import_digest(c: Connection, import_id: str) -> str | None:
    """From which request an import was made; None when there is none of this id."""
    found: str | None = c.execute(
        select(imports.c.request_digest).where(imports.c.id == import_id)
    ).scalar_one_or_none()
    return found


def _record(row: Row[Any]) -> ImportRecord:
    return ImportRecord(
        id=row.id,
        kind=ImportKind(row.kind),
        file_name=row.file_name,
        file_sha256=row.file_sha256,
        by=row.changed_by,
        at=instant(row.at),
        revision=row.revision,
        new=row.new_count,
        changed=row.changed_count,
        identical=row.identical_count,
        rejected=row.rejected_count,
        kept=row.kept_count,
        undoes=row.undoes,
        undone_by=row.undone_by,
    )
