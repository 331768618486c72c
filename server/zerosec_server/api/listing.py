"""What all lists share: pages, filters, and the refusal of a misspelt filter instead of a list of everything."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from zerosec_server.api.answers import JsonResponse
from zerosec_server.api.errors import ApiError
from zerosec_server.api.messages import and_then, nearest, readable
from zerosec_server.database.listing import BadCursorError, Filters
from zerosec_server.services import Services
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.runs import JobStatus
from zerosec_shared.texts import say

__all__ = ["Cursor", "Limit", "filters_of", "listed"]

PARAMETER = "param."
MOST_PARAMETERS = 20

Cursor = Annotated[
    str | None, Query(max_length=200, description="`next_cursor` of the page before; the first page without.")
]
Limit = Annotated[int, Query(ge=1, le=500, description="Most items on a page.")]


def filters_of(
    request: Request,
    *,
    status: Sequence[JobStatus],
    analysis: Sequence[str],
    owner: Sequence[str],
    text: str | None,
    run: UUID | None = None,
    project: UUID | None = None,
) -> Filters:
    """The filters of a request. Raises ApiError for a name that is no filter, and for NUL characters."""
    known = {parameter.alias for parameter in request.scope["route"].dependant.query_params}
    parameters: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if "\x00" in value or "\x00" in name:
            raise _refused(name, "Text may not hold NUL characters.")
        if name.startswith(PARAMETER) and len(name) > len(PARAMETER):
            parameters.setdefault(name.removeprefix(PARAMETER), []).append(value)
        elif name not in known:
            raise _refused(name, and_then(say("There is no filter of this name."), nearest(name, known)))
    if sum(map(len, parameters.values())) > MOST_PARAMETERS:
        raise _refused(
            "param", say("At most {most} parameters can be asked for at once.", most=MOST_PARAMETERS)
        )
    return Filters(
        status=status,
        analysis=analysis,
        owner=owner,
        text=text,
        run=run,
        project=project,
        parameters=parameters,
    )


def _refused(name: str, sentence: str) -> ApiError:
    path = ("query", readable(name))
    return ApiError(
        ProblemCode.VALIDATION_ERROR,
        "The list cannot be filtered so.",
        say("{name}: {problem}", name=path[1], problem=sentence),
        errors=[FieldProblem(path=path, message=sentence, code="bad_filter")],
    )


async def listed(services: Services, read: Callable[[Connection], BaseModel]) -> Response:
    """A page as the answer; written as JSON off the event loop. Raises ApiError for a cursor of somebody's own making."""

    def page(c: Connection) -> Any:
        return read(c).model_dump_json()

    try:
        return JsonResponse(await services.database.aread(page))
    except BadCursorError:
        raise _refused("cursor", "This is no cursor of this list: begin without one.") from None
