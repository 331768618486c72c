"""An analysis that misbehaves in a chosen way, for tests of what the worker makes of it."""

from enum import StrEnum

from pydantic import Field

from zerosec_analyses.sdk import Analysis, Parameters, Step

__all__ = ["ANALYSIS", "Fault", "FaultyParameters"]


class Fault(StrEnum):
    """The ways to misbehave."""

    NONE = "none"
    BAD_INPUT = "bad_input"
    EXCEPTION = "exception"
    IMPORT_ERROR = "import_error"
    EXIT_WITHOUT_RESULT = "exit_without_result"
    EXIT_WITH_CODE = "exit_with_code"
    CRASH = "crash"
    KILL_ITSELF = "kill_itself"
    IGNORE_TERM = "ignore_term"
    DAEMON = "daemon"
    FILL_PIPE = "fill_pipe"
    HOLD_PIPE = "hold_pipe"
    INVALID_UTF8 = "invalid_utf8"
    GARBAGE_FRAMES = "garbage_frames"
    ENORMOUS_FRAME = "enormous_frame"
    GARBAGE_OUTCOME = "garbage_outcome"
    FILL_DISK = "fill_disk"
    ALLOCATE = "allocate"
    ALLOCATE_IN_CHILDREN = "allocate_in_children"
    MANY_FILES = "many_files"
    ODD_FILES = "odd_files"
    PROGRAM_MISSING = "program_missing"
    PROGRAM_FAILS = "program_fails"
    SPIN = "spin"
    ENVIRONMENT = "environment"


class FaultyParameters(Parameters):
    """Which fault, and the barrier: the job makes `started` and goes on when `go` exists."""

    fault: Fault = Field(default=Fault.NONE, title="Fault", description="How to misbehave.")
    barrier: str | None = Field(
        default=None, title="Barrier", description="A folder: `started` is made in it, `go` is waited for."
    )
    amount: int = Field(default=0, ge=0, title="Amount", description="Bytes or files, by fault.")


ANALYSIS = Analysis(
    id="faulty",
    version="1.0.0",
    title="Faulty",
    summary="Misbehaves as asked.",
    group="Tests",
    hidden=True,
    steps=(
        Step(
            id="faulty",
            title="Faulty",
            method="tests.analyses.faulty.method:run",
            parameters=FaultyParameters,
        ),
    ),
)
