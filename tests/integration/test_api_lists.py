"""Lists, filters, pages, and the life of a run through the real server."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.analyses.noop.spec import NoopParameters
from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer

from zerosec_shared.ids import new_id

WAIT = {"Prefer": "wait=30"}


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


def submit(api: httpx2.Client, name: str, **parameters: object) -> dict[str, str]:
    answer = api.post("jobs", json=job_request(name=name, **parameters), headers=WAIT)
    assert answer.status_code == 201, answer.text
    job: dict[str, str] = answer.json()
    return job


def names(api: httpx2.Client, what: str = "jobs", **query: object) -> list[str]:
    answer = api.get(what, params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return [item["run_name" if what == "jobs" else "name"] for item in answer.json()["items"]]


def test_pages_stay_put_while_new_jobs_arrive(api: httpx2.Client) -> None:
    mark = f"pages {new_id()}"
    for number in range(5):
        submit(api, f"{mark} {number}")
    first = api.get("jobs", params={"text": mark, "limit": 2}).json()
    submit(api, f"{mark} new")

    second = api.get("jobs", params={"text": mark, "limit": 2, "cursor": first["next_cursor"]}).json()
    third = api.get("jobs", params={"text": mark, "limit": 2, "cursor": second["next_cursor"]}).json()

    seen = [item["run_name"][-1] for page in (first, second, third) for item in page["items"]]
    assert seen == ["4", "3", "2", "1", "0"]
    assert third["next_cursor"] is None


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Größe der ÄCKER", "größe der äcker"),
        ("Ωmega", "ωMEGA"),
        ("STRASSE", "straße"),
        ("摩耗量ＡＢＣ１２３", "摩耗量abc123"),
        ("バリ取りテスト", "ﾊﾞﾘ取りﾃｽﾄ"),
        ("100%_done", "100%_DONE"),
    ],
)
def test_text_is_found_whatever_its_case_and_width(api: httpx2.Client, name: str, asked: str) -> None:
    mark = str(new_id())
    submit(api, f"{mark} {name}")

    assert names(api, text=f"{mark} {asked}") == [f"{mark} {name}"]
    assert names(api, "runs", text=f"{mark} {asked}") == [f"{mark} {name}"]
    assert names(api, text=f"{mark} {asked} and more") == []


@pytest.mark.parametrize("what", ["jobs", "runs"])
def test_filters_find_what_they_say(api: httpx2.Client, what: str) -> None:
    mark = f"filters-{new_id()}"
    submit(api, f"{mark} one", seed=1)
    submit(api, f"{mark} 100% two_", seed=2)

    assert names(api, what, text=mark, **{"param.seed": "1"}) == [f"{mark} one"]
    assert names(api, what, text=mark, **{"param.seed": ["1", "2"]}) == [f"{mark} 100% two_", f"{mark} one"]
    assert names(api, what, text=mark, **{"param.seed": "3"}) == []
    assert names(api, what, text=mark, status="failed") == []
    assert len(names(api, what, text=mark, status=["failed", "succeeded"])) == 2
    assert names(api, what, text=mark, analysis="linear") == []
    assert len(names(api, what, text=mark.upper(), analysis="noop", owner="local")) == 2
    assert names(api, what, text=mark, owner="somebody else") == []
    assert names(api, what, text=f"{mark} 100% two_") == [f"{mark} 100% two_"]
    assert names(api, what, text=f"{mark}%one") == []


@pytest.mark.parametrize(
    "query",
    [
        {"statsu": "failed"},
        {"status": "ended"},
        {"limit": "0"},
        {"limit": "100000"},
        {"cursor": "abc"},
        {"cursor": "WzEsIngiXQ=="},
        {"cursor": "W05hTiwiMDAwIl0="},
        {"text": "a\x00b"},
        {"param.x": "a\x00b"},
        {"run": "no id"},
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(api: httpx2.Client, query: dict[str, str]) -> None:
    answer = api.get("jobs", params=query)

    assert answer.status_code == 422
    assert answer.json()["code"] == "validation_error"


def test_a_run_is_made_once_and_executed_step_by_step(api: httpx2.Client) -> None:
    run_id = str(new_id())
    run = {"id": run_id, "analysis": "noop", "name": "steps", "parameters": {"seed": 5}, "tags": ["b", "a"]}

    made, again = api.post("runs", json=run), api.post("runs", json=run)
    other = api.post("runs", json={**run, "name": "another"})

    assert (made.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert made.json() == again.json()
    assert made.json()["latest_status"] is None
    step = {"job_id": str(new_id()), "parameters": {"files": 2}}
    executed = api.post(f"runs/{run_id}/steps/noop", json=step, headers=WAIT)
    repeated = api.post(f"runs/{run_id}/steps/noop", json=step)
    assert (executed.status_code, repeated.status_code) == (201, 200)
    assert executed.json()["parameters"] == NoopParameters(files=2, seed=5).model_dump(mode="json")
    assert api.post(f"runs/{run_id}/steps/noop", json={**step, "parameters": {}}).status_code == 409
    assert api.post(f"runs/{run_id}/steps/no_step", json={**step, "job_id": str(new_id())}).status_code == 404
    assert api.post(f"runs/{new_id()}/steps/noop", json=step).status_code == 404

    status = api.get(f"runs/{run_id}/status").json()
    assert status["latest_status"] == "succeeded"
    assert [(step["step"], len(step["jobs"])) for step in status["steps"]] == [("noop", 1)]
    results = api.get(f"runs/{run_id}/results").json()
    assert results["steps"][0]["job_id"] == step["job_id"]
    assert api.get(f"runs/{run_id}/results/noop").json() == results["steps"][0]
    assert api.get(f"runs/{run_id}/results/other").status_code == 404


def test_a_run_is_renamed_tagged_and_pinned_and_still_the_same_request(api: httpx2.Client) -> None:
    run = {"id": str(new_id()), "analysis": "noop", "name": "before"}
    api.post("runs", json=run)

    named = api.patch(f"runs/{run['id']}", json={"name": "after", "tags": ["x", "y", "x"]}).json()
    pinned = api.patch(f"runs/{run['id']}", json={"pinned": True}).json()

    assert (named["name"], named["tags"], named["pinned"]) == ("after", ["x", "y"], False)
    assert (pinned["name"], pinned["tags"], pinned["pinned"]) == ("after", ["x", "y"], True)
    assert api.post("runs", json=run).json() == pinned
    assert api.patch(f"runs/{run['id']}", json={"analysis": "faulty"}).status_code == 422
    assert api.patch(f"runs/{new_id()}", json={"name": "x"}).status_code == 404


def test_cleaning_frees_the_files_and_keeps_results_and_log(api: httpx2.Client) -> None:
    job = submit(api, "cleaning", files=3, file_bytes=1000, log_lines=2)

    cleaned = api.delete(f"runs/{job['run_id']}/files")

    assert cleaned.status_code == 200
    assert cleaned.json()["freed_bytes"] >= 3000
    assert {file["role"] for file in api.get(f"jobs/{job['id']}/artifacts").json()} <= {"log"}
    assert api.get(f"jobs/{job['id']}").json()["result"] is not None
    assert api.get(f"jobs/{job['id']}/log").content != b""
    assert api.get(f"runs/{job['run_id']}").json()["files_cleaned_at"] is not None
    assert api.delete(f"runs/{job['run_id']}/files").json() == {"files": 0, "freed_bytes": 0}


def test_a_deleted_run_is_gone_for_good(api: httpx2.Client) -> None:
    body = job_request(name=f"deleting {new_id()}", files=1)
    job = api.post("jobs", json=body, headers=WAIT).json()

    first, again = api.delete(f"runs/{job['run_id']}"), api.delete(f"runs/{job['run_id']}")

    assert (first.status_code, again.status_code) == (204, 204)
    for path in (
        f"runs/{job['run_id']}",
        f"jobs/{job['id']}",
        f"jobs/{job['id']}/events",
        f"jobs/{job['id']}/log",
    ):
        assert api.get(path).status_code == 404
    assert names(api, text=body["run"]["name"]) == []
    assert api.post("jobs", json=body).status_code == 409
    assert api.delete(f"runs/{new_id()}").status_code == 404


def test_a_run_with_a_running_job_is_not_deleted(
    api: httpx2.Client, tmp_path_factory: pytest.TempPathFactory
) -> None:
    body = job_request("faulty", barrier=str(tmp_path_factory.mktemp("barrier")))
    api.post("jobs", json=body)

    refused = api.delete(f"runs/{body['run']['id']}")

    assert refused.status_code == 409
    api.post(f"jobs/{body['id']}/cancel")
    api.get(f"jobs/{body['id']}/status", headers=WAIT)
    assert api.delete(f"runs/{body['run']['id']}").status_code == 204


def test_the_catalogue_describes_what_a_form_needs(api: httpx2.Client) -> None:
    listed = api.get("analyses").json()
    linear = api.get("analyses/linear").json()

    assert linear in listed
    assert "noop" not in [analysis["id"] for analysis in listed]
    assert api.get("analyses/noop").status_code == 200
    assert api.get("analyses/nothing").status_code == 404
    assert "target" in linear["steps"][0]["parameters_schema"]["properties"]


def test_the_server_says_what_it_is_and_how_it_is_doing(api: httpx2.Client) -> None:
    store_file(api, b"0123456789")

    assert api.get("ready").json()["ready"] is True
    info, status = api.get("system/info").json(), api.get("system/status").json()
    queue = api.get("queue").json()
    assert info["deployment"] == "embedded"
    assert status["slots"] == queue["slots"] >= 1
    assert status["disk_used_bytes"] >= 10
    assert status["worker_heartbeat_age_s"] < 30
    assert set(status["jobs"]) == {"queued", "running", "succeeded", "failed", "cancelled"}
