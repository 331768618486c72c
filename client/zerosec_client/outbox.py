"""The outbox: what must survive a crash of this program. SQLite, WAL, every write durable when it returns.

It guards against the loss of a submission between the user's *Run* and the server's answer, and against a second job for
the same wish: ids, parameters and the fingerprints of the files are written before any network call, and the request is
frozen, byte for byte, before it is first sent. So whatever dies, `unfinished()` tells what is still to be done, and doing
it again is harmless. It also keeps the records of uploads and the hash cache. Calls block: use a thread from a loop.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from uuid import UUID

from pydantic import Field

from zerosec_client.errors import OutboxError
from zerosec_client.fingerprint import Fingerprint
from zerosec_shared.contract import Contract, Instant, JsonValue
from zerosec_shared.files import Dialect
from zerosec_shared.runs import JobCreate

__all__ = ["Entry", "Intent", "LocalInput", "Outbox", "State", "TargetRecord"]


class State(StrEnum):
    """How far a submission has come."""

    INTENDED = "intended"
    """Written down; files may be partly uploaded."""
    FROZEN = "frozen"
    """The files are stored and the request is fixed; the server may have it already."""
    ACCEPTED = "accepted"
    """The server has the job; its results were not brought back yet."""
    DONE = "done"
    """The job ended and its results, if asked for, are here."""
    REFUSED = "refused"
    """The server said no, or the file is not the same any more; `trouble` says why."""
    DISCARDED = "discarded"
    """The user gave it up before the server had it."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self in {State.DONE, State.REFUSED, State.DISCARDED}


class LocalInput(Contract):
    """A file of this machine as an input, and how it looked when the user chose it."""

    path: str
    name: str
    size_bytes: int
    modified_ns: int
    dialect: Dialect | None = None


class Intent(Contract):
    """What the user asked for, complete enough to do it after a restart."""

    job_id: UUID
    run_id: UUID
    target: str
    analysis: str
    step: str | None = None
    name: str
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    inputs: dict[str, tuple[LocalInput, ...]] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    destination: str | None = Field(default=None, description="Folder for the results; None: not wanted.")


class Entry(Contract):
    """A submission and how far it has come. `request` is set from FROZEN on."""

    intent: Intent
    state: State
    request: JobCreate | None = None
    trouble: str = ""
    created_at: Instant
    changed_at: Instant


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
"""
SETTLED_NS = 1_000_000_000
COLUMNS = "intent_json, state, request_json, trouble, created_at, changed_at"


def _key(fingerprint: Fingerprint) -> tuple[str, str, str, int, int, int]:
    # A device or inode number may need all 64 bits, more than SQLite's signed integers hold.
    return (
        fingerprint.path,
        str(fingerprint.device),
        str(fingerprint.inode),
        fingerprint.size_bytes,
        fingerprint.modified_ns,
        fingerprint.changed_ns,
    )


def _entry(row: Sequence[str | None]) -> Entry:
    intent, state, request, trouble, created_at, changed_at = row
    return Entry.model_validate(
        {
            "intent": Intent.model_validate_json(intent or ""),
            "state": state,
            "request": None if request is None else JobCreate.model_validate_json(request),
            "trouble": trouble,
            "created_at": created_at,
            "changed_at": changed_at,
        }
    )


class Outbox:
    """One file, shared by every program of this user; safe from several threads and processes."""

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
            f"The record of submissions ({self.path}) cannot be used: {error}.",
            "Nothing is sent without it, so that nothing can be lost.",
            "Make its folder writable and free some space, or set ZEROSEC_CLIENT_DIR to another folder.",
        )

    def __enter__(self) -> "Outbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
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

    def _read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[str, ...]]:
        with self._lock:
            try:
                return self._connection.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise self._trouble(error) from error

    # Submissions

    def intend(self, intent: Intent) -> None:
        """Write down what the user wants; the first thing that happens after *Run*."""
        now = datetime.now(UTC).isoformat()
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO submissions (job_id, state, intent_json, created_at, changed_at) VALUES (?,?,?,?,?)",
                (str(intent.job_id), State.INTENDED, intent.model_dump_json(), now, now),
            )

    def freeze(self, request: JobCreate) -> JobCreate:
        """Fix the request before it is first sent. The first one stays: what was perhaps sent is never changed."""
        with self._writing() as connection:
            connection.execute(
                "UPDATE submissions SET state=?, request_json=?, changed_at=? WHERE job_id=? AND request_json IS NULL",
                (
                    State.FROZEN,
                    request.model_dump_json(),
                    datetime.now(UTC).isoformat(),
                    str(request.id),
                ),
            )
            (fixed,) = connection.execute(
                "SELECT request_json FROM submissions WHERE job_id=?", (str(request.id),)
            ).fetchone()
        return JobCreate.model_validate_json(fixed)

    def mark(self, job_id: UUID, state: State, trouble: str = "") -> None:
        """Note how far a submission has come; what is finished stays finished."""
        finished = [State.DONE, State.REFUSED, State.DISCARDED]
        with self._writing() as connection:
            connection.execute(
                "UPDATE submissions SET state=?, trouble=?, changed_at=? WHERE job_id=? AND state NOT IN (?,?,?)",
                (state, trouble, datetime.now(UTC).isoformat(), str(job_id), *finished),
            )

    def entry(self, job_id: UUID) -> Entry | None:
        """One submission."""
        rows = self._read(f"SELECT {COLUMNS} FROM submissions WHERE job_id=?", (str(job_id),))  # noqa: S608
        return _entry(rows[0]) if rows else None

    def unfinished(self) -> list[Entry]:
        """What is still to be done, oldest first."""
        sql = f"SELECT {COLUMNS} FROM submissions WHERE state IN (?,?,?) ORDER BY created_at, job_id"  # noqa: S608
        return [_entry(row) for row in self._read(sql, (State.INTENDED, State.FROZEN, State.ACCEPTED))]

    def recent(self, limit: int = 200) -> list[Entry]:
        """Submissions of this machine, newest first."""
        sql = f"SELECT {COLUMNS} FROM submissions ORDER BY created_at DESC, job_id DESC LIMIT ?"  # noqa: S608
        return [_entry(row) for row in self._read(sql, (limit,))]

    def transfers(self, target: str) -> "TargetRecord":
        """The transfer record of one target."""
        return TargetRecord(self, target)

    # Transfers, for TargetRecord

    def put_upload(self, target: str, fingerprint: Fingerprint, upload_id: str) -> None:
        """Remember an open upload; replaces an earlier one of the same path."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO uploads VALUES (?,?,?,?,?,?,?,?)",
                (target, *_key(fingerprint), upload_id),
            )

    def get_upload(self, target: str, fingerprint: Fingerprint) -> str | None:
        """The open upload of exactly this state of the file."""
        sql = (
            "SELECT upload_id FROM uploads WHERE target=? AND path=? AND device=? AND inode=?"
            " AND size_bytes=? AND modified_ns=? AND changed_ns=?"
        )
        rows = self._read(sql, (target, *_key(fingerprint)))
        return rows[0][0] if rows else None

    def drop_upload(self, target: str, fingerprint: Fingerprint) -> None:
        """Forget an upload."""
        with self._writing() as connection:
            connection.execute("DELETE FROM uploads WHERE target=? AND path=?", (target, fingerprint.path))

    def put_hash(self, fingerprint: Fingerprint, sha256: str) -> None:
        """Remember a file's SHA-256, unless the file is so young that a change might leave no trace in its times."""
        if time.time_ns() - max(fingerprint.modified_ns, fingerprint.changed_ns) < SETTLED_NS:
            return
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO hashes VALUES (?,?,?,?,?,?,?)", (*_key(fingerprint), sha256)
            )

    def get_hash(self, fingerprint: Fingerprint) -> str | None:
        """The SHA-256 of exactly this state of the file."""
        sql = (
            "SELECT sha256 FROM hashes WHERE path=? AND device=? AND inode=?"
            " AND size_bytes=? AND modified_ns=? AND changed_ns=?"
        )
        rows = self._read(sql, _key(fingerprint))
        return rows[0][0] if rows else None


class TargetRecord:
    """The TransferRecord of one target."""

    def __init__(self, outbox: Outbox, target: str) -> None:
        self._outbox, self._target = outbox, target

    def remember_upload(self, fingerprint: Fingerprint, upload_id: str) -> None:
        """An upload of this file was opened."""
        self._outbox.put_upload(self._target, fingerprint, upload_id)

    def find_upload(self, fingerprint: Fingerprint) -> str | None:
        """The upload that was opened for exactly this state of the file."""
        return self._outbox.get_upload(self._target, fingerprint)

    def forget_upload(self, fingerprint: Fingerprint) -> None:
        """The upload is complete, or unknown to the server."""
        self._outbox.drop_upload(self._target, fingerprint)

    def remember_hash(self, fingerprint: Fingerprint, sha256: str) -> None:
        """The SHA-256 of exactly this state of the file."""
        self._outbox.put_hash(fingerprint, sha256)

    def find_hash(self, fingerprint: Fingerprint) -> str | None:
        """The SHA-256, if this state of the file was hashed before."""
        return self._outbox.get_hash(fingerprint)
