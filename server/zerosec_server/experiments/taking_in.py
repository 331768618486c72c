"""Taking an import in, and taking it back: each one transaction, on exactly the results it was worked out for.

The comparison is made on a snapshot; the write counts the project's revision up only if it is still that of the snapshot.
So nothing is ever written that nobody previewed, and two people who import at once cannot mix.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from zerosec_server.database.submissions import IdTakenError
from zerosec_server.experiments.cells import key_text, known_by_key
from zerosec_server.experiments.difference import Difference
from zerosec_server.experiments.history import (
    Change,
    NewImport,
    changes_of,
    import_digest,
    imported_values,
    in_force,
    told_cells,
    told_changes,
    write_import,
)
from zerosec_server.experiments.laying import ToSet, carry_over, lay, to_set
from zerosec_server.experiments.projects import next_revision
from zerosec_shared.experiments import ColumnKind, EntryKind, ExperimentColumn, Project, Value, identity

__all__ = [
    "Backward",
    "ProfileChangedError",
    "ResultsChangedError",
    "advanced",
    "check_fits",
    "made_before",
    "plan_back",
    "ready_of",
    "take_back",
    "take_in",
]


class ResultsChangedError(Exception):
    """The results are not those that were compared with: somebody changed them meanwhile."""


class ProfileChangedError(Exception):
    """Values of older days do not fit the project's columns of today."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def ready_of(difference: Difference) -> ToSet:
    """What an import sets and how it is written down."""
    planned = [(key_text(plan.key), plan.changes) for plan in difference.planned]
    told = told_cells((key, {cell.column: (cell.old, cell.new) for cell in cells}) for key, cells in planned)
    existing = {key_text(plan.key): plan.id for plan in difference.planned if plan.id is not None}
    return to_set(
        ((key, {cell.column: cell.new for cell in cells}) for key, cells in planned), existing, told
    )


def take_in(c: Connection, request: NewImport, difference: Difference, *, laid: bool = False) -> bool:
    """Write what was planned; False if this request did so before. Raises ResultsChangedError, IdTakenError.

    `request.revision` is the revision the difference was worked out for, and becomes one more. `laid`: what `ready_of` gives
    lies ready on this connection.
    """
    if made_before(c, request.id, request.digest):
        return False
    counted = {kind.value: difference.counts.get(kind, 0) for kind in EntryKind}
    new = advanced(c, request, counted)
    if not laid:
        lay(c, ready_of(difference))
    write_import(c, new)
    carry_over(c, new.project_id, new.id)
    return True


@dataclass(frozen=True)
class Backward:
    """What taking an import back would set, worked out for one revision of the results."""

    revision: int
    undone: str
    ready: ToSet
    counts: Mapping[str, int]


def plan_back(c: Connection, project: Project, undone: str) -> Backward:
    """What taking back the import or undo `undone` would set. Raises ProfileChangedError.

    Each value becomes that of the last import still in force: a value of an import that was itself taken back never returns.
    Values a later import has set stay, and are counted in `kept`. Experiments nobody else has values for go; those another
    import added to keep the values that identify them.
    """
    identifying = tuple(column.name for column in project.columns if column.identifying)
    root, counted = in_force(c, str(project.id), undone)
    mine: dict[str, list[str]] = {}
    for change in changes_of(c, root):
        mine.setdefault(change.key, []).append(change.column)
    known = known_by_key(c, str(project.id), mine)
    last: dict[tuple[str, str], Value | None] = {}
    ever: dict[tuple[str, str], Value] = {}
    for import_id, change in imported_values(c, str(project.id), mine):
        cell = (change.key, change.column)
        if import_id in counted:
            last[cell] = change.new
        if change.new is not None:
            ever[cell] = change.new
    made: list[Change] = []
    emptied: list[int] = []
    counts = dict.fromkeys(("new", "changed", "kept"), 0)
    for key, columns in mine.items():
        before = known[key].values if key in known else {}
        after: dict[str, Value | None] = {**before, **{column: last.get((key, column)) for column in columns}}
        measured = any(value is not None for column, value in after.items() if column not in identifying)
        for column in identifying:
            value = last.get((key, column))
            if value is None and measured:
                value = before.get(column, ever.get((key, column)))
            after[column] = value
        back = [
            Change(key, column, before.get(column), value)
            for column, value in after.items()
            if before.get(column) != value
        ]
        counts["kept"] += len(columns) - sum(1 for change in back if change.column in columns)
        if not back:
            continue
        counts["changed" if key in known else "new"] += 1
        made.extend(back)
        left = {column: value for column, value in after.items() if value is not None}
        if left:
            check_fits(project.columns, key, left)
        elif key in known:
            emptied.append(known[key].id)
    ids = {key: found.id for key, found in known.items()}
    gone = frozenset(emptied)
    wanted: dict[str, dict[str, Value | None]] = {}
    for change in made:
        if ids.get(change.key) not in gone:  # those go with all their values
            wanted.setdefault(change.key, {})[change.column] = change.new
    return Backward(
        project.revision, undone, to_set(wanted.items(), ids, told_changes(made), emptied), counts
    )


def check_fits(columns: Sequence[ExperimentColumn], key: str, values: Mapping[str, Value]) -> None:
    """Whether an experiment of older days fits the columns of today. Raises ProfileChangedError."""
    kinds = {column.name: column.kind for column in columns}
    for column, value in values.items():
        if column not in kinds or isinstance(value, str) is (kinds[column] is ColumnKind.NUMBER):
            raise ProfileChangedError(column)
    identifying = tuple(column.name for column in columns if column.identifying)
    if key_text(identity(values, identifying)) != key:
        raise ProfileChangedError(", ".join(identifying))


def take_back(c: Connection, request: NewImport, plan: Backward, *, laid: bool = False) -> bool:
    """Write what was planned; False if this request did so before. Raises ResultsChangedError, IdTakenError.

    `laid`: what the plan sets lies ready on this connection.
    """
    if made_before(c, request.id, request.digest):
        return False
    new = advanced(c, request, plan.counts)
    if not laid:
        lay(c, plan.ready)
    write_import(c, new)
    carry_over(c, new.project_id, new.id)
    return True


def made_before(c: Connection, import_id: str, digest: str) -> bool:
    """Whether this request was carried out before. Raises IdTakenError for another one of the same id."""
    known = import_digest(c, import_id)
    if known is not None and known != digest:
        raise IdTakenError("import")
    return known is not None


def advanced(c: Connection, request: NewImport, counts: Mapping[str, int]) -> NewImport:
    """The request at the next revision, with its counts. Raises ResultsChangedError when it is not its turn."""
    revision = next_revision(c, request.project_id, request.revision)
    if revision is None:
        raise ResultsChangedError
    return NewImport(
        id=request.id,
        project_id=request.project_id,
        kind=request.kind,
        by=request.by,
        revision=revision,
        digest=request.digest,
        file_name=request.file_name,
        file_sha256=request.file_sha256,
        counts=counts,
        undoes=request.undoes,
    )
