"""What a server must have before it takes anybody in: its folder to itself, a port to listen on, and a secret for callers to show."""

import fcntl
import ipaddress
import logging
import os
import re
import secrets
import socket
from contextlib import suppress
from pathlib import Path

from zerosec_server.settings import Deployment, Settings

__all__ = ["FolderTakenError", "ServerStartError", "listen", "lock_folder", "make_token"]

log = logging.getLogger("zerosec.parent")

BACKLOG = 2048
TOKEN = re.compile(rb"[A-Za-z0-9._~+/=-]{16,1000}\s*")


class ServerStartError(Exception):
    """The server cannot start; the message says why, for whoever started it."""


class FolderTakenError(ServerStartError):
    """Another server holds the data folder: one that serves, is still starting, or has not ended yet."""


def lock_folder(path: Path) -> int:
    """Hold the data folder; a lock of this process alone, which no child inherits and no crash leaves behind."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        os.close(descriptor)
        raise FolderTakenError(f"Another server uses {path.parent} already.") from taken
    return descriptor


def listen(settings: Settings) -> socket.socket:
    """The socket that callers reach. Raises ServerStartError."""
    try:
        address = ipaddress.ip_address(settings.host)
    except ValueError as wrong:
        raise ServerStartError(f"{settings.host} is not an IP address to listen on.") from wrong
    if settings.deployment is Deployment.EMBEDDED and not address.is_loopback:
        raise ServerStartError(
            f"The embedded server listens on this computer only, not on {settings.host}. Set ZEROSEC_DEPLOYMENT=server to serve others."
        )
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # Without the protocol named, asyncio does not set TCP_NODELAY, and every keep-alive request costs 44 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.host, settings.port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise ServerStartError(
            f"Port {settings.port} of {settings.host} cannot be used: {os.strerror(error.errno or 0)}."
        ) from error
    return listening


def make_token(path: Path) -> None:
    """The secret callers show: made once, readable by this user alone.

    One that is no token any more (emptied, overwritten) is replaced: with an empty one everybody could come in.
    """
    try:
        if TOKEN.fullmatch(path.read_bytes()):
            return
        log.warning("%s holds no token: a new one is made", path)
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ServerStartError(f"The token in {path} cannot be used: {error.strerror or error}.") from error
    with suppress(FileExistsError):
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(draft, path)  # fails where there is one; never half written
        finally:
            draft.unlink()
