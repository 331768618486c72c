"""Targets: the servers this user can send work to, their health, and how to open one. "This computer" is the bundled one.

Names and addresses are kept in `targets.json`, tokens apart from them in `tokens.json` (mode 0600) or in the environment,
never in an argument.
"""

import asyncio
import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from filelock import FileLock
from pydantic import BaseModel, Field, ValidationError

from zerosec_client import local_server
from zerosec_client.api import Api
from zerosec_client.certificates import trusted
from zerosec_client.errors import ClientError, LocalFileError, UnknownTargetError, UsageError
from zerosec_client.http import Endpoint, Http
from zerosec_client.paths import client_dir, server_data_dir
from zerosec_client.settings import setting
from zerosec_shared.causes import cause
from zerosec_shared.texts import say, translated

__all__ = ["THIS_COMPUTER", "Target", "TargetHealth", "Targets", "check", "open_target"]

THIS_COMPUTER = "this-computer"
ENVIRONMENT = "environment"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
T = TypeVar("T")


@dataclass(frozen=True)
class Target:
    """A server by name. No address: the bundled one."""

    name: str
    url: str | None = None

    @property
    def title(self) -> str:
        """The name a person reads."""
        return "This computer" if self.url is None else self.name


@dataclass(frozen=True)
class TargetHealth:
    """How a target is. `problem` is a sentence where it cannot be used."""

    reachable: bool
    version: str = ""
    answer_ms: float | None = None
    problem: str = ""


class _Known(BaseModel):
    default: str = THIS_COMPUTER
    targets: dict[str, str] = Field(default_factory=dict, description="Name to address.")
    ca_files: dict[str, str] = Field(default_factory=dict, description="Name to certificates to trust.")


def _write_private(path: Path, text: str) -> None:
    """Replace a file at one blow; only this user may read it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Targets:
    """The known targets, in a folder. Changes by several programs at once are kept apart by a lock."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or client_dir()

    def _read(self) -> _Known:
        path = self.folder / "targets.json"
        try:
            return _Known.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return _Known()
        except (OSError, ValidationError) as error:
            raise LocalFileError(
                say("The list of targets ({path}) cannot be read.", path=path), hint="Repair or delete it."
            ) from error

    def _tokens(self) -> dict[str, str]:
        path = self.folder / "tokens.json"
        try:
            read = json.loads(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise LocalFileError(
                say("The file of tokens ({path}) cannot be read.", path=path), hint="Repair or delete it."
            ) from error
        return {str(name): str(token) for name, token in read.items()} if isinstance(read, dict) else {}

    def _change(self, change: Callable[[_Known, dict[str, str]], T]) -> T:
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(self.folder / "targets.lock", timeout=10):
                known, tokens = self._read(), self._tokens()
                result = change(known, tokens)
                _write_private(self.folder / "tokens.json", json.dumps(tokens, indent=1))
                _write_private(self.folder / "targets.json", known.model_dump_json(indent=1))
        except OSError as error:
            raise LocalFileError(
                say(
                    "The list of targets in {folder} cannot be written: {cause}.",
                    folder=self.folder,
                    cause=cause(error),
                )
            ) from error
        return result

    def all(self) -> list[Target]:
        """This computer first, then the others by name."""
        named = [Target(name, url) for name, url in sorted(self._read().targets.items())]
        url = setting("ZEROSEC_URL")
        return [Target(THIS_COMPUTER), *named, *([Target(ENVIRONMENT, url.rstrip("/"))] if url else [])]

    def default(self) -> Target:
        """ZEROSEC_URL's server if it is set, else the chosen one, else this computer."""
        return self.get(ENVIRONMENT if setting("ZEROSEC_URL") else self._read().default)

    def get(self, name: str | None) -> Target:
        """The target of this name, the default one for None; UnknownTargetError names those there are."""
        if name is None:
            return self.default()
        known = self.all()
        for target in known:
            if target.name == name:
                return target
        raise UnknownTargetError(
            say("There is no target called “{name}”.", name=name),
            say("Known are: {listed}.", listed=", ".join(target.name for target in known)),
            "Add one with “zerosec targets add NAME URL”.",
        )

    def add(self, name: str, url: str, token: str | None, ca_file: Path | None = None) -> Target:
        """Remember a server; replaces one of the same name. UsageError for a name or address that cannot be.

        `ca_file`: certificates to trust for it beside the usual ones; LocalFileError if they cannot be used.
        """
        address = urlsplit(url)
        if not NAME.fullmatch(name) or name in {THIS_COMPUTER, ENVIRONMENT}:
            raise UsageError(
                say("“{name}” cannot be the name of a target.", name=name),
                hint="Use small letters, digits, - and _; “this-computer” and “environment” are taken.",
            )
        if address.scheme not in {"http", "https"} or not address.hostname or address.username:
            raise UsageError(
                say("“{url}” is not the address of a server.", url=url),
                hint="Write it like https://host:port.",
            )

        certificates = None if ca_file is None else str(ca_file.expanduser().absolute())
        if certificates is not None:
            trusted(certificates)

        def change(known: _Known, tokens: dict[str, str]) -> Target:
            known.targets[name] = url.rstrip("/")
            known.ca_files.pop(name, None)
            if certificates is not None:
                known.ca_files[name] = certificates
            if token:
                tokens[name] = token
            else:
                tokens.pop(name, None)
            return Target(name, known.targets[name])

        return self._change(change)

    def remove(self, name: str) -> None:
        """Forget a server and its token."""
        self._removable(name)

        def change(known: _Known, tokens: dict[str, str]) -> None:
            known.targets.pop(name, None)
            known.ca_files.pop(name, None)
            tokens.pop(name, None)
            if known.default == name:
                known.default = THIS_COMPUTER

        self._change(change)

    def _removable(self, name: str) -> None:
        if self.get(name).url is None or name == ENVIRONMENT:
            raise UsageError(say("“{name}” cannot be removed.", name=name))

    def use(self, name: str) -> Target:
        """Make this the target of everything that names none."""
        target = self.get(name)

        def change(known: _Known, _tokens: dict[str, str]) -> Target:
            known.default = target.name
            return target

        return self._change(change)

    def token(self, target: Target) -> str | None:
        """The token: of the environment (ZEROSEC_TOKEN_NAME, or ZEROSEC_TOKEN with ZEROSEC_URL), else of the file."""
        variable = "ZEROSEC_TOKEN"
        if target.name != ENVIRONMENT:
            variable += "_" + re.sub(r"[^A-Z0-9]", "_", target.name.upper())
        return setting(variable) or self._tokens().get(target.name)

    def ca_file(self, target: Target) -> str | None:
        """Certificates to trust for a target beside the usual ones: its own, else those of ZEROSEC_CA_FILE."""
        return self._read().ca_files.get(target.name) or setting("ZEROSEC_CA_FILE")

    def endpoint(self, target: Target) -> Endpoint:
        """Where a target with an address is, its token, and whom to trust."""
        return Endpoint(target.url or "", self.token(target), self.ca_file(target))


def _endpoint(server: local_server.LocalServer) -> Endpoint:
    return Endpoint(server.url, server.token)


async def open_target(target: Target, targets: Targets, *, patience_s: float = 20.0) -> Api:
    """Open a target; the bundled server is started if it does not run, and found again if it moves.

    Close it with `api.http.aclose()`. Raises ServerNotStartedError and its kin for this computer; other servers are
    not asked anything yet.
    """
    if target.url is not None:
        return Api(Http(await asyncio.to_thread(targets.endpoint, target), patience_s=patience_s))
    folder = server_data_dir()

    async def locate() -> Endpoint:
        return _endpoint(await asyncio.to_thread(local_server.ensure, folder))

    return Api(Http(await locate(), locate=locate, patience_s=patience_s))


async def check(target: Target, targets: Targets) -> TargetHealth:
    """How a target is now, within a few seconds; never starts the bundled server."""
    try:
        if target.url is None:
            running = await asyncio.to_thread(local_server.find, server_data_dir())
            if running is None:
                return TargetHealth(
                    False, problem=translated(say("Not running; it starts when it is needed."))
                )
            endpoint = _endpoint(running)
        else:
            endpoint = await asyncio.to_thread(targets.endpoint, target)
        async with Http(endpoint, patience_s=0.0) as http:
            api = Api(http)
            # The first answer brings the connection with it; the second is what every later call takes.
            await api.health()
            began = time.perf_counter()
            info = await api.info()
            return TargetHealth(True, info.version, (time.perf_counter() - began) * 1000)
    except ClientError as error:
        return TargetHealth(
            False, problem=" ".join(translated(part) for part in (error.title, error.hint) if part)
        )
