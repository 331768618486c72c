"""Letters of a text in four steps, two of which prepare the text: the shape of a sequencing pipeline, in small."""

import sys
from pathlib import Path

from pydantic import Field

from zerosec_analyses.programs import Need, Program
from zerosec_analyses.sdk import Analysis, FromStep, InputSlot, Parameters, SlotKind, Step

__all__ = ["ABSENT", "ANALYSIS", "SORT", "TR", "WAIT"]

TR = Program(name="tr", title="tr", summary="Translates letters.", install="It is part of coreutils.")
SORT = Program(name="sort", title="sort", summary="Sorts lines.", install="It is part of coreutils.")
WAIT = Program(
    name="wait",
    title="Wait",
    summary="Waits.",
    install="It is this Python.",
    executable=Path(sys.executable).name,
)
ABSENT = Program(
    name="a-program-nobody-has", title="Nobody", summary="Is not there.", install="Ask whoever wrote it."
)


class Upper(Parameters):
    """Of the first preparation."""

    letters: str = Field("a-z", max_length=60, title="Letters", description="Those that are made capital.")
    hold: str | None = Field(
        None,
        title="Hold",
        description="A folder: `started.PID` is made in it, `go` is waited for by a program.",
    )
    fail: bool = Field(False, title="Fail", description="End with an error.")


class Drop(Parameters):
    """Of the second."""

    letters: str = Field("x", max_length=60, title="Letters", description="Those that are dropped.")
    hold: str | None = Field(
        None,
        title="Hold",
        description="A folder: `started.PID` is made in it, `go` is waited for by a program.",
    )
    fail: bool = Field(False, title="Fail", description="End with an error.")


class Count(Parameters):
    """Of the count."""

    hold: str | None = Field(
        None,
        title="Hold",
        description="A folder: `started.PID` is made in it, `go` is waited for by a program.",
    )
    fail: bool = Field(False, title="Fail", description="End with an error.")


TEXT = InputSlot(name="text", title="Text", kind=SlotKind.FILE, multiple=True)
UPPER, DROP = FromStep(step="upper", files="*.txt"), FromStep(step="drop", files="*.txt")

ANALYSIS = Analysis(
    id="stepped",
    version="1.0.0",
    title="Letters in steps",
    summary="Counts the lines of a text that two steps may prepare.",
    group="Tests",
    hidden=True,
    steps=(
        Step(
            id="upper",
            title="Capitals",
            method="tests.analyses.stepped.method:upper",
            parameters=Upper,
            inputs=(TEXT,),
            programs=(TR, WAIT),
        ),
        Step(
            id="drop",
            title="Dropping",
            method="tests.analyses.stepped.method:drop",
            parameters=Drop,
            inputs=(TEXT.model_copy(update={"from_steps": (UPPER,)}),),
            programs=(TR, WAIT),
        ),
        Step(
            id="count",
            title="Counting",
            method="tests.analyses.stepped.method:count",
            parameters=Count,
            inputs=(TEXT.model_copy(update={"from_steps": (UPPER, DROP)}),),
            programs=(Need(any_of=(ABSENT, SORT)), WAIT, Need(any_of=(ABSENT,), optional=True)),
        ),
        Step(
            id="report",
            title="Report",
            method="tests.analyses.stepped.method:report",
            inputs=(
                InputSlot(
                    name="counts",
                    title="Counts",
                    kind=SlotKind.FILE,
                    from_steps=(FromStep(step="count", files="counts.tsv"),),
                ),
            ),
        ),
        Step(
            id="impossible",
            title="Impossible",
            method="tests.analyses.stepped.method:report",
            inputs=(TEXT.model_copy(update={"required": False}),),
            programs=(ABSENT,),
            in_run_all=False,
        ),
    ),
)
