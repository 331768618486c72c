"""What a job says while it runs: length-prefixed JSON over a pipe of its own, each frame bounded and checked.

The job is not trusted: a frame that is too long or not understood ends it as `protocol_error`, and nothing is guessed.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from zerosec_shared.contract import Contract, Text
from zerosec_shared.runs import JobFailure
from zerosec_shared.translations import Worded
from zerosec_shared.views import Metric, Notice

__all__ = [
    "FailureFrame",
    "Frame",
    "FrameDecoder",
    "FrameError",
    "LogFrame",
    "MetricFrame",
    "NoticeFrame",
    "ProgressFrame",
    "encode",
]

MAX_FRAME_BYTES = 1 << 20
PREFIX_BYTES = 4


class FrameError(Exception):
    """What arrived is not a frame."""


class ProgressFrame(Worded):
    """Where the job is."""

    kind: Literal["progress"] = "progress"
    fraction: float | None = Field(default=None, ge=0, le=1)
    stage: Text = ""
    message: Text = ""
    counters: dict[str, float | int | str] = Field(default_factory=dict, max_length=50)


class LogFrame(Worded):
    """A line for the user."""

    kind: Literal["log"] = "log"
    level: Literal["info", "warning", "error"]
    message: Text


class MetricFrame(Contract):
    """A number known before the end."""

    kind: Literal["metric"] = "metric"
    metric: Metric


class NoticeFrame(Contract):
    """Something to be seen beside the numbers."""

    kind: Literal["notice"] = "notice"
    notice: Notice


class FailureFrame(Contract):
    """Why the job cannot go on: its last frame."""

    kind: Literal["failure"] = "failure"
    failure: JobFailure


Frame = ProgressFrame | LogFrame | MetricFrame | NoticeFrame | FailureFrame
_frames: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="kind")])


def encode(frame: Frame) -> bytes:
    """The frame's bytes; FrameError if they are too many."""
    body = frame.model_dump_json().encode()
    if len(body) > MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {len(body)} bytes")
    return len(body).to_bytes(PREFIX_BYTES, "big") + body


class FrameDecoder:
    """Frames out of chunks of bytes that end anywhere."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """The frames that are complete now. Raises FrameError."""
        self._pending += chunk
        while len(self._pending) >= PREFIX_BYTES:
            length = int.from_bytes(self._pending[:PREFIX_BYTES], "big")
            if length > MAX_FRAME_BYTES:
                raise FrameError(f"a frame of {length} bytes is announced")
            end = PREFIX_BYTES + length
            if len(self._pending) < end:
                return
            body = bytes(self._pending[PREFIX_BYTES:end])
            del self._pending[:end]
            try:
                yield _frames.validate_json(body)
            except ValidationError as wrong:
                raise FrameError(wrong.errors(include_url=False, include_input=False)[0]["msg"]) from wrong
