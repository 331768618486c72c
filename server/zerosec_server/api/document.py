"""The OpenAPI document: what FastAPI derives from the routes, with problems and the token declared everywhere they apply."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from zerosec_server.api.errors import problems
from zerosec_shared.errors import Problem, ProblemCode

__all__ = ["describe"]

ANYWHERE = problems(ProblemCode.UNAUTHORIZED, ProblemCode.FORBIDDEN, ProblemCode.UNAVAILABLE)
WRITING = problems(ProblemCode.STORAGE_FULL)
WITH_INPUT = problems(ProblemCode.VALIDATION_ERROR)
WITH_BODY = problems(ProblemCode.FILE_TOO_LARGE)
PATHS_WITHOUT_TOKEN = ("/health", "/ready", "/blobs/")


def describe(app: FastAPI, prefix: str) -> dict[str, Any]:
    """The document."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    _, problem = models_json_schema([(Problem, "validation")], ref_template="#/components/schemas/{model}")
    schemas.update(problem["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, operations in document["paths"].items():
        tokenless = path.removeprefix(prefix).startswith(PATHS_WITHOUT_TOKEN)
        for method, operation in operations.items():
            _complete(operation, tokenless=tokenless, writes=method != "get")
    return document


def _complete(operation: dict[str, Any], *, tokenless: bool, writes: bool) -> None:
    everywhere = dict(ANYWHERE)
    if tokenless:
        everywhere.pop(401)
    else:
        operation["security"] = [{"token": []}]
    if writes:
        everywhere |= WRITING
    if "requestBody" in operation:
        everywhere |= WITH_BODY
    if "requestBody" in operation or operation.get("parameters"):
        everywhere |= WITH_INPUT
    responses = operation["responses"]
    # FastAPI's own shape of a validation error is never sent.
    if "HTTPValidationError" in str(responses.get("422", "")):
        del responses["422"]
    for status, described in everywhere.items():
        responses.setdefault(str(status), described)
