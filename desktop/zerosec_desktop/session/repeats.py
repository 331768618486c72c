"""*Run again*: the same step of the same run as a new job, whose id stands on the disk before the server hears of it.

The client's outbox keeps wishes for new runs, with their files. A repetition has neither: the run is known to the server. So each is
one small file, gone when the server has taken or refused it; sent twice, it is still one job, for its id is the same.
"""

import asyncio
import contextlib
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from pydantic import ValidationError

from zerosec_client.errors import (
    BusyError,
    ClientError,
    ConflictError,
    ModeDisabledError,
    NotFoundError,
    OutboxError,
    ServerUnreachableError,
    ValidationFailedError,
)
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.problems import in_words
from zerosec_desktop.session.connection import Connection
from zerosec_shared.contract import Contract, Instant
from zerosec_shared.runs import StepCreate

__all__ = ["Repeat", "Repeats", "new_repeat"]

REFUSALS = (ValidationFailedError, NotFoundError, ConflictError, ModeDisabledError)
"""Final: the run is gone, or can't be run again."""
AGAIN_S = (1.0, 2.0, 5.0, 10.0)


class Repeat(Contract):
    """One wish to run a step again."""

    job_id: UUID
    run_id: UUID
    target: str
    analysis: str
    step: str
    name: str
    created_at: Instant

    @property
    def key(self) -> JobKey:
        """The new job."""
        return JobKey(self.target, self.job_id)


class _Host(Protocol):
    """What repetitions need of the session."""

    def connection(self, name: str) -> Connection: ...


class Repeats:
    """The repetitions that were not taken yet. All coroutines; run them by the bridge."""

    def __init__(self, host: _Host, folder: Path) -> None:
        self._host = host
        self._folder = folder
        self._sending: dict[UUID, asyncio.Task[JobKey]] = {}

    async def submit(self, repeat: Repeat) -> JobKey:
        """Write the wish down, then bring it to the server; waits while the target is away."""
        try:
            await asyncio.to_thread(self._keep, repeat)
        except OSError as error:
            self._host.connection(repeat.target).drop(repeat.job_id)
            raise OutboxError(
                f"{self._folder} cannot be written: {error.strerror or error}.", "Nothing was sent."
            ) from error
        return await self._send(repeat)

    async def resume(self) -> None:
        """Take up what an earlier start left."""
        kept = await asyncio.to_thread(self.kept)
        await asyncio.gather(
            *(self._resume_one(repeat) for repeat in kept if repeat.job_id not in self._sending)
        )

    async def again(self, job_id: UUID) -> bool:
        """Send once more what could not be sent; False where it is none of ours."""
        kept = await asyncio.to_thread(self.kept)
        repeat = next((repeat for repeat in kept if repeat.job_id == job_id), None)
        if repeat is None:
            return False
        if job_id in self._sending:
            self._host.connection(repeat.target).look_again()
        else:
            await self._send(repeat)
        return True

    async def _resume_one(self, repeat: Repeat) -> None:
        with contextlib.suppress(ClientError, KeyError):  # shown in the list; or its target is gone
            await self._send(repeat)

    async def discard(self, job_id: UUID) -> bool:
        """Give up a repetition the server does not have; False where it is none of ours."""
        task = self._sending.pop(job_id, None)
        if task is None and not await asyncio.to_thread(self._place(job_id).exists):
            return False
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await asyncio.to_thread(self._forget, job_id)
        return True

    def kept(self) -> list[Repeat]:
        """What is written down, oldest first; blocks."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(Repeat.model_validate_json(path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError, ValidationError):
                continue  # nothing of ours was ever half written: each file is moved into its place whole
        return sorted(found, key=lambda repeat: repeat.created_at)

    async def _send(self, repeat: Repeat) -> JobKey:
        task = asyncio.create_task(self._send_until_taken(repeat), name="run again")
        self._sending[repeat.job_id] = task
        try:
            return await task
        finally:
            self._sending.pop(repeat.job_id, None)

    async def _send_until_taken(self, repeat: Repeat) -> JobKey:
        connection = self._host.connection(repeat.target)
        request = StepCreate(job_id=repeat.job_id)
        tries = 0
        while True:
            self._show(repeat, Phase.SENDING, "")
            try:
                api = await connection.api()
                state = await api.create_step(repeat.run_id, repeat.step, request)
                break
            except (ServerUnreachableError, BusyError) as error:
                self._show(repeat, Phase.WAITING, in_words(error).title)
                await asyncio.sleep(AGAIN_S[min(tries, len(AGAIN_S) - 1)])
                tries += 1
            except REFUSALS:
                await asyncio.to_thread(self._forget, repeat.job_id)
                connection.drop(repeat.job_id)
                raise
            except ClientError as error:
                words = in_words(error)
                self._show(repeat, Phase.REFUSED, f"{words.title} {words.detail}".strip())
                raise
        await asyncio.to_thread(self._forget, repeat.job_id)
        connection.taken(state)
        return repeat.key

    def _show(self, repeat: Repeat, phase: Phase, trouble: str) -> None:
        self._host.connection(repeat.target).put(
            JobEntry(
                key=repeat.key,
                name=repeat.name,
                analysis=repeat.analysis,
                step=repeat.step,
                owner="",
                phase=phase,
                created_at=repeat.created_at,
                trouble=trouble,
            )
        )

    def _place(self, job_id: UUID) -> Path:
        return self._folder / f"{job_id}.json"

    def _keep(self, repeat: Repeat) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".again-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(repeat.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._place(repeat.job_id))
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _forget(self, job_id: UUID) -> None:
        with contextlib.suppress(OSError):  # sent once more by the next start, to no effect: its id is known
            self._place(job_id).unlink(missing_ok=True)


def new_repeat(target: str, entry: JobEntry, run_id: UUID, job_id: UUID) -> Repeat:
    """The wish to run the step of an entry again."""
    return Repeat(
        job_id=job_id,
        run_id=run_id,
        target=target,
        analysis=entry.analysis,
        step=entry.step,
        name=entry.name,
        created_at=datetime.now(UTC),
    )
