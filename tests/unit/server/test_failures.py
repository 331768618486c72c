"""When the server itself fails: a problem that says so, its cause in the log and nowhere else, and nothing half done."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from tests.api_calls import job_request

from zerosec_server.app import create_app
from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.database.migrations import upgrade
from zerosec_server.settings import Settings


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    settings = Settings(data_dir=tmp_path, analysis_spec_modules=("tests.analyses.noop.spec",))
    settings.token_path.write_text("token-of-the-test", encoding="ascii")
    database = Database(sqlite_url(settings.database_path))
    upgrade(database)
    database.close()
    created = create_app(settings)
    async with created.router.lifespan_context(created):
        yield created


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://127.0.0.1/api/v1/",
        headers={"Authorization": "Bearer token-of-the-test"},
    ) as client:
        yield client


async def test_a_mistake_of_the_server_shows_no_insides(
    app: FastAPI, api: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("the secret inside")

    app.add_api_route("/api/v1/fail", fail)

    answer = await api.get("fail", headers={"X-Request-ID": "find-me"})

    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "find-me" in caplog.text
    assert "the secret inside" in caplog.text
    assert "token-of-the-test" not in caplog.text


async def test_a_full_disk_is_said_and_nothing_is_half_stored(app: FastAPI, api: httpx2.AsyncClient) -> None:
    database: Database = app.state.services.database

    most_pages = 1  # SQLite takes the present size, then: not one page more

    def limit_pages(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={most_pages}").close()

    # The limit is one of a connection, and a write takes whichever is free.
    event.listen(database.engine, "checkout", limit_pages)
    body = job_request(name="x" * 200)
    statuses = set()
    for _ in range(200):
        body = job_request(name="x" * 200)
        answer = await api.post("jobs", json=body)
        statuses.add(answer.status_code)
        if answer.status_code != 202:
            break
    most_pages = 1_000_000

    assert answer.status_code == 507
    assert answer.json()["code"] == "storage_full"
    assert (await api.get(f"runs/{body['run']['id']}")).status_code == 404
    assert (await api.post("jobs", json=body)).status_code == 202


async def test_a_state_is_kept_by_a_restart_of_the_api(app: FastAPI, api: httpx2.AsyncClient) -> None:
    body = job_request()
    await api.post("jobs", json=body)
    again = create_app(app.state.services.settings)

    async with (
        again.router.lifespan_context(again),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(again), base_url="http://127.0.0.1/api/v1/", headers=api.headers
        ) as other,
    ):
        assert (await other.get(f"jobs/{body['id']}")).json()["status"] == "queued"
        assert again.state.services.instance_id == app.state.services.instance_id
