"""Files that survive a power cut: bytes on the disk first, then the name, then the folder that holds the name."""

import os
from pathlib import Path

__all__ = ["make_folder", "publish", "sync_folder", "sync_path"]

READ_ONLY = 0o400


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
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    sync_folder(path.parent)


def publish(draft: Path, target: Path) -> None:
    """Give a file that is on the disk already its final name, read-only, replacing what had it."""
    make_folder(target.parent)
    draft.chmod(READ_ONLY)
    draft.replace(target)
    sync_folder(target.parent)
