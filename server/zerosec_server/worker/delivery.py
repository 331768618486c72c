"""What a job leaves becomes artifacts: durable in storage before anyone can see them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from pydantic import TypeAdapter

from zerosec_analyses.artifact_kinds import guessed_role, media_type
from zerosec_analyses.sdk import Outcome
from zerosec_server.database.transitions import Finish, StoredArtifact
from zerosec_server.language import worded
from zerosec_server.settings import Settings
from zerosec_server.storage.base import Storage, StorageFullError, artifact_key
from zerosec_server.worker.workspace import LOG_NAME, LeftFile, Workspace
from zerosec_shared.programs import RanProgram
from zerosec_shared.runs import Artifact, ArtifactRole, JobStatus
from zerosec_shared.texts import cut, say
from zerosec_shared.views import Notice, Result

__all__ = ["deliver_result", "deliver_without_result", "discard_artifacts"]

PARALLEL = 8
"""Files stored at a time: their waits for the disk overlap, and the file system joins their commits."""
MOST_NAMED = 5

_ran: TypeAdapter[tuple[RanProgram, ...]] = TypeAdapter(tuple[RanProgram, ...])
_environment: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


def deliver_result(
    storage: Storage,
    settings: Settings,
    workspace: Workspace,
    outcome: Outcome,
) -> Finish:
    """Store all that a successful job left, with its log. Raises OutputTooLargeError, StorageFullError, OSError."""
    left, left_out = workspace.left_files(settings.job_output_bytes, settings.job_output_files)
    roles = {file.path: outcome.roles.get(file.path) or guessed_role(file.path) for file in left}
    result = _with_notice(outcome.result, left_out) if left_out else outcome.result
    return Finish(
        status=JobStatus.SUCCEEDED,
        result_json=result.model_dump_json(),
        environment_json=_environment.dump_json(outcome.environment).decode(),
        ran_json=_ran.dump_json(outcome.ran).decode() if outcome.ran else None,
        artifacts=_store(storage, workspace, left, roles),
        read_as=outcome.read_as,
    )


def deliver_without_result(storage: Storage, workspace: Workspace, end: Finish) -> Finish:
    """Store the log of a job that did not succeed, with the programs it ran. A disk that is too full even for that costs the log, not the
    end.
    """
    try:
        stored = _store(storage, workspace, [], {})
    except (StorageFullError, OSError):
        stored = []
    record = workspace.record()
    if record is None:
        return replace(end, artifacts=stored)
    return replace(
        end,
        artifacts=stored,
        environment_json=_environment.dump_json(record.environment).decode(),
        ran_json=_ran.dump_json(record.ran).decode(),
    )


def _store(
    storage: Storage, workspace: Workspace, left: Sequence[LeftFile], roles: dict[str, ArtifactRole]
) -> list[StoredArtifact]:
    files = [(file.path, file.source, roles[file.path]) for file in left]
    if workspace.log.is_file() and workspace.log.stat().st_size:
        files.append((LOG_NAME, workspace.log, ArtifactRole.LOG))

    def store(number: int) -> StoredArtifact:
        path, source, role = files[number]
        blob = storage.put_file(artifact_key(workspace.job_id, workspace.attempt, number), source)
        artifact = Artifact(
            path=path,
            size_bytes=blob.size_bytes,
            sha256=blob.sha256,
            role=role,
            media_type=media_type(path)[:100],
        )
        return StoredArtifact(artifact=artifact, storage_key=blob.key)

    if len(files) <= 1:
        return [store(number) for number in range(len(files))]
    with ThreadPoolExecutor(min(PARALLEL, len(files)), thread_name_prefix="store") as pool:
        return list(pool.map(store, range(len(files))))


def _with_notice(result: Result, left_out: Sequence[str]) -> Result:
    names = ", ".join(left_out[:MOST_NAMED]) + (" …" if len(left_out) > MOST_NAMED else "")
    notice = Notice(
        code="files_left_out",
        message=cut(
            say(
                "{count} entries of the output folder were not kept, since they are no plain files or their names cannot be shown: "
                "{names}",
                one="1 entry of the output folder was not kept, since it is no plain file or its name cannot be shown: {names}",
                count=len(left_out),
                names=names,
            ),
            4000,
        ),
        hint="The analysis should write plain files with ordinary names.",
    )
    return result.model_copy(update={"warnings": (*result.warnings, worded(notice))})


def discard_artifacts(storage: Storage, job_id: str, attempt: int) -> None:
    """Delete what an attempt stored that did not win."""
    for key in list(storage.keys(f"artifacts/{job_id}/{attempt}/")):
        storage.delete(key)
