"""The steps of an experiment project and how each stands: done, stale (an input changed since), ready or blocked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Blocked", "Note", "Stand", "Standing", "Step", "standings"]


class Step(StrEnum):
    """In the order of the work."""

    PARAMETERS = "parameters"
    CANDIDATES = "candidates"
    DESIGN = "design"
    LAB_SHEET = "lab_sheet"
    RESULTS = "results"
    FILTER = "filter"
    MODELS = "models"


class Stand(StrEnum):
    """How a step stands."""

    READY = "ready"
    DONE = "done"
    STALE = "stale"
    BLOCKED = "blocked"


class Blocked(StrEnum):
    """Why a step cannot be taken yet."""

    NO_CANDIDATES = "no_candidates"
    NO_DESIGN = "no_design"
    NO_RESULTS = "no_results"


@dataclass(frozen=True)
class Note:
    """What is remembered of a step that was done: a digest of what it gave, and of what it was made from."""

    output: str
    source: str = ""


@dataclass(frozen=True)
class Standing:
    """How one step stands. `changed` is the step whose output changed since, where it is stale."""

    step: Step
    stand: Stand
    blocked: Blocked | None = None
    changed: Step | None = None


_MADE_FROM: Mapping[Step, Step] = {
    Step.CANDIDATES: Step.PARAMETERS,
    Step.DESIGN: Step.CANDIDATES,
    Step.LAB_SHEET: Step.DESIGN,
    Step.FILTER: Step.RESULTS,
    Step.MODELS: Step.FILTER,
}
_NEEDS: Mapping[Step, tuple[Step, Blocked]] = {
    Step.DESIGN: (Step.CANDIDATES, Blocked.NO_CANDIDATES),
    Step.LAB_SHEET: (Step.DESIGN, Blocked.NO_DESIGN),
    Step.FILTER: (Step.RESULTS, Blocked.NO_RESULTS),
    Step.MODELS: (Step.RESULTS, Blocked.NO_RESULTS),
}


def standings(notes: Mapping[Step, Note]) -> tuple[Standing, ...]:
    """How every step stands, in order. A step made from nothing that is known (a file of the user's own) is never stale."""
    found: list[Standing] = []
    for step in Step:
        note, needed, parent = notes.get(step), _NEEDS.get(step), _MADE_FROM.get(step)
        if note is None:
            missing = needed is not None and needed[0] not in notes
            found.append(
                Standing(step, Stand.BLOCKED, needed[1])
                if missing and needed is not None
                else Standing(step, Stand.READY)
            )
        elif note.source and parent is not None and parent in notes and notes[parent].output != note.source:
            found.append(Standing(step, Stand.STALE, changed=parent))
        else:
            found.append(Standing(step, Stand.DONE))
    return tuple(found)
