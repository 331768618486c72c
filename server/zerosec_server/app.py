"""create_app: wiring, and nothing else."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.responses import JSONResponse, Response

from zerosec_analyses.catalogue import Catalogue, load_catalogue
from zerosec_server.api import blobs, errors, files
from zerosec_server.api.analyses import analyses
from zerosec_server.api.backups import backups
from zerosec_server.api.document import describe, operation_id
from zerosec_server.api.exchange import exchange
from zerosec_server.api.experiments import experiments
from zerosec_server.api.gate import Activity, Gate
from zerosec_server.api.imports import imports
from zerosec_server.api.job_record import job_record
from zerosec_server.api.jobs import jobs
from zerosec_server.api.predictions import predictions
from zerosec_server.api.previews import previews
from zerosec_server.api.programs import programs
from zerosec_server.api.projects import projects
from zerosec_server.api.references import references
from zerosec_server.api.run_all import run_all
from zerosec_server.api.run_files import finish_cleaning, run_files
from zerosec_server.api.runs import runs
from zerosec_server.api.system import VERSION, probes, system
from zerosec_server.api.watch import watching
from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.events import EventFeed, Nudged
from zerosec_server.experiments.daily_backups import keep_backing_up
from zerosec_server.services import Services
from zerosec_server.settings import Deployment, Settings
from zerosec_server.steps.advancing import keep_sequences_going
from zerosec_server.steps.clean_up import keep_cleaning_up
from zerosec_server.storage.local import LocalStorage
from zerosec_server.storage.signing import BLOBS_PATH

__all__ = ["PREFIX", "create_app"]

PREFIX = "/api/v1"
HEALTH_PATHS = ("/health", "/ready", f"{PREFIX}/health", f"{PREFIX}/ready")

log = logging.getLogger("zerosec.api")


def create_app(
    settings: Settings,
    *,
    nudge_worker: Callable[[], None] = lambda: None,
    nudged: Nudged | None = None,
    activity: Activity | None = None,
    catalogue: Catalogue | None = None,
) -> FastAPI:
    """The API of one process: `app.state.services` holds what it works with from start to end of its lifespan.

    `catalogue` is the one that jobs run by; without it, one is loaded as the settings say. The database must be migrated, and the
    token file must exist.
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
        cleaning = asyncio.create_task(_finish_cleaning(app.state.services), name="finish-cleaning")
        sequencing = asyncio.create_task(keep_sequences_going(app.state.services), name="sequences-of-steps")
        clearing = asyncio.create_task(keep_cleaning_up(app.state.services), name="clean-up")
        backing_up = asyncio.create_task(keep_backing_up(app.state.services), name="daily-backups")
        try:
            yield
        finally:
            feed.close()
            app.state.services.sequences_bell.ring()
            backing_up.cancel()
            clearing.cancel()
            await asyncio.gather(looking, cleaning, sequencing)
            await asyncio.wait([backing_up, clearing])
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
    api = APIRouter(prefix=PREFIX)
    for router in (  # those called most come first: routes are tried in order
        jobs,
        job_record,
        blobs.router,
        files.router,
        probes,
        exchange,  # before runs/{run_id}
        runs,
        run_all,
        run_files,
        watching,
        analyses,
        previews,
        predictions,
        system,
        programs,
        references,
        projects,
        experiments,
        imports,
        backups,
    ):
        api.include_router(router)
    app.include_router(api)
    app.include_router(probes, include_in_schema=False)
    _serve_document(app)
    return app


def _serve_document(app: FastAPI) -> None:
    document: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        if not document:
            document.update(describe(app, PREFIX))
        return document

    async def get_openapi_document() -> Response:
        return JSONResponse(await asyncio.to_thread(openapi))

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_api_route(f"{PREFIX}/openapi.json", get_openapi_document, include_in_schema=False)


async def _finish_cleaning(services: Services) -> None:
    finished = await finish_cleaning(services)
    if finished.files:
        log.info("%d files of deleted or cleaned runs were removed", finished.files)
