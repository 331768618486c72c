"""`zerosec references`: genomes, genes and control sites that are registered on a server for all runs: list, add, remove."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue, ValidationError

from zerosec_client.api import Api
from zerosec_client.chosen_files import REGISTERED_SIGN, local_input, upload_all
from zerosec_client.cli.display import display_for, local_time
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.following import collect, follow
from zerosec_client.cli.options import Parser
from zerosec_client.cli.session import opened, outbox
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import UsageError
from zerosec_client.outbox import Intent, LocalInput, Outbox
from zerosec_client.registering import preparing
from zerosec_client.submission import hold, submit
from zerosec_shared.kinds import ReferenceKind
from zerosec_shared.references import ReferenceCreate
from zerosec_shared.texts import say, translated

__all__ = ["run_references"]

KINDS = {
    ReferenceKind.GENOME: say("genome"),
    ReferenceKind.GENES: say("genes"),
    ReferenceKind.SPIKE_INS: say("spike-ins"),
}

HEADINGS = ("NAME", "KIND", "BUILD", "FILE", "BYTES", "INDEX BYTES", "RUNS", "REGISTERED")


def _everywhere(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target-server", metavar="NAME", help="Which server; see “zerosec targets”.")
    parser.add_argument("--json", action="store_true", help="One JSON object on standard output.")
    parser.add_argument("--quiet", action="store_true", help="No progress.")
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)


async def run_references(words: Sequence[str], terminal: Terminal) -> Report:
    """`zerosec references …`."""
    action = words[0] if words and words[0] in {"add", "list", "remove"} else ""
    prog = f"zerosec references {action}".strip()
    if action == "add":
        parser = Parser(prog=prog, description="Register a file for all runs; a genome is indexed at once.")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--name", required=True, help=f"By which runs name it, as {REGISTERED_SIGN}NAME.")
        parser.add_argument("--build", required=True, metavar="BUILD", help="Its genome build: GRCh38.")
        parser.add_argument(
            "--kind",
            choices=[kind.value for kind in ReferenceKind],
            default=ReferenceKind.GENOME.value,
            help="What it is; default: genome.",
        )
        parser.add_argument("--detach", action="store_true", help="Do not wait for its index.")
    elif action == "remove":
        parser = Parser(prog=prog, description="Take it from the list. Runs that name it keep its file.")
        parser.add_argument("name", metavar="NAME")
    else:
        parser = Parser(
            prog=prog,
            description="Registered references: list; add FILE --name NAME --build BUILD; remove NAME.",
        )
    _everywhere(parser)
    found = parser.parse_args(list(words[1:] if action else words))
    if action == "add":
        return await _add(found, terminal)
    return await (_remove if action == "remove" else _list)(found, terminal)


async def _list(found: argparse.Namespace, terminal: Terminal) -> Report:
    async with opened(found.target_server, terminal) as (target, api):
        known = await api.references()
    rows = [
        (
            each.name,
            translated(KINDS[each.kind]),
            each.genome_build,
            each.file_name,
            f"{each.size_bytes:,}",
            f"{each.prepared_bytes:,}" if each.prepared_bytes else "-",
            f"{each.runs:,}",
            local_time(each.created_at),
        )
        for each in known
    ]
    data: dict[str, JsonValue] = {
        "references": [each.model_dump(mode="json") for each in known],
        "target": target.name,
    }
    return Report(ExitCode.OK, data, (), (HEADINGS, rows))


async def _remove(found: argparse.Namespace, terminal: Terminal) -> Report:
    async with opened(found.target_server, terminal) as (_, api):
        removed = await api.remove_reference(found.name)
    lines = [say("{name} is not registered any more. Runs that name it keep its file.", name=found.name)]
    if removed.goes_by_itself:
        lines.append(say("Jobs still read it: what was made of it goes by itself when they have ended."))
    elif removed.kept:
        lines.append(say("What was made of it stays: another name has the same file."))
    elif removed.freed_bytes:
        lines.append(say("Its index is gone; {bytes:,} bytes are free again.", bytes=removed.freed_bytes))
    return Report(
        ExitCode.OK,
        {"name": found.name, **removed.model_dump(mode="json")},
        [translated(each) for each in lines],
    )


def _wanted(found: argparse.Namespace, sha256: str, file_name: str) -> ReferenceCreate:
    try:
        return ReferenceCreate(
            name=found.name, kind=found.kind, genome_build=found.build, sha256=sha256, file_name=file_name
        )
    except ValidationError as wrong:
        field = wrong.errors()[0]["loc"][0]
        raise UsageError(
            say("“{word}” cannot be a name.", word=found.name)
            if field == "name"
            else say("“{word}” cannot be the name of a genome build.", word=found.build),
            hint="Letters, digits, points, dashes and underlines, at most 60, the first a letter or a digit.",
        ) from wrong


def _file(word: str) -> LocalInput:
    return local_input(Path(word).expanduser())


async def _add(found: argparse.Namespace, terminal: Terminal) -> Report:
    _wanted(found, "0" * 64, "checked before anything is sent")
    file = _file(found.file)
    async with opened(found.target_server, terminal) as (target, api):
        display = display_for(terminal)
        with outbox() as box:
            try:
                stored = await upload_all(api, box, target.name, {"reference": (file,)}, display.uploading)
                sent = stored["reference"][0]
                reference = await api.register_reference(_wanted(found, sent.sha256, sent.name))
                terminal.say(
                    say("Registered. Runs take it as {name}.", name=REGISTERED_SIGN + reference.name)
                )
                intent = preparing(await api.analyses(), target.name, reference)
                if intent is None:
                    return Report(ExitCode.OK, reference.model_dump(mode="json"), ())
                return await _prepare(api, box, intent, terminal, detach=found.detach)
            finally:
                display.close()


async def _prepare(api: Api, box: Outbox, intent: Intent, terminal: Terminal, *, detach: bool) -> Report:
    await asyncio.to_thread(box.intend, intent)
    with hold(box, intent.job_id):
        await submit(api, box, intent)
        if detach:
            back = say("Submitted. Come back with: zerosec watch {job_id}", job_id=intent.job_id)
            return Report(ExitCode.OK, {"job_id": str(intent.job_id)}, [translated(back)])
        display = display_for(terminal)
        try:
            await follow(api, intent.job_id, display)
            return await collect(api, box, intent.job_id, None, display, intent.target)
        finally:
            display.close()
