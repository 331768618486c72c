"""A real database whose clock the test sets, and ends of jobs: for tests of transitions."""

import sqlite3
import tempfile
from pathlib import Path

from sqlalchemy import Connection, create_engine, event

from zerosec_server.database.job_events import append_event
from zerosec_server.database.tables import jobs, metadata, runs
from zerosec_server.database.transitions import Claimed, Finish, StoredArtifact
from zerosec_shared.errors import ProblemCode
from zerosec_shared.events import StateEvent
from zerosec_shared.ids import new_id
from zerosec_shared.runs import Artifact, JobFailure, JobStatus

TTL_S = 10.0
MAX_ATTEMPTS = 3


class DatabaseWithAClock:
    """A real database whose clock the test sets: the only clock that transitions may look at."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.folder = tempfile.TemporaryDirectory()
        self.engine = create_engine(f"sqlite:///{Path(self.folder.name) / 'jobs.db'}")

        @event.listens_for(self.engine, "connect")
        def prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.create_function("db_now", 0, lambda: self.now)

        metadata.create_all(self.engine)
        self.connection: Connection = self.engine.connect()
        self.run_id = str(new_id())
        with self.connection.begin():
            self.connection.execute(
                runs.insert().values(
                    id=self.run_id,
                    owner="local",
                    analysis="noop",
                    analysis_version="1.0.0",
                    name="a run",
                    pinned=False,
                    request_digest="0" * 64,
                    created_at=self.now,
                )
            )

    def close(self) -> None:
        self.connection.close()
        self.engine.dispose()
        self.folder.cleanup()

    def submit(self) -> str:
        job_id = str(new_id())
        with self.connection.begin():
            self.connection.execute(
                jobs.insert().values(
                    id=job_id,
                    run_id=self.run_id,
                    owner="local",
                    analysis="noop",
                    analysis_version="1.0.0",
                    step="noop",
                    request_digest="0" * 64,
                    status="queued",
                    attempt=0,
                    max_attempts=MAX_ATTEMPTS,
                    cancel_requested=False,
                    available_at=self.now,
                    last_seq=0,
                    created_at=self.now,
                )
            )
            queued = StateEvent(status=JobStatus.QUEUED, attempt=0)
            append_event(self.connection, job_id, 0, queued)
        return job_id


def an_end(status: JobStatus, claimed: Claimed) -> Finish:
    failure = JobFailure(code=ProblemCode.ANALYSIS_FAILED, title="It failed.")
    stored = StoredArtifact(
        artifact=Artifact(path=f"result-of-{claimed.attempt}.csv", size_bytes=1, sha256="0" * 64),
        storage_key=f"artifacts/{claimed.job_id}/{claimed.attempt}/000000",
    )
    return Finish(
        status=status,
        failure=failure if status is JobStatus.FAILED else None,
        artifacts=[stored] if status is JobStatus.SUCCEEDED else [],
    )
