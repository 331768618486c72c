"""Hand-over at the client's end: fill the server's staging file instead of sending bytes, if the disk is really shared.

Guards against a server that names some other file of the user's: only a regular file of this user, not reached by a link, with the
hand-over's own name and the server's random proof in it, is ever written to.
"""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from zerosec_client.transfer.local import SourceFile, local_path, told_in_words
from zerosec_shared.content import copy_content, start_writing_back

__all__ = ["fill_staging", "open_shared"]

NAME = "zerosec-handover-"
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def fill_staging(
    source: SourceFile, url: str, proof: str, upload_id: str, progress: Callable[[int], None]
) -> bool:
    """Put the bytes of `source` into the staging file; False, and nothing done, if that is not what it claims to be."""
    path = local_path(url)
    if path is None or path.name != f"{NAME}{upload_id}" or len(proof) < 32:
        return False
    try:
        descriptor = os.open(path, os.O_RDWR | NO_LINK)
    except OSError:
        return False
    try:
        seen = os.fstat(descriptor)
        ours = not hasattr(os, "geteuid") or seen.st_uid == os.geteuid()
        if not (stat.S_ISREG(seen.st_mode) and ours and seen.st_nlink == 1 and seen.st_size == len(proof)):
            return False
        if os.read(descriptor, len(proof)) != proof.encode("ascii"):
            return False
        with told_in_words(path, writing=True):
            os.ftruncate(descriptor, 0)
            written = 0

            def copied(done_bytes: int) -> None:
                nonlocal written
                start_writing_back(descriptor, written, done_bytes - written)
                written = done_bytes
                progress(done_bytes)

            copy_content(source.descriptor, descriptor, copied)
    finally:
        os.close(descriptor)
    return True


def open_shared(url: str, size_bytes: int) -> int | None:
    """A stored blob of this size on our own disk, open for reading; None if there is none to be seen."""
    path: Path | None = local_path(url)
    if path is None:
        return None
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | NO_LINK)
        seen = os.fstat(descriptor)
        if stat.S_ISREG(seen.st_mode) and seen.st_size == size_bytes:
            return descriptor
        os.close(descriptor)
    return None
