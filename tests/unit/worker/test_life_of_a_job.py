"""A job's life as a state machine: whatever order things happen in, and however clocks jump, each job ends once."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, precondition, rule
from sqlalchemy import select
from tests.unit.worker.clocked import TTL_S, DatabaseWithAClock, an_end

from zerosec_server.database import taking_back, transitions
from zerosec_server.database.tables import artifacts, events, jobs
from zerosec_server.database.transitions import Claimed, LeaseLostError
from zerosec_shared.events import ProgressEvent
from zerosec_shared.runs import TERMINAL, JobProgress, JobStatus

MOST_JOBS = 2
"""Few, so that much happens to each."""
TERMINAL_STATUSES = {status.value for status in TERMINAL}


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

    @rule(claimed=claims, status=st.sampled_from(sorted(TERMINAL)))
    def finish_late(self, claimed: Claimed, status: JobStatus) -> None:
        """A holder is stopped for longer than its lease; another claims; then the first comes to its end."""
        self.db.now += 3 * TTL_S
        self.reap()
        self.db.now += 3 * TTL_S
        self.claim_all("three")
        self.finish(claimed, status)

    def claim_all(self, worker: str) -> None:
        with self.c.begin():
            claimed = transitions.claim(self.c, worker, MOST_JOBS, TTL_S)
        for each in claimed:
            self.attempts[each.job_id] = each.attempt
            self.workers[each.job_id, each.attempt] = worker

    @rule(claimed=claims)
    def release(self, claimed: Claimed) -> None:
        self._fenced(claimed, lambda: taking_back.release(self.c, claimed.job_id, claimed.attempt))

    @rule(claimed=claims)
    def lose_the_guardian(self, claimed: Claimed) -> None:
        self._fenced(claimed, lambda: taking_back.give_up(self.c, claimed.job_id, claimed.attempt, 1.0))

    @rule()
    def reap(self) -> None:
        before = {row.id: row for row in self.c.execute(select(jobs))}
        self.c.rollback()
        with self.c.begin():
            reaped = taking_back.reap(self.c, 1.0)
        for job in reaped:
            assert before[job.job_id].status == "running"
            assert before[job.job_id].lease_until < self.db.now
        with self.c.begin():
            assert taking_back.reap(self.c, 1.0) == [], "reaping again finds nothing"

    @rule(job_id=submitted)
    def cancel(self, job_id: str) -> None:
        before = self._status(job_id)
        with self.c.begin():
            after = taking_back.request_cancel(self.c, job_id)
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
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
