"""A profile applied to variables: their names, their allowed levels, one-hot groups, rules and derived columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zerosec_analyses.combinations.space import Condition, Factor
from zerosec_analyses.levels import Level, Variable, shown
from zerosec_analyses.sdk import InputError, say
from zerosec_shared.formulas import Formula
from zerosec_shared.profiles import ColumnRole, OneHotGroup, Profile, ProfileColumn, read_cell
from zerosec_shared.profiles.headings import closest
from zerosec_shared.texts import Said

__all__ = ["Applied", "applied"]

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True)
class Applied:
    """Variables under the profile's names and rules. `remarks` say what was changed or is missing."""

    factors: tuple[Factor, ...]
    units: dict[str, str]
    conditions: tuple[Condition, ...]
    derived: tuple[tuple[str, Formula], ...]
    remarks: tuple[Said, ...]


def applied(profile: Profile, variables: Sequence[Variable]) -> Applied:
    """Bring variables under a profile. Raises InputError for levels it does not allow and variables that mean the same."""
    remarks: list[Said] = []
    known: dict[str, Variable] = {}
    order: list[str] = []
    unknown: list[str] = []
    renamed: list[str] = []
    for variable in variables:
        meant = profile.known_as(variable.name)
        name = variable.name if meant is None else meant.name
        if name in known:
            raise InputError(
                say(
                    "{first} and {second} both stand for {column}.",
                    first=known[name].name,
                    second=variable.name,
                    column=name,
                ),
                hint="Keep one of them.",
            )
        if meant is not None and name != variable.name:
            renamed.append(f"{variable.name} → {name}")
        if meant is None:
            _check_unit(profile, variable)
            unknown.append(variable.name)
        if isinstance(meant, ProfileColumn):
            _check_levels(meant, variable)
        known[name] = variable
        order.append(name)
    remarks += [_kept(profile, name, known) for name in unknown]
    if renamed:
        remarks.append(
            say("Variables were taken under the profile's names: {names}.", names=", ".join(renamed))
        )
    groups = _groups(profile, known, order, remarks)
    factors = [
        groups[name] if name in groups else Factor((name,), tuple((level,) for level in known[name].levels))
        for name in order
    ]
    columns = {column for factor in factors for column in factor.columns}
    lacking = [column.name for column in profile.columns if column.required and column.name not in columns]
    if lacking:
        remarks.append(
            say(
                "The profile's {names} are not among the variables: the table will not count as a list of candidates.",
                names=", ".join(lacking),
            )
        )
    return Applied(
        tuple(factors),
        {column.name: column.unit for column in profile.columns},
        tuple(
            Condition(formula, forbids=False, said=say("The profile's rule “{rule}”", rule=rule.formula))
            for rule, formula in profile.conditions
            if set(formula.columns) <= columns
        ),
        tuple(
            (name, formula) for name, formula in profile.derived.items() if set(formula.columns) <= columns
        ),
        tuple(remarks),
    )


def _kept(profile: Profile, name: str, known: Collection[str]) -> Said:
    """What becomes of a variable that the profile does not know, and which of its columns may be meant."""
    columns, groups = profile.columns, profile.one_hot
    every = (*(column.name for column in columns), *(group.name for group in groups))
    free = profile.names_of(each for each in every if each not in known)
    near = closest(name, free, 0.5)
    if near is None:
        return say("The profile does not know the variable {name}; it is kept as it is.", name=name)
    return say(
        "The profile does not know the variable {name}; it is kept as it is. Did you mean {column}?",
        name=name,
        column=near,
    )


def _check_unit(profile: Profile, variable: Variable) -> None:
    other = profile.other_unit(variable.name)
    if other is not None:
        column, unit = other
        raise InputError(
            say(
                "{place}: the levels are in {unit}, and {column} of the profile in {own}.",
                place=variable.place,
                unit=unit,
                column=column.name,
                own=column.unit,
            ),
            hint="Convert the levels, and write the name without a unit.",
        )


def _check_levels(column: ProfileColumn, variable: Variable) -> None:
    if column.formula is not None:
        raise InputError(
            say(
                "{place}: {column} is worked out from other columns and cannot be varied.",
                place=variable.place,
                column=column.name,
            )
        )
    if column.role in {ColumnRole.RESPONSE, ColumnRole.DATE, ColumnRole.RUN_ID}:
        raise InputError(
            say(
                "{place}: {column} is filled in after the experiment and cannot be varied.",
                place=variable.place,
                column=column.name,
            )
        )
    for level in variable.levels:
        _, problem = read_cell(column, level if isinstance(level, str) else float(level))
        if problem is not None:
            raise InputError(say("{place}: {problem}", place=variable.place, problem=problem))


def _groups(
    profile: Profile, known: dict[str, Variable], order: list[str], remarks: list[Said]
) -> dict[str, Factor]:
    """The one-hot groups as factors, by their place in `order`, which is changed to hold each group once."""
    found = {}
    for group in profile.one_hot:
        members = [member for member in group.members if member in known]
        if group.name in known and members:
            raise InputError(
                say(
                    "{group} and {members} both say which {group}.",
                    group=group.name,
                    members=", ".join(members),
                ),
                hint="Keep one or the other.",
            )
        if group.name in known:
            chosen = _by_codes(group, known[group.name])
        elif members:
            chosen = _by_members(group, {member: known[member] for member in members})
            order.insert(order.index(next(name for name in order if name in members)), group.name)
            order[:] = [name for name in order if name not in members]
        elif group.when_absent == "all":
            chosen = list(group.members)
            order.insert(0, group.name)
            remarks.append(
                say(
                    "{group} is not among the variables: all of {members} are meant.",
                    group=group.name,
                    members=", ".join(group.members),
                )
            )
        else:
            continue
        choices: list[tuple[Level, ...]] = [
            tuple(ONE if member == choice else ZERO for member in group.members) for choice in chosen
        ]
        found[group.name] = Factor(group.members, tuple(choices))
    return found


def _by_codes(group: OneHotGroup, variable: Variable) -> list[str]:
    chosen = []
    for level in variable.levels:
        member = group.member_of(shown(level))
        if member is None:
            raise InputError(
                say(
                    "{place}: {level} is no {group}.",
                    place=variable.place,
                    level=shown(level),
                    group=group.name,
                ),
                hint=say("Known are {codes}.", codes=", ".join([*group.codes, *group.members])),
            )
        if member in chosen:
            raise InputError(
                say("{place}: the level {level} stands twice.", place=variable.place, level=member)
            )
        chosen.append(member)
    return chosen


def _by_members(group: OneHotGroup, given: dict[str, Variable]) -> list[str]:
    """Members whose levels hold 1; where one is always 1, that one alone."""
    always = [member for member, variable in given.items() if set(variable.levels) == {ONE}]
    chosen = always or [member for member in group.members if member in given and ONE in given[member].levels]
    if len(always) > 1 or not chosen:
        raise InputError(
            say(
                "Exactly one of {members} is 1 in every combination; these levels leave none.",
                members=", ".join(group.members),
            ),
            hint=say(
                "Leave the columns out for all of them, or write the levels “0, 1” over those that are meant."
            ),
        )
    return chosen
