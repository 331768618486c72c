"""The answer of a finished job: for a person the numbers that matter, their warnings and the files; for a program the JSON object."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from pydantic import JsonValue

from zerosec_client.cli.exit_codes import ExitCode, of_status
from zerosec_client.cli.terminal import Report, failure_of, significant
from zerosec_client.errors import ClientError
from zerosec_shared.runs import Artifact, ArtifactRole, Job, JobStatus
from zerosec_shared.texts import Said, say, translated
from zerosec_shared.views import CardView, Metric, Result, Severity

__all__ = ["STATUSES", "failed_before", "finished", "found_lines", "unfinished"]

SHOWN_METRICS = 8
SHOWN_FILES = 12
MARKS = {Severity.INFO: say("note"), Severity.WARNING: say("warning"), Severity.ERROR: say("error")}
STATUSES = {
    JobStatus.QUEUED: say("queued"),
    JobStatus.RUNNING: say("running"),
    JobStatus.SUCCEEDED: say("succeeded"),
    JobStatus.FAILED: say("failed"),
    JobStatus.CANCELLED: say("cancelled"),
}
"""How a job stands, within a sentence."""


def _object(
    *,
    run_id: UUID | None,
    job_id: UUID | None,
    status: str,
    out: Path | None = None,
    target: str | None = None,
) -> dict[str, JsonValue]:
    return {
        "run_id": None if run_id is None else str(run_id),
        "job_id": None if job_id is None else str(job_id),
        "status": status,
        "target": target,
        "metrics": {},
        "intervals": {},
        "warnings": [],
        "artifacts": [],
        "out": None if out is None else str(out),
        "failure": None,
    }


def _headline(job: Job) -> Said:
    status = STATUSES[job.status]
    if job.ended_at is None or job.started_at is None:
        return say("{name}: {status}", name=job.run_name, status=status)
    seconds = (job.ended_at - job.started_at).total_seconds()
    return say("{name}: {status} in {seconds:.1f} s", name=job.run_name, status=status, seconds=seconds)


def _metric_line(metric: Metric, width: int) -> str:
    label = metric.label or metric.name
    value = significant(metric.value) + (f" {metric.unit}" if metric.unit else "")
    interval = ""
    if metric.low is not None and metric.high is not None:
        interval = translated(
            say("  ({low} to {high})", low=significant(metric.low), high=significant(metric.high))
        )
    note = f"  {metric.note}" if metric.note and metric.value is None else ""
    return f"{label:<{width}}  {value}{interval}{note}"


def _lines(job: Job, artifacts: Sequence[Artifact], out: Path | None) -> list[str]:
    lines = [translated(_headline(job))]
    if job.failure is not None:
        lines += [f"  {part}" for part in (job.failure.title, job.failure.detail, job.failure.hint) if part]
    if job.result is not None:
        lines += [f"  {view.text}" for view in job.result.views if isinstance(view, CardView)][:1]
        lines += [f"  {line}" for line in found_lines(job.result)]
    if out is not None and artifacts:
        lines.append(translated(say("Files in {folder}:", folder=out)))
        order = sorted(
            artifacts, key=lambda a: (a.role is not ArtifactRole.REPORT, a.path.count("/"), a.path)
        )
        lines += [f"  {artifact.path}" for artifact in order[:SHOWN_FILES]]
        if len(order) > SHOWN_FILES:
            lines.append(translated(say("  … and {count} more", count=len(order) - SHOWN_FILES)))
    return lines


def found_lines(result: Result) -> list[str]:
    """The numbers that lead, and what must be seen beside them, for a person."""
    headline = [m for m in result.metrics if m.headline] or list(result.metrics)
    width = max((len(m.label or m.name) for m in headline[:SHOWN_METRICS]), default=0)
    lines = [_metric_line(metric, width) for metric in headline[:SHOWN_METRICS]]
    for notice in result.warnings:
        mark = translated(MARKS[notice.severity])
        lines.append(f"{mark}: {notice.message}" + (f" {notice.hint}" if notice.hint else ""))
    return lines


def finished(job: Job, artifacts: Sequence[Artifact], out: Path | None, target: str) -> Report:
    """The answer of a job that ended."""
    data = _object(run_id=job.run_id, job_id=job.id, status=job.status.value, out=out, target=target)
    if job.result is not None:
        data["metrics"] = {metric.name: metric.value for metric in job.result.metrics}
        data["intervals"] = {
            m.name: [m.low, m.high] for m in job.result.metrics if m.low is not None and m.high is not None
        }
        data["warnings"] = [
            notice.model_dump(mode="json", exclude={"translations"}) for notice in job.result.warnings
        ]
    data["artifacts"] = [artifact.model_dump(mode="json") for artifact in artifacts]
    if job.failure is not None:
        data["failure"] = job.failure.model_dump(mode="json", exclude={"translations"})
    return Report(of_status(job.status), data, _lines(job, artifacts, out))


def unfinished(
    code: ExitCode, run_id: UUID, job_id: UUID, status: str, target: str, out: Path | None = None
) -> Report:
    """The answer when the command leaves while the job goes on."""
    data = _object(run_id=run_id, job_id=job_id, status=status, out=out, target=target)
    return Report(code, data)


def failed_before(
    error: ClientError, code: ExitCode, run_id: UUID | None = None, job_id: UUID | None = None
) -> Report:
    """The answer when the command itself failed; the job, if there is one, may go on."""
    data = _object(run_id=run_id, job_id=job_id, status="error")
    data["failure"] = failure_of(error)
    return Report(code, data)
