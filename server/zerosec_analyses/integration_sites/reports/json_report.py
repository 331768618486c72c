"""JSON reports of programs: read with a bound, and numbers looked up by their path, each of which must be there."""

import json
from pathlib import Path
from typing import cast

from zerosec_analyses.sdk import AnalysisError, cut, say

__all__ = ["JsonReport", "read_json_report"]

MAX_BYTES = 64 * 1024**2


class JsonReport:
    """A report of a program. Raises AnalysisError where a number is not there: a missing one is never taken for 0."""

    def __init__(self, program: str, content: object) -> None:
        self._program, self._content = program, content

    def find(self, *path: str) -> object:
        """What stands at a path."""
        at = self._content
        for key in path:
            if not isinstance(at, dict) or key not in at:
                raise AnalysisError(
                    say(
                        "The report of {program} does not tell “{name}”.",
                        program=self._program,
                        name=".".join(path),
                    ),
                    hint="Another version of the program may write another report; the job's log has its version.",
                )
            at = cast("dict[str, object]", at)[key]
        return at

    def number(self, *path: str) -> float:
        """The number at a path."""
        found = self.find(*path)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise AnalysisError(
                say(
                    "The report of {program} does not tell “{name}”.",
                    program=self._program,
                    name=".".join(path),
                )
            )
        return found

    def count(self, *path: str) -> int:
        """The whole number at a path."""
        return int(self.number(*path))

    def count_or_none(self, *path: str) -> int | None:
        """The whole number at a path; None where the program says that it did not count."""
        return None if self.find(*path) is None else self.count(*path)

    def numbers(self, *path: str) -> tuple[float, ...]:
        """The list of numbers at a path."""
        found = self.find(*path)
        if not isinstance(found, list):
            return ()
        return tuple(float(each) for each in found if isinstance(each, int | float))


def read_json_report(path: Path, program: str) -> JsonReport:
    """Read a report. Raises AnalysisError where there is none, or no JSON."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("too large")
        return JsonReport(program, json.loads(path.read_text(encoding="utf-8", errors="replace")))
    except (OSError, ValueError) as wrong:
        raise AnalysisError(
            say("{program} left no report that can be read.", program=program), detail=cut(str(wrong), 300)
        ) from None
