"""`zerosec jobs` says why running jobs give no sign of life where the server can tell: its disk is full."""

import asyncio
from datetime import UTC, datetime
from typing import cast

import pytest

from zerosec_client.api import Api
from zerosec_client.cli.jobs import why_quiet
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobState, JobStatus
from zerosec_shared.system import SystemStatus


class Server:
    """Says how much space it has."""

    def __init__(self, free_bytes: int) -> None:
        self.free_bytes = free_bytes

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
    job = JobState(
        id=new_id(), run_id=new_id(), status=status, attempt=1, last_event=2,
        created_at=datetime(2026, 11, 20, tzinfo=UTC), heartbeat_age_s=silent_s,
    )  # fmt: skip

    lines = asyncio.run(why_quiet(cast(Api, Server(free_bytes)), [job]))

    assert [("disk of the server is full" in line) for line in lines] == [True] * said
