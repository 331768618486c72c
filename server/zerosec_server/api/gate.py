"""The gate before every request: who may come in, how much they may bring, and that whatever happens is answered.

Guards against a web page in the user's browser that talks to the server on this machine (by its own origin, or by a name that
it points here: DNS rebinding), against callers without the token, against bodies that fill memory, and against an error that
would show its insides.
"""

import hmac
import logging
import re
import time
from collections.abc import Iterable
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zerosec_server.api.dependencies import LOCAL_OWNER
from zerosec_server.api.errors import ApiError, problem_response
from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import say

__all__ = ["Activity", "Gate"]

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY_VIOLATION = 1008

log = logging.getLogger("zerosec.api")


class Activity:
    """When somebody last called, and how many calls are open: what the embedded server's idle stop is decided by."""

    def __init__(self) -> None:
        self.open_calls = 0
        self.last_call = time.monotonic()

    def idle_s(self) -> float:
        """Seconds without a caller; 0 while one is served."""
        return 0.0 if self.open_calls else time.monotonic() - self.last_call


class Gate:
    """ASGI middleware. `open_paths` need no token and have no limit on their bodies: they check for themselves."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str,
        loopback_only: bool,
        body_limit_bytes: int,
        health_paths: Iterable[str],
        signed_prefix: str,
        activity: Activity,
    ) -> None:
        self._app = app
        self._token = token.encode()
        self._loopback_only = loopback_only
        self._body_limit_bytes = body_limit_bytes
        self._health_paths = frozenset(health_paths)
        self._signed_prefix = signed_prefix
        self._activity = activity

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        asked_id = headers.get("x-request-id", "")
        request_id = asked_id if REQUEST_ID.fullmatch(asked_id) else uuid4().hex
        scope.setdefault("state", {}).update(request_id=request_id, owner=LOCAL_OWNER)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(refusal, request_id, scope, receive, send)
            return
        # A probe of a monitor's is no caller: it must not keep an idle server alive.
        counted = scope["path"] not in self._health_paths
        self._activity.open_calls += counted
        try:
            if scope["type"] == "http":
                await self._serve(scope, receive, send, request_id)
            else:
                await self._app(scope, receive, send)
        finally:
            self._activity.open_calls -= counted
            if counted:
                self._activity.last_call = time.monotonic()

    def _refusal(self, scope: Scope, headers: Headers) -> ApiError | None:
        path: str = scope["path"]
        host = headers.get("host", "")
        if self._loopback_only and _without_port(host) not in LOOPBACK_HOSTS:
            return ApiError(
                ProblemCode.FORBIDDEN,
                "This server answers to this computer's own names only.",
                hint="Use http://127.0.0.1 and the server's port.",
            )
        origin = headers.get("origin")
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"} or (
            origin is not None and origin.split("://")[-1].lower() != host.lower()
        ):
            return ApiError(ProblemCode.FORBIDDEN, "Web pages of other origins may not call this server.")
        if path in self._health_paths:
            return None
        if not path.startswith(self._signed_prefix):
            if not self._knows_token(headers.get("authorization", "")):
                return ApiError(
                    ProblemCode.UNAUTHORIZED,
                    "This server needs its token.",
                    hint="Send the header “Authorization: Bearer …” with the token that was made for you.",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            length = headers.get("content-length", "0")
            if length.isdecimal() and (len(length) > 18 or int(length) > self._body_limit_bytes):
                return self._too_large()
        return None

    def _knows_token(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        return hmac.compare_digest(given.strip().encode(), self._token) and scheme.lower() == "bearer"

    def _too_large(self) -> ApiError:
        return ApiError(
            ProblemCode.FILE_TOO_LARGE,
            "The request is too large.",
            say("A request may have {bytes} bytes; nothing was stored.", bytes=self._body_limit_bytes),
            "Upload data as files and name them as inputs.",
        )

    async def _serve(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        received_bytes = 0
        started = False
        signed = scope["path"].startswith(self._signed_prefix)

        async def bounded() -> Message:
            nonlocal received_bytes
            message = await receive()
            if message["type"] == "http.request":
                received_bytes += len(message.get("body", b""))
                if received_bytes > self._body_limit_bytes:
                    raise HTTPException(413, "A request may have at most this size; nothing was stored.")
            return message

        async def marked(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                answer = MutableHeaders(scope=message)
                answer["X-Request-ID"] = request_id
                answer["X-Content-Type-Options"] = "nosniff"
            await send(message)

        try:
            await self._app(scope, receive if signed else bounded, marked)
        except Exception:
            log.exception("request %s: %s %s failed", request_id, scope["method"], scope["path"])
            if started:
                raise
            failure = ApiError(
                ProblemCode.INTERNAL_ERROR,
                "The server made a mistake.",
                "Nothing you stored is lost. The server's log holds the cause, under this request's id.",
                "Try again; if it happens again, report it with the id of this request.",
            )
            await problem_response(failure, request_id)(scope, receive, marked)


def _without_port(host: str) -> str:
    name, _, port = host.rpartition(":")
    return (name if name and port.isdecimal() else host).lower()


async def _refuse(error: ApiError, request_id: str, scope: Scope, receive: Receive, send: Send) -> None:
    response = problem_response(error, request_id)
    response.headers["X-Request-ID"] = request_id
    if scope["type"] == "http":
        await response(scope, receive, send)
        return
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": error.title})
        return
    await send(
        {
            "type": "websocket.http.response.start",
            "status": response.status_code,
            "headers": response.raw_headers,
        }
    )
    await send({"type": "websocket.http.response.body", "body": bytes(response.body)})
