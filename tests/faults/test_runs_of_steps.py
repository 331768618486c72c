"""Runs of several steps under fire: four at once with kills, and a server killed in the middle of *Run all*."""

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.api_calls import connect
from tests.conftest import RunningServer
from tests.faults.jobs import eventually, kill_at_once
from tests.step_calls import ended, held, make_run, run_all, status_of

pytestmark = pytest.mark.faults

STEPS = ("upper", "drop", "count")


def test_four_runs_at_once_three_killed_in_each_step_leave_no_process_and_harm_no_other(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = server_factory(slots="4", cancel_grace_s="0.2")
    with connect(server) as api:
        folders = {step: tmp_path / step for step in STEPS}
        for folder in folders.values():
            folder.mkdir()
        doomed = {
            step: make_run(api, f"{step}\n".encode(), parameters={f"{step}.hold": str(folders[step])})
            for step in STEPS
        }
        whole = make_run(api, b"whole\n")
        for run in [*doomed.values(), whole]:
            run_all(api, run)
        programs = {step: psutil.Process(held(folder)) for step, folder in folders.items()}
        groups = {os.getpgid(program.pid) for program in programs.values()}
        before = {
            run: [(f["path"], f["sha256"]) for f in api.get(f"runs/{run}/files").json()]
            for run in doomed.values()
        }

        for run in doomed.values():
            api.post(f"runs/{run}/cancel").raise_for_status()

        for step, run in doomed.items():
            eventually(lambda run=run: status_of(api, run).latest_status == "cancelled")
            status = status_of(api, run)
            assert {s.step: s.jobs[0].status for s in status.steps if s.jobs} == {
                **dict.fromkeys(STEPS[: STEPS.index(step)], "succeeded"),
                step: "cancelled",
            }
            assert before[run] == [(f["path"], f["sha256"]) for f in api.get(f"runs/{run}/files").json()]
        assert ended(api, whole).latest_status == "succeeded"
        assert api.get(f"runs/{whole}/files/count/counts.tsv", follow_redirects=True).text == "WHOLE\t1\n"
        eventually(lambda: not any(p.is_running() for p in programs.values()))
        assert not [p for p in server.tree() if _group(p) in groups]


def _group(process: psutil.Process) -> int:
    try:
        return os.getpgid(process.pid)
    except ProcessLookupError:
        return -1


@pytest.mark.parametrize("step", STEPS)
def test_a_server_killed_in_the_middle_of_run_all_goes_on_where_it_was(
    server_factory: Callable[..., RunningServer], tmp_path: Path, step: str
) -> None:
    folder = tmp_path / "hold"
    folder.mkdir()
    settings = {"lease_ttl_s": "4", "retry_delay_s": "0.1"}
    server = server_factory(tmp_path / "data", **settings)
    with connect(server) as api:
        run = make_run(api, parameters={f"{step}.hold": str(folder)})
        run_all(api, run)
        program = psutil.Process(held(folder))

    kill_at_once(server.tree())
    eventually(lambda: not program.is_running())
    (folder / "go").touch()

    again = server_factory(tmp_path / "data", **settings)
    with connect(again) as api:
        status = ended(api, run)

    assert status.sequence is not None
    assert status.sequence.status == "succeeded"
    attempts = {s.step: [(job.status.value, job.attempt) for job in s.jobs] for s in status.steps}
    expected = {key: [("succeeded", 1)] for key in ("upper", "drop", "count", "report")}
    assert attempts == {**expected, step: [("succeeded", 2)], "impossible": []}
