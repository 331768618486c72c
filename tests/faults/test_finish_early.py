"""Stop now and keep: the wish survives whatever happens to the worker between asking and delivering."""

from collections.abc import Callable

import pytest

from tests.conftest import RunningServer
from tests.faults.jobs import Jobs, eventually

pytestmark = pytest.mark.faults


@pytest.fixture
def jobs(server_factory: Callable[..., RunningServer]) -> Jobs:
    return Jobs(server_factory(lease_ttl_s="5", retry_delay_s="0.1", slots="1"))


def finish(jobs: Jobs, job_id: str) -> int:
    return jobs.call("POST", f"/jobs/{job_id}/finish")[0]


def running(jobs: Jobs, job_id: str) -> None:
    eventually(lambda: jobs.get(f"/jobs/{job_id}/status")["progress"] is not None)


def told_early(job: dict[str, object]) -> object:
    return {metric["name"]: metric["value"] for metric in job["result"]["metrics"]}["finished_early"]  # type: ignore[index]


def test_a_worker_that_dies_between_the_request_and_its_delivery_loses_no_wish(jobs: Jobs) -> None:
    job_id = jobs.submit("noop", until_finished=True)
    running(jobs, job_id)
    worker = jobs.stopped("worker")  # it cannot see what is asked now

    assert finish(jobs, job_id) == 202
    worker.kill()

    job = jobs.ended(job_id)
    assert (job["status"], job["attempt"], told_early(job)) == ("succeeded", 2, 1)
    jobs.still_works()


def test_a_wish_of_a_queued_job_is_heeded_once_it_runs(jobs: Jobs) -> None:
    first, second = (jobs.submit("noop", until_finished=True) for _ in range(2))
    running(jobs, first)
    assert jobs.get(f"/jobs/{second}/status")["status"] == "queued"

    assert finish(jobs, second) == 202
    assert jobs.get(f"/jobs/{second}/status")["status"] == "queued"
    assert finish(jobs, first) == 202

    for job_id in (first, second):
        job = jobs.ended(job_id)
        assert (job["status"], job["attempt"], told_early(job)) == ("succeeded", 1, 1)


def test_a_cancel_is_the_stronger_wish(jobs: Jobs) -> None:
    job_id = jobs.submit("noop", until_finished=True)
    running(jobs, job_id)
    worker = jobs.stopped("worker")
    assert finish(jobs, job_id) == 202
    jobs.cancel(job_id)
    worker.resume()

    assert jobs.ended(job_id)["status"] == "cancelled"
