"""What a profile is: what the columns of a laboratory's tables are called, hold and are for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from zerosec_shared.contract import Contract, JsonValue, Name
from zerosec_shared.formulas import Formula, FormulaError, Kind, check, folded, parse
from zerosec_shared.profiles.headings import same_unit, without_unit

__all__ = ["ColumnRole", "OneHotGroup", "Profile", "ProfileColumn", "Rule", "ValueKind"]

Words = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")], Name]
"""A text by language: `{"en": "Feed rate", "ja": "送り速度"}`."""
FormulaText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Number = Annotated[int | float, Field(allow_inf_nan=False)]


class ColumnRole(StrEnum):
    """What a column is for."""

    FACTOR = "factor"
    CATEGORICAL = "categorical"
    ONE_HOT = "one_hot"
    CONDITION = "condition"
    RESPONSE = "response"
    RUN_ID = "run_id"
    DATE = "date"
    BLOCKING = "blocking"
    IGNORED = "ignored"


class ValueKind(StrEnum):
    """What the values of a column are. ANY: numbers or texts."""

    NUMBER = "number"
    INTEGER = "integer"
    TEXT = "text"
    DATE = "date"
    ANY = "any"

    @property
    def formula_kind(self) -> Kind:
        """What a formula may do with them."""
        numeric = self in {ValueKind.NUMBER, ValueKind.INTEGER}
        return Kind.NUMBER if numeric else Kind.TEXT if self is ValueKind.TEXT else Kind.ANY


class ProfileColumn(Contract):
    """One column: its names, what it holds, what it is for."""

    name: Name
    role: ColumnRole
    kind: ValueKind = ValueKind.NUMBER
    aliases: tuple[Name, ...] = Field(default=(), max_length=50, description="Other names, in any language.")
    labels: Words = Field(default_factory=dict, description="What it is called in each language.")
    unit: str = Field(default="", max_length=40)
    required: bool = Field(default=False, description="A table without it is neither candidates nor results.")
    identifies: bool = Field(default=False, description="Tells one experiment from another.")
    values: tuple[Number | Name, ...] = Field(
        default=(), max_length=1000, description="The only values allowed."
    )
    minimum: Number | None = None
    maximum: Number | None = None
    step: Annotated[int | float, Field(gt=0)] | None = None
    default: Number | Name | None = Field(default=None, description="Offered where a value is asked for.")
    formula: FormulaText | None = Field(default=None, description="Derived: worked out from other columns.")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"the minimum {self.minimum:g} is above the maximum {self.maximum:g}")
        bounded = self.minimum is not None or self.maximum is not None or self.step is not None
        if bounded and self.kind not in {ValueKind.NUMBER, ValueKind.INTEGER}:
            raise ValueError("only numbers have a range or a step")
        if bounded and self.values:
            raise ValueError("give either the allowed values or a range, not both")
        if len(set(self.values)) < len(self.values):
            raise ValueError("an allowed value stands twice")
        for value in (*self.values, *([] if self.default is None else [self.default])):
            if isinstance(value, str) == (self.kind in {ValueKind.NUMBER, ValueKind.INTEGER}):
                raise ValueError(f"the value {value} is no {self.kind.value}")
        if self.formula is not None and (self.required or self.identifies):
            raise ValueError("a derived column is worked out: it can be neither required nor identifying")
        if self.identifies and self.role in {ColumnRole.RESPONSE, ColumnRole.IGNORED}:
            raise ValueError(f"a column of the role {self.role.value} cannot identify an experiment")
        if self.role is ColumnRole.ONE_HOT and (self.kind is not ValueKind.INTEGER or bounded or self.values):
            raise ValueError("a one-hot column is an integer, 0 or 1, without a range of its own")
        if (self.role is ColumnRole.DATE) != (self.kind is ValueKind.DATE):
            raise ValueError("the role date and the kind date go together")
        return self


class OneHotGroup(Contract):
    """Columns of which exactly one is 1: a choice written as 0 and 1. It may also stand in one column of codes."""

    name: Name = Field(description="Also the name of the column of codes.")
    aliases: tuple[Name, ...] = ()
    labels: Words = Field(default_factory=dict)
    members: tuple[Name, ...] = Field(min_length=2, max_length=200)
    codes: dict[str, Name] = Field(default_factory=dict, description="Code in the column of codes to member.")
    when_absent: Literal["all", "refuse"] = Field(
        default="refuse",
        description="A list of candidates without the group: every member is meant, or none.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        strangers = [member for member in self.codes.values() if member not in self.members]
        if strangers:
            raise ValueError(f"the codes name {', '.join(strangers)}, not among the members")
        return self

    def member_of(self, code: object) -> str | None:
        """The member a code stands for: `1`, `1.0`, `"１"` or the member's own name; None if it is no code."""
        text = folded(str(code))
        if text.endswith(".0"):
            text = text[:-2]
        known = {folded(key): member for key, member in self.codes.items()}
        known |= {folded(member): member for member in self.members}
        return known.get(text)


class Rule(Contract):
    """A condition every experiment fulfils. It counts where all its columns are there."""

    formula: FormulaText
    texts: Words = Field(default_factory=dict, description="Said to the user, by language.")


class Profile(Contract):
    """The columns of one kind of experiment. A profile without columns is inferred from each table."""

    format: Literal[1] = 1
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=60)]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")] = "1.0.0"
    titles: Words = Field(min_length=1)
    columns: tuple[ProfileColumn, ...] = Field(default=(), max_length=2000)
    one_hot: tuple[OneHotGroup, ...] = Field(default=(), max_length=50)
    rules: tuple[Rule, ...] = Field(default=(), max_length=200)
    defaults: dict[str, dict[str, JsonValue]] = Field(
        default_factory=dict, description="Analysis to its parameters' defaults."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = Counter(folded(name) for name in self._every_name())
        twice = [name for name in self._every_name() if named[folded(name)] > 1]
        if twice:
            raise ValueError(f"“{twice[0]}” is the name or an alias of more than one column")
        names = [column.name for column in self.columns]
        members = Counter(member for group in self.one_hot for member in group.members)
        for member, times in members.items():
            if member not in names or self[member].role is not ColumnRole.ONE_HOT:
                raise ValueError(f"the one-hot member {member} is no column of the role one_hot")
            if times > 1:
                raise ValueError(f"{member} is a member of {times} one-hot groups")
        for column in self.columns:
            if column.role is ColumnRole.ONE_HOT and column.name not in members:
                raise ValueError(f"the one-hot column {column.name} is in no group")
        kinds = {column.name: column.kind.formula_kind for column in self.columns if column.formula is None}
        for where, text, wanted in self._formulas():
            try:
                check(parse(text).bound(list(kinds)), kinds, wanted)
            except FormulaError as error:
                raise ValueError(f"{where}: {error}") from error
        return self

    def _every_name(self) -> Iterator[str]:
        for each in self._named():
            yield each.name
            yield from each.aliases

    def _named(self) -> "Iterator[ProfileColumn | OneHotGroup]":
        yield from self.columns
        yield from self.one_hot

    def _formulas(self) -> Iterator[tuple[str, str, Kind]]:
        for column in self.columns:
            if column.formula is not None:
                yield f"the formula of {column.name}", column.formula, column.kind.formula_kind
        for rule in self.rules:
            yield "a rule", rule.formula, Kind.TRUTH

    def __getitem__(self, name: str) -> ProfileColumn:
        """The column of exactly this name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def title(self, language: str) -> str:
        """In this language, else English, else whichever there is."""
        return in_language(self.titles, language)

    def with_role(self, *roles: ColumnRole) -> tuple[ProfileColumn, ...]:
        """The columns of these roles, in the profile's order."""
        return tuple(column for column in self.columns if column.role in roles)

    @property
    def identifying(self) -> tuple[ProfileColumn, ...]:
        """The columns that tell one experiment from another, in the profile's order."""
        return tuple(column for column in self.columns if column.identifies)

    @cached_property
    def derived(self) -> Mapping[str, Formula]:
        """The derived columns' formulas, bound to the profile's names."""
        plain = [column.name for column in self.columns if column.formula is None]
        return {
            column.name: parse(column.formula).bound(plain)
            for column in self.columns
            if column.formula is not None
        }

    @cached_property
    def conditions(self) -> tuple[tuple[Rule, Formula], ...]:
        """The rules with their formulas, bound to the profile's names."""
        plain = [column.name for column in self.columns if column.formula is None]
        return tuple((rule, parse(rule.formula).bound(plain)) for rule in self.rules)

    def known_as(self, header: str) -> ProfileColumn | OneHotGroup | None:
        """The column or one-hot group a table's heading means; None if it is none of the profile's.

        A unit behind the name, `回転速度(rpm)`, must be the column's, or the column have none.
        """
        exact = self._by_name.get(folded(header))
        if exact is not None:
            return exact
        meant = self._named_with_unit(header)
        return meant[0] if meant is not None and meant[2] else None

    def other_unit(self, header: str) -> tuple[ProfileColumn, str] | None:
        """The column that a heading names with another unit than the profile's, and that unit."""
        meant = None if folded(header) in self._by_name else self._named_with_unit(header)
        if meant is None or meant[2] or not isinstance(meant[0], ProfileColumn):
            return None
        return meant[0], meant[1]

    def _named_with_unit(self, header: str) -> tuple[ProfileColumn | OneHotGroup, str, bool] | None:
        """What a heading with a unit names, the unit, and whether it fits."""
        parts = without_unit(header)
        known = None if parts is None else self._by_name.get(folded(parts[0]))
        if parts is None or known is None:
            return None
        unit = known.unit if isinstance(known, ProfileColumn) else ""
        return known, parts[1], not unit or not parts[1] or same_unit(unit, parts[1])

    def names_of(self, columns: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The columns (or groups) of these names with all their names."""
        wanted = set(columns)
        return {each.name: (each.name, *each.aliases) for each in self._named() if each.name in wanted}

    @cached_property
    def _by_name(self) -> dict[str, ProfileColumn | OneHotGroup]:
        found: dict[str, ProfileColumn | OneHotGroup] = {}
        for each in self._named():
            found |= {folded(name): each for name in (each.name, *each.aliases)}
        return found


def in_language(words: Mapping[str, str], language: str) -> str:
    """The text in a language, else in English, else in whichever there is; empty if there is none."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
