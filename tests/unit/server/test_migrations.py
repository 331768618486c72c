"""The migrations make the tables of the code; a newer database is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import zerosec_server.database.migrations as migrations
from zerosec_server.database.connection import Database, sqlite_url
from zerosec_server.database.migrations import HEAD, DatabaseTooNewError, run_revisions, upgrade
from zerosec_server.database.tables import metadata


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path / "empty.db"))
    yield database
    database.close()


def structure(database: Database) -> dict[str, object]:
    """Every table with its columns and constraints, and every index, as SQLite tells them."""
    with database.engine.connect() as c:
        tables = c.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        indexes = c.execute(
            text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        )
        return {
            "indexes": sorted((name, table, " ".join(sql.split())) for name, table, sql in indexes),
            **{
                table: (
                    c.exec_driver_sql(f"PRAGMA table_info({table})").all(),
                    sorted(row[2:] for row in c.exec_driver_sql(f"PRAGMA foreign_key_list({table})")),
                )
                for table in tables
            },
        }


def test_all_revisions_make_the_tables_of_the_code(empty: Database) -> None:
    run_revisions(empty)

    with empty.engine.connect() as c:
        assert compare_metadata(MigrationContext.configure(c), metadata) == []


def test_the_short_way_for_an_empty_database_makes_the_same_as_all_revisions(
    empty: Database, database: Database
) -> None:
    run_revisions(empty)

    assert structure(empty) == structure(database)


def test_checks_of_values_are_in_force_after_all_revisions(empty: Database, database: Database) -> None:
    run_revisions(empty)

    def checks(of: Database) -> set[str]:
        with of.engine.connect() as c:
            created = c.execute(text("SELECT sql FROM sqlite_master WHERE type = 'table'")).scalars()
            return {part.strip() for sql in created for part in sql.split("CONSTRAINT") if "CHECK" in part}

    assert len(checks(database)) > 0
    assert {check.split("\n")[0].rstrip(", )") for check in checks(empty)} == {
        check.split("\n")[0].rstrip(", )") for check in checks(database)
    }


def test_the_newest_revision_is_the_one_the_program_knows() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert script.get_heads() == [HEAD]


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    before = structure(database)

    upgrade(database)

    assert structure(database) == before


def test_a_newer_database_is_refused_and_left_as_it_is(database: Database) -> None:
    with database.engine.begin() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = structure(database)

    with pytest.raises(DatabaseTooNewError, match="newer version of ZeroSec"):
        upgrade(database)

    assert structure(database) == before
