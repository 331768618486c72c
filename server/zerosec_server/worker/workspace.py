"""The folder of one attempt: inputs, output, scratch, what the child is told, its log, and what it leaves.

    {workspaces}/{job id}/{attempt}/  job.json  log.txt  finish-early  programs.json  outcome.json  finish.json  inputs/  output/  scratch/

`finish-early` is an empty file that appears once the user asks the job to end soon with the result it has by then.

`programs.json` is an outcome without a result: the programs that ran so far, for a job that ends badly.

`finish.json` holds the whole end of the attempt once its artifacts are durable: a worker that is killed before the database has
the end leaves it to the next one, which adopts it under the same fence, so that no finished work is done twice.
"""

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from zerosec_analyses.sdk import Outcome
from zerosec_server.storage.base import NoSuchBlobError, Storage, file_key
from zerosec_server.worker.order import JobOrder, OrderedInput
from zerosec_shared.contract import RelativePath
from zerosec_shared.files import InputFile

__all__ = [
    "FINISH_EARLY_NAME",
    "RECORD_NAME",
    "LeftFile",
    "OutputTooLargeError",
    "Workspace",
    "empty_job_folders",
    "workspaces_below",
]

OUTCOME_BYTES = 256 * 1024**2
SUFFIX = re.compile(r"(\.[A-Za-z0-9]{1,10}){1,2}$")
LOG_NAME = "log.txt"
FINISH_EARLY_NAME = "finish-early"
RECORD_NAME = "programs.json"
_relative_paths: TypeAdapter[str] = TypeAdapter(RelativePath)


class OutputTooLargeError(Exception):
    """There is more output than a job may leave; the message says what."""


class LeftFile:
    """A file in the output folder: its relative path, where it lies, its size."""

    __slots__ = ("path", "size_bytes", "source")

    def __init__(self, path: str, source: Path, size_bytes: int) -> None:
        self.path, self.source, self.size_bytes = path, source, size_bytes


class Workspace:
    """One attempt's folder."""

    def __init__(self, root: Path, job_id: str, attempt: int) -> None:
        self.job_id, self.attempt = job_id, attempt
        self.path = root / job_id / str(attempt)
        self.output = self.path / "output"
        self.log = self.path / LOG_NAME
        self.finish_record = self.path / "finish.json"

    def prepare(
        self,
        order: JobOrder,
        inputs: Mapping[str, tuple[InputFile, ...]],
        storage: Storage,
        source_keys: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ) -> None:
        """Make the folders, bring the inputs and write the order. `source_keys` tells where those lie that earlier jobs have made.

        Raises StorageError and OSError.
        """
        self._make_folder()
        for name in ("output", "scratch", *(["inputs"] if inputs else [])):
            (self.path / name).mkdir(mode=0o700)
        ordered = {
            slot: tuple(
                self._bring(slot, number, file, storage, source_keys) for number, file in enumerate(files)
            )
            for slot, files in inputs.items()
        }
        told = order.model_copy(update={"inputs": ordered})
        (self.path / "job.json").write_bytes(told.model_dump_json().encode())

    def _make_folder(self) -> None:
        """Make the attempt's folder, empty."""
        while True:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                self.path.mkdir(mode=0o700)
            except FileExistsError:
                shutil.rmtree(self.path)
            except FileNotFoundError:  # the job's folder went with an earlier attempt this moment
                continue
            else:
                return

    def _bring(
        self,
        slot: str,
        number: int,
        file: InputFile,
        storage: Storage,
        source_keys: Mapping[tuple[str, str], str],
    ) -> OrderedInput:
        # Programs look at name endings; nothing else of a name from outside may become part of a path.
        ending = SUFFIX.search(file.name)
        destination = self.path / "inputs" / f"{slot}-{number}{ending.group() if ending else ''}"
        made_by = file.made_by
        if made_by is None:
            storage.fetch(file_key(file.sha256), destination)
        else:
            key = source_keys.get((str(made_by.job_id), made_by.path))
            if key is None:
                raise NoSuchBlobError(made_by.path)
            storage.fetch(key, destination)
        return OrderedInput(
            path=str(destination),
            name=file.name,
            sha256=file.sha256,
            dialect=file.dialect,
            origin=file.origin,
            registered=file.registered,
            made_by=made_by,
        )

    def ask_to_finish(self) -> None:
        """Tell the job, by a file, to end soon with what it has. Idempotent; follows no link. Raises OSError."""
        with suppress(FileExistsError):
            os.close(os.open(self.path / FINISH_EARLY_NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def outcome(self) -> Outcome | None:
        """What the child has left; None if nothing. Raises ValueError for what is no outcome."""
        return self._outcome_at("outcome.json")

    def record(self) -> Outcome | None:
        """Which programs have run so far, as an outcome without a result; None if none or if it cannot be read."""
        try:
            return self._outcome_at(RECORD_NAME)
        except (OSError, ValueError):
            return None

    def _outcome_at(self, name: str) -> Outcome | None:
        place = self.path / name
        try:
            if place.is_symlink() or place.stat().st_size > OUTCOME_BYTES:
                raise ValueError("the outcome is not a file of reasonable size")
            return Outcome.model_validate_json(place.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as wrong:
            raise ValueError(wrong.errors(include_url=False, include_input=False)[0]["msg"]) from wrong

    def left_files(self, most_bytes: int, most_files: int) -> tuple[list[LeftFile], list[str]]:
        """The regular files of the output folder in order of their paths, and the names of what is left out: links, pipes,
        and names that are no text. Raises OutputTooLargeError.
        """
        kept: list[LeftFile] = []
        left_out: list[str] = []
        total = 0
        for relative, entry in _walk(self.output, PurePosixPath()):
            name = relative.as_posix()
            if not entry.is_file(follow_symlinks=False) or not _presentable(name):
                left_out.append(name.encode("utf-8", "backslashreplace").decode()[:500])
                continue
            size = entry.stat(follow_symlinks=False).st_size
            total += size
            if total > most_bytes:
                raise OutputTooLargeError(f"It left more than {most_bytes:,} bytes of results.")
            if len(kept) >= most_files:
                raise OutputTooLargeError(f"It left more than {most_files:,} files.")
            kept.append(LeftFile(_free_name(name), Path(entry.path), size))
        kept.sort(key=lambda file: file.path)
        return kept, left_out

    def write_finish_record(self, text: str) -> None:
        """Keep the end of the attempt, by rename: a torn one is never seen. Where the disk is full there is none: a worker that is killed
        before the database has the end then leaves the work to be done once more.
        """
        draft = self.finish_record.with_suffix(".part")
        try:
            draft.write_bytes(text.encode())
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            draft.unlink(missing_ok=True)
            return
        draft.rename(self.finish_record)

    def remove(self) -> bool:
        """Delete the folder, and the job's when it was the last. False if some of it is left: for the next sweep."""
        shutil.rmtree(self.path, ignore_errors=True)
        with suppress(OSError):
            self.path.parent.rmdir()
        return not self.path.exists()


def _presentable(name: str) -> bool:
    try:
        name.encode()
        _relative_paths.validate_python(name)
    except (UnicodeEncodeError, ValidationError):
        return False
    return True


def _free_name(name: str) -> str:
    """The job's own log has the name log.txt."""
    return "log-of-analysis.txt" if name == LOG_NAME else name


def _walk(folder: Path, relative: PurePosixPath) -> Iterator[tuple[PurePosixPath, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path), relative / entry.name)
            else:
                yield relative / entry.name, entry


def workspaces_below(root: Path) -> Iterator[Workspace]:
    """All workspaces that exist."""
    if not root.is_dir():
        return
    for job in root.iterdir():
        attempts: list[Path] = []
        with suppress(FileNotFoundError, NotADirectoryError):  # another removes it this moment
            attempts.extend(job.iterdir())
        for attempt in attempts:
            if attempt.name.isdecimal():
                yield Workspace(root, job.name, int(attempt.name))


def empty_job_folders(root: Path) -> set[str]:
    """The ids of jobs whose folder holds no attempt."""
    if not root.is_dir():
        return set()
    empty = set()
    for job in root.iterdir():
        with suppress(FileNotFoundError, NotADirectoryError):  # another removes it this moment
            if next(job.iterdir(), None) is None:
                empty.add(job.name)
    return empty
