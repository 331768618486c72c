"""Migrations (Alembic): brings any older database to the tables of today, and refuses one that is newer than the program."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from zerosec_server.database import experiment_tables  # noqa: F401 - declares its tables
from zerosec_server.database.connection import Database
from zerosec_server.database.tables import metadata

__all__ = ["HEAD", "DatabaseTooNewError", "run_revisions", "upgrade"]

HEAD = "0008"
"""The newest revision, so that a database that is up to date costs one query and no import of Alembic."""


class DatabaseTooNewError(Exception):
    """The data folder was used by a newer version of ZeroSec, which this one could only damage."""


def upgrade(database: Database) -> None:
    """Bring the database to HEAD, in one transaction. Raises DatabaseTooNewError.

    An empty database gets the tables of today at once, which a test holds equal to what all revisions make: importing
    Alembic would cost the first start half a second.
    """
    engine = database.engine
    with engine.connect() as connection:
        found = _revision(connection)
        empty = not inspect(connection).get_table_names()
    if found == HEAD:
        return
    if empty:
        with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
            metadata.create_all(connection)
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
            )
            connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
        return
    run_revisions(database)


def run_revisions(database: Database) -> None:
    """Run every revision the database lacks, by Alembic."""
    engine = database.engine
    with engine.connect() as connection:
        found = _revision(connection)

    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as unknown:
            if found is None:
                raise
            raise DatabaseTooNewError(
                f"The data folder was last used by a newer version of ZeroSec (its database is at revision {found})."
                " Install that version again to open it; nothing was changed."
            ) from unknown


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
