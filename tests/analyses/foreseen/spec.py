"""An analysis with a preview, for tests of everything around previews."""

from enum import StrEnum

from pydantic import Field, model_validator

from zerosec_analyses.sdk import Analysis, InputSlot, Parameters, SlotKind, Step

__all__ = ["ANALYSIS", "Ending", "ForeseenParameters"]


class Ending(StrEnum):
    """How the preview ends."""

    WELL = "well"
    REFUSED = "refused"
    CRASH = "crash"
    WAIT = "wait"


class ForeseenParameters(Parameters):
    """One field that must be given, one that can be wrong, and a rule between them."""

    count: int = Field(ge=1, le=100, title="Count", description="How many.")
    share: float = Field(default=0.5, gt=0, lt=1, title="Share", description="Of them.")
    ending: Ending = Field(default=Ending.WELL, title="Ending", description="How the preview ends.")
    barrier: str | None = Field(
        default=None, title="Barrier", description="A folder: `started` is made in it, `go` is waited for."
    )

    @model_validator(mode="after")
    def _rule(self) -> "ForeseenParameters":
        if self.count == 13:
            raise ValueError("thirteen is refused")
        return self


ANALYSIS = Analysis(
    id="foreseen",
    version="1.0.0",
    title="Foreseen",
    summary="Says what it would do.",
    group="Tests",
    hidden=True,
    steps=(
        Step(
            id="foreseen",
            title="Foreseen",
            method="tests.analyses.foreseen.method:run",
            preview="tests.analyses.foreseen.method:preview",
            parameters=ForeseenParameters,
            inputs=(InputSlot(name="data", title="Any file", kind=SlotKind.FILE),),
        ),
    ),
)
