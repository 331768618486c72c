"""How long a step usually takes is said from the runs of that step alone."""

from datetime import UTC, datetime, timedelta

from tests.desktop.test_form_of_each_analysis import ANALYSES
from zerosec_desktop.jobs import JobEntry, Phase
from zerosec_desktop.navigation import JobKey
from zerosec_desktop.screens.analysis.summary import time_sentence, usual_duration
from zerosec_shared.ids import new_id
from zerosec_shared.runs import JobState, JobStatus
from zerosec_shared.views import Metric, Result

START = datetime(2026, 11, 23, tzinfo=UTC)


def done(step: str, seconds: int) -> JobEntry:
    """A job that has succeeded."""
    key = JobKey("this-computer", new_id())
    ended = START + timedelta(seconds=seconds)
    state = JobState(
        id=key.job_id, run_id=new_id(), status=JobStatus.SUCCEEDED, attempt=1, created_at=START, started_at=START,
        ended_at=ended, last_event=3,
    )  # fmt: skip
    return JobEntry(key, "y", "nonlinear", step, "", Phase.SUCCEEDED, START, state)


def test_predictions_with_a_model_say_nothing_of_the_time_to_build_one() -> None:
    info = ANALYSES["nonlinear"]
    steps = {step.id: step for step in info.steps}
    jobs = [done("build", 37), done("", 30), done("prediction", 2), done("pareto", 1)]

    assert usual_duration(jobs, info, steps["build"], "this-computer") == (30, 37, 2)
    assert usual_duration(jobs, info, steps["prediction"], "this-computer") == (2, 2, 1)
    assert usual_duration(jobs, info, steps["search"], "this-computer") is None


def test_the_time_of_a_first_run_is_unknown_only_where_the_analysis_does_not_foresee_it() -> None:
    foreseen = Result(metrics=(Metric(name="seconds", value=200, unit="s"),))
    silent = Result(metrics=(Metric(name="rows", value=200),))

    assert time_sentence(None, foreseen) == ""
    assert time_sentence(None, silent) == time_sentence(None, None)
    assert "not known yet" in time_sentence(None, None)
    assert "37 s" in time_sentence((37, 37, 1), foreseen)
