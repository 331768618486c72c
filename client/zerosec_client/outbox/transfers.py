"""What is remembered of transfers: which upload a file was being sent by, and the SHA-256 of files that were hashed."""

import time

from zerosec_client.fingerprint import Fingerprint
from zerosec_client.outbox.store import Store

__all__ = ["TargetRecord"]

SETTLED_NS = 1_000_000_000


def _key(fingerprint: Fingerprint) -> tuple[str, str, str, int, int, int]:
    # A device or inode number may need all 64 bits, more than SQLite's signed integers hold.
    return (
        fingerprint.path,
        str(fingerprint.device),
        str(fingerprint.inode),
        fingerprint.size_bytes,
        fingerprint.modified_ns,
        fingerprint.changed_ns,
    )


class TargetRecord:
    """The TransferRecord of one target."""

    def __init__(self, store: Store, target: str) -> None:
        self._store, self._target = store, target

    def remember_upload(self, fingerprint: Fingerprint, upload_id: str) -> None:
        """An upload of this file was opened; it replaces an earlier one of the same path."""
        with self._store.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO uploads VALUES (?,?,?,?,?,?,?,?)",
                (self._target, *_key(fingerprint), upload_id),
            )

    def find_upload(self, fingerprint: Fingerprint) -> str | None:
        """The upload that was opened for exactly this state of the file."""
        sql = (
            "SELECT upload_id FROM uploads WHERE target=? AND path=? AND device=? AND inode=?"
            " AND size_bytes=? AND modified_ns=? AND changed_ns=?"
        )
        rows = self._store.read(sql, (self._target, *_key(fingerprint)))
        return rows[0][0] if rows else None

    def forget_upload(self, fingerprint: Fingerprint) -> None:
        """The upload is complete, or unknown to the server."""
        with self._store.writing() as connection:
            connection.execute(
                "DELETE FROM uploads WHERE target=? AND path=?", (self._target, fingerprint.path)
            )

    def remember_hash(self, fingerprint: Fingerprint, sha256: str) -> None:
        """Remember a file's SHA-256, unless the file is so young that a change might leave no trace in its times."""
        if time.time_ns() - max(fingerprint.modified_ns, fingerprint.changed_ns) < SETTLED_NS:
            return
        with self._store.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO hashes VALUES (?,?,?,?,?,?,?)", (*_key(fingerprint), sha256)
            )

    def find_hash(self, fingerprint: Fingerprint) -> str | None:
        """The SHA-256, if this state of the file was hashed before."""
        sql = (
            "SELECT sha256 FROM hashes WHERE path=? AND device=? AND inode=?"
            " AND size_bytes=? AND modified_ns=? AND changed_ns=?"
        )
        rows = self._store.read(sql, _key(fingerprint))
        return rows[0][0] if rows else None
