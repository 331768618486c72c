"""The seed of a job: what was given; one of its own where that was left empty; none where none is declared."""

from pathlib import Path

import pytest

from zerosec_analyses.environment import environment
from zerosec_analyses.sdk import ConsoleReporter, Context
from zerosec_server.worker.order import seed_of

JOB = "01935d2e-0000-7000-8000-00000000abcd"
OTHER = "01935d2e-0000-7000-8000-00000000abce"


def test_a_seed_that_was_given_is_used() -> None:
    assert seed_of(JOB, {"seed": 7}) == 7
    assert seed_of(JOB, {"seed": 0}) == 0


def test_a_seed_that_was_left_empty_is_the_jobs_own_in_every_attempt() -> None:
    assert seed_of(JOB, {"seed": None}) == 0xABCD
    assert seed_of(OTHER, {"seed": None}) != seed_of(JOB, {"seed": None})


def test_an_analysis_that_declares_no_seed_has_none_and_no_random_numbers(tmp_path: Path) -> None:
    assert seed_of(JOB, {"folds": 5}) is None
    context = Context(inputs={}, output=tmp_path, scratch=tmp_path, reporter=ConsoleReporter())
    with pytest.raises(RuntimeError, match="declares no parameter"):
        _ = context.rng
    assert "seed" not in environment(None)
    assert environment(5)["seed"] == "5"
