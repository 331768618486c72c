"""What a person sees while a job is under way: a moving display on a terminal, plain lines anywhere else."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from zerosec_client.cli.counters import counter_words
from zerosec_client.cli.terminal import Terminal
from zerosec_client.transfer import TransferProgress
from zerosec_client.watch import Link
from zerosec_shared.events import Event, LogEvent, NoticeEvent, ProgressEvent, StateEvent
from zerosec_shared.runs import JobProgress, JobStatus
from zerosec_shared.texts import say, translated
from zerosec_shared.views import Notice, Severity

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

__all__ = ["Display", "display_for", "local_time"]

PLAIN_EVERY_S = 2.0
LINKS = {
    Link.POLLING: say("The live connection broke; asking the server for news until it is back."),
    Link.OFFLINE: say("The server cannot be reached at the moment; the job is safe, still trying."),
}


WORDS = {
    JobStatus.QUEUED: say("Queued"),
    JobStatus.RUNNING: say("Running"),
    JobStatus.SUCCEEDED: say("Succeeded"),
    JobStatus.FAILED: say("Failed"),
    JobStatus.CANCELLED: say("Cancelled"),
}


def local_time(moment: datetime) -> str:
    """A moment in a list, by the clock of this computer."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


class Display(Protocol):
    """Shows a submission on its way."""

    def uploading(self, name: str, progress: TransferProgress) -> None:
        """Bytes of a file went up."""

    def event(self, event: Event) -> None:
        """Something happened to the job."""

    def link(self, link: Link) -> None:
        """How events come has changed."""

    def tell(self, line: str) -> None:
        """Something is to be said beside the events."""

    def fetching(self, bytes_done: int, bytes_total: int) -> None:
        """Bytes of the results came."""

    def close(self) -> None:
        """Leave the screen in order."""


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _words(progress: JobProgress) -> str:
    counters = counter_words(progress.counters)
    return " · ".join(part for part in (progress.stage, progress.message, counters) if part)


def _state(state: StateEvent) -> str:
    match state.status:
        case JobStatus.QUEUED:
            if state.reason:
                return state.reason
            again = say("Queued again: the worker that had it was lost")
            return translated(WORDS[state.status] if state.attempt == 0 else again)
        case JobStatus.RUNNING if state.attempt > 1:
            return translated(say("Running, attempt {number}", number=state.attempt))
        case _:
            return translated(WORDS[state.status])


def _notice(notice: Notice) -> str:
    match notice.severity:
        case Severity.ERROR:
            said = say("Error: {message}", message=notice.message)
        case Severity.WARNING:
            said = say("Warning: {message}", message=notice.message)
        case _:
            said = say("Note: {message}", message=notice.message)
    return translated(said)


class PlainDisplay:
    """A line for each change, at most one every two seconds for progress."""

    def __init__(self, terminal: Terminal, clock: Callable[[], float] = time.monotonic) -> None:
        self._terminal, self._clock = terminal, clock
        self._said_at = -PLAIN_EVERY_S
        self._stage = self._sent = ""

    def _now_and_then(self, line: str, *, always: bool) -> None:
        now = self._clock()
        if always or now - self._said_at >= PLAIN_EVERY_S:
            self._said_at = now
            self._terminal.say(line)

    def uploading(self, name: str, progress: TransferProgress) -> None:
        """Say how much is there."""
        line = say(
            "Sending {name}: {done} of {total}",
            name=name,
            done=_size(progress.done_bytes),
            total=_size(progress.total_bytes),
        )
        complete = progress.done_bytes >= progress.total_bytes
        if line != self._sent:
            self._now_and_then(line, always=complete)
            self._sent = line if complete else self._sent

    def event(self, event: Event) -> None:
        """Say what happened."""
        match event.body:
            case StateEvent() as state:
                self._terminal.say(_state(state))
            case ProgressEvent(progress=progress):
                share = "" if progress.fraction is None else f"{progress.fraction:4.0%} "
                changed = progress.stage != self._stage
                self._stage = progress.stage
                self._now_and_then(f"{share}{_words(progress)}", always=changed)
            case LogEvent(message=message):
                self._terminal.say(message)
            case NoticeEvent(notice=notice):
                self._terminal.say(_notice(notice))
            case _:
                pass

    def link(self, link: Link) -> None:
        """Say what is different."""
        if link in LINKS:
            self._terminal.say(LINKS[link])

    def tell(self, line: str) -> None:
        """Say it."""
        self._terminal.say(line)

    def fetching(self, bytes_done: int, bytes_total: int) -> None:
        """Say how much is here."""
        line = say("Fetching results: {done} of {total}", done=_size(bytes_done), total=_size(bytes_total))
        self._now_and_then(line, always=False)

    def close(self) -> None:
        """Nothing to put in order."""


class LivelyDisplay:
    """A bar for the files on their way, one for the job, one for the results."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        self._bars: RichProgress = Progress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=28),
            TaskProgressColumn(),
            Elapsed(),
            TextColumn("{task.fields[words]}", markup=False),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, TaskID] = {}
        self._bars.start()

    def _task(self, name: str) -> "TaskID":
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=None, words="")
        return self._tasks[name]

    def _print(self, line: str) -> None:
        self._bars.console.print(line, markup=False, highlight=False)

    def uploading(self, name: str, progress: TransferProgress) -> None:
        """Move the file's bar."""
        self._bars.update(
            self._task(translated(say("Sending {name}", name=name))),
            total=max(1, progress.total_bytes),
            completed=progress.done_bytes if progress.total_bytes else 1,
            words=f"{_size(progress.done_bytes)}, {_size(progress.rate_bytes_s)}/s",
        )

    def event(self, event: Event) -> None:
        """Move the job's bar, or print what is said once."""
        task = self._task(translated(say("Job")))
        match event.body:
            case StateEvent() as state:
                ended = state.status.terminal
                self._bars.update(
                    task, words=_state(state), total=1 if ended else None, completed=1 if ended else 0
                )
            case ProgressEvent(progress=progress):
                fraction = progress.fraction
                self._bars.update(
                    task,
                    total=None if fraction is None else 1,
                    completed=fraction or 0,
                    words=_words(progress),
                )
            case LogEvent(message=message):
                self._print(message)
            case NoticeEvent(notice=notice):
                self._print(_notice(notice))
            case _:
                pass

    def link(self, link: Link) -> None:
        """Print what is different."""
        if link in LINKS:
            self._print(translated(LINKS[link]))

    def tell(self, line: str) -> None:
        """Print it."""
        self._print(line)

    def fetching(self, bytes_done: int, bytes_total: int) -> None:
        """Move the results' bar."""
        self._bars.update(
            self._task(translated(say("Fetching results"))),
            total=max(1, bytes_total),
            completed=bytes_done,
            words=_size(bytes_done),
        )

    def close(self) -> None:
        """Stop moving; what stands there stays."""
        self._bars.stop()


def display_for(terminal: Terminal) -> Display:
    """The display that fits where standard error goes."""
    return LivelyDisplay() if terminal.lively else PlainDisplay(terminal)
