"""An exported run as a file of this computer, which may come from anyone: its record, and which of its files are not what the record says.

Guards against a verdict on files that were changed or damaged after the export, and against archives made to fill memory or disk: nothing
is read that is larger than it may be.
"""

import hashlib
import zipfile
import zlib
from pathlib import Path

from zerosec_client.chosen_files import local_input
from zerosec_client.errors import LocalFileError
from zerosec_shared.archives import RunRecord
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import say

__all__ = ["damaged_files", "place_of", "read_record"]

MOST_RECORD_BYTES = 256 * 1024**2
CHUNK = 1 << 20
READABLE = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a damaged archive raises, of one that is stored or deflated."""


def read_record(path: Path) -> RunRecord:
    """What an archive says of itself. Raises LocalFileError."""
    local_input(path)
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo("run.json")
            if entry.file_size > MOST_RECORD_BYTES or entry.compress_type not in READABLE:
                raise zipfile.BadZipFile("this is no record")
            return RunRecord.model_validate_json(archive.read(entry))
    except (*UNREADABLE, KeyError) as wrong:
        raise LocalFileError(
            say("{path} is no archive of a run.", path=path),
            "Only an export of everything can be verified.",
            "Make one with “zerosec export RUN --out FILE”.",
        ) from wrong


def place_of(number: int, step: str, path: str) -> str:
    """Where a file that a job left lies in the archive; jobs are numbered from 1 in the order of the record."""
    return f"jobs/{number:03d}-{step}/{path}"


def damaged_files(path: Path, record: RunRecord) -> frozenset[str]:
    """The places of those files of the archive whose bytes are not the ones its record names. Blocks."""
    found = set()
    with zipfile.ZipFile(path) as archive:
        for number, known in enumerate(record.jobs, start=1):
            for artifact in known.artifacts:
                place = place_of(number, known.job.step, artifact.path)
                entry = archive.NameToInfo.get(place)
                if entry is None or artifact.role is ArtifactRole.LOG:
                    continue
                if entry.file_size != artifact.size_bytes or _sha256(archive, entry) != artifact.sha256:
                    found.add(place)
    return frozenset(found)


def _sha256(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """Empty if it cannot be read."""
    if entry.compress_type not in READABLE:
        return ""
    seen = hashlib.sha256()
    try:
        with archive.open(entry) as file:
            while chunk := file.read(CHUNK):
                seen.update(chunk)
    except UNREADABLE:
        return ""
    return seen.hexdigest()
