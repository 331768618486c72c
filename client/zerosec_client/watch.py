"""Following jobs: every event exactly once and in order, over one WebSocket, by long polling while that fails, and back.

It guards against what breaks between a server and a person who waits: a socket that died silently, a proxy that refuses
sockets, a server that restarts (on another port), a reader slower than the job. Each job has a number it was read up to;
whatever way events come, only the next number is taken, so that ways may overlap, repeat and drop without harm.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import ValidationError

from zerosec_client.api import Api
from zerosec_client.certificates import trusted
from zerosec_client.errors import (
    BadAnswerError,
    BusyError,
    ClientError,
    ServerFaultError,
    ServerUnreachableError,
    problem_error,
)
from zerosec_client.feed import Feed
from zerosec_client.http import is_loopback
from zerosec_shared.events import (
    ClientMessage,
    Event,
    Subscribe,
    Unsubscribe,
    WsError,
    WsEvent,
    WsHeartbeat,
    WsResync,
    server_messages,
)
from zerosec_shared.translations import as_spoken

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

__all__ = ["Link", "Watcher", "watch"]

BUFFER = 2000
LARGEST_MESSAGE_BYTES = 4 * 1024**2


class Link(StrEnum):
    """How events come at the moment."""

    CONNECTING = "connecting"
    WEBSOCKET = "websocket"
    POLLING = "polling"
    OFFLINE = "offline"


class _UnusableSocketError(Exception):
    """The socket is there and of no use: silent, or refusing what we say."""


class Watcher:
    """Follows any number of jobs of one server; use it as an async context manager.

    `silence_s`: a server that says nothing for so long is left and dialled again. `give_up_s`: after so long without a
    word from the server, readers get its exception; None waits for ever. `buffer` events wait for a slow reader; what is
    left out beyond that is asked for again. `on_link` is told how events come.
    """

    def __init__(
        self,
        api: Api,
        *,
        silence_s: float = 15.0,
        poll_wait_s: float = 20.0,
        redial_s: float = 10.0,
        give_up_s: float | None = None,
        buffer: int = BUFFER,
        on_link: Callable[[Link], None] | None = None,
    ) -> None:
        self._api = api
        self._silence_s, self._poll_wait_s, self._redial_s = silence_s, poll_wait_s, redial_s
        self._give_up_s, self._on_link, self._buffer = give_up_s, on_link, buffer
        self._feeds: dict[UUID, list[Feed]] = {}
        self._wanted = asyncio.Event()
        self._changed = asyncio.Event()
        self._outgoing: asyncio.Queue[ClientMessage] | None = None
        self._runner: asyncio.Task[None] | None = None
        self._polling: asyncio.Task[None] | None = None
        self._link = Link.CONNECTING
        self._heard_at = 0.0

    async def __aenter__(self) -> "Watcher":
        self._heard_at = asyncio.get_running_loop().time()
        self._runner = asyncio.create_task(self._run(), name="watcher")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop following; readers end as if nothing more came."""
        if self._runner is not None:
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None
        self._end_all(None)

    async def watch(self, job_id: UUID, after: int = 0) -> AsyncGenerator[Event, None]:
        """Events of a job after a number, each once and in order; ends after the terminal one.

        Raises NotFoundError for an unknown job, and what the server cannot be asked out of.
        """
        feed = Feed(job_id, after, self._buffer)
        if after and await self._ended_before(feed):
            return
        self._add(feed)
        try:
            while (event := await feed.next()) is not None:
                yield event
                if feed.caught_up():
                    self._resubscribe(job_id)
                if event.terminal:
                    return
        finally:
            self._remove(feed)

    async def _ended_before(self, feed: Feed) -> bool:
        page = await self._api.events(feed.job_id, after=feed.seen, limit=1)
        return page.complete and not page.events

    def _add(self, feed: Feed) -> None:
        self._feeds.setdefault(feed.job_id, []).append(feed)
        self._heard_at = max(self._heard_at, asyncio.get_running_loop().time())
        self._wanted.set()
        self._changed.set()
        self._resubscribe(feed.job_id)

    def _remove(self, feed: Feed) -> None:
        feeds = self._feeds.get(feed.job_id, [])
        if feed in feeds:
            feeds.remove(feed)
        if not feeds:
            self._feeds.pop(feed.job_id, None)
            if self._outgoing is not None:
                self._outgoing.put_nowait(Unsubscribe(job_id=feed.job_id))
        if not self._feeds:
            self._wanted.clear()
        self._changed.set()

    def _after(self, job_id: UUID) -> int:
        return min(feed.seen for feed in self._feeds[job_id])

    def _resubscribe(self, job_id: UUID) -> None:
        if self._outgoing is not None and job_id in self._feeds:
            self._outgoing.put_nowait(Subscribe(job_id=job_id, after=self._after(job_id)))

    def _deliver(self, event: Event) -> None:
        whole = [feed.offer(event) for feed in self._feeds.get(event.job_id, [])]
        if not all(whole):
            self._resubscribe(event.job_id)

    def _end_job(self, job_id: UUID, error: ClientError | None) -> None:
        for feed in self._feeds.get(job_id, []):
            feed.end(error)

    def _end_all(self, error: ClientError | None) -> None:
        for job_id in list(self._feeds):
            self._end_job(job_id, error)

    def _heard(self, link: Link) -> None:
        self._heard_at = asyncio.get_running_loop().time()
        self._set_link(link)

    def _set_link(self, link: Link) -> None:
        if link is not self._link:
            self._link = link
            if self._on_link is not None:
                self._on_link(link)

    def _silent(self, error: ClientError) -> None:
        """Nothing was heard: say so, and give up when that has lasted too long."""
        silent_s = asyncio.get_running_loop().time() - self._heard_at
        self._set_link(Link.OFFLINE)
        if self._give_up_s is not None and silent_s > self._give_up_s:
            self._end_all(error)

    async def _run(self) -> None:
        failures = 0
        try:
            while True:
                await self._wanted.wait()
                before = self._heard_at
                try:
                    await self._by_socket()
                    failures = 0
                except (OSError, EOFError, TimeoutError, _UnusableSocketError):
                    failures = 1 if self._link is Link.WEBSOCKET and self._heard_at > before else failures + 1
                    if self._link is Link.WEBSOCKET:
                        self._set_link(Link.CONNECTING)
                    if self._polling is None:
                        self._polling = asyncio.create_task(self._poll_all(), name="long polling")
                    pause = min(self._redial_s, 0.1 * 2**failures)
                    await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
        except Exception as error:
            self._end_all(BadAnswerError("Following the job failed.", str(error)))
            raise
        finally:
            await self._stop_polling()

    async def _stop_polling(self) -> None:
        if self._polling is not None:
            polling, self._polling = self._polling, None
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    # Over a WebSocket

    async def _by_socket(self) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        endpoint = self._api.http.endpoint
        headers = {"authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
        try:
            async with connect(
                "ws" + endpoint.url.rstrip("/").removeprefix("http") + "/api/v1/ws",
                additional_headers=headers,
                open_timeout=min(5.0, self._silence_s),
                close_timeout=1.0,
                ping_interval=None,
                compression=None,
                max_size=LARGEST_MESSAGE_BYTES,
                proxy=None if is_loopback(endpoint.url) else True,
                ssl=trusted(endpoint.ca_file) if endpoint.url.startswith("https:") else None,
            ) as socket:
                await self._follow(socket)
        except WebSocketException as error:
            raise _UnusableSocketError(str(error)) from error

    async def _follow(self, socket: "ClientConnection") -> None:
        self._outgoing = asyncio.Queue()
        for job_id in self._feeds:
            self._resubscribe(job_id)
        sender = asyncio.create_task(self._say(socket, self._outgoing))
        try:
            while self._feeds:
                async with asyncio.timeout(self._silence_s):
                    text = await socket.recv()
                self._heard(Link.WEBSOCKET)
                await self._stop_polling()
                self._hear(text)
        finally:
            self._outgoing = None
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)

    @staticmethod
    async def _say(socket: "ClientConnection", outgoing: "asyncio.Queue[ClientMessage]") -> None:
        while True:
            message = await outgoing.get()
            await socket.send(message.model_dump_json())

    def _hear(self, text: str | bytes) -> None:
        try:
            message = as_spoken(server_messages.validate_json(text))
        except ValidationError as error:
            # Long polling brings the same events, and the words for what cannot be read.
            raise _UnusableSocketError("a message was not understood") from error
        match message:
            case WsEvent(event=event):
                self._deliver(event)
            case WsResync(job_id=job_id):
                self._resubscribe(job_id)
            case WsError(problem=problem, job_id=UUID() as job_id):
                self._end_job(job_id, problem_error(problem))
            case WsError(problem=problem):
                raise _UnusableSocketError(problem.title)
            case WsHeartbeat():
                pass

    # By long polling

    async def _poll_all(self) -> None:
        polls: dict[UUID, asyncio.Task[None]] = {}
        try:
            while True:
                self._changed.clear()
                for job_id in self._feeds.keys() - polls.keys():
                    polls[job_id] = asyncio.create_task(self._poll(job_id))
                changed = asyncio.create_task(self._changed.wait())
                try:
                    await asyncio.wait({changed, *polls.values()}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    changed.cancel()
                for job_id in [job_id for job_id, poll in polls.items() if poll.done()]:
                    polls.pop(job_id).result()
        except Exception as error:
            self._end_all(BadAnswerError("Following the job failed.", str(error)))
            raise
        finally:
            for poll in polls.values():
                poll.cancel()
            await asyncio.gather(*polls.values(), return_exceptions=True)

    def _unread(self, job_id: UUID) -> bool:
        return any(not feed.ended for feed in self._feeds.get(job_id, []))

    async def _poll(self, job_id: UUID) -> None:
        pause = 0.1
        while self._unread(job_id):
            try:
                page = await self._api.events(
                    job_id, after=self._after(job_id), wait_s=self._poll_wait_s, patience_s=0.0
                )
            except (ServerUnreachableError, BusyError, ServerFaultError) as error:
                self._silent(error)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
                pause = min(self._redial_s, pause * 2)
                if not await self._find_again(job_id):
                    return
                continue
            except ClientError as error:
                self._end_job(job_id, error)
                return
            pause = 0.1
            self._heard(Link.POLLING)
            for event in page.events:
                self._deliver(event)
            if page.complete and not page.events:
                self._end_job(job_id, None)
            for feed in list(self._feeds.get(job_id, [])):
                await feed.room()

    async def _find_again(self, job_id: UUID) -> bool:
        try:
            await self._api.http.relocate()
        except ServerUnreachableError as error:
            self._silent(error)
        except ClientError as error:
            self._end_job(job_id, error)
            return False
        return True


async def watch(api: Api, job_id: UUID, after: int = 0) -> AsyncGenerator[Event, None]:
    """Follow one job: `async for event in watch(api, job_id, after)`."""
    async with Watcher(api) as watcher, aclosing(watcher.watch(job_id, after)) as events:
        async for event in events:
            yield event
