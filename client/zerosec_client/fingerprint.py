"""What tells a local file from a changed one without reading it, and the record that transfers keep by it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["Fingerprint", "TransferRecord"]


@dataclass(frozen=True)
class Fingerprint:
    """A file as it was: its path, its place on the disk, its size, and when its content and its entry last changed.

    The second time (ctime) cannot be set back, so that a copy that keeps its dates is seen too.
    """

    path: str
    device: int
    inode: int
    size_bytes: int
    modified_ns: int
    changed_ns: int

    @classmethod
    def of(cls, path: Path) -> "Fingerprint":
        """Look at a file; raises OSError where it cannot be looked at."""
        absolute = path.resolve()
        seen = absolute.stat()
        return cls(str(absolute), seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


class TransferRecord(Protocol):
    """What a transfer needs to remember across a crash, for one server. Every call is durable when it returns, and blocks:
    call it from a thread.
    """

    def remember_upload(self, fingerprint: Fingerprint, upload_id: str) -> None:
        """An upload of this file was opened; replaces an earlier one."""

    def find_upload(self, fingerprint: Fingerprint) -> str | None:
        """The upload that was opened for exactly this state of the file."""

    def forget_upload(self, fingerprint: Fingerprint) -> None:
        """The upload is complete, or the server does not know it any more."""

    def remember_hash(self, fingerprint: Fingerprint, sha256: str) -> None:
        """The SHA-256 of exactly this state of the file."""

    def find_hash(self, fingerprint: Fingerprint) -> str | None:
        """The SHA-256, if this state of the file was hashed before."""
