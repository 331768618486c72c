"""The settings that can be made: factors with ranges or levels, from the form, a parameter sheet, a profile or the model's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
import polars as pl

from zerosec_analyses.levels import Variable
from zerosec_analyses.modelling.model_file import ModelHead, SavedFeature
from zerosec_analyses.optimal_design.factors import FactorKind
from zerosec_analyses.optimal_design.ranges import described_factors
from zerosec_analyses.pareto.objectives import FloatArray
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.formulas import folded
from zerosec_shared.profiles import OneHotGroup, Profile, ProfileColumn

Value = float | str
MOST_LEVELS = 100_001


@dataclass(frozen=True)
class Axis:
    """One factor: a range (``levels`` empty), or levels, each with a value for every of its columns."""

    columns: tuple[str, ...]
    levels: tuple[tuple[Value, ...], ...] = ()
    low: float = 0.0
    high: float = 0.0

    @property
    def is_range(self) -> bool:
        """Whether any value between the ends is possible."""
        return not self.levels


@dataclass(frozen=True)
class Space:
    """All factors. A setting is a point of the unit cube; levels are its cells."""

    axes: tuple[Axis, ...]

    @property
    def size(self) -> int | None:
        """How many settings there are; None where a range has no step."""
        return (
            None if any(axis.is_range for axis in self.axes) else prod(len(axis.levels) for axis in self.axes)
        )

    def snapped(self, unit: FloatArray) -> FloatArray:
        """The middle of the cell each coordinate lies in, so that equal settings are equal points."""
        made = np.clip(unit, 0.0, 1.0)
        for at, axis in enumerate(self.axes):
            if axis.levels:
                made[:, at] = (self._cell(axis, made[:, at]) + 0.5) / len(axis.levels)
        return made

    def every_point(self) -> FloatArray:
        """All settings of a space of levels."""
        cells = [(np.arange(len(axis.levels)) + 0.5) / len(axis.levels) for axis in self.axes]
        return np.stack(np.meshgrid(*cells, indexing="ij"), axis=-1).reshape(-1, len(self.axes))

    def frame(self, unit: FloatArray) -> pl.DataFrame:
        """The settings of points, a column each."""
        made: dict[str, pl.Series] = {}
        for at, axis in enumerate(self.axes):
            if axis.is_range:
                values = axis.low + (axis.high - axis.low) * unit[:, at]
                made[axis.columns[0]] = pl.Series(axis.columns[0], values)
                continue
            cell = self._cell(axis, unit[:, at])
            for place, name in enumerate(axis.columns):
                made[name] = pl.Series(name, [axis.levels[one][place] for one in cell.tolist()], strict=False)
        return pl.DataFrame(list(made.values()))

    @staticmethod
    def _cell(axis: Axis, unit: FloatArray) -> np.ndarray:
        return np.minimum((unit * len(axis.levels)).astype(np.int64), len(axis.levels) - 1)


def space_of(
    head: ModelHead, factors: Mapping[str, str], sheet: tuple[Variable, ...], profile: Profile | None
) -> Space:
    """What may be set, for every column of the model. Raises InputError.

    For each, the first that says something counts: the form, the parameter sheet, the profile, the model's own data.
    """
    features = {feature.name: feature for feature in head.features}
    for name in factors:
        if name not in features and (profile is None or profile.known_as(name) is None):
            raise InputError(
                say("The model has no column “{column}”.", column=name),
                say("Its columns: {names}.", names=", ".join(features)),
            )
    written = {folded(variable.name): variable for variable in sheet}
    axes: list[Axis] = []
    done: set[str] = set()
    for name, feature in features.items():
        if name in done:
            continue
        axis = (
            _described(name, factors[name], feature) if name in factors
            else _of_sheet(name, written[folded(name)]) if folded(name) in written
            else _of_group(name, features, profile) or _of_profile(name, feature, profile) or _of_model(feature)
        )  # fmt: skip
        axes.append(axis)
        done |= set(axis.columns)
    axes += [_described(name, factors[name], None) for name in factors if name not in done]
    return Space(tuple(axes))


def _described(name: str, text: str, feature: SavedFeature | None) -> Axis:
    is_category = feature is not None and bool(feature.levels)
    if ".." not in text and "|" not in text:
        return _fixed(name, text.strip(), is_category)
    (factor,) = described_factors({name: text}, (name,) if is_category else ())
    if factor.kind is FactorKind.CONTINUOUS:
        return Axis((name,), low=factor.low, high=factor.high)
    return Axis((name,), tuple((level,) for level in factor.levels))


def _fixed(name: str, text: str, is_category: bool) -> Axis:
    if is_category:
        return Axis((name,), ((text,),))
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(
            say("{factor}: “{text}” is neither a range nor levels.", factor=name, text=text[:60]),
            hint="Write a range such as -1..1 or 10..50 step 5, levels such as 10|20|50, or one number.",
        )
    return Axis((name,), ((value,),))


def _of_sheet(name: str, variable: Variable) -> Axis:
    if variable.is_range:
        low, high = (float(level) for level in variable.levels)
        return Axis((name,), low=low, high=high)
    return Axis(
        (name,), tuple((level if isinstance(level, str) else float(level),) for level in variable.levels)
    )


def _of_group(name: str, features: Mapping[str, SavedFeature], profile: Profile | None) -> Axis | None:
    """The choice that a column of 0 and 1 belongs to, where the model has all its columns."""
    groups: tuple[OneHotGroup, ...] = () if profile is None else profile.one_hot
    group = next((one for one in groups if name in one.members and set(one.members) <= features.keys()), None)
    if group is None:
        return None
    return Axis(
        group.members,
        tuple(tuple(1.0 if member == one else 0.0 for member in group.members) for one in group.members),
    )


def _of_profile(name: str, feature: SavedFeature, profile: Profile | None) -> Axis | None:
    known = None if profile is None else profile.known_as(name)
    if not isinstance(known, ProfileColumn):
        return None
    if known.values:
        texts = bool(feature.levels)
        return Axis((name,), tuple((str(value) if texts else float(value),) for value in known.values))
    if known.minimum is None or known.maximum is None or feature.levels:
        return None
    low, high = float(known.minimum), float(known.maximum)
    if known.step is None:
        return Axis((name,), low=low, high=high) if low < high else Axis((name,), ((low,),))
    count = int(np.floor((high - low) / known.step + 1e-9)) + 1
    if count > MOST_LEVELS:
        return Axis((name,), low=low, high=high)
    return Axis((name,), tuple((float(f"{low + at * known.step:.12g}"),) for at in range(count)))


def _of_model(feature: SavedFeature) -> Axis:
    if feature.levels:
        return Axis((feature.name,), tuple((level,) for level in feature.met or feature.levels))
    if feature.minimum is None or feature.maximum is None:
        raise InputError(
            say("The model does not say which values “{column}” may have.", column=feature.name),
            hint="Give its range or levels among the factors.",
        )
    if feature.minimum == feature.maximum:
        return Axis((feature.name,), ((feature.minimum,),))
    return Axis((feature.name,), low=feature.minimum, high=feature.maximum)
