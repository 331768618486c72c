"""What an earlier job was given, for running it again with changes: its parameters, and its files where they still are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from zerosec_client.outbox import Entry
from zerosec_desktop.context import Context
from zerosec_desktop.navigation import JobKey
from zerosec_shared.contract import JsonValue
from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.runs import Job

__all__ = ["Earlier", "read_earlier"]


@dataclass(frozen=True)
class Earlier:
    """A job's name, parameters, file paths on this machine by slot, and the names of all its files by slot."""

    key: JobKey
    name: str
    parameters: dict[str, JsonValue]
    files: dict[str, list[tuple[Path, Dialect | None]]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    copies: dict[Path, InputFile] = field(default_factory=dict)
    """Files that are copies of stored ones."""


def read_earlier(context: Context, key: JobKey, done: Callable[[Earlier], None]) -> None:
    """Ask this machine's outbox first (it knows the paths, and jobs the server never had), then the server."""
    session = context.session

    def got_entry(entry: Entry | None) -> None:
        paths: dict[str, list[tuple[Path, Dialect | None]]] = {}
        if entry is not None:
            paths = {
                slot: [(Path(file.path), file.dialect) for file in files]
                for slot, files in entry.intent.inputs.items()
            }
        known = session.entry(key)
        if entry is not None and (known is None or known.state is None):
            done(_of_intent(key, entry, paths))
            return

        def got_job(job: Job) -> None:
            names = {slot: [file.name for file in files] for slot, files in job.inputs.items()}
            done(Earlier(key, job.run_name, dict(job.parameters), paths, names, _copies(entry)))

        session.job(key, got_job, context.notifications.problem)

    context.bridge.start(
        session.submissions.intent(key.job_id),
        name="earlier submission",
        done=got_entry,
        failed=context.notifications.problem,
    )


def _of_intent(key: JobKey, entry: Entry, paths: dict[str, list[tuple[Path, Dialect | None]]]) -> Earlier:
    intent = entry.intent
    names = {slot: [path.name for path, _ in files] for slot, files in paths.items()}
    return Earlier(key, intent.name, dict(intent.parameters), paths, names, _copies(entry))


def _copies(entry: Entry | None) -> dict[Path, InputFile]:
    files = [] if entry is None else [file for chosen in entry.intent.inputs.values() for file in chosen]
    return {Path(file.path): file.copy_of for file in files if file.copy_of is not None}
