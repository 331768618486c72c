"""Taking an import in, and taking it back: each one transaction, on exactly the results it was worked out for.

The comparison is made on a snapshot; the write counts the project's revision up only if it is still that of the snapshot.
So nothing is ever written that nobody previewed, and two people who import at once cannot mix.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection

from zerosec_server.database.submissions import IdTakenError
from zerosec_server.experiments.cells import key_text, known_by_key, remove_experiments, set_values
from zerosec_server.experiments.difference import Difference
from zerosec_server.experiments.history import (
    Change,
    NewImport,
    changes_of,
    import_digest,
    write_changes,
    write_import,
)
from zerosec_server.experiments.projects import next_revision
from zerosec_shared.experiments import EntryKind, Value

__all__ = ["ResultsChangedError", "advanced", "made_before", "take_back", "take_in"]


class ResultsChangedError(Exception):
    """The results are not those that were compared with: somebody changed them meanwhile."""


def take_in(c: Connection, request: NewImport, difference: Difference) -> bool:
    """Write what was planned; False if this request did so before. Raises ResultsChangedError, IdTakenError.

    `request.revision` is the revision the difference was worked out for, and becomes one more.
    """
    if made_before(c, request.id, request.digest):
        return False
    counted = {kind.value: difference.counts.get(kind, 0) for kind in EntryKind}
    new = advanced(c, request, counted)
    wanted = {
        key_text(plan.key): {change.column: change.new for change in plan.changes}
        for plan in difference.planned
    }
    existing = {key_text(plan.key): plan.id for plan in difference.planned if plan.id is not None}
    set_values(c, request.project_id, wanted, existing)
    write_import(c, new)
    write_changes(
        c,
        new,
        (
            Change(key_text(plan.key), change.column, change.old, change.new)
            for plan in difference.planned
            for change in plan.changes
        ),
    )
    return True


def take_back(c: Connection, request: NewImport, undone: str, identifying: Collection[str]) -> bool:
    """Set every value back to what it was before an import; False if this request did so before.

    A value that a later import has set stays, and is counted in `kept`. Experiments the import had brought go, unless a
    later one added to them: then they keep their identifying values. Raises ResultsChangedError, IdTakenError.
    """
    if made_before(c, request.id, request.digest):
        return False
    by_key: dict[str, list[Change]] = {}
    for change in changes_of(c, undone):
        by_key.setdefault(change.key, []).append(change)
    known = known_by_key(c, request.project_id, by_key)
    reverted: list[Change] = []
    emptied: list[int] = []
    counts = dict.fromkeys(("new", "changed", "kept"), 0)
    for key, made in by_key.items():
        before = known[key].values if key in known else {}
        back = _reverted(made, before, identifying)
        counts["kept"] += len(made) - len(back)
        if not back:
            continue
        counts["changed" if key in known else "new"] += 1
        reverted.extend(back)
        if key in known and not set(before) - {change.column for change in back if change.new is None}:
            emptied.append(known[key].id)
    new = advanced(c, request, counts)
    wanted: dict[str, dict[str, Value | None]] = {}
    for change in reverted:
        wanted.setdefault(change.key, {})[change.column] = change.new
    set_values(c, request.project_id, wanted, {key: found.id for key, found in known.items()})
    remove_experiments(c, emptied)
    write_import(c, new)
    write_changes(c, new, reverted)
    return True


def _reverted(made: list[Change], values: Mapping[str, Value], identifying: Collection[str]) -> list[Change]:
    """The changes that set one experiment back, given its values now."""
    mine = [change for change in made if values.get(change.column) == change.new]
    gone = {change.column for change in mine if change.old is None}
    if set(values) - gone - set(identifying):
        mine = [change for change in mine if change.column not in identifying]
    return [Change(change.key, change.column, change.new, change.old) for change in mine]


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
