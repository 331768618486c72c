"""Variables as they are written into the form, a line each: what they mean for the analyses, and what is wrong with them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from zerosec_desktop.resources.language import translate
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_number
from zerosec_shared.profiles import ColumnRole, Profile, ProfileColumn

__all__ = [
    "CELLS",
    "ParameterRow",
    "RowProblem",
    "factors_of",
    "problems_of",
    "rows_of_profile",
    "variables_of",
]

CELLS = ("name", "minimum", "maximum", "levels")
MOST_LEVELS = 200
_SEPARATORS = re.compile(r"[,;、，；]")


@dataclass(frozen=True)
class ParameterRow:
    """One variable as texts. `levels` is a step where min and max are given, or a list."""

    name: str = ""
    minimum: str = ""
    maximum: str = ""
    levels: str = ""

    @property
    def used(self) -> bool:
        """Whether it says anything beside its name."""
        return any(text.strip() for text in (self.minimum, self.maximum, self.levels))

    @property
    def listed(self) -> tuple[str, ...]:
        """The levels where they are a list."""
        text = normalize("NFKC", self.levels).strip()
        if not text or (self.minimum.strip() and self.maximum.strip() and not _SEPARATORS.search(text)):
            return ()
        return tuple(part.strip() for part in _SEPARATORS.split(text) if part.strip())


@dataclass(frozen=True)
class RowProblem:
    """What is wrong, and in which cell of which row."""

    row: int
    cell: str
    text: str


def rows_of_profile(profile: Profile) -> tuple[ParameterRow, ...]:
    """The variables a profile knows, with the ranges it gives; those without are left to be filled in or empty."""
    found = [_row_of(column) for column in profile.with_role(ColumnRole.FACTOR, ColumnRole.CATEGORICAL)]
    found += [ParameterRow(group.name, levels=", ".join(group.members)) for group in profile.one_hot]
    conditions = profile.with_role(ColumnRole.CONDITION)
    found += [ParameterRow(column.name) for column in conditions if column.formula is None]
    return tuple(found) or (ParameterRow(),)


def _row_of(column: ProfileColumn) -> ParameterRow:
    if column.values:
        return ParameterRow(column.name, levels=", ".join(_written(value) for value in column.values))
    if column.minimum is None or column.maximum is None:
        return ParameterRow(column.name)
    step = "" if column.step is None else _written(column.step)
    return ParameterRow(column.name, _written(column.minimum), _written(column.maximum), step)


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else exact_text(value)


def problems_of(rows: Sequence[ParameterRow]) -> tuple[RowProblem, ...]:
    """What keeps the rows from being used, first things first; rows that say nothing are left out of account."""
    found: list[RowProblem] = []
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        if not row.used:
            continue
        name = normalize("NFKC", row.name).strip()
        if not name:
            found.append(RowProblem(place, "name", translate("Experiments", "A variable has no name.")))
        elif name.casefold() in seen:
            text = translate("Experiments", "{name} stands twice.").format(name=name)
            found.append(RowProblem(place, "name", text))
        seen[name.casefold()] = place
        problem = _problem(row)
        if problem is not None:
            cell, text = problem
            found.append(RowProblem(place, cell, f"{name}: {text}" if name else text))
    return tuple(found)


def _problem(row: ParameterRow) -> tuple[str, str] | None:
    low, high = row.minimum.strip(), row.maximum.strip()
    for cell, text in (("minimum", low), ("maximum", high)):
        if text and _number(text) is None:
            return cell, translate("Experiments", "“{text}” is not a number.").format(text=text[:40])
    if bool(low) != bool(high):
        return (
            ("maximum", translate("Experiments", "the maximum is missing."))
            if low
            else ("minimum", translate("Experiments", "the minimum is missing."))
        )
    if not low:
        if len(set(row.listed)) < len(row.listed):
            return "levels", translate("Experiments", "a level stands twice.")
        return None
    least, most = _number(low), _number(high)
    assert least is not None
    assert most is not None
    if least > most:
        return "minimum", translate("Experiments", "the minimum {low} is above the maximum {high}.").format(
            low=low, high=high
        )
    return _step_problem(row, least, most)


def _step_problem(row: ParameterRow, least: float, most: float) -> tuple[str, str] | None:
    if row.listed:
        for level in row.listed:
            value = _number(level)
            if value is None:
                return "levels", translate("Experiments", "“{text}” is not a number.").format(text=level[:40])
            if not least <= value <= most:
                text = translate("Experiments", "the level {level} is not between {low} and {high}.")
                return "levels", text.format(level=level, low=row.minimum.strip(), high=row.maximum.strip())
        return None
    text = row.levels.strip()
    if not text:
        if least == most:
            return None
        return "levels", translate("Experiments", "the step is missing; levels such as 1, 2, 5 will do too.")
    step = _number(text)
    if step is None:
        return "levels", translate("Experiments", "“{text}” is not a number.").format(text=text[:40])
    if step <= 0:
        return "levels", translate("Experiments", "the step is {step}; it must be above zero.").format(
            step=text
        )
    return None


def _number(text: str) -> float | None:
    try:
        return parse_number(text)
    except NumberTextError:
        return None


def variables_of(rows: Sequence[ParameterRow]) -> dict[str, str]:
    """The form of the combination table: name and levels of each variable. The rows have no problem."""
    found = {}
    for row in rows:
        if row.used:
            found[row.name.strip()] = (
                ", ".join(row.listed) if row.listed else _range(row, "{0} to {1} by {2}")
            )
    return found


def _range(row: ParameterRow, shape: str) -> str:
    low, high = exact_text(parse_number(row.minimum)), exact_text(parse_number(row.maximum))
    if low == high:
        return low
    return shape.format(low, high, exact_text(parse_number(row.levels)))


def factors_of(rows: Sequence[ParameterRow]) -> tuple[dict[str, str], dict[str, str]]:
    """For an optimal design without a list: the factors, and the variables with one level. The rows have no problem."""
    factors: dict[str, str] = {}
    fixed: dict[str, str] = {}
    for row in rows:
        if not row.used:
            continue
        name = row.name.strip()
        if row.listed:
            (factors if len(row.listed) > 1 else fixed)[name] = "|".join(row.listed)
        else:
            text = _range(row, "{0}..{1} step {2}")
            (factors if "step" in text else fixed)[name] = text
    return factors, fixed


def row_texts(rows: Sequence[ParameterRow]) -> tuple[tuple[str, str, str, str], ...]:
    """For the notes."""
    return tuple((row.name, row.minimum, row.maximum, row.levels) for row in rows)


def hints_of(profile: Profile) -> Mapping[str, str]:
    """What a profile allows for its columns, as a word for an empty cell."""
    found = {}
    for column in profile.columns:
        if column.values:
            found[column.name] = ", ".join(_written(value) for value in column.values[:8])
        elif column.minimum is not None and column.maximum is not None:
            found[column.name] = f"{_written(column.minimum)} – {_written(column.maximum)}"
    return found
