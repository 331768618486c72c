"""Registered references: list, register, look at, take from the list."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection
from starlette.responses import Response

from zerosec_analyses.prepared_references import prepared_bytes
from zerosec_server.api.answers import answer, answer_list, missing, router
from zerosec_server.api.dependencies import Owner, ServicesOf
from zerosec_server.api.errors import ApiError, problems
from zerosec_server.api.removed_references import remove_what_was_made
from zerosec_server.api.submitting import write_submission
from zerosec_server.database.references import (
    NameTakenError,
    NotYoursError,
    add_reference,
    find_reference,
    forget_reference,
    list_references,
)
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import ReferenceName
from zerosec_shared.references import Reference, ReferenceCreate, ReferenceRemoved
from zerosec_shared.texts import say

__all__ = ["references"]

references = router("references")

NOT_FOUND = problems(ProblemCode.NOT_FOUND)


@references.get("/references", responses={200: {"model": list[Reference]}})
async def get_references(services: ServicesOf, _owner: Owner) -> Response:
    """All registered references, by kind and name: whoever uses this server may name them in runs."""
    known = await services.database.aread(list_references)
    return answer_list(await asyncio.to_thread(_with_prepared, services.settings.cache_dir, known))


@references.post(
    "/references",
    status_code=201,
    responses={
        200: {"model": Reference, "description": "It was registered just so before."},
        201: {"model": Reference},
        **problems(ProblemCode.CONFLICT, ProblemCode.FILE_MISSING),
    },
)
async def register_one(services: ServicesOf, owner: Owner, body: ReferenceCreate) -> Response:
    """Register a stored file under a name, with its genome build. Idempotent; another file under a name that is taken is refused."""

    def write(c: Connection) -> tuple[bool, Reference]:
        made = add_reference(c, owner, body)
        reference = find_reference(c, body.name)
        assert reference is not None
        return made, reference

    try:
        made, reference = await write_submission(services, write)
    except NameTakenError:
        raise ApiError(
            ProblemCode.CONFLICT,
            say("Another reference is registered as “{name}”.", name=body.name),
            "It stays as it is: runs name it.",
            "Choose another name, or take the other one from the list first.",
        ) from None
    return answer(reference, 201 if made else 200, {"Location": f"/api/v1/references/{reference.name}"})


@references.get("/references/{name}", responses={200: {"model": Reference}, **NOT_FOUND})
async def get_reference(services: ServicesOf, _owner: Owner, name: ReferenceName) -> Response:
    """A registered reference."""
    reference = await services.database.aread(lambda c: find_reference(c, name))
    if reference is None:
        raise missing("reference", name=name)
    told = await asyncio.to_thread(_with_prepared, services.settings.cache_dir, [reference])
    return answer(told[0])


@references.delete(
    "/references/{name}",
    responses={200: {"model": ReferenceRemoved}, **NOT_FOUND, **problems(ProblemCode.FORBIDDEN)},
)
async def remove_reference(services: ServicesOf, owner: Owner, name: ReferenceName) -> Response:
    """Take a reference from the list, and remove what was made of it: at once, or when the jobs that need it have ended. Runs that name
    it keep its file and can be repeated; what they need is made again.
    """
    try:
        gone = await services.database.awrite(lambda c: forget_reference(c, owner, name))
    except NotYoursError:
        raise ApiError(
            ProblemCode.FORBIDDEN,
            say("Somebody else has registered “{name}”.", name=name),
            "Only who has registered a reference can take it from the list.",
        ) from None
    if gone is None:
        raise missing("reference", name=name)
    if gone.shared:
        return answer(ReferenceRemoved(freed_bytes=0, kept=True))
    freed = await remove_what_was_made(services, gone.sha256)
    return answer(
        ReferenceRemoved(freed_bytes=freed.size_bytes, kept=freed.in_use, goes_by_itself=freed.in_use)
    )


def _with_prepared(cache: Path, known: list[Reference]) -> list[Reference]:
    """With the sizes of what was made of them."""
    sizes = prepared_bytes(cache)
    return [each.model_copy(update={"prepared_bytes": sizes.get(each.sha256, 0)}) for each in known]
