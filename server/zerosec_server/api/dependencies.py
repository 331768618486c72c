"""What handlers ask for: the services, who is calling, and how long the caller would wait."""

import re
from typing import Annotated

from fastapi import Depends, Header
from starlette.requests import HTTPConnection

from zerosec_server.services import Services

__all__ = ["LOCAL_OWNER", "Owner", "ServicesOf", "Wait", "owner", "preferred_wait", "services"]

LOCAL_OWNER = "local"
"""The one user of an embedded server."""

_WAIT = re.compile(r'(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?=$|[,;])', re.IGNORECASE)


def services(connection: HTTPConnection) -> Services:
    """The services of this process."""
    found = connection.app.state.services
    assert isinstance(found, Services)
    return found


def owner(connection: HTTPConnection) -> str:
    """Who is calling, as the gate found out."""
    name = connection.state.owner
    assert isinstance(name, str)
    return name


def preferred_wait(prefer: str | None, longest_s: float) -> float:
    """Seconds to wait by a `Prefer: wait=N` header (RFC 7240, section 4.3), 0 without one, never more than `longest_s`."""
    match = _WAIT.search(prefer or "")
    return min(float(match[1]), longest_s) if match else 0.0


# FastAPI sends every dependency that is no coroutine to a thread, at 0.3 ms each: so these are coroutines.


async def _services(connection: HTTPConnection) -> Services:
    return services(connection)


async def _owner(connection: HTTPConnection) -> str:
    return owner(connection)


async def _wait(
    connection: HTTPConnection,
    prefer: Annotated[
        str | None,
        Header(description="`wait=N`: answer when there is something new, at the latest after N seconds."),
    ] = None,
) -> float:
    return preferred_wait(prefer, services(connection).settings.max_wait_s)


ServicesOf = Annotated[Services, Depends(_services)]
Owner = Annotated[str, Depends(_owner)]
Wait = Annotated[float, Depends(_wait)]
"""Seconds the caller would wait."""
