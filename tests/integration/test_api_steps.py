"""Runs of several steps through the real server: what each step reads, what is recorded, what is stale."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from tests.api_calls import Json, connect, store_file
from tests.conftest import RunningServer
from tests.step_calls import execute, make_run, plan

from zerosec_shared.ids import new_id
from zerosec_shared.runs import RunStatus
from zerosec_shared.steps import StepPlan


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


def text_of(api: httpx2.Client, run: str, path: str) -> str:
    return api.get(f"runs/{run}/files/{path}", follow_redirects=True).raise_for_status().text


def taken(plan: StepPlan) -> tuple[str | None, ...]:
    return tuple(slot.choices[0].step if slot.choices else None for slot in plan.inputs)


def test_a_step_reads_what_the_steps_before_have_made_and_the_record_says_so(api: httpx2.Client) -> None:
    run = make_run(api)
    upper = execute(api, run, "upper")
    dropped = execute(api, run, "drop", parameters={"letters": "X"})
    counted = execute(api, run, "count")

    assert text_of(api, run, "drop/dropped/text0.txt") == "A\nB\n"
    assert text_of(api, run, "count/counts.tsv") == "B\t1\nA\t1\n"
    (read,) = counted.inputs["text"]
    assert read.made_by is not None
    assert (read.made_by.job_id, read.made_by.path) == (dropped.id, "dropped/text0.txt")
    (before,) = dropped.inputs["text"]
    assert before.made_by is not None
    assert before.made_by.job_id == upper.id
    assert upper.inputs["text"][0].made_by is None


def test_steps_run_in_any_order_and_the_plan_says_what_would_be_read_and_why(api: httpx2.Client) -> None:
    run = make_run(api)
    assert taken(plan(api, run, "count")) == (None,)
    assert "own file" in plan(api, run, "count").inputs[0].reason

    execute(api, run, "drop")
    assert taken(plan(api, run, "count")) == ("drop",)
    execute(api, run, "upper")
    assert taken(plan(api, run, "count")) == ("upper",)
    execute(api, run, "drop")

    planned = plan(api, run, "count")
    assert planned.inputs[0].choices[0].through == ("upper", "drop")
    assert planned.inputs[0].reason == "The newest output of “Dropping”, after Capitals."
    assert planned.inputs[0].translations["ja"]
    assert len(planned.inputs[0].choices) == 4
    assert planned.problems == ()


def test_any_other_choice_of_the_plan_can_be_given(api: httpx2.Client) -> None:
    run = make_run(api)
    execute(api, run, "upper")
    raw = next(c for c in plan(api, run, "count").inputs[0].choices if c.step is None)

    files = [file.model_dump(mode="json") for file in raw.files]
    counted = execute(api, run, "count", inputs={"text": files})

    assert counted.inputs["text"][0].made_by is None
    assert text_of(api, run, "count/counts.tsv") == "b\t1\nax\t1\n"


def test_outputs_of_another_run_are_refused(api: httpx2.Client) -> None:
    other, run = make_run(api), make_run(api)
    execute(api, other, "upper")
    foreign = plan(api, other, "count").inputs[0].choices[0]
    files = [file.model_dump(mode="json") for file in foreign.files]

    body = {"job_id": str(new_id()), "inputs": {"text": files}}
    answer = api.post(f"runs/{run}/steps/count", json=body)
    of_run = api.post("runs", json={
        "id": str(new_id()), "analysis": "stepped", "name": "x", "inputs": {"text": files}
    })  # fmt: skip

    assert (answer.status_code, answer.json()["code"]) == (409, "file_missing")
    assert (of_run.status_code, of_run.json()["code"]) == (409, "file_missing")


def test_repeating_a_step_makes_stale_what_was_made_from_it(api: httpx2.Client) -> None:
    run = make_run(api)
    execute(api, run, "upper")
    execute(api, run, "drop")
    execute(api, run, "count")
    execute(api, run, "upper", parameters={"letters": "a"})

    status = RunStatus.model_validate_json(api.get(f"runs/{run}/status").content)
    stale = {step.step: list(step.stale) for step in status.steps}

    assert stale["upper"] == []
    assert stale["drop"] == ["source_repeated"]
    assert stale["count"] == ["source_stale"]
    assert taken(plan(api, run, "count")) == ("upper",)


def test_other_files_for_the_run_make_stale_what_was_made_from_the_former(api: httpx2.Client) -> None:
    run = make_run(api)
    execute(api, run, "upper")

    changed = api.patch(f"runs/{run}", json={"inputs": {"text": [store_file(api, b"zz\n")]}})

    assert changed.status_code == 200
    assert changed.json()["inputs_changed_at"] is not None
    steps = api.get(f"runs/{run}/status").json()["steps"]
    assert next(s for s in steps if s["step"] == "upper")["stale"] == ["files_changed"]


def test_parameters_are_given_to_all_steps_or_to_one(api: httpx2.Client) -> None:
    run = make_run(api, parameters={"letters": "a", "drop.letters": "b"})

    assert execute(api, run, "upper").parameters["letters"] == "a"
    assert execute(api, run, "drop").parameters["letters"] == "b"
    assert execute(api, run, "drop", parameters={"letters": "c"}).parameters["letters"] == "c"
    api.patch(f"runs/{run}", json={"parameters": {"upper.letters": "z"}}).raise_for_status()
    assert execute(api, run, "upper").parameters["letters"] == "z"
    assert plan(api, run, "drop").parameters["letters"] == "x"


def test_a_step_left_out_is_not_read_by_itself(api: httpx2.Client) -> None:
    run = make_run(api, included={"drop": False})
    execute(api, run, "drop")

    assert taken(plan(api, run, "count")) == (None,)
    api.patch(f"runs/{run}", json={"included": {"upper": False}}).raise_for_status()
    assert api.get(f"runs/{run}").json()["included"] == {"drop": False, "upper": False}
    api.patch(f"runs/{run}", json={"included": {"drop": None}}).raise_for_status()
    assert taken(plan(api, run, "count")) == ("drop",)
    refused = api.patch(f"runs/{run}", json={"included": {"nothing": True}})
    assert refused.status_code == 422


def test_a_step_without_its_programs_is_refused_before_anything_starts(api: httpx2.Client) -> None:
    run = make_run(api)

    answer = api.post(f"runs/{run}/steps/impossible", json={"job_id": str(new_id())})

    problem: Json = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "program_missing")
    assert problem["hint"] == "Ask whoever wrote it."
    assert plan(api, run, "impossible").missing_programs == ("a-program-nobody-has",)


def test_a_step_whose_input_no_step_has_made_yet_says_so(api: httpx2.Client) -> None:
    run = make_run(api)

    answer = api.post(f"runs/{run}/steps/report", json={"job_id": str(new_id())})

    assert answer.status_code == 422
    assert plan(api, run, "report").problems[0].path == ("inputs", "counts")


def test_the_programs_that_ran_are_recorded(api: httpx2.Client) -> None:
    run = make_run(api)
    job = execute(api, run, "count")

    assert [ran.program for ran in job.ran] == ["sort", "sort"]
    assert job.ran[0].arguments[1:] == ("inputs/text-0.txt",)
    assert job.ran[0].version == job.environment["program sort"]


def test_the_same_request_again_makes_no_second_job_though_the_plan_has_changed(api: httpx2.Client) -> None:
    run = make_run(api)
    body = {"job_id": str(new_id())}
    first = api.post(f"runs/{run}/steps/count", json=body, headers={"Prefer": "wait=60"})
    execute(api, run, "upper")

    again = api.post(f"runs/{run}/steps/count", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()


def test_what_a_step_is_executed_with_is_kept_with_the_job_or_not_at_all(api: httpx2.Client) -> None:
    run = make_run(api, b"ax\n")
    other = store_file(api, b"bx\n", "other.txt")
    kept = {"keep_parameters": True, "keep_inputs": ["text"]}
    first = {"job_id": str(new_id()), "parameters": {"letters": "a"}, "inputs": {"text": [other]}, **kept}
    api.post(f"runs/{run}/steps/drop", json=first, headers={"Prefer": "wait=60"}).raise_for_status()
    execute(api, run, "drop", parameters={"drop.letters": "b"}, keep_parameters=True)
    before = api.get(f"runs/{run}").json()

    again = api.post(f"runs/{run}/steps/drop", json=first)
    refused = [
        api.post(f"runs/{run}/steps/drop", json={"job_id": str(new_id()), **wrong})
        for wrong in (
            {"parameters": {"letters": "c" * 61}, "keep_parameters": True},
            {"parameters": {"letters": "c"}, "keep_parameters": True, "keep_inputs": ["text"]},
        )
    ]

    assert before["parameters"] == {"drop.letters": "b"}
    assert [file["name"] for file in before["inputs"]["text"]] == ["other.txt"]
    assert again.status_code == 200
    assert [answer.status_code for answer in refused] == [422, 422]
    assert api.get(f"runs/{run}").json() == before


def test_steps_that_are_executed_at_the_same_time_all_keep_their_settings(api: httpx2.Client) -> None:
    run = make_run(api)

    def begin(step: str) -> int:
        body = {"job_id": str(new_id()), "parameters": {"fail": False}, "keep_parameters": True}
        return api.post(f"runs/{run}/steps/{step}", json=body).status_code

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(begin, ("upper", "drop", "count"))) == [202, 202, 202]

    kept = api.get(f"runs/{run}").json()["parameters"]
    assert kept == {"upper.fail": False, "drop.fail": False, "count.fail": False}
