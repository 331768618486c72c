"""The API answers before all of it is imported: what is missing then is brought by the first request for it, and nothing is hidden."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from fastapi import FastAPI
from starlette.routing import Match

from zerosec_server.api.later import ROUTERS
from zerosec_server.app import create_app
from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.database.migrations import upgrade
from zerosec_server.settings import Settings


def _app(folder: Path) -> FastAPI:
    settings = Settings(data_dir=folder, analysis_spec_modules=("tests.analyses.noop.spec",))
    settings.token_path.write_text("token-of-the-test", encoding="ascii")
    database = Database(sqlite_url(settings.database_path))
    upgrade(database)
    database.close()
    return create_app(settings, rest_later=True)


@asynccontextmanager
async def _served(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app),
            base_url="http://127.0.0.1/api/v1/",
            headers={"Authorization": "Bearer token-of-the-test"},
        ) as client,
    ):
        yield client


async def test_a_request_for_what_is_not_there_yet_brings_it(tmp_path: Path) -> None:
    app = _app(tmp_path)
    async with _served(app) as api:
        at_first = len(app.routes)
        assert (await api.get("health")).status_code == 200
        assert (await api.get("jobs")).status_code == 200
        assert len(app.routes) == at_first

        answers = await asyncio.gather(
            api.get("projects"),
            api.get("runs"),
            api.get("nothing"),
            api.put("projects"),
            api.get("openapi.json"),
        )

        assert [answer.status_code for answer in answers] == [200, 200, 404, 405, 200]
        assert answers[2].json()["code"] == "not_found"
        assert "/api/v1/projects" in answers[4].json()["paths"]
        assert len(app.routes) == at_first + sum(len(router.routes) for router in ROUTERS)


async def test_an_app_ends_in_order_of_which_the_rest_was_never_needed(tmp_path: Path) -> None:
    async with _served(_app(tmp_path)) as api:
        assert (await api.get("health")).status_code == 200


def test_no_path_of_the_rest_is_taken_by_what_is_there_first(tmp_path: Path) -> None:
    first = _app(tmp_path).routes
    for router in ROUTERS:
        for route in router.routes:
            path = re.sub(r"{[^}]*}", "x", getattr(route, "path", ""))
            scope = {"type": "http", "path": path, "method": "GET", "headers": [], "root_path": ""}
            assert path.startswith("/api/v1/")
            assert all(one.matches(scope)[0] is Match.NONE for one in first), path
