"""A whole run as one ZIP archive, an RO-Crate 1.1 with checksums, written as a stream; and what such an archive, which may come from
anyone, holds.

    ro-crate-metadata.json   what each file is, and by which action it was made (https://w3id.org/ro/crate/1.1)
    run.json                 the record (zerosec_shared.archives.RunRecord)
    methods.en.md, methods.ja.md
    manifest-sha256.txt      "SHA-256  path" of every other file, as `sha256sum -c` reads it
    inputs/SHA256            the run's own files
    jobs/NUMBER-STEP/PATH    what each job left, its log included

Guards against hostile archives: names are never used as paths, sizes are bounded before anything is unpacked, and a file counts only if its
checksum is the one of the record.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import JsonValue, ValidationError

from zerosec_server.steps.archive_directory import directory_bytes
from zerosec_server.storage.base import Storage, file_key
from zerosec_shared.archives import MethodsText, RunRecord
from zerosec_shared.files import InputFile
from zerosec_shared.texts import Said, say

__all__ = ["ArchiveError", "ArchivedRun", "archive_chunks", "open_archive", "own_files"]

RECORD, MANIFEST, CRATE = "run.json", "manifest-sha256.txt", "ro-crate-metadata.json"
MOST_RECORD_BYTES = 256 * 1024**2
MOST_FILES = 200_000
MOST_DIRECTORY_BYTES = 32 * 1024**2
STAMP = (1980, 1, 1, 0, 0, 0)
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a damaged archive raises, of one that is stored or deflated."""
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
CONFORMS = "https://w3id.org/ro/crate/1.1"


class ArchiveError(Exception):
    """It is no archive of a run, or a damaged one."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Blob:
    path: str
    key: str
    sha256: str
    size_bytes: int
    name: str
    media_type: str = "application/octet-stream"


def own_files(record: RunRecord) -> dict[str, InputFile]:
    """The run's own files, now and of all its jobs, by SHA-256."""
    slots = [*record.run.inputs.values(), *(s for found in record.jobs for s in found.job.inputs.values())]
    return {file.sha256: file for slot in slots for file in slot if file.made_by is None}


def folders_of(record: RunRecord) -> dict[str, str]:
    """The folder of each job in the archive, by the job's id."""
    return {
        str(found.job.id): f"jobs/{number:03d}-{found.job.step}"
        for number, found in enumerate(record.jobs, start=1)
    }


class _Sink(io.RawIOBase):
    """What ZipFile writes to: keeps nothing but what was not taken yet."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        taken = bytes(data)  # type: ignore[call-overload]
        self._held += taken
        return len(taken)

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


def archive_chunks(
    record: RunRecord, methods: MethodsText, storage: Storage, keys: Mapping[tuple[str, str], str]
) -> Iterator[bytes]:
    """The archive as a stream of bytes at bounded memory. `keys` tells where artifacts lie, by job and path. Blocks."""
    blobs = _blobs(record, storage, keys)
    texts = {RECORD: record.model_dump_json(indent=1).encode()}
    for language, paragraph in methods.paragraphs.items():
        sources = "\n".join(f"- {c.text} {c.doi or c.url}".rstrip() for c in methods.citations)
        texts[f"methods.{language}.md"] = f"{paragraph}\n\n{sources}\n".encode()
    texts[CRATE] = json.dumps(_crate(record, blobs, list(texts)), ensure_ascii=False, indent=1).encode()
    sums = {path: hashlib.sha256(text).hexdigest() for path, text in texts.items()}
    sums |= {blob.path: blob.sha256 for blob in blobs}
    texts[MANIFEST] = "".join(f"{sha256}  {path}\n" for path, sha256 in sums.items()).encode()
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for path, text in texts.items():
            archive.writestr(zipfile.ZipInfo(path, STAMP), text)
            yield sink.take()
        for blob in blobs:
            with archive.open(zipfile.ZipInfo(blob.path, STAMP), "w", force_zip64=True) as entry:
                for chunk in storage.read(blob.key):
                    entry.write(chunk)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _blobs(record: RunRecord, storage: Storage, keys: Mapping[tuple[str, str], str]) -> list[_Blob]:
    found = []
    for sha256, file in own_files(record).items():
        size = storage.size(file_key(sha256))
        if size is not None:
            found.append(_Blob(f"inputs/{sha256}", file_key(sha256), sha256, size, file.name))
    folders = folders_of(record)
    for job in record.jobs:
        for artifact in job.artifacts:
            key = keys.get((str(job.job.id), artifact.path))
            if key is not None and storage.size(key) == artifact.size_bytes:
                path = f"{folders[str(job.job.id)]}/{artifact.path}"
                name = artifact.path.rpartition("/")[2]
                found.append(
                    _Blob(path, key, artifact.sha256, artifact.size_bytes, name, artifact.media_type)
                )
    return found


def _crate(record: RunRecord, blobs: list[_Blob], texts: list[str]) -> dict[str, JsonValue]:
    """The metadata: a root data set, a file entity each, a program each, and an action a job."""
    run, folders = record.run, folders_of(record)
    here = {blob.path for blob in blobs}
    parts: list[JsonValue] = [_at(path) for path in [*texts, *(blob.path for blob in blobs)]]
    actions: list[JsonValue] = []
    software: dict[str, JsonValue] = {
        "#analysis": {
            "@id": "#analysis",
            "@type": "SoftwareApplication",
            "name": run.analysis,
            "softwareVersion": run.analysis_version,
        }
    }
    for found in record.jobs:
        job, folder = found.job, folders[str(found.job.id)]
        read: list[JsonValue] = []
        for files in job.inputs.values():
            for file in files:
                made = file.made_by
                path = (
                    f"inputs/{file.sha256}"
                    if made is None
                    else f"{folders.get(str(made.job_id), '?')}/{made.path}"
                )
                if path in here:
                    read.append(_at(path))
        instruments: list[JsonValue] = [{"@id": "#analysis"}]
        for ran in job.ran:
            known = f"#program-{ran.program}-{ran.version}"
            software[known] = {
                "@id": known,
                "@type": "SoftwareApplication",
                "name": ran.program,
                "softwareVersion": ran.version,
            }
            if {"@id": known} not in instruments:
                instruments.append({"@id": known})
        left = [f"{folder}/{artifact.path}" for artifact in found.artifacts]
        actions.append(
            {
                "@id": f"#job-{job.id}",
                "@type": "CreateAction",
                "name": job.step,
                "description": "; ".join(" ".join(ran.arguments) for ran in job.ran),
                "agent": {"@id": "#owner"},
                "instrument": instruments,
                "object": read,
                "result": [_at(path) for path in left if path in here],
                "startTime": None if job.started_at is None else job.started_at.isoformat(),
                "endTime": None if job.ended_at is None else job.ended_at.isoformat(),
                "actionStatus": "http://schema.org/CompletedActionStatus"
                if job.status.value == "succeeded"
                else "http://schema.org/FailedActionStatus",
            }
        )
    of_texts: list[JsonValue] = [
        {**_at(path), "@type": "File", "name": path} for path in texts if path != CRATE
    ]
    of_blobs: list[JsonValue] = [
        {
            **_at(blob.path),
            "@type": "File",
            "name": blob.name,
            "contentSize": str(blob.size_bytes),
            "encodingFormat": blob.media_type,
            "sha256": blob.sha256,
        }
        for blob in blobs
    ]
    graph: list[JsonValue] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": CONFORMS},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": run.name,
            "description": f"A run of {run.analysis} {run.analysis_version} with its inputs, settings, logs and results.",
            "datePublished": record.exported_at.isoformat(),
            "license": "Not stated: ask the owner of the data.",
            "hasPart": [part for part in parts if part != {"@id": CRATE}],
            "mentions": [{"@id": f"#job-{found.job.id}"} for found in record.jobs],
        },
        {"@id": "#owner", "@type": "Person", "name": run.owner},
        *software.values(),
        *of_texts,
        *of_blobs,
        *actions,
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _at(path: str) -> dict[str, JsonValue]:
    """A reference to a file: an address relative to the crate, in which blanks, # and letters beyond ASCII are written as %XX."""
    return {"@id": quote(path)}


class ArchivedRun:
    """An archive or a configuration that was opened and is understood; `record` is what it says."""

    def __init__(self, record: RunRecord, archive: zipfile.ZipFile | None) -> None:
        self.record, self._archive = record, archive

    def take_out(self, sha256: str, destination: Path, most_bytes: int) -> bool:
        """Write an input of the run to a new file; False if the archive does not hold it. Raises ArchiveError, OSError."""
        if self._archive is None:
            return False
        try:
            entry = self._archive.getinfo(f"inputs/{sha256}")
        except KeyError:
            return False
        _check_method(entry)
        if entry.file_size > most_bytes:
            raise ArchiveError(say("a file in it is larger than the server stores"))
        seen, left = hashlib.sha256(), entry.file_size
        try:
            with self._archive.open(entry) as source, destination.open("xb") as target:
                while chunk := source.read(1 << 20):
                    left -= len(chunk)
                    if left < 0:
                        raise ArchiveError(say("a file in it is larger than it says"))
                    seen.update(chunk)
                    target.write(chunk)
        except UNREADABLE as damaged:
            raise ArchiveError(say("it is damaged")) from damaged
        if seen.hexdigest() != sha256:
            raise ArchiveError(say("a file in it is not the one that its record names"))
        return True

    def close(self) -> None:
        """Close the file."""
        if self._archive is not None:
            self._archive.close()


def open_archive(path: Path) -> ArchivedRun:
    """Read an archive's, or a configuration's, record. Raises ArchiveError."""
    if not zipfile.is_zipfile(path):
        if path.stat().st_size > MOST_RECORD_BYTES:
            raise ArchiveError(say("it is neither an archive nor a configuration of a run"))
        return ArchivedRun(_record(path.read_bytes), None)
    if directory_bytes(path) > MOST_DIRECTORY_BYTES:
        raise ArchiveError(say("it holds too many files"))
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as damaged:
        raise ArchiveError(say("it is damaged")) from damaged
    try:
        if len(archive.infolist()) > MOST_FILES:
            raise ArchiveError(say("it holds too many files"))
        entry = archive.getinfo(RECORD)
        _check_method(entry)
        if entry.file_size > MOST_RECORD_BYTES:
            raise ArchiveError(say("its record is too large"))
        return ArchivedRun(_record(lambda: archive.read(entry)), archive)
    except KeyError as missing:
        archive.close()
        raise ArchiveError(say("it holds no record of a run")) from missing
    except UNREADABLE as damaged:
        archive.close()
        raise ArchiveError(say("it is damaged")) from damaged
    except ArchiveError:
        archive.close()
        raise


def _check_method(entry: zipfile.ZipInfo) -> None:
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ArchiveError(say("it is damaged"))


def _record(read: Callable[[], bytes]) -> RunRecord:
    try:
        return RunRecord.model_validate_json(read())
    except ValidationError as wrong:
        raise ArchiveError(say("it holds no record of a run that this version understands")) from wrong
