"""What API and worker are made of: imported for both in one process, the loader, which forks them and ends.

So they share what they import, and the parent, which lives as long as the server and would hold a page of every object that both
have long written to, has none of it. The database is migrated meanwhile, in a process of its own: what Alembic and the first
connection need in memory goes with it.
"""

import importlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from zerosec_server.siblings import fork_process

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["LATE", "NO_DATABASE", "load_app", "load_both"]

log = logging.getLogger("zerosec.parent")

NO_DATABASE = 3
"""Exit code of a process that found a database it cannot use, and has said so."""
API_MODULES = ("zerosec_server.api_process", "uvicorn.loops.auto", "uvicorn.lifespan.on", "uvloop")
LATE = "zerosec_server.api.later"
"""What the app imports once its port answers, unless it is there already."""


def load_both(database_path: Path, make_app: "Callable[[], FastAPI]") -> "FastAPI | None":
    """Import what API and worker need, and migrate the database beside it; returns the app.

    None if the API cannot be imported: the worker can go on without, and the API's own process says what is wrong. Raises SystemExit
    with NO_DATABASE.
    """
    importlib.import_module("zerosec_server.worker.process")
    migration = fork_process("zerosec-migrate", lambda: _upgrade(database_path), signal.SIGKILL)
    try:
        app = load_app(make_app, LATE)
    except Exception:
        log.debug("the API could not be made before it starts", exc_info=True)
        app = None
    _, status = os.waitpid(migration, 0)
    if status != 0:
        raise SystemExit(NO_DATABASE)
    return app


def load_app(make_app: "Callable[[], FastAPI]", *also: str) -> "FastAPI":
    """Import the API, and `also` these modules, and make the app.

    Before the API is forked that is all of it: whoever imports counts references to nearly everything that is there, and the API
    would hold a copy of those pages, more than what it imports. Of what cannot be imported the app says so when it is needed.
    """
    from zerosec_server.api.lean_import import import_fastapi, import_uvicorn, without_first_pydantic

    with without_first_pydantic():
        try:
            import_fastapi()
            import_uvicorn()
            for module in (*API_MODULES, *also):
                importlib.import_module(module)
        except Exception:
            log.debug("a part of the API could not be imported before it starts", exc_info=True)
        return make_app()


def _upgrade(path: Path) -> None:
    from sqlalchemy.exc import DBAPIError

    from zerosec_server.database.connection import Database, sqlite_url
    from zerosec_server.database.migrations import DatabaseTooNewError, upgrade

    try:
        database = Database(sqlite_url(path))
        try:
            upgrade(database)
        finally:
            database.close()
    except DatabaseTooNewError as too_new:
        sys.stderr.write(f"{too_new}\n")
        raise SystemExit(NO_DATABASE) from too_new
    except DBAPIError as error:
        log.debug("the migration failed", exc_info=True)
        sys.stderr.write(
            f"The database {path} cannot be used: {error.orig}.\nNothing was changed in it. Put a copy of it"
            " back, or move it away to begin with an empty one; files and results stay in the folder.\n"
        )
        raise SystemExit(NO_DATABASE) from error
