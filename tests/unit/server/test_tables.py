"""The tables as each database is told to make them."""

import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import create_mock_engine

from zerosec_server.database.tables import metadata


@pytest.mark.parametrize(
    ("url", "conditions"),
    [
        ("sqlite://", {"WHERE terminal = 1", "WHERE preview = 1"}),
        ("postgresql://", {"WHERE terminal", "WHERE preview"}),
    ],
)
def test_the_partial_indexes_are_partial_in_every_database(url: str, conditions: set[str]) -> None:
    said: list[str] = []

    def execute(statement: Any, *_: Any, **__: Any) -> None:
        said.append(str(statement.compile(dialect=engine.dialect)).strip())

    engine = create_mock_engine(url, execute)
    metadata.create_all(engine, checkfirst=False)

    partial = [line for line in said if "INDEX" in line and " WHERE " in line]
    assert {line[line.index("WHERE ") :] for line in partial} == conditions
    assert sum("UNIQUE" in line for line in partial) == 1


def test_no_other_database_is_imported_than_the_one_in_use() -> None:
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, zerosec_server.worker.process; print('sqlalchemy.dialects.postgresql' in sys.modules)",
        ],
        check=True,
        capture_output=True,
    )
    assert seen.stdout.strip() == b"False"
