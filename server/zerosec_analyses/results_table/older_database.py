"""The older results.db: an SQLite file with the table main_results, read without trusting anything in it."""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

from zerosec_analyses.sdk import InputError, say
from zerosec_shared.files import Dialect, TableKind

__all__ = ["TABLE", "as_csv"]

TABLE = "main_results"
MAGIC = b"SQLite format 3\x00"
MOST_COLUMNS = 2000
MOST_CELL = 10_000
DIALECT = Dialect(kind=TableKind.CSV, encoding="utf-8", separator=",", decimal=".", missing=("",))


def as_csv(path: Path, name: str, target: Path) -> Dialect:
    """Write the table as a CSV, rows in the order of their ids; how that is to be read. Raises InputError."""
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise InputError(
                say("{file} is no SQLite database.", file=name),
                hint="Choose the results.db of the older program, or a table as an Excel or CSV file.",
            )
    try:
        # Immutable: no journal beside the file is looked for, and nothing is ever written.
        address = f"file:{_escaped(path)}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10**7)
            _write(database, name, target)
    except sqlite3.Error as damaged:
        raise InputError(
            say("The database {file} cannot be read.", file=name),
            say("SQLite says: {reason}.", reason=str(damaged)),
            "It may be damaged, or still be open in the older program: close that and copy the file again.",
        ) from damaged
    return DIALECT


def _escaped(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _write(database: sqlite3.Connection, name: str, target: Path) -> None:
    found = database.execute("SELECT type FROM sqlite_schema WHERE name = ?", (TABLE,)).fetchone()
    if found is None or found[0] != "table":
        raise InputError(say("{file} has no table {table}.", file=name, table=TABLE))
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({TABLE})")]
    if len(columns) > MOST_COLUMNS:
        raise InputError(say("The table {table} has {count:,} columns.", table=TABLE, count=len(columns)))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in database.execute(f"SELECT * FROM {TABLE}"):  # noqa: S608 - a constant
            writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, bytes):
        return value[:MOST_CELL].decode("utf-8", errors="replace")
    return str(value)[:MOST_CELL]
