"""What most commands need: the outbox, the targets, an open server; and which job a word means."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.cli.terminal import Terminal
from zerosec_client.errors import UsageError, VersionMismatchError
from zerosec_client.http import is_loopback
from zerosec_client.outbox import Entry, Outbox, State
from zerosec_client.paths import client_dir
from zerosec_client.targets import Target, Targets, open_target
from zerosec_shared.texts import say

__all__ = ["LAST", "find_job", "opened", "outbox", "remind", "tell_set_aside"]

LAST = "last"
SHORTEST = 4


def outbox() -> Outbox:
    """This user's outbox."""
    return Outbox(client_dir() / "outbox.db")


@asynccontextmanager
async def opened(name: str | None, terminal: Terminal) -> AsyncIterator[tuple[Target, Api]]:
    """Open a target by name (None: the default), and check that it speaks our version of the API."""
    targets = Targets()
    target = targets.get(name)
    api = await open_target(target, targets)
    try:
        if target.url is not None:
            if target.url.startswith("http://") and not is_loopback(target.url) and targets.token(target):
                terminal.say(
                    say(
                        "Warning: the connection to {name} is not encrypted; others on the network can read it.",
                        name=target.name,
                    )
                )
            info = await api.info()
            if info.api_version != "v1":
                raise VersionMismatchError(
                    say(
                        "The server {name} speaks version {api_version} of the API, this program v1.",
                        name=target.name,
                        api_version=info.api_version,
                    ),
                    hint="Install the version that fits the server.",
                )
        yield target, api
    finally:
        await api.http.aclose()


def _matches(entry: Entry, word: str) -> bool:
    text = str(entry.intent.job_id)
    return text.startswith(word) or text.endswith(word)


async def find_job(word: str, box: Outbox) -> tuple[UUID, Entry | None]:
    """The job meant: an id, the beginning or end of one submitted here, or `last`. UsageError where that is unclear."""
    recent = await asyncio.to_thread(box.recent, 1000)
    if word == LAST:
        if not recent:
            raise UsageError("Nothing was submitted from here yet.")
        return recent[0].intent.job_id, recent[0]
    try:
        job_id = UUID(word)
    except ValueError:
        found = [entry for entry in recent if len(word) >= SHORTEST and _matches(entry, word.lower())]
        if len(found) == 1:
            return found[0].intent.job_id, found[0]
        if found:
            raise UsageError(
                say("“{word}” fits {count} jobs.", word=word, count=len(found)),
                hint="Give more of the id; see “zerosec jobs”.",
            ) from None
        raise UsageError(
            say("“{word}” is not the id of a job submitted from here.", word=word),
            hint="Give a whole id, or “last”; see “zerosec jobs”.",
        ) from None
    return job_id, await asyncio.to_thread(box.entry, job_id)


def tell_set_aside(box: Outbox, terminal: Terminal) -> list[str]:
    """Say which unfinished submissions this version cannot read; their job ids."""
    ids = box.set_aside()
    if ids:
        terminal.say(
            say(
                "Set aside: {count} unfinished, written by another version of ZeroSec: {ids}. Nothing is lost: “zerosec resume” of that version finishes them.",
                count=len(ids),
                ids=", ".join(ids[:3]) + (" …" if len(ids) > 3 else ""),
            )
        )
    return ids


def remind(box: Outbox, terminal: Terminal) -> None:
    """Say what an earlier command could not finish sending."""
    tell_set_aside(box, terminal)
    unsent = [e for e in box.unfinished() if e.state in {State.INTENDED, State.FROZEN}]
    if unsent:
        names = ", ".join(f"“{entry.intent.name}”" for entry in unsent[:3])
        terminal.say(
            say(
                "Not sent yet from an earlier command: {names}. Nothing is lost: “zerosec resume” sends what is left.",
                names=names + (" …" if len(unsent) > 3 else ""),
            )
        )
