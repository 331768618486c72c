"""What an import would do: new, changed, identical or rejected, by comparing a file's rows with the experiments known.

Pure: no database, no file. The order of the rows changes nothing, a blank never overwrites a value, and rows of one file
that are about the same experiment but disagree are all rejected, each naming the others.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from zerosec_server.experiments.experiment_names import namer
from zerosec_shared.experiments import (
    CellChange,
    EntryKind,
    ExperimentColumn,
    ImportEntry,
    Value,
    identity,
)
from zerosec_shared.texts import cut, joined, say

__all__ = ["Cell", "Difference", "Entry", "FileRow", "Known", "Planned", "compare"]

SAME = 1e-12
"""Relative difference below which two numbers are one: what a detour through a spreadsheet may cost."""

MOST_TOLD = 20
"""Rows that one reason lists."""


@dataclass(frozen=True)
class FileRow:
    """A row of the file, as it was read: values by column, blanks left out, or the reason why it cannot be taken."""

    row: int
    values: dict[str, Value]
    column: str = ""
    reason: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The reason in other languages."""


@dataclass(frozen=True)
class Known:
    """An experiment of the database."""

    id: int
    values: Mapping[str, Value]


class Cell(NamedTuple):
    """One value that an import sets. Plain, because a large import has millions."""

    column: str
    old: Value | None
    new: Value | None


@dataclass(frozen=True)
class Entry:
    """One experiment of the file, or one row that cannot be taken, as `ImportEntry` tells it."""

    kind: EntryKind
    rows: tuple[int, ...]
    experiment: str = ""
    changes: tuple[Cell, ...] = ()
    column: str = ""
    reason: str = ""
    remark: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """The reason in other languages, where it is one that was read."""

    def told(self) -> ImportEntry:
        """As it is sent."""
        return ImportEntry(
            kind=self.kind,
            rows=self.rows,
            experiment=self.experiment,
            changes=tuple(
                CellChange(column=each.column, old=each.old, new=each.new) for each in self.changes
            ),
            column=self.column,
            reason=self.reason,
            remark=self.remark,
            translations={
                language: {self.reason: told}
                for language, told in self.reasons.items()
                if told != self.reason
            },
        )


@dataclass(frozen=True)
class Planned:
    """What will be written for one experiment; `id` is None for a new one."""

    id: int | None
    key: tuple[str, ...]
    changes: tuple[Cell, ...]


@dataclass(frozen=True)
class Difference:
    """The entries a person sees, in the file's order, and what will be written."""

    entries: tuple[Entry, ...]
    planned: tuple[Planned, ...]
    counts: Mapping[EntryKind, int] = field(default_factory=dict)


def compare(
    rows: Iterable[FileRow],
    known: Mapping[tuple[str, ...], Known],
    columns: Sequence[ExperimentColumn],
    called: Callable[[Sequence[str]], str] | None = None,
) -> Difference:
    """Compare rows with the experiments known by their identity; `called` gives the name of one in the entries."""
    identifying = tuple(column.name for column in columns if column.identifying)
    called = called or namer(identifying)
    names = {column.name for column in columns}
    entries: list[tuple[int, Entry]] = []
    groups: dict[tuple[str, ...], list[FileRow]] = {}
    for row in rows:
        reason = row.reason and (row.column, row.reason)
        if not reason:
            if not any(name in row.values for name in identifying):
                reason = (
                    "",
                    say(
                        "The row does not say which experiment it is about: {columns} are blank.",
                        columns=", ".join(identifying),
                    ),
                )
            elif strange := next((name for name in row.values if name not in names), None):
                reason = (strange, say("The project has no column {column}.", column=strange))
        if reason:
            entries.append((row.row, _rejected(row, *reason)))
        else:
            groups.setdefault(identity(row.values, identifying), []).append(row)
    planned: list[Planned] = []
    for key, group in groups.items():
        entry, plan = _judge(
            key, sorted(group, key=lambda row: row.row), known.get(key), identifying, called(key)
        )
        entries.extend(entry)
        if plan is not None:
            planned.append(plan)
    entries.sort(key=lambda numbered: numbered[0])
    counts = dict.fromkeys(EntryKind, 0)
    for _, shown in entries:
        counts[shown.kind] += len(shown.rows) if shown.kind is EntryKind.REJECTED else 1
    # Experiments are numbered in the order of their identity, not of the file: shuffled rows give the same database.
    return Difference(
        tuple(shown for _, shown in entries), tuple(sorted(planned, key=lambda plan: plan.key)), counts
    )


def _rejected(row: FileRow, column: str, reason: str) -> Entry:
    return Entry(
        kind=EntryKind.REJECTED,
        rows=(row.row,),
        column=column,
        reason=cut(reason, 4000),
        reasons=row.reasons,
    )


def _judge(
    key: tuple[str, ...],
    group: list[FileRow],
    known: Known | None,
    identifying: tuple[str, ...],
    experiment: str,
) -> tuple[list[tuple[int, Entry]], Planned | None]:
    merged: dict[str, Value] = dict(group[0].values)
    for row in group[1:]:
        for column, value in row.values.items():
            held = merged.setdefault(column, value)
            if column not in identifying and not _same(held, value):
                return _disagreeing(group, column), None
            # Of values that count as one the lowest is kept, whichever row comes first.
            merged[column] = min(held, value, key=lambda found: (isinstance(found, str), found))
    if known is None:
        changes = tuple(Cell(column, None, value) for column, value in merged.items())
    else:
        before = known.values
        changes = tuple(
            Cell(column, before.get(column), value)
            for column, value in merged.items()
            if column not in before or (column not in identifying and not _same(before[column], value))
        )
    kind = EntryKind.NEW if known is None else EntryKind.CHANGED if changes else EntryKind.IDENTICAL
    entry = Entry(
        kind=kind,
        rows=tuple(row.row for row in group),
        experiment=experiment,
        changes=changes,
        remark=_counted_as_one(group, {} if known is None else known.values, merged, identifying),
    )
    plan = Planned(None if known is None else known.id, key, changes) if changes else None
    return [(group[0].row, entry)], plan


def _disagreeing(group: list[FileRow], column: str) -> list[tuple[int, Entry]]:
    told: list[str] = [
        say("row {row}: {value}", row=other.row, value=_shown(other.values.get(column)))
        for other in group[:MOST_TOLD]
    ]
    if len(group) > MOST_TOLD:
        told.append(say("and {count:,} more rows", one="and 1 more row", count=len(group) - MOST_TOLD))
    reason = say(
        "These rows are about the same experiment and disagree in {column}: {rows}.",
        column=column,
        rows=joined(told, "; "),
    )
    return [(row.row, _rejected(row, column, reason)) for row in group]


def _counted_as_one(
    group: list[FileRow], known: Mapping[str, Value], merged: Mapping[str, Value], identifying: Sequence[str]
) -> str:
    """Which settings differ and count as one all the same, so that nobody takes two experiments for one unawares."""
    told: list[str] = []
    if len(group) == 1 and not known:
        return ""
    for column in identifying:
        if column not in merged:
            continue
        kept = known.get(column, merged[column])
        other = next((row for row in group if not _same(row.values.get(column, kept), kept)), None)
        if other is not None:
            told.append(
                say(
                    "{column} {value} of row {row} counts as {kept}",
                    column=column,
                    value=_shown(other.values[column]),
                    row=other.row,
                    kept=_shown(kept),
                )
            )
    if not told:
        return ""
    return cut(
        say("Settings are told apart to five decimals: {settings}.", settings=joined(told, "; ")), 4000
    )


def _shown(value: Value | None) -> str:
    if value is None:
        return say("no value")
    return value[:100] if isinstance(value, str) else f"{value:.15g}"


def _same(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isclose(one, other, rel_tol=SAME, abs_tol=0.0)
