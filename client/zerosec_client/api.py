"""Typed calls, one per endpoint of DESIGN §5, on the contract's models."""

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import quote
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError

from zerosec_client.errors import BadAnswerError
from zerosec_client.http import Answer, Http
from zerosec_client.log_part import LogPart
from zerosec_shared.analyses import AnalysisInfo
from zerosec_shared.archives import ImportRequest, MethodsText
from zerosec_shared.events import EventPage
from zerosec_shared.files import (
    CompletedUpload,
    DownloadRequest,
    DownloadTicket,
    PartsRequest,
    PartsTicket,
    UploadCompletion,
    UploadRequest,
    UploadTicket,
)
from zerosec_shared.predictions import PredictionExport, PredictionRecord
from zerosec_shared.programs import ProgramInfo
from zerosec_shared.references import Reference, ReferenceCreate, ReferenceRemoved
from zerosec_shared.runs import (
    Artifact,
    FilesCleaned,
    Job,
    JobCreate,
    JobsCancelled,
    JobState,
    JobStatus,
    PreviewCreate,
    Run,
    RunCreate,
    RunFile,
    RunPatch,
    RunResults,
    RunStatus,
    StepCreate,
    StepResult,
)
from zerosec_shared.steps import Sequence, SequenceCreate, StepPlan
from zerosec_shared.system import Health, Page, QueueState, Readiness, SystemInfo, SystemStatus
from zerosec_shared.texts import say
from zerosec_shared.translations import as_spoken

__all__ = ["PREFIX", "Api", "parse", "parse_list"]

PREFIX = "api/v1/"
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


def _not_understood(error: ValidationError) -> BadAnswerError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return BadAnswerError(
        "The server's answer was not understood.",
        say("{place}: {first}", place=place, first=first["msg"]) if place else str(first["msg"]),
        "Server and client may be of different versions: see “zerosec targets”.",
    )


def parse(model: type[M], answer: Answer) -> M:
    """An answer as a model; BadAnswerError if it is none."""
    try:
        return as_spoken(model.model_validate_json(answer.content))
    except ValidationError as error:
        raise _not_understood(error) from error


def parse_list(item: type[T], answer: Answer) -> tuple[T, ...]:
    """An answer as a list of models; BadAnswerError if it is none."""
    try:
        found = TypeAdapter(tuple[item, ...]).validate_json(answer.content)  # type: ignore[valid-type]
        return tuple(as_spoken(one) for one in found)
    except ValidationError as error:
        raise _not_understood(error) from error


def _job_or_state(answer: Answer) -> JobState:
    """A finished job comes whole; one that goes on, as its state."""
    try:
        return as_spoken(Job.model_validate_json(answer.content))
    except ValidationError:
        return parse(JobState, answer)


def _json(model: BaseModel) -> bytes:
    return model.model_dump_json().encode()


def _prefer(wait_s: float) -> dict[str, str]:
    return {"prefer": f"wait={int(wait_s)}"} if wait_s >= 1 else {}


class Api:
    """The calls of one server."""

    def __init__(self, http: Http) -> None:
        self.http = http

    async def _get(self, path: str, **query: str | list[str] | None) -> Answer:
        given = {name: value for name, value in query.items() if value is not None}
        return await self.http.send("GET", PREFIX + path, query=given, repeatable=True)

    async def _post(self, path: str, body: BaseModel | None, *, wait_s: float = 0.0) -> Answer:
        """Every POST of this API is idempotent: by an id of ours, by content, or by what it asks for."""
        return await self.http.send(
            "POST",
            PREFIX + path,
            body=None if body is None else _json(body),
            headers=_prefer(wait_s),
            wait_s=wait_s,
            repeatable=True,
        )

    # The server itself

    async def health(self, *, patience_s: float | None = None) -> Health:
        """Whether the process answers; needs no token."""
        answer = await self.http.send("GET", PREFIX + "health", repeatable=True, patience_s=patience_s)
        return parse(Health, answer)

    async def ready(self) -> Readiness:
        """Whether jobs can be taken and run."""
        return parse(Readiness, await self._get("ready"))

    async def info(self, *, patience_s: float | None = None) -> SystemInfo:
        """What does not change while the server runs."""
        answer = await self.http.send("GET", PREFIX + "system/info", repeatable=True, patience_s=patience_s)
        return parse(SystemInfo, answer)

    async def system_status(self) -> SystemStatus:
        """How the server is doing."""
        return parse(SystemStatus, await self._get("system/status"))

    async def programs(self) -> tuple[ProgramInfo, ...]:
        """The external programs that analyses use, and which of them the server has."""
        return parse_list(ProgramInfo, await self._get("system/programs"))

    async def references(self) -> tuple[Reference, ...]:
        """The references that are registered for all runs, by kind and name."""
        return parse_list(Reference, await self._get("references"))

    async def register_reference(self, wanted: ReferenceCreate) -> Reference:
        """Register a stored file. ConflictError where the name is taken by another."""
        return parse(Reference, await self._post("references", wanted))

    async def remove_reference(self, name: str) -> ReferenceRemoved:
        """Take a reference from the list, with what was made of it; runs that name it keep its file."""
        answer = await self.http.send("DELETE", f"{PREFIX}references/{quote(name, safe='')}", repeatable=True)
        return parse(ReferenceRemoved, answer)

    async def queue(self) -> QueueState:
        """What waits."""
        return parse(QueueState, await self._get("queue"))

    # Analyses

    async def analyses(self) -> tuple[AnalysisInfo, ...]:
        """The catalogue."""
        return parse_list(AnalysisInfo, await self._get("analyses"))

    async def analysis(self, analysis_id: str) -> AnalysisInfo:
        """One analysis; NotFoundError if there is none of this id."""
        return parse(AnalysisInfo, await self._get(f"analyses/{analysis_id}"))

    # Files

    async def presign_upload(self, request: UploadRequest) -> UploadTicket:
        """Ask to store a file. Asked twice it opens two uploads, of which the server forgets the unused one."""
        return parse(UploadTicket, await self._post("presign/upload", request))

    async def presign_parts(self, upload_id: str, request: PartsRequest) -> PartsTicket:
        """Tickets for parts, and which parts are there."""
        return parse(PartsTicket, await self._post(f"presign/upload/{upload_id}/parts", request))

    async def complete_upload(
        self, upload_id: str, completion: UploadCompletion, *, wait_s: float = 0.0
    ) -> CompletedUpload:
        """All bytes were sent; asked again, the answer is the same. `wait_s`: what checking them may take."""
        path = f"presign/upload/{upload_id}/complete"
        return parse(CompletedUpload, await self._post(path, completion, wait_s=wait_s))

    async def presign_download(self, request: DownloadRequest) -> DownloadTicket:
        """A signed address for one blob."""
        return parse(DownloadTicket, await self._post("presign/download", request))

    # Runs

    async def create_run(self, run: RunCreate) -> Run:
        """Make a run; the same id and body again give the same run."""
        return parse(Run, await self._post("runs", run))

    async def runs(
        self,
        *,
        status: JobStatus | None = None,
        analysis: str | None = None,
        text: str | None = None,
        parameters: Mapping[str, str] | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Run]:
        """A page of runs, newest first."""
        filters = {f"param.{name}": value for name, value in (parameters or {}).items()}
        answer = await self._get(
            "runs", status=status, analysis=analysis, text=text, cursor=cursor, limit=str(limit), **filters
        )
        return parse(Page[Run], answer)

    async def run(self, run_id: UUID) -> Run:
        """One run."""
        return parse(Run, await self._get(f"runs/{run_id}"))

    async def patch_run(self, run_id: UUID, patch: RunPatch) -> Run:
        """Change a run's name, tags or pin."""
        body = patch.model_dump_json(exclude_unset=True).encode()
        return parse(Run, await self.http.send("PATCH", f"{PREFIX}runs/{run_id}", body=body, repeatable=True))

    async def delete_run(self, run_id: UUID) -> None:
        """Delete a run with all it holds."""
        await self.http.send("DELETE", f"{PREFIX}runs/{run_id}", repeatable=True)

    async def run_status(self, run_id: UUID) -> RunStatus:
        """Where a run stands, step by step."""
        return parse(RunStatus, await self._get(f"runs/{run_id}/status"))

    async def create_step(self, run_id: UUID, step: str, request: StepCreate) -> JobState:
        """Execute a step once more, as a new job."""
        return _job_or_state(await self._post(f"runs/{run_id}/steps/{step}", request))

    async def step_plan(self, run_id: UUID, step: str) -> StepPlan:
        """What executing a step now would do: what it would read and why, its settings, what is missing."""
        return parse(StepPlan, await self._get(f"runs/{run_id}/steps/{step}"))

    async def run_all(self, run_id: UUID, request: SequenceCreate) -> Sequence:
        """Execute steps one after another. ConflictError while that goes on already."""
        return parse(Sequence, await self._post(f"runs/{run_id}/sequence", request))

    async def pause_all(self, run_id: UUID) -> Sequence:
        """Begin no further step."""
        return parse(Sequence, await self._post(f"runs/{run_id}/sequence/pause", None))

    async def resume_all(self, run_id: UUID) -> Sequence:
        """Go on where it was paused."""
        return parse(Sequence, await self._post(f"runs/{run_id}/sequence/resume", None))

    async def cancel_run(self, run_id: UUID) -> JobsCancelled:
        """Kill all that a run does now."""
        return parse(JobsCancelled, await self._post(f"runs/{run_id}/cancel", None))

    async def clean_run(self, run_id: UUID) -> FilesCleaned:
        """Free the space of a run: its files go, its record stays."""
        answer = await self.http.send("DELETE", f"{PREFIX}runs/{run_id}/files", repeatable=True)
        return parse(FilesCleaned, answer)

    async def methods(self, run_id: UUID) -> MethodsText:
        """What was done, as a paragraph for a paper, with what it cites."""
        return parse(MethodsText, await self._get(f"runs/{run_id}/methods"))

    async def import_run(self, request: ImportRequest) -> Run:
        """Make a run from a stored export."""
        return parse(Run, await self._post("runs/import", request, wait_s=600.0))

    async def export_run(self, run_id: UUID, content: str, write: Callable[[bytes], object]) -> int:
        """Hand an export of a run to `write` in pieces; returns its size."""
        return await self.http.stream(f"{PREFIX}runs/{run_id}/export", {"content": content}, write)

    async def run_files(self, run_id: UUID) -> tuple[RunFile, ...]:
        """The files of each step's newest good job."""
        return parse_list(RunFile, await self._get(f"runs/{run_id}/files"))

    async def run_results(self, run_id: UUID) -> RunResults:
        """Results of all steps that have one."""
        return parse(RunResults, await self._get(f"runs/{run_id}/results"))

    async def step_result(self, run_id: UUID, step: str) -> StepResult:
        """The result of one step."""
        return parse(StepResult, await self._get(f"runs/{run_id}/results/{step}"))

    # Predictions

    async def predictions(
        self, *, project: UUID | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[PredictionRecord]:
        """A page of the predictions, newest first; `project`: by models built from chosen experiments of it."""
        answer = await self._get(
            "predictions",
            project=None if project is None else str(project),
            cursor=cursor,
            limit=str(limit),
        )
        return parse(Page[PredictionRecord], answer)

    async def export_predictions(self, request: PredictionExport) -> JobState:
        """Queue the making of one table of predictions. Idempotent by the job's id."""
        return _job_or_state(await self._post("predictions/exports", request))

    # Jobs

    async def submit(self, request: JobCreate, *, wait_s: float = 0.0) -> JobState:
        """Submit run and job in one. A Job when it ended within `wait_s`, else its state. Idempotent by its ids."""
        return _job_or_state(await self._post("jobs", request, wait_s=wait_s))

    async def preview(self, request: PreviewCreate, *, wait_s: float) -> JobState:
        """Ask what a run would do. A Job when it ended within `wait_s`, else its state. Idempotent by its id."""
        return _job_or_state(await self._post("previews", request, wait_s=wait_s))

    async def jobs(
        self,
        *,
        status: JobStatus | None = None,
        analysis: str | None = None,
        text: str | None = None,
        run: UUID | None = None,
        project: UUID | None = None,
        parameters: Mapping[str, str] | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """A page of jobs, newest first; `project`: those fed with chosen experiments of it."""
        filters = {f"param.{name}": value for name, value in (parameters or {}).items()}
        answer = await self._get(
            "jobs",
            status=status,
            analysis=analysis,
            text=text,
            run=None if run is None else str(run),
            project=None if project is None else str(project),
            cursor=cursor,
            limit=str(limit),
            **filters,
        )
        return parse(Page[Job], answer)

    async def job(self, job_id: UUID) -> Job:
        """One job with everything that explains its result."""
        return parse(Job, await self._get(f"jobs/{job_id}"))

    async def job_state(self, job_id: UUID) -> JobState:
        """Where a job stands."""
        return parse(JobState, await self._get(f"jobs/{job_id}/status"))

    async def events(
        self,
        job_id: UUID,
        *,
        after: int = 0,
        limit: int = 1000,
        wait_s: float = 0.0,
        patience_s: float | None = None,
    ) -> EventPage:
        """Events after a number; waits up to `wait_s` for the first one (long poll)."""
        answer = await self.http.send(
            "GET",
            f"{PREFIX}jobs/{job_id}/events",
            query={"after": str(after), "limit": str(limit)},
            headers=_prefer(wait_s),
            wait_s=wait_s,
            repeatable=True,
            patience_s=patience_s,
        )
        return parse(EventPage, answer)

    async def log(self, job_id: UUID, *, after: int | None = None, most: int = 1 << 20) -> LogPart:
        """What the job's log holds after a byte, at most `most` bytes of it; without `after` its last ones.

        Of the running attempt, or of the stored log; empty where there is no more.
        """
        wanted = f"bytes=-{most}" if after is None else f"bytes={after}-{after + most - 1}"
        try:
            answer = await self.http.send(
                "GET", f"{PREFIX}jobs/{job_id}/log", headers={"range": wanted}, repeatable=True
            )
        except BadAnswerError as error:
            if error.status != 416:
                raise
            return LogPart(after or 0, b"")
        return LogPart.of_answer(answer)

    async def save_log(self, job_id: UUID, write: Callable[[bytes], object]) -> int:
        """Hand the whole log, so far, to `write` in pieces; returns its size in bytes."""
        return await self.http.stream(f"{PREFIX}jobs/{job_id}/log", {}, write)

    async def artifacts(self, job_id: UUID) -> tuple[Artifact, ...]:
        """What the job produced; empty before it ended."""
        return parse_list(Artifact, await self._get(f"jobs/{job_id}/artifacts"))

    async def cancel(self, job_id: UUID) -> JobState:
        """Ask a job to end; answers at once."""
        return _job_or_state(await self._post(f"jobs/{job_id}/cancel", None))

    async def finish(self, job_id: UUID) -> JobState:
        """Ask a job to end soon with the best result it has by then. ConflictError where it has ended, or cannot do that."""
        return _job_or_state(await self._post(f"jobs/{job_id}/finish", None))
