"""Every error answer is a problem (RFC 9457): which status a code has, and how exceptions become problems."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from zerosec_server.api.messages import field_problems
from zerosec_server.language import worded
from zerosec_shared.errors import FieldProblem, Problem, ProblemCode
from zerosec_shared.texts import NO_TEXTS, Texts, say

__all__ = ["PROBLEM_JSON", "STATUS", "ApiError", "install", "problem_response", "problems"]

PROBLEM_JSON = "application/problem+json"

STATUS: Mapping[ProblemCode, int] = {
    ProblemCode.VALIDATION_ERROR: 422,
    ProblemCode.UNAUTHORIZED: 401,
    ProblemCode.FORBIDDEN: 403,
    ProblemCode.NOT_FOUND: 404,
    ProblemCode.METHOD_NOT_ALLOWED: 405,
    ProblemCode.CONFLICT: 409,
    ProblemCode.ALREADY_TERMINAL: 409,
    ProblemCode.FILE_MISSING: 409,
    ProblemCode.UPLOAD_INCOMPLETE: 409,
    ProblemCode.PROGRAM_MISSING: 409,
    ProblemCode.FILE_TOO_LARGE: 413,
    ProblemCode.INVALID_FILE_TYPE: 415,
    ProblemCode.CHECKSUM_MISMATCH: 422,
    ProblemCode.SIZE_MISMATCH: 422,
    ProblemCode.URL_EXPIRED: 403,
    ProblemCode.RATE_LIMITED: 429,
    ProblemCode.QUEUE_FULL: 503,
    ProblemCode.MODE_DISABLED: 403,
    ProblemCode.STORAGE_FULL: 507,
    ProblemCode.UNAVAILABLE: 503,
    ProblemCode.INTERNAL_ERROR: 500,
}
"""The HTTP status of each code an answer can carry; the codes of failed jobs are no answers and have none."""

_OF_STATUS = {
    400: ProblemCode.VALIDATION_ERROR,
    401: ProblemCode.UNAUTHORIZED,
    403: ProblemCode.FORBIDDEN,
    404: ProblemCode.NOT_FOUND,
    405: ProblemCode.METHOD_NOT_ALLOWED,
    409: ProblemCode.CONFLICT,
    413: ProblemCode.FILE_TOO_LARGE,
    415: ProblemCode.INVALID_FILE_TYPE,
    422: ProblemCode.VALIDATION_ERROR,
    429: ProblemCode.RATE_LIMITED,
    503: ProblemCode.UNAVAILABLE,
}
_TITLES = {
    ProblemCode.VALIDATION_ERROR: say("The request could not be read."),
    ProblemCode.NOT_FOUND: say("There is nothing at this address."),
    ProblemCode.METHOD_NOT_ALLOWED: say("This address does not take this method."),
    ProblemCode.FILE_TOO_LARGE: say("The request is too large."),
}

log = logging.getLogger("zerosec.api")


class ApiError(Exception):
    """A request that cannot be answered as asked, in words for the user.

    `title` says what happened, `detail` what it means for the user's data, `hint` what to do. The HTTP status follows from
    the code.
    """

    def __init__(
        self,
        code: ProblemCode,
        title: str,
        detail: str = "",
        hint: str = "",
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        texts: Texts = NO_TEXTS,
    ) -> None:
        super().__init__(f"{code}: {title}")
        self.code, self.title, self.detail, self.hint = code, title, detail, hint
        self.errors, self.headers, self.texts = tuple(errors), dict(headers or {}), texts

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.code]


def problem_response(error: ApiError, request_id: str) -> Response:
    """The answer that tells an error."""
    problem = worded(
        Problem(
            type=f"urn:zerosec:problem:{error.code.value}",
            title=error.title,
            status=error.status,
            detail=error.detail,
            code=error.code,
            hint=error.hint,
            request_id=request_id,
            timestamp=datetime.now(UTC),
            errors=error.errors,
        ),
        error.texts,
    )
    return Response(
        problem.model_dump_json(), status_code=error.status, headers=error.headers, media_type=PROBLEM_JSON
    )


def problems(*codes: ProblemCode) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: what it can answer besides what every route can (401, 403, 413, 422)."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code.value)
    return {
        status: {
            "description": "Problem: " + ", ".join(names),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, names in sorted(by_status.items())
    }


def _of_database(error: OperationalError) -> ApiError:
    if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_FULL":
        return ApiError(
            ProblemCode.STORAGE_FULL,
            "The server's disk is full.",
            "This request changed nothing; what is stored already is safe.",
            "Free some space (old runs can be cleaned), then try again.",
        )
    return ApiError(
        ProblemCode.UNAVAILABLE,
        "The server's database does not answer at the moment.",
        "This request changed nothing.",
        "Try again in a moment.",
        headers={"Retry-After": "2"},
    )


def install(app: FastAPI) -> None:
    """Answer every exception a route raises with a problem; what nobody foresaw is left to the gate."""

    async def api_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ApiError)
        if error.status >= 500:
            log.warning("request %s: %s", request.state.request_id, error)
        return problem_response(error, request.state.request_id)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found = field_problems(error.errors(), drop_first=("body",))
        first = found[0] if found else None
        where = ".".join(str(part) for part in first.path) if first else ""
        return problem_response(
            ApiError(
                ProblemCode.VALIDATION_ERROR,
                "The request has mistakes.",
                say("{name}: {problem}", name=where, problem=first.message)
                if first and where
                else (first.message if first else ""),
                "Correct the fields named here and send it again; nothing was stored.",
                errors=found,
            ),
            request.state.request_id,
        )

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = _OF_STATUS.get(error.status_code, ProblemCode.VALIDATION_ERROR)
        return problem_response(
            ApiError(
                code,
                _TITLES.get(code, say("The request was refused.")),
                str(error.detail),
                headers=error.headers,
            ),
            request.state.request_id,
        )

    async def database_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, OperationalError)
        log.error("request %s: the database: %s", request.state.request_id, error.orig)
        return problem_response(_of_database(error), request.state.request_id)

    app.add_exception_handler(ApiError, api_error)
    app.add_exception_handler(OperationalError, database_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http_error)
