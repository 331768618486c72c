"""Ids made by whoever creates a thing, before it is sent: UUID version 7, sortable by time."""

import os
import time
import uuid
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

__all__ = ["Id", "Sha256", "new_id"]


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= ((random_bits >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return uuid.UUID(int=value)


def _is_version_7(value: UUID) -> UUID:
    if value.version != 7:
        raise ValueError("ids are UUIDs of version 7")
    return value


def _is_sha256(value: str) -> str:
    if len(value) != 64 or any(c not in "0123456789abcdef" for c in value):
        raise ValueError("a SHA-256 is written as 64 lower-case hexadecimal digits")
    return value


Id = Annotated[UUID, AfterValidator(_is_version_7)]
"""The id of a run or a job: UUIDv7, made by the client and persisted before it is sent."""

Sha256 = Annotated[str, AfterValidator(_is_sha256)]
"""64 lower-case hexadecimal digits."""
