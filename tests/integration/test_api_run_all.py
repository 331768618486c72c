"""*Run all* through the real server: in order, pausing, going on, from here; killing; the limit of a run; programs; clean-up."""

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import psutil
import pytest
from tests.api_calls import connect
from tests.conftest import RunningServer
from tests.faults.jobs import eventually
from tests.step_calls import ended, execute, held, make_run, run_all, status_of

from zerosec_shared.ids import new_id
from zerosec_shared.programs import FoundBy, ProgramInfo
from zerosec_shared.runs import RunStatus


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "hold"
    place.mkdir()
    return place


def executed(status: RunStatus) -> dict[str, list[str]]:
    return {step.step: [job.status.value for job in step.jobs] for step in status.steps}


def test_all_steps_run_in_order_each_on_what_the_one_before_has_made(api: httpx2.Client) -> None:
    run = make_run(api, parameters={"drop.letters": "X"})

    started = run_all(api, run)
    status = ended(api, run)

    assert started.steps == ("upper", "drop", "count", "report")
    assert status.sequence is not None
    assert status.sequence.status == "succeeded"
    assert executed(status) == {
        **{step: ["succeeded"] for step in started.steps},
        "impossible": [],
    }
    times = [step.jobs[0] for step in status.steps if step.jobs]
    assert all(a.ended_at <= b.created_at for a, b in itertools.pairwise(times) if a.ended_at)
    assert api.get(f"runs/{run}/files/count/counts.tsv", follow_redirects=True).text == "B\t1\nA\t1\n"


def test_the_same_request_again_starts_nothing_and_another_is_refused_meanwhile(
    api: httpx2.Client, folder: Path
) -> None:
    run = make_run(api, parameters={"upper.hold": str(folder)})
    body = {"id": str(new_id())}
    first = api.post(f"runs/{run}/sequence", json=body)

    again = api.post(f"runs/{run}/sequence", json=body)
    other = api.post(f"runs/{run}/sequence", json={"id": str(new_id())})

    assert (first.status_code, again.status_code) == (202, 200)
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    (folder / "go").touch()
    assert executed(ended(api, run))["upper"] == ["succeeded"]


def test_it_pauses_at_a_failure_and_goes_on_with_that_step_once_it_is_mended(api: httpx2.Client) -> None:
    run = make_run(api, parameters={"drop.fail": True})
    run_all(api, run)

    paused = ended(api, run)
    assert paused.sequence is not None
    assert paused.sequence.status == "paused"
    assert paused.sequence.reason is not None
    assert paused.sequence.reason.text == "The step “Dropping” failed."
    assert paused.sequence.reason.translations["ja"]
    api.patch(f"runs/{run}", json={"parameters": {}}).raise_for_status()
    resumed = api.post(f"runs/{run}/sequence/resume")

    assert resumed.status_code == 202
    status = ended(api, run)
    assert status.sequence is not None
    assert status.sequence.status == "succeeded"
    assert executed(status) == {
        "upper": ["succeeded"],
        "drop": ["succeeded", "failed"],
        "count": ["succeeded"],
        "report": ["succeeded"],
        "impossible": [],
    }
    assert api.post(f"runs/{run}/sequence/resume").status_code == 409


def test_from_here_and_without_the_steps_left_out(api: httpx2.Client) -> None:
    run = make_run(api, included={"count": False, "report": False})
    assert run_all(api, run, from_step="drop").steps == ("drop",)
    ended(api, run)
    assert run_all(api, run, steps=["count", "upper"]).steps == ("count", "upper")

    assert executed(ended(api, run))["count"] == ["succeeded"]
    empty = api.post(f"runs/{run}/sequence", json={"id": str(new_id()), "from_step": "report"})
    unknown = api.post(f"runs/{run}/sequence", json={"id": str(new_id()), "steps": ["nothing"]})
    assert (empty.status_code, unknown.status_code) == (422, 422)
    assert unknown.json()["detail"] == "steps: “Letters in steps” has no step “nothing”."


def test_a_step_that_cannot_begin_pauses_it_with_the_reason(api: httpx2.Client) -> None:
    run = make_run(api)
    run_all(api, run, steps=["report"])

    sequence = ended(api, run).sequence

    assert sequence is not None
    assert sequence.reason is not None
    assert "Counts" in sequence.reason.text


def test_paused_by_hand_the_step_ends_and_no_other_begins_until_it_is_resumed(
    api: httpx2.Client, folder: Path
) -> None:
    run = make_run(api, parameters={"upper.hold": str(folder)})
    run_all(api, run)
    held(folder)

    assert api.post(f"runs/{run}/sequence/pause").json()["status"] == "paused"
    (folder / "go").touch()
    eventually(lambda: executed(status_of(api, run))["upper"] == ["succeeded"])
    assert executed(status_of(api, run))["drop"] == []

    api.post(f"runs/{run}/sequence/resume")
    assert executed(ended(api, run))["report"] == ["succeeded"]


def test_killing_a_run_ends_its_programs_and_pauses_it(api: httpx2.Client, folder: Path) -> None:
    run = make_run(api, parameters={"drop.hold": str(folder)})
    run_all(api, run)
    program = psutil.Process(held(folder))
    others = [process for process in program.parent().children() if process.pid != program.pid]  # type: ignore[union-attr]

    killed = api.post(f"runs/{run}/cancel")

    assert len(killed.json()["job_ids"]) == 1
    gone, alive = psutil.wait_procs([program, *others], timeout=120)
    assert (len(gone), alive) == (2, [])
    status = eventually(lambda: (s := status_of(api, run)).latest_status == "cancelled" and s)
    assert status
    assert status.sequence is not None
    assert (status.sequence.status, executed(status)["count"]) == ("paused", [])
    assert api.post(f"runs/{new_id()}/cancel").status_code == 404


def test_of_one_run_only_so_many_steps_run_at_a_time(
    server_factory: Callable[..., RunningServer], folder: Path
) -> None:
    server = server_factory(slots="3", run_slots="2")
    with connect(server) as api:
        run, other = make_run(api), make_run(api)
        for _ in range(3):
            body = {"job_id": str(new_id()), "parameters": {"hold": str(folder)}}
            api.post(f"runs/{run}/steps/upper", json=body).raise_for_status()
        eventually(lambda: len(list(folder.glob("started.*"))) == 2)

        execute(api, other, "upper")  # a slot is free for others

        states = sorted(executed(status_of(api, run))["upper"])
        (folder / "go").touch()
        assert states == ["queued", "running", "running"]
        eventually(lambda: executed(status_of(api, run))["upper"] == ["succeeded"] * 3)


def test_the_programs_are_told_with_version_citation_and_how_to_install_them(api: httpx2.Client) -> None:
    told = {
        program["name"]: ProgramInfo.model_validate(program)
        for program in api.get("system/programs").raise_for_status().json()
    }

    assert told["sort"].found
    assert told["sort"].version
    assert told["sort"].used_by == ("stepped",)
    assert not told["a-program-nobody-has"].found
    assert told["a-program-nobody-has"].help == "Ask whoever wrote it."
    assert told["wait"].found_by in {FoundBy.PATH, FoundBy.BUNDLED}
    assert Path(told["wait"].path).name == Path(sys.executable).name
    assert told["samtools"].citations[0].doi == "10.1093/gigascience/giab008"


def test_files_of_the_oldest_runs_go_when_there_are_too_many_but_never_of_pinned_ones(
    server_factory: Callable[..., RunningServer], tmp_path: Path
) -> None:
    server = server_factory(tmp_path / "data")
    with connect(server) as api:
        pinned, old = make_run(api, pinned=True), make_run(api)
        for run in (pinned, old):
            execute(api, run, "upper")
    server.stop()

    again = server_factory(tmp_path / "data", clean_runs_above_bytes="1")
    with connect(again) as api:
        eventually(lambda: api.get(f"runs/{old}").json()["files_cleaned_at"])
        assert api.get(f"runs/{pinned}").json()["files_cleaned_at"] is None
        assert len(api.get(f"runs/{pinned}/files").json()) == 2
        eventually(lambda: len(api.get(f"runs/{old}/files").json()) == 1)
        assert api.get(f"runs/{old}/status").json()["latest_status"] == "succeeded"
