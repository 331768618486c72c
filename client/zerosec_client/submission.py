"""A submission from the user's wish to the results in their folder; each step can be done again after a crash at any point.

`intend` writes the wish down, `submit` brings it to the server (uploads, freezes the request, posts it), `bring_back`
fetches what the job produced. It guards against a wish lost between *Run* and the server's answer, against a second job
for one wish, and against running a file that is not the one the user chose.
"""

import asyncio
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from filelock import FileLock, Timeout
from pydantic import ValidationError

from zerosec_client.api import Api
from zerosec_client.errors import (
    ConflictError,
    FileRefusedError,
    LocalFileError,
    ModeDisabledError,
    NoSpaceLeftError,
    NotFoundError,
    OutboxError,
    ServerProblemError,
    UsageError,
    ValidationFailedError,
)
from zerosec_client.executing import execute_step
from zerosec_client.fingerprint import Fingerprint
from zerosec_client.outbox import Intent, LocalInput, Outbox, State
from zerosec_client.transfer import FileChangedError, TransferProgress, download, inside, upload
from zerosec_shared.causes import cause
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import DownloadRequest, InputFile
from zerosec_shared.runs import Artifact, JobCreate, JobState, RunCreate
from zerosec_shared.texts import say, translated

__all__ = [
    "REGISTERED_SIGN",
    "ChangedFileError",
    "HeldError",
    "UnfitSubmissionError",
    "bring_back",
    "check_intent",
    "hold",
    "local_input",
    "registered_input",
    "submit",
    "upload_all",
]

REGISTERED_SIGN = "@"
"""Before the name of a registered reference, where a file may stand too."""
TOGETHER = 4
NAME_LENGTH = 200
LONGEST_ENDING = 20
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
WORTH_ASKING_BYTES = 8 * 2**20
ANY_SHA256 = "0" * 64


class ChangedFileError(LocalFileError):
    """The file is not the one that was chosen."""

    code = "file_changed"


class UnfitSubmissionError(UsageError):
    """No server could take this: a name, a tag or a parameter is not one."""


REFUSALS = (
    ValidationFailedError,
    NotFoundError,
    FileRefusedError,
    ConflictError,
    ModeDisabledError,
    UnfitSubmissionError,
)


class HeldError(OutboxError):
    """Another program of this user is at work on this submission."""

    code = "held"


def local_input(path: Path) -> LocalInput:
    """A file as it is now; LocalFileError says what is wrong with it."""
    if not _is_text(str(path.absolute())):
        shown = str(path).encode(errors="replace").decode()
        raise LocalFileError(
            say("The name of the file {shown} or of one of its folders is no valid text.", shown=shown),
            "It was perhaps written on a system with another encoding, and could not be recorded with the results.",
            "Rename it and try again.",
        )
    try:
        seen = Fingerprint.of(path)
        if path.is_dir():
            raise LocalFileError(say("{path} is a folder, and a file is needed.", path=path))
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise LocalFileError(
            say("There is no file {path}.", path=path), hint="Check the name and the folder."
        ) from error
    except PermissionError as error:
        raise LocalFileError(
            say("You have no right to read {path}.", path=path),
            hint="Change its permissions, or take a copy you may read.",
        ) from error
    except OSError as error:
        raise LocalFileError(say("{path} cannot be read: {cause}.", path=path, cause=cause(error))) from error
    return LocalInput(
        path=seen.path,
        name=_shown_name(path.name),
        size_bytes=seen.size_bytes,
        modified_ns=seen.modified_ns,
    )


def registered_input(file: InputFile) -> LocalInput:
    """A registered reference as an input: it lies on the server, and nothing is sent. ValueError for a file that is none."""
    if file.registered is None:
        raise ValueError(f"{file.name} is not registered")
    return LocalInput(
        path=REGISTERED_SIGN + file.registered.name,
        name=file.name,
        size_bytes=0,
        modified_ns=0,
        copy_of=file,
        stored=True,
    )


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown_name(name: str) -> str:
    """A file's name as it is recorded: one line, and not longer than names may be; the ending stays."""
    line = CONTROL.sub("_", name)
    if len(line) <= NAME_LENGTH:
        return line
    ending = Path(line).suffix[:LONGEST_ENDING]
    return f"{line[: NAME_LENGTH - len(ending) - 1]}…{ending}"


def check_intent(intent: Intent) -> None:
    """Whether a server could take this at all, before anything is written down or sent. Raises UnfitSubmissionError."""
    try:
        files = {
            slot: tuple(InputFile(sha256=ANY_SHA256, name=file.name, dialect=file.dialect) for file in chosen)
            for slot, chosen in intent.inputs.items()
        }
        _request(intent, files).model_dump_json()
        intent.model_dump_json()
    except ValidationError as error:
        raise _unfit(error) from error
    except ValueError as error:  # what JSON cannot hold: half characters of another encoding
        raise UnfitSubmissionError(
            "A name or a parameter holds signs that are no valid text.",
            hint="Write it again; your terminal may use another encoding than UTF-8.",
        ) from error


def _unfit(error: ValidationError) -> UnfitSubmissionError:
    first = error.errors(include_url=False, include_input=False)[0]
    place = [str(part) for part in first["loc"]]
    subject = say("The submission")
    if "tags" in place:
        subject = say("A tag") if place[-1] != "tags" else say("The list of tags")
    elif place[-1:] == ["name"]:
        subject = say("The name of a file") if error.title == "InputFile" else say("The name of the run")
    reasons = {
        "string_pattern_mismatch": say("It holds a line break, another control character, or no valid text."),
        "string_too_short": say("It is empty."),
        "string_too_long": say("It has more than {most} characters.", most=NAME_LENGTH),
        "too_long": say("It has too many entries; 50 are the most."),
    }
    detail = reasons.get(first["type"]) or f"{'.'.join(place)}: {first['msg']}."
    return UnfitSubmissionError(
        say("{subject} cannot be used.", subject=subject), detail, "Change it and submit again."
    )


@contextmanager
def hold(outbox: Outbox, job_id: UUID) -> Iterator[None]:
    """Be the only program at work on a submission; released by the system however this program ends. Raises HeldError."""
    folder = outbox.path.parent / "held"
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        lock = FileLock(folder / f"{job_id}.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise HeldError("Another program is at work on this submission already.", str(job_id)) from error
    except OSError as error:
        raise OutboxError(
            say("{folder} cannot be written: {cause}.", folder=folder, cause=cause(error))
        ) from error
    try:
        yield
    finally:
        with suppress(OutboxError):  # it was closed meanwhile, because the program ends: then the file stays
            entry = outbox.entry(job_id)
            if entry is None or entry.state.finished:
                (folder / f"{job_id}.lock").unlink(missing_ok=True)
        lock.release()


def _unchanged(chosen: LocalInput) -> Path:
    path = Path(chosen.path)
    now = local_input(path)
    if (now.size_bytes, now.modified_ns) != (chosen.size_bytes, chosen.modified_ns):
        raise ChangedFileError(
            say("{path} has changed since it was chosen.", path=path),
            "Nothing was computed with it, because it would not be the file you meant.",
            "Submit it again as it is now.",
        )
    return path


async def upload_all(
    api: Api,
    outbox: Outbox,
    target: str,
    chosen_files: Mapping[str, Sequence[LocalInput]],
    progress: Callable[[str, TransferProgress], None] | None,
) -> dict[str, tuple[InputFile, ...]]:
    """Bring files to the server, slot by slot; what is there already costs a question. Raises ChangedFileError and what `upload` raises."""
    inputs: dict[str, tuple[InputFile, ...]] = {}
    record = outbox.transfers(target)
    for slot, files in chosen_files.items():
        stored = []
        for chosen in files:
            if chosen.stored and chosen.copy_of is not None:
                stored.append(chosen.copy_of)
                continue
            path = await asyncio.to_thread(_unchanged, chosen)

            def tell(now: TransferProgress, name: str = chosen.name) -> None:
                if progress is not None:
                    progress(name, now)

            file = await upload(api, path, name=chosen.name, progress=tell, record=record)
            await asyncio.to_thread(_unchanged, chosen)
            copied = chosen.copy_of
            same = copied is not None and copied.sha256 == file.sha256
            stored.append(
                InputFile(
                    sha256=file.sha256,
                    name=chosen.name,
                    dialect=chosen.dialect,
                    origin=copied.origin if copied is not None and same else None,
                )
            )
        inputs[slot] = tuple(stored)
    return inputs


def _request(intent: Intent, inputs: dict[str, tuple[InputFile, ...]]) -> JobCreate:
    return JobCreate(
        id=intent.job_id,
        step=intent.step,
        run=RunCreate(
            id=intent.run_id,
            analysis=intent.analysis,
            name=intent.name,
            inputs=inputs,
            parameters=intent.parameters,
            tags=intent.tags,
        ),
    )


async def submit(
    api: Api,
    outbox: Outbox,
    intent: Intent,
    *,
    progress: Callable[[str, TransferProgress], None] | None = None,
) -> JobState:
    """Bring an intent that stands in the outbox to the server, from wherever it had come to.

    A refusal is written down with its reason and raised; anything else that goes wrong leaves the submission as it is,
    to be taken up again.
    """
    entry = await asyncio.to_thread(outbox.entry, intent.job_id)
    request = entry.request if entry is not None else None
    try:
        if intent.again:
            state = await _execute(api, outbox, intent, progress)
            await asyncio.to_thread(outbox.mark, intent.job_id, State.ACCEPTED)
            return state
        if request is None:
            check_intent(intent)
            await _check_programs(api, intent)
            inputs = await upload_all(api, outbox, intent.target, intent.inputs, progress)
            request = await asyncio.to_thread(outbox.freeze, _request(intent, inputs))
        try:
            state = await api.submit(request)
        except ServerProblemError as error:
            if error.code != ProblemCode.FILE_MISSING:
                raise
            # Stored once and cleaned away since: the same bytes again, for the same request.
            await upload_all(api, outbox, intent.target, intent.inputs, progress)
            state = await api.submit(request)
    except (*REFUSALS, ChangedFileError, FileChangedError) as error:
        await asyncio.to_thread(
            outbox.mark,
            intent.job_id,
            State.REFUSED,
            f"{translated(error.title)} {translated(error.detail)}".strip(),
        )
        raise
    await asyncio.to_thread(outbox.mark, intent.job_id, State.ACCEPTED)
    return state


async def _check_programs(api: Api, intent: Intent) -> None:
    """Before large files travel: whether the server has the programs that the step needs. Raises UnfitSubmissionError.

    Small files are sent at once: the server itself refuses the job.
    """
    size_bytes = sum(file.size_bytes for files in intent.inputs.values() for file in files)
    if size_bytes < WORTH_ASKING_BYTES:
        return
    analysis = await api.analysis(intent.analysis)
    needs = [
        need
        for step in analysis.steps
        if step.id == intent.step or (intent.step is None and analysis.beginnings == (step,))
        for need in step.programs
        if not need.optional
    ]
    if not needs:
        return
    known = {program.name: program for program in await api.programs()}
    for need in needs:
        if not any(name in known and known[name].found for name in need.any_of):
            program = known.get(need.any_of[0])
            raise UnfitSubmissionError(
                say(
                    "The program {program} is not installed on the server.",
                    program=program.title if program is not None else need.any_of[0],
                ),
                "The analysis needs it; your files were not sent.",
                program.help if program is not None else "",
            )


async def _execute(
    api: Api,
    outbox: Outbox,
    intent: Intent,
    progress: Callable[[str, TransferProgress], None] | None,
) -> JobState:
    """Execute a step of a run that is there. Nothing is frozen: the id alone makes it one job, however often it is sent."""
    if intent.step is None:
        raise UnfitSubmissionError("Which step of the run is to be executed again is not said.")
    inputs = await upload_all(api, outbox, intent.target, intent.inputs, progress)
    return await execute_step(
        api, intent.run_id, intent.step, intent.job_id, intent.parameters, inputs, intent.chosen
    )


def _room_for(artifacts: Sequence[Artifact], destination: Path) -> None:
    wanted = sum(artifact.size_bytes for artifact in artifacts)
    free = shutil.disk_usage(destination).free
    if wanted > free:
        raise NoSpaceLeftError(
            say("{destination} has no room for the results.", destination=destination),
            say(
                "They take {wanted:,.1f} MB, and {free:,.1f} MB are free.",
                wanted=wanted / 1e6,
                free=free / 1e6,
            ),
            "Free some space and fetch them again: the server keeps them.",
        )


def _is_there(artifact: Artifact, place: Path) -> bool:
    try:
        if place.stat().st_size != artifact.size_bytes:
            return False
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == artifact.sha256
    except OSError:
        return False  # whatever is wrong with the place, the download says it in words


async def bring_back(
    api: Api,
    job_id: UUID,
    destination: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Artifact, ...]:
    """Fetch all artifacts of a job into a folder, keeping theirs; each is verified. What is there already is not fetched again.

    `progress` gets bytes done and bytes in all. Raises LocalFileError, NoSpaceLeftError and what the server says.
    """
    artifacts = await api.artifacts(job_id)
    try:
        await asyncio.to_thread(destination.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(_room_for, artifacts, destination)
    except OSError as error:
        raise LocalFileError(
            say(
                "{destination} cannot be written: {cause}.",
                destination=destination,
                cause=cause(error),
            )
        ) from error
    total = sum(artifact.size_bytes for artifact in artifacts)
    done = dict.fromkeys((artifact.path for artifact in artifacts), 0)
    gate = asyncio.Semaphore(TOGETHER)

    async def fetch(artifact: Artifact) -> None:
        def tell(now: TransferProgress) -> None:
            done[artifact.path] = now.done_bytes
            if progress is not None:
                progress(sum(done.values()), total)

        place = inside(destination, artifact.path)
        async with gate:
            if await asyncio.to_thread(_is_there, artifact, place):
                tell(TransferProgress(artifact.size_bytes, artifact.size_bytes, 0.0))
            else:
                request = DownloadRequest(job_id=job_id, path=artifact.path)
                await download(api, request, place, progress=tell)

    try:
        async with asyncio.TaskGroup() as group:
            for artifact in artifacts:
                group.create_task(fetch(artifact))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return artifacts
