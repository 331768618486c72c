"""What passes between worker, shim and child about one job: small records, as JSON."""

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from zerosec_shared.contract import Contract, JsonValue
from zerosec_shared.files import Dialect, MadeBy, Origin, Registered

__all__ = [
    "Command",
    "Ended",
    "JobOrder",
    "Limits",
    "OrderedInput",
    "Reason",
    "ShimOrder",
    "Started",
    "seed_of",
]


class Limits(Contract):
    """What a job may use."""

    wall_time_s: float
    memory_bytes: int
    output_bytes: int
    output_files: int
    log_bytes: int


class ShimOrder(Contract):
    """Worker to shim: run the job in this workspace. The other end of the control socket comes with it."""

    workspace: str
    limits: Limits
    lease_s: float = Field(description="Kill the job unless renewed within so long.")


class Command(Contract):
    """Worker to shim while the job runs. Whatever is set is done."""

    lease_s: float | None = None
    terminate_grace_s: float | None = Field(
        default=None, description="Ask it to end, then kill after so long."
    )


class Started(Contract):
    """Shim to worker: the job's process; the read end of its frames comes with it."""

    pid: int
    shim: int = Field(description="The shim's own process, for when it does not answer any more.")


class Reason(StrEnum):
    """Why a shim ended a job."""

    ITSELF = "itself"
    ASKED = "asked"
    WALL_TIME = "wall_time"
    MEMORY = "memory"
    OUTPUT = "output"
    LEASE = "lease"


class Ended(Contract):
    """Shim to worker: no process of the job is left, and its log is written."""

    wait_status: int
    reason: Reason
    out_of_memory: bool = Field(default=False, description="The kernel killed for want of memory meanwhile.")
    memory_peak_bytes: int = 0
    survivors: bool = Field(default=False, description="A process could not be killed.")


class OrderedInput(Contract):
    """One input file of a job."""

    path: str
    name: str
    sha256: str
    dialect: Dialect | None = None
    origin: Origin | None = None
    made_by: MadeBy | None = None
    registered: Registered | None = None


class JobOrder(Contract):
    """Worker to child, as `job.json` in the workspace: what to compute."""

    job_id: str
    attempt: int
    analysis: str
    step: str
    parameters: dict[str, JsonValue]
    inputs: dict[str, tuple[OrderedInput, ...]]
    seed: int | None = Field(default=None, description="None: the analysis declares none.")
    threads: int
    programs: dict[str, str] = Field(default_factory=dict, description="Where external programs lie.")
    preview: bool = Field(default=False, description="Say what a run would do, instead of doing it.")
    cache: str = Field(
        default="", description="Folder of what jobs may share, such as lists of fonts; none if empty."
    )


def seed_of(job_id: str, parameters: Mapping[str, JsonValue]) -> int | None:
    """The seed a job was given; one made from its id where that was left empty, so that each attempt has the same; None where
    its analysis declares none.
    """
    if "seed" not in parameters:
        return None
    seed = parameters["seed"]
    if seed is None:
        return UUID(job_id).int % 2**32
    return seed if isinstance(seed, int) and not isinstance(seed, bool) and seed >= 0 else None
