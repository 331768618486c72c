"""Previews on a real server: what they answer, that they hold nothing up, and that nothing of them stays."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update
from tests.api_calls import connect, store_file
from tests.command import Command
from tests.conftest import ROOT, RunningServer

from zerosec_server.database.connection import Database, db_now, sqlite_url
from zerosec_server.database.tables import events, job_parameters, jobs, runs
from zerosec_shared.ids import new_id

Connected = Callable[[RunningServer], httpx2.Client]
WAIT = {"Prefer": "wait=30"}
PENGUINS = ROOT / "examples" / "penguins.csv"


@pytest.fixture
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


@pytest.fixture
def connected() -> Iterator[Connected]:
    with ExitStack() as clients:
        yield lambda server: clients.enter_context(connect(server))


@pytest.fixture
def data(api: httpx2.Client) -> dict[str, Any]:
    return {"data": [store_file(api, b"12345")]}


def question(analysis: str = "foreseen", inputs: Any = None, **parameters: object) -> dict[str, Any]:
    return {"id": str(new_id()), "analysis": analysis, "inputs": inputs or {}, "parameters": parameters}


def ask(api: httpx2.Client, **given: Any) -> Any:
    answer = api.post("previews", json=question(**given), headers=WAIT)
    assert answer.status_code == 201, answer.text
    return answer.json()


def metrics(job: Any) -> dict[str, Any]:
    return {metric["name"]: metric["value"] for metric in job["result"]["metrics"]}


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.01)


def test_a_preview_answers_with_what_a_run_would_do(api: httpx2.Client, data: dict[str, Any]) -> None:
    job = ask(api, inputs=data, count=3)

    assert job["status"] == "succeeded"
    assert metrics(job) == {"bytes": 5, "count": 3, "share": 0.5}
    assert job["result"]["warnings"] == []


def test_what_is_not_given_yet_is_said_beside_what_can_be(api: httpx2.Client, data: dict[str, Any]) -> None:
    without_count = ask(api, inputs=data, share=0.25)
    wrong_share = ask(api, inputs=data, count=2, share=7)
    without_file = ask(api, count=2)

    assert metrics(without_count) == {"bytes": 5}
    assert metrics(wrong_share) == {"bytes": 5, "count": 2}
    assert metrics(without_file) == {}
    told = [job["result"]["warnings"] for job in (without_count, wrong_share, without_file)]
    assert [[(each["code"], each["message"]) for each in warnings] for warnings in told] == [
        [("not_yet", "Choose “Count” first.")],
        [("not_yet", "“Share” is not right yet.")],
        [("not_yet", "Choose “Any file” first.")],
    ]


def test_a_refusal_and_a_crash_are_told_as_those_of_a_job(api: httpx2.Client, data: dict[str, Any]) -> None:
    refused = ask(api, inputs=data, count=1, ending="refused")
    crashed = ask(api, inputs=data, count=1, ending="crash")

    told = {name: refused["failure"][name] for name in ("code", "title", "detail", "hint")}
    assert told == {
        "code": "input_invalid",
        "title": "There is nothing to count.",
        "detail": "The file is of another kind.",
        "hint": "Choose another.",
    }
    assert crashed["failure"]["code"] == "analysis_crashed"


def test_what_no_step_knows_is_refused_and_so_is_a_step_without_a_preview(api: httpx2.Client) -> None:
    unknown = api.post("previews", json=question(conut=3))
    without = api.post("previews", json=question("noop"))

    assert unknown.status_code == without.status_code == 422
    assert "Did you mean" in unknown.json()["errors"][0]["message"]
    assert without.json()["errors"][0]["code"] == "no_preview"


def test_the_same_question_again_is_the_same_preview(api: httpx2.Client, data: dict[str, Any]) -> None:
    asked = question(inputs=data, count=4)

    first = api.post("previews", json=asked, headers=WAIT)
    again = api.post("previews", json=asked, headers=WAIT)
    other = api.post("previews", json={**asked, "parameters": {"count": 5}}, headers=WAIT)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json()["result"] == again.json()["result"]


def test_a_preview_stands_in_no_list_and_no_count(
    api: httpx2.Client, data: dict[str, Any], tmp_path: Path
) -> None:
    before = api.get("system/status").json()

    running = question(inputs=data, count=1, ending="wait", barrier=str(tmp_path))
    api.post("previews", json=running)
    until((tmp_path / "started").exists)
    status, queue = api.get("system/status").json(), api.get("queue").json()
    listed = [
        entry["id"]
        for path in ("jobs", "runs")
        for entry in api.get(path, params={"limit": 500}).json()["items"]
    ]
    (tmp_path / "go").touch()

    assert running["id"] not in listed
    assert status["jobs"] == before["jobs"]
    assert (queue["queued"], queue["running"]) == (0, 0)


def test_a_preview_does_not_wait_for_jobs_and_ends_when_it_is_cancelled(
    server_factory: Callable[..., RunningServer], connected: Connected, tmp_path: Path
) -> None:
    api = connected(server_factory(slots="1"))
    inputs = {"data": [store_file(api, b"12")]}
    busy = {
        "id": str(new_id()),
        "run": {
            "id": str(new_id()),
            "analysis": "faulty",
            "name": "holds the only slot",
            "parameters": {"barrier": str(tmp_path)},
        },
    }
    api.post("jobs", json=busy)
    until((tmp_path / "started").exists)

    job = ask(api, inputs=inputs, count=1)
    folder = tmp_path / "second"
    folder.mkdir()
    slow = question(inputs=inputs, count=1, ending="wait", barrier=str(folder))
    api.post("previews", json=slow)
    until((folder / "started").exists)
    api.post(f"jobs/{slow['id']}/cancel")
    ended = api.get(f"jobs/{slow['id']}/status", headers=WAIT).json()

    assert metrics(job)["count"] == 1
    assert ended["status"] == "cancelled"
    assert api.get(f"jobs/{busy['id']}").json()["status"] == "running"
    (tmp_path / "go").touch()


def test_a_preview_that_takes_too_long_is_ended(
    server_factory: Callable[..., RunningServer], connected: Connected, tmp_path: Path
) -> None:
    api = connected(server_factory(preview_wall_time_s="0.3"))

    job = ask(api, count=1, ending="wait", barrier=str(tmp_path))

    assert job["failure"]["code"] == "wall_time_exceeded"


def test_nothing_of_a_preview_stays(
    server_factory: Callable[..., RunningServer], connected: Connected
) -> None:
    server = server_factory()
    api = connected(server)
    inputs = {"data": [store_file(api, b"12")]}
    job = ask(api, inputs=inputs, count=1)
    database = Database(sqlite_url(server.data_dir / "zerosec.db"))
    try:
        database.write(
            lambda c: c.execute(update(jobs).where(jobs.c.id == job["id"]).values(ended_at=db_now() - 61))
        )

        until(lambda: api.get(f"jobs/{job['id']}").status_code == 404)

        with database.engine.connect() as c:
            for table in (runs, jobs, events, job_parameters):
                assert c.execute(select(table)).all() == []
    finally:
        database.close()
    assert (
        api.post(
            "presign/upload", json={"name": "two", "size_bytes": 2, "sha256": inputs["data"][0]["sha256"]}
        ).json()["state"]
        == "stored"
    )


def test_the_command_says_what_the_linear_analysis_would_do(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    zerosec = Command(tmp_path / "client", data_dir=shared_server.data_dir)
    terms = ("--target", "body_mass_g", "--terms", "species*flipper_length_mm + sex")

    told = zerosec("preview", "linear", str(PENGUINS), *terms, "--json")
    early = zerosec("preview", "linear", str(PENGUINS))
    refused = zerosec("preview", "linear", str(PENGUINS), "--target", "sex")

    assert told.code == 0, told.err
    result = told.json["result"]
    numbers = {metric["name"]: metric["value"] for metric in result["metrics"]}
    assert {name: numbers[name] for name in ("rows", "terms", "coefficients", "fits")} == {
        "rows": 333, "terms": 4, "coefficients": 7, "fits": 100,
    }  # fmt: skip
    tables = {view["id"]: view["rows"] for view in result["views"]}
    assert tables["missing"] == [["body_mass_g", 2], ["flipper_length_mm", 2], ["sex", 11]]
    assert tables["terms"][-1] == ["species:flipper_length_mm", 2]
    assert (early.code, early.out) == (0, "note: Choose “Target” first.\n")
    assert refused.code == 1
    assert refused.out.startswith("The target “sex” is not numeric.\n")
    assert all(job["run_name"] != "Preview" for job in zerosec("jobs", "--json").json["jobs"])
