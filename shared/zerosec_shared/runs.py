"""Runs and jobs: what is asked for, and where it stands."""

from enum import StrEnum

from pydantic import Field

from zerosec_shared.analyses import AnalysisId, StepId
from zerosec_shared.contract import Contract, Instant, JsonValue, Name, RelativePath, Words
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import InputFile
from zerosec_shared.ids import Id, Sha256
from zerosec_shared.programs import RanProgram
from zerosec_shared.steps import Sequence, StaleReason
from zerosec_shared.translations import Worded
from zerosec_shared.views import Result

__all__ = [
    "TERMINAL",
    "Artifact",
    "ArtifactRole",
    "FilesCleaned",
    "Job",
    "JobCreate",
    "JobFailure",
    "JobProgress",
    "JobState",
    "JobStatus",
    "JobsCancelled",
    "PreviewCreate",
    "Run",
    "RunCreate",
    "RunFile",
    "RunPatch",
    "RunResults",
    "RunStatus",
    "StepCreate",
    "StepHistory",
    "StepResult",
]


class JobStatus(StrEnum):
    """`queued -> running -> succeeded | failed | cancelled`. Terminal is final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        """Whether nothing comes after this."""
        return self in TERMINAL


TERMINAL = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})


INCLUDED = "Whether *Run all* executes a step, where that differs from what the analysis declares."


class RunCreate(Contract):
    """A user's named use of an analysis. The id comes from the client."""

    id: Id
    analysis: AnalysisId
    name: Name
    inputs: dict[str, tuple[InputFile, ...]] = Field(
        default_factory=dict, max_length=50, description="Slot name to files."
    )
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict,
        max_length=500,
        description="By name, for every step that knows the name; or by `STEP.NAME`, for that step alone.",
    )
    tags: tuple[Name, ...] = Field(default=(), max_length=50)
    pinned: bool = False
    included: dict[StepId, bool] = Field(
        default_factory=dict, max_length=100, exclude_if=lambda steps: not steps, description=INCLUDED
    )


class RunPatch(Contract):
    """What may change about a run afterwards: how it is found, and what its next jobs compute from; never what it computed."""

    name: Name | None = None
    tags: tuple[Name, ...] | None = Field(default=None, max_length=50)
    pinned: bool | None = None
    inputs: dict[str, tuple[InputFile, ...]] | None = Field(
        default=None, max_length=50, description="All inputs; outputs made from others become stale."
    )
    parameters: dict[str, JsonValue] | None = Field(
        default=None, max_length=500, description="All parameters of the run."
    )
    included: dict[StepId, bool | None] | None = Field(
        default=None,
        max_length=100,
        description="Whether *Run all* executes a step; null: as the analysis declares. Steps that are not named stay as they are.",
    )


class StepCreate(Contract):
    """Execute a step of a run: one more job. Parameters left out come from the run."""

    job_id: Id
    parameters: dict[str, JsonValue] = Field(default_factory=dict, max_length=500)
    inputs: dict[str, tuple[InputFile, ...]] | None = Field(
        default=None,
        max_length=50,
        description="Slot name to files; a slot that is left out reads what the plan of the step says.",
    )
    keep_parameters: bool = Field(
        default=False,
        exclude_if=lambda kept: not kept,
        description="The parameters become the run's too, for this step alone.",
    )
    keep_inputs: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        exclude_if=lambda kept: not kept,
        description="Those of `inputs` that become the run's too.",
    )


class JobCreate(Contract):
    """Run and job in one, for analyses of one step: the shortest way from a form to a result."""

    id: Id = Field(description="The job's id.")
    run: RunCreate
    step: StepId | None = Field(default=None, description="None: the analysis's only step.")


class PreviewCreate(Contract):
    """Ask what a run would do. Parameters and inputs may be incomplete or wrong: the answer says what it waits for."""

    id: Id = Field(description="The job's id; cancel it when a newer question makes it needless.")
    analysis: AnalysisId
    step: StepId | None = Field(default=None, description="None: the analysis's only step.")
    inputs: dict[str, tuple[InputFile, ...]] = Field(default_factory=dict, max_length=50)
    parameters: dict[str, JsonValue] = Field(default_factory=dict, max_length=500)
    run_id: Id | None = Field(
        default=None, description="A run of yours whose outputs are among the inputs: those of a later step."
    )


class JobFailure(Worded):
    """Why a job failed, in words for the user. The log holds the rest."""

    code: ProblemCode
    title: Words
    detail: Words = ""
    hint: Words = ""


class JobProgress(Worded):
    """The last progress of a job."""

    fraction: float | None = Field(default=None, ge=0, le=1, description="None: not known.")
    stage: Words = ""
    message: Words = ""
    counters: dict[str, float | int | str] = Field(default_factory=dict, max_length=50)
    at: Instant


class JobState(Contract):
    """Where a job stands: small, with an ETag, for polling. Slow and stuck are told apart by the two ages."""

    id: Id
    run_id: Id
    status: JobStatus
    attempt: int = Field(ge=0)
    cancel_requested: bool = False
    finish_requested: bool = Field(
        default=False, description="It was asked to end soon with the result it has by then."
    )
    progress: JobProgress | None = None
    failure: JobFailure | None = None
    last_event: int = Field(ge=0)
    created_at: Instant
    started_at: Instant | None = None
    ended_at: Instant | None = None
    heartbeat_age_s: float | None = Field(
        default=None, description="Seconds since the worker last said it is alive."
    )
    progress_age_s: float | None = Field(
        default=None, description="Seconds since the job last said where it is."
    )
    queue_position: int | None = Field(default=None, description="Queued jobs before this one.")


class Job(JobState):
    """One attempt series at one step of a run, with everything that explains its result."""

    analysis: AnalysisId
    analysis_version: str
    step: StepId
    run_name: Name
    owner: str
    parameters: dict[str, JsonValue]
    inputs: dict[str, tuple[InputFile, ...]]
    environment: dict[str, str] = Field(
        default_factory=dict, description="Versions of what computed it, and the seed."
    )
    ran: tuple[RanProgram, ...] = Field(
        default=(), description="The external programs it ran, with their exact command lines."
    )
    result: Result | None = None


class ArtifactRole(StrEnum):
    """What an artifact is for."""

    TABLE = "table"
    PLOT = "plot"
    REPORT = "report"
    MODEL = "model"
    DATA = "data"
    LOG = "log"
    RESULT = "result"
    OTHER = "other"


class Artifact(Contract):
    """A file a job produced."""

    path: RelativePath
    size_bytes: int = Field(ge=0)
    sha256: Sha256
    role: ArtifactRole = ArtifactRole.OTHER
    media_type: str = "application/octet-stream"


class RunFile(Artifact):
    """A file of a run."""

    path: str = Field(max_length=600, description="The step, then the artifact's path.")
    step: StepId
    job_id: Id


class FilesCleaned(Contract):
    """What cleaning a run freed."""

    files: int = Field(ge=0)
    freed_bytes: int = Field(ge=0)


class JobsCancelled(Contract):
    """The jobs of a run that were asked to end."""

    job_ids: tuple[Id, ...]


class Run(Contract):
    """A run as stored."""

    id: Id
    analysis: AnalysisId
    analysis_version: str
    name: Name
    owner: str
    inputs: dict[str, tuple[InputFile, ...]]
    parameters: dict[str, JsonValue]
    tags: tuple[Name, ...] = ()
    pinned: bool = False
    created_at: Instant
    files_cleaned_at: Instant | None = None
    inputs_changed_at: Instant | None = None
    included: dict[StepId, bool] = Field(default_factory=dict, description=INCLUDED)
    latest_status: JobStatus | None = Field(default=None, description="Of the newest job; None: no job yet.")


class StepHistory(Contract):
    """All jobs of one step, newest first."""

    step: StepId
    title: str
    jobs: tuple[JobState, ...] = ()
    included: bool = Field(default=True, description="Whether *Run all* executes it.")
    result_job_id: Id | None = Field(default=None, description="The newest that succeeded.")
    stale: tuple[StaleReason, ...] = Field(
        default=(), description="Why that one's outputs do not stand for the run's present inputs any more."
    )


class RunStatus(Contract):
    """Where a run stands, step by step."""

    id: Id
    latest_status: JobStatus | None
    steps: tuple[StepHistory, ...]
    sequence: Sequence | None = Field(default=None, description="The newest *Run all*.")


class StepResult(Contract):
    """The result of the newest succeeded job of a step."""

    step: StepId
    job_id: Id
    result: Result
    artifacts: tuple[Artifact, ...]


class RunResults(Contract):
    """Results of a run, by step."""

    run_id: Id
    steps: tuple[StepResult, ...]
