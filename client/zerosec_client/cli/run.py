"""`zerosec run`: a file, an analysis and its parameters in; progress, then the result and its files out.

The options come from the analysis's own declaration, so that a new analysis has its command line without a line here.
"""

import argparse
import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import JsonValue

from zerosec_client.api import Api
from zerosec_client.chosen_files import local_input
from zerosec_client.cli.dialect import add_dialect, dialect_of
from zerosec_client.cli.display import display_for
from zerosec_client.cli.exit_codes import ExitCode, of_error
from zerosec_client.cli.folder import free_folder, prepare_folder
from zerosec_client.cli.following import collect, follow
from zerosec_client.cli.no_effect import settings_without_effect
from zerosec_client.cli.options import (
    DATA_BY_NAME,
    Option,
    Parser,
    add_data_by_name,
    add_parameters,
    add_slots,
    nearest,
    parameters_of,
)
from zerosec_client.cli.registered import known_references, meant_as_registered, named_reference
from zerosec_client.cli.result import failed_before, unfinished
from zerosec_client.cli.session import opened, outbox, remind
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import ClientError, LocalFileError, NotFoundError, UsageError
from zerosec_client.outbox import Intent, LocalInput, Outbox, State
from zerosec_client.submission import check_intent, hold, submit
from zerosec_client.targets import Target
from zerosec_shared.analyses import AnalysisInfo, InputSlotInfo, SlotKind, StepInfo
from zerosec_shared.files import Dialect
from zerosec_shared.ids import new_id
from zerosec_shared.references import Reference
from zerosec_shared.texts import joined, say

__all__ = [
    "CommandLine",
    "chosen_step",
    "command_line",
    "given_inputs",
    "offered_analysis",
    "run",
    "split_words",
]

WITH_VALUE = ("--target-server", "--out", "--name", "--step", "--tag")
NAME_LENGTH = 200
ANALYSIS_ID = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")


@dataclass(frozen=True)
class CommandLine:
    """What a command line means for one step of one analysis."""

    parser: Parser
    step: StepInfo
    options: tuple[Option, ...]
    primary: InputSlotInfo | None
    slots: Mapping[str, str]


def _where(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("where and how")
    group.add_argument("--target-server", metavar="NAME", help="Where to compute; see “zerosec targets”.")
    group.add_argument("--json", action="store_true", help="One JSON object on standard output.")
    group.add_argument("--quiet", action="store_true", help="No progress.")
    group.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)


def _common(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("running")
    group.add_argument("--out", metavar="DIR", help="Folder for the results; made if it is not there.")
    group.add_argument("--overwrite", action="store_true", help="Put results over what is in the folder.")
    group.add_argument("--name", help="Name of the run; default: analysis and file.")
    group.add_argument(
        "--tag", action="append", default=[], help="A tag to find the run by; may be repeated."
    )
    group.add_argument("--detach", action="store_true", help="Submit and leave; “zerosec watch” comes back.")
    _where(parser)


def split_words(words: Sequence[str]) -> tuple[str | None, list[str], dict[str, str]]:
    """The analysis (the first word that is no option), the rest, and the common options that stand before or after it."""
    analysis: str | None = None
    rest: list[str] = []
    given: dict[str, str] = {}
    position = 0
    while position < len(words):
        word = words[position]
        flag, equals, value = word.partition("=")
        if flag in WITH_VALUE:
            if not equals:
                value = words[position + 1] if position + 1 < len(words) else ""
                rest.append(word)
                position += 1
            given[flag] = value
        elif analysis is None and not word.startswith("-"):
            analysis = word
            position += 1
            continue
        if position < len(words):
            rest.append(words[position])
        position += 1
    return analysis, rest, given


def chosen_step(analysis: AnalysisInfo, step_id: str | None) -> StepInfo:
    """The step that --step names, or the only one a run may begin with. Raises UsageError."""
    if step_id is None and len(analysis.beginnings) == 1:
        return analysis.beginnings[0]
    ids = [step.id for step in analysis.beginnings]
    for step in analysis.beginnings:
        if step.id == step_id:
            return step
    if step_id is None:
        raise UsageError(
            say("{title} has several steps.", title=analysis.title),
            hint=say("Choose one with --step: {ids}.", ids=", ".join(ids)),
        )
    raise UsageError(
        say("{title} has no step “{step_id}”.", title=analysis.title, step_id=step_id), nearest(step_id, ids)
    )


def with_files_of_other_steps(analysis: AnalysisInfo, step: StepInfo) -> StepInfo:
    """The step with the inputs of all others too: the run keeps their files for when they are executed."""
    own = {slot.name for slot in step.inputs}
    others = {slot.name: slot for each in analysis.beginnings for slot in each.inputs if slot.name not in own}
    if not others:
        return step
    later = (slot.model_copy(update={"required": False, "primary": False}) for slot in others.values())
    return step.model_copy(update={"inputs": (*step.inputs, *later)})


def command_line(analysis: AnalysisInfo, step: StepInfo, *, preview: bool = False) -> CommandLine:
    """The options of one step; for a `preview` none of them is needed, and there is nothing to say about the run's results."""
    if not preview:
        step = with_files_of_other_steps(analysis, step)
    citations = "\n".join(f"  {citation.text}" for citation in analysis.citations)
    parser = Parser(
        prog=f"zerosec {'preview' if preview else 'run'} {analysis.id}",
        description=f"{analysis.title}. {analysis.summary}".replace("%", "%%"),
        epilog=f"To cite:\n{citations}".replace("%", "%%") if citations else None,
        formatter_class=argparse.RawDescriptionHelpFormatter if citations else argparse.HelpFormatter,
    )
    if preview:
        _where(parser)
    else:
        _common(parser)
    ids = [each.id for each in analysis.beginnings]
    if len(ids) > 1:
        parser.add_argument("--step", choices=ids, help="The step to run.")
    if any(slot.kind is SlotKind.TABLE for slot in step.inputs):
        add_dialect(parser)
    primary, slots = add_slots(parser, step.inputs)
    options = add_parameters(parser, step.parameters_schema)
    if primary is not None:
        add_data_by_name(parser, primary)
    if preview:
        for action in parser._actions:
            action.required = False
    return CommandLine(parser, step, tuple(options), primary, slots)


async def offered_analysis(api: Api, analysis_id: str) -> AnalysisInfo:
    """The analysis of this id, hidden or not. Raises UsageError with the nearest names."""
    if ANALYSIS_ID.fullmatch(analysis_id):
        with suppress(NotFoundError):
            return await api.analysis(analysis_id)
    offered = [analysis.id for analysis in await api.analyses()]
    raise UsageError(
        say("There is no analysis called “{analysis_id}” here.", analysis_id=analysis_id),
        nearest(analysis_id, offered),
    )


def _file(word: str, slot: InputSlotInfo) -> LocalInput:
    try:
        path = Path(word).expanduser()
    except RuntimeError:  # the home folder of nobody known: a name like any other
        path = Path(word)
    close: list[str] = []
    there = True
    with suppress(OSError):  # a folder without rights: what is wrong is said below
        there = path.exists()
        if not there:
            close = get_close_matches(path.name, [each.name for each in path.parent.iterdir()], n=3)
    registered = meant_as_registered(word, slot) if not there and path.name == word else ""
    if close or registered:
        raise LocalFileError(
            say("There is no file {path}.", path=path),
            say("In its folder there is: {close}.", close=", ".join(close)) if close else "",
            registered,
        )
    return local_input(path)


def given_inputs(
    line: CommandLine, found: argparse.Namespace, known: Mapping[str, Reference], *, incomplete: bool = False
) -> dict[str, tuple[LocalInput, ...]]:
    """The files of the command line as they are now, and the registered references it names, of those that are `known`. Raises UsageError for one that is missing (unless `incomplete`) or too many."""
    inputs: dict[str, tuple[LocalInput, ...]] = {}
    for slot in line.step.inputs:
        if slot is line.primary:
            words: list[str] = [*found.data, *getattr(found, DATA_BY_NAME, ())]
        else:
            words = getattr(found, line.slots[slot.name])
        if slot.required and not words and not incomplete:
            endings = f" ({', '.join(slot.extensions)})" if slot.extensions else ""
            raise UsageError(
                say("A file is missing: {title}{endings}.", title=slot.title, endings=endings),
                hint=_where_it_goes(line, found, slot),
            )
        if len(words) > 1 and not slot.multiple:
            raise UsageError(
                say(
                    "{title} is one file, and {count} were given: {words}.",
                    title=slot.title,
                    count=len(words),
                    words=", ".join(words),
                ),
                hint="Names with spaces need quotes.",
            )
        if words:
            files = [named_reference(word, slot, known) or _file(word, slot) for word in words]
            if slot.kind is SlotKind.TABLE:
                files = [_with_dialect(file, dialect_of(found, file.name)) for file in files]
            inputs[slot.name] = tuple(files)
    return inputs


def _where_it_goes(line: CommandLine, found: argparse.Namespace, slot: InputSlotInfo) -> str:
    """How to give a file that is missing; the option before took it where one takes several."""
    took = [
        each
        for each in line.step.inputs
        if each is not line.primary and each.multiple and len(getattr(found, line.slots[each.name])) > 1
    ]
    see = say("See “{prog} --help”.", prog=line.parser.prog)
    if slot is not line.primary or not took:
        return see
    words = ", ".join(getattr(found, line.slots[took[0].name]))
    return joined(
        [
            say("{words} were all taken for “{title}”.", words=words, title=took[0].title),
            say("Put the files of “{title}” before all options.", title=slot.title),
            see,
        ],
        " ",
    )


def _with_dialect(file: LocalInput, dialect: Dialect | None) -> LocalInput:
    return file.model_copy(update={"dialect": dialect})


def _intent(
    target: Target,
    analysis: AnalysisInfo,
    found: argparse.Namespace,
    parameters: dict[str, JsonValue],
    inputs: dict[str, tuple[LocalInput, ...]],
    out: Path,
) -> Intent:
    files = [file.name for chosen in inputs.values() for file in chosen]
    usual = f"{analysis.title}: {files[0]}" if files else analysis.title
    return Intent(
        job_id=new_id(),
        run_id=new_id(),
        target=target.name,
        analysis=analysis.id,
        step=getattr(found, "step", None),
        name=(found.name or usual)[:NAME_LENGTH],
        parameters=parameters,
        inputs=inputs,
        tags=tuple(found.tag),
        destination=str(out),
    )


async def run(words: Sequence[str], terminal: Terminal) -> Report:
    """Run an analysis as the command line says."""
    analysis_id, rest, given = split_words(words)
    if analysis_id is None:
        if "-h" in rest or "--help" in rest:
            _general_help()
        raise UsageError(
            "Which analysis?",
            hint="“zerosec analyses” lists them; “zerosec run ANALYSIS --help” explains one.",
        )
    async with opened(given.get("--target-server"), terminal) as (target, api):
        analysis = await offered_analysis(api, analysis_id)
        line = command_line(analysis, chosen_step(analysis, given.get("--step")))
        found = line.parser.parse_all(rest)
        parameters = parameters_of(found, line.options)
        flags = {option.parameter: option.flag for option in line.options}
        for sentence in settings_without_effect(line.step.parameters_schema, parameters, flags):
            terminal.warn(sentence)
        inputs = given_inputs(line, found, await known_references(api, rest))
        stem = next((Path(files[0].name).stem for files in inputs.values()), "")
        folder = Path(found.out) if found.out else free_folder(stem, analysis.id)
        intent = _intent(target, analysis, found, parameters, inputs, folder.expanduser().absolute())
        check_intent(intent)
        prepare_folder(folder, overwrite=found.overwrite)
        with outbox() as box:
            remind(box, terminal)
            await asyncio.to_thread(box.intend, intent, overwrite=found.overwrite)
            with hold(box, intent.job_id):
                return await _carry_out(api, box, intent, terminal, flags, detach=found.detach)


async def _carry_out(
    api: Api, box: Outbox, intent: Intent, terminal: Terminal, flags: Mapping[str, str], *, detach: bool
) -> Report:
    out = Path(intent.destination or ".")
    display = display_for(terminal)
    try:
        await submit(api, box, intent, progress=display.uploading)
        if detach:
            display.close()
            terminal.say(say("Submitted. Come back with: zerosec watch {job_id}", job_id=intent.job_id))
            return unfinished(ExitCode.OK, intent.run_id, intent.job_id, "queued", intent.target, out)
        await follow(api, intent.job_id, display)
        return await collect(api, box, intent.job_id, out, display, intent.target)
    except asyncio.CancelledError:
        display.close()
        return _left(box, intent, terminal, out)
    except ClientError as error:
        display.close()
        terminal.complain(error, flags)
        _say_what_is_left(box, intent, terminal, out)
        return failed_before(error, of_error(error), intent.run_id, intent.job_id)
    finally:
        display.close()


def _left(box: Outbox, intent: Intent, terminal: Terminal, out: Path) -> Report:
    entry = box.entry(intent.job_id)
    accepted = entry is not None and entry.state is State.ACCEPTED
    terminal.say(
        say(
            "\nLeft. The job goes on; come back with: zerosec watch {job_id}\nTo end it instead: zerosec cancel {job_id}",
            job_id=intent.job_id,
        )
        if accepted
        else "\nLeft before the job was submitted. “zerosec resume” goes on from here."
    )
    status = "submitted" if accepted else "not_sent"
    return unfinished(ExitCode.INTERRUPTED, intent.run_id, intent.job_id, status, intent.target, out)


def _say_what_is_left(box: Outbox, intent: Intent, terminal: Terminal, out: Path) -> None:
    entry = box.entry(intent.job_id)
    if entry is None:
        return
    if entry.state is State.REFUSED:
        if out.is_dir() and not any(out.iterdir()):
            out.rmdir()
    elif entry.state is State.ACCEPTED:
        terminal.say(
            say("The job is safe on the server; come back with: zerosec watch {job_id}", job_id=intent.job_id)
        )
    else:
        terminal.say("Nothing is lost: “zerosec resume” sends what is left.")


def _general_help() -> None:
    parser = Parser(
        prog="zerosec run ANALYSIS",
        description="Run an analysis. Its own parameters: “zerosec run ANALYSIS --help”; "
        "what there is: “zerosec analyses”.",
    )
    _common(parser)
    parser.add_argument("data", nargs="*", metavar="DATA", help="The data file.")
    parser.parse_args(["--help"])
