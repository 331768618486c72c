"""Steps of a run: what one would read and with which settings, before it starts; and *Run all*, one step after another."""

from enum import StrEnum

from pydantic import Field

from zerosec_shared.analyses import ProgramName, StepId
from zerosec_shared.contract import Contract, Instant, JsonValue, Words
from zerosec_shared.errors import FieldProblem
from zerosec_shared.files import InputFile
from zerosec_shared.ids import Id
from zerosec_shared.translations import Worded

__all__ = [
    "InputChoice",
    "Sequence",
    "SequenceCreate",
    "SequenceReason",
    "SequenceStatus",
    "SlotPlan",
    "StaleReason",
    "StepPlan",
]


class StaleReason(StrEnum):
    """Why an output does not stand for the run's present inputs any more."""

    SOURCE_REPEATED = "source_repeated"
    """A step that it read from has been executed again."""
    SOURCE_STALE = "source_stale"
    """What it read is stale itself."""
    FILES_CHANGED = "files_changed"
    """The run was given other files."""
    PREPARED_SINCE = "prepared_since"
    """A step has since prepared what it read: executed now, it would read that."""


class InputChoice(Contract):
    """One set of files that can fill an input: the run's own, or the outputs of one job of an earlier step."""

    files: tuple[InputFile, ...]
    step: StepId | None = Field(default=None, description="None: the run's own files.")
    job_id: Id | None = None
    through: tuple[StepId, ...] = Field(default=(), description="The steps its data have been through.")
    stale: tuple[StaleReason, ...] = ()
    made_at: Instant | None = None


class SlotPlan(Worded):
    """What an input would read: the first of the choices. Any other may be given as `inputs` of `StepCreate`."""

    slot: str
    choices: tuple[InputChoice, ...]
    reason: Words = ""
    registered: tuple[InputChoice, ...] = Field(
        default=(), description="References registered on the server, to be chosen; none is taken by itself."
    )


class StepPlan(Worded):
    """What executing a step now would do. It can be executed when there are no problems."""

    run_id: Id
    step: StepId
    parameters: dict[str, JsonValue]
    inputs: tuple[SlotPlan, ...]
    missing_programs: tuple[ProgramName, ...] = ()
    problems: tuple[FieldProblem, ...] = ()


class SequenceStatus(StrEnum):
    """Where *Run all* stands. A paused one can be resumed."""

    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"


class SequenceCreate(Contract):
    """Run all steps, one after another; those left out of the run are passed over."""

    id: Id
    from_step: StepId | None = Field(default=None, description="Begin with this one; None: with the first.")
    steps: tuple[StepId, ...] | None = Field(
        default=None, max_length=100, description="Exactly these, in this order; None: as the run says."
    )


class SequenceReason(Worded):
    """Why *Run all* is paused."""

    text: Words


class Sequence(Contract):
    """*Run all* of a run: the newest."""

    id: Id
    run_id: Id
    status: SequenceStatus
    steps: tuple[StepId, ...]
    position: int = Field(ge=0, description="Of the step that is executed now, or comes next.")
    job_id: Id | None = Field(default=None, description="Of that step.")
    reason: SequenceReason | None = Field(default=None, description="Why it is paused.")
    created_at: Instant
