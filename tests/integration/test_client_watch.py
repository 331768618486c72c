"""Following real jobs: each event once and in order, whatever happens to sockets and servers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from tests.conftest import RunningServer
from tests.network import FaultyProxy, faulty_proxy

from zerosec_client.api import Api
from zerosec_client.cli import following
from zerosec_client.cli.display import PlainDisplay
from zerosec_client.cli.quiet import tell_why_quiet
from zerosec_client.cli.terminal import Terminal
from zerosec_client.errors import NotFoundError, ServerUnreachableError
from zerosec_client.http import Endpoint, Http
from zerosec_client.watch import Link, Watcher, watch
from zerosec_shared.events import Event
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobCreate, JobState, JobStatus, RunCreate
from zerosec_shared.system import SystemStatus


@pytest.fixture
async def api(shared_server: RunningServer) -> AsyncIterator[Api]:
    async with Http(Endpoint(shared_server.url, shared_server.token)) as http:
        yield Api(http)


@pytest.fixture
def proxy(shared_server: RunningServer) -> Iterator[FaultyProxy]:
    with faulty_proxy(shared_server.url) as between:
        yield between


@pytest.fixture
async def through(proxy: FaultyProxy, shared_server: RunningServer) -> AsyncIterator[Api]:
    async with Http(Endpoint(proxy.url, shared_server.token)) as http:
        yield Api(http)


class Held:
    """A job that waits at a barrier until it is let go, and then logs so many lines."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.job_id = new_id()
        folder.mkdir()

    async def submit(self, api: Api) -> UUID:
        parameters = {"fault": "none", "barrier": str(self.folder)}
        run = RunCreate(id=new_id(), analysis="faulty", name="held", parameters=parameters)
        await api.submit(JobCreate(id=self.job_id, run=run))
        return self.job_id

    async def running(self) -> None:
        async with asyncio.timeout(30):
            while not (self.folder / "started").exists():  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def let_go(self) -> None:
        (self.folder / "go").touch()


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    job = Held(tmp_path / "barrier")
    yield job
    job.let_go()


async def submit_noop(api: Api, **parameters: int) -> UUID:
    run = RunCreate(id=new_id(), analysis="noop", name="noop", parameters=dict(parameters))
    return (await api.submit(JobCreate(id=new_id(), run=run))).id


async def stored(api: Api, job_id: UUID) -> list[Event]:
    """The record itself, read without the watcher."""
    page = await api.events(job_id)
    assert page.complete
    return list(page.events)


async def all_events(watcher: Watcher, job_id: UUID, after: int = 0) -> list[Event]:
    async with asyncio.timeout(60), aclosing(watcher.watch(job_id, after)) as events:
        return [event async for event in events]


class Links:
    """How events came, in order; lets a test wait for a way."""

    def __init__(self) -> None:
        self.seen: list[Link] = []
        self._news = asyncio.Event()

    def __call__(self, link: Link) -> None:
        self.seen.append(link)
        self._news.set()

    async def until(self, condition: Callable[[list[Link]], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition(self.seen):
                self._news.clear()
                await self._news.wait()


async def test_every_event_comes_once_and_in_order_and_the_terminal_one_ends_it(api: Api) -> None:
    job_id = await submit_noop(api, log_lines=500)

    seen = [event async for event in watch(api, job_id)]

    assert [event.seq for event in seen] == list(range(1, len(seen) + 1))
    assert seen[-1].terminal
    assert seen == await stored(api, job_id)


async def test_replay_starts_after_the_number_given(api: Api) -> None:
    job_id = await submit_noop(api, log_lines=5)
    whole = [event async for event in watch(api, job_id)]

    rest = [event async for event in watch(api, job_id, after=3)]
    nothing = [event async for event in watch(api, job_id, after=whole[-1].seq)]

    assert rest == whole[3:]
    assert nothing == []


async def test_an_unknown_job_is_said_to_be_unknown(api: Api) -> None:
    with pytest.raises(NotFoundError):
        async for _ in watch(api, new_id()):
            pass


async def test_many_jobs_share_one_socket(through: Api, proxy: FaultyProxy) -> None:
    jobs = [await submit_noop(through, log_lines=number) for number in range(6)]

    async with Watcher(through) as watcher:
        seen = await asyncio.gather(*(all_events(watcher, job_id) for job_id in jobs))

    assert [events == await stored(through, job) for events, job in zip(seen, jobs, strict=True)] == [
        True
    ] * 6
    assert sum(b"/ws HTTP" in line for line in proxy.faults.seen) == 1


async def test_two_readers_of_one_job_each_get_everything(api: Api, held: Held) -> None:
    job_id = await held.submit(api)

    async with Watcher(api) as watcher:
        first = asyncio.create_task(all_events(watcher, job_id))
        await held.running()
        second = asyncio.create_task(all_events(watcher, job_id))
        held.let_go()
        seen = await asyncio.gather(first, second)

    assert seen[0] == seen[1] == await stored(api, job_id)


async def test_a_refused_socket_gives_way_to_polling_and_comes_back(
    through: Api, proxy: FaultyProxy, held: Held
) -> None:
    proxy.faults.refuse_websockets = True
    job_id = await held.submit(through)
    links = Links()

    async with Watcher(through, on_link=links, redial_s=0.2) as watcher:
        reading = asyncio.create_task(all_events(watcher, job_id))
        await links.until(lambda seen: Link.POLLING in seen)
        proxy.faults.refuse_websockets = False
        await links.until(lambda seen: seen[-1] is Link.WEBSOCKET)
        held.let_go()
        seen = await reading

    assert seen == await stored(through, job_id)


async def test_polling_alone_brings_everything(through: Api, proxy: FaultyProxy, held: Held) -> None:
    proxy.faults.refuse_websockets = True
    job_id = await held.submit(through)

    async with Watcher(through) as watcher:
        reading = asyncio.create_task(all_events(watcher, job_id))
        await held.running()
        held.let_go()
        seen = await reading

    assert seen == await stored(through, job_id)


async def test_connections_cut_again_and_again_lose_nothing(
    through: Api, proxy: FaultyProxy, held: Held
) -> None:
    job_id = await held.submit(through)
    links = Links()

    async with Watcher(through, on_link=links, redial_s=0.2) as watcher:
        reading = asyncio.create_task(all_events(watcher, job_id))
        for _ in range(3):
            await links.until(lambda seen: bool(seen) and seen[-1] is Link.WEBSOCKET)
            links.seen.clear()
            proxy.cut()
            await links.until(lambda seen: bool(seen))
        held.let_go()
        seen = await reading

    assert seen == await stored(through, job_id)


async def test_a_silent_server_is_left_and_dialled_again(
    through: Api, proxy: FaultyProxy, held: Held
) -> None:
    job_id = await held.submit(through)
    links = Links()

    async with Watcher(through, on_link=links, silence_s=8.0, redial_s=0.2) as watcher:
        reading = asyncio.create_task(all_events(watcher, job_id))
        await links.until(lambda seen: Link.WEBSOCKET in seen)
        proxy.faults.black_hole = True
        held.let_go()
        # The socket is open and dead: only the missing heartbeats tell.
        connections = len(proxy.faults.seen)
        await asyncio.to_thread(proxy.wait_for, lambda faults: len(faults.seen) > connections, 30.0)
        proxy.faults.black_hole = False
        proxy.cut()
        seen = await reading

    assert seen == await stored(through, job_id)


async def test_a_reader_slower_than_the_job_misses_nothing(api: Api) -> None:
    job_id = await submit_noop(api, log_lines=500)
    async with Watcher(api, buffer=50) as watcher:
        slow: list[Event] = []
        async with aclosing(watcher.watch(job_id)) as events:
            async for event in events:
                if not slow:
                    # The other reader goes through all of it meanwhile, so that this one's buffer overflows.
                    fast = await all_events(watcher, job_id)
                slow.append(event)

    assert len(fast) > 100
    assert slow == fast == await all_pages(api, job_id)


async def all_pages(api: Api, job_id: UUID) -> list[Event]:
    found: list[Event] = []
    while True:
        page = await api.events(job_id, after=len(found))
        found += page.events
        if page.complete and not page.events:
            return found


async def test_giving_up_says_that_the_server_is_gone(through: Api, proxy: FaultyProxy, held: Held) -> None:
    job_id = await held.submit(through)
    links = Links()

    async with Watcher(through, on_link=links, give_up_s=0.5, redial_s=0.1) as watcher:
        reading = asyncio.create_task(all_events(watcher, job_id))
        await links.until(lambda seen: Link.WEBSOCKET in seen)
        proxy.faults.refuse = True
        proxy.cut()
        with pytest.raises(ServerUnreachableError):
            await reading

    assert Link.OFFLINE in links.seen


async def test_a_server_that_restarts_on_another_port_is_found_and_followed(
    server_factory: Callable[..., RunningServer], tmp_path: Path, held: Held
) -> None:
    data_dir = tmp_path / "data"
    servers = [await asyncio.to_thread(server_factory, data_dir)]

    async def locate() -> Endpoint:
        return Endpoint(servers[-1].url, servers[-1].token)

    async with Http(await locate(), locate=locate) as http:
        api = Api(http)
        job_id = await held.submit(api)
        links = Links()
        async with Watcher(api, on_link=links, redial_s=0.2) as watcher:
            reading = asyncio.create_task(all_events(watcher, job_id))
            await held.running()
            await links.until(lambda seen: Link.WEBSOCKET in seen)
            await asyncio.to_thread(servers[0].stop)
            servers.append(await asyncio.to_thread(server_factory, data_dir))
            held.let_go()
            seen = await reading

        assert seen == await stored(api, job_id)
        assert (await api.job_state(job_id)).status is JobStatus.SUCCEEDED


async def test_the_command_says_why_the_job_it_follows_is_silent(
    api: Api, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is real, and says by itself nothing but that the job runs; silence and a full disk are put into its answers."""

    class Display(PlainDisplay):
        def tell(self, line: str) -> None:
            told.append(line)
            held.let_go()

    async def silent(job_id: UUID) -> JobState:
        return (await api_says(job_id)).model_copy(update={"heartbeat_age_s": 45.0})

    async def full() -> SystemStatus:
        return (await disk_says()).model_copy(update={"disk_free_bytes": 0})

    told: list[str] = []
    job_id = await held.submit(api)
    await held.running()
    api_says, disk_says = api.job_state, api.system_status
    monkeypatch.setattr(api, "job_state", silent)
    monkeypatch.setattr(api, "system_status", full)
    monkeypatch.setattr(following, "tell_why_quiet", partial(tell_why_quiet, every_s=0.01))

    async with asyncio.timeout(60):
        await following.follow(api, job_id, Display(Terminal(as_json=False)))

    assert [("disk of the server is full" in line) for line in told] == [True]
