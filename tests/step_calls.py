"""Runs of several steps as a test calls them over HTTP."""

from pathlib import Path

import httpx2

from tests.api_calls import store_file
from tests.faults.jobs import eventually
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job, RunStatus
from zerosec_shared.steps import Sequence, StepPlan

__all__ = ["ended", "execute", "held", "make_run", "plan", "run_all", "status_of"]

WAIT = {"Prefer": "wait=60"}


def make_run(api: httpx2.Client, text: bytes = b"ax\nb\n", **more: object) -> str:
    body = {
        "id": str(new_id()),
        "analysis": "stepped",
        "name": "a run of steps",
        "inputs": {"text": [store_file(api, text, "text.txt")]},
        **more,
    }
    answer = api.post("runs", json=body)
    assert answer.status_code == 201, answer.text
    return str(body["id"])


def execute(api: httpx2.Client, run: str, step: str, **more: object) -> Job:
    body = {"job_id": str(new_id()), **more}
    answer = api.post(f"runs/{run}/steps/{step}", json=body, headers=WAIT)
    assert answer.status_code == 201, answer.text
    job = Job.model_validate_json(answer.content)
    assert job.status == "succeeded", job.failure
    return job


def plan(api: httpx2.Client, run: str, step: str) -> StepPlan:
    return StepPlan.model_validate_json(api.get(f"runs/{run}/steps/{step}").raise_for_status().content)


def status_of(api: httpx2.Client, run: str) -> RunStatus:
    return RunStatus.model_validate_json(api.get(f"runs/{run}/status").raise_for_status().content)


def run_all(api: httpx2.Client, run: str, **more: object) -> Sequence:
    answer = api.post(f"runs/{run}/sequence", json={"id": str(new_id()), **more})
    assert answer.status_code == 202, answer.text
    return Sequence.model_validate_json(answer.content)


def ended(api: httpx2.Client, run: str) -> RunStatus:
    """Once *Run all* does not go on any more."""

    def over() -> RunStatus | None:
        status = status_of(api, run)
        assert status.sequence is not None
        return None if status.sequence.status == "running" else status

    found = eventually(over)
    assert found is not None
    return found


def held(folder: Path) -> int:
    """Wait until a step holds at this folder; returns the pid of its program."""
    return int(eventually(lambda: list(folder.glob("started.*")))[-1].suffix[1:])
