"""HTTP to one server: one connection pool, bearer token, problem+json to exceptions, and repeats of what is safe to repeat.

The only module that knows the HTTP library. It guards against a request acting twice: a request is sent again only when it
is repeatable (reads, and what is idempotent by its id), or when the connection was never made.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpx2
from pydantic import ValidationError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_before_delay,
    wait_random_exponential,
)

from zerosec_client.certificates import trust_trouble, trusted
from zerosec_client.errors import (
    BadAnswerError,
    BusyError,
    ClientError,
    ConnectionLostError,
    NotAllowedError,
    ServerUnreachableError,
    TimedOutError,
    UsageError,
    problem_error,
)
from zerosec_shared.errors import Problem
from zerosec_shared.texts import say
from zerosec_shared.translations import as_spoken

__all__ = ["Answer", "Endpoint", "Http", "is_loopback"]

CONNECT_S = 5.0
ANSWER_S = 30.0
PATIENCE_S = 20.0
GATEWAY_TROUBLE = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Endpoint:
    """Where a server is, and the token it wants."""

    url: str
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    """Certificates to trust beside the usual ones."""


Locate = Callable[[], Awaitable[Endpoint]]
"""Finds the server again after it could not be reached: the bundled one comes back on another port."""


@dataclass(frozen=True)
class Answer:
    """What came back, below status 400."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _retry_after_s(value: str | None) -> float | None:
    """Seconds from a Retry-After header: a number or a date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None


def _problem(url: str, response: httpx2.Response) -> ClientError:
    try:
        problem = as_spoken(Problem.model_validate_json(response.content))
    except ValidationError:
        return BadAnswerError(
            say("What answers at {url} is not a ZeroSec server, or is of another version.", url=url),
            say("It answered with status {status_code}.", status_code=response.status_code),
            "Check the address of the target with “zerosec targets”.",
            response.status_code,
        )
    return problem_error(problem, _retry_after_s(response.headers.get("retry-after")))


def _token_refused(endpoint: Endpoint, error: ClientError) -> NotAllowedError | None:
    """What a wrong or missing token means for a person; the server's own words are for programs."""
    if not isinstance(error, NotAllowedError) or error.status != 401:
        return None
    title = (
        f"The server at {endpoint.url} wants a token, and none is known here."
        if endpoint.token is None
        else f"The server at {endpoint.url} does not accept the token that is known here."
    )
    hint = "Ask whoever runs it for a token, then “zerosec targets add NAME URL --token-file FILE”."
    return NotAllowedError(error.problem.model_copy(update={"title": title, "detail": "", "hint": hint}))


def _transport_error(url: str, error: Exception) -> ClientError:
    if (untrusted := trust_trouble(url, error)) is not None:
        return untrusted
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol):
        return UsageError(
            say("{url} is not an address of a server.", url=url), hint="Write it like https://host:port."
        )
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return ServerUnreachableError(
            say("The server at {url} cannot be reached.", url=url),
            "Nothing was sent.",
            "Check that it runs and that the network lets you through.",
        )
    if isinstance(error, httpx2.TimeoutException):
        return TimedOutError(
            say("The server at {url} did not answer in time.", url=url), hint="It may be busy: try again."
        )
    return ConnectionLostError(say("The connection to {url} broke before the answer came.", url=url))


def _is_gateway_trouble(error: BaseException) -> bool:
    return isinstance(error, BusyError) or (
        isinstance(error, BadAnswerError) and error.status in GATEWAY_TROUBLE
    )


def _never_sent(error: BaseException) -> bool:
    return isinstance(error, ServerUnreachableError) and not isinstance(
        error, ConnectionLostError | TimedOutError
    )


def _worth_repeating(error: BaseException) -> bool:
    return isinstance(error, ServerUnreachableError) or _is_gateway_trouble(error)


_back_off = wait_random_exponential(multiplier=0.1, max=3.0)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked_for = error.retry_after_s if isinstance(error, BusyError) else None
    return asked_for if asked_for is not None else _back_off(state)


class Http:
    """One server. `patience_s` bounds the time over which a request is repeated."""

    def __init__(
        self, endpoint: Endpoint, *, locate: Locate | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self.endpoint = endpoint
        self.patience_s = patience_s
        self._locate = locate
        self._locating = asyncio.Lock()
        self._client = self._connect(endpoint)
        self._retired: list[httpx2.AsyncClient] = []

    @staticmethod
    def _connect(endpoint: Endpoint) -> httpx2.AsyncClient:
        plain = endpoint.url.startswith("http://")
        headers = {"authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
        return httpx2.AsyncClient(
            # Loading the certificate store costs 40 ms; without one, plain HTTP works and TLS is refused.
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if plain else trusted(endpoint.ca_file),
            # A proxy for the outside world must not swallow requests to this machine.
            trust_env=not is_loopback(endpoint.url),
            headers={**headers, "accept": "application/json"},
            timeout=httpx2.Timeout(ANSWER_S, connect=CONNECT_S),
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=16),
            follow_redirects=False,
        )

    async def __aenter__(self) -> "Http":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        for client in (self._client, *self._retired):
            await client.aclose()

    def absolute(self, url: str) -> str:
        """An address as the server wrote it, made absolute."""
        return urljoin(self.endpoint.url + "/", url)

    async def relocate(self) -> None:
        """Look where the server is now; keeps the old place when it cannot be found."""
        if self._locate is None:
            return
        async with self._locating:
            found = await self._locate()
            if found != self.endpoint:
                # Others may still wait for an answer on the old connections.
                self._retired.append(self._client)
                self.endpoint, self._client = found, self._connect(found)

    async def _once(
        self,
        method: str,
        path: str,
        body: bytes | None,
        query: Mapping[str, str | list[str]],
        headers: Mapping[str, str],
        wait_s: float,
    ) -> Answer:
        sent_headers = dict(headers)
        if body is not None:
            sent_headers.setdefault("content-type", "application/json")
        try:
            response = await self._client.request(
                method,
                self.absolute(path),
                content=body,
                params=dict(query) or None,
                headers=sent_headers,
                timeout=httpx2.Timeout(ANSWER_S + wait_s, connect=CONNECT_S),
            )
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise _transport_error(self.endpoint.url, error) from error
        if response.status_code >= 400:
            problem = _problem(self.endpoint.url, response)
            raise _token_refused(self.endpoint, problem) or problem
        return Answer(response.status_code, response.headers, response.content)

    async def stream(self, path: str, query: Mapping[str, str], write: Callable[[bytes], object]) -> int:
        """Hand the answer to a GET, however large, to `write` in pieces, in a thread; returns its size in bytes.

        Raises ServerUnreachableError, what the server says, and what `write` raises.
        """
        size = 0
        timeout = httpx2.Timeout(ANSWER_S, connect=CONNECT_S)
        try:
            async with self._client.stream(
                "GET", self.absolute(path), params=dict(query), timeout=timeout
            ) as response:
                if response.status_code >= 400:
                    await response.aread()
                    raise _problem(self.endpoint.url, response)
                async for chunk in response.aiter_bytes(1 << 20):
                    await asyncio.to_thread(write, chunk)
                    size += len(chunk)
        except httpx2.HTTPError as error:
            raise _transport_error(self.endpoint.url, error) from error
        return size

    async def send(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        body: bytes | None = None,
        query: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        wait_s: float = 0.0,
        patience_s: float | None = None,
    ) -> Answer:
        """Send one request, again if that is safe and worth it.

        `wait_s` is how long the server was asked to hold the answer. Raises the exception of the problem's family,
        ServerUnreachableError and its kin, or BadAnswerError.
        """
        last = BaseException()

        def worth_it(error: BaseException) -> bool:
            nonlocal last
            last = error
            return (repeatable and _worth_repeating(error)) or _never_sent(error)

        attempts = AsyncRetrying(
            retry=retry_if_exception(worth_it),
            stop=stop_before_delay(self.patience_s if patience_s is None else patience_s),
            wait=_pause,
            reraise=True,
        )
        async for attempt in attempts:
            if isinstance(last, ServerUnreachableError):
                await self.relocate()
            with attempt:
                return await self._once(method, path, body, query or {}, headers or {}, wait_s)
        raise AssertionError("tenacity ends with an answer or an exception")
