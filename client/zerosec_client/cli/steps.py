"""`zerosec steps`, `export`, `import`, `methods` and `programs`."""

import argparse
import asyncio
import json
from pathlib import Path
from uuid import UUID

from pydantic import JsonValue

from zerosec_client.api import Api
from zerosec_client.chosen_files import local_input
from zerosec_client.cli.exit_codes import ExitCode, of_status
from zerosec_client.cli.result import STATUSES
from zerosec_client.cli.session import LAST, find_job, opened, outbox
from zerosec_client.cli.step_run import run_step
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import LocalFileError, NotFoundError, UsageError
from zerosec_client.run_export import export_to
from zerosec_client.transfer import upload
from zerosec_shared.archives import ImportRequest
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobState, Run, RunStatus
from zerosec_shared.steps import SequenceCreate, SequenceStatus, StaleReason
from zerosec_shared.texts import say, spoken, translated

__all__ = ["bring_in", "ended_job", "export", "find_run", "import_run", "methods", "programs", "steps"]

LOOK_EVERY_S = 1.0
LONGEST_WAIT_S = 20.0
STALE = {
    StaleReason.SOURCE_REPEATED: say("stale: a step it read from was executed again"),
    StaleReason.SOURCE_STALE: say("stale: what it read is stale"),
    StaleReason.FILES_CHANGED: say("stale: the run was given other files"),
    StaleReason.PREPARED_SINCE: say("stale: what it read was prepared by a further step since"),
}


async def find_run(word: str, api: Api) -> UUID:
    """The run meant by its id, the id of a job of it, or `last`. Raises UsageError, NotFoundError."""
    try:
        return (await api.run(UUID(word))).id
    except ValueError:
        pass
    except NotFoundError:
        return (await api.job_state(UUID(word))).run_id
    with outbox() as box:
        if word == LAST:
            run_id = await asyncio.to_thread(box.last_run)
            if run_id is None:
                raise UsageError(
                    "Nothing was submitted or imported from here yet.", hint="Give the id of a run or a job."
                )
            return run_id
        job_id, _ = await find_job(word, box)
    return (await api.job_state(job_id)).run_id


async def ended_job(api: Api, job_id: UUID) -> JobState:
    """Wait for a job's end."""
    after = 0
    while True:
        state = await api.job_state(job_id)
        if state.status.terminal:
            return state
        page = await api.events(job_id, after=after, wait_s=LONGEST_WAIT_S)
        after = page.events[-1].seq if page.events else after


async def _ended_sequence(api: Api, run_id: UUID) -> RunStatus:
    while True:
        status = await api.run_status(run_id)
        sequence = status.sequence
        if sequence is None or sequence.status is not SequenceStatus.RUNNING:
            return status
        if sequence.job_id is not None:
            await ended_job(api, sequence.job_id)
        await asyncio.sleep(0.05 if sequence.job_id is None else 0)


def _shown(status: RunStatus, target: str, code: ExitCode = ExitCode.OK) -> Report:
    rows = []
    for step in status.steps:
        newest = step.jobs[0] if step.jobs else None
        rows.append(
            (
                step.step,
                translated(STATUSES[newest.status]) if newest is not None else "-",
                str(len(step.jobs)),
                "" if step.included else translated(say("not in Run all")),
                "; ".join(translated(STALE[reason]) for reason in step.stale),
            )
        )
    lines = []
    sequence = status.sequence
    if sequence is not None:
        place = say("{position} of {count}", position=sequence.position + 1, count=len(sequence.steps))
        said = {
            SequenceStatus.RUNNING: say("Run all: step {place}.", place=place),
            SequenceStatus.PAUSED: say("Run all is paused at step {place}.", place=place),
            SequenceStatus.SUCCEEDED: say("Run all has ended with success."),
        }[sequence.status]
        lines.append(translated(said))
        if sequence.reason is not None:
            lines.append(sequence.reason.text)
    data = {**status.model_dump(mode="json"), "target": target}
    return Report(code, data, lines, (("STEP", "STATUS", "TIMES", "", ""), rows))


async def steps(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Where the steps of a run stand, or one of the actions."""
    async with opened(arguments.target_server, terminal) as (target, api):
        run_id = await find_run(arguments.run, api)
        match arguments.action:
            case "plan":
                return await _plan(api, run_id, arguments.step)
            case "run":
                state, told = await run_step(api, target.name, run_id, arguments, terminal)
                report = _shown(await api.run_status(run_id), target.name, of_status(state.status))
                lines = [translated(say("Job {job}: {status}.", job=state.id, status=STATUSES[state.status]))]
                data = {**told.data, **report.data, "job_id": str(state.id), "status": state.status.value}
                return Report(report.code, data, [*lines, *told.lines], report.table)
            case "all":
                await api.run_all(run_id, SequenceCreate(id=new_id(), from_step=arguments.first))
            case "pause":
                await api.pause_all(run_id)
            case "resume":
                await api.resume_all(run_id)
            case "kill":
                await api.cancel_run(run_id)
            case "clean":
                cleaned = await api.clean_run(run_id)
                line = say(
                    "{files} files are gone; {bytes:,} bytes are free again.",
                    one="1 file is gone; {bytes} bytes are free again.",
                    files=cleaned.files,
                    bytes=cleaned.freed_bytes,
                )
                return Report(ExitCode.OK, cleaned.model_dump(mode="json"), [translated(line)])
        if arguments.action == "all" and not arguments.detach:
            status = await _ended_sequence(api, run_id)
            good = status.sequence is not None and status.sequence.status is SequenceStatus.SUCCEEDED
            return _shown(status, target.name, ExitCode.OK if good else ExitCode.JOB_FAILED)
        return _shown(await api.run_status(run_id), target.name)


async def _plan(api: Api, run_id: UUID, step: str) -> Report:
    plan = await api.step_plan(run_id, step)
    rows = []
    for slot in plan.inputs:
        for place, choice in enumerate(slot.choices):
            files = ", ".join(file.name for file in choice.files)
            rows.append(
                (
                    slot.slot,
                    "*" if place == 0 else "",
                    choice.step or translated(say("the run's own")),
                    files,
                    "; ".join(translated(STALE[reason]) for reason in choice.stale),
                )
            )
        rows += [
            (slot.slot, "", translated(say("registered")), f"@{known.name} ({known.genome_build})", "")
            for choice in slot.registered
            for known in (file.registered for file in choice.files)
            if known is not None
        ]
    lines = [slot.reason for slot in plan.inputs if slot.reason]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in plan.parameters.items()]
    lines += [problem.message for problem in plan.problems]
    return Report(
        ExitCode.OK, plan.model_dump(mode="json"), lines, (("INPUT", "", "FROM", "FILES", ""), rows)
    )


def _free(path: Path, *, overwrite: bool) -> Path:
    if path.exists() and not overwrite:
        raise LocalFileError(
            say("{path} is there already.", path=path), hint="Choose another name, or add --overwrite."
        )
    return path


async def export(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Write a run to a file."""
    out = _free(Path(arguments.out), overwrite=arguments.overwrite)
    async with opened(arguments.target_server, terminal) as (_, api):
        run_id = await find_run(arguments.run, api)
        size = await export_to(api, run_id, out, arguments.content)
    line = say("{path}: {bytes:,} bytes.", path=out, bytes=size)
    return Report(
        ExitCode.OK, {"run_id": str(run_id), "file": str(out), "size_bytes": size}, [translated(line)]
    )


async def bring_in(api: Api, target: str, path: Path, name: str | None = None) -> Run:
    """Send an exported file to the server and make a run of it."""
    local_input(path)  # says in words what is wrong with the file
    with outbox() as box:
        stored = await upload(api, path, record=box.transfers(target), name=path.name)
    return await api.import_run(ImportRequest(run_id=new_id(), file=stored.sha256, name=name))


async def import_run(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Make a run from an exported file."""
    async with opened(arguments.target_server, terminal) as (target, api):
        run = await bring_in(api, target.name, Path(arguments.file), arguments.name)
        with outbox() as box:
            await asyncio.to_thread(box.note_import, run.id)
    lines = [
        translated(say("The run “{name}” is there: {run}", name=run.name, run=run.id)),
        translated(say("To repeat it: zerosec steps {run} all", run=run.id)),
    ]
    return Report(ExitCode.OK, run.model_dump(mode="json"), lines)


async def methods(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """The methods paragraph."""
    async with opened(arguments.target_server, terminal) as (_, api):
        text = await api.methods(await find_run(arguments.run, api))
    language = arguments.language or spoken()
    lines = [text.paragraphs.get(language, text.paragraphs["en"]), ""]
    lines += [
        f"- {source.text} {f'https://doi.org/{source.doi}' if source.doi else source.url}".rstrip()
        for source in text.citations
    ]
    return Report(ExitCode.OK, text.model_dump(mode="json"), lines)


async def programs(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """The external programs of a server."""
    async with opened(arguments.target_server, terminal) as (target, api):
        known = await api.programs()
    rows = [
        (each.name, each.version or ("?" if each.found else "-"), each.path, "" if each.found else each.help)
        for each in known
    ]
    data: dict[str, JsonValue] = {
        "programs": [each.model_dump(mode="json") for each in known],
        "target": target.name,
    }
    return Report(ExitCode.OK, data, (), (("PROGRAM", "VERSION", "WHERE", "TO INSTALL"), rows))
