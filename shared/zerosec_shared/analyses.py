"""The catalogue as it crosses the wire: everything needed to draw a form, build a command line and check a request."""

from typing import Annotated

from pydantic import Field, StringConstraints

from zerosec_shared.contract import Contract, JsonValue, Name, RelativePath, Text, Words
from zerosec_shared.translations import Worded

__all__ = [
    "AnalysisId",
    "AnalysisInfo",
    "Citation",
    "Example",
    "InputSlotInfo",
    "SlotKind",
    "StepId",
    "StepInfo",
]

from enum import StrEnum

AnalysisId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]


class SlotKind(StrEnum):
    """What an input slot takes."""

    TABLE = "table"
    FILE = "file"


class InputSlotInfo(Contract):
    """One input an analysis takes."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    title: Name
    kind: SlotKind = SlotKind.TABLE
    help: Text = ""
    required: bool = True
    multiple: bool = False
    primary: bool = Field(
        default=False, description="What a file is for that is named on a command line without saying more."
    )
    extensions: tuple[str, ...] = Field(
        default=(), description="Usual file name endings, with the dot; a hint only."
    )
    max_size_bytes: int | None = None
    required_columns: tuple[str, ...] = ()


class StepInfo(Contract):
    """One executable part of an analysis, with its own parameters."""

    id: StepId
    title: Name
    help: Text = ""
    parameters_schema: dict[str, JsonValue] = Field(description="JSON schema (2020-12) of the parameters.")
    inputs: tuple[InputSlotInfo, ...] = ()
    preview: bool = Field(
        default=False,
        description="Whether `POST /previews` can say what a run would do, before it is submitted.",
    )
    finishable: bool = Field(
        default=False,
        description="Whether `POST /jobs/{job_id}/finish` can end it early with the best result it has by then.",
    )


class Citation(Contract):
    """A source to cite."""

    text: Text
    doi: str = ""
    url: str = ""


class Example(Contract):
    """A real example that really runs."""

    title: Name
    inputs: dict[str, tuple[RelativePath, ...]] = Field(description="Slot name to files below examples/.")
    parameters: dict[str, JsonValue] = Field(default_factory=dict)


class AnalysisInfo(Worded):
    """A declared method: title, parameters, input slots, steps."""

    id: AnalysisId
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Name
    summary: Text
    group: Words = "Analyses"
    steps: tuple[StepInfo, ...] = Field(min_length=1)
    citations: tuple[Citation, ...] = ()
    examples: tuple[Example, ...] = ()
    hidden: bool = Field(default=False, description="Runs, but is not offered to users.")
