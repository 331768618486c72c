"""A design without a list: the written variables under the profile's names, and its rules as conditions on them. Pure.

A list of candidates leaves out what the profile forbids; without one the search must be told. Nothing is left aside in silence:
a condition of the user's that cannot be put is refused with the column it lacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from zerosec_desktop.resources.language import translate
from zerosec_desktop.screens.experiments.profile_editor.renaming import substituted
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_number
from zerosec_shared.formulas import Formula, FormulaError, evaluate, parse, quoted
from zerosec_shared.profiles import OneHotGroup, Profile
from zerosec_shared.texts import translated

__all__ = ["PlanError", "Planned", "conditions", "planned"]


class PlanError(Exception):
    """The variables cannot be planned with. `title` and `detail` say why, in the user's words."""

    def __init__(self, title: str, detail: str = "") -> None:
        super().__init__(title)
        self.title, self.detail = title, detail


@dataclass(frozen=True)
class Planned:
    """What varies and what has one level, under the profile's names; choices are one factor of their members."""

    factors: dict[str, str]
    fixed: dict[str, str]


def planned(profile: Profile, factors: Mapping[str, str], fixed: Mapping[str, str]) -> Planned:
    """The variables by the profile. A choice that is not among them stands for all its members where the profile says so.

    Raises PlanError for a code that no member has.
    """
    written = {**factors, **fixed}
    given: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    for name, text in written.items():
        known = profile.known_as(name)
        if isinstance(known, OneHotGroup):
            chosen[known.name] = [_member(known, level) for level in text.split("|")]
            continue
        column = name if known is None else known.name
        group = next((group for group in profile.one_hot if column in group.members), None)
        if group is None:
            given[column] = text
        elif "1" in text.split("|"):
            chosen.setdefault(group.name, []).append(column)
    for group in profile.one_hot:
        if group.when_absent == "all" and group.name not in chosen:
            chosen[group.name] = list(group.members)
    given |= {name: "|".join(dict.fromkeys(members)) for name, members in chosen.items()}
    varied = {name: text for name, text in given.items() if "|" in text or ".." in text}
    return Planned(varied, {name: text for name, text in given.items() if name not in varied})


def _member(group: OneHotGroup, level: str) -> str:
    member = group.member_of(level.strip())
    if member is None:
        raise PlanError(
            translate("Experiments", "{level} is no {choice}.").format(level=level, choice=group.name),
            translate("Experiments", "Known are {members}.").format(
                members=", ".join([*group.codes, *group.members])
            ),
        )
    return member


def conditions(
    profile: Profile, plan: Planned, given: Mapping[str, str], keep: str = "", forbidden: str = ""
) -> tuple[str, ...]:
    """What every run fulfils, over the factors alone: the profile's rules, and the user's own conditions, one a line.

    A rule counts where all its columns are known. Raises PlanError for a condition of the user's that names an unknown column or
    cannot be read, and for one that can never hold.
    """
    constants = {**_by_name(profile, given), **plan.fixed}
    known = _Known(profile, plan, constants)
    found = []
    for rule, formula in profile.conditions:
        texts = known.replacements(formula)
        if texts is not None:
            found.append(_put(substituted(rule.formula, texts), rule.formula))
    own = [(line, "{}") for line in keep.splitlines()]
    own += [(line, "not ({})") for line in forbidden.splitlines()]
    for line, shape in own:
        if not line.strip():
            continue
        try:
            formula = parse(line.strip()).bound(known.names)
        except FormulaError as error:
            raise PlanError(
                translate("Experiments", "The condition {condition} cannot be used.").format(
                    condition=line.strip()
                ),
                translated(error.text),
            ) from error
        texts = known.replacements(formula)
        assert texts is not None
        found.append(_put(shape.format(substituted(line.strip(), known.texts)), line.strip()))
    return tuple(condition for condition in found if condition)


def _by_name(profile: Profile, given: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, text in given.items():
        known = profile.known_as(name)
        if known is not None:
            found[known.name] = text
    return found


def _put(condition: str, written: str) -> str:
    """The condition; empty where it holds in any case. Raises PlanError where it never does."""
    formula = parse(condition)
    if formula.columns:
        return " ".join(condition.split())
    try:
        holds = evaluate(formula, {})
    except FormulaError as error:
        raise PlanError(
            translate("Experiments", "The condition {condition} cannot be used.").format(condition=written),
            translated(error.text),
        ) from error
    if not holds:
        raise PlanError(
            translate("Experiments", "No run can be made: {condition} is never fulfilled.").format(
                condition=written
            ),
            translate(
                "Experiments", "Look at the variables with one level, and at the values of the series."
            ),
        )
    return ""


class _Known:
    """What stands for each column in a condition over the factors."""

    def __init__(self, profile: Profile, plan: Planned, constants: Mapping[str, str]) -> None:
        self.texts = {name: quoted(name) for name in plan.factors}
        self.texts |= {name: _literal(text) for name, text in constants.items() if name not in self.texts}
        for group in profile.one_hot:
            if group.name in plan.factors:
                for member in group.members:
                    self.texts[member] = f"if({quoted(group.name)} == {_text(member)}, 1, 0)"
            elif group.name in plan.fixed:
                for member in group.members:
                    self.texts[member] = "1" if plan.fixed[group.name] == member else "0"
        for name, formula in profile.derived.items():
            texts = self.replacements(formula)
            written = profile[name].formula
            if texts is not None and written is not None:
                self.texts[name] = f"({substituted(written, texts)})"
        for column in profile.columns:
            if column.name in self.texts:
                self.texts |= dict.fromkeys(column.aliases, self.texts[column.name])

    @property
    def names(self) -> list[str]:
        """All that a condition may name."""
        return list(self.texts)

    def replacements(self, formula: Formula) -> dict[str, str] | None:
        """By column; None where one is not known."""
        if not all(name in self.texts for name in formula.columns):
            return None
        return {name: self.texts[name] for name in formula.columns}


def _literal(text: str) -> str:
    try:
        value = exact_text(parse_number(text))
    except NumberTextError:
        return _text(text)
    return f"({value})" if value.startswith("-") else value


def _text(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'
