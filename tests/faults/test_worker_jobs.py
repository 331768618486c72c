"""Whatever a job does, it ends once, in bounded time, with a sentence; nothing of it stays; the next job runs."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.conftest import RunningServer, start_server
from tests.faults.jobs import Barrier, Jobs, eventually

pytestmark = pytest.mark.faults

MIB = 1024**2


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    server = start_server(
        tmp_path_factory.mktemp("server"),
        lease_ttl_s="10",
        slots="2",
        job_log_bytes="100000",
        job_output_bytes=str(4 * MIB),
        job_output_files="100",
        job_memory_bytes=str(256 * MIB),
        cancel_grace_s="0.3",
        retry_delay_s="0.1",
    )
    yield Jobs(server)
    server.stop()


@pytest.fixture
def barrier(tmp_path: Path) -> Barrier:
    return Barrier(tmp_path / "barrier")


@pytest.mark.parametrize(
    ("fault", "code", "amount"),
    [
        ("bad_input", "input_invalid", 0),
        ("exception", "analysis_failed", 0),
        ("import_error", "analysis_failed", 0),
        ("program_missing", "program_missing", 0),
        ("program_fails", "analysis_failed", 0),
        ("exit_without_result", "no_result", 0),
        ("exit_with_code", "analysis_crashed", 0),
        ("crash", "analysis_crashed", 0),
        ("kill_itself", "analysis_crashed", 0),
        ("garbage_frames", "protocol_error", 0),
        ("enormous_frame", "protocol_error", 0),
        ("garbage_outcome", "protocol_error", 0),
        ("fill_disk", "output_too_large", 0),
        ("many_files", "output_too_large", 101),
        ("allocate", "memory_exceeded", 1024 * MIB),
        ("allocate_in_children", "memory_exceeded", 1024 * MIB),
    ],
)
def test_a_fault_is_a_failure_with_its_code_and_a_sentence(
    jobs: Jobs, fault: str, code: str, amount: int
) -> None:
    job = jobs.ended(jobs.submit(fault=fault, amount=amount))

    assert job["status"] == "failed"
    assert job["failure"]["code"] == code
    told = json.dumps(job["failure"])
    assert job["failure"]["title"].endswith(".")
    assert "Traceback" not in told
    assert "Error" not in told
    assert "secret detail" not in told
    assert job["attempt"] == 1
    jobs.nothing_left_of()
    jobs.still_works()


def test_the_traceback_is_in_the_log_only(jobs: Jobs) -> None:
    job_id = jobs.submit(fault="exception")
    jobs.ended(job_id)

    log = jobs.log(job_id).decode()

    assert "ZeroDivisionError: a secret detail of the code" in log
    assert jobs.artifacts(job_id)["log.txt"]["role"] == "log"


def test_words_of_a_program_that_fails_are_in_the_log(jobs: Jobs) -> None:
    job_id = jobs.submit(fault="program_fails")
    jobs.ended(job_id)

    assert b"its own words" in jobs.log(job_id)


def test_output_that_is_not_utf8_survives_as_it_is(jobs: Jobs) -> None:
    job_id = jobs.submit(fault="invalid_utf8")

    assert jobs.ended(job_id)["status"] == "succeeded"
    assert b"before \xff\xfe\x80 after\n" in jobs.log(job_id)
    assert "摩耗量".encode("shift_jis") in jobs.log(job_id)


def test_a_job_that_prints_without_end_is_not_blocked_and_its_log_is_cut(jobs: Jobs) -> None:
    job_id = jobs.submit(fault="fill_pipe", amount=20 * MIB)

    assert jobs.ended(job_id)["status"] == "succeeded"
    log = jobs.log(job_id)
    assert len(log) < 101_000
    assert b"The log was cut here" in log


@pytest.mark.parametrize("fault", ["daemon", "hold_pipe"])
def test_what_a_job_leaves_running_is_killed_at_its_end(jobs: Jobs, barrier: Barrier, fault: str) -> None:
    job_id = jobs.submit(fault=fault, barrier=str(barrier.folder))
    child = psutil.Process(barrier.reached())
    left = [process.pid for process in child.children(recursive=True)] + barrier.pids("daemon")
    barrier.open()

    assert jobs.ended(job_id)["status"] == "succeeded"
    jobs.nothing_left_of(child.pid, *left)


@pytest.mark.parametrize("fault", ["none", "ignore_term", "daemon", "spin"])
def test_a_cancel_ends_the_whole_tree(jobs: Jobs, barrier: Barrier, fault: str) -> None:
    job_id = jobs.submit(fault=fault, barrier=str(barrier.folder))
    pid = barrier.reached()
    if fault == "spin":
        barrier.open()

    jobs.cancel(job_id)

    job = jobs.ended(job_id)
    assert job["status"] == "cancelled"
    assert job["failure"] is None
    jobs.nothing_left_of(pid, *barrier.pids("daemon"))
    jobs.still_works()


def test_a_queued_job_is_cancelled_at_once(jobs: Jobs, tmp_path: Path) -> None:
    barriers = [Barrier(tmp_path / str(number)) for number in range(2)]
    busy = [jobs.submit(barrier=str(barrier.folder)) for barrier in barriers]
    for barrier in barriers:
        barrier.reached()
    waiting = jobs.submit("noop")

    jobs.cancel(waiting)

    assert jobs.get(f"/jobs/{waiting}")["status"] == "cancelled"
    assert jobs.ended(waiting)["attempt"] == 0
    for barrier in barriers:
        barrier.open()
    assert [jobs.ended(job_id)["status"] for job_id in busy] == ["succeeded", "succeeded"]


def test_only_plain_files_become_artifacts_and_the_rest_is_told(jobs: Jobs) -> None:
    job_id = jobs.submit(fault="odd_files")

    job = jobs.ended(job_id)

    assert job["status"] == "succeeded"
    assert set(jobs.artifacts(job_id)) == {"表/結果.csv"}
    (notice,) = job["result"]["warnings"]
    assert notice["code"] == "files_left_out"
    assert notice["message"].startswith("6 entries")


def test_a_job_sees_no_secret_and_nothing_of_the_server(jobs: Jobs) -> None:
    job_id = jobs.submit(fault="environment")
    job = jobs.ended(job_id)
    artifact = jobs.artifacts(job_id)["seen.json"]
    workspace = jobs.server.data_dir / "workspaces" / job_id / "1"
    seen = json.loads(_content(jobs, artifact))

    assert job["status"] == "succeeded"
    assert not any(name.startswith("ZEROSEC") for name in seen["environment"])
    assert jobs.server.token not in json.dumps(seen)
    assert seen["cwd"] == seen["environment"]["HOME"] == str(workspace / "scratch")
    assert seen["session"] == seen["pid"]
    assert seen["umask"] == 0o077
    assert seen["environment"]["OMP_NUM_THREADS"] == str(seen["threads"])
    assert not any("socket:" in target or "zerosec.db" in target for target in seen["descriptors"].values())
    assert len(seen["descriptors"]) <= 5, seen["descriptors"]
    assert not {"numpy", "polars", "sqlalchemy", "fastapi", "uvicorn"} & set(seen["modules"])


def _content(jobs: Jobs, artifact: dict[str, object]) -> bytes:
    for path in (jobs.server.data_dir / "storage" / "artifacts").rglob("*"):
        if path.is_file() and path.stat().st_size == artifact["size_bytes"]:
            content = path.read_bytes()
            if content.startswith(b'{"environment"'):
                return content
    raise AssertionError("the artifact is not stored")


def test_the_workspace_is_removed_after_the_end(jobs: Jobs) -> None:
    job_id = jobs.submit("noop", files=3)
    jobs.ended(job_id)

    eventually(lambda: not (jobs.server.data_dir / "workspaces" / job_id).exists())


def test_folders_of_many_small_artifacts_are_kept(jobs: Jobs) -> None:
    job_id = jobs.submit("noop", files=90, file_bytes=10)

    assert jobs.ended(job_id)["status"] == "succeeded"
    assert set(jobs.artifacts(job_id)) == {f"group{number % 10}/file{number}.txt" for number in range(90)}


def test_reports_in_a_tight_loop_are_thinned_and_the_last_is_kept(jobs: Jobs) -> None:
    job_id = jobs.submit("noop", progress=200_000)

    job = jobs.ended(job_id)

    progress = [event for event in jobs.events(job_id) if event["body"]["kind"] == "progress"]
    assert 1 <= len(progress) < 200
    assert progress[-1]["body"]["progress"]["fraction"] == 1.0
    assert job["progress"]["fraction"] == 1.0


def test_a_job_that_takes_too_long_is_ended(
    server_factory: Callable[..., RunningServer], barrier: Barrier
) -> None:
    jobs = Jobs(server_factory(job_wall_time_s="0.5"))

    job_id = jobs.submit(fault="ignore_term", barrier=str(barrier.folder))

    job = jobs.ended(job_id)
    assert job["failure"]["code"] == "wall_time_exceeded"
    jobs.nothing_left_of(*barrier.pids())


def test_a_full_disk_fails_the_job_and_the_next_runs(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    small = tmp_path / "small"
    small.mkdir()
    _run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(small)])
    try:
        data = tmp_path / "data"
        data.mkdir()
        (data / "workspaces").symlink_to(small)
        jobs = Jobs(server_factory(data))

        job = jobs.ended(jobs.submit(fault="fill_disk"))

        assert job["failure"]["code"] == "workspace_full"
        jobs.still_works()
        jobs.server.stop()
    finally:
        _run(["umount", "-l", str(small)])


def _run(command: list[str]) -> None:
    pid = os.posix_spawnp(command[0], command, os.environ)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, command


def test_kill_9_of_a_job_is_a_crash_that_is_told(jobs: Jobs, barrier: Barrier) -> None:
    job_id = jobs.submit(barrier=str(barrier.folder))
    os.kill(barrier.reached(), signal.SIGKILL)

    assert jobs.ended(job_id)["failure"]["code"] == "analysis_crashed"
    jobs.still_works()
