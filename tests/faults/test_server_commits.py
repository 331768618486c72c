"""kill -9 around the commits that count: a submit that is on the disk is never lost or doubled; an end is told once."""

import json
import sqlite3
import threading
import urllib.error
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.conftest import RunningServer
from tests.faults.jobs import Barrier, Jobs, eventually, kill_at_once
from zerosec_shared.ids import new_id

pytestmark = pytest.mark.faults

SETTINGS = {"lease_ttl_s": "4", "retry_delay_s": "0.1", "slots": "1"}


@pytest.fixture
def jobs(server_factory: Callable[..., RunningServer], tmp_path: Path) -> Jobs:
    return Jobs(server_factory(tmp_path / "data", **SETTINGS))


def query(jobs: Jobs, sql: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", timeout=120)) as database:
        return database.execute(sql, values).fetchall()


def a_request() -> dict[str, Any]:
    run = {"id": str(new_id()), "analysis": "noop", "name": "a commit", "parameters": {"files": 1}}
    return {"id": str(new_id()), "run": run}


@pytest.mark.parametrize("victim", ["api", "everything"])
def test_kill_9_right_after_the_submit_commit_and_the_repeat_makes_no_second_job(
    jobs: Jobs, victim: str, server_factory: Callable[..., RunningServer]
) -> None:
    request = a_request()
    jobs.stopped("worker")  # so that the job is still queued when the kill comes
    answers: list[object] = []

    def submit() -> None:
        try:
            answers.append(jobs.call("POST", "/jobs", request, Prefer="wait=30"))
        except OSError as cut:
            answers.append(cut)

    caller = threading.Thread(target=submit)
    caller.start()
    eventually(lambda: query(jobs, "SELECT id FROM jobs WHERE id = ?", request["id"]))
    if victim == "api":
        jobs.process("api").kill()
        jobs.process("worker").resume()
    else:
        kill_at_once(jobs.server.tree())  # the parent first, so that it restarts nothing
        jobs.server.process.wait(120)
        jobs = Jobs(server_factory(jobs.server.data_dir, **SETTINGS))
    caller.join(120)
    (cut,) = answers
    assert isinstance(cut, urllib.error.URLError | ConnectionError), "the reply was lost"

    def repeat() -> int | None:
        try:
            return jobs.call("POST", "/jobs", request)[0]
        except OSError:  # the API is not back yet
            return None

    assert eventually(repeat) in {200, 202}
    assert jobs.ended(request["id"])["status"] == "succeeded"
    assert query(jobs, "SELECT count(*) FROM jobs") == [(1,)]
    assert len(jobs.artifacts(request["id"])) == 1


def test_kill_9_of_the_worker_before_the_finish_commit_of_a_job_without_artifacts(
    jobs: Jobs, tmp_path: Path
) -> None:
    barrier = Barrier(tmp_path / "barrier")
    job_id = jobs.submit(barrier=str(barrier.folder))
    child = barrier.reached()
    worker = jobs.process("worker")
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        barrier.open()
        eventually(lambda: not psutil.pid_exists(child))
        worker.kill()
        lock.execute("ROLLBACK")

    assert jobs.ended(job_id)["status"] == "succeeded"
    jobs.still_works()


def test_kill_9_of_the_worker_right_after_the_finish_commit_leaves_the_end_as_it_is(jobs: Jobs) -> None:
    for _ in range(5):
        worker = jobs.process("worker")
        job_id = jobs.submit("noop", files=2)
        with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", timeout=120)) as database:
            wanted = "SELECT 1 FROM jobs WHERE id = ? AND status = 'succeeded'"
            while not database.execute(wanted, [job_id]).fetchone():
                assert worker.is_running()
            worker.kill()

        job = jobs.ended(job_id)

        assert (job["status"], job["attempt"]) == ("succeeded", 1)
        for artifact in jobs.artifacts(job_id).values():
            stored = query(
                jobs,
                "SELECT storage_key FROM artifacts WHERE job_id = ? AND path = ?",
                job_id,
                artifact["path"],
            )
            assert (jobs.server.data_dir / "storage" / stored[0][0]).stat().st_size == artifact["size_bytes"]
        eventually(lambda killed=worker: jobs.process("worker").pid != killed.pid)
        jobs.still_works()
        workspaces = jobs.server.data_dir / "workspaces"
        eventually(lambda folder=workspaces / job_id: not folder.exists(), 120)


def test_nothing_secret_is_in_any_environment_argument_or_log(
    server_factory: Callable[..., RunningServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_PASSWORD_OF_THE_USERS", "correct-horse-battery")
    jobs = Jobs(server_factory(tmp_path / "data", **SETTINGS, log_level="debug"))
    monkeypatch.delenv("A_PASSWORD_OF_THE_USERS")
    barrier = Barrier(tmp_path / "barrier")
    job_id = jobs.submit(fault="environment", barrier=str(barrier.folder))
    barrier.reached()
    jobs.call("GET", "/jobs?text=a")
    with_artifact = jobs.submit("noop", files=1)
    barrier.open()
    jobs.ended(with_artifact)
    path = next(iter(jobs.artifacts(with_artifact)))
    status, ticket = jobs.call("POST", "/presign/download", {"job_id": with_artifact, "path": path})
    assert status == 200
    signed = json.loads(ticket)["url"]
    jobs.call("GET", signed.partition("/api/v1")[2])
    key = (jobs.server.data_dir / "signing.key").read_bytes()
    ours = [jobs.server.token, key.hex(), signed.rpartition("=")[2]]

    told = [
        (folder / name).read_bytes()
        for folder in (Path("/proc") / str(process.pid) for process in jobs.server.tree())
        for name in ("cmdline", "environ")
    ]
    assert len(told) >= 2 * 6, "parent, zygote, worker, API, shim and job"
    assert not any(secret.encode() in text for secret in ours for text in told)
    jobs.ended(job_id)
    _, seen = jobs.call("GET", f"/jobs/{job_id}/log")
    stored = query(jobs, "SELECT storage_key FROM artifacts WHERE job_id = ? AND path = 'seen.json'", job_id)
    seen += (jobs.server.data_dir / "storage" / stored[0][0]).read_bytes()
    for secret in (*ours, "correct-horse-battery", "ZEROSEC_"):
        assert secret.encode() not in seen, "a job sees it"
    logged = jobs.server.log.read_text()
    assert not any(secret in logged for secret in ours)
    assert json.dumps(jobs.get(f"/jobs/{job_id}")).find(jobs.server.token) == -1
