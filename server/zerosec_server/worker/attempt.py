"""One attempt at one job, from the claim to its end: workspace, processes, reports, artifacts, and the fenced finish.

The order at the end is the promise: every process gone, every artifact durable, then one transaction that makes the end visible
with all its artifacts, or nothing. Whatever goes wrong on the way becomes a failure with a sentence; only a lost lease writes
nothing, because then the job belongs to somebody else.
"""

import asyncio
import errno
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from zerosec_analyses.catalogue import Catalogue
from zerosec_analyses.sdk import Outcome
from zerosec_server.database import taking_back, transitions
from zerosec_server.database.connection import Database
from zerosec_server.database.transitions import Claimed, Finish, LeaseLostError
from zerosec_server.language import worded
from zerosec_server.settings import Settings
from zerosec_server.storage.base import NoSuchBlobError, Storage, StorageFullError
from zerosec_server.worker.delivery import deliver_result, deliver_without_result, discard_artifacts
from zerosec_server.worker.frames import FailureFrame, Frame, FrameError
from zerosec_server.worker.guarded import GuardedProcess
from zerosec_server.worker.kept_folder import forget_kept
from zerosec_server.worker.order import Command, Ended, JobOrder, Limits, ShimOrder, seed_of
from zerosec_server.worker.recorder import Recorder
from zerosec_server.worker.recovery import discard_losers, finish_to_json
from zerosec_server.worker.verdict import Failed, Succeeded, Verdict, failures, judge
from zerosec_server.worker.warmth import Warmth
from zerosec_server.worker.workspace import OutputTooLargeError, Workspace
from zerosec_shared.contract import JsonValue
from zerosec_shared.events import EventBody
from zerosec_shared.files import InputFile
from zerosec_shared.runs import JobFailure, JobStatus

__all__ = ["Assignment", "Attempt", "Surroundings"]

log = logging.getLogger("zerosec.worker")

T = TypeVar("T")
START_TIMEOUT_S = 5.0
START_TIMEOUT_LEASES = 1.5
"""Until a shim must have taken an order: in seconds at least, and in times a lease lasts."""
RETRY_S = 0.25
RETRY_AT_MOST_S = 5.0
NO_SPACE = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What all attempts of a worker share."""

    settings: Settings
    database: Database
    storage: Storage
    catalogue: Catalogue
    warmth: Warmth
    disk: Executor
    nudge_api: Callable[[], None]
    threads: int


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A claimed job with what it computes from."""

    claimed: Claimed
    parameters: dict[str, JsonValue]
    inputs: dict[str, tuple[InputFile, ...]]
    source_keys: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Where inputs lie that earlier jobs have made: by job and path."""


class Attempt:
    """One attempt. `run` returns when it is over; the other methods may be called at any time from the same loop."""

    def __init__(self, surroundings: Surroundings, assignment: Assignment, claimed_at: float) -> None:
        self._s, self._assignment = surroundings, assignment
        self.job_id = assignment.claimed.job_id
        self.attempt = assignment.claimed.attempt
        self.preview = assignment.claimed.preview
        self.renewed_at = claimed_at
        self.computing = True
        self.workspace = Workspace(surroundings.settings.workspaces_dir, self.job_id, self.attempt)
        self._process: GuardedProcess | None = None
        self._cancelling = self._stopping = self.lost = False
        self._to_finish = self._ready = self._ended = False
        self._said: JobFailure | None = None
        self._garbage: FrameError | None = None
        self._recorder = Recorder(self._record, self.lose)

    # What others ask of it.

    def renew(self, renewed_at: float) -> None:
        """The lease counts from `renewed_at` (monotonic)."""
        self.renewed_at = renewed_at
        if self._process is None:
            return
        if self._process.unheard_s() > self._s.settings.lease_ttl_s:
            log.error("job %s: its guardian does not answer any more; it is ended", self.job_id)
            self._process.kill_guardian()
        else:
            self._process.command(Command(lease_s=self._lease_left()))

    def cancel(self) -> None:
        """End it because the user asks: terminate, grace, kill."""
        if not self._cancelling:
            self._cancelling = True
            # a preview has nothing to put in order, and the newer one waits
            self._end_processes(0.0 if self.preview else self._s.settings.cancel_grace_s)

    def finish_early(self) -> None:
        """Let it end by itself soon, with the result it has by then, because the user asks."""
        if not self._to_finish and self.computing:
            self._to_finish = True
            if self._ready:
                self._tell_to_finish()

    def _tell_to_finish(self) -> None:
        try:
            self.workspace.ask_to_finish()
        except OSError as error:  # asked again with the next heartbeat
            log.warning("job %s could not be told to finish: %s", self.job_id, error)
            self._to_finish = False

    def stop(self) -> None:
        """End it because the worker stops; the job goes back to the queue."""
        self._stopping = True
        self._end_processes(0.0)

    def lose(self) -> None:
        """The job belongs to somebody else, or soon may: kill, and write nothing more."""
        self.lost = True
        self._end_processes(0.0)

    def _end_processes(self, grace_s: float) -> None:
        if self._process is not None:
            self._process.command(Command(terminate_grace_s=grace_s))

    def _lease_left(self) -> float:
        return max(0.0, self.renewed_at + 0.9 * self._s.settings.lease_ttl_s - time.monotonic())

    # Its life.

    async def run(self, on_computed: Callable[[], None]) -> None:
        """Run to the end. `on_computed` is called once the processes are gone and a slot is free."""
        try:
            ended = await self._compute()
        except (NoSuchBlobError, StorageFullError, OSError) as error:
            ended = _cannot_begin(error)
        finally:
            self.computing = False
            on_computed()
        if isinstance(ended, JobFailure):
            await self._finish(Finish(status=JobStatus.FAILED, failure=ended))
        elif self.lost or ended is None or (self._stopping and not self._cancelling):
            await self._hand_back(guardian_lost=ended is None)
        else:
            await self._deliver_and_finish(ended)
        await self._recorder.close()
        await self._in_thread(self._tidy)

    async def _compute(self) -> Ended | JobFailure | None:
        """Run the processes; None when their guardian was lost."""
        claimed, settings = self._assignment.claimed, self._s.settings
        if claimed.analysis not in self._s.catalogue:
            return failures.NOT_OFFERED
        await self._prepare()
        self._ready = True
        if self._to_finish:
            self._tell_to_finish()
        if self._stopping or self.lost or self._cancelling:
            return Ended.model_validate({"wait_status": 9, "reason": "asked"})
        order = ShimOrder(
            workspace=str(self.workspace.path),
            limits=Limits(
                wall_time_s=settings.preview_wall_time_s if claimed.preview else settings.job_wall_time_s,
                memory_bytes=settings.job_memory_bytes,
                output_bytes=settings.job_output_bytes,
                output_files=settings.job_output_files,
                log_bytes=settings.job_log_bytes,
            ),
            lease_s=self._lease_left(),
        )
        step = self._s.catalogue[claimed.analysis].step(claimed.step)
        requests = self._s.warmth.requests_for(step.warm)
        self._process = GuardedProcess(requests, order, self._on_frame, self._on_garbage)
        patience_s = max(START_TIMEOUT_S, START_TIMEOUT_LEASES * settings.lease_ttl_s)
        try:
            async with asyncio.timeout(patience_s):
                await asyncio.wait([self._process.started])
        except TimeoutError:
            log.warning("no shim took job %s within %s s", self.job_id, patience_s)
            self._process.abandon()
        return await self._process.ended

    async def _prepare(self) -> None:
        claimed, parameters = self._assignment.claimed, self._assignment.parameters
        settings = self._s.settings
        order = JobOrder(
            job_id=self.job_id,
            attempt=self.attempt,
            analysis=claimed.analysis,
            step=claimed.step,
            parameters=parameters,
            inputs={},
            seed=seed_of(self.job_id, parameters),
            threads=self._s.threads,
            preview=claimed.preview,
            programs=settings.programs,
            cache=str(settings.cache_dir.absolute()),
        )
        prepare = partial(
            self.workspace.prepare,
            order,
            self._assignment.inputs,
            self._s.storage,
            self._assignment.source_keys,
        )
        if self._assignment.inputs:
            await self._in_thread(prepare)
        else:
            prepare()

    def _on_frame(self, frame: Frame) -> None:
        if isinstance(frame, FailureFrame):
            self._said = frame.failure
        else:
            self._recorder.add(frame)

    def _on_garbage(self, garbage: FrameError) -> None:
        log.warning("job %s sent what is no frame: %s", self.job_id, garbage)
        self._garbage = garbage
        self._end_processes(0.0)

    async def _record(self, bodies: Sequence[EventBody]) -> None:
        await self._s.database.awrite(lambda c: transitions.record(c, self.job_id, self.attempt, bodies))
        self._s.nudge_api()

    # Its end.

    async def _deliver_and_finish(self, ended: Ended) -> None:
        if ended.survivors:
            log.error("job %s: a process could not be killed; it hangs in the kernel", self.job_id)
        outcome, left = self._outcome()
        verdict = judge(
            ended,
            cancelling=self._cancelling,
            understood=self._garbage is None,
            said=self._said,
            left=left,
        )
        await self._finish(await self._in_thread(partial(self._delivered, verdict, outcome)))

    def _outcome(self) -> tuple[Outcome | None, Literal["outcome", "nothing", "garbage"]]:
        try:
            outcome = self.workspace.outcome()
        except (ValueError, OSError) as wrong:
            log.warning("job %s left an outcome that is none: %s", self.job_id, wrong)
            return None, "garbage"
        return outcome, "nothing" if outcome is None else "outcome"

    def _delivered(self, verdict: Verdict, outcome: Outcome | None) -> Finish:
        """Make the artifacts durable and say how the job ends; in a thread."""
        storage, settings = self._s.storage, self._s.settings
        if isinstance(verdict, Succeeded) and outcome is not None:
            try:
                return deliver_result(storage, settings, self.workspace, outcome)
            except OutputTooLargeError as too_large:
                verdict = Failed(failures.output_too_large(str(too_large)))
            except (StorageFullError, OSError) as error:
                if isinstance(error, OSError) and error.errno not in NO_SPACE:
                    raise
                verdict = Failed(failures.STORAGE_FULL)
        if isinstance(verdict, Failed):
            end = Finish(status=JobStatus.FAILED, failure=verdict.failure)
        else:
            end = Finish(status=JobStatus.CANCELLED, reason="Cancelled as asked.")
        return deliver_without_result(storage, self.workspace, end)

    async def _finish(self, finish: Finish) -> bool:
        """Write the end, as often as it takes: the fence in the database makes a repeated or late one harmless. False if it was late."""
        pause_s = RETRY_S
        if finish.artifacts:  # without artifacts there is nothing that a new attempt could not do again
            record = finish_to_json(finish)
            await self._in_thread(partial(self.workspace.write_finish_record, record))
        # Only now: the recorder may wait for a database that is silent, and the record must not.
        finish = replace(finish, reports=await self._recorder.close())
        if finish.failure is not None:
            finish = replace(finish, failure=worded(finish.failure))
        while True:
            try:
                await self._s.database.awrite(
                    lambda c: transitions.finish(c, self.job_id, self.attempt, finish)
                )
            except LeaseLostError:
                log.warning(
                    "job %s: attempt %s had lost its lease; its end is dropped", self.job_id, self.attempt
                )
                await self._in_thread(partial(discard_artifacts, self._s.storage, self.job_id, self.attempt))
                return False
            except SQLAlchemyError as error:
                log.warning(
                    "the end of job %s could not be written, to be tried again: %s", self.job_id, error
                )
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, RETRY_AT_MOST_S)
            else:
                self._s.nudge_api()
                self._ended = True
                return True

    def _tidy(self) -> None:
        """Remove what nobody needs any more; in a thread."""
        if self._ended:
            self._forget()
        self.workspace.remove()

    def _forget(self) -> None:
        """What only a further attempt would need, and what losers stored."""
        forget_kept(str(self._s.settings.cache_dir.absolute()), self.job_id)
        if self.attempt > 1:
            discard_losers(self._s.database, self._s.storage, self.job_id)

    async def _hand_back(self, *, guardian_lost: bool) -> None:
        """Give the job back: at once if that is still ours to say; otherwise its lease runs out."""
        if self.lost:
            return
        try:
            if guardian_lost and not self._stopping:
                log.warning("job %s: its guardian was lost", self.job_id)
                delay_s = self._s.settings.retry_delay_s
                await self._s.database.awrite(
                    lambda c: taking_back.give_up(c, self.job_id, self.attempt, delay_s)
                )
            else:
                await self._s.database.awrite(lambda c: taking_back.release(c, self.job_id, self.attempt))
        except LeaseLostError:
            return
        except SQLAlchemyError as error:
            log.warning("job %s could not be handed back; its lease runs out: %s", self.job_id, error)
        else:
            self._s.nudge_api()

    async def fail_internally(self) -> None:
        """After an error of the worker's own: the job ends as failed, with a sentence."""
        self.computing = False
        if self._process is not None:
            self._process.abandon()
        if self.lost or self._ended:
            return
        if await self._finish(Finish(status=JobStatus.FAILED, failure=failures.INTERNAL)):
            await self._in_thread(self._forget)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._s.disk, work)


def _cannot_begin(error: Exception) -> JobFailure:
    if isinstance(error, NoSuchBlobError):
        return failures.FILE_MISSING
    if isinstance(error, StorageFullError) or (isinstance(error, OSError) and error.errno in NO_SPACE):
        return failures.WORKSPACE_FULL
    raise error
