"""Where the client keeps its own things, and where the bundled server keeps its: the environment, a .env file, or the usual place."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["client_dir", "server_data_dir", "server_environment", "setting"]


@cache
def _dotenv() -> Mapping[str, str | None]:
    if not Path(".env").is_file():
        return {}
    from dotenv import dotenv_values

    return dotenv_values(".env")


def setting(name: str) -> str | None:
    """A setting from the environment, else from the .env file of the working folder; None where it is empty or not there."""
    return os.environ.get(name) or _dotenv().get(name) or None


def server_environment() -> dict[str, str]:
    """What a server that we start gets: our environment and the .env file's ZeroSec settings, without our tokens."""
    from_file = {
        name: value for name, value in _dotenv().items() if value is not None and name.startswith("ZEROSEC_")
    }
    given = {**from_file, **os.environ}
    return {name: value for name, value in given.items() if not name.startswith("ZEROSEC_TOKEN")}


def _usual_place() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("zerosec", appauthor=False))


def server_data_dir() -> Path:
    """The bundled server's data folder: ZEROSEC_DATA_DIR, or the same default as the server's own."""
    chosen = setting("ZEROSEC_DATA_DIR")
    return Path(chosen).expanduser().absolute() if chosen else _usual_place()


def client_dir() -> Path:
    """The folder of the outbox and the known targets: ZEROSEC_CLIENT_DIR, or `client` in the usual place."""
    chosen = setting("ZEROSEC_CLIENT_DIR")
    return Path(chosen).expanduser().absolute() if chosen else _usual_place() / "client"
