"""From *Run* to a job the server has: written down first, sent, and taken up again after any interruption."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from zerosec_client.api import Api
from zerosec_client.errors import BusyError, ClientError, ServerUnreachableError, ValidationFailedError
from zerosec_client.outbox import Entry, FolderTakenError, Intent, Outbox, State
from zerosec_client.paths import client_dir
from zerosec_desktop.jobs import JobEntry, Phase, Transfer
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.problems import in_words
from zerosec_desktop.session.connection import Connection
from zerosec_desktop.session.meter import Meter
from zerosec_desktop.session.wish import Wish, as_they_are, intent_of, wish_of
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect, DownloadRequest, InputFile
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Job, JobState

__all__ = ["Submissions"]

AGAIN_S = (1.0, 2.0, 5.0, 10.0)
FOLDERS_TRIED = 100
UNDONE_S = 90.0
"""So long what was perhaps sent is looked for, cancelled and deleted."""
LET_GO_S = 2.0
"""So long what is given up may take to let go of its file, which a share that does not answer can hold for ever."""


class _Host(Protocol):
    """What submissions need of the session."""

    def connection(self, name: str) -> Connection: ...
    def transfer_news(self, transfer: Transfer) -> None: ...
    def submitted_news(self, key: JobKey) -> None: ...
    def job_gone(self, key: JobKey) -> None: ...


class Submissions:
    """The outbox of this window. All coroutines; run them by the bridge."""

    def __init__(self, host: _Host) -> None:
        self._host = host
        self._outbox: Outbox | None = None
        self._sending: dict[UUID, asyncio.Task[JobState]] = {}
        self._own: set[UUID] = set()
        """What this window wrote down itself, and sends: no earlier start left it."""
        self._given_up: set[UUID] = set()

    async def open_outbox(self) -> Outbox:
        """The outbox, opened on first need."""
        if self._outbox is None:
            self._outbox = await asyncio.to_thread(Outbox, client_dir() / "outbox.db")
        return self._outbox

    async def close(self) -> None:
        """Close the outbox; what was not sent is taken up by the next start.

        A transfer that has not let go of its file yet may still write: then the end of the process closes it, to no harm.
        """
        if self._outbox is not None and not self._sending:
            outbox, self._outbox = self._outbox, None
            await asyncio.to_thread(outbox.close)

    async def submit(self, wish: Wish) -> JobState:
        """Write the wish down, then bring it to the server; waits while the target is away."""
        try:
            intent = await intent_of(wish)
        except ClientError:
            self._host.job_gone(wish.key)
            raise
        return await self._intend_and_send(intent)

    async def repeat(self, entry: JobEntry, new: JobKey) -> JobKey:
        """Run the same step of the same run once more, as the job `new`, which is returned once the server has it."""
        assert entry.state is not None, "what the server does not have is sent, not repeated"
        step = entry.step
        if not step:  # one that ended at once: its events were here before the rest of what is known of it
            api = await self._host.connection(entry.key.target).api()
            step = (await api.job(entry.key.job_id)).step
        intent = Intent(
            job_id=new.job_id,
            run_id=entry.state.run_id,
            target=new.target,
            analysis=entry.analysis,
            step=step,
            name=entry.name,
            again=True,
        )
        await self._intend_and_send(intent)
        return new

    async def _intend_and_send(self, intent: Intent) -> JobState:
        return await self._send(await self._intend(intent), intent, datetime.now(UTC))

    async def _intend(self, intent: Intent) -> Outbox:
        key = JobKey(intent.target, intent.job_id)
        outbox = await self.open_outbox()
        self._own.add(intent.job_id)
        try:
            await asyncio.to_thread(outbox.intend, intent)
        except ClientError:
            self._host.job_gone(key)
            raise
        if intent.job_id in self._given_up:  # while its files were looked at
            await asyncio.to_thread(outbox.mark, intent.job_id, State.DISCARDED)
            raise asyncio.CancelledError
        self._host.submitted_news(key)
        return outbox

    async def preview(
        self,
        target: str,
        analysis: str,
        step: str,
        parameters: Mapping[str, JsonValue],
        inputs: Mapping[str, Sequence[tuple[Path, Dialect | None]]],
        stored: Mapping[str, tuple[InputFile, ...]] | None = None,
        run_id: UUID | None = None,
    ) -> Job:
        """Ask what a run would do. The files go up on the way, for the run to find them there."""
        from zerosec_client.preview import ask_preview

        outbox = await self.open_outbox()
        chosen = await as_they_are(inputs)
        api = await self._host.connection(target).api()
        return await ask_preview(
            api,
            outbox,
            target=target,
            analysis=analysis,
            step=step,
            inputs=chosen,
            parameters=parameters,
            chosen=stored,
            run_id=run_id,
        )

    async def resume(self) -> None:
        """Take up what an earlier start left: send what was not sent, show what was refused."""
        outbox = await self.open_outbox()
        for entry in await asyncio.to_thread(outbox.recent):
            if entry.state is State.REFUSED:
                self._show(entry.intent, entry.created_at, Phase.REFUSED, entry.trouble)
        pending = [
            entry
            for entry in await asyncio.to_thread(outbox.unfinished)
            if entry.state in {State.INTENDED, State.FROZEN} and entry.intent.job_id not in self._own
        ]
        await asyncio.gather(*(self._resume_one(outbox, entry) for entry in pending))

    async def again(self, key: JobKey, begun: Callable[[JobKey], None]) -> None:
        """Bring what did not get to the server there after all.

        What stopped on the way goes on as it is. What was refused, or whose files have changed, is submitted once more
        with the files as they are now, as a new job, whose key `begun` is told; the old one is given up only when that
        is written down. Raises LocalFileError while a file is away, and HeldError while another program sends it.
        """
        outbox = await self.open_outbox()
        entry = await asyncio.to_thread(outbox.entry, key.job_id)
        if entry is None:
            return
        if key.job_id in self._sending:
            self._host.connection(key.target).look_again()
            return
        fixed = not entry.state.finished and entry.request is not None  # the server may have it already
        intent = None if fixed else await intent_of(wish_of(entry.intent, JobKey(key.target, new_id())))
        if intent is None or (not entry.state.finished and intent.inputs == entry.intent.inputs):
            await self._send_shown(outbox, entry.intent, entry.created_at)
            return
        await self._intend(intent)
        created_at = datetime.now(UTC)
        self._show(intent, created_at, Phase.SENDING, "")
        begun(JobKey(intent.target, intent.job_id))
        await self.discard(key)
        await self._send_shown(outbox, intent, created_at)

    async def discard(self, key: JobKey) -> None:
        """Give up what the server was not known to have; where it got there just now, its run is deleted."""
        self._given_up.add(key.job_id)
        outbox = await self.open_outbox()
        # first of all: the window may be closed at any moment
        await asyncio.to_thread(outbox.mark, key.job_id, State.DISCARDED)
        task = self._sending.get(key.job_id)
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=LET_GO_S)  # it sends nothing more, whenever it ends
        self._host.connection(key.target).drop(key.job_id)
        self._host.job_gone(key)
        entry = await asyncio.to_thread(outbox.entry, key.job_id)
        if entry is None or entry.state is State.REFUSED:
            return
        if entry.request is not None or entry.intent.again:
            await self._undo(entry.intent)

    async def _undo(self, intent: Intent) -> None:
        """It was perhaps sent: then it ends, and nothing of it comes back."""
        from zerosec_client.removal import remove_perhaps_sent

        connection = self._host.connection(intent.target)
        if not intent.again:
            connection.going(intent.run_id)
        try:
            async with asyncio.timeout(LET_GO_S):
                api = await connection.api()
            async with asyncio.timeout(UNDONE_S):
                await remove_perhaps_sent(api, intent.job_id, intent.run_id, again=intent.again)
        except (TimeoutError, ClientError):
            connection.going(intent.run_id, goes=False)  # it is shown again where the server has it
        else:
            if not intent.again:
                connection.forget(intent.run_id)

    async def intent(self, job_id: UUID) -> Entry | None:
        """A submission of this machine, with its files' paths."""
        outbox = await self.open_outbox()
        return await asyncio.to_thread(outbox.entry, job_id)

    async def _resume_one(self, outbox: Outbox, entry: Entry) -> None:
        from zerosec_client.submission import HeldError

        try:
            await self._send(outbox, entry.intent, entry.created_at)
        except HeldError:
            pass  # the command, or another window, is at it
        except KeyError:
            self._show(entry.intent, entry.created_at, Phase.WAITING, "")
        except ClientError:
            pass  # shown in the list, with its reason

    async def _send_shown(self, outbox: Outbox, intent: Intent, created_at: datetime) -> None:
        """Send; that it is refused is shown in the list with its reason, and said once."""
        from zerosec_client.submission import HeldError

        try:
            await self._send(outbox, intent, created_at)
        except HeldError:
            raise
        except ClientError:
            pass

    async def _send(self, outbox: Outbox, intent: Intent, created_at: datetime) -> JobState:
        task = asyncio.create_task(self._send_until_taken(outbox, intent, created_at), name="send")
        self._sending[intent.job_id] = task
        try:
            return await task
        finally:
            self._sending.pop(intent.job_id, None)

    async def _send_until_taken(self, outbox: Outbox, intent: Intent, created_at: datetime) -> JobState:
        from zerosec_client.submission import hold, submit

        connection = self._host.connection(intent.target)
        key = JobKey(intent.target, intent.job_id)
        meters: dict[str, Meter] = {}

        def tell(name: str, done_bytes: int, total_bytes: int, rate: float) -> None:
            meters.setdefault(name, Meter(key, name, self._host)).tell(done_bytes, total_bytes, rate)

        with hold(outbox, intent.job_id):
            tries = 0
            while True:
                self._show(intent, created_at, Phase.SENDING, "")
                try:
                    api = await connection.api()
                    state = await submit(
                        api,
                        outbox,
                        intent,
                        progress=lambda name, now: tell(
                            name, now.done_bytes, now.total_bytes, now.rate_bytes_s
                        ),
                    )
                    break
                except (ServerUnreachableError, BusyError) as error:
                    self._show(intent, created_at, Phase.WAITING, in_words(error).title)
                    await asyncio.sleep(AGAIN_S[min(tries, len(AGAIN_S) - 1)])
                    tries += 1
                except ClientError as error:
                    if intent.job_id in self._given_up:
                        raise asyncio.CancelledError from error
                    words = in_words(error)
                    # the hint of a form speaks of fields, which stand only there
                    advice = "" if isinstance(error, ValidationFailedError) else words.hint
                    self._show(intent, created_at, Phase.REFUSED, words.sentences, advice)
                    raise
                finally:
                    for meter in meters.values():
                        meter.end()
            if intent.destination is None:
                await asyncio.to_thread(outbox.mark, intent.job_id, State.DONE)
        connection.taken(state)
        return state

    def _show(
        self, intent: Intent, created_at: datetime, phase: Phase, trouble: str, advice: str = ""
    ) -> None:
        self._host.connection(intent.target).put(
            JobEntry(
                key=JobKey(intent.target, intent.job_id),
                name=intent.name,
                analysis=intent.analysis,
                step=intent.step or "",
                owner="",
                phase=phase,
                created_at=created_at,
                trouble=trouble,
                advice=advice,
            )
        )

    async def download(self, api: Api, key: JobKey, path: str, destination: Path) -> Path:
        """Fetch one artifact, verified."""
        from zerosec_client.transfer import download

        meter = Meter(key, path, self._host, upward=False)
        try:
            await download(
                api,
                DownloadRequest(job_id=key.job_id, path=path),
                destination,
                progress=lambda now: meter.tell(now.done_bytes, now.total_bytes, now.rate_bytes_s),
            )
        finally:
            meter.end()
        return destination

    async def download_all(self, api: Api, key: JobKey, folder: Path) -> Path:
        """Fetch all artifacts, keeping their folders; where another run's results lie there already, into one beside it."""
        from zerosec_client.results_back import bring_back

        folder = await self._folder_for(key, folder)
        meter = Meter(key, folder.name, self._host, upward=False)
        try:
            await bring_back(
                api, key.job_id, folder, progress=lambda done, total: meter.tell(done, total, None)
            )
        finally:
            meter.end()
        return folder

    async def _folder_for(self, key: JobKey, wanted: Path) -> Path:
        """The folder itself, or the next free “name (2)”: results of two jobs are never mixed. Claimed for this job."""
        outbox = await self.open_outbox()
        for folder in (wanted, *(wanted.with_name(f"{wanted.name} ({n})") for n in range(2, FOLDERS_TRIED))):
            try:
                await asyncio.to_thread(outbox.claim_folder, folder, key.job_id)
            except FolderTakenError:
                continue
            return folder
        await asyncio.to_thread(outbox.claim_folder, wanted, key.job_id)
        return wanted
