"""A submission from the user's wish in the outbox to the job on the server; each step can be done again after a crash at any point.

`submit` uploads the files, freezes the request and posts it. It guards against a wish lost between *Run* and the server's
answer, and against a second job for one wish.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from filelock import FileLock, Timeout
from pydantic import ValidationError

from zerosec_client.api import Api
from zerosec_client.chosen_files import NAME_LENGTH, ChangedFileError, upload_all
from zerosec_client.errors import (
    ConflictError,
    FileRefusedError,
    GivenUpError,
    ModeDisabledError,
    NotFoundError,
    OutboxError,
    ServerProblemError,
    UsageError,
    ValidationFailedError,
)
from zerosec_client.executing import execute_step
from zerosec_client.outbox import Intent, Outbox, State
from zerosec_client.transfer import FileChangedError, TransferProgress
from zerosec_shared.causes import cause
from zerosec_shared.errors import ProblemCode
from zerosec_shared.files import InputFile
from zerosec_shared.runs import JobCreate, JobState, RunCreate
from zerosec_shared.texts import say, translated

__all__ = [
    "HeldError",
    "UnfitSubmissionError",
    "check_intent",
    "hold",
    "submit",
]

WORTH_ASKING_BYTES = 8 * 2**20
ANY_SHA256 = "0" * 64


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
    to be taken up again. Raises GivenUpError for one that was given up, before its request is sent.
    """
    entry = await asyncio.to_thread(outbox.entry, intent.job_id)
    if entry is not None and entry.state is State.DISCARDED:
        raise GivenUpError("This was given up before it was sent.")
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
