"""What stops an analysis, in words for the user."""

from collections.abc import Sequence

from zerosec_shared.errors import ProblemCode
from zerosec_shared.texts import say

__all__ = [
    "AnalysisError",
    "InputError",
    "MissingInputError",
    "MissingProgramError",
    "NoSpaceError",
    "ProgramError",
]


class AnalysisError(Exception):
    """The analysis cannot go on, and says why in words for the user."""

    code = ProblemCode.ANALYSIS_FAILED

    def __init__(self, title: str, detail: str = "", hint: str = "") -> None:
        super().__init__(f"{title} {detail}".strip())
        self.title, self.detail, self.hint = title, detail, hint


class InputError(AnalysisError):
    """The data or the parameters cannot be used: names the column and the row.

    `field` is the parameter by which it is mended, if one is: a preview says it there. `undecided`: see `Context.warn`.
    """

    code = ProblemCode.INPUT_INVALID

    def __init__(
        self,
        title: str,
        detail: str = "",
        hint: str = "",
        *,
        field: str = "",
        undecided: Sequence[str] = (),
    ) -> None:
        super().__init__(title, detail, hint)
        self.field, self.undecided = field, tuple(undecided)


class MissingInputError(InputError):
    """An input was given no file. `slot` is its name."""

    def __init__(self, slot: str) -> None:
        super().__init__(
            say("The input “{slot}” takes one file, and {count} were given.", slot=slot, count=0)
        )
        self.slot = slot


class ProgramError(AnalysisError):
    """An external program ended with an error; its last lines are in the job's log."""


class MissingProgramError(ProgramError):
    """An external program is not there."""

    code = ProblemCode.PROGRAM_MISSING

    def __init__(self, program: str, hint: str = "") -> None:
        super().__init__(
            say("The program {program} is not installed on the server.", program=program), hint=hint
        )


class NoSpaceError(ProgramError):
    """An external program found the disk full."""

    code = ProblemCode.WORKSPACE_FULL

    def __init__(self) -> None:
        super().__init__(
            say("The disk is full: the analysis could not write its results."),
            say("Your data and earlier results are safe."),
            say("Free some space, then run it again."),
        )
