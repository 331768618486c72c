"""`zerosec verify`: repeats an exported run on a server, step by step as it was, and compares every file that it left."""

import argparse
import asyncio
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from pydantic import JsonValue

from zerosec_client.api import Api
from zerosec_client.archived import damaged_files, place_of, read_record
from zerosec_client.cli.exit_codes import ExitCode
from zerosec_client.cli.result import STATUSES
from zerosec_client.cli.session import opened
from zerosec_client.cli.steps import bring_in, ended_job
from zerosec_client.cli.terminal import Report, Terminal
from zerosec_client.comparing import Verdict, compare_files
from zerosec_client.transfer import download
from zerosec_shared.archives import JobInRecord
from zerosec_shared.files import DownloadRequest, InputFile
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Artifact, ArtifactRole, JobStatus, StepCreate
from zerosec_shared.texts import say, translated

__all__ = ["verify"]

MISSING, ADDED, FAILED = say("missing"), say("not in the archive"), say("the step did not succeed")
DAMAGED = say("damaged or changed in the archive")
VERDICTS = {
    Verdict.IDENTICAL: say("identical"),
    Verdict.WITHIN_TOLERANCE: say("within tolerance"),
    Verdict.BUT_FOR_TIMES: say("the same but for times and places"),
    Verdict.DIFFERENT: say("different"),
}
SAME = frozenset(words for verdict, words in VERDICTS.items() if verdict is not Verdict.DIFFERENT)


async def verify(arguments: argparse.Namespace, terminal: Terminal) -> Report:
    """Import, repeat each job that counts, compare. The exit code is 0 only if nothing differs."""
    path = Path(arguments.file)
    record = await asyncio.to_thread(read_record, path)
    damaged = await asyncio.to_thread(damaged_files, path, record)
    rows: list[tuple[str, str, str]] = []
    async with opened(arguments.target_server, terminal) as (target, api):
        run = await bring_in(api, target.name, path, f"{record.run.name[:180]} (verified)")
        made: dict[UUID, tuple[UUID, Mapping[str, Artifact]]] = {}
        for number, found in enumerate(record.jobs, start=1):
            if found.job.status is not JobStatus.SUCCEEDED:
                continue
            terminal.say(say("Step {step} …", step=found.job.step))
            rows += await _repeat(api, run.id, path, number, found, made, arguments.tolerance, damaged)
    good = all(verdict in SAME for _, _, verdict in rows)
    lines = [
        translated(
            say("Every file is the same again.")
            if good
            else say("Not everything is the same; the run of the repeat stays for a look: {run}", run=run.id)
        )
    ]
    data: dict[str, JsonValue] = {
        "run_id": str(run.id),
        "same": good,
        "files": [{"step": step, "path": name, "verdict": str(verdict)} for step, name, verdict in rows],
    }
    table = [(step, name, translated(verdict)) for step, name, verdict in rows]
    return Report(
        ExitCode.OK if good else ExitCode.JOB_FAILED, data, lines, (("STEP", "FILE", "VERDICT"), table)
    )


async def _repeat(
    api: Api,
    run_id: UUID,
    archive: Path,
    number: int,
    found: JobInRecord,
    made: dict[UUID, tuple[UUID, Mapping[str, Artifact]]],
    tolerance: float,
    damaged: frozenset[str],
) -> list[tuple[str, str, str]]:
    """Execute one job again on what its predecessors gave this time; the verdict on each file."""
    job = found.job
    inputs: dict[str, tuple[InputFile, ...]] = {}
    for slot, files in job.inputs.items():
        given = []
        for file in files:
            if file.made_by is not None:
                again = made.get(file.made_by.job_id)
                artifact = None if again is None else again[1].get(file.made_by.path)
                if again is None or artifact is None:
                    return [(job.step, file.made_by.path, MISSING)]
                source = file.made_by.model_copy(update={"job_id": again[0]})
                given.append(file.model_copy(update={"made_by": source, "sha256": artifact.sha256}))
            else:
                given.append(file)
        inputs[slot] = tuple(given)
    parameters = dict(job.parameters)
    if parameters.get("seed", 0) is None and job.environment.get("seed", "").isdecimal():
        parameters["seed"] = int(job.environment["seed"])
    request = StepCreate(job_id=new_id(), parameters=parameters, inputs=inputs)
    state = await ended_job(api, (await api.create_step(run_id, job.step, request)).id)
    if state.status is not JobStatus.SUCCEEDED:
        why = state.failure.title if state.failure is not None else STATUSES[state.status]
        return [(job.step, why, FAILED)]
    now = {
        artifact.path: artifact
        for artifact in await api.artifacts(state.id)
        if artifact.role is not ArtifactRole.LOG
    }
    made[job.id] = (state.id, now)
    before = {a.path: a for a in found.artifacts if a.role is not ArtifactRole.LOG}
    rows: list[tuple[str, str, str]] = []
    for name in sorted(before.keys() | now.keys()):
        inside = place_of(number, job.step, name)
        if name not in now:
            rows.append((job.step, name, MISSING))
        elif inside in damaged:
            rows.append((job.step, name, DAMAGED))
        elif name not in before:
            rows.append((job.step, name, ADDED))
        elif before[name].sha256 == now[name].sha256:
            rows.append((job.step, name, VERDICTS[Verdict.IDENTICAL]))
        else:
            rows.append((job.step, name, await _compare(api, archive, inside, state.id, name, tolerance)))
    return rows


async def _compare(api: Api, archive: Path, inside: str, job_id: UUID, name: str, tolerance: float) -> str:
    with tempfile.TemporaryDirectory(prefix="zerosec-verify-") as folder:
        first, second = Path(folder) / "archived", Path(folder) / "now"

        def take_out() -> bool:
            try:
                with zipfile.ZipFile(archive) as held, held.open(inside) as source, first.open("wb") as to:
                    while chunk := source.read(1 << 20):
                        to.write(chunk)
            except KeyError:
                return False
            return True

        if not await asyncio.to_thread(take_out):
            return VERDICTS[Verdict.DIFFERENT]
        await download(api, DownloadRequest(job_id=job_id, path=name), second)
        return VERDICTS[await asyncio.to_thread(compare_files, first, second, tolerance, name)]
