"""`zerosec resume`: finish what earlier commands could not, from wherever each had come to."""

import argparse
import asyncio
from pathlib import Path

from pydantic import JsonValue

from zerosec_client.cli.display import display_for
from zerosec_client.cli.exit_codes import ExitCode, of_error, of_status
from zerosec_client.cli.following import collect, follow
from zerosec_client.cli.result import STATUSES
from zerosec_client.cli.session import find_job, opened, outbox, tell_set_aside
from zerosec_client.cli.terminal import Report, Terminal, defect, failure_of
from zerosec_client.errors import ClientError, UsageError
from zerosec_client.outbox import Entry, Outbox, State
from zerosec_client.submission import HeldError, hold, submit
from zerosec_shared.texts import ours, say

__all__ = ["resume"]


async def resume(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Send what was not sent, fetch what has ended; says what still runs."""
    with outbox() as box:
        if arguments.discard is not None:
            return await _discard(box, arguments.discard)
        worst = ExitCode.OK
        told: list[JsonValue] = []
        lines = []
        for entry in box.unfinished():
            code, words, data = await _one(box, entry, terminal, wait=arguments.wait)
            worst = max(worst, code)
            told.append(data)
            lines.append(say("{name}: {words}", name=entry.intent.name, words=words))
        set_aside: list[JsonValue] = list(tell_set_aside(box, terminal))
        return Report(
            worst, {"resumed": told, "set_aside": set_aside}, lines or [say("Nothing was left to do.")]
        )


async def _discard(box: Outbox, word: str) -> Report:
    job_id, entry = await find_job(word, box)
    if entry is None or entry.state is not State.INTENDED:
        raise UsageError(
            "Only what was never sent can be given up here.",
            hint=say("“zerosec cancel {word}” ends a job.", word=word),
        )
    with hold(box, job_id):
        await asyncio.to_thread(box.mark, job_id, State.DISCARDED)
    return Report(ExitCode.OK, {"discarded": str(job_id)}, [say("{name}: given up", name=entry.intent.name)])


async def _one(
    box: Outbox, entry: Entry, terminal: Terminal, *, wait: bool
) -> tuple[ExitCode, str, dict[str, JsonValue]]:
    intent = entry.intent
    data: dict[str, JsonValue] = {
        "run_id": str(intent.run_id),
        "job_id": str(intent.job_id),
        "name": intent.name,
        "target": intent.target,
        "status": "not_sent",
        "failure": None,
    }
    try:
        with hold(box, intent.job_id):
            code, words = await _advance(box, entry, terminal, data, wait=wait)
    except HeldError:
        return ExitCode.OK, say("another program is at work on it"), {**data, "status": "held"}
    except ClientError as error:
        terminal.complain(error)
        return of_error(error), ours(error.title), {**data, "failure": failure_of(error)}
    except Exception as error:  # noqa: BLE001 - reported; the others are finished all the same
        mistake = defect(error)
        terminal.complain(mistake)
        return ExitCode.DEFECT, ours(mistake.title), {**data, "failure": failure_of(mistake)}
    return code, words, data


async def _advance(
    box: Outbox, entry: Entry, terminal: Terminal, data: dict[str, JsonValue], *, wait: bool
) -> tuple[ExitCode, str]:
    intent = entry.intent
    display = display_for(terminal)
    try:
        async with opened(intent.target, terminal) as (target, api):
            if entry.state is not State.ACCEPTED:
                await submit(api, box, intent, progress=display.uploading)
            state = await api.job_state(intent.job_id)
            data["status"] = state.status.value
            if not state.status.terminal and not wait:
                return ExitCode.OK, say(
                    "{status}; follow it with: zerosec watch {job}",
                    status=STATUSES[state.status],
                    job=str(intent.job_id),
                )
            if not state.status.terminal:
                await follow(api, intent.job_id, display)
            out = Path(intent.destination) if intent.destination else None
            report = await collect(api, box, intent.job_id, out, display, target.name)
            data.update(report.data)
            status = (await api.job_state(intent.job_id)).status
            ended = STATUSES[status]
            if out is None:
                return of_status(status), ended
            return of_status(status), say("{status}, its results are in {folder}", status=ended, folder=out)
    finally:
        display.close()
