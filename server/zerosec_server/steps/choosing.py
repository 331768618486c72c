"""Which files a step reads, by one rule, and which outputs are stale. Pure: from a run's successful jobs to choices.

The rule. An input that names steps to read from takes, of all good outputs of those steps that are there, the one that has been through
most of them; of equals that of the step that stands first in the declaration, and of one step and way the newest. Stale outputs come
after all others, and the run's own files after those. Outputs of steps that the run leaves out, and older attempts, are never taken by
themselves; they stay choices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from uuid import UUID

from zerosec_analyses.declaration import InputSlot
from zerosec_shared.files import InputFile, MadeBy
from zerosec_shared.runs import Artifact, ArtifactRole
from zerosec_shared.steps import InputChoice, StaleReason

__all__ = ["Execution", "History", "choices_for"]

LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class Execution:
    """A job that succeeded: what it read and what it left. Times are those of the database."""

    job_id: UUID
    step: str
    created_at: datetime
    ended_at: datetime
    inputs: Mapping[str, tuple[InputFile, ...]]
    outputs: Sequence[Artifact]

    @property
    def sources(self) -> frozenset[UUID]:
        """The jobs whose outputs it read."""
        return frozenset(
            file.made_by.job_id for files in self.inputs.values() for file in files if file.made_by
        )


@dataclass(frozen=True, kw_only=True)
class History:
    """All successful executions of a run, oldest first; its own files, when they were changed last, the steps it leaves out, and by step
    those whose outputs it can read.
    """

    executions: Sequence[Execution]
    files: Mapping[str, tuple[InputFile, ...]]
    files_changed_at: datetime | None = None
    skipped: frozenset[str] = frozenset()
    prepared_by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _stale: dict[UUID, tuple[StaleReason, ...]] = field(default_factory=dict, repr=False, compare=False)

    def stale(self, job_id: UUID) -> tuple[StaleReason, ...]:
        """Why the outputs of a job do not stand for the present inputs any more; empty if they do."""
        if job_id not in self._stale:
            self._stale[job_id] = ()  # a job reads only older ones, so that this is never seen
            self._stale[job_id] = tuple(sorted(self._reasons(job_id)))
        return self._stale[job_id]

    def outdated(self, job_id: UUID) -> bool:
        """Whether others should be read instead of the outputs of a job. That a further step has prepared what it read is no reason: the
        unfinished output of that step would be read in place of it.
        """
        return any(reason is not StaleReason.PREPARED_SINCE for reason in self.stale(job_id))

    def _reasons(self, job_id: UUID) -> set[StaleReason]:
        known = {execution.job_id: execution for execution in self.executions}
        this = known.get(job_id)
        if this is None:
            return set()
        reasons = set()
        for source_id in this.sources:
            source = known.get(source_id)
            if source is None:
                continue
            newer = [
                other
                for other in self.executions
                if other.step == source.step
                and (other.created_at, other.job_id) > (source.created_at, source.job_id)
            ]
            if any(other.ended_at > this.created_at for other in newer):
                reasons.add(StaleReason.SOURCE_REPEATED)
            if self.outdated(source_id):
                reasons.add(StaleReason.SOURCE_STALE)
        if any(self._prepares(other, this) for other in self.executions):
            reasons.add(StaleReason.PREPARED_SINCE)
        if self.files_changed_at is not None and self.files_changed_at > this.created_at:
            for slot, files in this.inputs.items():
                own = tuple(file for file in files if file.made_by is None)
                if own and [f.sha256 for f in own] != [f.sha256 for f in self.files.get(slot, ())]:
                    reasons.add(StaleReason.FILES_CHANGED)
        return reasons

    def _prepares(self, other: Execution, this: Execution) -> bool:
        """Whether another step has since made of what `this` read what it would read now."""
        return (
            other.ended_at > this.created_at
            and other.step in self.prepared_by.get(this.step, frozenset())
            and other.step not in self.skipped
            and other.step not in {step for source in this.sources for step in self._steps_of(source)}
            and (bool(other.sources & this.sources) if this.sources else not other.sources)
            and not self.outdated(other.job_id)
        )

    def _steps_of(self, job_id: UUID) -> set[str]:
        return {execution.step for execution in self.executions if execution.job_id == job_id}

    def through(self, job_id: UUID, steps: Sequence[str]) -> tuple[str, ...]:
        """Which of these steps the outputs of a job have been through, the last step last."""
        known = {execution.job_id: execution for execution in self.executions}
        way: list[str] = []
        waiting = [job_id]
        while waiting:
            this = known.get(waiting.pop())
            if this is None or this.step not in steps:
                continue
            if this.step not in way:
                way.append(this.step)
            waiting.extend(sorted(this.sources))
        return tuple(reversed(way))


def choices_for(slot: InputSlot, history: History) -> tuple[InputChoice, ...]:
    """What can fill an input, in the order of preference: the first is taken unless the user says otherwise."""
    steps = [source.step for source in slot.from_steps]
    preferred: list[tuple[tuple[bool, int, int, int], InputChoice]] = []
    others: list[InputChoice] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for age, execution in enumerate(reversed(history.executions)):
        for place, source in enumerate(slot.from_steps):
            if source.step != execution.step:
                continue
            files = _matching(execution, source.files)
            if not files:
                continue
            way = history.through(execution.job_id, steps)
            choice = InputChoice(
                files=files if slot.multiple else files[:1],
                step=execution.step,
                job_id=execution.job_id,
                through=way,
                stale=history.stale(execution.job_id),
                made_at=execution.ended_at,
            )
            same = (execution.step, tuple(sorted(way)))
            if same in seen or execution.step in history.skipped:
                others.append(choice)
            else:
                seen.add(same)
                preferred.append(((history.outdated(execution.job_id), -len(way), place, age), choice))
    preferred.sort(key=lambda found: found[0])
    own = history.files.get(slot.name, ())
    raw = [InputChoice(files=tuple(own))] if own else []
    return (*(choice for _, choice in preferred), *raw, *others)


def _matching(execution: Execution, pattern: str) -> tuple[InputFile, ...]:
    return tuple(
        InputFile(
            sha256=artifact.sha256,
            name=artifact.path.rpartition("/")[2][-LONGEST_NAME:],
            made_by=MadeBy(job_id=execution.job_id, step=execution.step, path=artifact.path),
        )
        for artifact in sorted(execution.outputs, key=lambda artifact: artifact.path)
        if fnmatchcase(artifact.path, pattern) and artifact.role is not ArtifactRole.LOG
    )
