"""Routers, each of one resource: a route is made once, with all that the app as a whole gives to its routes.

FastAPI makes every route of a router a second time when the router is included, and asks each included router at every request;
so paths are whole from the beginning, and the app takes the routes as they are.
"""

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.responses import Response

__all__ = ["PREFIX", "operation_id", "router"]

PREFIX = "/api/v1"


def operation_id(route: APIRoute) -> str:
    """The function's name: stable and readable."""
    return route.name


def router(tag: str, below: str = "", answers: type[Response] = JSONResponse) -> APIRouter:
    """A router of one resource, whose paths are below `/api/v1` and `below`."""
    return APIRouter(
        prefix=PREFIX + below,
        tags=[tag],
        default_response_class=answers,
        generate_unique_id_function=operation_id,
    )
