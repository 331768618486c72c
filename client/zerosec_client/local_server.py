"""The bundled server of this computer: found if it runs, started if it does not, left running when we go.

It guards against two programs starting it at once (a lock, and the server's own), a `server.json` left by a dead server
(the process and its answer are what counts), and a server of another version. Everything here blocks: call it from a thread.
"""

import http.client
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from pydantic import ValidationError

from zerosec_client.errors import LocalFileError, ServerNotStartedError, VersionMismatchError
from zerosec_client.server_process import StartedServer, start_process, started_ahead
from zerosec_shared.causes import cause
from zerosec_shared.system import FOLDER_TAKEN, Health, ReadyLine
from zerosec_shared.texts import say

__all__ = ["LocalServer", "client_version", "ensure", "find", "stop"]

START_S = 60.0
ANSWER_S = 2.0
BUSY_S = 10.0
LOOK_AGAIN_S = 0.02
TRY_AGAIN_S = 0.2
LEAST_FREE_BYTES = 4 * 1024**2
_started: list[subprocess.Popen[bytes]] = []
"""Servers this process started: kept, so that each is waited for when it ends."""


@dataclass(frozen=True)
class LocalServer:
    """A bundled server that runs and answers."""

    url: str
    pid: int
    version: str
    token: str = field(repr=False)


def client_version() -> str:
    """The version of this client."""
    return metadata.version("zerosec-client")


def _reap() -> None:
    for process in list(_started):
        if process.poll() is not None:
            _started.remove(process)


def _alive(pid: int) -> bool:
    _reap()
    if os.name == "nt":  # signal 0 would end the process there; its answer decides alone
        return True
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError, OverflowError):
        return False
    try:
        # Ended, and not yet taken note of by its parent: so it stays where the first process of a container is no init.
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


def _health(url: str) -> Health | None:
    """The server's word; None where nothing listens or something else answers; TimeoutError where it is silent."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_S)
    try:
        connection.request("GET", "/api/v1/health")
        return Health.model_validate_json(connection.getresponse().read(64 * 1024))
    except TimeoutError:
        raise
    except (OSError, http.client.HTTPException, ValidationError):
        return None
    finally:
        connection.close()


def _ready_line(data_dir: Path) -> ReadyLine | None:
    try:
        return ReadyLine.model_validate_json((data_dir / "server.json").read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LocalFileError(
            say(
                "The folder of the bundled server ({data_dir}) cannot be read: {cause}.",
                data_dir=data_dir,
                cause=cause(error),
            )
        ) from error
    except ValidationError:
        return None


def find(data_dir: Path) -> LocalServer | None:
    """The bundled server of this folder, if it runs. Raises ServerNotStartedError where it lives and does not answer."""
    deadline = time.monotonic() + BUSY_S
    while (ready := _ready_line(data_dir)) is not None and _alive(ready.pid):
        try:
            health = _health(ready.url)
        except TimeoutError as error:
            if time.monotonic() > deadline:
                raise ServerNotStartedError(
                    "The bundled server runs but does not answer.",
                    say("Its process is {pid}.", pid=ready.pid),
                    "Wait a little, or end it with “zerosec server stop”.",
                ) from error
            continue
        if health is None:
            return None
        try:
            token = Path(ready.token_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ServerNotStartedError(
                "The bundled server runs, but its token cannot be read.",
                say("It should stand in {token_file}.", token_file=ready.token_file),
                "End the server with “zerosec server stop”; the next one makes a new token. Queued jobs stay queued.",
            ) from error
        return LocalServer(ready.url.rstrip("/"), ready.pid, health.version, token)
    return None


def _same_series(server: str, client: str) -> bool:
    return server.split(".")[:2] == client.split(".")[:2]


def _checked(server: LocalServer) -> LocalServer:
    own = client_version()
    if not _same_series(server.version, own):
        raise VersionMismatchError(
            say(
                "The bundled server that runs is of version {version}, this program of {own}.",
                version=server.version,
                own=own,
            ),
            "They may not understand each other.",
            "End it with “zerosec server stop”; the right one starts by itself. Queued jobs stay queued.",
        )
    return server


def ensure(data_dir: Path) -> LocalServer:
    """The bundled server, started if need be.

    Raises ServerNotStartedError, VersionMismatchError, or LocalFileError where the folder cannot be written.
    """
    found = find(data_dir)
    if found is None:
        try:
            data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(data_dir / "start.lock", timeout=START_S, poll_interval=LOOK_AGAIN_S):
                found = find(data_dir) or _start(data_dir)
        except Timeout as error:
            raise ServerNotStartedError(
                "Another program has been starting the bundled server for a minute.", hint="Try again."
            ) from error
        except OSError as error:
            raise LocalFileError(
                say(
                    "The bundled server cannot keep its data in {data_dir}: {cause}.",
                    data_dir=data_dir,
                    cause=cause(error),
                ),
                hint="Make the folder writable, or set ZEROSEC_DATA_DIR to another one.",
            ) from error
    return _checked(found)


def _start(data_dir: Path) -> LocalServer:
    started = started_ahead(data_dir)
    if started is not None:
        _started.append(started.process)
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        found = find(data_dir)
        if found is not None:
            return found
        if started is None:
            started = _process(data_dir)
        ended = started.process.poll()
        if ended == FOLDER_TAKEN:
            # Another server is starting, and whoever started it may be gone, or has not ended yet: soon it serves or is no more.
            started = None
        elif ended is not None:
            raise ServerNotStartedError(
                "The bundled server ended while it was starting.",
                _last_lines(started) or _full(data_dir),
                say("Its whole log is {log}.", log=started.log),
            )
        time.sleep(LOOK_AGAIN_S if started else TRY_AGAIN_S)
    raise ServerNotStartedError(
        say("The bundled server was not ready within {start_s:.0f} s.", start_s=START_S),
        _last_lines(started) if started else "",
        say("Its whole log is {log}.", log=data_dir / "server.log"),
    )


def _process(data_dir: Path) -> StartedServer:
    try:
        started = start_process(data_dir)
    except OSError as error:
        raise ServerNotStartedError(
            say("The bundled server could not be started: {cause}.", cause=cause(error))
        ) from error
    _started.append(started.process)
    return started


def _last_lines(started: StartedServer) -> str:
    with started.log.open("rb") as file:
        file.seek(max(started.began_at, file.seek(0, os.SEEK_END) - 2000))
        lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    return " / ".join(lines[-3:])


def _full(data_dir: Path) -> str:
    """A full disk takes no log line either: then this says it."""
    free = shutil.disk_usage(data_dir).free
    return (
        "" if free >= LEAST_FREE_BYTES else f"The disk of {data_dir} is full: {free / 1e6:.1f} MB are free."
    )


def stop(data_dir: Path, timeout_s: float = 60.0) -> bool:
    """Ask the bundled server to end and wait until it has; False if none ran. Queued jobs stay queued."""
    ready = _ready_line(data_dir)
    if ready is None or not _alive(ready.pid):
        return False
    try:
        if _health(ready.url) is None:
            return False
    except TimeoutError:
        pass  # it lives and is silent: all the more reason
    os.kill(ready.pid, signal.SIGTERM)
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if not _alive(ready.pid):
            return True
        time.sleep(LOOK_AGAIN_S)
    raise ServerNotStartedError(
        say(
            "The bundled server (process {pid}) did not end within {timeout_s:.0f} s.",
            pid=ready.pid,
            timeout_s=timeout_s,
        )
    )
