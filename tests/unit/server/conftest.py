"""A database of our own, migrated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.database.migrations import upgrade


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(sqlite_url(tmp_path / "zerosec.db"))
    upgrade(opened)
    yield opened
    opened.close()
