"""`zerosec targets`: the servers that can be used, and how they are."""

import argparse
import asyncio
import getpass
import sys
from pathlib import Path

from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import LocalFileError
from zerosec_client.targets import Targets, check
from zerosec_shared.causes import cause
from zerosec_shared.texts import say, translated

__all__ = ["add", "listing", "remove", "use"]


async def listing(_arguments: argparse.Namespace, _terminal: Terminal) -> Report:
    """Show every target with its health, asked for at the same time."""
    targets = Targets()
    known = targets.all()
    default = targets.default()
    health = await asyncio.gather(*(check(target, targets) for target in known))
    rows = []
    for target, now in zip(known, health, strict=True):
        standing = (
            say("ready, {time:.0f} ms", time=now.answer_ms)
            if now.reachable and now.answer_ms is not None
            else now.problem
        )
        mark = "*" if target == default else ""
        rows.append((mark, target.name, target.url or say("this computer"), now.version, standing))
    return Report(
        ExitCode.OK,
        {
            "default": default.name,
            "targets": [
                {
                    "name": target.name,
                    "url": target.url,
                    "reachable": now.reachable,
                    "version": now.version,
                    "answer_ms": now.answer_ms,
                    "problem": now.problem,
                }
                for target, now in zip(known, health, strict=True)
            ],
        },
        table=(("", say("NAME"), say("ADDRESS"), say("VERSION"), say("HOW IT IS")), rows),
    )


def _token(file: str | None) -> str | None:
    if file == "-":
        return sys.stdin.readline().strip() or None
    if file is not None:
        path = Path(file).expanduser()
        try:
            return path.read_text(encoding="ascii").strip() or None
        except UnicodeDecodeError as error:
            raise LocalFileError(say("{path} does not hold a token.", path=path)) from error
        except OSError as error:
            raise LocalFileError(
                say("{path} cannot be read: {cause}.", path=path, cause=cause(error))
            ) from error
    if sys.stdin.isatty():
        return getpass.getpass(translated(say("Token (empty for none): ")), stream=sys.stderr).strip() or None
    return None


async def add(arguments: argparse.Namespace, _terminal: Terminal) -> Report:
    """Remember a server. Its token comes from a file, standard input or a prompt, never from an argument."""
    targets = Targets()
    target = targets.add(arguments.name, arguments.url, _token(arguments.token_file), arguments.ca)
    if arguments.use:
        targets.use(target.name)
    health = await check(target, targets)
    lines = [say("{name} is remembered.", name=target.name)]
    if not health.reachable:
        lines.append(say("It cannot be used at the moment: {problem}", problem=health.problem))
    return Report(
        ExitCode.OK,
        {"name": target.name, "url": target.url, "reachable": health.reachable, "problem": health.problem},
        lines,
    )


async def use(arguments: argparse.Namespace, _terminal: Terminal) -> Report:
    """Use a server where none is named."""
    target = Targets().use(arguments.name)
    name = say("This computer") if target.url is None else target.title
    return Report(
        ExitCode.OK, {"default": target.name}, [say("{name} is used where no server is named.", name=name)]
    )


async def remove(arguments: argparse.Namespace, _terminal: Terminal) -> Report:
    """Forget a server."""
    Targets().remove(arguments.name)
    return Report(
        ExitCode.OK, {"removed": arguments.name}, [say("{name} is forgotten.", name=arguments.name)]
    )
