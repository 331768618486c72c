"""A job's life as a state machine: whatever order things happen in, and however clocks jump, each job ends once."""

import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule
from sqlalchemy import Connection, create_engine, event, select
from sqlalchemy.exc import IntegrityError

from zerosec_server.database import transitions
from zerosec_server.database.tables import artifacts, events, jobs, metadata, runs
from zerosec_server.database.transitions import Claimed, Finish, LeaseLostError, StoredArtifact
from zerosec_shared.errors import ProblemCode
from zerosec_shared.events import ProgressEvent, StateEvent
from zerosec_shared.ids import new_id
from zerosec_shared.runs import TERMINAL, Artifact, JobFailure, JobProgress, JobStatus

TTL_S = 10.0
MAX_ATTEMPTS = 3
MOST_JOBS = 2
"""Few, so that much happens to each."""
TERMINAL_STATUSES = {status.value for status in TERMINAL}


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
            transitions.append_event(self.connection, job_id, 0, queued)
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


class LifeOfAJob(RuleBasedStateMachine):
    """Users submit and cancel; workers claim, heartbeat, report, finish, release and vanish, in any order, with any delay."""

    submitted = Bundle("submitted")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.db = DatabaseWithAClock()
        self.c = self.db.connection
        self.jobs = 0
        self.attempts: dict[str, int] = {}
        self.ended: dict[str, tuple[str, int]] = {}
        self.workers: dict[tuple[str, int], str] = {}

    def teardown(self) -> None:
        self.db.close()

    @precondition(lambda self: self.jobs < MOST_JOBS)
    @rule(target=submitted)
    def submit(self) -> str:
        self.jobs += 1
        return self.db.submit()

    @rule(target=claims, worker=st.sampled_from(["one", "two"]), limit=st.integers(1, 3))
    def claim(self, worker: str, limit: int) -> object:
        with self.c.begin():
            claimed = transitions.claim(self.c, worker, limit, TTL_S)
        for each in claimed:
            assert each.attempt > self.attempts.get(each.job_id, 0), "an attempt number came twice"
            self.attempts[each.job_id] = each.attempt
            self.workers[each.job_id, each.attempt] = worker
        return multiple(*claimed)

    @rule(claimed=claims)
    def heartbeat(self, claimed: Claimed) -> None:
        held = self._held(claimed)
        worker = self.workers[claimed.job_id, claimed.attempt]
        with self.c.begin():
            alive = transitions.heartbeat(self.c, worker, [(claimed.job_id, claimed.attempt)], TTL_S)
        assert (claimed.job_id in alive) == held

    @rule(claimed=claims, fraction=st.floats(0, 1))
    def report(self, claimed: Claimed, fraction: float) -> None:
        progress = ProgressEvent(
            progress=JobProgress.model_validate({"fraction": fraction, "at": "2026-01-01T00:00:00Z"})
        )
        self._fenced(claimed, lambda: transitions.record(self.c, claimed.job_id, claimed.attempt, [progress]))

    @rule(claimed=claims, status=st.sampled_from(sorted(TERMINAL)))
    def finish(self, claimed: Claimed, status: JobStatus) -> None:
        self._fenced(
            claimed,
            lambda: transitions.finish(self.c, claimed.job_id, claimed.attempt, an_end(status, claimed)),
        )

    @rule(claimed=claims)
    def release(self, claimed: Claimed) -> None:
        self._fenced(claimed, lambda: transitions.release(self.c, claimed.job_id, claimed.attempt))

    @rule(claimed=claims)
    def lose_the_guardian(self, claimed: Claimed) -> None:
        self._fenced(claimed, lambda: transitions.give_up(self.c, claimed.job_id, claimed.attempt, 1.0))

    @rule()
    def reap(self) -> None:
        before = {row.id: row for row in self.c.execute(select(jobs))}
        self.c.rollback()
        with self.c.begin():
            reaped = transitions.reap(self.c, 1.0)
        for job in reaped:
            assert before[job.job_id].status == "running"
            assert before[job.job_id].lease_until < self.db.now
        with self.c.begin():
            assert transitions.reap(self.c, 1.0) == [], "reaping again finds nothing"

    @rule(job_id=submitted)
    def cancel(self, job_id: str) -> None:
        before = self._status(job_id)
        with self.c.begin():
            after = transitions.request_cancel(self.c, job_id)
        assert after == ("cancelled" if before == "queued" else before)

    @rule(seconds=st.one_of(st.floats(0, 3 * TTL_S), st.sampled_from([3600.0, -3600.0, -TTL_S])))
    def clock_jumps(self, seconds: float) -> None:
        self.db.now += seconds

    def _held(self, claimed: Claimed) -> bool:
        row = self.c.execute(select(jobs).where(jobs.c.id == claimed.job_id)).one()
        self.c.rollback()
        return bool(row.status == "running" and row.attempt == claimed.attempt)

    def _status(self, job_id: str) -> str:
        found = self.c.execute(select(jobs.c.status).where(jobs.c.id == job_id)).scalar_one()
        self.c.rollback()
        return str(found)

    def _fenced(self, claimed: Claimed, act: object) -> None:
        """Whoever holds the job may act; whoever does not changes nothing."""
        assert callable(act)
        if self._held(claimed):
            with self.c.begin():
                act()
            return
        before = self._everything()
        with pytest.raises(LeaseLostError), self.c.begin():
            act()
        assert self._everything() == before

    def _everything(self) -> list[object]:
        tables = (jobs, events, artifacts)
        found = [tuple(row) for table in tables for row in self.c.execute(select(table))]
        self.c.rollback()
        return list(found)

    @invariant()
    def every_job_is_whole(self) -> None:
        rows = list(self.c.execute(select(jobs)))
        told: dict[str, list[object]] = {}
        for row in self.c.execute(select(events).order_by(events.c.job_id, events.c.seq)):
            told.setdefault(row.job_id, []).append(row)
        kept: dict[str, set[int]] = {}
        for row in self.c.execute(select(artifacts)):
            kept.setdefault(row.job_id, set()).add(row.attempt)
        self.c.rollback()
        for job in rows:
            mine = told[job.id]
            assert [one.seq for one in mine] == list(range(1, job.last_seq + 1))  # type: ignore[attr-defined]
            ends = [one for one in mine if one.terminal]  # type: ignore[attr-defined]
            assert (len(ends) == 1) == (job.status in TERMINAL_STATUSES)
            if ends:
                assert ends[0] is mine[-1], "nothing comes after the end"
                assert kept.get(job.id, set()) <= {job.attempt}, "only the winner has artifacts"
                assert bool(kept.get(job.id)) == (job.status == "succeeded")
                assert self.ended.setdefault(job.id, (job.status, job.attempt)) == (job.status, job.attempt)
            else:
                assert job.id not in self.ended, "an end was undone"
                assert job.id not in kept, "artifacts before the end"
            assert (job.lease_until is not None) == (job.status == "running")
            assert not (job.status == "queued" and job.cancel_requested)


TestLifeOfAJob = LifeOfAJob.TestCase
TestLifeOfAJob.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def db() -> object:
    database = DatabaseWithAClock()
    yield database
    database.close()


def claim_one(db: DatabaseWithAClock) -> Claimed:
    with db.connection.begin():
        (claimed,) = transitions.claim(db.connection, "one", 1, TTL_S)
    return claimed


def test_jobs_are_claimed_in_the_order_they_came(db: DatabaseWithAClock) -> None:
    ids = []
    for _ in range(5):
        ids.append(db.submit())
        db.now += 1

    assert [claim_one(db).job_id for _ in ids] == ids


def test_a_poison_job_ends_after_its_last_attempt(db: DatabaseWithAClock) -> None:
    job_id = db.submit()
    outcomes = []
    for _ in range(MAX_ATTEMPTS):
        claim_one(db)
        db.now += TTL_S + 0.1
        with db.connection.begin():
            outcomes += [job.status for job in transitions.reap(db.connection, 1.0)]
        db.now += 60

    assert outcomes == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    failure = db.connection.execute(select(jobs.c.failure_json).where(jobs.c.id == job_id)).scalar_one()
    assert JobFailure.model_validate_json(failure).code is ProblemCode.WORKER_LOST


def test_a_job_whose_cancel_was_asked_is_never_queued_again(db: DatabaseWithAClock) -> None:
    expired, released, orphaned = db.submit(), db.submit(), db.submit()
    with db.connection.begin():
        claimed = {job.job_id: job for job in transitions.claim(db.connection, "one", 3, TTL_S)}
        for job_id in claimed:
            assert transitions.request_cancel(db.connection, job_id) is JobStatus.RUNNING

    with db.connection.begin():
        transitions.release(db.connection, released, claimed[released].attempt)
        transitions.give_up(db.connection, orphaned, claimed[orphaned].attempt, 1.0)
    db.now += TTL_S + 0.1
    with db.connection.begin():
        transitions.reap(db.connection, 1.0)

    found = db.connection.execute(select(jobs.c.id, jobs.c.status)).all()
    assert dict(map(tuple, found)) == dict.fromkeys((expired, released, orphaned), "cancelled")


def test_the_back_off_doubles(db: DatabaseWithAClock) -> None:
    db.submit()
    delays = []
    for _ in range(2):
        claim_one(db)
        db.now += TTL_S + 0.1
        with db.connection.begin():
            transitions.reap(db.connection, 1.0)
        available = db.connection.execute(select(jobs.c.available_at)).scalar_one()
        db.connection.rollback()
        delays.append(round(available - db.now, 6))
        db.now = available

    assert delays == [1.0, 2.0]


def test_a_release_costs_no_attempt_and_still_gives_a_new_number(db: DatabaseWithAClock) -> None:
    db.submit()
    numbers = []
    for _ in range(3 * MAX_ATTEMPTS):
        claimed = claim_one(db)
        numbers.append(claimed.attempt)
        with db.connection.begin():
            transitions.release(db.connection, claimed.job_id, claimed.attempt)

    assert numbers == list(range(1, 3 * MAX_ATTEMPTS + 1))


def test_a_worker_with_a_clock_an_hour_off_neither_keeps_nor_loses_a_lease(
    db: DatabaseWithAClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.submit()
    monkeypatch.setattr("time.time", lambda: 3600.0)  # the worker's own clock is asked for nothing
    claimed = claim_one(db)

    db.now += TTL_S / 2
    with db.connection.begin():
        assert transitions.reap(db.connection, 1.0) == []
        assert transitions.heartbeat(db.connection, "one", [(claimed.job_id, claimed.attempt)], TTL_S)


def test_the_database_itself_refuses_a_second_end(db: DatabaseWithAClock) -> None:
    job_id = db.submit()
    with db.connection.begin():
        transitions.request_cancel(db.connection, job_id)
    second = StateEvent(status=JobStatus.SUCCEEDED, attempt=1)

    with pytest.raises(IntegrityError), db.connection.begin():
        transitions.append_event(db.connection, job_id, 1, second, terminal=True)
