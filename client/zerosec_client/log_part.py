"""A part of a job's log, as a range of its bytes."""

import re
from dataclasses import dataclass

from zerosec_client.http import Answer

__all__ = ["LogPart"]

RANGE = re.compile(r"bytes (\d+)-\d+/\d+")


@dataclass(frozen=True, slots=True)
class LogPart:
    """Bytes from `start` on."""

    start: int
    data: bytes

    @classmethod
    def of_answer(cls, answer: Answer) -> "LogPart":
        """What an answer to a ranged request holds; an answer without a range is the whole log."""
        told = RANGE.fullmatch(answer.headers.get("content-range", ""))
        if told is None:
            return cls(0, answer.content)
        return cls(int(told[1]), answer.content)

    @property
    def end(self) -> int:
        """Where the next part begins."""
        return self.start + len(self.data)
