"""Blobs in a folder of this machine, with signed URLs that this server answers itself.

A blob has its name only once its bytes, its name and its folder are on the disk; it is read-only from then on. Equal files are
stored once. Nothing from outside becomes a path: keys and upload ids have one shape each, and are checked.
"""

import os
import re
import secrets
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from zerosec_server.settings import Settings
from zerosec_server.storage.base import (
    BlobInfo,
    ChecksumMismatchError,
    NoSuchBlobError,
    SizeMismatchError,
    StoppingError,
    Storage,
    StorageFullError,
    file_key,
)
from zerosec_server.storage.durable import full_is_said, make_folder, publish, sync_path
from zerosec_server.storage.filling import FillingFiles
from zerosec_server.storage.handover import offer_handover, seal_handover, staging_path
from zerosec_server.storage.signing import BlobGrant, PartGrant, Signer, signing_key
from zerosec_server.storage.uploads import OpenUpload, PartWriter
from zerosec_shared.content import copy_content, read_chunks, sha256_of_file
from zerosec_shared.files import PartRequest, PartTicket, StoredPart

__all__ = ["Blob", "LocalStorage", "local_storage"]

KEY = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}|artifacts/[0-9a-f-]{36}/\d{1,9}/\d{6,9}", re.ASCII)
PREFIX = re.compile(r"(files/([0-9a-f]{2}/)?|artifacts/([0-9a-f-]{36}/(\d{1,9}/)?)?)", re.ASCII)
UPLOAD_ID = re.compile(r"[0-9a-f-]{36}", re.ASCII)
STALE_DRAFT_S = 24 * 3600


class LocalStorage:
    """The store of one data folder. Processes may share it; uploads are taken by one of them."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.storage_dir
        self._drafts = self._root / "drafts"
        self._uploads_dir = self._root / "uploads"
        self._reserve_bytes = settings.storage_reserve_bytes
        self._key_path = settings.data_dir / "signing.key"
        self._hash_pool = ThreadPoolExecutor(2, thread_name_prefix="storage-hash")
        self._sync_pool = ThreadPoolExecutor(2, thread_name_prefix="storage-sync")
        self._filling = FillingFiles()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._open: dict[str, OpenUpload] = {}
        self._completing: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @cached_property
    def signer(self) -> Signer:
        """Makes and checks signed URLs."""
        make_folder(self._key_path.parent)
        return Signer(signing_key(self._key_path))

    def close(self) -> None:
        """End the threads soon: whole files are not hashed to their end."""
        self._stopping.set()
        with self._lock:
            uploads = list(self._open.values())
        for upload in uploads:
            upload.stop()
        self._filling.close()
        self._hash_pool.shutdown()
        self._sync_pool.shutdown()

    # Blobs.

    def put_file(self, key: str, source: Path) -> BlobInfo:
        """Store a copy of a file; durable when it returns. Replaces a blob of this key."""
        target = self.path(key)
        draft = self._draft()
        try:
            with full_is_said():
                with source.open("rb") as read:
                    self._check_space(os.fstat(read.fileno()).st_size)
                    descriptor = os.open(draft, _NEW_FILE, 0o600)
                    try:
                        copy_content(read.fileno(), descriptor)
                    finally:
                        os.close(descriptor)
                digest, size = sha256_of_file(draft)
                sync_path(draft)
                publish(draft, target)
        finally:
            _discard(draft)
        return BlobInfo(key, size, digest)

    def fetch(self, key: str, destination: Path) -> None:
        """Make the blob's bytes appear at `destination` (must not exist), read-only, by reflink or copy."""
        with self.open_blob(key) as blob:
            descriptor = os.open(destination, _NEW_FILE, 0o400)
            try:
                with full_is_said():
                    copy_content(blob.fileno(), descriptor)
            except BaseException:
                _discard(destination)
                raise
            finally:
                os.close(descriptor)

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The blob's bytes in chunks of 1 MiB."""
        with self.open_blob(key) as blob:
            for chunk in read_chunks(blob.fileno(), start, 2**63 - 1 if length is None else length):
                yield bytes(chunk)

    def open_blob(self, key: str) -> "Blob":
        """The blob, open for reading. Raises NoSuchBlobError."""
        return Blob(self.path(key))

    def path(self, key: str) -> Path:
        """Where a blob lies. Raises NoSuchBlobError for what is no key."""
        if KEY.fullmatch(key) is None:
            raise NoSuchBlobError(key)
        return self._root / key

    def size(self, key: str) -> int | None:
        """The blob's size, or None if there is none."""
        try:
            return self.path(key).stat().st_size
        except (FileNotFoundError, NoSuchBlobError):
            return None

    def keys(self, prefix: str) -> Iterator[str]:
        """All keys that start with a prefix ending in `/`."""
        if PREFIX.fullmatch(prefix) is None:
            return
        for folder, _, names in os.walk(self._root / prefix):
            for name in names:
                key = (Path(folder) / name).relative_to(self._root).as_posix()
                if KEY.fullmatch(key) is not None:
                    yield key

    def delete(self, key: str) -> int:
        """Delete a blob and tell how many bytes that freed; 0 if there was none."""
        path, size = self.path(key), self.size(key)
        if size is None:
            return 0
        _discard(path)
        return size

    def free_bytes(self) -> int:
        """Space left before the reserve."""
        folder = self._root
        while not folder.exists():
            folder = folder.parent
        return max(0, shutil.disk_usage(folder).free - self._reserve_bytes)

    # Uploads in parts.

    def create_upload(self, upload_id: str, size_bytes: int, part_size_bytes: int) -> None:
        """Open an upload. Idempotent. Raises StorageFullError when the bytes cannot fit."""
        self._check_space(size_bytes)
        with full_is_said():
            OpenUpload.create(self._folder(upload_id), size_bytes, part_size_bytes)

    def stored_parts(self, upload_id: str) -> Sequence[StoredPart]:
        """Parts that have arrived whole, by number. Raises NoSuchBlobError."""
        return self._upload(upload_id).stored_parts()

    def sign_parts(
        self, upload_id: str, parts: Sequence[PartRequest], expires_in_s: float
    ) -> Sequence[PartTicket]:
        """Tickets for parts. Raises NoSuchBlobError, SizeMismatchError for a part that does not exist."""
        upload = self._upload(upload_id)
        expires = int(time.time() + expires_in_s)
        tickets = []
        for part in parts:
            size = upload.part_size(part.part_number)
            grant = PartGrant(upload_id, part.part_number, size, part.crc32, expires)
            tickets.append(
                PartTicket(
                    part_number=part.part_number,
                    size_bytes=size,
                    url=self.signer.url(grant),
                    headers={"Content-Type": "application/octet-stream"},
                    expires_at=datetime.fromtimestamp(expires, UTC),
                )
            )
        return tickets

    def begin_part(self, grant: PartGrant, arrival: int) -> PartWriter | None:
        """Start to take a part; None if it is stored already. `arrival` grows with every transfer that begins.

        Raises SupersededError (a later transfer of the part is on its way), NoSuchBlobError, SizeMismatchError, StorageFullError.
        """
        announced = StoredPart(part_number=grant.part_number, size_bytes=grant.size_bytes, crc32=grant.crc32)
        self._check_space(announced.size_bytes)
        return self._upload(grant.upload_id).begin_part(announced, arrival)

    def complete_upload(self, upload_id: str, key: str, size_bytes: int, sha256: str) -> BlobInfo:
        """Make the parts the blob `key` if size and SHA-256 are right; durable when it returns; idempotent.

        Raises NoSuchBlobError, UploadIncompleteError, SizeMismatchError, ChecksumMismatchError (the upload is forgotten).
        """
        info = BlobInfo(key, size_bytes, sha256)
        with self._completing_lock(upload_id):
            try:
                upload = self._upload(upload_id)
            except NoSuchBlobError:
                if self.size(key) == size_bytes:
                    self._forget(upload_id)  # published, then killed before it was tidied
                    return info
                raise
            if upload.plan.size_bytes != size_bytes:
                raise SizeMismatchError(f"{upload.plan.size_bytes} bytes were announced")
            try:
                self._keep(upload.seal(sha256), info)
            except ChecksumMismatchError:
                self._forget(upload_id)
                raise
            self._forget(upload_id)
        return info

    def abort_upload(self, upload_id: str) -> None:
        """Forget an upload and its parts. Idempotent."""
        with self._completing_lock(upload_id):
            self._forget(upload_id)

    def sign_download(self, key: str, expires_in_s: float, name: str | None = None) -> str:
        """A URL that gives the blob until it expires, with ranges."""
        return self.signer.url(BlobGrant(key, name or "", int(time.time() + expires_in_s)))

    # Hand-over.

    def offer_handover(self, upload_id: str) -> tuple[str, str]:
        """A file: URL of a staging file to fill, and what it holds beforehand."""
        path, proof = offer_handover(self._folder(upload_id))
        self._filling.watch(path, self._upload(upload_id).plan.size_bytes)
        return path.resolve().as_uri(), proof

    def complete_handover(self, upload_id: str, size_bytes: int, sha256: str | None) -> BlobInfo:
        """Make the filled staging file a blob, by its content; durable when it returns.

        Raises NoSuchBlobError, UploadIncompleteError, SizeMismatchError, ChecksumMismatchError.
        """
        with self._completing_lock(upload_id):
            folder = self._folder(upload_id)
            if sha256 is not None and not folder.exists() and self.size(file_key(sha256)) == size_bytes:
                return BlobInfo(file_key(sha256), size_bytes, sha256)
            self._upload(upload_id)
            filling = self._filling.take(staging_path(folder))
            draft, digest = seal_handover(folder, size_bytes, sha256, self._sync_pool, self._go_on, filling)
            info = BlobInfo(file_key(digest), size_bytes, digest)
            self._keep(draft, info)
            self._forget(upload_id)
        return info

    def blob_url(self, key: str) -> str:
        """file: URL of a blob, to be read by clients that share the disk."""
        return self.path(key).resolve().as_uri()

    def remove_stale_drafts(self) -> None:
        """Forget what a killed process left half written."""
        if self._drafts.is_dir():
            for draft in self._drafts.iterdir():
                if draft.stat().st_mtime < time.time() - STALE_DRAFT_S:
                    _discard(draft)

    def _go_on(self, _: int) -> None:
        if self._stopping.is_set():
            raise StoppingError("the server is ending")

    def _keep(self, draft: Path, info: BlobInfo) -> None:
        if self.size(info.key) == info.size_bytes:
            return  # the same content is there already
        with full_is_said():
            publish(draft, self.path(info.key))

    def _draft(self) -> Path:
        make_folder(self._drafts)
        return self._drafts / secrets.token_hex(16)

    def _folder(self, upload_id: str) -> Path:
        if UPLOAD_ID.fullmatch(upload_id) is None:
            raise NoSuchBlobError(upload_id)
        return self._uploads_dir / upload_id

    def _upload(self, upload_id: str) -> OpenUpload:
        folder = self._folder(upload_id)
        with self._lock:
            upload = self._open.get(upload_id)
            if upload is None:
                upload = OpenUpload.load(folder, self._hash_pool, self._sync_pool)
                self._open[upload_id] = upload
            return upload

    def _completing_lock(self, upload_id: str) -> threading.Lock:
        with self._lock:
            return self._completing[upload_id]

    def _forget(self, upload_id: str) -> None:
        folder = self._folder(upload_id)
        self._filling.take(staging_path(folder))
        with self._lock:
            upload = self._open.pop(upload_id, None)
            self._completing.pop(upload_id, None)
        if upload is not None:
            upload.remove()
        shutil.rmtree(folder, ignore_errors=True)

    def _check_space(self, size_bytes: int) -> None:
        if size_bytes > self.free_bytes():
            raise StorageFullError("the disk that stores the files has no room for this one")


def local_storage(storage: Storage) -> LocalStorage:
    """A store that answers its own signed URLs."""
    assert isinstance(storage, LocalStorage)
    return storage


class Blob:
    """A blob that is open for reading."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("rb", buffering=0)
        except FileNotFoundError:
            raise NoSuchBlobError(path.name) from None
        facts = os.fstat(self._file.fileno())
        self.size_bytes = facts.st_size
        self.etag = f'"{facts.st_ino:x}-{facts.st_size:x}-{facts.st_mtime_ns:x}"'

    def fileno(self) -> int:
        """The descriptor."""
        return self._file.fileno()

    def read(self, start: int, length: int) -> bytes:
        """At most `length` bytes from `start`."""
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), length, start)
        return b"".join(bytes(chunk) for chunk in read_chunks(self._file.fileno(), start, length))

    def close(self) -> None:
        """Close it. Idempotent."""
        self._file.close()

    def __enter__(self) -> "Blob":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _discard(path: Path) -> None:
    if os.name == "nt" and path.exists():
        path.chmod(0o600)  # Windows does not delete read-only files
    path.unlink(missing_ok=True)
