"""Heavy libraries kept in memory: jobs are forked beside them, and whatever becomes of that process, jobs go on without."""

from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.conftest import RunningServer
from tests.faults.jobs import Barrier, Jobs, eventually, kill, kill_at_once, named

pytestmark = pytest.mark.faults


@pytest.fixture
def jobs(server_factory: Callable[..., RunningServer]) -> Jobs:
    return Jobs(server_factory(slots="2", lease_ttl_s="5", retry_delay_s="0.1"))


@pytest.fixture
def barriers(tmp_path: Path) -> Callable[[], Barrier]:
    made: list[Barrier] = []

    def make() -> Barrier:
        made.append(Barrier(tmp_path / f"barrier-{len(made)}"))
        return made[-1]

    return make


def science_of(jobs: Jobs) -> psutil.Process | None:
    return next(iter(named("zerosec-science", jobs.server.tree())), None)


def warm(jobs: Jobs, barriers: Callable[[], Barrier]) -> tuple[str, Barrier, psutil.Process, psutil.Process]:
    """A job that waits in a process beside warm libraries: its id, its barrier, its process and the science zygote."""

    def try_once() -> tuple[str, Barrier, psutil.Process, psutil.Process] | None:
        barrier = barriers()
        job_id = jobs.submit("faulty-warm", barrier=str(barrier.folder))
        child = psutil.Process(barrier.reached())
        shim = child.parent()
        science = shim.parent() if shim else None
        if science is not None and science.name() == "zerosec-science":
            return job_id, barrier, child, science
        barrier.open()
        assert jobs.ended(job_id)["attempt"] == 1
        return None

    return eventually(try_once)


def works_warm(jobs: Jobs, barriers: Callable[[], Barrier]) -> psutil.Process:
    job_id, barrier, _, science = warm(jobs, barriers)
    barrier.open()
    assert jobs.ended(job_id)["status"] == "succeeded"
    return science


def test_a_job_is_forked_beside_its_libraries_with_one_thread_only(
    jobs: Jobs, barriers: Callable[[], Barrier]
) -> None:
    job_id, barrier, child, science = warm(jobs, barriers)

    assert any("numpy" in mapped.path for mapped in child.memory_maps())
    assert not any("polars" in mapped.path for mapped in child.memory_maps())
    assert science.num_threads() == 1
    log = jobs.server.log.read_text()
    assert "polars starts a thread" in log
    assert "there_is_no_such_module cannot be kept in memory" in log
    barrier.open()
    assert jobs.ended(job_id)["status"] == "succeeded"


def test_a_warm_job_holds_nothing_of_the_server_open(jobs: Jobs, barriers: Callable[[], Barrier]) -> None:
    job_id, barrier, child, _ = warm(jobs, barriers)

    def opened() -> list[str]:
        try:
            return [str(entry.readlink()) for entry in Path(f"/proc/{child.pid}/fd").iterdir()]
        except FileNotFoundError:  # one was closed while we looked
            return []

    eventually(lambda: 0 < len(opened()) <= 4)  # for an instant the job may still touch its barrier
    assert not any("socket:" in name or "zerosec.db" in name for name in opened())
    barrier.open()
    assert jobs.ended(job_id)["status"] == "succeeded"


def test_kill_9_of_it_harms_no_running_job_and_another_comes(
    jobs: Jobs, barriers: Callable[[], Barrier]
) -> None:
    job_id, barrier, child, science = warm(jobs, barriers)

    kill(science)

    assert works_warm(jobs, barriers).pid != science.pid
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 1)
    eventually(lambda: not psutil.pid_exists(child.pid))


def test_an_order_handed_to_a_dead_one_is_served(jobs: Jobs, barriers: Callable[[], Barrier]) -> None:
    science = works_warm(jobs, barriers)
    tree = [science, *science.children(recursive=True)]
    for process in tree:
        process.suspend()

    job_id = jobs.submit("faulty-warm")
    eventually(lambda: jobs.get(f"/jobs/{job_id}/status")["status"] == "running")
    kill_at_once(tree)

    assert jobs.ended(job_id)["status"] == "succeeded"
    works_warm(jobs, barriers)


def test_kill_9_of_it_and_of_a_shim_leaves_no_orphan(jobs: Jobs, barriers: Callable[[], Barrier]) -> None:
    barrier = barriers()
    works_warm(jobs, barriers)
    job_id = jobs.submit("faulty-warm", fault="daemon", barrier=str(barrier.folder))
    child = psutil.Process(barrier.reached())
    left = [child.pid, *barrier.pids("daemon")]
    shim, science = child.parent(), science_of(jobs)
    assert shim is not None
    assert science is not None

    kill(science)
    kill(shim)

    eventually(lambda: not any(psutil.pid_exists(pid) for pid in left), 120)
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 2)


def test_kill_9_of_the_worker_ends_a_warm_job_and_its_next_attempt_succeeds(
    jobs: Jobs, barriers: Callable[[], Barrier]
) -> None:
    job_id, barrier, child, _ = warm(jobs, barriers)

    kill(jobs.process("worker"))

    eventually(lambda: not psutil.pid_exists(child.pid))
    barrier.open()
    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"]) == ("succeeded", 2)
    works_warm(jobs, barriers)


def test_it_ends_when_no_job_needs_it_and_comes_again(
    server_factory: Callable[..., RunningServer], barriers: Callable[[], Barrier]
) -> None:
    jobs = Jobs(server_factory(slots="2", warm_idle_s="0.7"))
    for _ in range(2):
        works_warm(jobs, barriers)
        eventually(jobs.idle)
    jobs.still_works()


def test_it_can_be_switched_off(server_factory: Callable[..., RunningServer]) -> None:
    jobs = Jobs(server_factory(slots="2", warm_idle_s="0"))

    for _ in range(3):
        assert jobs.ended(jobs.submit("faulty-warm"))["status"] == "succeeded"

    assert science_of(jobs) is None
