"""An analysis whose function numba compiles, for tests of what jobs share."""

from pathlib import Path

from pydantic import Field

from zerosec_analyses.sdk import Analysis, Parameters, Step

__all__ = ["ANALYSIS", "CompiledParameters"]


class CompiledParameters(Parameters):
    """What it computes."""

    numbers: tuple[float, ...] = Field(title="Numbers", description="What is added up.")
    whole: bool = Field(default=False, title="Whole", description="Add up as integers: another compilation.")
    started: Path | None = Field(
        default=None, title="Started", description="A file made once compiled; then it waits to be killed."
    )


ANALYSIS = Analysis(
    id="compiled",
    version="1.0.0",
    title="Compiled sum",
    summary="Adds up numbers in compiled code.",
    group="Tests",
    hidden=True,
    steps=(
        Step(
            id="sum",
            title="Sum",
            method="tests.analyses.compiled.method:run",
            parameters=CompiledParameters,
            warm=("numpy", "numba"),
        ),
    ),
)
