"""No-op jobs through the real client and server: latency and throughput.

Every accepted job is on the disk (fsync) before its submit is answered; every job has its own process, session and shim.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.conftest import RunningServer, start_server
from zerosec_client.api import Api
from zerosec_client.http import Endpoint, Http
from zerosec_shared.contract import JsonValue
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobCreate, JobStatus, RunCreate

__all__ = ["measure"]

WARM_UP = 20
LATENCY_JOBS = 200
ROUNDS, ROUND_JOBS, CALLERS = 30, 60, 16


def _order(**parameters: JsonValue) -> JobCreate:
    run = RunCreate(id=new_id(), analysis="noop", name="benchmark", parameters=parameters)
    return JobCreate(id=new_id(), run=run)


async def _latency(api: Api) -> list[float]:
    taken = []
    for number in range(WARM_UP + LATENCY_JOBS):
        started = time.perf_counter()
        state = await api.submit(_order(), wait_s=30)
        if number >= WARM_UP:
            taken.append(1000 * (time.perf_counter() - started))
        assert state.status is JobStatus.SUCCEEDED, state
    return taken


async def _throughput(api: Api) -> list[float]:
    """Jobs a second of one steady stream: `CALLERS` submit one after the other, and each waits for its job's end."""
    rates: list[float] = []
    ended = 0
    last = time.perf_counter()

    async def caller() -> None:
        nonlocal ended, last
        while ended < ROUNDS * ROUND_JOBS:
            state = await api.submit(_order(), wait_s=30)
            assert state.status is JobStatus.SUCCEEDED, state
            ended += 1
            if ended % ROUND_JOBS == 0 and len(rates) < ROUNDS:
                now = time.perf_counter()
                rates.append(ROUND_JOBS / (now - last))
                last = now

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return rates


async def _all(server: RunningServer) -> list[Figure]:
    async with Http(Endpoint(server.url, server.token)) as http:
        api = Api(http)
        latency = await _latency(api)
        rates = await _throughput(api)
    ordered = sorted(latency)
    median, p99 = ordered[len(ordered) // 2], ordered[round(0.99 * (len(ordered) - 1))]
    middle_rate = sorted(rates)[len(rates) // 2]
    return [
        figure(
            "no-op job, submit to end seen by the client",
            "ms",
            latency,
            target="≤ 25 median, ≤ 80 p99",
            met=median <= 25 and p99 <= 80,
            note="one after the other",
        ),
        figure(
            "isolated no-op jobs",
            "jobs/s",
            rates,
            target="≥ 150",
            met=middle_rate >= 150,
            note=f"{CALLERS} callers, client on the same cores",
        ),
    ]


def measure() -> list[Figure]:
    """Start a server of our own and measure."""
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder) / "server")
        try:
            return asyncio.run(_all(server))
        finally:
            server.stop()
