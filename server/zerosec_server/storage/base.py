"""What the server needs of a blob store: keys in, bytes out; durable when a call returns; local folder or S3 behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from zerosec_shared.files import PartRequest, PartTicket, StoredPart

__all__ = [
    "BlobInfo",
    "ChecksumMismatchError",
    "NoSuchBlobError",
    "SizeMismatchError",
    "StoppingError",
    "Storage",
    "StorageError",
    "StorageFullError",
    "UploadIncompleteError",
    "artifact_key",
    "file_key",
]


class StorageError(Exception):
    """The store could not do what was asked."""


class NoSuchBlobError(StorageError):
    """There is no blob (or upload) by this key."""


class StorageFullError(StorageError):
    """No space is left; nothing was changed."""


class ChecksumMismatchError(StorageError):
    """The bytes are not the ones that were announced; they are not kept."""


class SizeMismatchError(StorageError):
    """There are more or fewer bytes than announced; they are not kept."""


class StoppingError(StorageError):
    """The server is ending; asked again after its next start, it goes on."""


class UploadIncompleteError(StorageError):
    """Parts are missing."""


@dataclass(frozen=True)
class BlobInfo:
    """A stored blob."""

    key: str
    size_bytes: int
    sha256: str


def file_key(sha256: str) -> str:
    """Where a file lies: by content."""
    return f"files/{sha256[:2]}/{sha256}"


def artifact_key(job_id: str, attempt: int, number: int) -> str:
    """Where an artifact lies: by job and attempt, numbered, so that no name from outside becomes a path."""
    return f"artifacts/{job_id}/{attempt}/{number:06d}"


class Storage(Protocol):
    """Blobs by key. All methods block: call them from a worker or a thread, never from an event loop."""

    def put_file(self, key: str, source: Path) -> BlobInfo:
        """Store a copy of a file and return its size and SHA-256, once it is durable. Replaces a blob of this key."""

    def fetch(self, key: str, destination: Path) -> None:
        """Make the blob's bytes appear at `destination` (must not exist), read-only, by reflink or copy.

        Never a hard link: a job must not be able to change a stored blob. Raises NoSuchBlobError.
        """

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The blob's bytes in large chunks. Raises NoSuchBlobError."""

    def size(self, key: str) -> int | None:
        """The blob's size, or None if there is none."""

    def keys(self, prefix: str) -> Iterator[str]:
        """All keys that start with a prefix ending in `/`."""

    def delete(self, key: str) -> int:
        """Delete a blob and tell how many bytes that freed; 0 if there was none."""

    def free_bytes(self) -> int:
        """Space left."""

    # Uploads in parts, of the shape that S3 has too.

    def create_upload(self, upload_id: str, size_bytes: int, part_size_bytes: int) -> None:
        """Open an upload. Idempotent. Raises StorageFullError when the bytes cannot fit."""

    def stored_parts(self, upload_id: str) -> Sequence[StoredPart]:
        """Parts that have arrived whole, by number. Raises NoSuchBlobError."""

    def sign_parts(
        self, upload_id: str, parts: Sequence[PartRequest], expires_in_s: float
    ) -> Sequence[PartTicket]:
        """Tickets for parts; size and checksum are bound into each signature."""

    def complete_upload(self, upload_id: str, key: str, size_bytes: int, sha256: str) -> BlobInfo:
        """Make the parts the blob `key` if size and SHA-256 are right; durable when it returns; idempotent.

        Raises UploadIncompleteError, SizeMismatchError, ChecksumMismatchError, StorageFullError.
        """

    def abort_upload(self, upload_id: str) -> None:
        """Forget an upload and its parts. Idempotent."""

    def sign_download(self, key: str, expires_in_s: float, name: str | None = None) -> str:
        """A URL that gives the blob until it expires, with ranges."""
