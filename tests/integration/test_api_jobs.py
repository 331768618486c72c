"""Submitting, waiting for, and looking at jobs through the real server."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from tests.analyses.noop.spec import NoopParameters
from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer

from zerosec_shared.events import EventPage
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job, JobState

WAIT = {"Prefer": "wait=30"}


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


def finished(api: httpx2.Client, **parameters: object) -> Job:
    answer = api.post("jobs", json=job_request(**parameters), headers=WAIT)
    assert answer.status_code == 201, answer.text
    return Job.model_validate_json(answer.content)


def test_a_submit_answers_with_the_state_before_the_job_has_run(api: httpx2.Client) -> None:
    body = job_request()

    answer = api.post("jobs", json=body)

    assert answer.status_code == 202
    state = JobState.model_validate_json(answer.content)
    assert str(state.id) == body["id"]
    assert state.status in {"queued", "running"}
    assert answer.headers["location"] == f"/api/v1/jobs/{body['id']}"


def test_a_submit_that_waits_answers_with_the_ended_job(api: httpx2.Client) -> None:
    answer = api.post("jobs", json=job_request(seed=7), headers=WAIT)

    job = Job.model_validate_json(answer.content)
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "wait=30"
    assert job.status == "succeeded"
    assert job.result is not None


def test_a_job_records_the_defaults_it_was_computed_with(api: httpx2.Client) -> None:
    job = finished(api, seed=7)

    assert job.parameters == NoopParameters(seed=7).model_dump(mode="json")
    assert api.get(f"runs/{job.run_id}").json()["parameters"] == {"seed": 7}


def test_the_same_request_again_makes_no_second_job(api: httpx2.Client) -> None:
    body = job_request()
    first = api.post("jobs", json=body, headers=WAIT)

    again = api.post("jobs", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(api.get("jobs", params={"run": body["run"]["id"]}).json()["items"]) == 1


def test_the_same_request_at_the_same_time_makes_one_job(
    api: httpx2.Client, shared_server: RunningServer
) -> None:
    body = job_request()
    together = threading.Barrier(8)

    def submit(_: int) -> int:
        with connect(shared_server) as own:
            together.wait()
            return own.post("jobs", json=body).status_code

    with ThreadPoolExecutor(8) as callers:
        statuses = sorted(callers.map(submit, range(8)))

    assert statuses == [200] * 7 + [202]
    assert len(api.get("jobs", params={"run": body["run"]["id"]}).json()["items"]) == 1


@pytest.mark.parametrize("change", [{"name": "other"}, {"parameters": {"seed": 2}}, {"id": "run"}])
def test_the_same_id_with_another_body_is_a_conflict(api: httpx2.Client, change: dict[str, object]) -> None:
    body = job_request(seed=1)
    api.post("jobs", json=body, headers=WAIT)
    if change == {"id": "run"}:
        change = {"id": str(new_id())}

    answer = api.post("jobs", json={**body, "run": {**body["run"], **change}})

    assert answer.status_code == 409
    assert answer.json()["code"] == "conflict"
    assert len(api.get("jobs", params={"run": body["run"]["id"]}).json()["items"]) == 1


def test_a_wrong_parameter_is_named_with_its_path_in_words(api: httpx2.Client) -> None:
    answer = api.post("jobs", json=job_request(files=-1, sead=3, seed="x"))

    problem = answer.json()
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["request_id"] == answer.headers["x-request-id"]
    by_path = {tuple(error["path"]): error["message"] for error in problem["errors"]}
    assert by_path == {
        ("run", "parameters", "sead"): "“Nothing” has no parameter “sead”. Did you mean “seed”?"
    }

    answer = api.post("jobs", json=job_request(files=-1, seed="x"))

    by_path = {tuple(error["path"]): error["message"] for error in answer.json()["errors"]}
    assert by_path == {
        ("run", "parameters", "files"): "This must be at least 0.",
        ("run", "parameters", "seed"): "This must be a whole number.",
    }
    assert answer.json()["detail"] == "Files: This must be at least 0.", (
        "the field is named once, by its title"
    )


def test_unknown_analyses_steps_and_slots_are_refused(api: httpx2.Client) -> None:
    file = store_file(api, b"a,b\n1,2\n")
    unknown = api.post("jobs", json=job_request("linaer"))
    step = api.post("jobs", json={**job_request(), "step": "other"})
    slot = job_request()
    slot["run"]["inputs"] = {"daat": [file]}
    in_slot = api.post("jobs", json=slot)

    assert [a.status_code for a in (unknown, step, in_slot)] == [422] * 3
    assert unknown.json()["errors"][0]["path"] == ["run", "analysis"]
    assert "Did you mean “linear”?" in unknown.json()["errors"][0]["message"]
    assert step.json()["errors"][0]["path"] == ["step"]
    assert "Did you mean “data”?" in in_slot.json()["errors"][0]["message"]


def test_missing_inputs_and_too_many_are_refused(api: httpx2.Client) -> None:
    file = store_file(api, b"a,b\n1,2\n")
    without = api.post("jobs", json=job_request("linear", target="a", terms="b"))
    two = job_request("linear", target="a", terms="b")
    two["run"]["inputs"] = {"data": [file, file]}
    with_two = api.post("jobs", json=two)

    assert without.status_code == with_two.status_code == 422
    assert "needs a file" in str(without.json()["errors"])
    assert "takes one file, and 2 were given" in str(with_two.json()["errors"])


def test_an_input_that_is_not_stored_is_said_by_name(api: httpx2.Client) -> None:
    body = job_request()
    body["run"]["inputs"] = {"data": [{"sha256": "0" * 64, "name": "lost.csv"}]}

    answer = api.post("jobs", json=body)

    assert answer.status_code == 409
    assert answer.json()["code"] == "file_missing"
    assert "lost.csv" in answer.json()["detail"]
    assert api.get(f"runs/{body['run']['id']}").status_code == 404


def test_inputs_come_back_as_they_were_given(api: httpx2.Client) -> None:
    first, second = store_file(api, b"1", "一.csv"), store_file(api, b"2", "b.csv")
    second["dialect"] = {"encoding": "shift_jis", "separator": ";", "decimal": ","}
    body = job_request()
    body["run"]["inputs"] = {"data": [second, first]}

    job = Job.model_validate_json(api.post("jobs", json=body, headers=WAIT).content)

    assert [file.name for file in job.inputs["data"]] == ["b.csv", "一.csv"]
    dialect = job.inputs["data"][0].dialect
    assert dialect is not None
    assert (dialect.encoding, dialect.separator, dialect.decimal) == ("shift_jis", ";", ",")


def test_a_status_known_already_is_not_sent_again(api: httpx2.Client) -> None:
    job = finished(api)
    first = api.get(f"jobs/{job.id}/status")

    again = api.get(f"jobs/{job.id}/status", headers={"If-None-Match": first.headers["etag"]})

    assert first.status_code == 200
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_waiting_for_a_change_that_does_not_come_ends_with_not_modified(api: httpx2.Client) -> None:
    job = finished(api)
    etag = api.get(f"jobs/{job.id}/status").headers["etag"]

    answer = api.get(f"jobs/{job.id}/status", headers={"If-None-Match": etag, "Prefer": "wait=1"})

    assert answer.status_code == 304
    assert answer.headers["preference-applied"] == "wait=1"


def test_waiting_for_a_change_answers_when_it_comes(api: httpx2.Client) -> None:
    body = job_request()
    seen = api.post("jobs", json=body)

    etags = [seen.headers["etag"]]
    while True:
        answer = api.get(f"jobs/{body['id']}/status", headers={"If-None-Match": etags[-1], **WAIT})
        assert answer.status_code == 200
        assert answer.headers["etag"] not in etags
        etags.append(answer.headers["etag"])
        if JobState.model_validate_json(answer.content).status.terminal:
            break


def test_events_are_numbered_without_gaps_and_end_with_the_terminal_one(api: httpx2.Client) -> None:
    job = finished(api, files=3)

    page = EventPage.model_validate_json(api.get(f"jobs/{job.id}/events").content)

    assert [event.seq for event in page.events] == list(range(1, page.last_seq + 1))
    assert page.complete
    assert [event.terminal for event in page.events] == [False] * (len(page.events) - 1) + [True]
    rest = EventPage.model_validate_json(
        api.get(f"jobs/{job.id}/events", params={"after": 2, "limit": 1}).content
    )
    assert [event.seq for event in rest.events] == [3]
    assert not rest.complete


def test_a_long_poll_brings_the_events_of_a_job_as_they_come(api: httpx2.Client) -> None:
    body = job_request(progress=3, files=2)
    api.post("jobs", json=body)

    seen = []
    while not seen or not seen[-1].terminal:
        after = seen[-1].seq if seen else 0
        answer = api.get(f"jobs/{body['id']}/events", params={"after": after}, headers=WAIT)
        seen.extend(EventPage.model_validate_json(answer.content).events)

    whole = EventPage.model_validate_json(api.get(f"jobs/{body['id']}/events").content)
    assert tuple(seen) == whole.events


def test_the_log_is_read_from_any_byte_on(api: httpx2.Client) -> None:
    job = finished(api, log_lines=5)
    whole = api.get(f"jobs/{job.id}/log")
    size = len(whole.content)

    tail = api.get(f"jobs/{job.id}/log", headers={"Range": "bytes=10-"})
    nothing_new = api.get(f"jobs/{job.id}/log", headers={"Range": f"bytes={size}-"})

    assert whole.headers["content-type"].startswith("text/plain")
    assert (tail.status_code, tail.content) == (206, whole.content[10:])
    assert tail.headers["content-range"] == f"bytes 10-{size - 1}/{size}"
    assert nothing_new.status_code == 416
    assert nothing_new.headers["content-range"] == f"bytes */{size}"


def test_artifacts_and_run_files_keep_their_folders(api: httpx2.Client) -> None:
    job = finished(api, files=3)

    artifacts = api.get(f"jobs/{job.id}/artifacts").json()
    files = api.get(f"runs/{job.run_id}/files").json()

    assert {f"noop/{artifact['path']}" for artifact in artifacts} == {file["path"] for file in files}
    one = next(file for file in files if file["role"] != "log")
    fetched = api.get(f"runs/{job.run_id}/files/{one['path']}", follow_redirects=True)
    assert len(fetched.content) == one["size_bytes"]


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "noop/../../token",
        "%2fetc%2fpasswd",
        "noop//a",
        "a%00b",
        "noop/",
    ],
)
def test_no_path_leads_out_of_a_run(api: httpx2.Client, shared_server: RunningServer, path: str) -> None:
    job = finished(api, files=1)
    raw = httpx2.URL(shared_server.url).copy_with(raw_path=f"/api/v1/runs/{job.run_id}/files/{path}".encode())

    answer = api.get(raw)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_queued_job_is_cancelled_with_the_answer_and_an_ended_one_stays(api: httpx2.Client) -> None:
    done = finished(api)

    answer = api.post(f"jobs/{done.id}/cancel")

    assert (answer.status_code, answer.json()["code"]) == (409, "already_terminal")
    assert api.get(f"jobs/{done.id}").json()["status"] == "succeeded"
    assert api.post(f"jobs/{new_id()}/cancel").status_code == 404


def test_a_running_job_is_cancelled_while_the_answer_does_not_wait(
    api: httpx2.Client, tmp_path: Path
) -> None:
    body = job_request("faulty", barrier=str(tmp_path))
    api.post("jobs", json=body)
    queued = {"If-None-Match": 'W/"queued-0-1"', **WAIT}
    assert api.get(f"jobs/{body['id']}/status", headers=queued).json()["status"] == "running"

    asked = api.post(f"jobs/{body['id']}/cancel")

    assert asked.status_code == 202
    assert asked.json()["cancel_requested"] is True
    ended = api.get(f"jobs/{body['id']}/status", headers=WAIT).json()
    assert ended["status"] == "cancelled"
    assert api.post(f"jobs/{body['id']}/cancel").status_code == 202


def test_a_job_that_is_finished_early_keeps_its_result(api: httpx2.Client) -> None:
    body = job_request("noop", until_finished=True, files=1)
    api.post("jobs", json=body)
    queued = {"If-None-Match": 'W/"queued-0-1"', **WAIT}
    assert api.get(f"jobs/{body['id']}/status", headers=queued).json()["finish_requested"] is False

    asked = api.post(f"jobs/{body['id']}/finish")

    assert (asked.status_code, asked.json()["finish_requested"]) == (202, True)
    again = api.post(f"jobs/{body['id']}/finish")
    assert again.status_code == 202 or again.json()["code"] == "already_terminal"
    assert api.get(f"jobs/{body['id']}/status", headers=WAIT).json()["status"] == "succeeded"
    job = api.get(f"jobs/{body['id']}").json()
    metrics = {metric["name"]: metric["value"] for metric in job["result"]["metrics"]}
    assert metrics == {"finished_early": 1, "files": 1}
    assert len(api.get(f"jobs/{body['id']}/artifacts").json()) == 1
    late = api.post(f"jobs/{body['id']}/finish")
    assert (late.status_code, late.json()["code"]) == (409, "already_terminal")
    assert api.post(f"jobs/{new_id()}/finish").status_code == 404


def test_an_analysis_that_has_no_result_before_its_end_is_not_finished_early(
    api: httpx2.Client, tmp_path: Path
) -> None:
    body = job_request("faulty", barrier=str(tmp_path))
    api.post("jobs", json=body)

    refused = api.post(f"jobs/{body['id']}/finish")

    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert "cannot be stopped early" in refused.json()["title"]
    (tmp_path / "go").touch()
    state = api.get(f"jobs/{body['id']}/status", headers=WAIT).json()
    assert (state["status"], state["finish_requested"]) == ("succeeded", False)
    steps = {info["id"]: info["steps"][0]["finishable"] for info in api.get("analyses").json()}
    assert steps["optimal-design"]
    assert not steps["linear"]
