"""Artifacts fetched to this computer, for showing, opening and dragging out. Verified by the client while they arrive."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path
from PySide6.QtCore import QObject, Signal

from zerosec_desktop.context import Context
from zerosec_desktop.navigation import JobKey

if TYPE_CHECKING:
    from zerosec_shared.runs import Artifact

__all__ = ["ArtifactCache", "cache_folder"]

KEPT_BYTES = 2 * 10**9


def cache_folder() -> Path:
    """Where fetched artifacts are kept until room is needed."""
    override = os.environ.get("ZEROSEC_DESKTOP_DIR")
    return (
        Path(override) / "cache" if override else user_cache_path("zerosec", appauthor=False)
    ) / "artifacts"


class ArtifactCache(QObject):
    """Fetches each artifact once. Content is addressed by job and path, and checked by size before it is used again."""

    arrived = Signal(object, str, object)  # JobKey, path, Path

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._waiting: dict[
            tuple[JobKey, str], list[tuple[Callable[[Path], None], Callable[[Exception], None]]]
        ] = {}

    def place(self, key: JobKey, path: str) -> Path:
        """Where an artifact is kept; the contract has checked that its path stays inside."""
        return cache_folder() / key.job_id.hex / path

    def here(self, key: JobKey, artifact: Artifact) -> Path | None:
        """The local file, if it was fetched."""
        place = self.place(key, artifact.path)
        try:
            return place if place.stat().st_size == artifact.size_bytes else None
        except OSError:
            return None

    def fetch(
        self,
        key: JobKey,
        artifact: Artifact,
        done: Callable[[Path], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have the file on this computer; `done` is called at once when it is."""
        local = self.here(key, artifact)
        if local is not None:
            done(local)
            return
        waiting = self._waiting.setdefault((key, artifact.path), [])
        waiting.append((done, failed))
        if len(waiting) > 1:
            return
        place = self.place(key, artifact.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._waiting.pop((key, artifact.path))
            failed(error)
            return

        def arrived(path: Path) -> None:
            for call, _ in self._waiting.pop((key, artifact.path), []):
                call(path)
            self.arrived.emit(key, artifact.path, path)

        def refused(error: Exception) -> None:
            for _, call in self._waiting.pop((key, artifact.path), []):
                call(error)

        try:
            self._context.session.download(key, artifact.path, place, arrived, refused)
        except KeyError:  # the target was taken away; else whoever asks again would wait for nothing
            self._waiting.pop((key, artifact.path))
            failed(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), artifact.path))


def tidy(folder: Path, kept_bytes: int = KEPT_BYTES) -> int:
    """Delete the longest unused files until the rest fits; returns how many. For a worker thread at the start."""
    files = []
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                found = path.stat()
                files.append((found.st_atime, found.st_size, path))
        except OSError:
            continue
    files.sort(reverse=True)
    total = deleted = 0
    for _, size, path in files:
        total += size
        if total > kept_bytes:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue  # in use, or not ours to delete
            deleted += 1
    return deleted
