"""Whose results a folder holds: one job's, so that results of two are never taken for one another."""

import os
import sqlite3
from pathlib import Path

from zerosec_client.errors import LocalFileError
from zerosec_client.outbox.entries import FINISHED
from zerosec_shared.texts import say

__all__ = ["FolderTakenError", "claim"]


class FolderTakenError(LocalFileError):
    """The folder belongs to another job's results."""

    code = "folder_taken"


def claim(
    connection: sqlite3.Connection,
    folder: str | Path,
    job_id: object,
    *,
    overwrite: bool,
    unfinished_too: bool,
) -> None:
    """Take a folder for the results of one job, inside a transaction. FolderTakenError where it is another's.

    `overwrite` takes that of a job that has ended. `unfinished_too`: one that another submission waits for is refused even so.
    """
    path = _real(folder)
    row = connection.execute(
        "SELECT f.job_id, s.state FROM folders f LEFT JOIN submissions s ON s.job_id = f.job_id WHERE f.path=?",
        (path,),
    ).fetchone()
    if row is not None and row[0] != str(job_id):
        other, state = row
        waits = state is not None and state not in FINISHED
        if waits and (unfinished_too or not overwrite):
            raise FolderTakenError(
                say("The folder {folder} waits for the results of another submission.", folder=folder),
                say(
                    "It is that of job {other}, which is not finished; results of two jobs in one folder could be taken for one another.",
                    other=other,
                ),
                "Choose another folder with --out, or finish that one first with “zerosec resume --wait”.",
            )
        if not waits and not overwrite and not _is_empty(path):
            raise FolderTakenError(
                say("The folder {folder} holds the results of another job.", folder=folder),
                say(
                    "They are those of job {other}; results of two jobs in one folder could be taken for one another.",
                    other=other,
                ),
                say(
                    "Fetch them into another folder: “zerosec fetch {job_id} --out DIR”.", job_id=str(job_id)
                ),
            )
    connection.execute("INSERT OR REPLACE INTO folders VALUES (?,?)", (path, str(job_id)))


def _real(folder: str | Path) -> str:
    """One spelling for each folder, whatever links lead to it."""
    return os.path.normcase(os.path.realpath(folder))


def _is_empty(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return True
