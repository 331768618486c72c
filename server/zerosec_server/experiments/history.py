"""Every change of the results: who, when, from which file, and which value was there before."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from zerosec_server.database.connection import db_now
from zerosec_server.database.experiment_tables import changes, imports
from zerosec_server.database.queries import instant
from zerosec_server.experiments.cells import AT_ONCE, key_of
from zerosec_server.experiments.experiment_names import choices_of, namer
from zerosec_server.experiments.laying import Told
from zerosec_shared.experiments import (
    ChangeRecord,
    ImportKind,
    ImportRecord,
    Project,
    ProjectChange,
    Value,
)

__all__ = [
    "Change",
    "NewImport",
    "changes_of",
    "changes_page",
    "history_of",
    "import_by_id",
    "import_digest",
    "imported_values",
    "in_force",
    "list_imports",
    "told_cells",
    "told_changes",
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


def told_changes(made: Iterable[Change]) -> list[Told]:
    """Values that were set, as they are written down: to be made before a write, which others wait for."""
    by_key: dict[str, dict[str, tuple[Value | None, Value | None]]] = {}
    for change in made:
        by_key.setdefault(change.key, {})[change.column] = (change.old, change.new)
    return told_cells(by_key.items())


def told_cells(made: Iterable[tuple[str, Mapping[str, tuple[Value | None, Value | None]]]]) -> list[Told]:
    """The same by key and column: what was there, and what is now."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    return [(None, key, encode(cells)) for key, cells in made]


def _cells(key: str, cells_json: str) -> Iterator[Change]:
    for column, (old, new) in json.loads(cells_json).items():
        yield Change(key, column, old, new)


def changes_of(c: Connection, import_id: str) -> list[Change]:
    """What an import set, in the order it did."""
    query = select(changes.c.key, changes.c.cells_json).where(changes.c.import_id == import_id)
    return [change for row in c.execute(query.order_by(changes.c.id)) for change in _cells(*row)]


def imported_values(c: Connection, project_id: str, keys: Iterable[str]) -> Iterator[tuple[str, Change]]:
    """Every value that imports and restores set in these experiments, oldest first within each: by which, and what."""
    remaining = iter(keys)
    while some := tuple(islice(remaining, AT_ONCE)):
        rows = c.execute(
            select(changes.c.import_id, changes.c.key, changes.c.cells_json)
            .join(imports)
            .where(
                changes.c.project_id == project_id,
                changes.c.key.in_(some),
                imports.c.kind != ImportKind.UNDO.value,
            )
            .order_by(changes.c.id)
        )
        for import_id, key, cells in rows:
            yield from ((import_id, change) for change in _cells(key, cells))


def in_force(c: Connection, project_id: str, toggled: str) -> tuple[str, frozenset[str]]:
    """The import that undoing `toggled` takes back or brings back, and which imports and restores count after that.

    An import counts unless it was undone, and again once that undo was undone, however often.
    """
    rows = c.execute(
        select(imports.c.id, imports.c.undoes)
        .where(imports.c.project_id == project_id)
        .order_by(imports.c.revision.desc())
    ).all()
    undoes = {row.id: row.undoes for row in rows}
    undone: set[str] = set()
    for row in rows:  # newest first: whether an undo counts is known before what it undoes is looked at
        if row.undoes is not None and row.id not in undone:
            undone.add(row.undoes)
    root = toggled
    while undoes[root] is not None:
        root = undoes[root]
    counted = {row.id for row in rows if row.undoes is None and row.id not in undone}
    return root, frozenset(counted ^ {root})


def history_of(c: Connection, project_id: str, key: str, most: int = 5000) -> list[ChangeRecord]:
    """All changes of one experiment, newest first."""
    rows = c.execute(
        select(changes, imports.c.kind, imports.c.at, imports.c.changed_by, imports.c.file_name)
        .join(imports)
        .where(changes.c.project_id == project_id, changes.c.key == key)
        .order_by(changes.c.id.desc())
        .limit(most)
    )
    found = [
        ChangeRecord(
            import_id=row.import_id,
            kind=ImportKind(row.kind),
            at=instant(row.at),
            by=row.changed_by,
            file_name=row.file_name,
            column=change.column,
            old=change.old,
            new=change.new,
        )
        for row in rows
        for change in reversed(list(_cells(key, row.cells_json)))
    ]
    return found[:most]


def changes_page(
    c: Connection, project: Project, after: int, limit: int
) -> tuple[list[ProjectChange], int | None]:
    """All values that were set in at most `limit` experiments after the change `after`, oldest first; where the next page begins."""
    name = _namer(project)
    rows = c.execute(
        select(changes, imports.c.kind, imports.c.at, imports.c.changed_by, imports.c.file_name)
        .join(imports)
        .where(changes.c.project_id == str(project.id), changes.c.id > after)
        .order_by(changes.c.id)
        .limit(limit + 1)
    ).all()
    found = [
        ProjectChange(
            import_id=row.import_id,
            kind=ImportKind(row.kind),
            at=instant(row.at),
            by=row.changed_by,
            file_name=row.file_name,
            experiment=name(row.key),
            column=change.column,
            old=change.old,
            new=change.new,
        )
        for row in rows[:limit]
        for change in _cells(row.key, row.cells_json)
    ]
    return found, rows[limit - 1].id if len(rows) > limit else None


def _namer(project: Project) -> Callable[[str], str]:
    """A function from an experiment's stored key to what it is called, its brush by name."""
    names = [column.name for column in project.columns if column.identifying]
    called = namer(names, choices_of(project.profile))

    def name(key: str) -> str:
        parts = key_of(key)
        if len(parts) != len(names):  # of a profile of older days
            return ", ".join(part for part in parts if part)
        return called(parts)

    return name


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
