"""Where the client keeps its own things, and where the bundled server keeps its: as set, or the usual place."""

import os
from pathlib import Path

from zerosec_client.settings import setting

__all__ = ["client_dir", "server_data_dir", "server_environment"]


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
