"""The `zerosec-server` command: `serve` runs a server until it is told to stop.

Exit codes: 0 ended in order; 1 it could not start or go on; 2 the arguments or settings are wrong.
"""

import argparse
import gc
import logging
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zerosec_server.settings import Settings

__all__ = ["main"]

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="zerosec-server",
        description="The ZeroSec server. Every setting is also an environment variable: see .env.example.",
    )
    parser.add_argument("--version", action="version", version=metadata.version("zerosec-server"))
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser(
        "serve", help="run a server; prints one JSON line on standard output once it listens"
    )
    serve.add_argument("--data-dir", type=Path, help="where database, files and workspaces lie")
    serve.add_argument("--host", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on (0: a free one)")
    return parser.parse_args(argv)


def _settings(arguments: argparse.Namespace) -> "Settings":
    from zerosec_server.settings import Settings

    given: dict[str, Any] = {
        name: getattr(arguments, name)
        for name in ("data_dir", "host", "port")
        if getattr(arguments, name) is not None
    }
    if "data_dir" in given:
        given["data_dir"] = given["data_dir"].absolute()
    return Settings(**given)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = _arguments(argv)
    gc.disable()  # until a process has started: imports make much and drop nothing, and looking takes a twelfth of the start
    from pydantic import ValidationError

    try:
        settings = _settings(arguments)
    except ValidationError as wrong:
        for error in wrong.errors():
            place = ".".join(str(part) for part in error["loc"])
            sys.stderr.write(f"The setting {place} is wrong: {error['msg']}.\n")
        return 2
    logging.basicConfig(level=settings.log_level.upper(), format=FORMAT, stream=sys.stderr)

    from zerosec_server.parent import FolderTakenError, ServerStartError, serve
    from zerosec_shared.system import FOLDER_TAKEN

    try:
        return serve(settings)
    except ServerStartError as cannot:
        sys.stderr.write(f"{cannot}\n")
        return FOLDER_TAKEN if isinstance(cannot, FolderTakenError) else 1
