"""What can go wrong, as the client tells it: one exception a family of problems, each with words for the user.

Every exception carries `title` (what happened), `detail` (what it means for the data) and `hint` (what to do), so that a
window, a terminal and a program show the same. A server's answer becomes the exception of its problem code.
"""

from collections.abc import Mapping

from zerosec_shared.errors import FieldProblem, Problem, ProblemCode

__all__ = [
    "BadAnswerError",
    "BusyError",
    "ClientError",
    "ConflictError",
    "ConnectionLostError",
    "FileRefusedError",
    "LocalFileError",
    "ModeDisabledError",
    "NoSpaceLeftError",
    "NotAllowedError",
    "NotFoundError",
    "OutboxError",
    "ServerFaultError",
    "ServerNotStartedError",
    "ServerProblemError",
    "ServerStorageFullError",
    "ServerUnreachableError",
    "TimedOutError",
    "UnknownTargetError",
    "UntrustedServerError",
    "UrlExpiredError",
    "UsageError",
    "ValidationFailedError",
    "VersionMismatchError",
    "problem_error",
]


class ClientError(Exception):
    """The root of everything this client raises."""

    code = "client_error"

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(" ".join(part for part in (title, detail) if part))
        self.title, self.detail, self.hint = title, detail, hint


class ServerProblemError(ClientError):
    """The server answered with a problem."""

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        super().__init__(problem.title, problem.detail, problem.hint)
        self.problem = problem
        self.code = problem.code.value
        self.status = problem.status
        self.request_id = problem.request_id
        self.errors: tuple[FieldProblem, ...] = problem.errors
        self.retry_after_s = retry_after_s


class ValidationFailedError(ServerProblemError):
    """Something in the request is not right; `errors` names each field."""


class NotAllowedError(ServerProblemError):
    """No token, a wrong one, or one that may not do this."""


class NotFoundError(ServerProblemError):
    """There is no such thing, or it is not ours to see."""


class ConflictError(ServerProblemError):
    """The id is taken by something else, or the job has ended already."""


class FileRefusedError(ServerProblemError):
    """The server does not take this file: too large, of the wrong type, or not the bytes that were announced."""


class UrlExpiredError(ServerProblemError):
    """A signed address has expired: ask for a new one."""


class BusyError(ServerProblemError):
    """The server cannot take this now, and says when to ask again."""


class ModeDisabledError(ServerProblemError):
    """This server has that switched off."""


class ServerStorageFullError(ServerProblemError):
    """No space is left on the server."""


class ServerFaultError(ServerProblemError):
    """Something failed inside the server; its log has the request id."""


class ServerUnreachableError(ClientError):
    """No connection could be made, so that nothing was sent."""

    code = "server_unreachable"


class UntrustedServerError(ClientError):
    """The server could not prove who it is, so that nothing was sent."""

    code = "server_not_trusted"


class ConnectionLostError(ServerUnreachableError):
    """The connection broke after the request went out: the server may have acted."""

    code = "connection_lost"


class TimedOutError(ServerUnreachableError):
    """The server did not answer in time: it may have acted."""

    code = "timed_out"


class BadAnswerError(ClientError):
    """What answers at this address does not speak our contract."""

    code = "bad_answer"

    def __init__(self, title: str, detail: str = "", hint: str = "", status: int = 0) -> None:
        super().__init__(title, detail, hint)
        self.status = status


class VersionMismatchError(ClientError):
    """Client and server are of versions that do not understand each other."""

    code = "version_mismatch"


class ServerNotStartedError(ServerUnreachableError):
    """The bundled server could not be started or does not answer."""

    code = "server_not_started"


class LocalFileError(ClientError):
    """A file or folder of this machine cannot be read or written."""

    code = "local_file"


class NoSpaceLeftError(LocalFileError):
    """The local disk is full."""

    code = "no_space_left"


class OutboxError(LocalFileError):
    """The record of what must not be lost cannot be read or written."""

    code = "outbox"


class GivenUpError(OutboxError):
    """A submission was given up while it was on its way to the server."""

    code = "given_up"


class UsageError(ClientError):
    """What was asked for does not exist or makes no sense; the words name what does."""

    code = "usage"


class UnknownTargetError(UsageError):
    """There is no target of this name."""

    code = "unknown_target"


_FAMILIES: Mapping[ProblemCode, type[ServerProblemError]] = {
    ProblemCode.VALIDATION_ERROR: ValidationFailedError,
    ProblemCode.UNAUTHORIZED: NotAllowedError,
    ProblemCode.FORBIDDEN: NotAllowedError,
    ProblemCode.NOT_FOUND: NotFoundError,
    ProblemCode.FILE_MISSING: NotFoundError,
    ProblemCode.METHOD_NOT_ALLOWED: NotFoundError,
    ProblemCode.CONFLICT: ConflictError,
    ProblemCode.ALREADY_TERMINAL: ConflictError,
    ProblemCode.FILE_TOO_LARGE: FileRefusedError,
    ProblemCode.INVALID_FILE_TYPE: FileRefusedError,
    ProblemCode.CHECKSUM_MISMATCH: FileRefusedError,
    ProblemCode.SIZE_MISMATCH: FileRefusedError,
    ProblemCode.UPLOAD_INCOMPLETE: FileRefusedError,
    ProblemCode.URL_EXPIRED: UrlExpiredError,
    ProblemCode.RATE_LIMITED: BusyError,
    ProblemCode.QUEUE_FULL: BusyError,
    ProblemCode.UNAVAILABLE: BusyError,
    ProblemCode.MODE_DISABLED: ModeDisabledError,
    ProblemCode.STORAGE_FULL: ServerStorageFullError,
    ProblemCode.INTERNAL_ERROR: ServerFaultError,
}


def problem_error(problem: Problem, retry_after_s: float | None = None) -> ServerProblemError:
    """The exception of a problem's family."""
    return _FAMILIES.get(problem.code, ServerProblemError)(problem, retry_after_s)
