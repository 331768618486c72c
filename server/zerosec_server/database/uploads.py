"""Stored files and open uploads, as rows."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, delete, exists, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from zerosec_server.database.connection import db_now
from zerosec_server.database.tables import (
    artifacts,
    files,
    job_inputs,
    jobs,
    run_inputs,
    runs,
    shared_references,
    uploads,
)
from zerosec_shared.files import FileRecord

__all__ = [
    "StoredArtifact",
    "Upload",
    "collect_files",
    "complete_upload",
    "create_upload",
    "expired_uploads",
    "find_artifact",
    "find_file",
    "find_upload",
    "forget_upload",
    "prolong_upload",
    "record_file",
    "renew_file",
]


@dataclass(frozen=True)
class Upload:
    """An upload as it was asked for, and what became of it."""

    id: str
    size_bytes: int
    part_size_bytes: int
    sha256: str | None
    completed_sha256: str | None
    remaining_s: float

    @property
    def part_count(self) -> int:
        """How many parts there are; 0 for an empty file."""
        return -(-self.size_bytes // self.part_size_bytes)


@dataclass(frozen=True)
class StoredArtifact:
    """Where an artifact's bytes are."""

    storage_key: str
    size_bytes: int
    sha256: str


def find_file(connection: Connection, sha256: str) -> FileRecord | None:
    """A stored file."""
    row = connection.execute(select(files).where(files.c.sha256 == sha256)).one_or_none()
    return None if row is None else _file(row)


def renew_file(connection: Connection, sha256: str) -> FileRecord | None:
    """Somebody brings a stored file again: it counts as stored now. None if it is not stored any more."""
    connection.execute(update(files).where(files.c.sha256 == sha256).values(created_at=db_now()))
    return find_file(connection, sha256)


def collect_files(connection: Connection, older_than_s: float, at_most: int = 1000) -> list[str]:
    """Forget files that are so old and that no run, job or upload refers to; returns their SHA-256. A deleted run counts no more.

    Write transactions come one after another: a submit that names such a file keeps it, or finds it missing.
    """
    deleted = select(runs.c.id).where(runs.c.deleted_at.is_not(None))
    connection.execute(delete(run_inputs).where(run_inputs.c.run_id.in_(deleted)))
    of_deleted = select(jobs.c.id).where(jobs.c.run_id.in_(deleted))
    connection.execute(delete(job_inputs).where(job_inputs.c.job_id.in_(of_deleted)))
    unused = (
        select(files.c.sha256)
        .where(
            files.c.created_at < db_now() - older_than_s,
            ~exists().where(run_inputs.c.sha256 == files.c.sha256),
            ~exists().where(job_inputs.c.sha256 == files.c.sha256),
            ~exists().where(uploads.c.completed_sha256 == files.c.sha256),
            ~exists().where(shared_references.c.sha256 == files.c.sha256),
        )
        .limit(at_most)
    )
    gone = list(connection.scalars(unused))
    connection.execute(delete(files).where(files.c.sha256.in_(gone)))
    return gone


def create_upload(
    connection: Connection,
    *,
    upload_id: str,
    owner: str,
    name: str,
    size_bytes: int,
    sha256: str | None,
    part_size_bytes: int,
    ttl_s: float,
) -> None:
    """Record an upload before anything of it is on the disk."""
    connection.execute(
        insert(uploads).values(
            id=upload_id,
            owner=owner,
            name=name,
            size_bytes=size_bytes,
            sha256=sha256,
            part_size_bytes=part_size_bytes,
            created_at=db_now(),
            expires_at=db_now() + ttl_s,
        )
    )


def find_upload(connection: Connection, owner: str, upload_id: str) -> Upload | None:
    """An upload of this owner."""
    row = connection.execute(
        select(uploads, (uploads.c.expires_at - db_now()).label("remaining_s")).where(
            uploads.c.id == upload_id, uploads.c.owner == owner
        )
    ).one_or_none()
    if row is None:
        return None
    return Upload(
        id=row.id,
        size_bytes=row.size_bytes,
        part_size_bytes=row.part_size_bytes,
        sha256=row.sha256,
        completed_sha256=row.completed_sha256,
        remaining_s=row.remaining_s,
    )


def prolong_upload(connection: Connection, upload_id: str, ttl_s: float) -> None:
    """An upload that goes on is not collected."""
    connection.execute(update(uploads).where(uploads.c.id == upload_id).values(expires_at=db_now() + ttl_s))


def complete_upload(connection: Connection, upload_id: str, sha256: str, size_bytes: int) -> FileRecord:
    """The file exists: record it, and that this upload made it."""
    connection.execute(update(uploads).where(uploads.c.id == upload_id).values(completed_sha256=sha256))
    return record_file(connection, sha256, size_bytes)


def record_file(connection: Connection, sha256: str, size_bytes: int) -> FileRecord:
    """The file exists: record it. One that was recorded before counts as stored now."""
    connection.execute(
        insert_or_ignore(files)
        .values(sha256=sha256, size_bytes=size_bytes, created_at=db_now())
        .on_conflict_do_update(index_elements=[files.c.sha256], set_={"created_at": db_now()})
    )
    return _file(connection.execute(select(files).where(files.c.sha256 == sha256)).one())


def forget_upload(connection: Connection, upload_id: str) -> None:
    """Delete an upload's row."""
    connection.execute(delete(uploads).where(uploads.c.id == upload_id))


def expired_uploads(connection: Connection) -> list[str]:
    """Uploads that nobody went on with for too long; completed ones too, whose answer nobody asks for any more."""
    return list(connection.scalars(select(uploads.c.id).where(uploads.c.expires_at < db_now())))


def find_artifact(connection: Connection, owner: str, job_id: str, path: str) -> StoredArtifact | None:
    """An artifact of a job of this owner."""
    row = connection.execute(
        select(artifacts.c.storage_key, artifacts.c.size_bytes, artifacts.c.sha256)
        .join(jobs, jobs.c.id == artifacts.c.job_id)
        .where(artifacts.c.job_id == job_id, artifacts.c.path == path, jobs.c.owner == owner)
    ).one_or_none()
    return None if row is None else StoredArtifact(row.storage_key, row.size_bytes, row.sha256)


def _file(row: Row[tuple[object, ...]]) -> FileRecord:
    return FileRecord(
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
    )
