"""The WebSocket: follow any number of jobs over one connection, from any event number on.

Guards against a watcher that left without a word (the connection is read all the time), one that is too slow (it keeps a
cursor, not a queue: behind the ring of newest events it is told to re-sync), and a silence that looks like death (heartbeats).
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from zerosec_server.api.errors import STATUS
from zerosec_server.api.messages import field_problems
from zerosec_server.api.routers import router
from zerosec_server.database.queries import job_exists
from zerosec_server.events import RING, Bell, events_after
from zerosec_server.language import worded
from zerosec_server.services import Services
from zerosec_shared.errors import FieldProblem, Problem, ProblemCode
from zerosec_shared.events import Subscribe, WsError, WsHeartbeat, WsResync, client_messages
from zerosec_shared.texts import say

__all__ = ["WatchSession", "watching"]

watching = router("events")

HEARTBEAT_S = 5.0
MOST_JOBS = 5000
MOST_ERRORS = 100
PAGE = 500
SERVICE_RESTART = 1012
NORMAL = 1000


@dataclass(slots=True)
class _Subscription:
    """A job followed: the number of the last event sent, and whether the past is done with."""

    job_id: UUID
    cursor: int
    caught_up: bool = False


class WatchSession:
    """One connection's subscriptions. `send` takes one text message and waits while the other side is slow."""

    def __init__(
        self,
        services: Services,
        owner: str,
        send: Callable[[str], Awaitable[None]],
        *,
        request_id: str = "",
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._services, self._owner, self._send = services, owner, send
        self._request_id, self._heartbeat_s = request_id, heartbeat_s
        self._bell = Bell(for_events=True)
        self._followed: dict[str, _Subscription] = {}
        self._errors: deque[WsError] = deque(maxlen=MOST_ERRORS)

    async def receive(self, message: str) -> None:
        """Do what the client asks; what cannot be done is told, and the connection goes on."""
        try:
            asked = client_messages.validate_json(message)
        except ValidationError as error:
            self._refuse(
                ProblemCode.VALIDATION_ERROR,
                "The message was not understood.",
                errors=field_problems(error.errors(include_url=False)),
            )
            return
        job_id = str(asked.job_id)
        if not isinstance(asked, Subscribe):
            self._forget(job_id)
            return
        if len(self._followed) >= MOST_JOBS and job_id not in self._followed:
            self._refuse(
                ProblemCode.RATE_LIMITED,
                say("One connection follows at most {most} jobs.", most=MOST_JOBS),
                asked.job_id,
            )
            return
        if not await self._services.database.aread(
            partial(job_exists, job_id=asked.job_id, owner=self._owner)
        ):
            self._refuse(ProblemCode.NOT_FOUND, "There is no such job.", asked.job_id)
            return
        if job_id not in self._followed:
            self._services.events.watch(job_id, self._bell)
        self._followed[job_id] = _Subscription(asked.job_id, asked.after)
        self._bell.ring(job_id)

    async def deliver(self) -> None:
        """Send what is new until the server ends."""
        while not self._services.events.closed:
            if not await self._bell.wait(self._heartbeat_s):
                await self._send(WsHeartbeat(at=datetime.now(UTC)).model_dump_json())
                continue
            while self._errors:
                await self._send(self._errors.popleft().model_dump_json())
            for job_id in self._bell.take():
                if job_id in self._followed:
                    await self._catch_up(job_id, self._followed[job_id])

    def close(self) -> None:
        """Stop following."""
        for job_id in list(self._followed):
            self._forget(job_id)

    def _forget(self, job_id: str) -> None:
        if self._followed.pop(job_id, None) is not None:
            self._services.events.unwatch(job_id, self._bell)

    async def _catch_up(self, job_id: str, subscription: _Subscription) -> None:
        feed = self._services.events
        # A new subscription to the same job takes over: then this one says nothing more.
        while self._followed.get(job_id) is subscription:
            fresh = feed.at_hand(job_id, subscription.cursor)
            if fresh is None:
                newest = feed.newest(job_id)
                if subscription.caught_up and newest - subscription.cursor > RING:
                    self._forget(job_id)
                    resync = WsResync(job_id=subscription.job_id, last_seq=newest)
                    await self._send(resync.model_dump_json())
                    return
                fresh = await self._services.database.aread(
                    partial(events_after, job_id=job_id, after=subscription.cursor, limit=PAGE)
                )
            if not fresh:
                subscription.caught_up = True
                return
            for event in fresh:
                if self._followed.get(job_id) is not subscription:
                    return
                await self._send(f'{{"type":"event","event":{event.json}}}')
                subscription.cursor = event.seq
                if event.terminal:
                    self._forget(job_id)

    def _refuse(
        self,
        code: ProblemCode,
        title: str,
        job_id: UUID | None = None,
        errors: tuple[FieldProblem, ...] = (),
    ) -> None:
        problem = Problem(
            type=f"urn:zerosec:problem:{code.value}",
            title=title,
            status=STATUS[code],
            code=code,
            request_id=self._request_id,
            timestamp=datetime.now(UTC),
            errors=errors,
        )
        self._errors.append(WsError(problem=worded(problem), job_id=job_id))
        self._bell.ring()


@watching.websocket("/ws")
async def watch_jobs(socket: WebSocket) -> None:
    """Follow jobs: messages of zerosec_shared.events both ways."""
    services: Services = socket.app.state.services
    await socket.accept()
    session = WatchSession(services, socket.state.owner, socket.send_text, request_id=socket.state.request_id)
    delivering = asyncio.create_task(_deliver(session, socket))
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                break
            text = message.get("text")
            await session.receive(text if text is not None else "")
    finally:
        session.close()
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering


async def _deliver(session: WatchSession, socket: WebSocket) -> None:
    # Who left is noticed by the side that reads; a send to it fails with one of these.
    with suppress(WebSocketDisconnect, RuntimeError):
        await session.deliver()
        await socket.close(SERVICE_RESTART, "The server is ending; connect again.")
