"""What kind of file an artifact is, by its name: for the browser that gets it, and for the page that lists it."""

import mimetypes
from pathlib import Path

from zerosec_shared.runs import ArtifactRole

__all__ = ["guessed_role", "media_type"]


def media_type(path: str) -> str:
    """The media type by file name ending."""
    known = {".parquet": "application/vnd.apache.parquet", ".md": "text/markdown"}
    return known.get(Path(path).suffix.lower()) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def guessed_role(path: str) -> ArtifactRole:
    """The role of a file nobody declared, by its ending."""
    endings = {
        ArtifactRole.TABLE: {".csv", ".tsv", ".xlsx", ".parquet"},
        ArtifactRole.PLOT: {".png", ".svg", ".pdf"},
        ArtifactRole.REPORT: {".html", ".md"},
        ArtifactRole.LOG: {".log"},
    }
    suffix = Path(path).suffix.lower()
    return next((role for role, known in endings.items() if suffix in known), ArtifactRole.OTHER)
