"""Where the client keeps its own things, and where the bundled server keeps its: the environment, or the usual place.

A .env file of the working folder is never read: a folder that came with somebody's data must not decide what program is
started here, and where data goes.
"""

import os
from pathlib import Path

__all__ = ["client_dir", "server_data_dir", "server_environment", "setting"]


def setting(name: str) -> str | None:
    """A setting from the environment; None where it is empty or not there."""
    return os.environ.get(name) or None


def server_environment() -> dict[str, str]:
    """What a server that we start gets: our environment without our tokens."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ZEROSEC_TOKEN")}


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
