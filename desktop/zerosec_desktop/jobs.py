"""What the window knows of jobs and targets: small frozen values that travel in signals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from zerosec_desktop.navigation import JobKey

if TYPE_CHECKING:
    from zerosec_shared.runs import Job, JobState
    from zerosec_shared.system import SystemInfo, SystemStatus

__all__ = ["Condition", "JobEntry", "Phase", "TargetState", "Transfer", "remaining_s"]


WORKER_STARTS_S = 10.0
"""A worker comes soon after its server answers."""


class Condition(StrEnum):
    """How a target is, as the user sees it."""

    UNKNOWN = "unknown"
    STARTING = "starting"
    ONLINE = "online"
    AWAY = "away"
    REFUSED = "refused"
    STOPPED = "stopped"
    OLD = "old"


@dataclass(frozen=True)
class TargetState:
    """A target and how it is now. `message` and `hint` say what is wrong, in the user's words."""

    name: str
    title: str
    url: str | None
    """None: the bundled server of this computer."""
    condition: Condition = Condition.UNKNOWN
    answer_ms: float | None = None
    message: str = ""
    hint: str = ""
    info: SystemInfo | None = None
    status: SystemStatus | None = None

    @property
    def bundled(self) -> bool:
        """Whether it is this computer's own server."""
        return self.url is None

    @property
    def usable(self) -> bool:
        """Whether work can be sent to it now."""
        return self.condition is Condition.ONLINE

    @property
    def disk_full(self) -> bool:
        """Whether the server has no space left, so that it cannot write down how its jobs stand."""
        return self.status is not None and self.status.disk_free_bytes == 0

    @property
    def may_answer(self) -> bool:
        """Whether it answers, or has not yet been found not to."""
        return self.condition in {Condition.UNKNOWN, Condition.STARTING, Condition.ONLINE}

    @property
    def idle_hands(self) -> bool:
        """Whether the server answers and nothing of it works: jobs are taken, and wait. Not said of one that has just started."""
        return (
            self.usable
            and self.status is not None
            and self.status.slots == 0
            and self.status.uptime_s > WORKER_STARTS_S
        )


class Phase(StrEnum):
    """Where a job stands, with what happens on this side before the server has it."""

    SENDING = "sending"
    WAITING = "waiting"
    """It could not be sent yet; it is kept here and sent when the target answers."""
    REFUSED = "refused"
    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in {Phase.SUCCEEDED, Phase.FAILED, Phase.CANCELLED, Phase.REFUSED}


@dataclass(frozen=True)
class JobEntry:
    """A row of the job list. Before the server has the job, `state` is None and the intent stands behind it."""

    key: JobKey
    name: str
    analysis: str
    step: str
    owner: str
    phase: Phase
    created_at: datetime
    state: JobState | None = None
    fraction: float | None = None
    stage: str = ""
    message: str = ""
    counters: dict[str, float | int | str] = field(default_factory=dict)
    pinned: bool = False
    trouble: str = ""
    """Why it waits or was refused, in words."""
    advice: str = ""
    """What can be done about that."""

    @property
    def elapsed_s(self) -> float | None:
        """Seconds it has run, or ran; None before it started."""
        if self.state is None or self.state.started_at is None:
            return None
        end = self.state.ended_at or datetime.now(UTC)
        return max(0.0, (end - self.state.started_at).total_seconds())

    def in_words_of(self, state: JobState) -> JobEntry:
        """The row with its state, which is told anew in another language."""
        progress, before = state.progress, self.state.progress if self.state is not None else None
        if progress is None or before is None or (self.stage, self.message) != (before.stage, before.message):
            return replace(self, state=state)
        return replace(self, state=state, stage=progress.stage, message=progress.message)

    @classmethod
    def of_job(cls, target: str, job: Job, *, pinned: bool = False) -> JobEntry:
        """The row of a job a target told of."""
        from zerosec_shared.runs import JobState

        return cls(
            key=JobKey(target, job.id),
            name=job.run_name,
            analysis=job.analysis,
            step=job.step,
            owner=job.owner,
            phase=phase_of(job),
            created_at=job.created_at,
            state=JobState(**{name: getattr(job, name) for name in JobState.model_fields}),
            fraction=job.progress.fraction if job.progress else None,
            stage=job.progress.stage if job.progress else "",
            message=job.progress.message if job.progress else "",
            counters=dict(job.progress.counters) if job.progress else {},
            pinned=pinned,
        )


def phase_of(state: JobState) -> Phase:
    """The phase of a job the server has."""
    if state.cancel_requested and not state.status.terminal:
        return Phase.CANCELLING
    return Phase(state.status.value)


def remaining_s(entry: JobEntry) -> tuple[float, float] | None:
    """A range for the seconds left, or None where nothing can be said honestly.

    Linear in the fraction, ± a half at the start and ± a tenth near the end: fractions are seldom linear in time.
    """
    elapsed = entry.elapsed_s
    if entry.phase is not Phase.RUNNING or elapsed is None or entry.fraction is None:
        return None
    if entry.fraction < 0.03 or elapsed < 2:
        return None
    left = elapsed * (1 - entry.fraction) / entry.fraction
    doubt = 0.1 + 0.4 * (1 - entry.fraction)
    return left * (1 - doubt), left * (1 + doubt)


@dataclass(frozen=True)
class Transfer:
    """A file on its way, up or down."""

    key: JobKey
    name: str
    upward: bool
    bytes_done: int
    bytes_total: int
    bytes_per_s: float = 0.0
    hashing: bool = False
    ended: bool = False
