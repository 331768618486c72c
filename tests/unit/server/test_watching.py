"""The event feed and its watchers: nothing missed, nothing twice, slow ones told to re-sync, a thousand cheap."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import sentinel
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from zerosec_server.api.watch import WatchSession
from zerosec_server.database.connection import Database
from zerosec_server.database.job_events import append_event
from zerosec_server.database.tables import jobs, runs
from zerosec_server.database.taking_back import request_cancel
from zerosec_server.events import RING, Bell, EventFeed
from zerosec_server.nudge import NudgeReceiver, NudgeSender
from zerosec_server.services import Services
from zerosec_server.settings import Settings
from zerosec_shared.events import LogEvent, StateEvent, Subscribe, WsEvent, server_messages
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobStatus

OWNER = "local"
PATIENCE_S = 120.0


def make_job(database: Database) -> UUID:
    run_id, job_id = str(new_id()), new_id()
    common = {
        "owner": OWNER,
        "analysis": "a",
        "analysis_version": "1.0.0",
        "request_digest": "0" * 64,
        "created_at": 0.0,
    }

    def work(c: Any) -> None:
        c.execute(insert(runs), {**common, "id": run_id, "name": "n", "pinned": False})
        c.execute(
            insert(jobs),
            {
                **common,
                "id": str(job_id),
                "run_id": run_id,
                "step": "s",
                "status": "queued",
                "max_attempts": 3,
                "available_at": 0.0,
            },
        )

    database.write(work)
    return job_id


def log_lines(database: Database, job_id: UUID, count: int, text: str = "a line") -> None:
    def work(c: Any) -> None:
        for number in range(count):
            append_event(c, str(job_id), 0, LogEvent(message=f"{text} {number}"))

    database.write(work)


def end(database: Database, job_id: UUID) -> None:
    def work(c: Any) -> None:
        c.execute(update(jobs).where(jobs.c.id == str(job_id)).values(status="cancelled"))
        append_event(c, str(job_id), 0, StateEvent(status=JobStatus.CANCELLED, attempt=0), terminal=True)

    database.write(work)


class Reader:
    """The far end of a connection: keeps what comes; can stop reading, as a slow one does."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self._news = asyncio.Condition()

    async def send(self, text: str) -> None:
        await self.reading.wait()
        async with self._news:
            self.messages.append(server_messages.validate_json(text))
            self._news.notify_all()

    async def until(self, enough: Callable[[list[Any]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: enough(self.messages))

    @property
    def seen(self) -> list[int]:
        return [message.event.seq for message in self.messages if isinstance(message, WsEvent)]


@pytest.fixture
async def services(database: Database, tmp_path: Path) -> AsyncIterator[Services]:
    here, there = socket.socketpair()
    feed = EventFeed(database, NudgeReceiver(there))
    running = asyncio.create_task(feed.run())
    yield Services(
        settings=Settings(data_dir=tmp_path),
        database=database,
        storage=sentinel.unused,
        catalogue=sentinel.unused,
        events=feed,
        nudge_worker=NudgeSender(here).nudge,
        token="",
    )
    feed.close()
    await running
    here.close()
    there.close()


Open = Callable[..., Awaitable[tuple[WatchSession, Reader]]]


@pytest.fixture
async def watch(services: Services) -> AsyncIterator[Open]:
    delivering: list[asyncio.Task[None]] = []
    sessions: list[WatchSession] = []

    async def open_session(job_id: UUID | None = None, after: int = 0) -> tuple[WatchSession, Reader]:
        reader = Reader()
        session = WatchSession(services, OWNER, reader.send, heartbeat_s=0.05)
        sessions.append(session)
        if job_id is not None:
            await session.receive(Subscribe(job_id=job_id, after=after).model_dump_json())
        delivering.append(asyncio.create_task(session.deliver()))
        return session, reader

    yield open_session
    for task in delivering:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    for session in sessions:
        session.close()
    assert services.events.watched_jobs == 0


async def test_the_past_comes_first_and_then_what_happens(
    services: Services, database: Database, watch: Open
) -> None:
    job_id = make_job(database)
    log_lines(database, job_id, 700)

    _, reader = await watch(job_id)
    log_lines(database, job_id, 3)
    services.nudge_worker()
    end(database, job_id)
    services.nudge_worker()
    await reader.until(lambda messages: any(getattr(m, "event", None) and m.event.terminal for m in messages))

    assert reader.seen == list(range(1, 705))


async def test_events_that_are_written_while_the_past_is_sent_are_neither_lost_nor_doubled(
    services: Services, database: Database, watch: Open
) -> None:
    job_id = make_job(database)
    readers = []
    for _ in range(20):
        log_lines(database, job_id, 30)
        services.nudge_worker()
        _, reader = await watch(job_id)
        readers.append(reader)
        await asyncio.to_thread(log_lines, database, job_id, 7)
        services.nudge_worker()
    end(database, job_id)
    services.nudge_worker()

    for reader in readers:
        await reader.until(lambda _, reader=reader: len(reader.seen) >= 20 * 37 + 1)
        assert reader.seen == list(range(1, 20 * 37 + 2))


async def test_a_lost_nudge_costs_a_second_and_no_event(database: Database, watch: Open) -> None:
    job_id = make_job(database)
    _, reader = await watch(job_id)

    end(database, job_id)

    await reader.until(lambda _: reader.seen == [1])


async def test_a_subscription_begins_after_the_number_it_names(
    services: Services, database: Database, watch: Open
) -> None:
    job_id = make_job(database)
    log_lines(database, job_id, 5)

    _, reader = await watch(job_id, after=3)
    end(database, job_id)
    services.nudge_worker()

    await reader.until(lambda _: len(reader.seen) == 3)
    assert reader.seen == [4, 5, 6]


async def test_a_watcher_behind_the_ring_is_told_to_resync_and_delays_nobody(
    services: Services, database: Database, watch: Open
) -> None:
    job_id = make_job(database)
    log_lines(database, job_id, 1)
    session, slow = await watch(job_id)
    _, quick = await watch(job_id)
    await slow.until(lambda _: slow.seen == [1])
    await quick.until(lambda _: quick.seen == [1])
    slow.reading.clear()

    batches = 2 * RING // 128 + 1
    for batch in range(batches):
        await asyncio.to_thread(log_lines, database, job_id, 128)
        services.nudge_worker()
        await quick.until(lambda _, batch=batch: len(quick.seen) == 1 + 128 * (batch + 1))
    slow.reading.set()
    await slow.until(lambda messages: any(m.type == "resync" for m in messages))

    resync = next(m for m in slow.messages if m.type == "resync")
    last = slow.seen[-1]
    assert slow.seen == list(range(1, last + 1))
    assert resync.last_seq == 1 + 128 * batches
    await session.receive(Subscribe(job_id=job_id, after=last).model_dump_json())
    await slow.until(lambda _: len(slow.seen) == 1 + 128 * batches)
    assert slow.seen == quick.seen


async def test_silence_is_filled_with_heartbeats(database: Database, watch: Open) -> None:
    _, reader = await watch(make_job(database))

    await reader.until(lambda messages: sum(m.type == "heartbeat" for m in messages) >= 3)


async def test_a_cancel_that_is_asked_for_rings_though_no_event_is_written(
    services: Services, database: Database
) -> None:
    job_id = make_job(database)
    database.write(lambda c: c.execute(update(jobs).values(status="running")).close())
    bell = Bell()
    with services.events.watching(str(job_id), bell):
        await services.events.look()
        bell.take()
        database.write(lambda c: request_cancel(c, str(job_id)))
        services.nudge_worker()

        assert await bell.wait(PATIENCE_S)
        assert bell.take() == [str(job_id)]


async def test_where_nobody_reads_events_none_are_kept_and_a_reader_who_comes_misses_none(
    services: Services, database: Database, watch: Open
) -> None:
    job_id = make_job(database)
    feed, bell = services.events, Bell()
    with feed.watching(str(job_id), bell):
        await feed.look()
        bell.take()
        log_lines(database, job_id, 2)
        await feed.look()

        assert bell.take() == [str(job_id)]
        assert feed.newest(str(job_id)) == 2
        assert feed.at_hand(str(job_id), 0) is None

        _, reader = await watch(job_id)
        await reader.until(lambda _: reader.seen == [1, 2])
        log_lines(database, job_id, 1)
        services.nudge_worker()
        await reader.until(lambda _: reader.seen == [1, 2, 3])
        assert [event.seq for event in feed.at_hand(str(job_id), 2) or ()] == [3]


async def test_a_thousand_watchers_of_one_job_cost_one_read_an_event(
    services: Services, database: Database, watch: Open
) -> None:
    job_id = make_job(database)
    readers = [(await watch(job_id))[1] for _ in range(1000)]
    log_lines(database, job_id, 1)
    services.nudge_worker()
    for reader in readers:
        await reader.until(lambda _, reader=reader: reader.seen == [1])
    reads = 0
    aread = database.aread

    async def counted(work: Any) -> Any:
        nonlocal reads
        reads += 1
        return await aread(work)

    database.aread = counted  # type: ignore[method-assign]
    started = time.process_time()
    for number in range(2, 5):
        await asyncio.to_thread(log_lines, database, job_id, 1)
        services.nudge_worker()
        for reader in readers:
            await reader.until(lambda _, reader=reader, number=number: len(reader.seen) == number)
    cpu_s = time.process_time() - started

    assert reads < 18, "each watcher read for itself"
    assert cpu_s / 3000 < 0.002, f"{cpu_s / 3000 * 1e6:.0f} µs a delivered event, reading included"


def test_what_is_sent_is_what_the_contract_says(database: Database) -> None:
    from zerosec_server.events import events_after
    from zerosec_shared.events import Event

    job_id = make_job(database)
    log_lines(database, job_id, 1, text='"quoted" \\ 日本語 \n\u2028')

    stored = database.read(lambda c: events_after(c, str(job_id), 0, 10))

    event = Event.model_validate_json(stored[0].json)
    assert (event.job_id, event.seq) == (job_id, 1)
    assert isinstance(event.body, LogEvent)
    assert event.body.message == '"quoted" \\ 日本語 \n\u2028 0'
    assert json.loads(stored[0].json) == event.model_dump(mode="json")
