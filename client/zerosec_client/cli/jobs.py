"""`zerosec jobs`, `watch`, `cancel`, `finish` and `fetch`."""

import argparse
import asyncio
from pathlib import Path

from zerosec_client.api import Api
from zerosec_client.cli.display import display_for, local_time
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.folder import prepare_folder
from zerosec_client.cli.following import collect, follow
from zerosec_client.cli.quiet import QUIET_S, why_quiet
from zerosec_client.cli.result import STATUSES, unfinished
from zerosec_client.cli.session import find_job, opened, outbox, remind
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.errors import ConflictError, UsageError
from zerosec_client.outbox import Entry, State
from zerosec_shared.runs import Job, JobState, JobStatus
from zerosec_shared.texts import say, translated

__all__ = ["cancel", "fetch", "finish", "jobs", "watch"]


def _standing(job: JobState) -> str:
    """Status, with how far it is; slow and stuck are told apart."""
    if job.status is JobStatus.RUNNING:
        words = [translated(say("ending") if job.cancel_requested else STATUSES[job.status])]
        if job.progress is not None and job.progress.fraction is not None:
            words.append(f"{job.progress.fraction:.0%}")
        if job.heartbeat_age_s is not None and job.heartbeat_age_s > QUIET_S:
            words.append(
                translated(say("(no sign of life for {seconds:.0f} s)", seconds=job.heartbeat_age_s))
            )
        return " ".join(words)
    if job.status is JobStatus.QUEUED and job.queue_position is not None:
        return translated(say("queued ({count} before it)", count=job.queue_position))
    return translated(STATUSES[job.status])


def _filters(words: list[str]) -> dict[str, str]:
    filters = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(say("--param takes NAME=VALUE, and “{word}” is not.", word=word))
        filters[name] = value
    return filters


async def _listed(api: Api, arguments: argparse.Namespace) -> list[Job]:
    found: list[Job] = []
    cursor: str | None = None
    while len(found) < arguments.limit:
        page = await api.jobs(
            status=None if arguments.status is None else JobStatus(arguments.status),
            analysis=arguments.analysis,
            text=arguments.text,
            parameters=_filters(arguments.param),
            cursor=cursor,
            limit=min(100, arguments.limit - len(found)),
        )
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    return found


async def jobs(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """List a server's jobs, and this computer's submissions that it does not have yet."""
    with outbox() as box:
        unsent = [e for e in box.unfinished() if e.state in {State.INTENDED, State.FROZEN}]
        remind(box, terminal)
    async with opened(arguments.target_server, terminal) as (target, api):
        found = await _listed(api, arguments)
        why = await why_quiet(api, found)
    rows = [
        (str(job.id), _standing(job), job.analysis, local_time(job.created_at), job.run_name) for job in found
    ]
    rows += [
        (
            str(e.intent.job_id),
            translated(say("not sent")),
            e.intent.analysis,
            local_time(e.created_at),
            e.intent.name,
        )
        for e in unsent
    ]
    return Report(
        ExitCode.OK,
        {
            "target": target.name,
            "jobs": [job.model_dump(mode="json", exclude={"result"}) for job in found],
            "not_sent": [entry.intent.model_dump(mode="json") for entry in unsent],
        },
        why if rows else [translated(say("No jobs."))],
        (("JOB", "STATUS", "ANALYSIS", "SUBMITTED", "NAME"), rows) if rows else None,
    )


def _target_name(arguments: argparse.Namespace, entry: Entry | None) -> str | None:
    chosen: str | None = arguments.target_server
    return chosen or (entry.intent.target if entry is not None else None)


def _must_be_sent(entry: Entry | None) -> None:
    if entry is None or entry.state not in {State.INTENDED, State.FROZEN, State.REFUSED, State.DISCARDED}:
        return
    if entry.state is State.REFUSED:
        raise UsageError("This was refused and never became a job.", entry.trouble)
    if entry.state is State.DISCARDED:
        raise UsageError("This was given up before it was sent.")
    raise UsageError("This was not sent yet.", hint="“zerosec resume” sends it.")


async def watch(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Follow a job; its results go where its `run` wanted them, or where --out says."""
    with outbox() as box:
        job_id, entry = await find_job(arguments.job, box)
        _must_be_sent(entry)
        out: Path | None = None
        if arguments.out is not None:
            out = prepare_folder(Path(arguments.out), overwrite=arguments.overwrite)
        elif entry is not None and entry.state is State.ACCEPTED and entry.intent.destination:
            out = Path(entry.intent.destination)
        async with opened(_target_name(arguments, entry), terminal) as (target, api):
            before = await api.job_state(job_id)
            display = display_for(terminal)
            try:
                await follow(api, job_id, display)
                return await collect(
                    api, box, job_id, out, display, target.name, overwrite=arguments.overwrite
                )
            except asyncio.CancelledError:
                display.close()
                terminal.say(
                    say("\nLeft. The job goes on; come back with: zerosec watch {job_id}", job_id=job_id)
                )
                return unfinished(
                    ExitCode.INTERRUPTED, before.run_id, job_id, before.status.value, target.name, out
                )
            finally:
                display.close()


async def cancel(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Ask a job to end; a submission that was not sent is given up."""
    with outbox() as box:
        job_id, entry = await find_job(arguments.job, box)
        if entry is not None and entry.state is State.INTENDED:
            await asyncio.to_thread(box.mark, job_id, State.DISCARDED)
            return Report(
                ExitCode.OK,
                {"run_id": str(entry.intent.run_id), "job_id": str(job_id), "status": "not_sent"},
                [translated(say("“{name}” was not sent yet and is given up.", name=entry.intent.name))],
            )
    async with opened(_target_name(arguments, entry), terminal) as (target, api):
        try:
            state = await api.cancel(job_id)
        except ConflictError:
            state = await api.job_state(job_id)
            if not state.status.terminal:
                raise
            ended = True
        else:
            ended = False
    if state.status is JobStatus.CANCELLED and not ended:
        line = say("Cancelled.")
    elif state.status.terminal:
        line = say("It has ended already: {status}.", status=STATUSES[state.status])
    else:
        line = say("It is being ended. See how it ends: zerosec watch {job_id}", job_id=job_id)
    data = {
        "run_id": str(state.run_id),
        "job_id": str(job_id),
        "status": state.status.value,
        "cancel_requested": state.cancel_requested,
        "target": target.name,
    }
    return Report(ExitCode.OK, data, [translated(line)])


async def finish(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Ask a job to end soon with the best result it has by then."""
    with outbox() as box:
        job_id, entry = await find_job(arguments.job, box)
        _must_be_sent(entry)
    async with opened(_target_name(arguments, entry), terminal) as (target, api):
        try:
            state = await api.finish(job_id)
        except ConflictError:
            state = await api.job_state(job_id)
            if not state.status.terminal:
                raise
    if state.status.terminal:
        line = f"It has ended already: {state.status.value}."
    elif state.cancel_requested:
        line = f"It is being cancelled already, and keeps no result. See how it ends: zerosec watch {job_id}"
    else:
        line = f"It finishes with the best result so far. To fetch it: zerosec watch {job_id} --out DIR"
    data = {
        "run_id": str(state.run_id),
        "job_id": str(job_id),
        "status": state.status.value,
        "finish_requested": state.finish_requested,
        "target": target.name,
    }
    return Report(ExitCode.OK, data, [line])


async def fetch(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Fetch the files of a job that has ended."""
    with outbox() as box:
        job_id, entry = await find_job(arguments.job, box)
        _must_be_sent(entry)
        async with opened(_target_name(arguments, entry), terminal) as (target, api):
            state = await api.job_state(job_id)
            if not state.status.terminal:
                raise UsageError(
                    say("The job is {status} and has no results yet.", status=STATUSES[state.status]),
                    hint=say(
                        "“zerosec watch {job_id} --out {out}” waits for them.",
                        job_id=job_id,
                        out=arguments.out,
                    ),
                )
            out = prepare_folder(Path(arguments.out), overwrite=arguments.overwrite)
            display = display_for(terminal)
            try:
                return await collect(
                    api, box, job_id, out, display, target.name, overwrite=arguments.overwrite
                )
            finally:
                display.close()
