"""The local engine: a number of slots on this machine, filled from the database's queue, oldest first.

A slot is taken while a job's processes run, and is free again while its results are stored and its end is written.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection, bindparam, exists, or_, select
from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.database import taking_back, transitions
from zerosec_server.database.connection import db_now
from zerosec_server.database.inputs import read_many_inputs, source_keys
from zerosec_server.database.parameters import read_many_parameters
from zerosec_server.database.previews import any_to_forget
from zerosec_server.database.tables import job_inputs, job_parameters, jobs
from zerosec_server.settings import PREVIEW_SLOTS
from zerosec_server.worker.attempt import Assignment, Attempt, Surroundings
from zerosec_server.worker.lease import LeaseKeeper, heed, wishes
from zerosec_server.worker.recovery import (
    adopt_ends,
    discard_losers,
    forget_kept_of_ended,
    forget_previews,
    remove_left_workspaces,
)
from zerosec_shared.runs import JobStatus

__all__ = ["LocalEngine"]

log = logging.getLogger("zerosec.engine")
T = TypeVar("T")

POLL_S = 1.0
WISH_LOOK_S = 0.05
FINISHING_A_SLOT = 8
SWEEP_S = 600.0
STOP_PATIENCE_S = 10.0


class LocalEngine:
    """Runs jobs on this machine."""

    def __init__(self, surroundings: Surroundings, worker_id: str, note_work: Callable[[], None]) -> None:
        self._s, self._settings = surroundings, surroundings.settings
        self._attempts: dict[str, Attempt] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._note_work = note_work
        self._wake = asyncio.Event()
        self._wishes_looked_at = 0.0
        self._keeper = LeaseKeeper(
            surroundings.database,
            worker_id,
            self._settings.slots,
            self._settings.lease_ttl_s,
            self._attempts,
        )

    @property
    def running(self) -> int:
        """Jobs in this engine's hands."""
        return len(self._attempts)

    def look(self) -> None:
        """Something was queued, something was asked of a job, or a slot is free."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until stopped."""
        await self._keeper.register()
        await self._in_thread(
            partial(adopt_ends, self._s.database, self._s.storage, self._settings.workspaces_dir)
        )
        self._s.nudge_api()
        background = [
            asyncio.create_task(self._keeper.run()),
            asyncio.create_task(self._reap_and_sweep()),
            asyncio.create_task(self._wake_when(stop)),
        ]
        try:
            while not stop.is_set():
                await self._fill_slots()
                if any(task.done() for task in background[:2]):
                    raise RuntimeError("a task of the engine has ended")
                await self._wait()
            await self._hand_back_all()
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
        await self._keeper.deregister()

    async def _wake_when(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL_S):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    # Claiming.

    def _free_slots(self, slots: int, *, previews: bool) -> int:
        attempts = [attempt for attempt in self._attempts.values() if attempt.preview == previews]
        computing = sum(attempt.computing for attempt in attempts)
        return max(0, min(slots - computing, slots * (1 + FINISHING_A_SLOT) - len(attempts)))

    async def _fill_slots(self) -> None:
        try:
            await self._look_for_wishes()
            free = self._free_slots(self._settings.slots, previews=False)
            previews = self._free_slots(PREVIEW_SLOTS, previews=True)
            if not free and not previews:
                return
            claimed_at, claimed = await self._s.database.awrite(
                partial(self._claim, limit=free, previews=previews)
            )
        except SQLAlchemyError as error:
            log.warning("the queue could not be read, to be tried again: %s", error)
            return
        for assignment in claimed:
            self._start(Attempt(self._s, assignment, claimed_at))
        if claimed:
            self._s.nudge_api()

    def _claim(self, c: Connection, limit: int, previews: int) -> tuple[float, list[Assignment]]:
        claimed_at = time.monotonic()  # not before: this write may have waited for others
        ttl_s = self._settings.lease_ttl_s
        per_run = self._settings.run_slots
        worker = self._keeper.worker_id
        claimed = transitions.claim(c, worker, limit, ttl_s, previews=previews, per_run=per_run)
        ids = [job.job_id for job in claimed]
        parameters = read_many_parameters(c, job_parameters, ids) if ids else {}
        inputs = read_many_inputs(c, job_inputs, ids) if ids else {}
        from_jobs = {
            job_id
            for job_id, slots in inputs.items()
            if any(file.made_by is not None for files in slots.values() for file in files)
        }
        keys = source_keys(c, from_jobs) if from_jobs else {}
        return claimed_at, [
            Assignment(
                claimed=job,
                parameters=parameters.get(job.job_id, {}),
                inputs=inputs.get(job.job_id, {}),
                source_keys=keys,
            )
            for job in claimed
        ]

    def _start(self, attempt: Attempt) -> None:
        self._attempts[attempt.job_id] = attempt
        task = asyncio.create_task(self._see_through(attempt))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _see_through(self, attempt: Attempt) -> None:
        try:
            await attempt.run(self.look)
        except Exception:
            log.exception("job %s: the worker made a mistake", attempt.job_id)
            await attempt.fail_internally()
        finally:
            if self._attempts.get(attempt.job_id) is attempt:
                del self._attempts[attempt.job_id]
            self.look()

    async def _look_for_wishes(self) -> None:
        now = time.monotonic()
        if not self._attempts or now - self._wishes_looked_at < WISH_LOOK_S:
            if self._attempts:
                asyncio.get_running_loop().call_later(WISH_LOOK_S, self.look)
            return
        self._wishes_looked_at = now
        ids = list(self._attempts)
        for job_id, asked in (await self._s.database.aread(lambda c: wishes(c, ids))).items():
            if job_id in self._attempts:
                heed(self._attempts[job_id], asked)

    # Looking after what others have left.

    async def _reap_and_sweep(self) -> None:
        swept_at = -SWEEP_S
        ttl_s = self._settings.lease_ttl_s
        delay_s = 1.0 + self._settings.retry_delay_s * 2 ** min(self._settings.max_attempts, 10)
        while True:
            try:
                look = partial(_look, lease_ttl_s=ttl_s, longest_delay_s=delay_s)
                unfinished, expired, odd_times, previews_over = await self._s.database.aread(look)
                if unfinished:
                    self._note_work()
                if odd_times:
                    mend = partial(taking_back.mend_times, lease_ttl_s=ttl_s, longest_delay_s=delay_s)
                    log.warning(
                        "the clock was set back; %s jobs were mended", await self._s.database.awrite(mend)
                    )
                    self.look()
                if previews_over:
                    await self._in_thread(partial(forget_previews, self._s.database, self._s.storage))
                if expired:
                    await self._reap()
                    swept_at = -SWEEP_S
                if time.monotonic() - swept_at > SWEEP_S:
                    ours = [(attempt.job_id, attempt.attempt) for attempt in self._attempts.values()]
                    root = self._settings.workspaces_dir
                    sweep = partial(remove_left_workspaces, self._s.database, root, ours)
                    cache = str(self._settings.cache_dir.absolute())
                    await self._in_thread(partial(forget_kept_of_ended, self._s.database, cache))
                    if await self._in_thread(sweep):
                        swept_at = time.monotonic()
            except (SQLAlchemyError, OSError) as error:
                log.warning("looking after lost jobs failed, to be tried again: %s", error)
            await asyncio.sleep(POLL_S)

    async def _reap(self) -> None:
        delay_s = self._settings.retry_delay_s
        held = [(each.job_id, each.attempt) for each in self._attempts.values() if not each.lost]
        reaped = await self._s.database.awrite(lambda c: taking_back.reap(c, delay_s, held))
        self._s.nudge_api()
        for job in reaped:
            log.warning("job %s: attempt %s was lost; it is now %s", job.job_id, job.attempt, job.status)
            if job.status is not JobStatus.QUEUED:
                discard = partial(discard_losers, self._s.database, self._s.storage, job.job_id)
                await self._in_thread(discard)
        self.look()

    # The end.

    async def _hand_back_all(self) -> None:
        for attempt in self._attempts.values():
            if attempt.computing:
                attempt.stop()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=STOP_PATIENCE_S)
            await _cancel(late)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._s.disk, work)


async def _cancel(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


_LOOK = select(
    exists().where(jobs.c.status.in_(("queued", "running"))),
    exists().where(jobs.c.status == "running", jobs.c.lease_until < db_now()),
    or_(
        exists().where(jobs.c.status == "running", jobs.c.lease_until > db_now() + 2 * bindparam("ttl")),
        exists().where(jobs.c.status == "queued", jobs.c.available_at > db_now() + bindparam("delay")),
    ),
    any_to_forget(),
)


def _look(c: Connection, *, lease_ttl_s: float, longest_delay_s: float) -> tuple[bool, bool, bool, bool]:
    """Whether jobs are unfinished; whether leases have expired; whether times lie further ahead than they can; whether
    previews are to be forgotten.
    """
    row = c.execute(_LOOK, {"ttl": lease_ttl_s, "delay": longest_delay_s}).one()
    return bool(row[0]), bool(row[1]), bool(row[2]), bool(row[3])
