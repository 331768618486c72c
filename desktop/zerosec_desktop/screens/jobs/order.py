"""Which jobs are shown, in which order and groups: pure functions of entries."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from zerosec_desktop.jobs import JobEntry, Phase, remaining_s

__all__ = ["ACTIVE", "Column", "Filter", "Grouping", "PhaseFilter", "group_of", "sort_key"]

ACTIVE = frozenset({Phase.SENDING, Phase.WAITING, Phase.QUEUED, Phase.RUNNING, Phase.CANCELLING})
_PHASE_ORDER = {phase: number for number, phase in enumerate(Phase)}


class Column(StrEnum):
    """The columns of the job list, in their usual order."""

    STATE = "state"
    NAME = "name"
    ANALYSIS = "analysis"
    PROGRESS = "progress"
    STAGE = "stage"
    ELAPSED = "elapsed"
    LEFT = "left"
    CREATED = "created"
    TARGET = "target"
    OWNER = "owner"
    STEP = "step"
    ATTEMPT = "attempt"


class Grouping(StrEnum):
    """What jobs are grouped by."""

    NONE = ""
    PHASE = "phase"
    ANALYSIS = "analysis"
    TARGET = "target"
    DAY = "day"


class PhaseFilter(StrEnum):
    """The chips above the list."""

    ALL = "all"
    ACTIVE = "active"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    PINNED = "pinned"

    def takes(self, entry: JobEntry) -> bool:
        """Whether an entry belongs under this chip."""
        if self is PhaseFilter.ALL:
            return True
        if self is PhaseFilter.ACTIVE:
            return entry.phase in ACTIVE
        if self is PhaseFilter.PINNED:
            return entry.pinned
        if self is PhaseFilter.FAILED:
            return entry.phase in {Phase.FAILED, Phase.REFUSED}
        return entry.phase.value == self.value


@dataclass(frozen=True)
class Filter:
    """What is shown: all conditions together. `text` is looked for in name, analysis, stage and owner."""

    phase: PhaseFilter = PhaseFilter.ALL
    text: str = ""
    target: str = ""
    analysis: str = ""

    def takes(self, entry: JobEntry) -> bool:
        """Whether an entry is shown."""
        if not self.phase.takes(entry):
            return False
        if self.target and entry.key.target != self.target:
            return False
        if self.analysis and entry.analysis != self.analysis:
            return False
        if not self.text:
            return True
        wanted = self.text.casefold().split()
        written = f"{entry.name} {entry.analysis} {entry.stage} {entry.owner} {entry.message}".casefold()
        return all(word in written for word in wanted)


SortKey = tuple[object, ...]


def sort_key(column: Column, *, descending: bool) -> Callable[[JobEntry], SortKey]:
    """A key that orders entries by a column, then newest first, then by id, so that no two are equal.

    Pinned entries come first whatever the order. Missing values come last in both directions.
    """

    def by(entry: JobEntry) -> object:
        number: float | None
        if column is Column.CREATED:
            number = entry.created_at.timestamp()
        elif column is Column.STATE:
            number = _PHASE_ORDER[entry.phase]
        elif column is Column.PROGRESS:
            number = 1.0 if entry.phase is Phase.SUCCEEDED else entry.fraction
        elif column is Column.ELAPSED:
            number = _whole(entry.elapsed_s)
        elif column is Column.LEFT:
            left = remaining_s(entry)
            number = None if left is None else _whole(left[1])
        elif column is Column.ATTEMPT:
            number = entry.state.attempt if entry.state is not None else None
        else:
            text = {
                Column.NAME: entry.name,
                Column.ANALYSIS: entry.analysis,
                Column.STAGE: entry.stage,
                Column.TARGET: entry.key.target,
                Column.OWNER: entry.owner,
                Column.STEP: entry.step,
            }[column].casefold()
            return _Reversed(text) if descending else text
        if number is None:
            return float("inf")
        return -number if descending else number

    def key(entry: JobEntry) -> SortKey:
        return (not entry.pinned, by(entry), -entry.created_at.timestamp(), str(entry.key.job_id))

    return key


def _whole(seconds: float | None) -> float | None:
    return None if seconds is None else float(int(seconds))


class _Reversed:
    """A text that orders backwards."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __lt__(self, other: "_Reversed") -> bool:
        return other.text < self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def group_of(entry: JobEntry, grouping: Grouping) -> tuple[SortKey, str]:
    """The group of an entry: its place among groups, and its name (an id; the screen words it)."""
    if grouping is Grouping.PHASE:
        return (_PHASE_ORDER[entry.phase],), entry.phase.value
    if grouping is Grouping.ANALYSIS:
        return (entry.analysis,), entry.analysis
    if grouping is Grouping.TARGET:
        return (entry.key.target,), entry.key.target
    if grouping is Grouping.DAY:
        day = entry.created_at.astimezone().date()
        return (-day.toordinal(),), day.isoformat()
    return (), ""
