"""The session: all targets, all jobs, all transfers, as signals and calls for the window's thread.

The client (HTTP, WebSocket, outbox) is imported after the window is painted, in a thread: it takes as long as the window itself.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal

from zerosec_desktop.bridge import Bridge, Work
from zerosec_desktop.jobs import JobEntry, Phase, TargetState, Transfer
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.session.asking import Asking, Failed
from zerosec_desktop.session.known_jobs import KnownJobs
from zerosec_desktop.wording import unlisted_title
from zerosec_shared.texts import spoken

if TYPE_CHECKING:
    from zerosec_client.targets import Targets
    from zerosec_desktop.session.connection import Connection
    from zerosec_desktop.session.submissions import Submissions
    from zerosec_shared.analyses import AnalysisInfo
    from zerosec_shared.contract import JsonValue
    from zerosec_shared.events import Event
    from zerosec_shared.files import Dialect, InputFile
    from zerosec_shared.runs import JobState

__all__ = ["Session"]


class Session(Asking):
    """Lives in the window's thread. Every call answers at once; `done` and `failed` come later, in that thread."""

    target_changed = Signal(object)  # TargetState
    targets_changed = Signal()
    catalogue_changed = Signal(str)  # target
    jobs_changed = Signal(list)  # list[JobEntry], at most ten times a second
    job_removed = Signal(object)  # JobKey
    job_ended = Signal(object)  # JobEntry: it ended while we watched
    event_arrived = Signal(object, object)  # JobKey, Event: each, in order, at once
    transfer_changed = Signal(object)  # Transfer
    submitted = Signal(object)  # JobKey

    def __init__(self, bridge: Bridge, targets: Targets | None = None) -> None:
        super().__init__(bridge)
        self._targets = targets
        self._submissions: Submissions | None = None
        self._connections: dict[str, Connection] = {}
        self._works: dict[str, Work] = {}
        self._states: dict[str, TargetState] = {}
        self._catalogues: dict[str, tuple[AnalysisInfo, ...]] = {}
        self._jobs = KnownJobs(self)
        self._jobs.changed.connect(self.jobs_changed)
        self._jobs.removed.connect(self.job_removed)
        self._jobs.ended.connect(self.job_ended)
        self._transfers: dict[tuple[JobKey, str], Transfer] = {}
        self._current = ""
        self._news: deque[Callable[[], None]] = deque()
        self._news_told = False

    # -- targets -----------------------------------------------------------------------------------------------

    @property
    def targets(self) -> Targets:
        """The known targets, as they are kept."""
        if self._targets is None:
            from zerosec_desktop.session.tokens import KeyringTargets

            self._targets = KeyringTargets()
        return self._targets

    @property
    def submissions(self) -> Submissions:
        """The way of a wish to the server."""
        if self._submissions is None:
            from zerosec_desktop.session.submissions import Submissions

            self._submissions = Submissions(self)
        return self._submissions

    def open(self) -> None:
        """Read the known targets and connect to all of them; take up what was left unsent."""
        self.bridge.start(_import_client(), name="client", done=self._opened)

    def _opened(self, _: None) -> None:
        self.reload_targets()
        self.bridge.start(self.submissions.resume(), name="unsent submissions", failed=self.trouble.emit)

    async def close(self) -> None:
        """On the loop, at the end: what is open on the disk is closed."""
        if self._submissions is not None:
            await self._submissions.close()

    def reload_targets(self) -> None:
        """The list of targets changed: connect to the new ones, leave those that are gone."""
        from zerosec_client.errors import ClientError
        from zerosec_desktop.session.connection import Connection

        try:
            known = {target.name: target for target in self.targets.all()}
            self._current = self.targets.default().name
        except ClientError as error:
            self.trouble.emit(error)
            return
        for name in list(self._connections):
            old = self._connections[name].target
            if known.get(name) != old:
                self._works.pop(name).cancel()
                del self._connections[name]
                self._states.pop(name, None)
                self._catalogues.pop(name, None)
                for key in self._jobs.of_target(name):
                    self.job_gone(key)
        for name, target in known.items():
            if name not in self._connections:
                connection = Connection(target, self.targets, self)
                self._connections[name] = connection
                self._states[name] = connection.state
                self._works[name] = self.bridge.start(
                    connection.run(), name=f"target {name}", failed=self.trouble.emit
                )
        self.targets_changed.emit()

    def target_states(self) -> list[TargetState]:
        """All targets, this computer first."""
        return list(self._states.values())

    def target_state(self, name: str) -> TargetState | None:
        """One target."""
        return self._states.get(name)

    @property
    def current_target(self) -> str:
        """The name of the target new work goes to."""
        return self._current

    def use_target(self, name: str) -> None:
        """Send new work to this target from now on. Raises ClientError where that can't be written down."""
        self.targets.use(name)
        self._current = name
        self.targets_changed.emit()

    def look_again(self, name: str) -> None:
        """Try to reach a target now."""
        connection = self._connections.get(name)
        if connection is not None:
            self.bridge.start(_soon(connection.look_again), name="look again")

    def connection(self, name: str) -> Connection:
        """The connection to a target, for coroutines of this package."""
        return self._connections[name]

    # -- the catalogue -----------------------------------------------------------------------------------------

    def catalogue(self, target: str = "") -> tuple[AnalysisInfo, ...]:
        """The analyses a target offers to users; empty before it answered."""
        found = self._catalogues.get(target or self._current, ())
        return tuple(analysis for analysis in found if not analysis.hidden)

    def analysis(self, analysis: str, target: str = "") -> AnalysisInfo | None:
        """One analysis; hidden ones too."""
        for found in self._catalogues.get(target or self._current, ()):
            if found.id == analysis:
                return found
        return None

    def title_of(self, analysis: str, target: str) -> str:
        """What an analysis is called by its target; by another one while that has not answered."""
        for name in (target, *self._catalogues):
            if (found := self.analysis(analysis, name)) is not None:
                return found.title
        return unlisted_title(analysis)

    def speak(self) -> None:
        """Put what servers said so far into the language that is spoken now."""
        from zerosec_shared.translations import in_language

        language = spoken()
        for target, analyses in self._catalogues.items():
            self._catalogues[target] = tuple(in_language(analysis, language) for analysis in analyses)
        self._jobs.reword(
            lambda entry: (
                entry if entry.state is None else entry.in_words_of(in_language(entry.state, language))
            )
        )

    # -- jobs --------------------------------------------------------------------------------------------------

    def entries(self) -> list[JobEntry]:
        """All known jobs of all targets."""
        return self._jobs.all()

    def active_entries(self) -> list[JobEntry]:
        """The jobs that have not ended; cheap however many have."""
        return self._jobs.active()

    def entry(self, key: JobKey) -> JobEntry | None:
        """One job as last heard of."""
        return self._jobs.get(key)

    def transfers(self) -> list[Transfer]:
        """Files on their way."""
        return list(self._transfers.values())

    def submit(
        self,
        *,
        analysis: str,
        step: str | None,
        name: str,
        parameters: Mapping[str, JsonValue],
        inputs: Mapping[str, Sequence[tuple[Path, Dialect | None]]],
        target: str = "",
        tags: tuple[str, ...] = (),
        copies: Mapping[Path, InputFile] | None = None,
        run_id: UUID | None = None,
        chosen: Mapping[str, tuple[InputFile, ...]] | None = None,
        done: Callable[[JobState], None] | None = None,
        failed: Failed | None = None,
    ) -> JobKey:
        """Submit: written down first, then sent. `failed` gets ValidationFailedError with the fields' paths, and the like.

        `copies`: files that are copies of stored ones, whose origin goes into the record while the bytes are the same.
        `run_id`: execute a step of this run, which is there; `chosen` are stored files that it then reads.
        """
        key = _new_job(target or self._current)
        self._jobs.put([JobEntry(key, name, analysis, step or "", "", Phase.SENDING, datetime.now(UTC))])
        from zerosec_desktop.session.wish import Wish

        wish = Wish(
            key,
            analysis,
            step,
            name,
            dict(parameters),
            dict(inputs),
            tags,
            dict(copies or {}),
            run_id,
            dict(chosen or {}),
        )
        self.bridge.start(
            self.submissions.submit(wish),
            name=f"submit {name}",
            done=done,
            failed=failed or partial(self._not_sent, key),
        )
        return key

    def _not_sent(self, key: JobKey, error: Exception) -> None:
        """What was refused is in the list with its reason, and was said when it got there."""
        entry = self._jobs.get(key)
        if entry is None or entry.phase is not Phase.REFUSED:
            self.trouble.emit(error)

    def cancel(self, key: JobKey) -> None:
        """Ask a job to end; the list shows it at once."""
        entry = self._jobs.get(key)
        if entry is None or entry.phase.ended:
            return
        if entry.state is None:
            self.bridge.start(self.submissions.discard(key), name="discard", failed=self.trouble.emit)
            return
        connection = self._connections[key.target]

        async def ask() -> None:
            connection.taken(await (await connection.api()).cancel(key.job_id))

        self._jobs.show(key, Phase.CANCELLING)
        self.bridge.start(ask(), name="cancel", failed=self.trouble.emit)

    def retry(self, key: JobKey, done: Callable[[JobKey], None] | None = None) -> None:
        """Run the same step of the same run once more, as a new job; what the server does not have is sent to it."""
        entry = self._jobs.get(key)
        if entry is None:
            return
        if entry.state is None:
            sending = self.submissions.again(key, partial(self._begun, done))
            self.bridge.start(sending, name="send again", failed=self.trouble.emit)
            return
        new = _new_job(key.target)
        repeating = self.submissions.repeat(entry, new)
        self.bridge.start(repeating, name="retry", done=done, failed=partial(self._not_sent, new))

    def _begun(self, done: Callable[[JobKey], None] | None, key: JobKey) -> None:
        """From the loop's thread."""
        if done is not None:
            self._tell(partial(done, key))

    def delete(self, key: JobKey) -> None:
        """Delete the run of a job with all its jobs and files; what it does is cancelled."""
        entry = self._jobs.get(key)
        if entry is None:
            return
        if entry.state is None:
            self.bridge.start(self.submissions.discard(key), name="discard", failed=self.trouble.emit)
            return
        run_id = entry.state.run_id
        connection = self._connections[key.target]

        async def ask() -> None:
            from zerosec_client.removal import remove_run

            await remove_run(await connection.api(), run_id)
            connection.forget(run_id)

        if not entry.phase.ended:
            self._jobs.show(key, Phase.CANCELLING)
        self.bridge.start(ask(), name="delete", failed=self.trouble.emit)

    def pin(self, key: JobKey, pinned: bool) -> None:
        """Pin the run of a job, or not."""
        entry = self._jobs.get(key)
        if entry is None or entry.state is None:
            return
        run_id = entry.state.run_id
        connection = self._connections[key.target]

        async def ask() -> None:
            from zerosec_shared.runs import RunPatch

            await (await connection.api()).patch_run(run_id, RunPatch(pinned=pinned))
            connection.pin(run_id, pinned)

        self.bridge.start(ask(), name="pin", failed=self.trouble.emit)

    # -- news, from the loop's thread ----------------------------------------------------------------------------

    def target_news(self, state: TargetState) -> None:
        """See `Reports`."""
        self._tell(lambda: self._set_target(state))

    def catalogue_news(self, target: str, analyses: tuple[AnalysisInfo, ...]) -> None:
        """See `Reports`."""
        self._tell(lambda: self._set_catalogue(target, analyses))

    def job_news(self, entries: list[JobEntry]) -> None:
        """See `Reports`."""
        self._tell(lambda: self._jobs.put(entries))

    def event_news(self, key: JobKey, event: Event) -> None:
        """See `Reports`."""
        self._tell(lambda: self.event_arrived.emit(key, event))

    def job_gone(self, key: JobKey) -> None:
        """See `Reports`."""
        self._tell(lambda: self._jobs.remove(key))

    def transfer_news(self, transfer: Transfer) -> None:
        """See `Reports`."""
        self._tell(lambda: self._set_transfer(transfer))

    def submitted_news(self, key: JobKey) -> None:
        """A wish was written down and is on its way."""
        self._tell(lambda: self.submitted.emit(key))

    def _tell(self, news: Callable[[], None]) -> None:
        """Queue news for the window's thread; however many there are, one crossing takes them all."""
        self._news.append(news)
        if not self._news_told:
            self._news_told = True
            self.bridge.deliver(self._take_news)

    def _take_news(self) -> None:
        self._news_told = False
        while True:
            try:
                news = self._news.popleft()
            except IndexError:
                return
            news()

    # -- in the window's thread ----------------------------------------------------------------------------------

    def _set_target(self, state: TargetState) -> None:
        if state.name in self._states:
            self._states[state.name] = state
            self.target_changed.emit(state)

    def _set_catalogue(self, target: str, analyses: tuple[AnalysisInfo, ...]) -> None:
        if self._catalogues.get(target) != analyses:
            self._catalogues[target] = analyses
            self.catalogue_changed.emit(target)

    def _set_transfer(self, transfer: Transfer) -> None:
        if transfer.ended:
            self._transfers.pop((transfer.key, transfer.name), None)
        else:
            self._transfers[(transfer.key, transfer.name)] = transfer
        self.transfer_changed.emit(transfer)


async def _import_client() -> None:
    """Import what talks to servers, without holding up the window."""
    for module in ("connection", "submissions", "tokens"):
        await asyncio.to_thread(import_module, f"zerosec_desktop.session.{module}")
    for module in ("submission", "transfer"):
        await asyncio.to_thread(import_module, f"zerosec_client.{module}")


def _new_job(target: str) -> JobKey:
    from zerosec_shared.ids import new_id  # brings pydantic, which the window does not wait for

    return JobKey(target, new_id())


async def _soon(call: Callable[[], None]) -> None:
    call()
