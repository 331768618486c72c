"""Problem details (RFC 9457) and the closed set of problem codes."""

from enum import StrEnum

from pydantic import Field

from zerosec_shared.contract import Contract, Instant, Words
from zerosec_shared.translations import Worded

__all__ = ["FieldProblem", "Problem", "ProblemCode"]


class ProblemCode(StrEnum):
    """Why a request or a job failed. The client turns each into its own exception."""

    VALIDATION_ERROR = "validation_error"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    CONFLICT = "conflict"
    ALREADY_TERMINAL = "already_terminal"
    FILE_TOO_LARGE = "file_too_large"
    INVALID_FILE_TYPE = "invalid_file_type"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    SIZE_MISMATCH = "size_mismatch"
    UPLOAD_INCOMPLETE = "upload_incomplete"
    URL_EXPIRED = "url_expired"
    FILE_MISSING = "file_missing"
    RATE_LIMITED = "rate_limited"
    QUEUE_FULL = "queue_full"
    MODE_DISABLED = "mode_disabled"
    STORAGE_FULL = "storage_full"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"
    # why a job ended as failed
    INPUT_INVALID = "input_invalid"
    ANALYSIS_FAILED = "analysis_failed"
    ANALYSIS_CRASHED = "analysis_crashed"
    NO_RESULT = "no_result"
    PROTOCOL_ERROR = "protocol_error"
    WALL_TIME_EXCEEDED = "wall_time_exceeded"
    MEMORY_EXCEEDED = "memory_exceeded"
    OUTPUT_TOO_LARGE = "output_too_large"
    WORKSPACE_FULL = "workspace_full"
    WORKER_LOST = "worker_lost"
    PROGRAM_MISSING = "program_missing"


class FieldProblem(Contract):
    """One thing wrong with one field of a request."""

    path: tuple[str | int, ...] = Field(description="Where: keys and indices from the body's root.")
    message: Words
    code: str = Field(default="", description="The validator's own code, for programs.")


class Problem(Worded):
    """The body of every error answer, served as application/problem+json."""

    type: str = Field(default="about:blank", description="An address that documents this kind of problem.")
    title: Words = Field(description="What happened, in a few words.")
    status: int = Field(ge=100, le=599)
    detail: Words = Field(default="", description="What it means for the user's data.")
    code: ProblemCode
    hint: Words = Field(default="", description="What to do about it.")
    request_id: str = ""
    timestamp: Instant
    errors: tuple[FieldProblem, ...] = ()
