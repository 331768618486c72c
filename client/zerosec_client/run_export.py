"""Writes an export of a run to a file: whole or not at all."""

from pathlib import Path
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.transfer.local import told_in_words

__all__ = ["export_to"]


async def export_to(api: Api, run_id: UUID, destination: Path, content: str = "everything") -> int:
    """Write it, replacing what is there once all of it has come; its size in bytes. Raises LocalFileError and what the server says."""
    part = destination.with_name(f".{destination.name}.part")
    try:
        with told_in_words(destination, writing=True):
            with part.open("wb") as file:
                size = await api.export_run(run_id, content, file.write)
            part.replace(destination)
    finally:
        part.unlink(missing_ok=True)
    return size
