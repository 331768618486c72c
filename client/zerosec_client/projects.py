"""Projects and their results, one call per endpoint; and a file of results from the disk to the preview of its import."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel

from zerosec_client.api import PREFIX, Api, parse, parse_list
from zerosec_client.chosen_files import local_input
from zerosec_client.errors import ClientError
from zerosec_client.http import Answer
from zerosec_client.outbox import Intent, Outbox, State
from zerosec_client.submission import submit
from zerosec_client.transfer import TransferProgress, download
from zerosec_shared.experiments import (
    Backup,
    ChangeRecord,
    EntryKind,
    Experiment,
    ImportCreate,
    ImportPreview,
    ImportRecord,
    Project,
    ProjectChange,
    ProjectCreate,
    ProjectPatch,
    RestoreRequest,
    UndoRequest,
)
from zerosec_shared.files import Dialect, DownloadRequest
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobState, JobStatus
from zerosec_shared.selections import (
    ExperimentFilter,
    QueryAnswer,
    RowsRequest,
    SavedFilter,
    Selection,
    SelectionRequest,
)
from zerosec_shared.system import Page

__all__ = [
    "OLDER_DATABASE",
    "Projects",
    "ReadingFailedError",
    "bring_selection",
    "job_ended",
    "read_results",
]

READING = "results-table"
OLDER_DATABASE = frozenset({".db", ".sqlite", ".sqlite3"})
"""Endings of an older program's results.db."""
WAIT_S = 20.0


class ReadingFailedError(ClientError):
    """The file was not read as results; the message says why."""

    code = "reading_failed"


class Projects:
    """The calls about projects of one server."""

    def __init__(self, api: Api) -> None:
        self._http = api.http

    async def _send(
        self, method: str, path: str, body: BaseModel | None = None, **query: str | list[str] | None
    ) -> Answer:
        """Every change is idempotent: by an id of ours, or because doing it again does the same."""
        return await self._http.send(
            method,
            f"{PREFIX}projects{path}",
            query={name: value for name, value in query.items() if value is not None},
            body=None if body is None else body.model_dump_json(exclude_unset=method == "PATCH").encode(),
            repeatable=True,
        )

    async def create(self, project: ProjectCreate) -> Project:
        """Make a project; the same id and body again give the same one."""
        return parse(Project, await self._send("POST", "", project))

    async def all(self) -> tuple[Project, ...]:
        """All of them, those changed last first."""
        return parse_list(Project, await self._send("GET", ""))

    async def get(self, project_id: UUID) -> Project:
        """One project; NotFoundError if there is none."""
        return parse(Project, await self._send("GET", f"/{project_id}"))

    async def change(self, project_id: UUID, patch: ProjectPatch) -> Project:
        """Change name or profile."""
        return parse(Project, await self._send("PATCH", f"/{project_id}", patch))

    async def delete(self, project_id: UUID) -> None:
        """Delete it; its backups stay."""
        await self._send("DELETE", f"/{project_id}")

    async def preview(
        self,
        project_id: UUID,
        job_id: UUID,
        *,
        kinds: Sequence[EntryKind] = (),
        offset: int = 0,
        limit: int = 200,
    ) -> ImportPreview:
        """What importing the rows of a reading job would do."""
        answer = await self._send(
            "GET",
            f"/{project_id}/imports/preview",
            job_id=str(job_id),
            kind=[kind.value for kind in kinds] or None,
            offset=str(offset),
            limit=str(limit),
        )
        return parse(ImportPreview, answer)

    async def take_in(self, project_id: UUID, request: ImportCreate) -> ImportRecord:
        """Take in what was previewed; ConflictError when the results have changed since."""
        return parse(ImportRecord, await self._send("POST", f"/{project_id}/imports", request))

    async def take_back(self, project_id: UUID, import_id: UUID, request: UndoRequest) -> ImportRecord:
        """Undo an import (or an undo, or a restore)."""
        return parse(
            ImportRecord, await self._send("POST", f"/{project_id}/imports/{import_id}/undo", request)
        )

    async def imports(self, project_id: UUID, *, before: int | None = None) -> tuple[ImportRecord, ...]:
        """Imports, undos and restores, newest first."""
        answer = await self._send(
            "GET", f"/{project_id}/imports", before=None if before is None else str(before)
        )
        return parse_list(ImportRecord, answer)

    async def query(self, project_id: UUID, chosen: ExperimentFilter) -> QueryAnswer:
        """What a filter matches: counts, missing values, histograms, levels."""
        return parse(QueryAnswer, await self._send("POST", f"/{project_id}/query", chosen))

    async def rows(
        self,
        project_id: UUID,
        chosen: ExperimentFilter,
        *,
        cursor: str | None = None,
        limit: int = 500,
    ) -> Page[Experiment]:
        """A page of the matching experiments."""
        body = RowsRequest(filter=chosen, cursor=cursor, limit=limit)
        return parse(Page[Experiment], await self._send("POST", f"/{project_id}/rows", body))

    async def history(self, project_id: UUID, experiment: int) -> tuple[ChangeRecord, ...]:
        """Every value an experiment ever had."""
        return parse_list(
            ChangeRecord, await self._send("GET", f"/{project_id}/experiments/{experiment}/history")
        )

    async def changes(
        self, project_id: UUID, *, cursor: str | None = None, limit: int = 500
    ) -> Page[ProjectChange]:
        """A page of every value that was ever set, oldest first."""
        answer = await self._send("GET", f"/{project_id}/changes", cursor=cursor, limit=str(limit))
        return parse(Page[ProjectChange], answer)

    async def filters(self, project_id: UUID) -> tuple[SavedFilter, ...]:
        """Saved filters by name."""
        return parse_list(SavedFilter, await self._send("GET", f"/{project_id}/filters"))

    async def save_filter(self, project_id: UUID, saved: SavedFilter) -> SavedFilter:
        """Save a filter under its name."""
        path = f"/{project_id}/filters/{quote(saved.name, safe='')}"
        return parse(SavedFilter, await self._send("PUT", path, saved.filter))

    async def delete_filter(self, project_id: UUID, name: str) -> None:
        """Forget a saved filter."""
        await self._send("DELETE", f"/{project_id}/filters/{quote(name, safe='')}")

    async def select(self, project_id: UUID, request: SelectionRequest) -> Selection:
        """The chosen experiments as a stored file."""
        return parse(Selection, await self._send("POST", f"/{project_id}/selections", request))

    async def backups(self, project_id: UUID) -> tuple[Backup, ...]:
        """What can be restored, newest first."""
        return parse_list(Backup, await self._send("GET", f"/{project_id}/backups"))

    async def back_up(self, project_id: UUID) -> Backup:
        """Back up now."""
        return parse(Backup, await self._send("POST", f"/{project_id}/backups"))

    async def restore(self, project_id: UUID, backup_id: str, request: RestoreRequest) -> Project:
        """Put the results back as a backup holds them."""
        path = f"/{project_id}/backups/{quote(backup_id, safe='')}/restore"
        return parse(Project, await self._send("POST", path, request))


async def bring_selection(
    api: Api, project_id: UUID, chosen: ExperimentFilter, place: Callable[[Selection], Path]
) -> tuple[Selection, Path]:
    """Choose experiments, and bring them as a CSV to the place made of the selection; one of the same bytes there stays.

    Raises LocalFileError for the place, and what the server says.
    """
    made = await Projects(api).select(project_id, SelectionRequest(filter=chosen))
    target = place(made)
    if await asyncio.to_thread(_sha256, target) != made.file.sha256:
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        await download(api, DownloadRequest(sha256=made.file.sha256), target)
    return made, target


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # whatever is wrong with the place, the download says it in words


async def job_ended(api: Api, state: JobState) -> None:
    """Wait for the end of a job. Raises ReadingFailedError unless it succeeded."""
    while not state.status.terminal:
        await api.events(state.id, after=state.last_event, wait_s=WAIT_S)
        state = await api.job_state(state.id)
    if state.status is not JobStatus.SUCCEEDED:
        failure = (await api.job(state.id)).failure
        if failure is None:
            raise ReadingFailedError("The job was cancelled.")
        raise ReadingFailedError(failure.title, failure.detail, failure.hint)


async def read_results(
    api: Api,
    outbox: Outbox,
    target: str,
    path: Path,
    profile: str,
    *,
    given: Mapping[str, str] | None = None,
    dialect: Dialect | None = None,
    progress: Callable[[str, TransferProgress], None] | None = None,
) -> UUID:
    """Have the server read a file of results by a profile; the id of the job, whose rows can be previewed and imported.

    Written down before it is sent, like every submission. Raises LocalFileError for the file, ReadingFailedError with the
    reason when it holds no results, and what the server says.
    """
    chosen = await asyncio.to_thread(local_input, path)
    slot = "database" if path.suffix.lower() in OLDER_DATABASE else "data"
    intent = Intent(
        job_id=new_id(),
        run_id=new_id(),
        target=target,
        analysis=READING,
        name=chosen.name,
        parameters={"profile": profile, "given": dict(given or {})},
        inputs={slot: (chosen.model_copy(update={"dialect": dialect}),)},
    )
    await asyncio.to_thread(outbox.intend, intent)
    state = await submit(api, outbox, intent, progress=progress)
    try:
        await job_ended(api, state)
    finally:
        await asyncio.to_thread(outbox.mark, intent.job_id, State.DONE)
    return intent.job_id
