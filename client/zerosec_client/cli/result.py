"""The answer of a finished job: for a person the numbers that matter, their warnings and the files; for a program the JSON object."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from pydantic import JsonValue

from zerosec_client.cli.exit_codes import ExitCode, of_status
from zerosec_client.cli.terminal import Report, failure_of, significant
from zerosec_client.errors import ClientError
from zerosec_shared.runs import Artifact, ArtifactRole, Job
from zerosec_shared.views import CardView, Metric, Result, Severity

__all__ = ["failed_before", "finished", "found_lines", "unfinished"]

SHOWN_METRICS = 8
SHOWN_FILES = 12


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


def _metric_line(metric: Metric, width: int) -> str:
    label = metric.label or metric.name
    value = significant(metric.value) + (f" {metric.unit}" if metric.unit else "")
    interval = ""
    if metric.low is not None and metric.high is not None:
        interval = f"  ({significant(metric.low)} to {significant(metric.high)})"
    note = f"  {metric.note}" if metric.note and metric.value is None else ""
    return f"{label:<{width}}  {value}{interval}{note}"


def _lines(job: Job, artifacts: Sequence[Artifact], out: Path | None) -> list[str]:
    seconds = (
        f" in {(job.ended_at - job.started_at).total_seconds():.1f} s"
        if job.ended_at and job.started_at
        else ""
    )
    lines = [f"{job.run_name}: {job.status.value}{seconds}"]
    if job.failure is not None:
        lines += [f"  {part}" for part in (job.failure.title, job.failure.detail, job.failure.hint) if part]
    if job.result is not None:
        lines += [f"  {view.text}" for view in job.result.views if isinstance(view, CardView)][:1]
        lines += [f"  {line}" for line in found_lines(job.result)]
    if out is not None and artifacts:
        lines.append(f"Files in {out}:")
        order = sorted(
            artifacts, key=lambda a: (a.role is not ArtifactRole.REPORT, a.path.count("/"), a.path)
        )
        lines += [f"  {artifact.path}" for artifact in order[:SHOWN_FILES]]
        if len(order) > SHOWN_FILES:
            lines.append(f"  … and {len(order) - SHOWN_FILES} more")
    return lines


def found_lines(result: Result) -> list[str]:
    """The numbers that lead, and what must be seen beside them, for a person."""
    headline = [m for m in result.metrics if m.headline] or list(result.metrics)
    width = max((len(m.label or m.name) for m in headline[:SHOWN_METRICS]), default=0)
    lines = [_metric_line(metric, width) for metric in headline[:SHOWN_METRICS]]
    for notice in result.warnings:
        mark = "note" if notice.severity is Severity.INFO else notice.severity.value
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
