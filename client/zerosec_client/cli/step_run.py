"""`zerosec steps RUN run STEP`: execute one step of a run, with files of this computer where some are given, and bring its results."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from pydantic import JsonValue

from zerosec_client.api import Api
from zerosec_client.chosen_files import local_input, upload_all
from zerosec_client.cli.dialect import dialect_of
from zerosec_client.cli.display import display_for
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.folder import prepare_folder
from zerosec_client.cli.following import collect, follow
from zerosec_client.cli.no_effect import settings_without_effect
from zerosec_client.cli.registered import known_references, named_reference
from zerosec_client.cli.session import outbox
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import UsageError
from zerosec_client.executing import execute_step
from zerosec_client.outbox import LocalInput
from zerosec_shared.analyses import InputSlotInfo, SlotKind, StepInfo
from zerosec_shared.ids import new_id
from zerosec_shared.references import Reference
from zerosec_shared.runs import JobState
from zerosec_shared.texts import say, translated

__all__ = ["run_step"]


async def run_step(
    api: Api, target: str, run_id: UUID, arguments: argparse.Namespace, terminal: Terminal
) -> tuple[JobState, Report]:
    """Execute a step and wait for its end, unless --detach; its state, and what it found, its files fetched where --out says so.

    Raises UsageError, LocalFileError and what the server says.
    """
    settings = _settings(arguments.set)
    out = _folder(arguments)
    run = await api.run(run_id)
    analysis = await api.analysis(run.analysis)
    step = next((step for step in analysis.steps if step.id == arguments.step), None)
    if step is not None:
        alone = {name.removeprefix(f"{step.id}."): value for name, value in run.parameters.items()}
        before = {**run.parameters, **alone}
        for sentence in settings_without_effect(step.parameters_schema, settings, {}, before):
            terminal.warn(sentence)
    files = (
        {}
        if step is None
        else _files(step, arguments, await known_references(api, [*arguments.input, arguments.file or ""]))
    )  # no such step: the server says so, with the nearest
    with outbox() as box:
        stored = await upload_all(api, box, target, files, None)
        state = await execute_step(api, run_id, arguments.step, new_id(), settings, stored, {})
        if arguments.detach:
            back = say("Submitted. Come back with: zerosec watch {job_id}", job_id=state.id)
            return state, Report(ExitCode.OK, {}, [translated(back)])
        display = display_for(terminal)
        try:
            await follow(api, state.id, display)
            report = await collect(api, box, state.id, out, display, target, overwrite=arguments.overwrite)
        finally:
            display.close()
        return await api.job_state(state.id), report


def _folder(arguments: argparse.Namespace) -> Path | None:
    if not arguments.out:
        return None
    return prepare_folder(Path(arguments.out), overwrite=arguments.overwrite)


def _settings(words: list[str]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(say("--set takes NAME=VALUE, and “{word}” is not.", word=word))
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return found


def _files(
    step: StepInfo, arguments: argparse.Namespace, known: Mapping[str, Reference]
) -> dict[str, tuple[LocalInput, ...]]:
    """The files of this computer that the command line names, by input. Raises UsageError, LocalFileError."""
    slots = {slot.name: slot for slot in step.inputs}
    named: dict[str, list[str]] = {}
    for word in arguments.input:
        name, equals, path = word.partition("=")
        if not equals or not path:
            raise UsageError(say("--input takes INPUT=FILE, and “{word}” is not.", word=word))
        if name not in slots:
            raise UsageError(
                say("The step “{step}” has no input “{name}”.", step=step.title, name=name),
                hint=say("It has: {names}.", names=", ".join(slots)),
            )
        named.setdefault(name, []).append(path)
    if arguments.file is not None:
        named.setdefault(_main_input(step, arguments.file), []).append(arguments.file)
    return {name: _as_chosen(slots[name], paths, arguments, known) for name, paths in named.items()}


def _main_input(step: StepInfo, file: str) -> str:
    """The input a file is for that is named without saying more."""
    own = [slot for slot in step.inputs if not slot.from_steps]
    main = next((slot for slot in step.inputs if slot.primary), own[0] if len(own) == 1 else None)
    if main is None:
        raise UsageError(
            say("For which input of “{step}” is {file}?", step=step.title, file=file),
            hint=say(
                "Say --input INPUT=FILE; it has: {names}.", names=", ".join(slot.name for slot in step.inputs)
            ),
        )
    return main.name


def _as_chosen(
    slot: InputSlotInfo, paths: list[str], arguments: argparse.Namespace, known: Mapping[str, Reference]
) -> tuple[LocalInput, ...]:
    if len(paths) > 1 and not slot.multiple:
        raise UsageError(
            say(
                "{title} is one file, and {count} were given: {words}.",
                title=slot.title,
                count=len(paths),
                words=", ".join(paths),
            )
        )
    files = [named_reference(path, slot, known) or local_input(Path(path).expanduser()) for path in paths]
    if slot.kind is SlotKind.TABLE:
        files = [file.model_copy(update={"dialect": dialect_of(arguments, file.name)}) for file in files]
    return tuple(files)
