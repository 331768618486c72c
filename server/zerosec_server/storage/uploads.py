"""One open upload in a folder: parts written at their place in one file, whichever order they come in.

`data` holds the bytes, `parts.jsonl` says which parts are whole (one line each, appended once the part's CRC-32 was right), so
that an upload goes on after the server was killed. A SHA-256 of the whole follows behind the parts, so that completing costs
little. What a power cut takes from `data` is found at completion, by SHA-256 and then by each part's CRC-32, and asked for again.
"""

import json
import os
import shutil
import threading
from concurrent.futures import Executor
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from zerosec_server.storage.base import (
    ChecksumMismatchError,
    NoSuchBlobError,
    SizeMismatchError,
    StoppingError,
    UploadIncompleteError,
)
from zerosec_server.storage.durable import full_is_said, make_folder, sync_path
from zerosec_shared.content import FollowingHash, crc32, crc32_of_range, write_at
from zerosec_shared.files import StoredPart
from zerosec_shared.texts import say

__all__ = ["OpenUpload", "PartWriter", "SupersededError"]


class SupersededError(Exception):
    """The same part arrives again over another connection; that one counts."""


class UploadPlan(BaseModel):
    """What was announced; kept beside the data."""

    model_config = ConfigDict(frozen=True)
    size_bytes: int
    part_size_bytes: int


class PartWriter:
    """Takes the bytes of one part as they come. Blocking; used by one connection."""

    def __init__(self, upload: "OpenUpload", announced: StoredPart, arrival: int) -> None:
        self.announced, self.arrival = announced, arrival
        self._upload = upload
        self._start = (announced.part_number - 1) * upload.plan.part_size_bytes
        self._descriptor = os.open(upload.data_path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        self._written = 0
        self._crc32 = 0
        self._lock = threading.Lock()

    def write(self, *chunks: bytes | memoryview) -> None:
        """Append to the part. Raises SizeMismatchError, SupersededError, StorageFullError, OSError."""
        with self._lock:
            if self._descriptor < 0:
                raise SupersededError
            count = sum(len(chunk) for chunk in chunks)
            if self._written + count > self.announced.size_bytes:
                raise SizeMismatchError(say("More bytes arrived than were announced."))
            for chunk in chunks:
                self._crc32 = crc32(chunk, self._crc32)
            with full_is_said():
                write_at(self._descriptor, chunks, self._start + self._written)
            self._written += count

    def finish(self) -> StoredPart:
        """All bytes were given: keep the part if size and CRC-32 are right."""
        with self._lock:
            if self._descriptor < 0:
                raise SupersededError
            if self._written != self.announced.size_bytes:
                raise SizeMismatchError(say("Fewer bytes arrived than were announced."))
            if f"{self._crc32:08x}" != self.announced.crc32:
                raise ChecksumMismatchError(say("The part's CRC-32 is not the one that was announced."))
        self._upload.keep(self)  # outside the lock: the upload's lock is never taken inside a writer's
        return self.announced

    def close(self) -> None:
        """Write nothing more. Idempotent; what was written and not finished does not count."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1


class OpenUpload:
    """An upload that is being filled. Thread-safe; one object a folder."""

    def __init__(self, folder: Path, plan: UploadPlan, hash_pool: Executor, sync_pool: Executor) -> None:
        self.folder, self.plan = folder, plan
        self.data_path = folder / "data"
        self._log_path = folder / "parts.jsonl"
        self._lock = threading.RLock()
        self._writers: dict[int, PartWriter] = {}
        self._sync_pool, self._sync_waits = sync_pool, False
        self._closed = False
        self._hash = FollowingHash(self.data_path, hash_pool)
        self._parts = self._load_parts()
        self._follow_parts()

    @classmethod
    def create(cls, folder: Path, size_bytes: int, part_size_bytes: int) -> None:
        """Make the folder of an upload; one that is there stays as it is."""
        if (folder / "upload.json").exists():
            return
        make_folder(folder)
        with (folder / "data").open("ab") as data:
            data.truncate(size_bytes)
        (folder / "parts.jsonl").touch(mode=0o600)
        draft = folder / "upload.json.new"
        plan = UploadPlan(size_bytes=size_bytes, part_size_bytes=part_size_bytes)
        draft.write_text(plan.model_dump_json(), encoding="ascii")
        draft.replace(folder / "upload.json")

    @classmethod
    def load(cls, folder: Path, hash_pool: Executor, sync_pool: Executor) -> "OpenUpload":
        """Open the upload in a folder. Raises NoSuchBlobError."""
        try:
            plan = UploadPlan.model_validate_json((folder / "upload.json").read_bytes())
        except (FileNotFoundError, ValidationError):
            raise NoSuchBlobError(folder.name) from None
        data = folder / "data"
        if not data.exists():
            raise NoSuchBlobError(folder.name)
        if data.stat().st_size != plan.size_bytes:  # a power cut took the length
            with data.open("rb+") as file:
                file.truncate(plan.size_bytes)
        return cls(folder, plan, hash_pool, sync_pool)

    @property
    def part_count(self) -> int:
        """How many parts there must be; 0 for an empty file."""
        return -(-self.plan.size_bytes // self.plan.part_size_bytes)

    def part_size(self, part_number: int) -> int:
        """The size a part must have. Raises SizeMismatchError for a part that does not exist."""
        if not 1 <= part_number <= self.part_count:
            raise SizeMismatchError(say("There is no part {number}.", number=part_number))
        return min(
            self.plan.part_size_bytes, self.plan.size_bytes - (part_number - 1) * self.plan.part_size_bytes
        )

    def stored_parts(self) -> tuple[StoredPart, ...]:
        """The parts that are whole, by number."""
        with self._lock:
            return tuple(self._parts[number] for number in sorted(self._parts))

    def begin_part(self, announced: StoredPart, arrival: int) -> PartWriter | None:
        """Start to take a part; None if the very same part is stored. Of two on their way the one that arrived later counts.

        Raises SupersededError (a later one is on its way), NoSuchBlobError, SizeMismatchError.
        """
        number = announced.part_number
        with self._lock:
            if self._closed:
                raise NoSuchBlobError(self.folder.name)
            if announced.size_bytes != self.part_size(number):
                raise SizeMismatchError(
                    say("Part {number} has {size:,} bytes.", number=number, size=self.part_size(number))
                )
            if self._parts.get(number) == announced:
                return None
            if (before := self._writers.get(number)) is not None:
                if before.arrival > arrival:
                    raise SupersededError
                before.close()
            if number in self._parts:
                self._forget(number)
            writer = self._writers[number] = PartWriter(self, announced, arrival)
            return writer

    def keep(self, writer: PartWriter) -> None:
        """Record a part as whole."""
        part = writer.announced
        with self._lock:
            if self._writers.get(part.part_number) is not writer:
                raise SupersededError
            del self._writers[part.part_number]
            self._log(part.model_dump_json())
            self._parts[part.part_number] = part
            self._follow(part)
            if not self._sync_waits:
                self._sync_waits = True
                self._sync_pool.submit(self._sync_early)

    def seal(self, sha256: str) -> Path:
        """Check that everything is there and right; returns the durable file. Nothing can be written after it.

        Raises UploadIncompleteError (parts are missing, or were found damaged and forgotten), ChecksumMismatchError.
        """
        with self._lock:
            missing = self.part_count - len(self._parts)
            if missing:
                raise UploadIncompleteError(
                    say(
                        "{missing} of {count} parts have not arrived.",
                        one="1 of {count} parts has not arrived.",
                        missing=missing,
                        count=self.part_count,
                    )
                )
            self._closed = True
            for writer in self._writers.values():
                writer.close()
        synced = self._sync_pool.submit(sync_path, self.data_path)
        try:
            digest = self._hash.hexdigest(self.plan.size_bytes)
        except ValueError:
            raise StoppingError("the server is ending") from None
        synced.result()
        if digest != sha256:
            damaged = self._forget_damaged()
            if damaged:
                raise UploadIncompleteError(
                    say(
                        "{count} parts were damaged on the disk and are needed again.",
                        one="1 part was damaged on the disk and is needed again.",
                        count=damaged,
                    )
                )
            raise ChecksumMismatchError(
                say("The bytes that arrived do not have the SHA-256 that was announced.")
            )
        return self.data_path

    def stop(self) -> None:
        """The server ends: hash no more. What has arrived stays for the next start."""
        self._hash.stop()

    def remove(self) -> None:
        """Forget everything. Idempotent."""
        with self._lock:
            self._closed = True
            for writer in self._writers.values():
                writer.close()
            self._writers.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _forget_damaged(self) -> int:
        with self._lock, self.data_path.open("rb") as data:
            before = len(self._parts)
            for part in self.stored_parts():
                start = (part.part_number - 1) * self.plan.part_size_bytes
                if crc32_of_range(data.fileno(), start, part.size_bytes) != (part.crc32, part.size_bytes):
                    self._forget(part.part_number)
            self._closed = False
            return before - len(self._parts)

    def _forget(self, number: int) -> None:
        self._log(json.dumps({"part_number": number}))
        del self._parts[number]
        self._hash.restart()
        self._follow_parts()

    def _follow_parts(self) -> None:
        for part in self._parts.values():
            self._follow(part)

    def _follow(self, part: StoredPart) -> None:
        start = (part.part_number - 1) * self.plan.part_size_bytes
        self._hash.arrived(start, start + part.size_bytes)

    def _log(self, line: str) -> None:
        with full_is_said(), self._log_path.open("a", encoding="ascii") as log:
            log.write(f"{line}\n")

    def _load_parts(self) -> dict[int, StoredPart]:
        parts: dict[int, StoredPart] = {}
        if not self._log_path.exists():
            return parts
        text = self._log_path.read_text(encoding="ascii", errors="replace")
        for line in text.splitlines():
            try:
                fields = json.loads(line)
                number = int(fields["part_number"])
                if "crc32" in fields:
                    parts[number] = StoredPart.model_validate(fields)
                else:
                    parts.pop(number, None)
            except (ValueError, TypeError, KeyError):
                continue  # the line that was being written when the power went: that part is sent again
        if text and not text.endswith("\n"):
            self._log("")
        return {
            n: part
            for n, part in parts.items()
            if 1 <= n <= self.part_count and part.size_bytes == self.part_size(n)
        }

    def _sync_early(self) -> None:
        """Bring to the disk what has arrived, while more arrives. Failing here decides nothing: `seal` syncs again."""
        with self._lock:
            self._sync_waits = False
            if self._closed:
                return
        with self.data_path.open("rb+") as data:
            os.fsync(data.fileno())
