"""Signed URLs: whoever holds one may move exactly the bytes it names, until it expires, and nothing else.

Every field of a grant goes into an HMAC-SHA256: method, key or upload, part number, size, checksum, expiry and file name.
Changing any of them makes the signature wrong; signatures are compared in constant time.
"""

import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

__all__ = [
    "BLOBS_PATH",
    "BlobGrant",
    "GrantExpiredError",
    "PartGrant",
    "SignatureError",
    "Signer",
    "signing_key",
]

BLOBS_PATH = "/api/v1/blobs"
KEY_BYTES = 32


class SignatureError(Exception):
    """The URL is not one this server signed."""


class GrantExpiredError(Exception):
    """The URL was good once; a new one must be asked for."""


@dataclass(frozen=True)
class PartGrant:
    """Permission to PUT one part of one upload."""

    upload_id: str
    part_number: int
    size_bytes: int
    crc32: str
    expires: int

    def path(self) -> str:
        """The URL's path, from the server's root."""
        return f"{BLOBS_PATH}/uploads/{self.upload_id}/{self.part_number}"

    def query(self) -> dict[str, str]:
        """The fields that travel in the URL's query."""
        return {"size_bytes": str(self.size_bytes), "crc32": self.crc32, "expires": str(self.expires)}

    def message(self) -> bytes:
        """What is signed: one unambiguous line."""
        fields = ["PUT", self.upload_id, self.part_number, self.size_bytes, self.crc32, self.expires]
        return json.dumps(fields).encode("ascii")


@dataclass(frozen=True)
class BlobGrant:
    """Permission to GET or HEAD one blob, whole or in ranges."""

    key: str
    name: str
    expires: int

    def path(self) -> str:
        """The URL's path, from the server's root."""
        return f"{BLOBS_PATH}/{quote(self.key)}"

    def query(self) -> dict[str, str]:
        """The fields that travel in the URL's query."""
        return {"name": self.name, "expires": str(self.expires)}

    def message(self) -> bytes:
        """What is signed: one unambiguous line."""
        return json.dumps(["GET", self.key, self.name, self.expires]).encode("ascii")


class Signer:
    """Makes signed URLs and checks them, with one secret key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def url(self, grant: PartGrant | BlobGrant) -> str:
        """The grant as a URL relative to the server's root."""
        return f"{grant.path()}?{urlencode({**grant.query(), 'signature': self.signature(grant)})}"

    def signature(self, grant: PartGrant | BlobGrant) -> str:
        """HMAC-SHA256 of the grant, in hexadecimal."""
        return hmac.new(self._key, grant.message(), hashlib.sha256).hexdigest()

    def part_grant(self, upload_id: str, part_number: str, query: Mapping[str, str]) -> PartGrant:
        """The grant that a PUT's URL holds. Raises SignatureError, GrantExpiredError."""
        grant = PartGrant(
            upload_id,
            _whole_number(part_number),
            _whole_number(query.get("size_bytes", "")),
            query.get("crc32", ""),
            _whole_number(query.get("expires", "")),
        )
        self._check(grant, query)
        return grant

    def blob_grant(self, key: str, query: Mapping[str, str]) -> BlobGrant:
        """The grant that a GET's URL holds. Raises SignatureError, GrantExpiredError."""
        grant = BlobGrant(key, query.get("name", ""), _whole_number(query.get("expires", "")))
        self._check(grant, query)
        return grant

    def _check(self, grant: PartGrant | BlobGrant, query: Mapping[str, str]) -> None:
        given = query.get("signature", "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(given, self.signature(grant).encode("ascii")):
            raise SignatureError
        if grant.expires <= time.time():
            raise GrantExpiredError


def _whole_number(text: str) -> int:
    """One spelling a number: a URL that writes it otherwise is not the one that was signed."""
    if not text.isascii() or not text.isdigit() or len(text) > 18 or str(int(text)) != text:
        raise SignatureError
    return int(text)


def signing_key(path: Path) -> bytes:
    """The secret key in the 0600 file `path`, made on first use; of several that make it at once, one wins."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, secrets.token_bytes(KEY_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links: the last one wins, before any URL is signed
            draft.replace(path)
        draft.unlink(missing_ok=True)
        key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} does not hold a signing key; delete it and a new one is made")
    return key
