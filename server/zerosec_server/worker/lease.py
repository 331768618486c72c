"""Keeps the leases of one worker's attempts: heartbeats, what users have asked, and fencing itself off.

Guards against two workers computing one job. A heartbeat every third of the lease's time; an attempt that the answer does not name
is lost; and when the database has been silent for 0.8 of the time, by this process's own monotonic clock (which goes on while the
process is stopped), every attempt is killed before anyone else can claim it.

A database that another process is writing to is not silent: nobody can claim meanwhile, and no lease is taken from a worker that
lives (`taking_back.reap` spares what its caller holds, and a data folder has one worker). So the time for which this process has
waited for another's write does not count, however long that write is.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.database import transitions
from zerosec_server.database.connection import Database, db_now
from zerosec_server.database.tables import jobs, workers
from zerosec_server.database.transitions import Asked

__all__ = ["Held", "LeaseKeeper", "heed", "wishes"]

log = logging.getLogger("zerosec.worker")

FENCE_SHARE = 0.8
WORKER_FORGOTTEN_S = 24 * 3600.0


class Held(Protocol):
    """An attempt, as far as its lease is concerned."""

    job_id: str
    attempt: int
    renewed_at: float
    lost: bool
    preview: bool

    def renew(self, renewed_at: float) -> None:
        """The lease counts from this monotonic time."""

    def cancel(self) -> None:
        """A cancel was asked."""

    def finish_early(self) -> None:
        """To finish early, and keep the result, was asked."""

    def lose(self) -> None:
        """The lease is lost."""


_WISHES = select(jobs.c.id, jobs.c.cancel_requested, jobs.c.finish_requested).where(
    jobs.c.id.in_(bindparam("some", expanding=True)),
    or_(jobs.c.cancel_requested.is_(True), jobs.c.finish_requested.is_(True)),
)


def wishes(c: Connection, job_ids: Iterable[str]) -> dict[str, Asked]:
    """What was asked of these jobs; those of which nothing was are left out."""
    rows = c.execute(_WISHES, {"some": list(job_ids)})
    return {
        row.id: Asked(cancel=bool(row.cancel_requested), finish=bool(row.finish_requested)) for row in rows
    }


def heed(attempt: Held, asked: Asked) -> None:
    """Do what was asked; what has been done already does no harm. A cancel is the stronger wish."""
    if asked.cancel:
        attempt.cancel()
    elif asked.finish:
        attempt.finish_early()


class LeaseKeeper:
    """Heartbeats for all attempts of one worker; `held` is the live view of them."""

    def __init__(
        self, database: Database, worker_id: str, slots: int, ttl_s: float, held: Mapping[str, Held]
    ) -> None:
        self._database, self._held = database, held
        self.worker_id, self._slots, self._ttl_s = worker_id, slots, ttl_s

    async def run(self) -> None:
        """Heartbeat and watch until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._heartbeats())
            tasks.create_task(self._watch())

    async def register(self) -> None:
        """Tell the database that this worker exists."""
        values = {
            "id": self.worker_id,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "slots": self._slots,
            "slots_busy": 0,
            "started_at": db_now(),
            "heartbeat_at": db_now(),
        }

        def write(c: Connection) -> None:
            c.execute(workers.delete().where(workers.c.heartbeat_at < db_now() - WORKER_FORGOTTEN_S))
            c.execute(workers.insert().values(**values))

        await self._database.awrite(write)

    async def deregister(self) -> None:
        """Tell the database that this worker has ended in order."""
        await self._database.awrite(
            lambda c: c.execute(workers.delete().where(workers.c.id == self.worker_id))
        )

    async def _heartbeats(self) -> None:
        while True:
            await asyncio.sleep(self._ttl_s / 3)
            await self.beat()

    async def beat(self) -> None:
        """One heartbeat for all attempts and for the worker itself."""
        attempts = list(self._held.values())
        pairs = [(attempt.job_id, attempt.attempt) for attempt in attempts]
        busy = sum(not attempt.preview for attempt in attempts)
        try:
            renewed_at, alive = await self._database.awrite(lambda c: self._write(c, pairs, busy))
        except SQLAlchemyError as error:
            log.warning("a heartbeat could not be written: %s", error)
            return
        for attempt in attempts:
            if attempt.job_id not in alive:
                if self._held.get(attempt.job_id) is attempt:
                    attempt.lose()
                continue
            attempt.renew(max(renewed_at, attempt.renewed_at))
            heed(attempt, alive[attempt.job_id])

    def _write(
        self, c: Connection, pairs: Collection[tuple[str, int]], busy: int
    ) -> tuple[float, dict[str, Asked]]:
        renewed_at = time.monotonic()  # not before: this write may have waited for others
        c.execute(
            update(workers)
            .where(workers.c.id == self.worker_id)
            .values(heartbeat_at=db_now(), slots_busy=busy)
        )
        alive = transitions.heartbeat(c, self.worker_id, pairs, self._ttl_s) if pairs else {}
        return renewed_at, alive

    async def _watch(self) -> None:
        looked_at = time.monotonic()
        while True:
            await asyncio.sleep(self._ttl_s / 20)
            now = time.monotonic()
            self.spare(looked_at, now)
            self.fence(now)
            looked_at = now

    def spare(self, looked_at: float, now: float) -> None:
        """Leave the time since `looked_at` out of every lease as far as the database was another writer's. No more than two looks
        last: whoever was stopped meanwhile does not know who wrote.
        """
        since = self._database.waiting_since
        if since is None:
            return
        waited = min(now - max(since, looked_at), self._ttl_s / 10)
        for attempt in list(self._held.values()):
            if not attempt.lost:
                attempt.renew(attempt.renewed_at + waited)

    def fence(self, now: float) -> None:
        """Kill every attempt whose lease may be another's soon."""
        for attempt in list(self._held.values()):
            if not attempt.lost and now - attempt.renewed_at > FENCE_SHARE * self._ttl_s:
                log.warning("job %s: its lease could not be renewed; it is ended here", attempt.job_id)
                attempt.lose()
