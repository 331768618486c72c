"""What became of a job: a pure decision over how its processes ended, what it said, and what it left."""

import os
import signal
from dataclasses import dataclass
from typing import Literal

from zerosec_server.worker.order import Ended, Reason
from zerosec_shared.errors import ProblemCode
from zerosec_shared.runs import JobFailure
from zerosec_shared.texts import say

__all__ = ["CANCELLED", "SUCCEEDED", "Cancelled", "Failed", "Succeeded", "Verdict", "failures", "judge"]


@dataclass(frozen=True)
class Succeeded:
    """It ended well and left an outcome."""


@dataclass(frozen=True)
class Cancelled:
    """It was ended because the user asked."""


@dataclass(frozen=True)
class Failed:
    """It did not end well."""

    failure: JobFailure


Verdict = Succeeded | Cancelled | Failed
SUCCEEDED, CANCELLED = Succeeded(), Cancelled()


class failures:  # noqa: N801 - a namespace of sentences
    """Every way to fail that the worker itself sees, in words for the user."""

    WALL_TIME = JobFailure(
        code=ProblemCode.WALL_TIME_EXCEEDED,
        title="The analysis took longer than it may and was ended.",
        hint="Try fewer rows or simpler settings, or ask whoever runs the server to raise the limit.",
    )
    MEMORY = JobFailure(
        code=ProblemCode.MEMORY_EXCEEDED,
        title="The analysis needed more memory than it may use and was ended.",
        hint="Try fewer rows or columns, or ask whoever runs the server to raise the limit.",
    )
    OUT_OF_MEMORY = JobFailure(
        code=ProblemCode.MEMORY_EXCEEDED,
        title="The computer ran out of memory and ended the analysis.",
        hint="Close other programs, try fewer rows or columns, or use a server with more memory.",
    )
    OUTPUT = JobFailure(
        code=ProblemCode.OUTPUT_TOO_LARGE,
        title="The analysis wrote more than it may and was ended.",
        hint="Ask for fewer outputs, or ask whoever runs the server to raise the limit.",
    )
    PROTOCOL = JobFailure(
        code=ProblemCode.PROTOCOL_ERROR,
        title="The analysis sent something that could not be understood.",
        detail="Its results are not shown, since they might be wrong.",
        hint="Please send the job's log to whoever maintains this analysis.",
    )
    NO_RESULT = JobFailure(
        code=ProblemCode.NO_RESULT,
        title="The analysis ended without leaving a result.",
        detail="It said that all was well, but there is nothing to show.",
        hint="The job's log may say more. Please send it to whoever maintains this analysis.",
    )
    WORKSPACE_FULL = JobFailure(
        code=ProblemCode.WORKSPACE_FULL,
        title="The disk is full: the analysis could not be given room to work.",
        detail="Your data and earlier results are safe.",
        hint="Free some space, then run it again.",
    )
    STORAGE_FULL = JobFailure(
        code=ProblemCode.STORAGE_FULL,
        title="The disk is full: the results could not be stored.",
        detail="Your data and earlier results are safe.",
        hint="Free some space, then run it again.",
    )
    FILE_MISSING = JobFailure(
        code=ProblemCode.FILE_MISSING,
        title="An input file is no longer stored on the server.",
        hint="Upload it again, then run again.",
    )
    NOT_OFFERED = JobFailure(
        code=ProblemCode.ANALYSIS_FAILED,
        title="This server does not offer this analysis any more.",
        hint="Ask whoever runs the server to install it again.",
    )
    INTERNAL = JobFailure(
        code=ProblemCode.INTERNAL_ERROR,
        title="The server made a mistake while it looked after this job.",
        detail="Your data are safe. The server's own log says more.",
        hint="Try again; if it happens again, tell whoever runs the server.",
    )

    @staticmethod
    def crashed(wait_status: int) -> JobFailure:
        """A process that was ended by a signal or by an exit code without a word."""
        if os.WIFSIGNALED(wait_status):
            number = os.WTERMSIG(wait_status)
            known = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT}
            detail: str = (
                say("A program in it failed at the level of the machine.")
                if number in known
                else say("Its process was ended from outside (signal {number}).", number=number)
            )
        else:
            detail = say(
                "Its process ended with exit code {code}, without giving a reason.",
                code=os.waitstatus_to_exitcode(wait_status),
            )
        return JobFailure(
            code=ProblemCode.ANALYSIS_CRASHED,
            title="The analysis crashed.",
            detail=detail,
            hint="The job's log may say more. Try again; if it happens again, send the log to whoever maintains this analysis.",
        )

    @staticmethod
    def output_too_large(detail: str) -> JobFailure:
        """More or larger files than a job may leave."""
        return failures.OUTPUT.model_copy(update={"detail": detail})


LIMITS = {
    Reason.WALL_TIME: failures.WALL_TIME,
    Reason.MEMORY: failures.MEMORY,
    Reason.OUTPUT: failures.OUTPUT,
}


def judge(
    ended: Ended,
    *,
    cancelling: bool,
    understood: bool,
    said: JobFailure | None,
    left: Literal["outcome", "nothing", "garbage"],
) -> Verdict:
    """Decide, by what is most certain first. `said` is the failure the job itself told; `understood` is False after a frame
    that was none; `left` is what stands in `outcome.json`.
    """
    if cancelling and ended.reason is Reason.ASKED:
        return CANCELLED
    if not understood:
        return Failed(failures.PROTOCOL)
    if ended.reason in LIMITS:
        return Failed(LIMITS[ended.reason])
    if ended.wait_status == 0:
        if left == "outcome" and said is None:
            return SUCCEEDED
        return Failed(said or (failures.PROTOCOL if left == "garbage" else failures.NO_RESULT))
    if said is not None:
        return Failed(said)
    if (
        ended.out_of_memory
        and os.WIFSIGNALED(ended.wait_status)
        and os.WTERMSIG(ended.wait_status) == signal.SIGKILL
    ):
        return Failed(failures.OUT_OF_MEMORY)
    return Failed(failures.crashed(ended.wait_status))
