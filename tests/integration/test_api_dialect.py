"""How a file was read is part of a job's record: the dialect given, or the one that was detected when none was."""

from collections.abc import Iterator

import httpx2
import pytest
from tests.api_calls import connect, job_request, store_file
from tests.conftest import RunningServer

from zerosec_shared.files import Dialect
from zerosec_shared.runs import Job, Run

ROWS = "".join(f"{x};{2 * x},5;{(x * 7) % 5}\n" for x in range(40))
CONTENT = f"x;y;摩耗量\n{ROWS}".encode("cp932")


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


def test_a_dialect_that_was_detected_is_told_by_the_job_and_leaves_the_request_as_it_was(
    api: httpx2.Client,
) -> None:
    request = job_request("linear", target="y", terms="x")
    request["run"]["inputs"] = {"data": [store_file(api, CONTENT)]}

    answer = api.post("jobs", json=request, headers={"Prefer": "wait=60"})

    assert answer.status_code == 201, answer.text
    job = Job.model_validate_json(answer.content)
    assert job.status == "succeeded", job.failure
    dialect = job.inputs["data"][0].dialect
    assert dialect is not None
    assert (dialect.separator, dialect.decimal) == (";", ",")
    assert dialect.encoding.replace("-", "_").lower() in {"cp932", "shift_jis"}
    run = Run.model_validate_json(api.get(f"runs/{job.run_id}").content)
    assert run.inputs["data"][0].dialect is None
    assert api.post("jobs", json=request).status_code == 200, "the same request is still the same"


@pytest.mark.parametrize("given", [{"decimal": ","}, {"separator": ";"}, {"missing": ["", "0"]}])
def test_what_a_request_leaves_out_of_a_dialect_is_detected_and_told(
    api: httpx2.Client, given: dict[str, object]
) -> None:
    request = job_request("linear", target="y", terms="x")
    file = store_file(api, CONTENT)
    request["run"]["inputs"] = {"data": [{**file, "dialect": given}]}

    answer = api.post("jobs", json=request, headers={"Prefer": "wait=60"})

    assert answer.status_code == 201, answer.text
    job = Job.model_validate_json(answer.content)
    assert job.status == "succeeded", job.failure
    dialect = job.inputs["data"][0].dialect
    assert dialect is not None
    assert dialect.detect == ()
    assert (dialect.separator, dialect.decimal) == (";", ",")
    assert dialect.encoding.replace("-", "_").lower() in {"cp932", "shift_jis"}
    assert api.post("jobs", json=request).status_code == 200, "the same request is still the same"


def test_a_dialect_that_is_whole_is_recorded_as_it_was_given(api: httpx2.Client) -> None:
    request = job_request("linear", target="y", terms="x")
    given = Dialect(encoding="cp932", separator=";", decimal=",", missing=("", "none"))
    request["run"]["inputs"] = {
        "data": [{**store_file(api, CONTENT), "dialect": given.model_dump(mode="json")}]
    }

    answer = api.post("jobs", json=request, headers={"Prefer": "wait=60"})

    assert Job.model_validate_json(answer.content).inputs["data"][0].dialect == given
