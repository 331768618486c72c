"""What the form of an analysis begins with when chosen experiments are its data: the profile's settings, never an answer. Pure."""

import re
from collections.abc import Mapping

from zerosec_shared.contract import JsonValue
from zerosec_shared.profiles import ColumnRole, Profile, ValueKind
from zerosec_shared.selections import ColumnFigures, QueryAnswer

__all__ = ["first_parameters", "settings_of_new_experiments", "settings_that_vary"]

SETTINGS = frozenset(
    {ColumnRole.FACTOR, ColumnRole.CATEGORICAL, ColumnRole.ONE_HOT, ColumnRole.CONDITION, ColumnRole.BLOCKING}
)
PREDICTING = frozenset({"nonlinear", "classification"})
"""Analyses whose models predict experiments that are still to be made."""
MOST_UNITS = 20
"""So many units of targets the nonlinear analysis takes."""
PLAIN = re.compile(r"[^\W\d]\w*")


def settings_that_vary(profile: Profile, answer: QueryAnswer) -> tuple[str, ...]:
    """Columns that were set and of which the chosen experiments hold more than one value, in the profile's order.

    Derived columns are left out, and the last member of each one-hot group that varies: it follows from the others.
    """
    figures = {one.column: one for one in answer.columns}
    varying = [
        column.name
        for column in profile.columns
        if column.role in SETTINGS and column.formula is None and _varies(figures.get(column.name))
    ]
    for group in profile.one_hot:
        members = [name for name in varying if name in group.members]
        if members:
            varying.remove(members[-1])
    return tuple(varying)


def settings_of_new_experiments(profile: Profile, answer: QueryAnswer) -> tuple[str, ...]:
    """Columns that a new experiment is set to and of which the chosen ones hold a value, in the profile's order.

    Those of one value are among them: the model keeps it, and says so where rows to predict have another. Neither answers nor
    numbers of experiments are, nor days and blocks: a new experiment has none of them yet.
    """
    held = {one.column for one in answer.columns if one.values}
    return tuple(
        column.name
        for column in profile.columns
        if column.role in SETTINGS - {ColumnRole.BLOCKING}
        and column.kind is not ValueKind.DATE
        and column.formula is None
        and column.name in held
    )


def _varies(figures: ColumnFigures | None) -> bool:
    if figures is None:
        return False
    if figures.levels:
        return len(figures.levels) > 1
    if sum(1 for count in figures.bins if count) > 1:
        return True
    # All in one bin of a histogram over all experiments: perhaps one value, perhaps several that are close.
    return len(figures.bins) > 1 and sum(figures.bins) > 1 and not _few_values(figures)


def _few_values(figures: ColumnFigures) -> bool:
    """Settings are set to few levels: most bins of all experiments are empty then, and one bin is one level."""
    return sum(1 for count in figures.all_bins if count) <= len(figures.all_bins) // 2


def first_parameters(profile: Profile, analysis: str, answer: QueryAnswer) -> Mapping[str, JsonValue]:
    """The profile's defaults for an analysis, and what its target is explained by: what was set, never another response."""
    found = dict(profile.defaults.get(analysis, {}))
    if analysis == "linear" and "terms" not in found:
        terms = [
            name if PLAIN.fullmatch(name) else f"`{name}`" for name in settings_that_vary(profile, answer)
        ]
        if terms and not any("`" in name.strip("`") for name in terms):
            found["terms"] = " + ".join(terms)
    if analysis in PREDICTING and "features" not in found:
        features = settings_of_new_experiments(profile, answer)
        if features:
            found["features"] = list(features)
    if analysis == "nonlinear" and "target_units" not in found:
        units = {
            one.name: one.unit for one in profile.columns if one.role is ColumnRole.RESPONSE and one.unit
        }
        found["target_units"] = dict(list(units.items())[:MOST_UNITS])
    return found
