"""Which runs are cleaned by themselves."""

from zerosec_server.steps.clean_up import OldRun, runs_to_clean

RUNS = [OldRun("a", "me", 300.0, 10), OldRun("b", "me", 100.0, 20), OldRun("c", "me", 200.0, 40)]


def names(after_s: float, above_bytes: int) -> list[str]:
    return [run.id for run in runs_to_clean(RUNS, after_s, above_bytes)]


def test_without_limits_none() -> None:
    assert names(0, 0) == []


def test_those_idle_for_too_long() -> None:
    assert names(150, 0) == ["a", "c"]


def test_the_longest_idle_until_the_rest_fits() -> None:
    assert names(0, 70) == []
    assert names(0, 60) == ["a"]
    assert names(0, 59) == ["a", "c"]
    assert names(0, 1) == ["a", "c", "b"]


def test_what_goes_by_age_counts_before_the_quota() -> None:
    assert names(250, 60) == ["a"]
