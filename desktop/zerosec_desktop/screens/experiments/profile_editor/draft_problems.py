"""What is wrong with a draft, each problem with its place, in the user's words. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.profile_editor.draft import (
    NUMERIC,
    ColumnDraft,
    GroupDraft,
    ProfileDraft,
    code_pairs,
    number_of,
)
from zerosec_desktop.screens.experiments.profile_editor.texts_of_lists import split_list
from zerosec_shared.formulas import FormulaError, Kind, check, folded, parse
from zerosec_shared.profiles import ColumnRole, ValueKind
from zerosec_shared.texts import translated

__all__ = ["DraftProblem", "Part", "formula_problem", "problems_of"]

MOST_SIGNS = 200


class Part(StrEnum):
    """The pages of the editor."""

    PROFILE = "profile"
    COLUMNS = "columns"
    GROUPS = "groups"
    RULES = "rules"
    DEFAULTS = "defaults"


@dataclass(frozen=True)
class DraftProblem:
    """What is wrong, and in which field of which line of which page; `row` is -1 for the page as a whole."""

    part: Part
    row: int
    field: str
    text: str


def problems_of(draft: ProfileDraft) -> tuple[DraftProblem, ...]:
    """Everything that keeps the draft from being a profile; empty: `draft.profile()` gives one."""
    found = [*_titles(draft), *_names(draft)]
    for row, column in enumerate(draft.columns):
        found += [DraftProblem(Part.COLUMNS, row, field, text) for field, text in _cells(column)]
        if column.formula.strip() and (wrong := formula_problem(draft, column.formula, column.kind)):
            found.append(DraftProblem(Part.COLUMNS, row, "formula", wrong))
    for row, group in enumerate(draft.groups):
        found += [DraftProblem(Part.GROUPS, row, field, text) for field, text in _group(draft, group)]
    for row, rule in enumerate(draft.rules):
        if wrong := formula_problem(draft, rule.formula, None):
            found.append(DraftProblem(Part.RULES, row, "formula", wrong))
    found += _defaults(draft)
    return tuple(found) or tuple(_whole(draft))


def formula_problem(draft: ProfileDraft, text: str, kind: ValueKind | None) -> str:
    """What is wrong with a formula, and where; empty: nothing. `kind` None: it is a condition."""
    kinds = {
        column.name.strip(): column.kind.formula_kind
        for column in draft.columns
        if column.name.strip() and not column.formula.strip()
    }
    if not text.strip():
        return translate("Experiments", "The formula is empty.")
    try:
        wanted = Kind.TRUTH if kind is None else kind.formula_kind
        check(parse(text.strip()).bound(list(kinds)), kinds, wanted)
    except FormulaError as error:
        return translated(error.text)
    return ""


def _titles(draft: ProfileDraft) -> Iterator[DraftProblem]:
    if not (draft.title_en.strip() or draft.title_ja.strip() or draft.other_titles):
        text = translate("Experiments", "The profile has no title.")
        yield DraftProblem(Part.PROFILE, -1, "title", text)
    if not draft.columns:
        text = translate("Experiments", "The profile has no column.")
        yield DraftProblem(Part.COLUMNS, -1, "", text)
    elif not any(column.identifies for column in draft.columns):
        text = translate(
            "Experiments",
            "No column tells one experiment from another: tick “tells experiments apart” for the settings.",
        )
        yield DraftProblem(Part.COLUMNS, -1, "identifies", text)


def _names(draft: ProfileDraft) -> Iterator[DraftProblem]:
    """Names and other names: given, printable, and each of one column alone."""
    places: list[tuple[Part, int, ColumnDraft | GroupDraft]] = [
        (Part.COLUMNS, row, each) for row, each in enumerate(draft.columns)
    ]
    places += [(Part.GROUPS, row, each) for row, each in enumerate(draft.groups)]
    counts = Counter(
        folded(name) for _, _, each in places for name in (each.name, *split_list(each.aliases)) if name.strip()
    )  # fmt: skip
    for part, row, each in places:
        if not each.name.strip():
            yield DraftProblem(part, row, "name", translate("Experiments", "The name is missing."))
        for field, names in (("name", [each.name.strip()]), ("aliases", split_list(each.aliases))):
            for name in names:
                if counts[folded(name)] > 1:
                    text = translate(
                        "Experiments", "“{name}” stands more than once among the names and other names."
                    )
                    yield DraftProblem(part, row, field, text.format(name=name))
                    break
                if len(name) > MOST_SIGNS or not name.isprintable():
                    text = translate(
                        "Experiments", "“{name}” is too long, or holds signs that cannot be seen."
                    )
                    yield DraftProblem(part, row, field, text.format(name=name[:40]))
                    break


def _cells(column: ColumnDraft) -> Iterator[tuple[str, str]]:
    no_number = translate("Experiments", "“{text}” is not a number.")
    ends = {"minimum": column.minimum, "maximum": column.maximum, "step": column.step}
    numbers = {field: number_of(text) for field, text in ends.items() if text.strip()}
    for field, value in numbers.items():
        if value is None:
            yield field, no_number.format(text=ends[field].strip()[:40])
    low, high, step = (numbers.get(field) for field in ends)
    if low is not None and high is not None and low > high:
        text = translate("Experiments", "the minimum {low} is above the maximum {high}.")
        yield "minimum", text.format(low=column.minimum.strip(), high=column.maximum.strip())
    if step is not None and step <= 0:
        text = translate("Experiments", "the step is {step}; it must be above zero.")
        yield "step", text.format(step=column.step.strip())
    values = split_list(column.values)
    if values and numbers:
        yield "values", translate("Experiments", "Give either the allowed values or a range, not both.")
    yield from _values(column, values)
    if len(column.unit.strip()) > 40:
        yield "unit", translate("Experiments", "The unit is longer than 40 signs.")


def _values(column: ColumnDraft, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    numeric = column.kind in NUMERIC
    no_number = translate("Experiments", "“{text}” is not a number.")
    if numeric:
        wrong = [text for text in values if number_of(text) is None]
        if wrong:
            yield "values", no_number.format(text=wrong[0][:40])
        if column.default.strip() and number_of(column.default) is None:
            yield "default", no_number.format(text=column.default.strip()[:40])
    known = [number_of(text) if numeric else text for text in values]
    twice = [
        text
        for text, value in zip(values, known, strict=True)
        if known.count(value) > 1 and value is not None
    ]
    if twice:
        text = translate("Experiments", "The allowed value {value} stands twice.")
        yield "values", text.format(value=twice[0])


def _group(draft: ProfileDraft, group: GroupDraft) -> Iterator[tuple[str, str]]:
    members = split_list(group.members)
    if len(members) < 2:
        yield "members", translate("Experiments", "A choice has at least two columns.")
    roles = {column.name.strip(): column.role for column in draft.columns}
    for member in members:
        if roles.get(member) is not ColumnRole.ONE_HOT:
            text = translate("Experiments", "{member} is no column of the role “one-hot column”.")
            yield "members", text.format(member=member)
            break
        if sum(split_list(other.members).count(member) for other in draft.groups) > 1:
            yield "members", translate("Experiments", "{member} stands in two choices.").format(member=member)
            break
    for code, member in code_pairs(group.codes):
        if not code or not member:
            yield "codes", translate("Experiments", "Write a code and its column with = between, as 1 = A11.")
            break
        if member not in members:
            text = translate(
                "Experiments", "The code {code} stands for {member}, which is none of the columns."
            )
            yield "codes", text.format(code=code, member=member)
            break


def _defaults(draft: ProfileDraft) -> Iterator[DraftProblem]:
    seen: set[tuple[str, str]] = set()
    for row, each in enumerate(draft.defaults):
        place = (each.analysis.strip(), each.parameter.strip())
        if not all(place) or not each.value.strip():
            text = translate("Experiments", "Choose an analysis and a parameter, and give its value.")
            yield DraftProblem(Part.DEFAULTS, row, "value", text)
        elif place in seen:
            text = translate("Experiments", "{parameter} stands twice.").format(parameter=place[1])
            yield DraftProblem(Part.DEFAULTS, row, "parameter", text)
        seen.add(place)


def _whole(draft: ProfileDraft) -> Iterator[DraftProblem]:
    """One-hot columns that stand in no choice; and what only the profile itself knows to be wrong."""
    members = {member for group in draft.groups for member in split_list(group.members)}
    for row, column in enumerate(draft.columns):
        if column.role is ColumnRole.ONE_HOT and column.name.strip() not in members:
            text = translate(
                "Experiments", "{name} is a one-hot column of no choice: name it under “Choices as 0 and 1”."
            )
            yield DraftProblem(Part.COLUMNS, row, "role", text.format(name=column.name.strip()))
            return
    try:
        draft.profile()
    except ValidationError as error:
        yield DraftProblem(Part.PROFILE, -1, "", error.errors()[0]["msg"].removeprefix("Value error, "))
    except ValueError as error:
        yield DraftProblem(Part.PROFILE, -1, "", str(error))
