"""Hand-over: a client of the same user on the same disk fills a staging file, and no byte crosses a socket.

The staging file holds a random proof beforehand: a client that reads it there shares the disk. What is guaranteed: the bytes whose
SHA-256 the server computed are the stored ones, and no descriptor that was open for writing survives into the store. Where the
file system shares blocks the file is cloned first, so that whoever keeps the staging file open changes only their own copy. Elsewhere
the file is made read-only, and a lease of the kernel (Linux) proves that nobody has it open for writing; then it is hashed, or what
was hashed while it was filled (filling.py) is read once more and compared piece by piece. The same user could still change the store
by hand (it is their own folder): that is outside this guarantee, and outside any.
"""

import os
import secrets
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from zerosec_server.storage.base import ChecksumMismatchError, SizeMismatchError, UploadIncompleteError
from zerosec_server.storage.durable import READ_ONLY, sync_path
from zerosec_server.storage.filling import Filling
from zerosec_shared.content import read_chunks, reflink, sha256_of_file
from zerosec_shared.texts import say

__all__ = ["offer_handover", "seal_handover", "staging_path"]

PREFIX = "zerosec-handover-"


def staging_path(folder: Path) -> Path:
    """Where a client puts the bytes. The name tells a client that this is what it claims to be."""
    return folder / f"{PREFIX}{folder.name}"


def offer_handover(folder: Path) -> tuple[Path, str]:
    """Make the staging file with a new proof in it; returns both."""
    path, proof = staging_path(folder), secrets.token_hex(32)
    draft = folder / "handover.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, proof.encode("ascii"))
    finally:
        os.close(descriptor)
    draft.replace(path)
    return path, proof


def seal_handover(
    folder: Path,
    size_bytes: int,
    sha256: str | None,
    pool: Executor,
    progress: Callable[[int], None],
    filling: Filling | None = None,
) -> tuple[Path, str]:
    """Check the filled staging file; returns the durable file to store and its SHA-256. `progress` may raise to stop.

    `filling` is what was hashed of it while it was filled. Threads of `pool` bring the file to the disk and compare meanwhile.

    Raises UploadIncompleteError (not there, or still open for writing), SizeMismatchError, ChecksumMismatchError.
    """
    path = _frozen(staging_path(folder))
    before = path.stat()
    if before.st_size != size_bytes:
        raise SizeMismatchError(
            say(
                "{given:,} bytes were handed over, {announced:,} were announced.",
                given=before.st_size,
                announced=size_bytes,
            )
        )
    synced = pool.submit(sync_path, path)
    digest, count = _hashed(path, filling, pool, progress)
    synced.result()
    after = path.stat()
    if count != size_bytes or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise ChecksumMismatchError(say("The file was changed while it was checked."))
    if sha256 is not None and digest != sha256:
        raise ChecksumMismatchError(
            say("The bytes that were handed over do not have the SHA-256 that was announced.")
        )
    return path, digest


def _hashed(
    path: Path, filling: Filling | None, pool: Executor, progress: Callable[[int], None]
) -> tuple[str, int]:
    """SHA-256 and size of a file that nobody can write to."""
    if filling is not None:
        holds = pool.submit(filling.holds, path)
        digest, done = filling.digest, filling.hashed_bytes
        with path.open("rb") as file:
            for chunk in read_chunks(file.fileno(), done, 2**63 - 1):
                digest.update(chunk)
                done += len(chunk)
                progress(done)
        if holds.result():
            return digest.hexdigest(), done
    return sha256_of_file(path, progress)


def _frozen(path: Path) -> Path:
    """The file, or a clone of it, in a state in which nobody can write it any more."""
    try:
        source = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except OSError:
        raise UploadIncompleteError(say("Nothing was handed over.")) from None
    try:
        clone = path.with_name("handover.clone")
        clone.unlink(missing_ok=True)
        target = os.open(clone, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            cloned = reflink(source, target)
        finally:
            os.close(target)
        if cloned:
            clone.chmod(READ_ONLY)
            return clone
        clone.unlink()
        path.chmod(READ_ONLY)
        if _written_elsewhere(source):
            raise UploadIncompleteError(say("The file that was handed over is still open for writing."))
    finally:
        os.close(source)
    return path


def _no_lease(_descriptor: int) -> bool:
    return False


def _leased(descriptor: int) -> bool:
    import fcntl
    import signal

    try:
        # A broken lease would end this process by SIGIO; SIGURG is ignored. It is held for an instant only.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # type: ignore[attr-defined,unused-ignore]
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)  # type: ignore[attr-defined,unused-ignore]
    except BlockingIOError:
        return True
    except OSError:
        return False  # a file system without leases
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)  # type: ignore[attr-defined,unused-ignore]
    return False


_written_elsewhere: Callable[[int], bool] = _no_lease
if os.name == "posix" and os.uname().sysname == "Linux":
    _written_elsewhere = _leased
