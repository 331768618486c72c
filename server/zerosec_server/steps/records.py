"""The record of a run: itself and all its jobs with what they left; and how the same can be repeated."""

import json
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, select

from zerosec_server.database.queries import JOB_COLUMNS, job_artifacts, jobs_of
from zerosec_server.database.tables import jobs, runs
from zerosec_shared.archives import JobInRecord, RunRecord
from zerosec_shared.contract import JsonValue
from zerosec_shared.runs import Job, JobStatus, Run
from zerosec_shared.views import Result

__all__ = ["newest_good_jobs", "record_of", "repeatable"]


def record_of(c: Connection, run: Run, server_version: str) -> RunRecord:
    """Everything that is known of a run."""
    rows = c.execute(
        select(*JOB_COLUMNS, jobs.c.result_json)
        .join(runs)
        .where(jobs.c.run_id == str(run.id))
        .order_by(jobs.c.created_at, jobs.c.id)
    ).all()
    results = {row.id: row.result_json for row in rows}
    found = []
    for job in jobs_of(c, rows):
        stored = results[str(job.id)]
        result = None if stored is None else Result.model_validate(json.loads(stored))
        artifacts = tuple(file.artifact for file in job_artifacts(c, job.id))
        found.append(JobInRecord(job=job.model_copy(update={"result": result}), artifacts=artifacts))
    return RunRecord(server_version=server_version, exported_at=datetime.now(UTC), run=run, jobs=tuple(found))


def newest_good_jobs(record: RunRecord) -> list[Job]:
    """The newest successful job of each step, and the jobs whose outputs these have read, oldest first."""
    known = {found.job.id: found.job for found in record.jobs if found.job.status is JobStatus.SUCCEEDED}
    wanted: set[UUID] = set()
    waiting = list({job.step: job.id for job in known.values()}.values())
    while waiting:
        job_id = waiting.pop()
        if job_id in wanted or job_id not in known:
            continue
        wanted.add(job_id)
        waiting += [
            file.made_by.job_id for files in known[job_id].inputs.values() for file in files if file.made_by
        ]
    return [job for job_id, job in known.items() if job_id in wanted]


def repeatable(record: RunRecord) -> Run:
    """The run with the settings its newest good jobs were computed with, seeds included, so that *Run all* does the same again."""
    parameters: dict[str, JsonValue] = dict(record.run.parameters)
    several = len({found.job.step for found in record.jobs}) > 1
    for job in newest_good_jobs(record):
        for name, value in job.parameters.items():
            given = value
            if name == "seed" and value is None and job.environment.get("seed", "").isdecimal():
                given = int(job.environment["seed"])
            if several:
                parameters[f"{job.step}.{name}"] = given
            else:
                parameters[name] = given
    return record.run.model_copy(update={"parameters": parameters})
