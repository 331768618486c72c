"""Following jobs over the WebSocket of a real server: replay, order, many jobs, refusals, and a server that ends."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.api_calls import connect, job_request
from tests.conftest import RunningServer
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as dial
from websockets.exceptions import ConnectionClosed, InvalidStatus

from zerosec_shared.events import EventPage, Subscribe, Unsubscribe, WsError, WsEvent, server_messages
from zerosec_shared.ids import new_id

WAIT = {"Prefer": "wait=30"}


@pytest.fixture
async def socket(shared_server: RunningServer) -> AsyncIterator[ClientConnection]:
    async with open_socket(shared_server) as connection:
        yield connection


def open_socket(server: RunningServer, **headers: str) -> dial:
    return dial(
        f"{server.url.replace('http', 'ws')}/api/v1/ws",
        additional_headers={"Authorization": f"Bearer {server.token}", **headers},
        proxy=None,
    )


async def said(connection: ClientConnection) -> Any:
    """The next message that is no heartbeat."""
    while True:
        message = server_messages.validate_json(await connection.recv())
        if message.type != "heartbeat":
            return message


async def events_until_end(connection: ClientConnection) -> list[Any]:
    seen = []
    while not seen or not seen[-1].terminal:
        message = await said(connection)
        assert isinstance(message, WsEvent), message
        seen.append(message.event)
    return seen


async def drain(connection: ClientConnection) -> None:
    while True:
        await said(connection)


def submit(server: RunningServer, *, wait: bool = True, **parameters: object) -> dict[str, Any]:
    body = job_request(**parameters)
    with connect(server) as api:
        answer = api.post("jobs", json=body, headers=WAIT if wait else {})
        assert answer.status_code in {201, 202}, answer.text
    return body


def all_events(server: RunningServer, job_id: str) -> list[Any]:
    with connect(server) as api:
        return list(EventPage.model_validate_json(api.get(f"jobs/{job_id}/events").content).events)


async def test_a_running_job_is_followed_to_its_end(
    socket: ClientConnection, shared_server: RunningServer
) -> None:
    job = submit(shared_server, wait=False, progress=5, files=3)

    await socket.send(Subscribe(job_id=job["id"]).model_dump_json())
    seen = await events_until_end(socket)

    assert seen == all_events(shared_server, job["id"])
    assert [event.seq for event in seen] == list(range(1, len(seen) + 1))


async def test_a_watcher_that_comes_back_gets_what_it_missed_and_nothing_twice(
    shared_server: RunningServer, tmp_path: Path
) -> None:
    job = submit(shared_server, wait=False, analysis="faulty", barrier=str(tmp_path))
    async with open_socket(shared_server) as first:
        await first.send(Subscribe(job_id=job["id"]).model_dump_json())
        before = [(await said(first)).event for _ in range(2)]
    (tmp_path / "go").touch()
    with connect(shared_server) as api:
        api.get(f"jobs/{job['id']}/status", headers=WAIT)

    async with open_socket(shared_server) as second:
        await second.send(Subscribe(job_id=job["id"], after=before[-1].seq).model_dump_json())
        after = await events_until_end(second)

    assert before + after == all_events(shared_server, job["id"])


async def test_long_polling_tells_the_same_as_the_socket(
    socket: ClientConnection, shared_server: RunningServer
) -> None:
    job = submit(shared_server, wait=False, progress=20, files=2)
    await socket.send(Subscribe(job_id=job["id"]).model_dump_json())
    polled: list[Any] = []

    async with httpx2.AsyncClient(
        base_url=f"{shared_server.url}/api/v1/",
        headers={"Authorization": f"Bearer {shared_server.token}", **WAIT},
        timeout=60,
        trust_env=False,
    ) as api:
        while not polled or not polled[-1].terminal:
            query = {"after": str(polled[-1].seq if polled else 0)}
            answer = await api.get(f"jobs/{job['id']}/events", params=query)
            polled.extend(EventPage.model_validate_json(answer.content).events)

    assert polled == await events_until_end(socket)


async def test_one_socket_follows_many_jobs_each_with_its_own_numbers(
    socket: ClientConnection, shared_server: RunningServer
) -> None:
    jobs = [submit(shared_server, wait=False, progress=2)["id"] for _ in range(10)]
    for job_id in jobs:
        await socket.send(Subscribe(job_id=job_id).model_dump_json())

    seen: dict[str, list[Any]] = {job_id: [] for job_id in jobs}
    while not all(events and events[-1].terminal for events in seen.values()):
        event = (await said(socket)).event
        seen[str(event.job_id)].append(event)

    for job_id, events in seen.items():
        assert events == all_events(shared_server, job_id)


async def test_what_cannot_be_done_is_told_and_the_connection_goes_on(
    socket: ClientConnection, shared_server: RunningServer
) -> None:
    stranger = new_id()
    await socket.send(Subscribe(job_id=stranger).model_dump_json())
    unknown = await said(socket)
    refused = []
    for nonsense in ("", "{", '{"type": "subscribe"}', '{"type": "😀"}', json.dumps([1] * 1000)):
        await socket.send(nonsense)
        refused.append(await said(socket))
    await socket.send(b"\x00\xff")
    refused.append(await said(socket))
    await socket.send(Unsubscribe(job_id=stranger).model_dump_json())

    job = submit(shared_server)
    await socket.send(Subscribe(job_id=job["id"]).model_dump_json())
    seen = await events_until_end(socket)

    assert isinstance(unknown, WsError)
    assert (unknown.job_id, unknown.problem.code) == (stranger, "not_found")
    assert {message.problem.code for message in refused} == {"validation_error"}
    assert seen[-1].terminal


async def test_a_socket_needs_the_token_and_no_foreign_origin(shared_server: RunningServer) -> None:
    address = f"{shared_server.url.replace('http', 'ws')}/api/v1/ws"
    with pytest.raises(InvalidStatus) as without:
        await dial(address, proxy=None)
    with pytest.raises(InvalidStatus) as foreign:
        await open_socket(shared_server, Origin="https://evil.example")

    assert without.value.response.status_code == 401
    assert json.loads(without.value.response.body)["code"] == "unauthorized"
    assert foreign.value.response.status_code == 403


async def test_a_server_that_ends_says_so_to_those_who_watch(server_factory: Any, tmp_path: Path) -> None:
    server: RunningServer = server_factory()
    job = submit(server, wait=False, analysis="faulty", barrier=str(tmp_path / "barrier"))
    async with open_socket(server) as connection:
        await connection.send(Subscribe(job_id=job["id"]).model_dump_json())
        await said(connection)
        server.process.terminate()

        with pytest.raises(ConnectionClosed) as closed:
            await drain(connection)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert server.process.wait(timeout=120) == 0


async def test_refused_callers_leave_nothing_in_the_log(server_factory: Callable[..., RunningServer]) -> None:
    server = server_factory()
    before = server.log.read_bytes()

    for token in ("Bearer wrong", ""):
        with pytest.raises(InvalidStatus):
            await open_socket(server, Authorization=token)
    async with open_socket(server):
        pass

    server.stop()
    assert server.log.read_bytes() == before
