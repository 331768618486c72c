"""Hashes staging files while clients fill them, so that little is left to hash once a file is handed over.

What is hashed here can still be written to, so it proves nothing by itself: a CRC-32 of every piece is kept with the hash, and who seals
the file reads those pieces once more when nobody can write any more (in a sixth of the time). A piece that changed meanwhile makes the
hash worthless, and the whole file is hashed anew. One thread serves all files, and only while there are any.
"""

import hashlib
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from zerosec_shared.content import CHUNK_BYTES, crc32, read_chunks

__all__ = ["Filling", "FillingFiles"]

LEAST_BYTES = 32 * CHUNK_BYTES  # smaller files are hashed at once when they are handed over
STEP_BYTES = 16 * CHUNK_BYTES
LOOK_EVERY_S = 0.004  # while something comes
LOOK_AGAIN_S = 0.05
LULL_S = 1.0
PATIENCE_S = 60.0
READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Filling:
    """The SHA-256 of the first `hashed_bytes` of a file that grows, and the CRC-32 of each MiB of them."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        self.path = path
        self.digest = hashlib.sha256()
        self._size_bytes = size_bytes
        self._crc32s: list[int] = []
        self.moved_at = time.monotonic()
        self.turn = threading.Lock()
        """Held while a step is done."""

    @property
    def hashed_bytes(self) -> int:
        """How far the hash has come; whole MiB."""
        return len(self._crc32s) * CHUNK_BYTES

    @property
    def over(self) -> bool:
        """All whole MiB are hashed, or nothing has come for long."""
        return (
            self.hashed_bytes + CHUNK_BYTES > self._size_bytes
            or time.monotonic() - self.moved_at > PATIENCE_S
        )

    def step(self) -> bool:
        """Hash some of what has come; False if nothing has. Raises OSError."""
        descriptor = os.open(self.path, READ)
        try:
            come = min(os.fstat(descriptor).st_size, self._size_bytes) - self.hashed_bytes
            length = min(come // CHUNK_BYTES * CHUNK_BYTES, STEP_BYTES)
            for chunk in read_chunks(descriptor, self.hashed_bytes, length):
                if len(chunk) < CHUNK_BYTES:  # it became shorter
                    break
                self.digest.update(chunk)
                self._crc32s.append(crc32(chunk))
        finally:
            os.close(descriptor)
        if length > 0:
            self.moved_at = time.monotonic()
        return length > 0

    def holds(self, path: Path) -> bool:
        """Whether the pieces that were hashed are still what `path` begins with. Raises OSError."""
        with path.open("rb") as file:
            found = [crc32(chunk) for chunk in read_chunks(file.fileno(), 0, self.hashed_bytes)]
        return found == self._crc32s


class FillingFiles:
    """All files that are being filled. Thread-safe."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="storage-filling")
        self._changed = threading.Condition()
        self._files: dict[Path, Filling] = {}
        self._running = self._closed = False

    def watch(self, path: Path, size_bytes: int) -> None:
        """A client is about to fill this file with so many bytes."""
        if size_bytes < LEAST_BYTES:
            return
        with self._changed:
            if self._closed:
                return
            self._files[path] = Filling(path, size_bytes)
            if not self._running:
                self._running = True
                self._pool.submit(self._run)

    def take(self, path: Path) -> Filling | None:
        """What was hashed of a file, which is followed no more; None if nothing was."""
        with self._changed:
            filling = self._files.pop(path, None)
            self._changed.notify_all()
        if filling is None:
            return None
        with filling.turn:
            return filling if filling.hashed_bytes else None

    def close(self) -> None:
        """Follow nothing more; returns once the thread has ended."""
        with self._changed:
            self._closed = True
            self._files.clear()
            self._changed.notify_all()
        self._pool.shutdown()

    def _run(self) -> None:
        while files := self._left():
            moved = [self._step(filling) for filling in files]
            if not any(moved):
                lull_s = time.monotonic() - max(filling.moved_at for filling in files)
                with self._changed:
                    self._changed.wait(LOOK_EVERY_S if lull_s < LULL_S else LOOK_AGAIN_S)

    def _left(self) -> list[Filling]:
        """The files to be looked at; once there are none the thread ends."""
        with self._changed:
            files = [filling for filling in self._files.values() if not filling.over]
            self._running = bool(files)
            return files

    def _step(self, filling: Filling) -> bool:
        with filling.turn:
            if self._files.get(filling.path) is not filling:
                return False  # taken meanwhile
            try:
                return filling.step()
            except OSError:  # gone or unreadable: who seals it finds that out
                with self._changed:
                    self._files.pop(filling.path, None)
                return False
