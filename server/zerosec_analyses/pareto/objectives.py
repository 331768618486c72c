"""What is wanted of which column, and the numbers that are compared: losses, of which less is always better."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from zerosec_analyses.pareto.spec import ObjectiveParameters
from zerosec_analyses.sdk import InputError, Said, say

FloatArray = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
BoolArray = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

FEWEST, MOST = 2, 8
PREDICTED = "predicted "
_RANGE = re.compile(r"^\s*(?P<low>[^.\s](?:.*?[^.])??)\s*\.\.\s*(?P<high>.+?)\s*$")


class Goal(StrEnum):
    """What is wanted of an objective."""

    MINIMISE = "minimise"
    MAXIMISE = "maximise"
    TARGET = "target"


GOALS = {
    Goal.MINIMISE: say("minimise"),
    Goal.MAXIMISE: say("maximise"),
    Goal.TARGET: say("bring to a value"),
}


@dataclass(frozen=True)
class Objective:
    """One objective: the user's name for it, the column of the table, and what is wanted."""

    name: str
    column: str
    goal: Goal
    wanted: float = 0.0
    weight: float = 1.0
    low: float | None = None
    high: float | None = None
    reference: float | None = None

    def loss(self, values: FloatArray) -> FloatArray:
        """What is compared: the value, its negative, or its distance to the wanted value. Less is better."""
        if self.goal is Goal.MINIMISE:
            return values
        return -values if self.goal is Goal.MAXIMISE else np.abs(values - self.wanted)

    def value_of(self, loss: float) -> float:
        """A loss as the user knows it: a value, or of a target the distance to it."""
        return -loss if self.goal is Goal.MAXIMISE else loss

    @property
    def told(self) -> Said:
        """In words."""
        if self.goal is Goal.TARGET:
            return say("{column} near {value:.6g}", column=self.column, value=self.wanted)
        if self.goal is Goal.MAXIMISE:
            return say("maximise {column}", column=self.column)
        return say("minimise {column}", column=self.column)


def losses(objectives: Sequence[Objective], values: FloatArray) -> FloatArray:
    """Rows x objectives of losses, from rows x objectives of values."""
    return np.column_stack([one.loss(values[:, at]) for at, one in enumerate(objectives)])


def read_objectives(params: ObjectiveParameters, columns: Sequence[str]) -> tuple[Objective, ...]:
    """The objectives of the form over the columns of a table. Raises InputError.

    A name that is no column stands for its prediction where there is one: y for “predicted y”.
    """
    asked = [
        *((name, Goal.MINIMISE, 0.0) for name in params.minimise),
        *((name, Goal.MAXIMISE, 0.0) for name in params.maximise),
        *((name, Goal.TARGET, value) for name, value in params.wanted.items()),
    ]
    if not FEWEST <= len(asked) <= MOST:
        raise InputError(
            say("There are {count} objectives; from {fewest} to {most} are possible.", one="There is 1 objective; from {fewest} to {most} are possible.", count=len(asked), fewest=FEWEST, most=MOST),
            hint="Name the columns to minimise, to maximise, or to bring to a value.",
        )  # fmt: skip
    found: dict[str, Objective] = {}
    for name, goal, wanted in asked:
        column = _column(name, columns)
        if column in found:
            raise InputError(
                say("“{column}” is an objective twice.", column=column), hint="Keep one of them."
            )
        low, high = _range(name, params.desirability[name], goal, wanted) if name in params.desirability else (None, None)  # fmt: skip
        weight = params.weights.get(name, 1.0)
        if not weight > 0:
            raise InputError(
                say("The weight of “{column}” must be above zero.", column=name),
                hint="Leave an objective out that does not count.",
            )
        found[column] = Objective(name, column, goal, wanted, weight, low, high, params.reference.get(name))
    known = {one.name for one in found.values()}
    for given in (params.weights, params.desirability, params.reference):
        strange = [name for name in given if name not in known]
        if strange:
            raise InputError(
                say("“{column}” is no objective.", column=strange[0]),
                say("The objectives: {names}.", names=", ".join(known)),
            )
    return tuple(found.values())


def has_prediction_beside(one: Objective, columns: Sequence[str]) -> bool:
    """Whether the table holds the objective itself, such as what was measured, and its prediction too: an interval is the prediction's."""
    return f"{PREDICTED}{one.column}" in columns


def _column(name: str, columns: Sequence[str]) -> str:
    for candidate in (name, f"{PREDICTED}{name}"):
        if candidate in columns:
            return candidate
    raise InputError(
        say("The table has no column “{column}”.", column=name),
        say("Its columns: {names}.", names=", ".join(columns[:60])),
    )


def _range(name: str, text: str, goal: Goal, wanted: float) -> tuple[float, float]:
    found = _RANGE.match(text)
    try:
        low, high = (float(found["low"]), float(found["high"])) if found else (1.0, 0.0)
    except ValueError:
        low, high = 1.0, 0.0
    if not (np.isfinite([low, high]).all() and low < high):
        raise InputError(
            say(
                "The desirability range of “{column}” cannot be read: “{text}”.", column=name, text=text[:60]
            ),
            hint="Write the lower and the higher value, such as 10..25.",
        )
    if goal is Goal.TARGET and not low < wanted < high:
        raise InputError(
            say("The wanted value of “{column}”, {value:.6g}, is not between the ends of its desirability range.", column=name, value=wanted)
        )  # fmt: skip
    return low, high
