"""What a user asks for with *Run*, and how it is written down: with its files as they are at that moment."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from zerosec_client.outbox import Intent, LocalInput
from zerosec_desktop.navigation import JobKey
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.ids import new_id

__all__ = ["Wish", "as_they_are", "intent_of", "wish_of"]


@dataclass(frozen=True)
class Wish:
    """What the user asked for with *Run*."""

    key: JobKey
    analysis: str
    step: str | None
    name: str
    parameters: dict[str, JsonValue]
    inputs: Mapping[str, Sequence[tuple[Path, Dialect | None]]]
    tags: tuple[str, ...] = ()
    copies: Mapping[Path, InputFile] = field(default_factory=dict)
    """Files that are copies of stored ones, whose origin goes along."""
    run_id: UUID | None = None
    """The run whose step is executed; None: a new one."""
    chosen: Mapping[str, tuple[InputFile, ...]] = field(default_factory=dict)
    """Only for a step of a run that is there: stored files it reads, such as another step's output."""


async def as_they_are(
    files: Mapping[str, Sequence[tuple[Path, Dialect | None]]],
    copies: Mapping[Path, InputFile] | None = None,
) -> dict[str, tuple[LocalInput, ...]]:
    """Files of this machine as they are now; of those that are registered on the server, what is known there. Raises LocalFileError."""
    from zerosec_client.chosen_files import local_input, registered_input

    inputs = {}
    for slot, several in files.items():
        found = []
        for path, dialect in several:
            copied = (copies or {}).get(path)
            if copied is not None and copied.registered is not None:
                found.append(registered_input(copied))
                continue
            file = await asyncio.to_thread(local_input, path)
            found.append(file.model_copy(update={"dialect": dialect, "copy_of": copied}))
        inputs[slot] = tuple(found)
    return inputs


async def intent_of(wish: Wish) -> Intent:
    """What is written down of a wish: its files as they are now. Raises LocalFileError."""
    return Intent(
        job_id=wish.key.job_id,
        run_id=wish.run_id or new_id(),
        target=wish.key.target,
        analysis=wish.analysis,
        step=wish.step,
        name=wish.name,
        parameters=wish.parameters,
        inputs=await as_they_are(wish.inputs, wish.copies),
        tags=wish.tags,
        again=wish.run_id is not None,
        chosen=dict(wish.chosen),
    )


def wish_of(old: Intent, key: JobKey) -> Wish:
    """The same wish once more, as another job."""
    files = [file for chosen in old.inputs.values() for file in chosen]
    return Wish(
        key,
        old.analysis,
        old.step,
        old.name,
        dict(old.parameters),
        {slot: [(Path(file.path), file.dialect) for file in chosen] for slot, chosen in old.inputs.items()},
        old.tags,
        {Path(file.path): file.copy_of for file in files if file.copy_of is not None},
        old.run_id if old.again else None,
        dict(old.chosen),
    )
