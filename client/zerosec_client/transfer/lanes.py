"""Connections side by side, each with a thread; what is safe to send again is sent again, within a bounded time.

Retries happen here and nowhere else in transfers: only for parts (idempotent by part number and checksum) and ranges, only when the
connection broke, nothing came, or the server said it is busy; `Retry-After` is honoured. A transfer gives up once nothing has
succeeded for `patience_s`.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TypeVar
from urllib.parse import urlsplit

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential

from zerosec_client.api import Api
from zerosec_client.errors import (
    BadAnswerError,
    BusyError,
    ConflictError,
    ServerUnreachableError,
    UrlExpiredError,
)
from zerosec_client.http import is_loopback
from zerosec_client.transfer.channel import Channel

__all__ = ["PATIENCE_S", "Lanes", "signed_address"]

T = TypeVar("T")

PATIENCE_S = 60.0
NICENESS = 10
GATEWAY_TROUBLE = frozenset({502, 503, 504})
_back_off = wait_random_exponential(multiplier=0.1, max=5.0)


def signed_address(api: Api, url: str) -> str:
    """A signed URL made absolute. Raises BadAnswerError where a server sends its client somewhere it should not go:

    from TLS to plain HTTP, or, not being on this machine itself, to a service of this machine.
    """
    server = api.http.endpoint.url
    address = api.http.absolute(url.lstrip("/"))
    scheme = urlsplit(address).scheme
    downgraded = scheme == "http" and urlsplit(server).scheme == "https"
    if scheme not in {"http", "https"} or downgraded or (is_loopback(address) and not is_loopback(server)):
        raise BadAnswerError(
            "The server sent an address for your data that is not safe to use.",
            "Nothing was sent or fetched.",
            "Do not trust this server before its operator has explained it.",
        )
    return address


class Lanes:
    """A few channels, the threads that drive them, and how long to go on trying."""

    def __init__(self, api: Api, count: int, patience_s: float = PATIENCE_S) -> None:
        self._api = api
        self._patience_s = patience_s
        self._succeeded_at = time.monotonic()
        self.count = count
        self._channels: list[Channel] = []
        self.pool = ThreadPoolExecutor(count + 1, thread_name_prefix="transfer", initializer=_yield_to_others)
        self.stopped = False

    async def off_loop(self, work: Callable[[], T]) -> T:
        """Do blocking work in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self.pool, work)

    async def each(self, drive: Callable[[Channel], Awaitable[None]]) -> None:
        """Drive new channels side by side; the first that fails ends the others."""
        channels = [Channel(ca_file=self._api.http.endpoint.ca_file) for _ in range(self.count)]
        self._channels += channels
        tasks = [asyncio.ensure_future(drive(channel)) for channel in channels]
        try:
            await asyncio.gather(*tasks)
        except BaseException:
            for channel in channels:
                channel.abort()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    async def persist(self, attempt_once: Callable[[], Awaitable[T]]) -> T:
        """Try until it works, or nothing at all has worked for too long, or trying again is of no use."""
        attempts = AsyncRetrying(
            retry=retry_if_exception(_worth_repeating), stop=self._out_of_patience, wait=_pause, reraise=True
        )
        async for attempt in attempts:
            if attempt.retry_state.attempt_number > 1 and isinstance(
                _error(attempt.retry_state), ServerUnreachableError
            ):
                await self._api.http.relocate()
            with attempt:
                answer = await attempt_once()
                self._succeeded_at = time.monotonic()
                return answer
        raise AssertionError("tenacity ends with an answer or an exception")

    def moved(self) -> None:
        """Bytes came: whoever counts the time without success begins anew. From any thread."""
        self._succeeded_at = time.monotonic()

    def stop(self) -> None:
        """End everything under way."""
        self.stopped = True
        for channel in self._channels:
            channel.abort()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Lanes"]:
        """For the length of a transfer; at its end, however it comes, no thread is left that uses its files."""
        try:
            yield self
        except BaseException:
            self.stop()
            raise
        finally:
            ended = asyncio.get_running_loop().run_in_executor(None, self.pool.shutdown)
            cancelled = None
            while not ended.done():
                try:
                    await asyncio.shield(ended)
                except asyncio.CancelledError as again:
                    cancelled = again
            for channel in self._channels:
                channel.close()
            if cancelled is not None:
                raise cancelled

    def _out_of_patience(self, state: RetryCallState) -> bool:
        del state
        return time.monotonic() - self._succeeded_at > self._patience_s


def _yield_to_others() -> None:
    """A transfer gives way where processors are short: whoever looks at a window must not wait for it."""
    if sys.platform == "linux":  # elsewhere this would hold for the whole program
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome is not None else None


def _worth_repeating(error: BaseException) -> bool:
    if isinstance(error, BadAnswerError):
        return error.status in GATEWAY_TROUBLE
    # A conflict: the same part is on its way over another connection; asked again, it is there.
    return isinstance(error, ServerUnreachableError | BusyError | UrlExpiredError | ConflictError)


def _pause(state: RetryCallState) -> float:
    error = _error(state)
    if isinstance(error, BusyError) and error.retry_after_s is not None:
        return error.retry_after_s
    return 0.0 if isinstance(error, UrlExpiredError) and state.attempt_number == 1 else _back_off(state)
