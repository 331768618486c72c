"""Says whether a table is a list of candidates, a table of results, or neither by a profile, and exactly why.

Guards against the silent mistake: a column taken for another, a missing one taken for zero. Order of columns is of no
matter. The preview and the server use this same function.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from zerosec_shared.formulas import folded
from zerosec_shared.profiles.as_meant import measured
from zerosec_shared.profiles.facts import ColumnFacts, holds
from zerosec_shared.profiles.headings import closest, same_unit
from zerosec_shared.profiles.infer import ROLE_WORDS, infer_profile
from zerosec_shared.profiles.model import ColumnRole, OneHotGroup, Profile, ProfileColumn, ValueKind
from zerosec_shared.profiles.value_remarks import listed, other_unit, shown, value_remarks
from zerosec_shared.texts import Said, joined, say

__all__ = ["Match", "Recognition", "TablePurpose", "recognise"]

ALIKE_MISSING, ALIKE_UNUSED = 0.5, 0.75
"""How much a heading must be like a column's name to be offered for one that is missing; for one that is not needed."""


class TablePurpose(StrEnum):
    """What a table is."""

    CANDIDATES = "candidates"
    RESULTS = "results"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Match:
    """A table's heading and the profile's column (or one-hot group) it stands for."""

    header: str
    column: str
    by: Literal["name", "alias", "codes"]


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a table is by a profile. `profile` is the one used: an inferred one where the given one has no columns.

    `missing` are required columns the table lacks, `absent` all others it lacks, `extra` headings of no column.
    `reasons` say why it is neither; `remarks` what the user should know in any case.
    """

    purpose: TablePurpose
    profile: Profile
    matches: tuple[Match, ...]
    missing: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    reasons: tuple[Said, ...] = ()
    remarks: tuple[Said, ...] = ()

    def header_of(self, column: str) -> str | None:
        """The table's heading for a column of the profile; None if it has none."""
        return next((match.header for match in self.matches if match.column == column), None)


def recognise(profile: Profile, table: Sequence[ColumnFacts]) -> Recognition:
    """Compare a table's columns with a profile's."""
    if not profile.columns:
        profile, roles = infer_profile(table, f"{profile.id}-inferred", profile.title("en"))
        guesses = tuple(
            say(
                "{column} is taken for: {role}. {reason}",
                column=r.column,
                role=ROLE_WORDS[r.role],
                reason=r.reason,
            )
            for r in roles
            if not r.sure
        )
    else:
        guesses = ()
    return _Comparison(profile, table).recognition(guesses)


class _Comparison:
    def __init__(self, profile: Profile, table: Sequence[ColumnFacts]) -> None:
        self.profile, self.table = profile, table
        self.matches: list[Match] = []
        self.extra: list[str] = []
        self.reasons: list[Said] = []
        self.remarks: list[Said] = []
        self.facts: dict[str, ColumnFacts] = {}

    def recognition(self, guesses: tuple[Said, ...]) -> Recognition:
        self.match()
        missing = [
            column.name for column in self.profile.columns if column.required and not self.has(column.name)
        ]
        self.explain_missing(missing)
        self.remark_unused(missing)
        for group in self.profile.one_hot:
            missing += self.group_missing(group)
        if not self.table or max((column.rows for column in self.table), default=0) == 0:
            self.reasons.append(say("The table has no rows."))
        for name, facts in self.facts.items():
            self.check_values(name, facts)
        purpose = self.purpose()
        lacking = {column.name for column in self.profile.columns if not self.has(column.name)} - set(missing)
        members = {
            member for group in self.profile.one_hot if self.has(group.name) for member in group.members
        }
        derived = set(self.profile.derived)
        return Recognition(
            purpose,
            self.profile,
            tuple(self.matches),
            tuple(missing),
            tuple(
                column.name for column in self.profile.columns if column.name in lacking - members - derived
            ),
            tuple(self.extra),
            tuple(self.reasons),
            (*guesses, *self.remarks),
        )

    def has(self, name: str) -> bool:
        return name in self.facts

    def match(self) -> None:
        headers = defaultdict(list)
        for facts in self.table:
            known = self.profile.known_as(facts.name)
            if known is None:
                self.extra.append(facts.name)
                self.check_unit(facts.name)
                continue
            self.remark_unit(facts.name, known)
            headers[known.name].append(facts.name)
            by: Literal["name", "alias", "codes"] = "name" if known.name == facts.name else "alias"
            self.matches.append(
                Match(facts.name, known.name, "codes" if isinstance(known, OneHotGroup) else by)
            )
            self.facts.setdefault(known.name, facts)
        for name, found in headers.items():
            if len(found) > 1:
                self.reasons.append(
                    say(
                        "{headers} all stand for {column}; keep one of them.",
                        headers=listed(found),
                        column=name,
                    )
                )

    def check_unit(self, header: str) -> None:
        """Say why a heading with another unit than the profile's is not taken for its column."""
        other = self.profile.other_unit(header)
        if other is not None:
            column, unit = other
            self.reasons.append(
                say(
                    "{header} is in {unit}, and {column} of the profile in {own}. Convert the values, and write that unit.",
                    header=header,
                    unit=unit,
                    column=column.name,
                    own=column.unit,
                )
            )

    def remark_unit(self, header: str, known: ProfileColumn | OneHotGroup) -> None:
        """Say that the profile knows no unit where a heading has one."""
        if folded(header) in {folded(name) for name in (known.name, *known.aliases)}:
            return
        if isinstance(known, OneHotGroup) or not known.unit:
            self.remarks.append(
                say(
                    "{header} is taken for {column}, for which the profile has no unit.",
                    header=header,
                    column=known.name,
                )
            )

    def explain_missing(self, missing: Sequence[str]) -> None:
        unit_told = {other[0].name for header in self.extra if (other := self.profile.other_unit(header))}
        for name in missing:
            if name in unit_told:
                continue
            aliases = self.profile[name].aliases
            also = listed(aliases[:4])
            text = (
                say("The column {column} is missing (also known as {aliases}).", column=name, aliases=also)
                if also
                else say("The column {column} is missing.", column=name)
            )
            names = self.profile.names_of([name])
            near = [header for header in self.extra if closest(header, names, ALIKE_MISSING)]
            if near:
                meant = say(
                    "Is it {headers}? Then rename it, or add that name to the profile.", headers=listed(near)
                )
                text = joined((text, meant), " ")
            self.reasons.append(text)

    def remark_unused(self, missing: Sequence[str]) -> None:
        """Name what a heading that is not used may have been meant for: its values would be left out unseen."""
        free = [column.name for column in self.profile.columns if not self.has(column.name)]
        names = self.profile.names_of(name for name in free if name not in missing)
        for header in self.extra:
            near = closest(header, names, ALIKE_UNUSED)
            if near is not None and self.profile.other_unit(header) is None:
                self.remarks.append(
                    say(
                        "{header} is not used. If {column} is meant, rename it, or add that name to the profile.",
                        header=header,
                        column=near,
                    )
                )

    def group_missing(self, group: OneHotGroup) -> list[str]:
        """The members a table lacks that should have them; says what is meant where the group is absent altogether."""
        present = [member for member in group.members if self.has(member)]
        if self.has(group.name) and present:
            self.reasons.append(
                say(
                    "{codes} and {members} both say which {group}; keep one or the other.",
                    codes=self.facts[group.name].name,
                    members=listed(present),
                    group=group.name,
                )
            )
            return []
        if present and len(present) < len(group.members):
            lacking = [member for member in group.members if member not in present]
            self.reasons.append(
                say(
                    "{present} are there, but {lacking} are missing: {group} needs all {count} columns.",
                    present=listed(present),
                    lacking=listed(lacking),
                    group=group.name,
                    count=len(group.members),
                )
            )
            return lacking
        if present or self.has(group.name):
            return []
        if self.responses_with_values():
            self.reasons.append(
                say(
                    "Results must say which {group} was used: the column {group}, or {members}.",
                    group=group.name,
                    members=listed(group.members),
                )
            )
            return [group.name]
        if group.when_absent == "refuse":
            self.reasons.append(
                say(
                    "{group} is missing: as one column, or as {members}.",
                    group=group.name,
                    members=listed(group.members),
                )
            )
            return [group.name]
        self.remarks.append(
            say(
                "There is no column {group}: all of {members} are meant.",
                group=group.name,
                members=listed(group.members),
            )
        )
        return []

    def responses_with_values(self) -> list[str]:
        return [
            column.name
            for column in self.profile.with_role(ColumnRole.RESPONSE)
            if self.has(column.name) and self.facts[column.name].missing < self.facts[column.name].rows
        ]

    def check_values(self, name: str, facts: ColumnFacts) -> None:
        if facts.kind is None:
            return
        group = next((each for each in self.profile.one_hot if each.name == name), None)
        if group is not None:
            self.check_codes(group, facts)
            return
        column = self.profile[name]
        numeric = column.kind in {ValueKind.NUMBER, ValueKind.INTEGER}
        if numeric and facts.kind not in {ValueKind.NUMBER, ValueKind.INTEGER}:
            if facts.numbers and facts.not_number and self.responses_with_values():
                self.remark_left_out(facts.not_number)
                return
            number = measured(facts.with_unit)
            if number is not None and not (column.unit and same_unit(column.unit, number.unit)):
                self.reasons.append(other_unit(column, facts.with_unit, number.unit))
                return
            self.reasons.append(
                say(
                    "{header} holds text or dates where numbers are needed: {where}.",
                    header=facts.name,
                    where=facts.not_number,
                )
                if facts.not_number
                else say("{header} holds text or dates where numbers are needed.", header=facts.name)
            )
            return
        if column.role is ColumnRole.ONE_HOT and not holds(facts, values=(0, 1)):
            odd = [shown(value) for value in facts.values if value not in {0, 1}]
            if 0 < len(odd) < len(facts.values) and self.responses_with_values():
                self.remark_left_out(say("{header} holds {values}", header=facts.name, values=listed(odd)))
                return
            self.reasons.append(say("{header} holds other values than 0 and 1.", header=facts.name))
            return
        self.remarks += value_remarks(column, facts)

    def remark_left_out(self, where: str) -> None:
        """Of results one bad cell, such as a line of totals below the table, costs its row and not the file."""
        self.remarks.append(say("{where}: such rows are not taken.", where=where))

    def check_codes(self, group: OneHotGroup, facts: ColumnFacts) -> None:
        """Whether a column of codes holds known ones alone."""
        codes = listed([*group.codes, *group.members])
        unknown = [shown(value) for value in facts.values if group.member_of(value) is None]
        if 0 < len(unknown) < len(facts.values) and self.responses_with_values():
            self.remark_left_out(say("{header} holds {values}", header=facts.name, values=listed(unknown)))
        elif unknown:
            self.reasons.append(
                say(
                    "{header} holds {values}; known are {codes}.",
                    header=facts.name,
                    values=listed(unknown),
                    codes=codes,
                )
            )
        elif not facts.values:
            self.reasons.append(
                say(
                    "{header} holds {count} different values; known are {codes}.",
                    header=facts.name,
                    count=facts.distinct,
                    codes=codes,
                )
            )

    def purpose(self) -> TablePurpose:
        measured = self.responses_with_values()
        responses = [
            column.name for column in self.profile.with_role(ColumnRole.RESPONSE) if self.has(column.name)
        ]
        settings = [
            column.name
            for column in self.profile.with_role(
                ColumnRole.FACTOR, ColumnRole.CATEGORICAL, ColumnRole.ONE_HOT
            )
            if self.has(column.name)
        ]
        if not settings and not self.reasons:
            self.reasons.append(say("No column is a factor: there is nothing that was set."))
        if self.reasons:
            return TablePurpose.NEITHER
        if measured:
            return TablePurpose.RESULTS
        if responses:
            self.remarks.append(
                say(
                    "The responses {responses} have no value yet: a lab sheet to be filled in.",
                    responses=listed([self.facts[name].name for name in responses]),
                )
            )
        return TablePurpose.CANDIDATES
