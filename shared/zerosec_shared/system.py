"""What a server says about itself."""

from typing import Generic, Literal, TypeVar

from pydantic import Field

from zerosec_shared.contract import Contract, Instant
from zerosec_shared.ids import Id

T = TypeVar("T")

__all__ = [
    "FOLDER_TAKEN",
    "Health",
    "Page",
    "QueueEntry",
    "QueueState",
    "Readiness",
    "ReadyLine",
    "SystemInfo",
    "SystemStatus",
]


FOLDER_TAKEN = 75
"""The exit code of a server that ended because another one holds its data folder (EX_TEMPFAIL: try again)."""


class ReadyLine(Contract):
    """The one JSON line a server prints once it listens; also kept in server.json in its data folder."""

    port: int
    pid: int
    version: str
    url: str
    token_file: str = Field(
        description="Path of the 0600 file that holds the token; the token itself is never printed."
    )


class Health(Contract):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str


class Readiness(Contract):
    """Whether jobs can be taken and run: each part by name, with a sentence where it can't."""

    ready: bool
    checks: dict[str, str] = Field(description='"ok", or what is wrong.')


class SystemInfo(Contract):
    """What does not change while a server runs."""

    version: str
    api_version: str = "v1"
    deployment: Literal["embedded", "server"]
    instance_id: str
    started_at: Instant
    max_file_size_bytes: int
    max_wait_s: float
    synchronous: bool = Field(description="Whether Prefer: wait is honoured.")
    handover: bool = Field(description="Whether file: URLs are offered.")


class SystemStatus(Contract):
    """How a server is doing now."""

    uptime_s: float
    jobs: dict[str, int] = Field(description="Number of jobs by status.")
    runs: int
    slots: int
    slots_busy: int
    disk_free_bytes: int
    disk_used_bytes: int
    worker_heartbeat_age_s: float | None = Field(default=None, description="None: no worker has been seen.")


class QueueEntry(Contract):
    """A queued job, by its place."""

    job_id: Id
    position: int
    queued_at: Instant


class QueueState(Contract):
    """The queue."""

    queued: int
    running: int
    slots: int
    entries: tuple[QueueEntry, ...] = Field(description="The first 100.")


class Page(Contract, Generic[T]):
    """One page of a list; `next_cursor` is None on the last."""

    items: tuple[T, ...]
    next_cursor: str | None = None
