"""Questions to a target, as the screens ask them: each answers at once, and `done` or `failed` comes later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from zerosec_desktop.bridge import Bridge, Work
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey

if TYPE_CHECKING:
    from zerosec_client.api import Api
    from zerosec_client.log_part import LogPart
    from zerosec_desktop.session.connection import Connection
    from zerosec_desktop.session.submissions import Submissions
    from zerosec_shared.analyses import AnalysisInfo
    from zerosec_shared.contract import JsonValue
    from zerosec_shared.events import Event
    from zerosec_shared.files import Dialect, InputFile
    from zerosec_shared.runs import Artifact, Job, RunResults

__all__ = ["Asking", "Failed"]

T = TypeVar("T")
Failed = Callable[[Exception], None]


class Asking(QObject):
    """The half of the session that asks. Without `failed`, what goes wrong is emitted as `trouble`."""

    trouble = Signal(object)  # Exception of something that goes on by itself

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge

    @property
    def submissions(self) -> Submissions:
        """The way of files up and down."""
        raise NotImplementedError

    def connection(self, name: str) -> Connection:
        """The connection to a target."""
        raise NotImplementedError

    def analysis(self, analysis: str, target: str = "") -> AnalysisInfo | None:
        """One analysis of a target."""
        raise NotImplementedError

    def ask(
        self,
        target: str,
        question: Callable[[Api], Awaitable[T]],
        *,
        name: str,
        done: Callable[[T], None],
        failed: Failed | None = None,
    ) -> Work:
        """Ask a target anything: `session.ask(t, lambda api: api.job(id), name="job", done=self._got)`."""
        connection = self.connection(target)

        async def answer() -> T:
            return await question(await connection.api())

        return self.bridge.start(answer(), name=name, done=done, failed=failed or self.trouble.emit)

    def finishable(self, entry: JobEntry) -> bool:
        """Whether a job can be stopped with the best result it has by then, and was not asked to yet."""
        state, info = entry.state, self.analysis(entry.analysis, entry.key.target)
        if state is None or state.finish_requested or entry.phase not in {Phase.QUEUED, Phase.RUNNING}:
            return False
        return info is not None and any(step.id == entry.step and step.finishable for step in info.steps)

    def finish(self, key: JobKey) -> None:
        """Ask a job to stop now and keep the best result it has."""
        connection = self.connection(key.target)

        async def ask() -> None:
            connection.taken(await (await connection.api()).finish(key.job_id))

        self.bridge.start(ask(), name="finish", failed=self.trouble.emit)

    def preview(
        self,
        *,
        target: str,
        analysis: str,
        step: str,
        parameters: Mapping[str, JsonValue],
        inputs: Mapping[str, Sequence[tuple[Path, Dialect | None]]],
        stored: Mapping[str, tuple[InputFile, ...]] | None = None,
        run_id: UUID | None = None,
        done: Callable[[Job], None],
        failed: Failed,
    ) -> Work:
        """Ask what a run would do; `done` gets the ended job, whose failure is what the run would say. Cancelling the work ends it
        on the server too. `stored` are inputs that the server has, outputs of the run `run_id` among them.
        """
        question = self.submissions.preview(
            target, analysis, step, dict(parameters), dict(inputs), dict(stored or {}), run_id
        )
        return self.bridge.start(question, name="preview", done=done, failed=failed)

    def job(self, key: JobKey, done: Callable[[Job], None], failed: Failed | None = None) -> Work:
        """Everything about a job."""
        return self.ask(key.target, lambda api: api.job(key.job_id), name="job", done=done, failed=failed)

    def results(self, key: JobKey, done: Callable[[RunResults], None], failed: Failed | None = None) -> Work:
        """Results of the run of a job, by step."""

        async def question(api: Api) -> RunResults:
            return await api.run_results((await api.job_state(key.job_id)).run_id)

        return self.ask(key.target, question, name="results", done=done, failed=failed)

    def artifacts(
        self, key: JobKey, done: Callable[[tuple[Artifact, ...]], None], failed: Failed | None = None
    ) -> Work:
        """What a job produced."""
        return self.ask(
            key.target, lambda api: api.artifacts(key.job_id), name="artifacts", done=done, failed=failed
        )

    def log(
        self,
        key: JobKey,
        done: Callable[[LogPart], None],
        failed: Failed | None = None,
        *,
        after: int | None = None,
    ) -> Work:
        """What a job's log holds after a byte; without `after` its last part."""
        return self.ask(
            key.target, lambda api: api.log(key.job_id, after=after), name="log", done=done, failed=failed
        )

    def save_log(
        self, key: JobKey, place: Path, done: Callable[[Path], None], failed: Failed | None = None
    ) -> Work:
        """Write a job's whole log, so far, to a file."""

        async def question(api: Api) -> Path:
            file = await asyncio.to_thread(place.open, "wb")
            try:
                await api.save_log(key.job_id, file.write)
            finally:
                await asyncio.to_thread(file.close)
            return place

        return self.ask(key.target, question, name="save log", done=done, failed=failed)

    def events(self, key: JobKey, done: Callable[[list[Event]], None], failed: Failed | None = None) -> Work:
        """All events of a job so far; what comes later arrives as `event_arrived`."""

        async def question(api: Api) -> list[Event]:
            events: list[Event] = []
            while True:
                page = await api.events(key.job_id, after=events[-1].seq if events else 0)
                events += page.events
                if not page.events or len(events) >= page.last_seq:
                    return events

        return self.ask(key.target, question, name="events", done=done, failed=failed)

    def download(
        self,
        key: JobKey,
        path: str,
        destination: Path,
        done: Callable[[Path], None],
        failed: Failed | None = None,
    ) -> Work:
        """Fetch one artifact to a file, verified."""
        return self.ask(
            key.target,
            lambda api: self.submissions.download(api, key, path, destination),
            name=f"download {path}",
            done=done,
            failed=failed,
        )

    def save_all(
        self, key: JobKey, folder: Path, done: Callable[[Path], None], failed: Failed | None = None
    ) -> Work:
        """Fetch all artifacts of a job into a folder, keeping theirs."""
        return self.ask(
            key.target,
            lambda api: self.submissions.download_all(api, key, folder),
            name="save all",
            done=done,
            failed=failed,
        )
