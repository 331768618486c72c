"""Deleting a run, or only its files: first marked, then the blobs go, then their rows, so that a crash leaves work, not lies.

All functions take a Connection inside a write transaction, or a read transaction where they only read.
"""

from sqlalchemy import Connection, delete, or_, select, update

from zerosec_server.database.connection import db_now
from zerosec_server.database.tables import artifacts, jobs, runs

__all__ = ["RunBusyError", "forget_blobs", "mark_cleaned", "mark_deleted", "unfinished"]


class RunBusyError(Exception):
    """A job of the run is queued or running."""


def mark_deleted(c: Connection, run_id: str, owner: str) -> bool:
    """Hide a run from all readers; False if there is none. Idempotent. Raises RunBusyError."""
    return _mark(c, run_id, owner, deleted=True)


def mark_cleaned(c: Connection, run_id: str, owner: str) -> bool:
    """Say that a run's files are gone; False if there is no such run. Idempotent. Raises RunBusyError."""
    return _mark(c, run_id, owner, deleted=False)


def _mark(c: Connection, run_id: str, owner: str, *, deleted: bool) -> bool:
    known = c.execute(
        select(runs.c.deleted_at).where(runs.c.id == run_id, runs.c.owner == owner)
    ).one_or_none()
    if known is None or (known.deleted_at is not None and not deleted):
        return False
    busy = select(jobs.c.id).where(jobs.c.run_id == run_id, jobs.c.status.in_(("queued", "running"))).limit(1)
    if c.execute(busy).one_or_none() is not None:
        raise RunBusyError(run_id)
    if known.deleted_at is None:
        column = runs.c.deleted_at if deleted else runs.c.files_cleaned_at
        c.execute(update(runs).where(runs.c.id == run_id).values({column: db_now()}))
    return True


def unfinished(c: Connection, run_id: str | None = None) -> list[tuple[str, str, str]]:
    """Job id, path and storage key of every artifact whose run was deleted or cleaned (logs stay with a cleaned run)."""
    wanted = (
        select(artifacts.c.job_id, artifacts.c.path, artifacts.c.storage_key)
        .join(jobs, jobs.c.id == artifacts.c.job_id)
        .join(runs, runs.c.id == jobs.c.run_id)
        .where(
            or_(
                runs.c.deleted_at.is_not(None),
                (runs.c.files_cleaned_at >= jobs.c.ended_at) & (artifacts.c.role != "log"),
            )
        )
    )
    if run_id is not None:
        wanted = wanted.where(runs.c.id == run_id)
    return [(row.job_id, row.path, row.storage_key) for row in c.execute(wanted)]


def forget_blobs(c: Connection, gone: list[tuple[str, str, str]]) -> None:
    """Remove the rows of artifacts whose blobs are gone."""
    for job_id, path, storage_key in gone:
        c.execute(
            delete(artifacts).where(
                artifacts.c.job_id == job_id,
                artifacts.c.path == path,
                artifacts.c.storage_key == storage_key,
            )
        )
