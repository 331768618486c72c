"""Writes a file that a user saves: whole or not at all, so that a full disk takes nothing that was there before."""

from pathlib import Path

__all__ = ["write_whole"]


def write_whole(target: Path, data: bytes) -> Path:
    """Write it, replacing what is there once all of it is on the disk; in a thread. Raises LocalFileError, in words."""
    from zerosec_client.transfer.local import told_in_words

    part = target.with_name(f".{target.name}.part")
    with told_in_words(target, writing=True):
        try:
            part.write_bytes(data)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target
