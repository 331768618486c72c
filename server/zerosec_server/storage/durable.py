"""Files that survive a power cut: bytes on the disk first, then the name, then the folder that holds the name."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zerosec_server.storage.base import StorageFullError
from zerosec_shared.texts import say

__all__ = ["full_is_said", "make_folder", "publish", "sync_folder", "sync_path"]

READ_ONLY = 0o400
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


@contextmanager
def full_is_said() -> Iterator[None]:
    """A full disk is StorageFullError, whoever meets it."""
    try:
        yield
    except OSError as failure:
        if failure.errno in NO_SPACE:
            raise StorageFullError(say("The disk that stores the files is full.")) from failure
        raise


def sync_path(path: Path) -> None:
    """Return once the file's bytes are on the disk."""
    flags = os.O_RDWR if os.name == "nt" else os.O_RDONLY
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Return once the names in the folder are on the disk. Windows keeps them without being asked."""
    if os.name != "nt":
        sync_path(path)


def make_folder(path: Path) -> None:
    """Make a folder and its parents, each durably."""
    for folder in _make(path):
        sync_folder(folder)


def _make(path: Path) -> list[Path]:
    """Make a folder and its parents; returns the folders whose names are still to be synced."""
    if path.is_dir():
        return []
    unsynced = _make(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    return [*unsynced, path.parent]


def publish(draft: Path, target: Path) -> None:
    """Give a file that is on the disk already its final name, read-only, replacing what had it."""
    unsynced = _make(target.parent)
    draft.chmod(READ_ONLY)
    draft.replace(target)
    # Innermost first: on a journalling file system the first sync brings the others' names along (6.5 -> 4 ms).
    for folder in [target.parent, *reversed(unsynced)]:
        sync_folder(folder)
