"""One target, followed for as long as the window lives: its health, its catalogue, its jobs and their events.

Runs on the bridge's loop and knows no widget. It guards against a window that shows yesterday's truth: what is away is said to
be away within seconds, and what comes back is asked anew.
"""

import asyncio
import contextlib
import math
import time
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Protocol
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.errors import (
    ClientError,
    NotAllowedError,
    NotFoundError,
    ServerUnreachableError,
    TimedOutError,
    VersionMismatchError,
)
from zerosec_client.targets import Target, Targets, open_target
from zerosec_client.watch import Watcher
from zerosec_desktop.jobs import Condition, JobEntry, Phase, TargetState, phase_of
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.problems import in_words
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.events import Event, ProgressEvent, StateEvent
from zerosec_shared.runs import Job, JobState
from zerosec_shared.system import Page

__all__ = ["Connection", "Reports"]

LOOK_EVERY_S = 3.0
SILENT_S = 8.0
"""A server that says nothing for so long is said to be away, though its connection stands."""
NEWEST = 50
LIST_PAGE = 200
LIST_LIMIT = 10_000
BACK_OFF_S = (0.5, 1.0, 2.0, 4.0, 5.0)


class Reports(Protocol):
    """Who is told. Called on the loop's thread."""

    def target_news(self, state: TargetState) -> None:
        """The target changed."""

    def catalogue_news(self, target: str, analyses: tuple[AnalysisInfo, ...]) -> None:
        """The catalogue was read."""

    def job_news(self, entries: list[JobEntry]) -> None:
        """Jobs are new or changed."""

    def event_news(self, key: JobKey, event: Event) -> None:
        """An event arrived."""

    def job_gone(self, key: JobKey) -> None:
        """A job was deleted."""


class Connection:
    """See the module."""

    def __init__(self, target: Target, targets: Targets, reports: Reports) -> None:
        self.target = target
        self.state = TargetState(target.name, target.title, target.url)
        self.entries: dict[UUID, JobEntry] = {}
        self._targets = targets
        self._reports = reports
        self._deleted: dict[UUID, float] = {}
        """When runs were deleted from here; those that are just being deleted, never yet."""
        self._api: Api | None = None
        self._watcher: Watcher | None = None
        self._followed: dict[UUID, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._pinned: set[UUID] = set()
        self._turned = asyncio.Event()
        self._again = asyncio.Event()
        self._error: ClientError | None = None
        self._relocating: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Stay with the target until cancelled."""
        failures = 0
        try:
            while True:
                try:
                    await self._attach()
                    failures = 0
                    await self._stay()
                except ClientError as error:
                    self._fail(error)
                pause = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
                self._again.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._again.wait(), pause)
        finally:
            await self.aclose()

    def look_again(self) -> None:
        """Do not wait for the next try."""
        self._again.set()

    async def aclose(self) -> None:
        """Leave the target."""
        tasks = {*self._tasks, *self._followed.values()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._watcher is not None:
            await self._watcher.aclose()
            self._watcher = None
        if self._api is not None:
            await self._api.http.aclose()
            self._api = None

    async def api(self) -> Api:
        """The calls of this target. Waits while it is starting; raises why it can't be used when that is known."""
        while True:
            if self._api is not None and self.state.usable:
                return self._api
            if self._error is not None:
                raise self._error
            self._turned.clear()
            await self._turned.wait()

    # -- attaching and staying ---------------------------------------------------------------------------------

    async def _attach(self) -> None:
        if self._api is None:
            self._say(condition=Condition.STARTING if self.target.url is None else Condition.UNKNOWN)
            self._api = await open_target(self.target, self._targets)
        api = self._api
        await self._look(api)
        self._reports.catalogue_news(self.target.name, await api.analyses())
        if self._watcher is None:
            self._watcher = await Watcher(api).__aenter__()
        await self._list(api)

    async def _stay(self) -> None:
        while True:
            self._again.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), LOOK_EVERY_S)
            assert self._api is not None
            await self._look(self._api)
            await self._newest(self._api)

    async def _look(self, api: Api) -> None:
        try:
            async with asyncio.timeout(SILENT_S):
                began = time.perf_counter()
                info = await api.info(patience_s=0.0)
                answer_ms = (time.perf_counter() - began) * 1000
                status = await api.system_status()
        except TimeoutError as error:
            raise TimedOutError("The server did not answer in time.") from error
        self._error = None
        self._say(
            condition=Condition.ONLINE, answer_ms=answer_ms, message="", hint="", info=info, status=status
        )

    def _fail(self, error: ClientError) -> None:
        condition = Condition.AWAY
        if isinstance(error, NotAllowedError):
            condition = Condition.REFUSED
        elif isinstance(error, VersionMismatchError):
            condition = Condition.OLD
        elif isinstance(error, ServerUnreachableError) and self._api is not None and self.target.url is None:
            # The bundled server died or moved: started or found again here, and said while it lasts.
            if self._relocating is None or self._relocating.done():
                if self.state.condition is Condition.ONLINE:
                    self._starts_again()
                self._relocating = self._start(self._relocate(self._api))
            if self.state.condition is Condition.STARTING:
                return
        self._error = error
        words = in_words(error)
        self._say(condition=condition, answer_ms=None, message=words.title, hint=words.hint, status=None)

    def _starts_again(self) -> None:
        self._error = None
        self._say(condition=Condition.STARTING, answer_ms=None, message="", hint="", status=None)

    async def _relocate(self, api: Api) -> None:
        try:
            await api.http.relocate()
        except ClientError as error:
            self._error = error
            words = in_words(error)
            self._say(condition=Condition.AWAY, message=words.title, hint=words.hint)
        else:
            self.look_again()

    def _say(self, **changes: Any) -> None:
        changed = replace(self.state, **changes)
        if changed != self.state:
            self.state = changed
            self._reports.target_news(changed)
        self._turned.set()

    def _start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # -- jobs --------------------------------------------------------------------------------------------------

    async def _list(self, api: Api) -> None:
        """Read the list: the newest page now, the rest in the background."""
        self._pinned = {run.id for run in (await api.runs(limit=100)).items if run.pinned}
        asked_at = time.monotonic()
        page = await api.jobs(limit=LIST_PAGE)
        self._take(page.items, asked_at)
        if page.next_cursor is not None:
            self._start(self._list_rest(api, page.next_cursor))

    async def _list_rest(self, api: Api, cursor: str | None) -> None:
        with contextlib.suppress(ClientError):
            while cursor is not None and len(self.entries) < LIST_LIMIT:
                asked_at = time.monotonic()
                page = await api.jobs(limit=LIST_PAGE, cursor=cursor)
                self._take(page.items, asked_at)
                cursor = page.next_cursor

    async def _newest(self, api: Api) -> None:
        """Notice what others submitted, and what they deleted."""
        asked_at = time.monotonic()
        page = await api.jobs(limit=NEWEST)
        self._take(page.items, asked_at)
        for job_id in self._not_listed(page):
            try:
                await api.job_state(job_id)  # it may have been submitted since the list was read
            except NotFoundError:
                self.drop(job_id)

    def _not_listed(self, page: Page[Job]) -> list[UUID]:
        """Of the jobs the server had, some that should stand on its newest page and do not."""
        listed = {job.id for job in page.items}
        oldest = min((job.created_at for job in page.items), default=None) if page.next_cursor else None
        return [
            job_id
            for job_id, entry in self.entries.items()
            if job_id not in listed
            and entry.state is not None
            and (oldest is None or entry.state.created_at > oldest)
        ][:NEWEST]

    def _take(self, jobs: tuple[Job, ...], asked_at: float, *, always: bool = False) -> None:
        changed = []
        for job in jobs:
            if self._deleted.get(job.run_id, -math.inf) >= asked_at:
                continue
            entry = JobEntry.of_job(self.target.name, job, pinned=job.run_id in self._pinned)
            known = self.entries.get(job.id)
            if known is not None and known.state is not None and known.state.last_event > job.last_event:
                continue
            if always or known is None or known.state is None or known.state.last_event != job.last_event:
                self.entries[job.id] = entry
                changed.append(entry)
            if not entry.phase.ended and known is None:
                self.follow(job.id, job.last_event)
        if changed:
            self._reports.job_news(changed)

    def put(self, entry: JobEntry) -> None:
        """Show an entry (of a job being sent, say)."""
        self.entries[entry.key.job_id] = entry
        self._reports.job_news([entry])

    def going(self, run_id: UUID, *, goes: bool = True) -> None:
        """A run is being deleted: nothing of it is shown any more; or, after all, it is not."""
        if goes:
            self._deleted[run_id] = math.inf
        else:
            self._deleted.pop(run_id, None)

    def forget(self, run_id: UUID) -> None:
        """A run was deleted: so are its jobs, and what was asked before tells nothing of them."""
        self._deleted[run_id] = time.monotonic()
        for job_id, entry in list(self.entries.items()):
            if entry.state is not None and entry.state.run_id == run_id:
                self.drop(job_id)

    def drop(self, job_id: UUID) -> None:
        """Take an entry away."""
        if self.entries.pop(job_id, None) is not None:
            self._reports.job_gone(JobKey(self.target.name, job_id))
        task = self._followed.pop(job_id, None)
        if task is not None:
            task.cancel()

    def pin(self, run_id: UUID, pinned: bool) -> None:
        """Mark the jobs of a run."""
        (self._pinned.add if pinned else self._pinned.discard)(run_id)
        for entry in list(self.entries.values()):
            if entry.state is not None and entry.state.run_id == run_id:
                self.put(replace(entry, pinned=pinned))

    def taken(self, job: Job | JobState) -> None:
        """The server told of a job: show it, unless its events have told more by now, and follow it."""
        known = self.entries.get(job.id)
        if known is not None and known.state is not None and known.state.last_event > job.last_event:
            pass
        elif isinstance(job, Job):
            self.put(JobEntry.of_job(self.target.name, job, pinned=job.run_id in self._pinned))
        elif known is not None:
            self.put(replace(known, state=job, phase=phase_of(job), trouble=""))
            self._start(self._whole(job.id))
        if not job.status.terminal:
            self.follow(job.id, 0)

    async def _whole(self, job_id: UUID) -> None:
        """Learn what a state leaves out: step, owner, version."""
        with contextlib.suppress(ClientError):
            if self._api is not None:
                asked_at = time.monotonic()
                self._take((await self._api.job(job_id),), asked_at, always=True)

    def follow(self, job_id: UUID, after: int) -> None:
        """Follow a job until it ends."""
        if job_id in self._followed or self._watcher is None:
            return
        task = asyncio.create_task(self._follow(self._watcher, job_id, after), name=f"follow {job_id}")
        self._followed[job_id] = task

    async def _follow(self, watcher: Watcher, job_id: UUID, after: int) -> None:
        try:
            async for event in watcher.watch(job_id, after):
                self._heard(event)
            if self._api is not None:
                self.taken(await self._api.job(job_id))
        except NotFoundError:
            self.drop(job_id)
        except ClientError:
            pass  # the next look at the list shows where it stands
        finally:
            self._followed.pop(job_id, None)

    def _heard(self, event: Event) -> None:
        known = self.entries.get(event.job_id)
        key = JobKey(self.target.name, event.job_id)
        if known is not None and known.state is not None and known.state.last_event < event.seq:
            body = event.body
            state = known.state.model_copy(update={"last_event": event.seq, "attempt": event.attempt})
            if isinstance(body, ProgressEvent):
                now = body.progress
                known = replace(
                    known,
                    fraction=now.fraction,
                    stage=now.stage,
                    message=now.message,
                    counters=dict(now.counters),
                )
                state = state.model_copy(update={"progress": now})
            elif isinstance(body, StateEvent):
                update: dict[str, object] = {"status": body.status, "failure": body.failure}
                if state.started_at is None and body.status.value == "running":
                    update["started_at"] = event.at
                if body.status.terminal:
                    update["ended_at"] = event.at
                state = state.model_copy(update=update)
            phase = phase_of(state)
            if known.phase is Phase.CANCELLING and not phase.ended:
                phase = Phase.CANCELLING
            self.put(replace(known, state=state, phase=phase))
        self._reports.event_news(key, event)
