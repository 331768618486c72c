"""kill -9, stops and locks of the server's own processes, in each phase of a job: one end each, nothing left, all goes on."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest

from tests.conftest import RunningServer
from tests.faults.jobs import Barrier, Jobs, eventually, kill, named
from zerosec_shared.system import FOLDER_TAKEN, ReadyLine

pytestmark = pytest.mark.faults

SETTINGS = {"lease_ttl_s": "6", "retry_delay_s": "0.1", "cancel_grace_s": "0.2", "slots": "2"}


@pytest.fixture
def jobs(server_factory: Callable[..., RunningServer]) -> Jobs:
    return Jobs(server_factory(**SETTINGS))


@pytest.fixture
def barrier(tmp_path: Path) -> Barrier:
    return Barrier(tmp_path / "barrier")


def restarted(jobs: Jobs, name: str, old: psutil.Process) -> psutil.Process:
    return eventually(lambda: (new := jobs.process(name)).pid != old.pid and new)


def test_kill_9_of_the_worker_in_the_middle_of_a_run(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    first = barrier.reached()
    left = [first, *barrier.pids("daemon")]
    worker = jobs.process("worker")

    kill(worker)

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left), 120)
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 2)
    jobs.nothing_left_of(*left)


def test_kill_9_of_the_shim_loses_no_time_and_no_process(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    child = psutil.Process(barrier.reached())
    left = [child.pid, *barrier.pids("daemon")]
    shim = child.parent()
    assert shim is not None
    assert shim.name() == "zerosec-shim"

    kill(shim)

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left), 120)
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 2)
    jobs.nothing_left_of(*left)


def test_kill_9_of_the_zygote_harms_no_running_job_and_the_next_runs(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    pid = barrier.reached()
    zygote = jobs.process("zygote")

    kill(zygote)

    restarted(jobs, "zygote", zygote)
    for _ in range(4):
        jobs.still_works()
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 1)
    eventually(lambda: not any(psutil.pid_exists(left) for left in [pid, *barrier.pids("daemon")]))


def test_kill_9_of_zygote_and_shim_leaves_no_orphan(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    child = psutil.Process(barrier.reached())
    left = [child.pid, *barrier.pids("daemon")]
    shim = child.parent()
    assert shim is not None

    kill(jobs.process("zygote"))
    kill(shim)

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left), 120)
    barrier.open()
    assert jobs.ended(job_id)["status"] == "succeeded"


def test_kill_9_of_worker_and_shim_leaves_no_orphan(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    child = psutil.Process(barrier.reached())
    left = [child.pid, *barrier.pids("daemon")]
    shim = child.parent()
    assert shim is not None

    kill(jobs.process("worker"))
    kill(shim)

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left), 120)
    barrier.open()
    assert jobs.ended(job_id)["attempt"] == 2


def test_kill_9_of_the_api_touches_no_job_and_keeps_the_port(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(barrier=str(barrier.folder))
    barrier.reached()
    api = jobs.process("api")

    kill(api)
    barrier.open()

    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 1)
    assert restarted(jobs, "api", api).pid != api.pid


def test_kill_9_of_the_parent_ends_everything_and_the_next_server_finds_the_jobs(
    server_factory: Callable[..., RunningServer], tmp_path: Path, barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(tmp_path / "data", **SETTINGS))
    running = jobs.submit(fault="daemon", barrier=str(barrier.folder))
    barrier.reached()
    tree = jobs.server.tree()
    left = barrier.pids("daemon")

    jobs.server.process.kill()
    jobs.server.process.wait(120)

    _, alive = psutil.wait_procs(tree, timeout=120)
    assert not alive
    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left))
    again = Jobs(server_factory(tmp_path / "data", **SETTINGS))
    barrier.open()
    assert again.ended(running)["status"] == "succeeded"


def starting(data_dir: Path) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "zerosec_server", "serve", "--data-dir", str(data_dir)]
    return subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )


def loader_of(server: subprocess.Popen[bytes]) -> psutil.Process:
    parent = psutil.Process(server.pid)
    return eventually(lambda: named("zerosec-loader", parent.children()), every_s=0.001)[0]


def test_kill_9_of_the_loader_costs_the_start_a_moment_and_nothing_else(tmp_path: Path) -> None:
    with starting(tmp_path) as server:
        kill(loader_of(server))

        assert server.stdout is not None
        assert ReadyLine.model_validate_json(server.stdout.readline()).pid == server.pid
        parent = psutil.Process(server.pid)
        whole = ["zerosec-api", "zerosec-worker", "zerosec-zygote"]
        eventually(lambda: sorted(process.name() for process in parent.children()) == whole)
        server.terminate()
        _, said = server.communicate(timeout=120)
    assert b"zerosec-loader" in said
    assert server.returncode == 0


def test_a_server_told_to_stop_while_it_loads_ends_in_order(tmp_path: Path) -> None:
    with starting(tmp_path) as server:
        loader = loader_of(server)

        server.terminate()

        server.communicate(timeout=120)
    assert server.returncode == 0
    assert not loader.is_running()
    assert not (tmp_path / "server.json").exists()


def test_the_parent_holds_nothing_of_what_api_and_worker_import(jobs: Jobs) -> None:
    def holds(process: psutil.Process) -> bool:
        return any("/sqlalchemy/" in mapped.path for mapped in process.memory_maps())

    assert holds(jobs.process("api"))
    assert holds(jobs.process("worker"))
    assert not holds(psutil.Process(jobs.server.pid))


def test_an_orderly_stop_puts_running_jobs_back_without_costing_an_attempt(
    server_factory: Callable[..., RunningServer], tmp_path: Path, barrier: Barrier
) -> None:
    settings = {**SETTINGS, "max_attempts": "1", "slots": "1"}
    jobs = Jobs(server_factory(tmp_path / "data", **settings))
    running = jobs.submit(fault="ignore_term", barrier=str(barrier.folder))
    queued = jobs.submit("noop")
    barrier.reached()

    jobs.server.stop()

    assert jobs.server.process.returncode == 0
    assert not (tmp_path / "data" / "server.json").exists()
    again = Jobs(server_factory(tmp_path / "data", **settings))
    barrier.open()
    assert again.ended(running)["status"] == "succeeded"
    assert again.ended(queued)["status"] == "succeeded"


def test_a_worker_stopped_for_longer_than_its_lease_ends_its_job_and_writes_nothing_for_it(
    jobs: Jobs, barrier: Barrier
) -> None:
    job_id = jobs.submit(barrier=str(barrier.folder))
    first = barrier.reached()

    worker = jobs.stopped("worker")
    eventually(lambda: not psutil.pid_exists(first))  # the shim keeps the lease's time too
    worker.resume()

    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 2)


def test_a_job_that_kills_its_guardian_every_time_ends_as_worker_lost(
    server_factory: Callable[..., RunningServer], barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(**SETTINGS, max_attempts="2"))
    job_id = jobs.submit(barrier=str(barrier.folder))
    killed: set[int] = set()

    def ended() -> bool:
        for pid in set(barrier.pids()) - killed:
            killed.add(pid)
            with suppress(psutil.NoSuchProcess):
                shim = psutil.Process(pid).parent()
                if shim is not None and shim.name() == "zerosec-shim":
                    shim.kill()
        return jobs.get(f"/jobs/{job_id}/status")["status"] == "failed"

    eventually(ended, 120)

    job = jobs.ended(job_id)
    assert len(killed) == 2
    assert job["status"] == "failed"
    assert job["failure"]["code"] == "worker_lost"
    jobs.nothing_left_of(*barrier.pids())


def test_kill_9_between_artifacts_stored_and_status_written_does_the_work_once(
    jobs: Jobs, tmp_path: Path, barrier: Barrier
) -> None:
    job_id = jobs.submit("faulty", fault="environment", barrier=str(barrier.folder))
    barrier.reached()
    worker = jobs.process("worker")
    record = jobs.server.data_dir / "workspaces" / job_id / "1" / "finish.json"
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        barrier.open()
        eventually(record.exists)
        assert jobs.get(f"/jobs/{job_id}")["status"] == "running"
        assert jobs.artifacts(job_id) == {}
        kill(worker)
        lock.execute("ROLLBACK")

    job = jobs.ended(job_id)

    assert (job["status"], job["attempt"]) == ("succeeded", 1)
    assert set(jobs.artifacts(job_id)) == {"seen.json"}
    assert len(barrier.pids()) == 1


def test_a_database_that_is_silent_at_the_end_delays_the_end_and_loses_nothing(
    jobs: Jobs, barrier: Barrier
) -> None:
    job_id = jobs.submit("faulty", fault="environment", barrier=str(barrier.folder))
    barrier.reached()
    record = jobs.server.data_dir / "workspaces" / job_id / "1" / "finish.json"
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db", isolation_level=None)) as lock:
        lock.execute("BEGIN IMMEDIATE")
        barrier.open()
        eventually(record.exists)
        held_since = time.monotonic()
        eventually(lambda: time.monotonic() - held_since > 7)  # longer than the lease
        lock.execute("ROLLBACK")

    job = jobs.ended(job_id)
    assert job["status"] == "succeeded"
    jobs.still_works()


def test_every_job_ends_once_while_workers_are_killed(jobs: Jobs) -> None:
    ids = [jobs.submit("noop", files=1, progress=3) for _ in range(40)]
    for _ in range(5):
        worker = jobs.process("worker")
        eventually(lambda: any(jobs.get(f"/jobs/{job_id}/status")["status"] == "succeeded" for job_id in ids))
        kill(worker)
        restarted(jobs, "worker", worker)

    for job_id in ids:
        job = jobs.ended(job_id, 120)
        assert job["status"] == "succeeded"
        assert len(jobs.artifacts(job_id)) == 1
    eventually(jobs.idle)
    stored = [path for path in (jobs.server.data_dir / "storage" / "artifacts").rglob("*") if path.is_file()]
    assert len(stored) == len(ids)


def test_a_second_server_on_the_same_folder_is_refused(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    first = server_factory(tmp_path / "data")
    ready = (tmp_path / "data" / "server.json").read_bytes()

    second = subprocess.run(
        [sys.executable, "-m", "zerosec_server", "serve", "--data-dir", str(tmp_path / "data")],
        capture_output=True,
        env=first.env,
        timeout=120,
        check=False,
    )

    assert second.returncode == FOLDER_TAKEN
    assert b"Another server uses" in second.stderr
    assert second.stdout == b""
    assert (tmp_path / "data" / "server.json").read_bytes() == ready
    Jobs(first).still_works()


def test_an_unused_embedded_server_ends_by_itself(
    server_factory: Callable[..., RunningServer], barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(idle_timeout_s="3"))
    job_id = jobs.submit(barrier=str(barrier.folder))
    barrier.reached()
    since = time.monotonic()
    eventually(lambda: time.monotonic() - since > 4.5)  # nobody calls, but a job runs
    assert jobs.server.process.poll() is None
    barrier.open()

    assert jobs.server.process.wait(120) == 0
    with closing(sqlite3.connect(jobs.server.data_dir / "zerosec.db")) as database:
        assert database.execute("SELECT id, status FROM jobs").fetchall() == [(job_id, "succeeded")]


def test_the_token_and_the_folder_are_for_this_user_alone(jobs: Jobs) -> None:
    assert jobs.server.token_file.stat().st_mode & 0o777 == 0o600
    assert (jobs.server.data_dir / "zerosec.db").stat().st_mode & 0o077 == 0
    for process in jobs.server.tree():
        assert jobs.server.token not in " ".join(process.cmdline())
