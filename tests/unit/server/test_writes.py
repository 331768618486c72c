"""Writes share one connection: what fails on it leaves nothing behind for the next."""

import sqlite3
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from zerosec_server.database.connection import Database
from zerosec_server.database.tables import files

QUICK = "PRAGMA busy_timeout = 1"


def _file(sha256: str) -> dict[str, object]:
    return {"sha256": sha256, "size_bytes": 1, "created_at": 0.0}


def _known(database: Database) -> set[str]:
    return set(database.read(lambda c: c.execute(select(files.c.sha256)).scalars().all()))


def test_a_write_that_fails_leaves_the_next_one_a_clean_transaction(database: Database) -> None:
    def twice(c: Connection) -> None:
        c.execute(insert(files), _file("a" * 64))
        c.execute(insert(files), _file("a" * 64))

    with pytest.raises(IntegrityError):
        database.write(twice)
    database.write(lambda c: c.execute(insert(files), _file("b" * 64)))

    assert _known(database) == {"b" * 64}


def test_a_database_that_another_holds_is_told_as_an_error_of_the_database_and_is_free_again_afterwards(
    database: Database, tmp_path: Path
) -> None:
    database.write(lambda c: c.exec_driver_sql(QUICK))
    other = sqlite3.connect(tmp_path / "zerosec.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"):
        database.write(lambda c: c.execute(insert(files), _file("a" * 64)))
    assert database.waiting_since is None
    other.execute("COMMIT")
    other.close()
    database.write(lambda c: c.execute(insert(files), _file("b" * 64)))

    assert _known(database) == {"b" * 64}


def test_one_that_fails_among_others_of_the_same_commit_undoes_itself_alone(database: Database) -> None:
    go_on = threading.Event()

    def twice(c: Connection) -> None:
        c.execute(insert(files), _file("a" * 64))
        c.execute(insert(files), _file("a" * 64))

    def quickly(name: str) -> Future[object]:
        return database.submit_write(lambda c: c.execute(insert(files), _file(name * 64)))

    first = database.submit_write(lambda _: go_on.wait(30))
    together = [quickly("b"), database.submit_write(twice), quickly("c")]
    go_on.set()

    assert first.result(30)
    assert [type(each.exception(30)) for each in together] == [type(None), IntegrityError, type(None)]
    assert _known(database) == {"b" * 64, "c" * 64}
