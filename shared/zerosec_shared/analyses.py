"""The catalogue as it crosses the wire: everything needed to draw a form, build a command line and check a request."""

from typing import Annotated

from pydantic import Field, StringConstraints

from zerosec_shared.contract import Contract, JsonValue, Name, RelativePath, Text, Words
from zerosec_shared.kinds import ReferenceKind
from zerosec_shared.translations import Worded

__all__ = [
    "AnalysisId",
    "AnalysisInfo",
    "Citation",
    "Example",
    "FromStep",
    "InputSlotInfo",
    "ProgramName",
    "ProgramNeed",
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


ProgramName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]


class FromStep(Contract):
    """Outputs of another step of the same run that can fill an input."""

    step: StepId
    files: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="Which of its files, by path, with * ? and [a-z]; * also stands for folders: `*_R1.fastq.gz`."
    )


class ProgramNeed(Contract):
    """An external program that a step uses: the first of these that is found."""

    any_of: tuple[ProgramName, ...] = Field(min_length=1)
    optional: bool = Field(default=False, description="Without it the step does less, and says so.")


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
    from_steps: tuple[FromStep, ...] = Field(
        default=(),
        description="Outputs of other steps of the run that are read instead of the run's own files: by default those that have been "
        "through most of these steps; of equals, those of the step that stands first here, and the newest.",
    )
    registered: ReferenceKind | None = Field(
        default=None, description="References of this kind, registered on the server, can be chosen for it."
    )


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
    programs: tuple[ProgramNeed, ...] = Field(
        default=(), description="External programs it uses; see `GET /system/programs`."
    )
    in_run_all: bool = Field(
        default=True, description="Whether *Run all* executes it unless the user says otherwise."
    )
    offer: Words = Field(
        default="",
        description="Only for a step that comes later, in a run that is there: what the page of a result that it reads from offers, "
        "such as “Predict with this model”. Empty: a run may begin with it.",
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

    @property
    def beginnings(self) -> tuple[StepInfo, ...]:
        """The steps a run may begin with: all but those that are offered later."""
        return tuple(step for step in self.steps if not step.offer)

    def offered_after(self, step_id: str) -> tuple[StepInfo, ...]:
        """The steps that are offered where a result of this step is shown."""
        return tuple(
            step
            for step in self.steps
            if step.offer
            and any(source.step == step_id for slot in step.inputs for source in slot.from_steps)
        )
