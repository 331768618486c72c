"""The content of files: checksums, a hash that follows a file while it is being filled, and copies that share blocks."""

import errno
import hashlib
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from functools import cache
from pathlib import Path

try:
    from isal.isal_zlib import crc32  # 15 times as fast as zlib's
except ImportError:  # no build for this machine
    from zlib import crc32

__all__ = [
    "CHUNK_BYTES",
    "FollowingHash",
    "copy_content",
    "crc32",
    "crc32_of_range",
    "read_chunks",
    "reflink",
    "sha256_of_file",
    "start_writing_back",
    "write_at",
]

CHUNK_BYTES = 1024**2
FICLONE = 0x40049409  # linux/fs.h; Python's fcntl names it from 3.12 on
SYNC_FILE_RANGE_WRITE = 2  # linux/fs.h
COPY_STEP_BYTES = 16 * CHUNK_BYTES
"""What a copy that is told to stop still does. On a busy disk 64 MiB at once took up to a second, and were no faster."""

NOT_POSSIBLE_HERE = {
    errno.EXDEV,
    errno.EINVAL,
    errno.ENOSYS,
    errno.EOPNOTSUPP,
    errno.ENOTTY,
    errno.EPERM,
    errno.EBADF,
    errno.ETXTBSY,
}


def read_chunks(descriptor: int, start: int, length: int) -> Iterator[memoryview]:
    """Bytes `start … start + length` in chunks of at most 1 MiB, or up to the end of the file if that comes first.

    Each chunk is a view of one buffer that the next overwrites. Uses no file position: many may read one descriptor.
    """
    buffer = memoryview(bytearray(min(CHUNK_BYTES, max(length, 1))))
    done = 0
    while done < length:
        count = _read_at(descriptor, buffer[: min(len(buffer), length - done)], start + done)
        if count == 0:
            return
        yield buffer[:count]
        done += count


def crc32_of_range(descriptor: int, start: int, length: int) -> tuple[str, int]:
    """CRC-32 as 8 hexadecimal digits, and how many bytes there were (fewer than `length` at the end of the file)."""
    value = done = 0
    for chunk in read_chunks(descriptor, start, length):
        value = crc32(chunk, value)
        done += len(chunk)
    return f"{value:08x}", done


def sha256_of_file(path: Path, progress: Callable[[int], None] | None = None) -> tuple[str, int]:
    """SHA-256 and size of a file; `progress` is told the bytes read so far and may raise to stop."""
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        for chunk in read_chunks(file.fileno(), 0, 2**63 - 1):
            digest.update(chunk)
            done += len(chunk)
            if progress is not None:
                progress(done)
    return digest.hexdigest(), done


def copy_content(source: int, destination: int, progress: Callable[[int], None] | None = None) -> bool:
    """Make the empty file `destination` hold the bytes of `source`; True if the two share their blocks (reflink).

    Tries a reflink, then a copy inside the kernel, then reads and writes. `progress` is told the bytes copied so far and
    may raise to stop.
    """
    size = os.fstat(source).st_size
    if reflink(source, destination):
        if progress is not None:
            progress(size)
        return True
    done = _copy_in_kernel(source, destination, size, progress)
    for chunk in read_chunks(source, done, size - done):
        write_at(destination, [chunk], done)
        done += len(chunk)
        if progress is not None:
            progress(done)
    return False


def start_writing_back(descriptor: int, start: int, length: int) -> None:
    """Let the system begin to bring these bytes to the disk, so that a later fsync finds little to do. Waits for nothing.

    They stay in memory, where whoever hashes them next finds them: `posix_fadvise(DONTNEED)`, which begins to write too, drops a
    quarter of them meanwhile. Does nothing where the system has no such call.
    """
    begin = _sync_file_range()
    if begin is not None:
        begin(descriptor, start, length, SYNC_FILE_RANGE_WRITE)


@cache
def _sync_file_range() -> Callable[[int, int, int, int], int] | None:
    if sys.platform != "linux":
        return None
    import ctypes

    function = getattr(ctypes.CDLL(None), "sync_file_range", None)
    if function is None:
        return None
    function.argtypes = [ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint]
    begin: Callable[[int, int, int, int], int] = function
    return begin


def write_at(descriptor: int, chunks: Iterable[memoryview | bytes], offset: int) -> None:
    """Write all chunks, one after another, from `offset` on."""
    for chunk in chunks:
        view = memoryview(chunk)
        while view:
            written = (
                os.pwrite(descriptor, view, offset)
                if hasattr(os, "pwrite")
                else _seek_write(descriptor, view, offset)
            )
            offset += written
            view = view[written:]


class FollowingHash:
    """SHA-256 of a file whose ranges arrive in any order: hashes behind the arrivals, on a pool's thread.

    When the last range has arrived little is left to hash. What arrives in order may be given in memory (`given`), and is then
    not read again. Guards against a range that is written anew: `restart`. Thread-safe.
    """

    def __init__(self, path: Path, pool: Executor) -> None:
        self._path, self._pool = path, pool
        self._changed = threading.Condition()
        self._ranges: dict[int, int] = {}
        self._end = 0
        self._hashed = 0
        self._pieces: deque[tuple[memoryview, Callable[[], None]]] = deque()
        self._pieces_bytes = 0
        self._digest = hashlib.sha256()
        self._running = False
        self._failure: Exception | None = None
        self._generation = 0
        self._stopped = False

    def arrived(self, start: int, end: int) -> None:
        """The bytes `start … end` (end exclusive) are in the file."""
        with self._changed:
            if end > start:
                self._ranges[start] = max(end, self._ranges.get(start, 0))
            self._follow()

    def given(self, start: int, piece: memoryview, done: Callable[[], None]) -> None:
        """The bytes from `start` on are in the file, and here: `done` is called, on any thread, once `piece` is not needed any more."""
        end = start + len(piece)
        with self._changed:
            in_order = start == self._end and self._end - self._hashed == self._pieces_bytes
            if in_order and piece and not self._stopped:
                self._pieces.append((piece, done))
                self._pieces_bytes += len(piece)
                self._end = end
                self._follow()
                return
        done()
        self.arrived(start, end)

    def restart(self) -> None:
        """Something hashed already may have changed: forget everything, arrivals too."""
        with self._changed:
            self._generation += 1
            self._ranges.clear()
            self._end = self._hashed = 0
            self._digest = hashlib.sha256()
            self._let_go()

    def stop(self) -> None:
        """Hash no more; whoever waits for the hash gets ValueError."""
        with self._changed:
            self._stopped = True
            self._let_go()

    def hexdigest(self, size_bytes: int) -> str:
        """Wait until all `size_bytes` are hashed. Raises ValueError if some never arrived, OSError if reading failed."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running)
            if self._failure is not None:
                raise self._failure
            if self._hashed != size_bytes:
                raise ValueError(f"{self._hashed} of {size_bytes} bytes were hashed")
            return self._digest.hexdigest()

    def _follow(self) -> None:
        while self._end in self._ranges:
            self._end = self._ranges.pop(self._end)
        if self._hashed < self._end and not self._running and not self._stopped:
            self._running = True
            self._pool.submit(self._run)

    def _let_go(self) -> None:
        self._pieces_bytes = 0
        while self._pieces:
            self._pieces.popleft()[1]()

    def _run(self) -> None:
        try:
            with self._path.open("rb") as file:
                while self._step(file.fileno()):
                    pass
        except OSError as failure:
            with self._changed:
                self._failure, self._running, self._stopped = failure, False, True
                self._let_go()
                self._changed.notify_all()

    def _step(self, descriptor: int) -> bool:
        with self._changed:
            start, end, digest, generation = self._hashed, self._end, self._digest, self._generation
            if start >= end or self._stopped:
                self._running = False
                self._changed.notify_all()
                return False
            piece, release = self._pieces.popleft() if self._pieces else (None, None)
        digest = digest.copy()
        done = 0
        if piece is not None and release is not None:
            digest.update(piece)
            done = len(piece)
            release()
        else:
            for chunk in read_chunks(descriptor, start, min(end - start, 16 * CHUNK_BYTES)):
                digest.update(chunk)
                done += len(chunk)
        with self._changed:
            if generation == self._generation:
                if done == 0:
                    raise OSError(errno.EIO, "the file became shorter while it was hashed", str(self._path))
                self._digest, self._hashed = digest, start + done
                if piece is not None:
                    self._pieces_bytes = max(0, self._pieces_bytes - done)
        return True


def _read_at(descriptor: int, buffer: memoryview, offset: int) -> int:
    if hasattr(os, "preadv"):
        return os.preadv(descriptor, [buffer], offset)
    data = (
        os.pread(descriptor, len(buffer), offset)
        if hasattr(os, "pread")
        else _seek_read(descriptor, len(buffer), offset)
    )
    buffer[: len(data)] = data
    return len(data)


_position = threading.Lock()  # Windows has no reads and writes at an offset


def _seek_read(descriptor: int, count: int, offset: int) -> bytes:
    with _position:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, count)


def _seek_write(descriptor: int, data: memoryview, offset: int) -> int:
    with _position:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.write(descriptor, data)


def reflink(source: int, destination: int) -> bool:
    """Make `destination` share the blocks of `source`, each free to change without the other; False where that cannot be."""
    try:
        import fcntl
    except ImportError:
        return False
    try:
        fcntl.ioctl(destination, FICLONE, source)
    except OSError as failure:
        if failure.errno not in NOT_POSSIBLE_HERE:
            raise
        return False
    return True


def _copy_in_kernel(source: int, destination: int, size: int, progress: Callable[[int], None] | None) -> int:
    done = 0
    if not hasattr(os, "copy_file_range"):
        return done
    try:
        while done < size:
            count = os.copy_file_range(source, destination, min(COPY_STEP_BYTES, size - done), done, done)
            if count == 0:
                break
            done += count
            if progress is not None:
                progress(done)
    except OSError as failure:
        if failure.errno not in NOT_POSSIBLE_HERE:
            raise
    return done
