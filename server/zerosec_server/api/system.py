"""The server about itself: health, readiness, what it is, how it is doing, what waits."""

import asyncio
from datetime import UTC, datetime
from importlib.metadata import version

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from zerosec_server.api.answers import answer, router
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.rest import Rest
from zerosec_server.database.figures import counts, queue_state, slots
from zerosec_server.services import Services
from zerosec_server.settings import Deployment
from zerosec_shared.system import Health, QueueState, Readiness, SystemInfo, SystemStatus

__all__ = ["VERSION", "get_health", "get_readiness", "probes", "system"]

probes = router("system")
system = router("system")

VERSION = version("zerosec-server")
HEARTBEATS_MISSED = 3


def _alive_within_s(services: Services) -> float:
    return HEARTBEATS_MISSED * services.settings.lease_ttl_s


@probes.get("/health", responses={200: {"model": Health}})
async def get_health() -> Response:
    """The process answers. Needs no token."""
    return answer(Health(version=VERSION))


@probes.get(
    "/ready",
    responses={
        200: {"model": Readiness},
        503: {"model": Readiness, "description": "Jobs cannot be taken or run now; `checks` says why."},
    },
)
async def get_readiness(services: ServicesOf, request: Request) -> Response:
    """Whether jobs can be taken and run, and all of the server is there. Needs no token."""
    rest: Rest = request.app.state.rest
    checks: dict[str, str] = {"server": rest.trouble or "ok"}
    try:
        workers = await services.database.aread(lambda c: slots(c, _alive_within_s(services)))
        checks["database"] = "ok"
        checks["worker"] = "ok" if workers.slots else "No worker is running: jobs are taken, and wait."
    except SQLAlchemyError:
        checks["database"] = "The database cannot be read."
    try:
        free = await asyncio.to_thread(services.storage.free_bytes)
        checks["storage"] = "ok" if free > 0 else "The disk is full."
    except OSError:
        checks["storage"] = "The folder for files cannot be read."
    ready = all(check == "ok" for check in checks.values())
    return answer(Readiness(ready=ready, checks=checks), 200 if ready else 503)


@system.get("/system/info", responses={200: {"model": SystemInfo}})
async def get_system_info(services: ServicesOf) -> Response:
    """What does not change while the server runs."""
    settings = services.settings
    return answer(
        SystemInfo(
            version=VERSION,
            deployment=settings.deployment.value,
            instance_id=services.instance_id,
            started_at=services.started_at,
            max_file_size_bytes=settings.max_file_size_bytes,
            max_wait_s=settings.max_wait_s,
            synchronous=settings.synchronous,
            handover=settings.handover and settings.deployment is Deployment.EMBEDDED,
        )
    )


@system.get("/system/status", responses={200: {"model": SystemStatus}})
async def get_system_status(services: ServicesOf, owner: Owner) -> Response:
    """How the server is doing now."""
    number, workers = await services.database.aread(
        lambda c: (counts(c, owner), slots(c, _alive_within_s(services)))
    )
    free = await asyncio.to_thread(services.storage.free_bytes)
    return answer(
        SystemStatus(
            uptime_s=(datetime.now(UTC) - services.started_at).total_seconds(),
            jobs=number.jobs,
            runs=number.runs,
            slots=workers.slots,
            slots_busy=workers.busy,
            disk_free_bytes=free,
            disk_used_bytes=number.stored_bytes,
            worker_heartbeat_age_s=workers.heartbeat_age_s,
        )
    )


@system.get("/queue", responses={200: {"model": QueueState}})
async def get_queue(services: ServicesOf) -> Response:
    """What waits, in the order in which it will run, and how much runs."""
    return answer(await services.database.aread(lambda c: queue_state(c, _alive_within_s(services))))
