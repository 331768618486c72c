"""From a request to a queued job: the checks before, the one durable write, and what its refusals mean."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import JsonValue, ValidationError
from sqlalchemy import Connection

from zerosec_analyses.declaration import Analysis, InputSlot, Step
from zerosec_server.api.errors import ApiError
from zerosec_server.api.messages import and_then, field_problems, nearest, readable
from zerosec_server.database.submissions import (
    FilesMissingError,
    FileTooLargeError,
    IdTakenError,
    QueueFullError,
)
from zerosec_server.database.vouching import ClaimError
from zerosec_server.services import Services
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.files import InputFile
from zerosec_shared.texts import NO_TEXTS, Said, Texts, ours, say

__all__ = [
    "analysis_of",
    "check_run",
    "check_steps",
    "effective_parameters",
    "inputs_for",
    "refusal",
    "size_limits",
    "step_of",
    "write_submission",
]

T = TypeVar("T")
Place = tuple[str | int, ...]
RETRY_AFTER_S = 5
ANALYSIS = say("The analysis cannot be used.")
STEP = say("The step cannot be used.")
RUN = say("The run cannot be used.")
PARAMETERS = say("The parameters cannot be used.")
INPUTS = say("The inputs cannot be used.")


def _invalid(
    errors: Sequence[FieldProblem], what: Said, texts: Texts = NO_TEXTS, *, title: str | None = None
) -> ApiError:
    """A refusal that tells of the first error, and where it is: by the title of its field, or where that is None by its name."""
    first = errors[0]
    names = [part for part in first.path if isinstance(part, str)]  # others are places in a list
    name = title if title is not None else names[-1] if names else ""
    return ApiError(
        ProblemCode.VALIDATION_ERROR,
        what,
        say("{name}: {problem}", name=name, problem=first.message) if name else first.message,
        "Correct what is named here and submit again; nothing was stored.",
        errors=errors,
        texts=texts,
    )


def analysis_of(services: Services, analysis_id: str, place: Place) -> Analysis:
    """The analysis of this id. Raises ApiError."""
    if analysis_id not in services.catalogue:
        known = [analysis.id for analysis in services.catalogue if not analysis.hidden]
        sentence = and_then(
            say("There is no analysis “{analysis}” here.", analysis=analysis_id), nearest(analysis_id, known)
        )
        raise _invalid([FieldProblem(path=place, message=sentence, code="unknown_analysis")], ANALYSIS)
    return services.catalogue[analysis_id]


def step_of(analysis: Analysis, step_id: str | None, place: Place) -> Step:
    """The named step, or the only one. Raises ApiError."""
    try:
        return analysis.step(step_id)
    except KeyError:
        known = [step.id for step in analysis.steps]
        sentence = (
            say(
                "“{analysis}” has several steps: name one of {steps}.",
                analysis=ours(analysis.title),
                steps=", ".join(known),
            )
            if step_id is None
            else and_then(
                say("“{analysis}” has no step “{step}”.", analysis=ours(analysis.title), step=step_id),
                nearest(step_id, known),
            )
        )
        raise _invalid(
            [FieldProblem(path=place, message=sentence, code="unknown_step")], STEP, analysis.texts
        ) from None


def _names(step: Step) -> set[str]:
    fields = step.parameters.model_fields
    return set(fields) | {field.alias for field in fields.values() if field.alias}


def _addressed(step: Step) -> set[str]:
    """The names by which a run gives a parameter to this step alone."""
    return {f"{step.id}.{name}" for name in _names(step)}


def _unstorable(value: JsonValue, place: Place) -> Iterator[FieldProblem]:
    if isinstance(value, float) and not math.isfinite(value):
        yield FieldProblem(path=place, message="This must be a finite number.", code="finite_number")
    elif isinstance(value, str):
        if "\x00" in value:
            yield FieldProblem(path=place, message="Text may not hold NUL characters.", code="nul_character")
        if any("\ud800" <= c <= "\udfff" for c in value):
            yield FieldProblem(
                path=place,
                message="This text holds characters that are not valid Unicode.",
                code="string_unicode",
            )
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unstorable(item, (*place, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            shown = readable(name)
            yield from _unstorable(name, (*place, shown))
            yield from _unstorable(item, (*place, shown))


def _check_storable(parameters: Mapping[str, JsonValue], place: Place) -> None:
    wrong = list(_unstorable(dict(parameters), place))
    if wrong:
        raise _invalid(wrong[:100], PARAMETERS)


def check_run(
    analysis: Analysis,
    parameters: Mapping[str, JsonValue],
    inputs: Mapping[str, Sequence[InputFile]],
    place: Place = (),
) -> None:
    """Refuse names that no step of the analysis knows; values are checked when a step is executed. Raises ApiError."""
    _check_storable(parameters, (*place, "parameters"))
    known = set().union(*(_names(step) | _addressed(step) for step in analysis.steps))
    wrong = [
        FieldProblem(
            path=(*place, "parameters", name),
            message=and_then(
                say("“{analysis}” has no parameter “{name}”.", analysis=ours(analysis.title), name=name),
                nearest(name, known),
            ),
            code="extra_forbidden",
        )
        for name in parameters
        if name not in known
    ]
    slots = {slot.name for step in analysis.steps for slot in step.inputs}
    wrong += [
        FieldProblem(
            path=(*place, "inputs", slot),
            message=and_then(
                say("“{analysis}” has no input “{slot}”.", analysis=ours(analysis.title), slot=slot),
                nearest(slot, slots),
            ),
            code="unknown_slot",
        )
        for slot in map(readable, inputs)
        if slot not in slots
    ]
    if wrong:
        raise _invalid(wrong[:100], RUN, analysis.texts)


def check_steps(analysis: Analysis, named: Iterable[str]) -> None:
    """Refuse steps that the analysis does not have. Raises ApiError."""
    for step_id in named:
        step_of(analysis, step_id, ("included", step_id))


def effective_parameters(
    analysis: Analysis, step: Step, given: Mapping[str, JsonValue], place: Place
) -> dict[str, JsonValue]:
    """All parameters of a step, with defaults filled in, so that the record explains the result. Raises ApiError.

    Names that belong to other steps of the analysis are left out; names that belong to none are refused. What is given to this step
    alone, as `STEP.NAME`, counts more than what is given to all.
    """
    _check_storable(given, place)
    elsewhere = set().union(*(_names(other) | _addressed(other) for other in analysis.steps)) - _names(step)
    alone = {name.partition(".")[2]: value for name, value in given.items() if name in _addressed(step)}
    given = {**given, **alone}
    try:
        checked = step.validate({name: value for name, value in given.items() if name not in elsewhere})
    except ValidationError as error:
        problems = _in_words(step, error, place)
        title = _title_of(step, problems[0], place)
        raise _invalid(problems, PARAMETERS, analysis.texts, title=title) from None
    effective: dict[str, JsonValue] = checked.model_dump(mode="json")
    return effective


def _in_words(step: Step, error: ValidationError, place: Place) -> list[FieldProblem]:
    named = []
    for problem in field_problems(error.errors(include_url=False), prefix=place):
        if problem.code == "extra_forbidden" and len(problem.path) == len(place) + 1:
            name = str(problem.path[-1])
            sentence = and_then(
                say("There is no parameter “{name}”.", name=name), nearest(name, _names(step))
            )
            problem = problem.model_copy(update={"message": sentence})
        named.append(problem)
    return named


def _title_of(step: Step, problem: FieldProblem, place: Place) -> str | None:
    """What the field of a problem is called; empty where the problem is with all of them, or says itself which it is with."""
    if len(problem.path) == len(place) or problem.code == "extra_forbidden":
        return ""
    field = step.parameters.model_fields.get(str(problem.path[len(place)]))
    return ours(field.title) if field is not None and field.title else None


def inputs_for(
    analysis: Analysis,
    step: Step,
    given: Mapping[str, Sequence[InputFile]],
    place: Place,
    *,
    incomplete: bool = False,
) -> dict[str, tuple[InputFile, ...]]:
    """The files of a step's slots. Raises ApiError for an unknown slot, a missing file (not if it may be `incomplete`), or
    too many.
    """
    slots = {slot.name: slot for slot in step.inputs}
    elsewhere = {slot.name for other in analysis.steps for slot in other.inputs} - set(slots)
    wrong: list[FieldProblem] = []
    for name in given:
        if name not in slots and name not in elsewhere:
            shown = readable(name)
            unknown = say("“{analysis}” has no input “{slot}”.", analysis=ours(step.title), slot=shown)
            sentence = and_then(unknown, nearest(shown, slots))
            wrong.append(FieldProblem(path=(*place, shown), message=sentence, code="unknown_slot"))
    for slot in step.inputs:
        files = given.get(slot.name, ())
        lacking = None if incomplete and not files else _slot_problem(slot, len(files))
        if lacking is not None:
            wrong.append(FieldProblem(path=(*place, slot.name), message=lacking, code="slot_files"))
    if wrong:
        raise _invalid(wrong[:100], INPUTS, analysis.texts)
    return {name: tuple(given[name]) for name in slots if given.get(name)}


def _slot_problem(slot: InputSlot, files: int) -> Said | None:
    if slot.required and not files:
        return say("The input “{slot}” needs a file.", slot=ours(slot.title))
    if files > 1 and not slot.multiple:
        return say(
            "The input “{slot}” takes one file, and {count} were given.", slot=ours(slot.title), count=files
        )
    return None


def size_limits(step: Step) -> dict[str, int]:
    """The slots that take files up to a size only."""
    return {slot.name: slot.max_size_bytes for slot in step.inputs if slot.max_size_bytes is not None}


async def write_submission(services: Services, work: Callable[[Connection], T]) -> T:
    """Write, durably; the refusals of the database layer become answers. Raises ApiError."""
    try:
        return await services.database.awrite(work)
    except (IdTakenError, QueueFullError, FilesMissingError, FileTooLargeError, ClaimError) as refused:
        raise refusal(services, refused) from None


Refusal = IdTakenError | QueueFullError | FilesMissingError | FileTooLargeError | ClaimError


def refusal(services: Services, refused: Refusal) -> ApiError:
    """What a refusal of the database layer means, in words."""
    if isinstance(refused, IdTakenError):
        return ApiError(
            ProblemCode.CONFLICT,
            say("There is another {kind} of this id already.", kind=ours(refused.kind)),
            "It was made from a different request, and stays as it is.",
            "Make a new id for a new request.",
        )
    if isinstance(refused, QueueFullError):
        return ApiError(
            ProblemCode.QUEUE_FULL,
            "The queue is full.",
            say("{jobs} jobs are waiting; this one was not taken.", jobs=services.settings.queue_limit),
            "Submit again when some have ended.",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    if isinstance(refused, FilesMissingError):
        names = ", ".join(f"“{file.name}”" for file in refused.missing[:10])
        return ApiError(
            ProblemCode.FILE_MISSING,
            "An input file is not stored on this server.",
            say("Not there: {names}.", names=names),
            "Upload it, then submit again with the same ids.",
        )
    if isinstance(refused, ClaimError):
        return ApiError(
            ProblemCode.VALIDATION_ERROR,
            INPUTS,
            _claim_problem(refused),
            "Choose it anew from what is registered, or take the file as one of your own; nothing was stored.",
        )
    return ApiError(
        ProblemCode.FILE_TOO_LARGE,
        "An input file is too large for this analysis.",
        say(
            "“{file}” is larger than the {limit} bytes that the input “{slot}” takes.",
            file=refused.file.name,
            limit=refused.limit_bytes,
            slot=refused.slot,
        ),
    )


def _claim_problem(refused: ClaimError) -> Said:
    name, said = refused.claim.name, refused.claim.genome_build
    if refused.registered_for is None:
        return say(
            "Nothing is registered as “{name}”, and no run recorded here has read “{file}” as that, of the genome build {build}.",
            name=name,
            file=refused.file.name,
            build=said,
        )
    if refused.same_file:
        return say(
            "“{name}” is registered for the genome build {known}, not for {build}.",
            name=name,
            known=refused.registered_for,
            build=said,
        )
    return say(
        "Another file than “{file}” is registered as “{name}”, of the genome build {known}.",
        file=refused.file.name,
        name=name,
        known=refused.registered_for,
    )
