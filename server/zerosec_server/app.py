"""create_app: wiring, and nothing else."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse, Response

from zerosec_analyses.catalogue import Catalogue, load_catalogue
from zerosec_server.api import blobs, errors, files
from zerosec_server.api.analyses import analyses
from zerosec_server.api.document import describe
from zerosec_server.api.gate import Activity, Gate
from zerosec_server.api.job_record import job_record
from zerosec_server.api.jobs import jobs
from zerosec_server.api.previews import previews
from zerosec_server.api.rest import Rest
from zerosec_server.api.routers import PREFIX, operation_id
from zerosec_server.api.system import VERSION, get_health, get_readiness, probes, system
from zerosec_server.api.watch import watching
from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.events import EventFeed, Nudged
from zerosec_server.services import Services
from zerosec_server.settings import Deployment, Settings
from zerosec_server.storage.local import LocalStorage
from zerosec_server.storage.signing import BLOBS_PATH

__all__ = ["create_app"]

HEALTH_PATHS = ("/health", "/ready", f"{PREFIX}/health", f"{PREFIX}/ready")

log = logging.getLogger("zerosec.api")


def create_app(
    settings: Settings,
    *,
    nudge_worker: Callable[[], None] = lambda: None,
    nudged: Nudged | None = None,
    activity: Activity | None = None,
    catalogue: Catalogue | None = None,
    rest_later: bool = False,
    on_whole: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The API of one process: `app.state.services` holds what it works with from start to end of its lifespan.

    With `rest_later` a part of it is imported when `app.state.rest` is told to begin, or a request needs it; `on_whole` is called
    when nothing is left to import. `catalogue` is the one that jobs run by; without it, one is loaded as the settings say. The
    database must be migrated, and the token file must exist.
    """
    token = settings.token_path.read_text(encoding="ascii").strip()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = Database(sqlite_url(settings.database_path))
        storage = LocalStorage(settings)
        feed = EventFeed(database, nudged)
        app.state.services = Services(
            settings=settings,
            database=database,
            storage=storage,
            catalogue=offered,
            events=feed,
            nudge_worker=nudge_worker,
            token=token,
            instance_id=hashlib.sha256(b"instance:" + token.encode()).hexdigest()[:32],
        )
        looking = asyncio.create_task(feed.run(), name="event-feed")
        living = asyncio.create_task(rest.live(app.state.services, on_whole), name="rest-of-the-api")
        try:
            yield
        finally:
            feed.close()
            rest.end()
            await asyncio.gather(looking, living)
            await asyncio.to_thread(database.close)
            await asyncio.to_thread(storage.close)

    offered = load_catalogue(settings.analysis_spec_modules) if catalogue is None else catalogue
    app = FastAPI(
        title="ZeroSec",
        version=VERSION,
        description="Analyses as durable jobs: upload files, submit, follow, fetch results.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=operation_id,
        redirect_slashes=False,
    )
    app.state.activity = activity or Activity()
    errors.install(app)
    app.add_middleware(
        Gate,
        token=token,
        loopback_only=settings.deployment is Deployment.EMBEDDED,
        body_limit_bytes=settings.request_body_bytes,
        health_paths=HEALTH_PATHS,
        signed_prefix=f"{BLOBS_PATH}/",
        activity=app.state.activity,
    )
    for router in (  # those called most come first: routes are tried in order
        jobs,
        job_record,
        blobs.router,
        files.router,
        probes,
        watching,
        analyses,
        previews,
        system,
    ):
        app.router.routes.extend(router.routes)
    app.add_api_route("/health", get_health, include_in_schema=False)
    app.add_api_route("/ready", get_readiness, include_in_schema=False)
    rest = app.state.rest = Rest(app)
    if not rest_later:
        rest.add()
        rest.begin()
    _serve_document(app)
    return app


def _serve_document(app: FastAPI) -> None:
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            app.state.rest.add()
            document.update(describe(app, PREFIX))
        return document

    async def get_openapi_document() -> Response:
        rest: Rest = app.state.rest
        await rest.there()
        return JSONResponse(await asyncio.to_thread(openapi))

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_api_route(f"{PREFIX}/openapi.json", get_openapi_document, include_in_schema=False)
