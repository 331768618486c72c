"""What became of a job, for every combination that decides it."""

import os
import signal
import sys

import pytest

from zerosec_server.worker.order import Ended, Reason
from zerosec_server.worker.verdict import CANCELLED, SUCCEEDED, Failed, failures, judge
from zerosec_shared.errors import ProblemCode
from zerosec_shared.runs import JobFailure

OWN = JobFailure(code=ProblemCode.INPUT_INVALID, title="The column y holds text.")
EXIT_7 = 7 << 8
KILLED, SEGFAULT = int(signal.SIGKILL), int(signal.SIGSEGV)


def ended(wait_status: int = 0, reason: Reason = Reason.ITSELF, *, out_of_memory: bool = False) -> Ended:
    return Ended(wait_status=wait_status, reason=reason, out_of_memory=out_of_memory)


@pytest.mark.parametrize(
    ("end", "circumstances", "code"),
    [
        (ended(), {"left": "nothing"}, ProblemCode.NO_RESULT),
        (ended(), {"left": "garbage"}, ProblemCode.PROTOCOL_ERROR),
        (ended(), {"said": OWN}, ProblemCode.INPUT_INVALID),
        (ended(EXIT_7), {}, ProblemCode.ANALYSIS_CRASHED),
        (ended(EXIT_7), {"said": OWN}, ProblemCode.INPUT_INVALID),
        (ended(SEGFAULT), {}, ProblemCode.ANALYSIS_CRASHED),
        (ended(KILLED), {}, ProblemCode.ANALYSIS_CRASHED),
        (ended(KILLED, out_of_memory=True), {}, ProblemCode.MEMORY_EXCEEDED),
        (ended(SEGFAULT, out_of_memory=True), {}, ProblemCode.ANALYSIS_CRASHED),
        (ended(KILLED, Reason.MEMORY), {}, ProblemCode.MEMORY_EXCEEDED),
        (ended(KILLED, Reason.WALL_TIME), {}, ProblemCode.WALL_TIME_EXCEEDED),
        (ended(KILLED, Reason.OUTPUT), {}, ProblemCode.OUTPUT_TOO_LARGE),
        (ended(KILLED, Reason.WALL_TIME), {"cancelling": True}, ProblemCode.WALL_TIME_EXCEEDED),
        (ended(0), {"understood": False}, ProblemCode.PROTOCOL_ERROR),
        (ended(KILLED, Reason.ASKED), {"understood": False}, ProblemCode.PROTOCOL_ERROR),
    ],
)
def test_a_failure_has_the_code_of_its_cause(
    end: Ended, circumstances: dict[str, object], code: ProblemCode
) -> None:
    known: dict[str, object] = {"cancelling": False, "understood": True, "said": None, "left": "outcome"}

    verdict = judge(end, **{**known, **circumstances})  # type: ignore[arg-type]

    assert isinstance(verdict, Failed)
    assert verdict.failure.code is code


def test_an_outcome_and_exit_code_0_are_a_success() -> None:
    assert judge(ended(), cancelling=False, understood=True, said=None, left="outcome") is SUCCEEDED


def test_a_cancel_that_came_after_the_end_changes_nothing() -> None:
    assert judge(ended(), cancelling=True, understood=True, said=None, left="outcome") is SUCCEEDED


@pytest.mark.parametrize("status", [0, KILLED, int(signal.SIGTERM), EXIT_7])
def test_what_ended_because_the_user_asked_is_cancelled(status: int) -> None:
    end = ended(status, Reason.ASKED)

    assert judge(end, cancelling=True, understood=True, said=None, left="nothing") is CANCELLED


def test_every_sentence_of_the_workers_own_is_one_for_a_scientist() -> None:
    told = [value for value in vars(failures).values() if isinstance(value, JobFailure)]
    told += [
        failures.crashed(SEGFAULT),
        failures.crashed(EXIT_7),
        failures.output_too_large("It left 3 files."),
    ]

    assert len(told) > 10
    for failure in told:
        for text in (failure.title, failure.detail, failure.hint):
            assert not text or text.endswith("."), text
        assert failure.title
        assert failure.hint
        assert not any(
            word in f"{failure}" for word in ("Exception", "Errno", "Traceback", "None.", "stderr")
        )


@pytest.mark.skipif(sys.platform == "win32", reason="wait statuses are POSIX")
def test_exit_codes_and_signals_are_told_apart() -> None:
    assert "exit code 7" in failures.crashed(EXIT_7).detail
    assert "signal 9" in failures.crashed(KILLED).detail
    assert os.WIFSIGNALED(SEGFAULT)
