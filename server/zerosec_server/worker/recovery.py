"""What a worker that was killed has left: ends to adopt, folders to remove, artifacts of attempts that did not win.

An end that stands in a workspace is complete and its artifacts are durable, so anyone may write it, under the same fence as its
own worker would have: it is refused if the job has gone on meanwhile.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, select, tuple_

from zerosec_server.database import previews, transitions
from zerosec_server.database.connection import Database
from zerosec_server.database.tables import artifacts, jobs
from zerosec_server.database.transitions import Finish, LeaseLostError
from zerosec_server.storage.base import Storage
from zerosec_server.worker.kept_folder import forget_kept, kept_jobs
from zerosec_server.worker.workspace import Workspace, empty_job_folders, workspaces_below

__all__ = [
    "adopt_ends",
    "discard_losers",
    "finish_to_json",
    "forget_kept_of_ended",
    "forget_previews",
    "remove_left_workspaces",
]

log = logging.getLogger("zerosec.worker")

_finish: TypeAdapter[Finish] = TypeAdapter(Finish)


def finish_to_json(finish: Finish) -> str:
    """The whole end of an attempt, to be kept in its workspace."""
    return _finish.dump_json(finish).decode()


def adopt_ends(database: Database, storage: Storage, root: Path) -> list[str]:
    """Write the ends that stand complete in workspaces; returns the ids of the jobs that ended so."""
    adopted = []
    for workspace in workspaces_below(root):
        finish = _kept_end(workspace, storage)
        if finish is not None and _adopt(database, workspace, finish):
            log.info("job %s: the end that its lost worker had kept was adopted", workspace.job_id)
            adopted.append(workspace.job_id)
    return adopted


def _kept_end(workspace: Workspace, storage: Storage) -> Finish | None:
    try:
        finish = _finish.validate_json(workspace.finish_record.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        # One that cannot be read must not keep the other jobs' ends, nor the server's start, from being written.
        log.warning(
            "job %s: the end that its lost worker had kept cannot be read: %s", workspace.job_id, error
        )
        return None
    whole = all(storage.size(kept.storage_key) == kept.artifact.size_bytes for kept in finish.artifacts)
    return finish if whole else None


def _adopt(database: Database, workspace: Workspace, finish: Finish) -> bool:
    try:
        database.write(lambda c: transitions.finish(c, workspace.job_id, workspace.attempt, finish))
    except LeaseLostError:
        return False
    return True


def remove_left_workspaces(database: Database, root: Path, ours: Iterable[tuple[str, int]]) -> bool:
    """Remove the folders of attempts that are over; those that still hold a lease, and `ours`, stay.

    False if one could not be removed yet: the processes of a lost worker may still write there.
    """
    found = {(workspace.job_id, workspace.attempt): workspace for workspace in workspaces_below(root)}
    over = set(found) - set(ours)
    running = database.read(lambda c: _running(c, over))
    removed = [found[key].remove() for key in over - running]
    # A worker that was killed while it removed an attempt's folder has left the job's, empty.
    emptied = empty_job_folders(root)
    for job_id in emptied - database.read(lambda c: _unfinished(c, emptied)):
        with suppress(OSError):  # not empty any more
            (root / job_id).rmdir()
    return all(removed)


def forget_kept_of_ended(database: Database, cache: str) -> None:
    """Remove what jobs had found on the way that have ended since, wherever and however they did."""
    found = kept_jobs(cache)
    if not found:
        return
    open_ = select(jobs.c.id).where(jobs.c.status.in_(("queued", "running")))
    for job_id in set(found) - set(database.read(lambda c: c.execute(open_).scalars().all())):
        forget_kept(cache, job_id)


def _running(c: Connection, attempts: set[tuple[str, int]]) -> set[tuple[str, int]]:
    keys, running = list(attempts), set()
    for first in range(0, len(keys), 200):
        some = keys[first : first + 200]
        rows = c.execute(
            select(jobs.c.id, jobs.c.attempt).where(
                tuple_(jobs.c.id, jobs.c.attempt).in_(some), jobs.c.status == "running"
            )
        )
        running |= {(row.id, row.attempt) for row in rows}
    return running


def _unfinished(c: Connection, job_ids: set[str]) -> set[str]:
    """Which of these jobs may have an attempt that begins this moment."""
    ids, unfinished = list(job_ids), set()
    for first in range(0, len(ids), 200):
        some = ids[first : first + 200]
        wanted = select(jobs.c.id).where(jobs.c.id.in_(some), jobs.c.status.in_(("queued", "running")))
        unfinished |= set(c.execute(wanted).scalars())
    return unfinished


def forget_previews(database: Database, storage: Storage) -> None:
    """Remove previews that ended a while ago: first what they left, then their rows, so that nothing is left unnamed."""
    over = database.read(previews.to_forget)
    for job_id in over:
        for key in list(storage.keys(f"artifacts/{job_id}/")):
            storage.delete(key)
    if over:
        database.write(lambda c: previews.forget(c, over))


def discard_losers(database: Database, storage: Storage, job_id: str) -> None:
    """Delete the blobs of a job that has ended which no artifact of it names."""
    blobs = set(storage.keys(f"artifacts/{job_id}/"))
    if not blobs:
        return

    def named(c: Connection) -> tuple[bool, set[str]]:
        status = c.execute(select(jobs.c.status).where(jobs.c.id == job_id)).scalar_one_or_none()
        keys = c.execute(select(artifacts.c.storage_key).where(artifacts.c.job_id == job_id)).scalars()
        return status not in {"queued", "running"}, set(keys)

    ended, kept = database.read(named)
    for key in blobs - kept if ended else ():
        storage.delete(key)
