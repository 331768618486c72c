"""Answers: contract models written as JSON once, without a second validation."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse

from zerosec_server.api import routers
from zerosec_server.api.errors import ApiError
from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import ours, say

__all__ = ["ByteRange", "JsonResponse", "answer", "answer_list", "byte_range", "joined", "missing", "router"]

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class JsonResponse(JSONResponse):
    """JSON that is written already."""

    def render(self, content: str) -> bytes:
        """As it stands."""
        return content.encode("utf-8")


def router(tag: str) -> APIRouter:
    """A router of one resource, whose handlers answer with JSON that is written already."""
    return routers.router(tag, answers=JsonResponse)


def answer(model: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> JsonResponse:
    """A model as the answer."""
    return JsonResponse(model.model_dump_json(), status_code=status, headers=dict(headers or {}))


def answer_list(models: Iterable[BaseModel]) -> JsonResponse:
    """Models as a JSON list."""
    return JsonResponse("[" + ",".join(model.model_dump_json() for model in models) + "]")


def joined(model: BaseModel, **raw_json: str) -> str:
    """A model as JSON, with some of its fields taken from JSON that is stored already."""
    text = model.model_dump_json(exclude=set(raw_json))
    more = ",".join(f'"{name}":{value}' for name, value in raw_json.items())
    return f"{text[:-1]},{more}}}"


KINDS = {
    "analysis": say("analysis"),
    "backup": say("backup"),
    "experiment": say("experiment"),
    "file": say("file"),
    "filter": say("filter"),
    "import": say("import"),
    "job": say("job"),
    "log": say("log"),
    "prediction": say("prediction"),
    "project": say("project"),
    "reference": say("reference"),
    "run": say("run"),
    "step": say("step"),
}


def missing(kind: str, **details: Any) -> ApiError:
    """Nothing of this kind and id, as far as this caller may know."""
    which = ", ".join(f"{name} {value}" for name, value in details.items())
    return ApiError(
        ProblemCode.NOT_FOUND,
        say("There is no such {kind}.", kind=KINDS.get(kind, ours(kind))),
        say("Asked for: {which}.", which=which) if which else "",
    )


class ByteRange:
    """The bytes asked for of something `size_bytes` long: all, or one range (RFC 9110, section 14)."""

    def __init__(self, size_bytes: int, start: int, length: int, *, partial: bool) -> None:
        self.size_bytes, self.start, self.length, self.partial = size_bytes, start, length, partial

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says about it."""
        found = {"Accept-Ranges": "bytes", "Content-Length": str(self.length)}
        if self.partial:
            last = self.start + self.length - 1
            found["Content-Range"] = f"bytes {self.start}-{last}/{self.size_bytes}"
        return found


def byte_range(header: str | None, size_bytes: int) -> ByteRange | None:
    """Read a Range header; None if it asks for nothing that is there. What is no single byte range is ignored."""
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if (
        match is None
        or not (match[1] or match[2])
        or (match[1] and match[2] and int(match[2]) < int(match[1]))
    ):
        return ByteRange(size_bytes, 0, size_bytes, partial=False)
    if match[1]:
        start, last = int(match[1]), min(int(match[2] or size_bytes), size_bytes - 1)
    else:
        start, last = max(0, size_bytes - int(match[2])), size_bytes - 1
    if start > last:
        return None
    return ByteRange(size_bytes, start, last - start + 1, partial=True)
