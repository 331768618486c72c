"""Why running jobs give no sign of life is said where the server can tell: its disk is full."""

import asyncio
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import pytest

from zerosec_client.api import Api
from zerosec_client.cli.quiet import tell_why_quiet, why_quiet
from zerosec_client.errors import ServerUnreachableError
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobState, JobStatus
from zerosec_shared.system import SystemStatus


def standing(status: JobStatus, silent_s: float | None) -> JobState:
    return JobState(
        id=new_id(), run_id=new_id(), status=status, attempt=1, last_event=2,
        created_at=datetime(2026, 11, 20, tzinfo=UTC), heartbeat_age_s=silent_s,
    )  # fmt: skip


class Server:
    """Says how much space it has, and for how long a job is silent: one after the other; None, when it cannot be reached."""

    def __init__(self, free_bytes: int, *silent_s: float | None) -> None:
        self.free_bytes, self.silent_s = free_bytes, list(silent_s)

    async def job_state(self, _job_id: UUID) -> JobState:
        if not self.silent_s:
            raise asyncio.CancelledError
        if (silent_s := self.silent_s.pop(0)) is None:
            raise ServerUnreachableError("away")
        return standing(JobStatus.RUNNING, silent_s)

    async def system_status(self) -> SystemStatus:
        return SystemStatus(
            uptime_s=90,
            jobs={},
            runs=1,
            slots=2,
            slots_busy=1,
            disk_free_bytes=self.free_bytes,
            disk_used_bytes=5,
        )


@pytest.mark.parametrize(
    ("status", "silent_s", "free_bytes", "said"),
    [
        (JobStatus.RUNNING, 45.0, 0, True),
        (JobStatus.RUNNING, 45.0, 1, False),
        (JobStatus.RUNNING, 5.0, 0, False),
        (JobStatus.FAILED, 45.0, 0, False),
        (JobStatus.RUNNING, None, 0, False),
    ],
)
def test_a_full_disk_is_named_where_a_running_job_is_silent(
    status: JobStatus, silent_s: float | None, free_bytes: int, said: bool
) -> None:
    lines = asyncio.run(why_quiet(cast(Api, Server(free_bytes)), [standing(status, silent_s)]))

    assert [("disk of the server is full" in line) for line in lines] == [True] * said


def test_who_follows_a_silent_job_is_told_once_each_time_it_falls_silent() -> None:
    told: list[str] = []
    server = Server(0, 5.0, 45.0, None, 75.0, 2.0, 31.0)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(tell_why_quiet(cast(Api, server), new_id(), told.append, every_s=0))

    assert [("disk of the server is full" in line) for line in told] == [True, True]
