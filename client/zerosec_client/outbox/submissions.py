"""The submissions of this user, from the wish to the results.

It guards against the loss of a submission between the user's *Run* and the server's answer, and against a second job for
the same wish: ids, parameters and the fingerprints of the files are written before any network call, and the request is
frozen, byte for byte, before it is first sent. So whatever dies, `unfinished()` tells what is still to be done, and doing
it again is harmless. Calls block: use a thread from a loop.
"""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from uuid import UUID

from zerosec_client.errors import GivenUpError
from zerosec_client.outbox.entries import COLUMNS, FINISHED, Entry, Intent, State, readable
from zerosec_client.outbox.folders import claim
from zerosec_client.outbox.store import Store
from zerosec_client.outbox.transfers import TargetRecord
from zerosec_shared.runs import JobCreate

__all__ = ["Outbox"]


class Outbox:
    """One file, shared by every program of this user; safe from several threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; OutboxError if its folder cannot be written."""
        self.path = path
        self._store = Store(path)

    def __enter__(self) -> "Outbox":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def intend(self, intent: Intent, *, overwrite: bool = False) -> None:
        """Write down what the user wants; the first thing that happens after *Run*.

        Raises FolderTakenError where the results of another job are in its destination (unless `overwrite`), or will be.
        """
        now = datetime.now(UTC).isoformat()
        with self._store.writing() as connection:
            if intent.destination is not None:
                claim(connection, intent.destination, intent.job_id, overwrite=overwrite, unfinished_too=True)
            connection.execute(
                "INSERT INTO submissions (job_id, state, intent_json, created_at, changed_at) VALUES (?,?,?,?,?)",
                # Without what goes without saying, so that an earlier version can read all it could have written.
                (str(intent.job_id), State.INTENDED, intent.model_dump_json(exclude_defaults=True), now, now),
            )

    def claim_folder(self, folder: Path, job_id: UUID, *, overwrite: bool = False) -> None:
        """Take a folder for the results of one job. FolderTakenError where it is another's, unless `overwrite`."""
        with self._store.writing() as connection:
            claim(connection, folder, job_id, overwrite=overwrite, unfinished_too=False)

    def freeze(self, request: JobCreate) -> JobCreate:
        """Fix the request before it is first sent. The first one stays: what was perhaps sent is never changed.

        Raises GivenUpError for a submission that was given up meanwhile, perhaps by another program.
        """
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE submissions SET state=?, request_json=?, changed_at=?"
                " WHERE job_id=? AND request_json IS NULL AND state NOT IN (?,?,?)",
                (
                    State.FROZEN,
                    request.model_dump_json(),
                    datetime.now(UTC).isoformat(),
                    str(request.id),
                    *FINISHED,
                ),
            )
            state, fixed = connection.execute(
                "SELECT state, request_json FROM submissions WHERE job_id=?", (str(request.id),)
            ).fetchone()
        if state == State.DISCARDED or fixed is None:
            raise GivenUpError("This was given up before it was sent.")
        return JobCreate.model_validate_json(fixed)

    def mark(self, job_id: UUID, state: State, trouble: str = "") -> None:
        """Note how far a submission has come; what is finished stays finished."""
        with self._store.writing() as connection:
            connection.execute(
                "UPDATE submissions SET state=?, trouble=?, changed_at=? WHERE job_id=? AND state NOT IN (?,?,?)",
                (state, trouble, datetime.now(UTC).isoformat(), str(job_id), *FINISHED),
            )

    def entry(self, job_id: UUID) -> Entry | None:
        """One submission; None where there is none, or none that can be read."""
        rows = self._store.read(f"SELECT {COLUMNS} FROM submissions WHERE job_id=?", (str(job_id),))  # noqa: S608
        return next(iter(readable(rows)), None)

    def unfinished(self) -> list[Entry]:
        """What is still to be done, oldest first."""
        return readable([row[:-1] for row in self._unfinished_rows()])

    def set_aside(self) -> list[str]:
        """The job ids of unfinished submissions that this version cannot read. They are kept; another version may."""
        rows = self._unfinished_rows()
        return [row[-1] for row in rows if not readable([row[:-1]])]

    def _unfinished_rows(self) -> list[tuple[str, ...]]:
        # Not by the states that this version knows: what another one calls a state is not finished either.
        sql = f"SELECT {COLUMNS}, job_id FROM submissions WHERE state NOT IN (?,?,?) ORDER BY created_at, job_id"  # noqa: S608
        return self._store.read(sql, FINISHED)

    def recent(self, limit: int = 200) -> list[Entry]:
        """Submissions of this machine, newest first."""
        sql = f"SELECT {COLUMNS} FROM submissions ORDER BY created_at DESC, job_id DESC LIMIT ?"  # noqa: S608
        return readable(self._store.read(sql, (limit,)))

    def note_import(self, run_id: UUID) -> None:
        """Remember a run that came from a file: the next command may mean it by “last”."""
        now = datetime.now(UTC).isoformat()
        with self._store.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO imported_runs VALUES (?,?)", (str(run_id), now))

    def last_run(self) -> UUID | None:
        """The run that was submitted or imported last from this machine."""
        newest = next(iter(self.recent(1)), None)
        after = "" if newest is None else newest.created_at.isoformat()
        later = self._store.read(
            "SELECT run_id FROM imported_runs WHERE created_at > ? ORDER BY created_at DESC LIMIT 1", (after,)
        )
        if later:
            return UUID(later[0][0])
        return None if newest is None else newest.intent.run_id

    def transfers(self, target: str) -> TargetRecord:
        """The transfer record of one target."""
        return TargetRecord(self._store, target)
