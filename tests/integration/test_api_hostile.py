"""Hostile and broken requests: each gets a problem, none a 5xx, and none comes in without the token."""

import json
import socket
from collections.abc import Iterator

import httpx2
import pytest
from tests.api_calls import connect, job_request
from tests.conftest import RunningServer

from zerosec_shared.errors import Problem
from zerosec_shared.ids import new_id


@pytest.fixture(scope="module")
def api(shared_server: RunningServer) -> Iterator[httpx2.Client]:
    with connect(shared_server) as client:
        yield client


def problem_of(answer: httpx2.Response) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(answer.content)
    assert problem.status == answer.status_code
    assert problem.request_id == answer.headers["x-request-id"]
    return problem


def with_parameter(raw: str) -> bytes:
    body = json.dumps(job_request(seed="@@"))
    return body.replace('"@@"', raw).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe\x00",
        b'{"id": "\xff"}',
        b"[" * 100_000,
        with_parameter("NaN"),
        with_parameter("Infinity"),
        with_parameter("1" * 5000),
        with_parameter("1e999"),
        with_parameter('"\\u0000"'),
        with_parameter('"\\ud800"'),
        with_parameter('{"\\udfff": 1}'),
        with_parameter("[" * 500 + "]" * 500),
    ],
    ids=lambda body: repr(body[:12]) + str(len(body)),
)
def test_a_body_that_cannot_be_meant_is_refused(api: httpx2.Client, body: bytes) -> None:
    answer = api.post("jobs", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422, answer.text
    assert problem_of(answer).code == "validation_error"


@pytest.mark.parametrize("name", ["", "a" * 201, "a\nb", "a\x00b", "\ud800", 5, None])
def test_a_name_that_is_none_is_refused(api: httpx2.Client, name: object) -> None:
    body = job_request()
    body["run"]["name"] = name
    content = json.dumps(body).encode()

    answer = api.post("jobs", content=content, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert problem_of(answer).errors[0].path[:2] == ("run", "name")


def test_unknown_fields_are_errors_and_not_defaults(api: httpx2.Client) -> None:
    content = json.dumps({**job_request(), "pirority": 3}).encode()

    answer = api.post("jobs", content=content, headers={"Content-Type": "application/json"})

    paths = {error.path for error in problem_of(answer).errors}
    assert ("pirority",) in paths


def test_unknown_addresses_and_methods_are_problems(api: httpx2.Client) -> None:
    assert problem_of(api.get("nothing/here")).code == "not_found"
    assert problem_of(api.get("/")).code == "not_found"
    assert problem_of(api.put("jobs", json={})).code == "method_not_allowed"
    assert problem_of(api.get("jobs/not-an-id")).code == "validation_error"
    assert problem_of(api.get(f"jobs/{new_id()}")).code == "not_found"


def test_a_body_over_the_limit_is_refused_announced_or_not(server_factory: object) -> None:
    server: RunningServer = server_factory(request_body_bytes="2000")  # type: ignore[operator]
    with connect(server) as api:
        announced = api.post("jobs", content=b" " * 3000, headers={"Content-Type": "application/json"})
        chunked = api.post(
            "jobs", content=iter([b" " * 1500, b" " * 1500]), headers={"Content-Type": "application/json"}
        )

        assert problem_of(announced).code == problem_of(chunked).code == "file_too_large"
        assert announced.status_code == chunked.status_code == 413
        assert api.post("jobs", json=job_request()).status_code == 202


def test_everything_but_the_probes_needs_the_token(shared_server: RunningServer) -> None:
    paths = ["jobs", "openapi.json", "system/info", "nothing", f"jobs/{new_id()}/log"]
    with httpx2.Client(base_url=f"{shared_server.url}/api/v1/", trust_env=False) as stranger:
        for path in paths:
            for token in (
                None,
                "Bearer",
                "Bearer x",
                f"Basic {shared_server.token}",
                f"Bearer {shared_server.token}x",
            ):
                headers = {} if token is None else {"Authorization": token}
                answer = stranger.get(path, headers=headers)
                assert problem_of(answer).code == "unauthorized"
                assert answer.headers["www-authenticate"] == "Bearer"
        assert stranger.get("health").status_code == 200
        assert stranger.get("ready").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_web_pages_and_rebound_names_do_not_come_in(api: httpx2.Client, headers: dict[str, str]) -> None:
    assert problem_of(api.get("health", headers=headers)).code == "forbidden"
    assert problem_of(api.get("jobs", headers=headers)).code == "forbidden"


def test_the_names_of_this_computer_come_in(api: httpx2.Client, shared_server: RunningServer) -> None:
    port = shared_server.url.rsplit(":", 1)[1]

    for host in (f"localhost:{port}", f"[::1]:{port}", "LOCALHOST", f"127.0.0.1:{port}"):
        assert api.get("jobs", headers={"Host": host}).status_code == 200
    own = {"Origin": f"http://127.0.0.1:{port}", "Host": f"127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
    assert api.get("jobs", headers=own).status_code == 200


def test_a_request_id_is_kept_if_it_is_one(api: httpx2.Client) -> None:
    assert api.get("health", headers={"X-Request-ID": "my-id.1"}).headers["x-request-id"] == "my-id.1"
    assert api.get("health", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"] != "a b\tc"


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /api/v1/jobs\xff\xfe HTTP/1.1\r\n",
        b"GET /api/v1/jobs?text=%ff%fe HTTP/1.1\r\n",
        b"GET /api/v1/jobs?text=\xff HTTP/1.1\r\n",
        b"GET /api/v1/jobs/%00 HTTP/1.1\r\n",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n",
        b"POST /api/v1/jobs HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n",
        b"NONSENSE\r\n",
    ],
)
def test_bytes_that_are_no_request_do_no_harm(
    api: httpx2.Client, shared_server: RunningServer, raw: bytes
) -> None:
    port = int(shared_server.url.rsplit(":", 1)[1])
    end = f"Host: 127.0.0.1\r\nAuthorization: Bearer {shared_server.token}\r\nConnection: close\r\n\r\n"

    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(raw + end.encode())
        answer = connection.recv(65536)

    assert not answer.startswith(b"HTTP/1.1 5"), answer
    assert api.get("health").status_code == 200


def test_a_full_queue_says_when_to_come_again(server_factory: object, tmp_path: object) -> None:
    server: RunningServer = server_factory(queue_limit="1", slots="1")  # type: ignore[operator]
    with connect(server) as api:
        blocking = job_request("faulty", barrier=str(tmp_path))
        api.post("jobs", json=blocking)
        running = {"If-None-Match": 'W/"queued-0-1"', "Prefer": "wait=30"}
        assert api.get(f"jobs/{blocking['id']}/status", headers=running).json()["status"] == "running"
        waiting = job_request()
        assert api.post("jobs", json=waiting).status_code == 202

        refused = api.post("jobs", json=job_request())

        assert problem_of(refused).code == "queue_full"
        assert int(refused.headers["retry-after"]) > 0
        assert api.post("jobs", json=waiting).status_code == 200
        assert api.post(f"jobs/{waiting['id']}/cancel").json()["status"] == "cancelled"
        api.post(f"jobs/{blocking['id']}/cancel")
