"""The event feed of one process: tells watchers that a job has something new, and keeps the newest events at hand.

One look at the database serves all watchers: after each nudge of the worker's, and once a second in case one was lost. A
watched job has a ring of its newest events, each written as JSON once for however many watch. A watcher keeps its own
cursor; one that falls behind the ring is told so and reads on from the database. So no slow watcher costs memory, delays
another, or misses an event without knowing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from zerosec_server.database.connection import Database
from zerosec_server.database.tables import events, jobs
from zerosec_shared.runs import JobStatus

__all__ = ["Bell", "EventFeed", "Nudged", "Stamp", "StoredEvent", "events_after"]

RING = 512
POLL_S = 1.0
JOBS_A_QUERY = 500

log = logging.getLogger("zerosec.events")

Stamp = tuple[int, str, int, bool, bool]
"""What changes when a job does: number of the newest event, status, attempt, whether a cancel and an early finish were asked."""


class Nudged(Protocol):
    """The end of a wake-up line on which the worker says that events were appended."""

    def fileno(self) -> int:
        """What becomes readable."""

    def clear(self) -> None:
        """Take all nudges; to be called before looking."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as JSON (of zerosec_shared.events.Event), with what is needed to deliver it."""

    seq: int
    json: str
    terminal: bool


class Bell:
    """What a watcher waits on: rung when one of its jobs has something new, or when the feed closes."""

    def __init__(self, *, for_events: bool = False) -> None:
        """`for_events`: the watcher takes events from the feed; where none does, the feed reads none."""
        self.for_events = for_events
        self._rung = asyncio.Event()
        self._jobs: dict[str, None] = {}

    def ring(self, job_id: str | None = None) -> None:
        """Say that a job has something new."""
        if job_id is not None:
            self._jobs[job_id] = None
        self._rung.set()

    def take(self) -> list[str]:
        """The jobs rung for since the last call."""
        self._rung.clear()
        taken, self._jobs = list(self._jobs), {}
        return taken

    async def wait(self, seconds: float) -> bool:
        """Wait until rung; False if nothing rang for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        return self._rung.is_set()


@dataclass(slots=True)
class _Channel:
    """A watched job. `known` is the newest event any watcher can have heard of; None before the first look."""

    bells: dict[Bell, int] = field(default_factory=dict)
    known: int | None = None
    stamp: Stamp | None = None
    ring: deque[StoredEvent] = field(default_factory=lambda: deque(maxlen=RING))
    """The newest events up to `known`, without a gap; none where nobody reads them."""

    @property
    def read_from(self) -> int | None:
        """After which event the next look reads; None: it reads none."""
        return self.known if any(bell.for_events for bell in self.bells) else None


class EventFeed:
    """Watchers of jobs, and the one loop that looks for news."""

    def __init__(self, database: Database, nudged: Nudged | None = None) -> None:
        self._database, self._nudged = database, nudged
        self._channels: dict[str, _Channel] = {}
        self._wake = asyncio.Event()
        self.closed = False

    @property
    def watched_jobs(self) -> int:
        """How many jobs are watched now."""
        return len(self._channels)

    @contextmanager
    def watching(self, job_id: str, bell: Bell) -> Iterator[None]:
        """Ring this bell for whatever happens to a job from now on."""
        self.watch(job_id, bell)
        try:
            yield
        finally:
            self.unwatch(job_id, bell)

    def watch(self, job_id: str, bell: Bell) -> None:
        """Begin to ring; to be followed by a look at the database, since what happened before rings nothing."""
        bells = self._channels.setdefault(job_id, _Channel()).bells
        bells[bell] = bells.get(bell, 0) + 1
        if self.closed:
            bell.ring()

    def unwatch(self, job_id: str, bell: Bell) -> None:
        """Stop ringing."""
        channel = self._channels.get(job_id)
        if channel is None or bell not in channel.bells:
            return
        channel.bells[bell] -= 1
        if not channel.bells[bell]:
            del channel.bells[bell]
        if not channel.bells:
            del self._channels[job_id]

    def newest(self, job_id: str) -> int:
        """The newest event number the feed has seen of a watched job; 0 if none."""
        channel = self._channels.get(job_id)
        return (channel.known or 0) if channel else 0

    def ended(self, job_id: str) -> bool:
        """Whether the feed has seen the end of a watched job."""
        channel = self._channels.get(job_id)
        return channel is not None and channel.stamp is not None and JobStatus(channel.stamp[1]).terminal

    def at_hand(self, job_id: str, after: int) -> Sequence[StoredEvent] | None:
        """The events after a number, if the ring still holds all of them; None if the database must be asked."""
        channel = self._channels.get(job_id)
        if channel is None or channel.known is None:
            return None
        if channel.known <= after:
            return ()
        if not channel.ring or channel.ring[0].seq > after + 1:
            return None
        return [event for event in channel.ring if event.seq > after]

    def nudge(self) -> None:
        """Look soon."""
        self._wake.set()

    def close(self) -> None:
        """Wake every watcher: the server is about to end."""
        self.closed = True
        self._wake.set()
        for channel in self._channels.values():
            for bell in channel.bells:
                bell.ring()

    async def run(self) -> None:
        """Look for news until closed."""
        loop, nudged = asyncio.get_running_loop(), self._nudged
        if nudged is not None:

            def on_nudge() -> None:
                nudged.clear()
                self._wake.set()

            loop.add_reader(nudged.fileno(), on_nudge)
        try:
            while not self.closed:
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):
                        await self._wake.wait()
                self._wake.clear()
                try:
                    await self.look()
                except SQLAlchemyError:
                    log.exception("the event feed could not read the database; it tries again in a second")
        finally:
            if nudged is not None:
                loop.remove_reader(nudged.fileno())

    async def look(self) -> None:
        """Read what is new of all watched jobs, once, and ring."""
        watched = {job_id: channel.read_from for job_id, channel in self._channels.items()}
        if not watched:
            return
        for job_id, (stamp, fresh) in (await self._database.aread(_news(watched))).items():
            channel = self._channels.get(job_id)
            if channel is None or stamp == channel.stamp:
                continue
            if watched[job_id] is None:
                channel.ring.clear()
            else:
                channel.ring.extend(event for event in fresh if event.seq > (channel.known or 0))
            channel.known, channel.stamp = max(channel.known or 0, stamp[0]), stamp
            for bell in channel.bells:
                bell.ring(job_id)


# Built once: building a statement costs more than SQLite needs to answer it.
_STAMPS = select(
    jobs.c.id,
    jobs.c.last_seq,
    jobs.c.status,
    jobs.c.attempt,
    jobs.c.cancel_requested,
    jobs.c.finish_requested,
).where(jobs.c.id.in_(bindparam("some", expanding=True)))
_EVENTS = (
    select(events.c.seq, events.c.attempt, events.c.at, events.c.terminal, events.c.body_json)
    .where(events.c.job_id == bindparam("job"), events.c.seq > bindparam("after"))
    .order_by(events.c.seq)
    .limit(bindparam("most"))
)


def _news(
    watched: Mapping[str, int | None],
) -> Callable[[Connection], dict[str, tuple[Stamp, Sequence[StoredEvent]]]]:
    def work(c: Connection) -> dict[str, tuple[Stamp, Sequence[StoredEvent]]]:
        found: dict[str, tuple[Stamp, Sequence[StoredEvent]]] = {}
        ids = list(watched)
        for first in range(0, len(ids), JOBS_A_QUERY):
            some = ids[first : first + JOBS_A_QUERY]
            for job_id, last_seq, status, attempt, cancelling, finishing in c.execute(
                _STAMPS, {"some": some}
            ):
                known = watched[job_id]
                fresh: Sequence[StoredEvent] = ()
                if known is not None and last_seq > known:
                    fresh = events_after(c, job_id, max(known, last_seq - RING), RING)
                found[job_id] = ((last_seq, status, attempt, bool(cancelling), bool(finishing)), fresh)
        return found

    return work


def events_after(c: Connection, job_id: str, after: int, limit: int) -> list[StoredEvent]:
    """The events of a job after a number, oldest first, as JSON."""
    rows = c.execute(_EVENTS, {"job": job_id, "after": after, "most": limit})
    return [
        StoredEvent(
            seq,
            f'{{"job_id":"{job_id}","seq":{seq},"attempt":{attempt},"at":"{_instant(at)}","body":{body}}}',
            bool(terminal),
        )
        for seq, attempt, at, terminal, body in rows
    ]


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
