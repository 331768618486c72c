"""From a run and a step to a job: which files it reads, with which settings, whether its programs are there; and what of it stays with
the run.
"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue
from sqlalchemy import Connection

from zerosec_analyses.declaration import Analysis, InputSlot, Step
from zerosec_server.api.errors import ApiError
from zerosec_server.api.submitting import effective_parameters, inputs_for, size_limits
from zerosec_server.database.references import list_references
from zerosec_server.database.submissions import NewJob
from zerosec_server.language import worded
from zerosec_server.settings import Settings
from zerosec_server.steps.choosing import choices_for
from zerosec_server.steps.history import history_of
from zerosec_server.steps.programs_there import check_programs, missing_needs, titles_of
from zerosec_shared.errors import FieldProblem, ProblemCode
from zerosec_shared.files import InputFile
from zerosec_shared.references import Reference
from zerosec_shared.runs import Run, RunPatch, StepCreate
from zerosec_shared.steps import InputChoice, SlotPlan, StepPlan
from zerosec_shared.texts import Said, joined, ours, say

__all__ = ["kept_of", "new_job", "plan_of"]

Inputs = Mapping[str, Sequence[InputFile]]
NOT_GIVEN = say("An input that is to be kept is not given.")


def new_job(
    c: Connection,
    settings: Settings,
    run: Run,
    analysis: Analysis,
    step: Step,
    *,
    job_id: str,
    parameters: Mapping[str, JsonValue],
    inputs: Inputs | None,
    digest: str,
) -> NewJob:
    """The job that executes a step now. An input that is not given reads what the rule says. Raises ApiError."""
    check_programs(settings, step)
    return NewJob(
        id=job_id,
        run_id=str(run.id),
        owner=run.owner,
        analysis=analysis.id,
        analysis_version=analysis.version,
        step=step.id,
        parameters=_effective(analysis, step, run, parameters),
        inputs=inputs_for(analysis, step, _inputs(c, run, analysis, step, inputs or {}), ("inputs",)),
        digest=digest,
        max_attempts=settings.max_attempts,
        size_limits=size_limits(step),
    )


def _effective(
    analysis: Analysis, step: Step, run: Run, parameters: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    return effective_parameters(
        analysis, step, {**run.parameters, **parameters, **_alone(step, parameters)}, ("parameters",)
    )


def _alone(step: Step, parameters: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Of these the step's own, by `STEP.NAME`: what is asked of an execution counts more than what the run gives to the step alone."""
    fields = step.parameters.model_fields
    names = set(fields) | {field.alias for field in fields.values() if field.alias}
    addressed = {name if "." in name else f"{step.id}.{name}": value for name, value in parameters.items()}
    known = {f"{step.id}.{name}" for name in names}
    return {name: value for name, value in addressed.items() if name in known}


def kept_of(run: Run, step: Step, request: StepCreate) -> RunPatch:
    """What of an execution becomes the run's, as the request asks. Raises ApiError."""
    given = request.inputs or {}
    wrong = [
        FieldProblem(path=("keep_inputs", place), message=NOT_GIVEN, code="not_given")
        for place, slot in enumerate(request.keep_inputs)
        if slot not in given
    ]
    if wrong:
        raise ApiError(
            ProblemCode.VALIDATION_ERROR,
            "The inputs cannot be kept.",
            NOT_GIVEN,
            "Name only those that are given in the same request; nothing was stored.",
            errors=wrong,
        )
    own = _alone(step, request.parameters) if request.keep_parameters else {}
    files = {slot: given[slot] for slot in request.keep_inputs}
    return RunPatch(
        parameters={**run.parameters, **own} if own else None,
        inputs={**run.inputs, **files} if files else None,
    )


def _inputs(
    c: Connection, run: Run, analysis: Analysis, step: Step, given: Inputs
) -> dict[str, Sequence[InputFile]]:
    found: dict[str, Sequence[InputFile]] = {**run.inputs, **given}
    asked = [slot for slot in step.inputs if slot.from_steps and slot.name not in given]
    if asked:
        history = history_of(c, run, analysis.steps)
        for slot in asked:
            choices = choices_for(slot, history)
            found[slot.name] = choices[0].files if choices else ()
    return found


def plan_of(c: Connection, settings: Settings, run: Run, analysis: Analysis, step: Step) -> StepPlan:
    """What executing a step now would do, and what keeps it from being done."""
    history = history_of(c, run, analysis.steps)
    titles = {other.id: other.title for other in analysis.steps}
    kinds = {slot.registered for slot in step.inputs if slot.registered is not None}
    known = list_references(c, sorted(kinds)) if kinds else []
    slots = [_slot_plan(slot, choices_for(slot, history), titles, known) for slot in step.inputs]
    first = {slot.slot: slot.choices[0].files for slot in slots if slot.choices}
    problems: list[FieldProblem] = []
    parameters = dict(run.parameters)
    try:
        parameters = _effective(analysis, step, run, {})
    except ApiError as wrong:
        problems += wrong.errors
    try:
        inputs_for(analysis, step, first, ("inputs",))
    except ApiError as wrong:
        problems += wrong.errors
    lacking = missing_needs(settings, step)
    problems += [
        FieldProblem(
            path=("programs", need.any_of[0].name),
            message=joined(
                [
                    say("The program {program} is not installed on the server.", program=titles_of(need)),
                    *(ours(program.install) for program in need.any_of),
                ],
                " ",
            ),
            code=ProblemCode.PROGRAM_MISSING.value,
        )
        for need in lacking
    ]
    return worded(
        StepPlan(
            run_id=run.id,
            step=step.id,
            parameters=parameters,
            inputs=tuple(slots),
            missing_programs=tuple(need.any_of[0].name for need in lacking),
            problems=tuple(problems),
        ),
        analysis.texts,
    )


def _slot_plan(
    slot: InputSlot,
    choices: tuple[InputChoice, ...],
    titles: Mapping[str, str],
    references: Sequence[Reference],
) -> SlotPlan:
    own = [choice.files for choice in choices]  # files with a dialect cannot be hashed
    offered = (InputChoice(files=(known.file,)) for known in references if known.kind is slot.registered)
    return SlotPlan(
        slot=slot.name,
        choices=choices,
        reason=_reason(slot, choices, titles),
        registered=tuple(choice for choice in offered if choice.files not in own),
    )


def _reason(slot: InputSlot, choices: tuple[InputChoice, ...], titles: Mapping[str, str]) -> str:
    if not choices:
        return say("There is no file yet.")
    taken = choices[0]
    if taken.step is None:
        registered = taken.files[0].registered if taken.files else None
        if registered is not None:
            return say(
                "Registered on the server as {name}, of the genome build {build}.",
                name=registered.name,
                build=registered.genome_build,
            )
        if not slot.from_steps:
            return say("The run's own file.")
        return say("The run's own file: no step before has left a good output.")
    last = ours(titles.get(taken.step, taken.step))
    before = [step for step in taken.through if step != taken.step]
    if taken.stale:
        return say("The newest output of “{step}”. It is stale.", step=last)
    if before:
        names: Said = ours(titles.get(before[0], before[0]))
        for step in before[1:]:
            names = say("{earlier}, {step}", earlier=names, step=ours(titles.get(step, step)))
        return say("The newest output of “{step}”, after {earlier}.", step=last, earlier=names)
    return say("The newest output of “{step}”.", step=last)
