"""Each way a job goes from one state to another, and what a clock that is wrong does to it."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from tests.unit.worker.clocked import MAX_ATTEMPTS, TTL_S, DatabaseWithAClock, an_end

from zerosec_analyses.sdk import ReadAs
from zerosec_server.database import taking_back, transitions
from zerosec_server.database.inputs import read_inputs, write_inputs
from zerosec_server.database.job_events import append_event
from zerosec_server.database.tables import artifacts, files, job_inputs, jobs
from zerosec_server.database.transitions import Claimed, LeaseLostError
from zerosec_shared.errors import ProblemCode
from zerosec_shared.events import LogEvent, StateEvent
from zerosec_shared.files import Dialect, InputFile
from zerosec_shared.runs import TERMINAL, JobFailure, JobStatus


@pytest.fixture
def db() -> object:
    database = DatabaseWithAClock()
    yield database
    database.close()


def claim_one(db: DatabaseWithAClock) -> Claimed:
    with db.connection.begin():
        (claimed,) = transitions.claim(db.connection, "one", 1, TTL_S)
    return claimed


@pytest.mark.parametrize("status", sorted(TERMINAL))
def test_a_holder_that_comes_late_changes_nothing_of_the_next_ones_job(
    db: DatabaseWithAClock, status: JobStatus
) -> None:
    job_id = db.submit()
    first = claim_one(db)
    db.now += TTL_S + 0.1
    with db.connection.begin():
        taking_back.reap(db.connection, 1.0)
    db.now += 60
    second = claim_one(db)

    late = (
        lambda c: transitions.finish(c, job_id, first.attempt, an_end(status, first)),
        lambda c: transitions.record(c, job_id, first.attempt, [LogEvent(message="I am late.")]),
        lambda c: taking_back.release(c, job_id, first.attempt),
        lambda c: taking_back.give_up(c, job_id, first.attempt, 1.0),
    )
    for act in late:
        with pytest.raises(LeaseLostError), db.connection.begin():
            act(db.connection)
    with db.connection.begin():
        assert transitions.heartbeat(db.connection, "one", [(job_id, first.attempt)], TTL_S) == {}
        transitions.finish(db.connection, job_id, second.attempt, an_end(JobStatus.SUCCEEDED, second))

    job = db.connection.execute(select(jobs.c.status, jobs.c.attempt)).one()
    assert tuple(job) == ("succeeded", second.attempt)
    assert db.connection.execute(select(artifacts.c.attempt)).scalars().all() == [second.attempt]


def test_a_clock_set_back_an_hour_keeps_no_job_waiting(db: DatabaseWithAClock) -> None:
    db.submit()
    db.submit()
    claimed = claim_one(db)
    db.now -= 3600

    with db.connection.begin():
        assert transitions.claim(db.connection, "two", 5, TTL_S) == []
        assert taking_back.mend_times(db.connection, TTL_S, 5.0) == 2
        assert taking_back.mend_times(db.connection, TTL_S, 5.0) == 0
        assert len(transitions.claim(db.connection, "two", 5, TTL_S)) == 1
        assert transitions.heartbeat(db.connection, "one", [(claimed.job_id, claimed.attempt)], TTL_S)
    db.now += TTL_S + 0.1
    with db.connection.begin():
        assert len(taking_back.reap(db.connection, 1.0)) == 2


def test_a_clock_set_forward_takes_no_job_from_a_holder_who_knows_better(db: DatabaseWithAClock) -> None:
    db.submit()
    claimed = claim_one(db)
    db.now += 3600

    with db.connection.begin():
        assert taking_back.reap(db.connection, 1.0, held=[(claimed.job_id, claimed.attempt)]) == []
        assert transitions.heartbeat(db.connection, "one", [(claimed.job_id, claimed.attempt)], TTL_S)
        assert taking_back.reap(db.connection, 1.0) == []


def test_the_dialect_a_job_has_read_by_is_recorded_where_none_was_given(db: DatabaseWithAClock) -> None:
    job_id = db.submit()
    given, detected = Dialect(separator="|"), Dialect(separator=";", decimal=",")
    with db.connection.begin():
        db.connection.execute(files.insert().values(sha256="a" * 64, size_bytes=1, created_at=db.now))
        both = (
            InputFile(sha256="a" * 64, name="a.csv", dialect=given),
            InputFile(sha256="a" * 64, name="b.csv"),
        )
        write_inputs(db.connection, job_inputs, job_id, {"data": both})
    claimed = claim_one(db)
    read_as = [ReadAs(slot="data", position=number, dialect=detected) for number in (0, 1)]

    with db.connection.begin():
        end = replace(an_end(JobStatus.SUCCEEDED, claimed), read_as=read_as)
        transitions.finish(db.connection, job_id, claimed.attempt, end)

    (first, second) = read_inputs(db.connection, job_inputs, job_id)["data"]
    assert first.dialect == given
    assert second.dialect == detected


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
            outcomes += [job.status for job in taking_back.reap(db.connection, 1.0)]
        db.now += 60

    assert outcomes == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    failure = db.connection.execute(select(jobs.c.failure_json).where(jobs.c.id == job_id)).scalar_one()
    assert JobFailure.model_validate_json(failure).code is ProblemCode.WORKER_LOST


def test_a_job_whose_cancel_was_asked_is_never_queued_again(db: DatabaseWithAClock) -> None:
    expired, released, orphaned = db.submit(), db.submit(), db.submit()
    with db.connection.begin():
        claimed = {job.job_id: job for job in transitions.claim(db.connection, "one", 3, TTL_S)}
        for job_id in claimed:
            assert taking_back.request_cancel(db.connection, job_id) is JobStatus.RUNNING

    with db.connection.begin():
        taking_back.release(db.connection, released, claimed[released].attempt)
        taking_back.give_up(db.connection, orphaned, claimed[orphaned].attempt, 1.0)
    db.now += TTL_S + 0.1
    with db.connection.begin():
        taking_back.reap(db.connection, 1.0)

    found = db.connection.execute(select(jobs.c.id, jobs.c.status)).all()
    assert dict(map(tuple, found)) == dict.fromkeys((expired, released, orphaned), "cancelled")


def test_the_back_off_doubles(db: DatabaseWithAClock) -> None:
    db.submit()
    delays = []
    for _ in range(2):
        claim_one(db)
        db.now += TTL_S + 0.1
        with db.connection.begin():
            taking_back.reap(db.connection, 1.0)
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
            taking_back.release(db.connection, claimed.job_id, claimed.attempt)

    assert numbers == list(range(1, 3 * MAX_ATTEMPTS + 1))


def test_a_worker_with_a_clock_an_hour_off_neither_keeps_nor_loses_a_lease(
    db: DatabaseWithAClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.submit()
    monkeypatch.setattr("time.time", lambda: 3600.0)  # the worker's own clock is asked for nothing
    claimed = claim_one(db)

    db.now += TTL_S / 2
    with db.connection.begin():
        assert taking_back.reap(db.connection, 1.0) == []
        assert transitions.heartbeat(db.connection, "one", [(claimed.job_id, claimed.attempt)], TTL_S)


def test_the_database_itself_refuses_a_second_end(db: DatabaseWithAClock) -> None:
    job_id = db.submit()
    with db.connection.begin():
        taking_back.request_cancel(db.connection, job_id)
    second = StateEvent(status=JobStatus.SUCCEEDED, attempt=1)

    with pytest.raises(IntegrityError), db.connection.begin():
        append_event(db.connection, job_id, 1, second, terminal=True)
