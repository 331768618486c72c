"""How the command ends: a number for every way, and which exception ends it how. docs/cli.md has the table."""

from enum import IntEnum

from zerosec_client import errors
from zerosec_shared.runs import JobStatus

__all__ = ["ExitCode", "of_error", "of_status"]


class ExitCode(IntEnum):
    """Exit codes of `zerosec`; stable, so that scripts can rely on them."""

    OK = 0
    JOB_FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    INTERRUPTED = 4
    LOCAL_FILE = 5
    NOT_FOUND = 6
    SERVER = 7
    DEFECT = 70


def of_error(error: errors.ClientError) -> ExitCode:
    """The exit code of an exception of this client."""
    match error:
        case errors.UsageError() | errors.ValidationFailedError() | errors.FileRefusedError():
            return ExitCode.USAGE
        case errors.LocalFileError():
            return ExitCode.LOCAL_FILE
        case errors.ServerUnreachableError() | errors.UntrustedServerError():
            return ExitCode.UNREACHABLE
        case errors.NotFoundError() | errors.NotAllowedError():
            return ExitCode.NOT_FOUND
        case _:
            return ExitCode.SERVER


def of_status(status: JobStatus) -> ExitCode:
    """The exit code of a job's end; a job that goes on is no failure."""
    if status is JobStatus.FAILED:
        return ExitCode.JOB_FAILED
    return ExitCode.INTERRUPTED if status is JobStatus.CANCELLED else ExitCode.OK
