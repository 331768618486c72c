"""What a job finds on the way, for the next attempt at it on this machine: a folder a job, gone when the job has ended."""

import shutil
from pathlib import Path
from uuid import UUID

__all__ = ["forget_kept", "kept_folder", "kept_jobs"]


def kept_folder(cache: str, job_id: str) -> Path:
    """Where a job keeps it; made by the job itself, if it wants one."""
    return Path(cache) / "kept" / str(UUID(job_id))


def forget_kept(cache: str, job_id: str) -> None:
    """Remove it. What cannot be removed now is removed by the next sweep."""
    shutil.rmtree(kept_folder(cache, job_id), ignore_errors=True)


def kept_jobs(cache: str) -> list[str]:
    """The jobs that have one here."""
    try:
        return [folder.name for folder in (Path(cache) / "kept").iterdir() if _is_id(folder.name)]
    except FileNotFoundError:
        return []


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
