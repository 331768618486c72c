"""An analysis that does nothing, for tests and measurements of everything around an analysis."""

from pydantic import Field

from zerosec_analyses.sdk import Analysis, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "NoopParameters"]


class NoopParameters(Parameters):
    """What little it does."""

    files: int = Field(default=0, ge=0, le=5000, title="Files", description="Small files it leaves.")
    file_bytes: int = Field(default=100, ge=0, le=2**30, title="Size of each", description="In bytes.")
    progress: int = Field(
        default=0, ge=0, le=1_000_000, title="Progress", description="Times it reports progress."
    )
    stamps: int = Field(
        default=0,
        ge=0,
        le=1000,
        title="Stamps",
        description="Times it reports the time, a third of a second apart.",
    )
    log_lines: int = Field(
        default=0, ge=0, le=1_000_000, title="Log lines", description="Lines it writes to its log."
    )
    until_finished: bool = Field(
        default=False, title="Until finished", description="It goes on until it is asked to finish."
    )
    seed: int = Field(default=0, ge=0, title="Seed", description="Recorded with the result.")


ANALYSIS = Analysis(
    id="noop",
    version="1.0.0",
    title="Nothing",
    summary="Does nothing, quickly.",
    group="Tests",
    hidden=True,
    steps=(
        Step(
            id="noop",
            title="Nothing",
            method="tests.analyses.noop.method:run",
            parameters=NoopParameters,
            finishable=True,
            inputs=(
                InputSlot(name="data", title="Any file", kind=SlotKind.FILE, required=False, multiple=True),
            ),
        ),
    ),
)
