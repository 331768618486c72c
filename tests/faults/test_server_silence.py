"""Processes that are there but do nothing, and clocks that are wrong: every job still ends once, in bounded time."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.conftest import RunningServer
from tests.faults.jobs import Barrier, Jobs, eventually, named

pytestmark = pytest.mark.faults

TTL_S = 4.0
SETTINGS = {"lease_ttl_s": str(TTL_S), "retry_delay_s": "0.1", "cancel_grace_s": "0.2", "slots": "1"}


@pytest.fixture
def barrier(tmp_path: Path) -> Barrier:
    return Barrier(tmp_path / "barrier")


def row(jobs: Jobs, job_id: str) -> tuple[str, int, float | None]:
    """Status, attempt and end of the lease, from the database itself."""
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", timeout=30)) as database:
        found = database.execute("SELECT status, attempt, lease_until FROM jobs WHERE id = ?", [job_id])
        status, attempt, lease_until = found.fetchone()
        return str(status), int(attempt), lease_until


def shims(jobs: Jobs) -> list[psutil.Process]:
    return named("zerosec-shim", jobs.server.tree())


def passed(seconds: float) -> None:
    since = time.monotonic()
    eventually(lambda: time.monotonic() - since > seconds, seconds + 10)


def test_a_shim_that_is_stopped_is_ended_and_its_job_starts_again(
    server_factory: Callable[..., RunningServer], barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(**SETTINGS))
    job_id = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    child = psutil.Process(barrier.reached())
    left = [child.pid, *barrier.pids("daemon")]
    shim = child.parent()
    assert shim is not None

    shim.suspend()

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left), 120)
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 2)
    jobs.nothing_left_of(*left)


def test_a_zygote_that_forks_no_more_fails_the_job_and_is_well_again_later(
    server_factory: Callable[..., RunningServer],
) -> None:
    jobs = Jobs(server_factory(**SETTINGS, max_attempts="1"))
    jobs.still_works()
    eventually(jobs.idle)
    zygote = jobs.process("zygote")
    zygote.suspend()
    for shim in shims(jobs):
        shim.kill()

    job = jobs.ended(jobs.submit("noop"), 120)

    assert job["failure"]["code"] == "worker_lost"
    zygote.resume()
    jobs.still_works()


def test_an_api_stopped_for_longer_than_the_lease_harms_no_job(
    server_factory: Callable[..., RunningServer], barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(**SETTINGS))
    job_id = jobs.submit(barrier=str(barrier.folder))
    barrier.reached()

    api = jobs.stopped("api")
    passed(1.5 * TTL_S)
    barrier.open()
    eventually(lambda: row(jobs, job_id)[0] == "succeeded", 120)
    api.resume()

    assert jobs.ended(job_id)["attempt"] == 1
    jobs.still_works()


def test_a_write_that_holds_the_database_for_longer_than_the_lease_takes_no_job_from_its_worker(
    server_factory: Callable[..., RunningServer], barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(**SETTINGS))
    job_id, waiting = jobs.submit(barrier=str(barrier.folder)), jobs.submit("noop")
    first = barrier.reached()
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", timeout=30, isolation_level=None)) as c:
        c.execute("BEGIN IMMEDIATE")
        passed(2 * TTL_S)
        c.execute("COMMIT")
    barrier.open()

    assert jobs.ended(job_id, 120)["attempt"] == 1
    assert barrier.pids() == [first]
    assert jobs.ended(waiting, 120)["attempt"] == 1


def test_a_worker_stopped_with_jobs_waiting_loses_none(server_factory: Callable[..., RunningServer]) -> None:
    jobs = Jobs(server_factory(**SETTINGS))
    worker = jobs.stopped("worker")

    waiting = [jobs.submit("noop") for _ in range(5)]
    passed(TTL_S / 2)
    assert {row(jobs, job_id)[0] for job_id in waiting} == {"queued"}
    worker.resume()

    assert [jobs.ended(job_id)["status"] for job_id in waiting] == ["succeeded"] * 5


@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_a_clock_that_jumps_by_an_hour_loses_and_delays_no_job(
    server_factory: Callable[..., RunningServer],
    barrier: Barrier,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    jump_s: int,
) -> None:
    library = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)
    if library is None:
        pytest.skip("faketime is not installed")
    offset = tmp_path / "offset"
    offset.write_text("+0")
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("FAKETIME_TIMESTAMP_FILE", str(offset))
    monkeypatch.setenv("FAKETIME_NO_CACHE", "1")
    monkeypatch.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
    jobs = Jobs(server_factory(**{**SETTINGS, "lease_ttl_s": "10"}))
    monkeypatch.delenv("LD_PRELOAD")
    running = jobs.submit(barrier=str(barrier.folder))
    barrier.reached()
    waiting = jobs.submit("noop")
    _, _, lease_before = row(jobs, running)
    assert lease_before is not None

    offset.write_text(f"{jump_s:+d}")

    def lease_follows_the_clock() -> bool:
        _, _, lease = row(jobs, running)
        return lease is not None and abs(lease - lease_before - jump_s) < 600

    eventually(lease_follows_the_clock, 120)
    barrier.open()
    job = jobs.ended(running)
    assert (job["status"], job["attempt"], job["failure"]) == ("succeeded", 1, None), jobs.log(running)
    assert jobs.ended(waiting)["status"] == "succeeded"
    jobs.still_works()
