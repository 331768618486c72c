"""The outbox's SQLite file: WAL, every write durable when it returns, safe from several threads and processes."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from zerosec_client.errors import OutboxError
from zerosec_shared.texts import say

__all__ = ["Store"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS submissions (
    job_id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    intent_json TEXT NOT NULL,
    request_json TEXT,
    trouble TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS submissions_state ON submissions (state, created_at);
CREATE TABLE IF NOT EXISTS uploads (
    target TEXT NOT NULL, path TEXT NOT NULL, device TEXT NOT NULL, inode TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL, changed_ns INTEGER NOT NULL, upload_id TEXT NOT NULL,
    PRIMARY KEY (target, path)
) STRICT;
CREATE TABLE IF NOT EXISTS hashes (
    path TEXT PRIMARY KEY, device TEXT NOT NULL, inode TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, modified_ns INTEGER NOT NULL, changed_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS folders (path TEXT PRIMARY KEY, job_id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS imported_runs (run_id TEXT PRIMARY KEY, created_at TEXT NOT NULL) STRICT;
"""


class Store:
    """One file, shared by every program of this user."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; OutboxError if its folder cannot be written."""
        self.path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(
                path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as error:
            if hasattr(self, "_connection"):
                self._connection.close()
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> OutboxError:
        return OutboxError(
            say(
                "The record of submissions ({path}) cannot be used: {error}.",
                path=self.path,
                error=str(error),
            ),
            "Nothing is sent without it, so that nothing can be lost.",
            "Make its folder writable and free some space, or set ZEROSEC_CLIENT_DIR to another folder.",
        )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all or nothing, and durable at its end. Raises OutboxError."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._trouble(error) from error

    def read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[str, ...]]:
        """The rows of a query. Raises OutboxError."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._trouble(error) from error
