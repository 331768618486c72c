"""How an analysis is declared: cheap to import, complete enough for forms, command lines, checks and pages."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticKnownError

from zerosec_analyses.applicable import check_conditions, put_back
from zerosec_analyses.draft import draft_of
from zerosec_analyses.programs import Need, Program
from zerosec_shared.analyses import (
    AnalysisInfo,
    Citation,
    Example,
    FromStep,
    InputSlotInfo,
    SlotKind,
    StepInfo,
)
from zerosec_shared.texts import NO_TEXTS, Texts
from zerosec_shared.translations import with_translations

__all__ = [
    "Analysis",
    "Citation",
    "Example",
    "FromStep",
    "InputSlot",
    "NoParameters",
    "Parameters",
    "SlotKind",
    "Step",
]

InputSlot = InputSlotInfo


def atoms(annotation: object) -> set[object]:
    """The plain types that a field's type is made of: `list[int] | None` of int and None's."""
    parts = get_args(annotation)
    if get_origin(annotation) is Annotated:
        parts = parts[:1]  # what is left are bounds
    return set().union(*(atoms(part) for part in parts)) if parts else {annotation}


def holds_truth(value: object) -> bool:
    """Whether it is true or false, or a list or a mapping with one of them."""
    each = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return isinstance(value, bool) or any(isinstance(one, bool) for one in each)


class Parameters(BaseModel):
    """Base of a step's parameters: frozen, no unknown names, defaults checked.

    Give every field a `title`, a `description` (the help text), bounds, and in `json_schema_extra` what the form needs:
    `{"unit": "mm", "advanced": True, "widget": "column" | "columns" | "formula" | "choice", "slot": "data"}`. A field that applies
    only with certain choices of another says so by `"only_when": {"decision": ["costs"]}`: with any other choice it is its default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: object) -> None:
        """Refuse a condition that could never hold: ValueError."""
        check_conditions(cls)

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_as_number(cls, value: object, info: ValidationInfo) -> object:
        """Refuse true where a number is asked for: it would count as 1."""
        if holds_truth(value):
            asked = atoms(cls.model_fields[str(info.field_name)].annotation)
            if bool not in asked and asked & {int, float}:
                raise PydanticKnownError("float_type" if float in asked else "int_type")
        return value

    @model_validator(mode="after")
    def _what_applies(self) -> Self:
        put_back(self)
        return self


class NoParameters(Parameters):
    """For steps that take none."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One executable part. `method` is "package.module:function", imported only inside the job's process.

    `warm` names the heavy libraries it imports, which a server keeps in memory between jobs where it can.
    `preview`, in the same form, is a function that reads inputs and parameters as far as they are given and quickly says what a
    run would do: see `draft.py`. `finishable` says that the method heeds `ctx.finish_requested`.

    `programs` names the external programs it uses, each a `Program`, or a `Need` of one of several or of one it can do without.
    `in_run_all=False`: *Run all* leaves it out unless the user asks for it. `offer`: see `offered`.
    """

    id: str
    title: str
    method: str
    parameters: type[Parameters] = NoParameters
    inputs: tuple[InputSlot, ...] = ()
    help: str = ""
    warm: tuple[str, ...] = ()
    preview: str = ""
    finishable: bool = False
    programs: tuple[Program | Need, ...] = ()
    in_run_all: bool = True
    offer: str = ""

    def offered(self, offer: str, reads: Mapping[str, FromStep], *, step_id: str) -> "Step":
        """This step as a later one of another analysis: offered in these words (“Predict with this model”) where a result that it reads
        from is shown, after a person has looked at it. `reads` says which inputs come from which step.

        Its sentences are found in the texts of the package that its method is in.
        """
        unknown = set(reads) - {slot.name for slot in self.inputs}
        if unknown:
            raise ValueError(f"step {self.id}: no inputs {sorted(unknown)}")
        inputs = tuple(
            slot.model_copy(update={"from_steps": (reads[slot.name],)}) if slot.name in reads else slot
            for slot in self.inputs
        )
        return replace(self, id=step_id, offer=offer, inputs=inputs, in_run_all=False)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The programs it uses, each as a need."""
        return tuple(
            Need(any_of=(given,)) if isinstance(given, Program) else given for given in self.programs
        )

    def info(self) -> StepInfo:
        """What crosses the wire."""
        return StepInfo(
            id=self.id,
            title=self.title,
            help=self.help,
            parameters_schema=_schema(self.parameters),
            inputs=self.inputs,
            preview=bool(self.preview),
            finishable=self.finishable,
            programs=tuple(need.info() for need in self.needs),
            in_run_all=self.in_run_all,
            offer=self.offer,
        )

    def validate(self, parameters: Mapping[str, JsonValue]) -> Parameters:
        """Check parameters; raises pydantic.ValidationError with the place of each mistake."""
        return self.parameters.model_validate(dict(parameters))

    def draft(self, parameters: Mapping[str, JsonValue]) -> Parameters:
        """The parameters of a form that may not be complete: what is not right yet raises NotYetError when it is read."""
        return draft_of(self.parameters, parameters)


def _schema(parameters: type[Parameters]) -> dict[str, JsonValue]:
    """The JSON schema, every field with its title: pydantic leaves out one that reads like the name of its enum."""
    schema: dict[str, Any] = parameters.model_json_schema()
    for name, declared in parameters.model_fields.items():
        stated = schema.get("properties", {}).get(declared.alias or name)
        if stated is not None and declared.title is not None:
            stated["title"] = declared.title
    return schema


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A declared method. A folder's `spec.py` holds one as `ANALYSIS`."""

    id: str
    version: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    group: str = "Analyses"
    citations: tuple[Citation, ...] = ()
    examples: tuple[Example, ...] = ()
    hidden: bool = False
    texts: Texts = field(default=NO_TEXTS, repr=False, compare=False)
    """Translations: the catalogue takes them from `texts/` of the folder."""

    def __post_init__(self) -> None:
        """Refuse a declaration that could not be served: the wire model is the check."""
        _ = self._untranslated
        names = [step.id for step in self.steps]
        if len(set(names)) != len(names):
            raise ValueError(f"analysis {self.id}: two steps have the same id")
        for step in self.steps:
            for what, place in (("method", step.method), ("preview", step.preview)):
                module, _, function = place.partition(":")
                if (place or what == "method") and not (module and function.isidentifier()):
                    raise ValueError(
                        f"analysis {self.id}, step {step.id}: {what} must read package.module:function"
                    )
            for slot in step.inputs:
                if unknown := {source.step for source in slot.from_steps} - set(names):
                    raise ValueError(
                        f"analysis {self.id}, step {step.id}: no steps {sorted(unknown)} to read from"
                    )
            if step.offer and not any(slot.from_steps for slot in step.inputs):
                raise ValueError(f"analysis {self.id}, step {step.id}: offered, and reads from no other step")
        if all(step.offer for step in self.steps):
            raise ValueError(f"analysis {self.id}: no step to begin with")
        for step in self.steps:
            if step.id in self._upstream(step.id):
                raise ValueError(f"analysis {self.id}: step {step.id} would read what it has made itself")

    def _upstream(self, step_id: str) -> set[str]:
        """All steps whose outputs a step may read, directly or through others."""
        found: set[str] = set()
        waiting = [step_id]
        while waiting:
            read = {source.step for slot in self.step(waiting.pop()).inputs for source in slot.from_steps}
            waiting += read - found
            found |= read
        return found

    def programs(self) -> Iterator[Program]:
        """The external programs of all steps, each once."""
        yield from {
            program.name: program for step in self.steps for need in step.needs for program in need.any_of
        }.values()

    def step(self, step_id: str | None) -> Step:
        """The named step, or the only one a run may begin with; KeyError if there is no such step or no single one."""
        if step_id is None:
            first = [step for step in self.steps if not step.offer]
            if len(first) != 1:
                raise KeyError(f"analysis {self.id} has several steps: name one")
            return first[0]
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def with_texts(self, texts: Texts) -> "Analysis":
        """The same declaration, which has been checked, with translations; they are looked up when somebody asks for its `info`."""
        made = copy.copy(self)
        object.__setattr__(made, "texts", texts)
        vars(made).pop("_info", None)
        return made

    def info(self) -> AnalysisInfo:
        """What crosses the wire, with its translations."""
        return self._info

    @cached_property
    def _info(self) -> AnalysisInfo:
        return with_translations(self._untranslated, self.texts)

    @cached_property
    def _untranslated(self) -> AnalysisInfo:
        return AnalysisInfo(
            id=self.id,
            version=self.version,
            title=self.title,
            summary=self.summary,
            group=self.group,
            steps=tuple(step.info() for step in self.steps),
            citations=self.citations,
            examples=self.examples,
            hidden=self.hidden,
        )
