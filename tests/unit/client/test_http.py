"""HTTP against a real little server: which exception an answer becomes, and what is sent again."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from zerosec_client import errors
from zerosec_client.cli.exit_codes import ExitCode, of_error
from zerosec_client.http import Endpoint, Http, _retry_after_s, is_loopback
from zerosec_shared.errors import Problem, ProblemCode


class Scripted(ThreadingHTTPServer):
    """Answers with what it was told, in order; the last answer stays."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.seen: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def problem(self, code: ProblemCode, status: int, **headers: str) -> None:
        body = Problem(title="No.", status=status, code=code, request_id="r1", timestamp=datetime.now(UTC))
        self.answers.append((status, headers, body.model_dump_json().encode()))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Scripted

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        answers = self.server.answers
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - names that http.server asks for

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Scripted]:
    scripted = Scripted()
    thread = Thread(target=scripted.serve_forever, args=(0.01,))
    thread.start()
    yield scripted
    scripted.shutdown()
    thread.join()
    scripted.server_close()


@pytest.fixture
async def http(server: Scripted) -> AsyncIterator[Http]:
    async with Http(Endpoint(server.url, "secret"), patience_s=5.0) as client:
        yield client


OK: tuple[int, dict[str, str], bytes] = (200, {}, b"{}")


@pytest.mark.parametrize("code", list(ProblemCode))
async def test_every_problem_code_becomes_an_exception_of_its_family(
    code: ProblemCode, server: Scripted, http: Http
) -> None:
    server.problem(code, 422)

    with pytest.raises(errors.ServerProblemError) as caught:
        await http.send("POST", "x", repeatable=False)

    assert (caught.value.code, caught.value.title, caught.value.request_id) == (code.value, "No.", "r1")
    assert of_error(caught.value) in set(ExitCode) - {ExitCode.OK, ExitCode.JOB_FAILED, ExitCode.DEFECT}
    assert len(server.seen) == 1


async def test_the_token_goes_in_a_header_and_into_no_text(server: Scripted, http: Http) -> None:
    server.answers = [OK]

    await http.send("GET", "api/v1/x", repeatable=True, query={"a": ["1", "2"]})

    method, path, headers = server.seen[0]
    assert (method, path) == ("GET", "/api/v1/x?a=1&a=2")
    assert headers["authorization"] == "Bearer secret"
    assert "secret" not in repr(http.endpoint)


async def test_a_busy_server_is_asked_again_after_the_time_it_names(server: Scripted, http: Http) -> None:
    server.problem(ProblemCode.QUEUE_FULL, 503, **{"retry-after": "0"})
    server.problem(ProblemCode.RATE_LIMITED, 429, **{"retry-after": "0"})
    server.answers += [(502, {}, b"<html>gateway</html>"), OK]

    answer = await http.send("GET", "x", repeatable=True)

    assert answer.status == 200
    assert len(server.seen) == 4


async def test_a_wait_longer_than_our_patience_is_not_waited(server: Scripted, http: Http) -> None:
    server.problem(ProblemCode.QUEUE_FULL, 503, **{"retry-after": "3600"})

    with pytest.raises(errors.BusyError) as caught:
        await http.send("GET", "x", repeatable=True)

    assert caught.value.retry_after_s == 3600
    assert len(server.seen) == 1


async def test_only_what_is_repeatable_is_sent_again_after_a_lost_answer(
    server: Scripted, http: Http
) -> None:
    server.answers = [(0, {}, b""), OK]
    with pytest.raises(errors.ConnectionLostError):
        await http.send("POST", "x", repeatable=False)
    assert len(server.seen) == 1

    server.answers = [(0, {}, b""), OK]
    await http.send("POST", "x", repeatable=True)

    assert len(server.seen) == 3


async def test_a_refusal_is_not_repeated(server: Scripted, http: Http) -> None:
    server.problem(ProblemCode.VALIDATION_ERROR, 422)

    with pytest.raises(errors.ValidationFailedError):
        await http.send("POST", "x", repeatable=True)

    assert len(server.seen) == 1


async def test_what_is_no_zerosec_is_said_to_be_none(server: Scripted, http: Http) -> None:
    for body in (b"<html>Not found</html>", json.dumps({"error": "nope"}).encode(), b"\xff"):
        server.answers = [(404, {}, body)]
        with pytest.raises(errors.BadAnswerError) as caught:
            await http.send("GET", "x", repeatable=True)
        assert server.url in caught.value.title


async def test_a_server_that_moved_is_found_again(server: Scripted) -> None:
    server.answers = [OK]
    asked = []

    async def locate() -> Endpoint:
        asked.append(1)
        return Endpoint(server.url, "new")

    async with Http(Endpoint("http://127.0.0.1:9", "old"), locate=locate, patience_s=5.0) as http:
        await http.send("POST", "x", repeatable=False)

    assert asked == [1]
    assert server.seen[0][2]["authorization"] == "Bearer new"


async def test_nobody_there_is_said_within_our_patience() -> None:
    async with Http(Endpoint("http://127.0.0.1:9"), patience_s=0.2) as http:
        with pytest.raises(errors.ServerUnreachableError) as caught:
            await http.send("GET", "x", repeatable=True)

    assert caught.value.detail == "Nothing was sent."


async def test_an_address_that_is_none_is_a_usage_error() -> None:
    async with Http(Endpoint("nonsense"), patience_s=0.2) as http:
        with pytest.raises(errors.UsageError):
            await http.send("GET", "x", repeatable=True)


def test_retry_after_is_read_as_seconds_or_date() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=30)

    assert _retry_after_s("7") == 7
    assert _retry_after_s(format_datetime(soon, usegmt=True)) == pytest.approx(30, abs=2)
    assert _retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert _retry_after_s("soon") is None
    assert _retry_after_s(None) is None


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://127.0.0.1.evil.example", False),
        ("https://lab", False),
        ("http://10.0.0.1", False),
    ],
)
def test_loopback_is_told_from_the_rest(url: str, own: bool) -> None:
    assert is_loopback(url) is own
