"""A profile while it is edited: every cell as it is written, so that half a number is no loss. Pure and frozen."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize

from zerosec_desktop.screens.experiments.profile_editor.texts_of_lists import joined_list, split_list
from zerosec_desktop.widgets.form.number_text import NumberTextError, exact_text, parse_number
from zerosec_shared.contract import JsonValue
from zerosec_shared.profiles import (
    ColumnRole,
    InferredRole,
    OneHotGroup,
    Profile,
    ProfileColumn,
    Rule,
    ValueKind,
)

__all__ = [
    "ColumnDraft",
    "DefaultDraft",
    "GroupDraft",
    "ProfileDraft",
    "RuleDraft",
    "code_pairs",
    "number_of",
    "settled",
]

Others = tuple[tuple[str, str], ...]
"""Texts in languages the editor has no field for; they stay as they are."""
NUMERIC = frozenset({ValueKind.NUMBER, ValueKind.INTEGER})


@dataclass(frozen=True)
class ColumnDraft:
    """One column. `why` and `unsure` are of a role that was inferred from a table."""

    name: str = ""
    aliases: str = ""
    label_en: str = ""
    label_ja: str = ""
    other_labels: Others = ()
    unit: str = ""
    role: ColumnRole = ColumnRole.FACTOR
    kind: ValueKind = ValueKind.NUMBER
    required: bool = False
    identifies: bool = False
    values: str = ""
    minimum: str = ""
    maximum: str = ""
    step: str = ""
    default: str = ""
    formula: str = ""
    why: str = ""
    unsure: bool = False


@dataclass(frozen=True)
class GroupDraft:
    """A choice written as columns of 0 and 1. `codes` reads `1 = A11, 2 = A21`."""

    name: str = ""
    aliases: str = ""
    label_en: str = ""
    label_ja: str = ""
    other_labels: Others = ()
    members: str = ""
    codes: str = ""
    all_when_absent: bool = False


@dataclass(frozen=True)
class RuleDraft:
    """What every experiment fulfils, and how it is said."""

    formula: str = ""
    text_en: str = ""
    text_ja: str = ""
    other_texts: Others = ()


@dataclass(frozen=True)
class DefaultDraft:
    """What the form of an analysis begins with."""

    analysis: str = ""
    parameter: str = ""
    value: str = ""

    @property
    def meant(self) -> JsonValue:
        """The value: JSON where it reads as such, a text otherwise."""
        text = self.value.strip()
        try:
            found: JsonValue = json.loads(text, parse_constant=lambda name: name)
        except (ValueError, RecursionError):
            return text
        return text if isinstance(found, float) and not math.isfinite(found) else found


@dataclass(frozen=True)
class ProfileDraft:
    """The whole of it."""

    id: str = "own"
    version: str = "1.0.0"
    title_en: str = ""
    title_ja: str = ""
    other_titles: Others = ()
    columns: tuple[ColumnDraft, ...] = ()
    groups: tuple[GroupDraft, ...] = ()
    rules: tuple[RuleDraft, ...] = ()
    defaults: tuple[DefaultDraft, ...] = ()

    @classmethod
    def of(cls, profile: Profile, inferred: Sequence[InferredRole] = ()) -> "ProfileDraft":
        """The draft of a profile."""
        why = {role.column[:200]: role for role in inferred}
        english, japanese, others = _spread(profile.titles)
        return cls(
            id=profile.id,
            version=profile.version,
            title_en=english,
            title_ja=japanese,
            other_titles=others,
            columns=tuple(_column_draft(column, why.get(column.name)) for column in profile.columns),
            groups=tuple(_group_draft(group) for group in profile.one_hot),
            rules=tuple(RuleDraft(rule.formula, *_spread(rule.texts)) for rule in profile.rules),
            defaults=tuple(
                DefaultDraft(analysis, name, _json_text(value))
                for analysis, values in profile.defaults.items()
                for name, value in values.items()
            ),
        )

    def profile(self) -> Profile:
        """The profile that is meant. Raises ValueError for a draft that has a problem."""
        defaults: dict[str, dict[str, JsonValue]] = {}
        for each in self.defaults:
            defaults.setdefault(each.analysis.strip(), {})[each.parameter.strip()] = each.meant
        return Profile(
            id=self.id,
            version=self.version,
            titles=_gathered(self.title_en, self.title_ja, self.other_titles),
            columns=tuple(_column(draft) for draft in self.columns),
            one_hot=tuple(_group(draft) for draft in self.groups),
            rules=tuple(
                Rule(formula=draft.formula.strip(), texts=_gathered(draft.text_en, draft.text_ja, draft.other_texts))
                for draft in self.rules
            ),
            defaults=defaults,
        )  # fmt: skip

    @property
    def next_version(self) -> str:
        """The version after this one."""
        first, second, third = self.version.split(".")
        return f"{first}.{second}.{int(third) + 1}"


def number_of(text: str) -> int | float | None:
    """The number a cell stands for, a whole one without a point; None if it is none."""
    try:
        value = parse_number(text)
    except NumberTextError:
        return None
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def code_pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`1 = A11, 2 = A21` as pairs; a part without a sign has an empty second half."""
    pairs = []
    for part in split_list(text):
        code, _, member = part.replace("＝", "=").partition("=")
        pairs.append((normalize("NFKC", code).strip(), member.strip()))
    return tuple(pairs)


def settled(column: ColumnDraft) -> ColumnDraft:
    """What a role or a formula leaves no choice about, set so."""
    if column.role is ColumnRole.DATE:
        column = replace(column, kind=ValueKind.DATE)
    elif column.kind is ValueKind.DATE:
        column = replace(column, kind=ValueKind.ANY)
    if column.role is ColumnRole.ONE_HOT:
        column = replace(column, kind=ValueKind.INTEGER, values="")
    if column.kind not in NUMERIC or column.role is ColumnRole.ONE_HOT:
        column = replace(column, minimum="", maximum="", step="")
    if column.role in {ColumnRole.RESPONSE, ColumnRole.IGNORED}:
        column = replace(column, identifies=False)
    if column.formula.strip():
        column = replace(column, required=False, identifies=False)
    return column


def _spread(words: Mapping[str, str]) -> tuple[str, str, Others]:
    others = tuple((language, text) for language, text in words.items() if language not in {"en", "ja"})
    return words.get("en", ""), words.get("ja", ""), others


def _gathered(english: str, japanese: str, others: Others) -> dict[str, str]:
    found = {"en": english.strip(), "ja": japanese.strip(), **dict(others)}
    return {language: text for language, text in found.items() if text}


def _json_text(value: JsonValue) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    plain = DefaultDraft(value=value).meant == value
    return value if plain else json.dumps(value, ensure_ascii=False)


def _value_text(value: float | str | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else exact_text(value)


def _column_draft(column: ProfileColumn, inferred: InferredRole | None) -> ColumnDraft:
    english, japanese, others = _spread(column.labels)
    return ColumnDraft(
        name=column.name,
        aliases=joined_list(column.aliases),
        label_en=english,
        label_ja=japanese,
        other_labels=others,
        unit=column.unit,
        role=column.role,
        kind=column.kind,
        required=column.required,
        identifies=column.identifies,
        values=joined_list(_value_text(value) for value in column.values),
        minimum=_value_text(column.minimum),
        maximum=_value_text(column.maximum),
        step=_value_text(column.step),
        default=_value_text(column.default),
        formula=column.formula or "",
        why="" if inferred is None else inferred.reason,
        unsure=inferred is not None and not inferred.sure,
    )


def _group_draft(group: OneHotGroup) -> GroupDraft:
    english, japanese, others = _spread(group.labels)
    return GroupDraft(
        name=group.name,
        aliases=joined_list(group.aliases),
        label_en=english,
        label_ja=japanese,
        other_labels=others,
        members=joined_list(group.members),
        codes=joined_list(f"{code} = {member}" for code, member in group.codes.items()),
        all_when_absent=group.when_absent == "all",
    )


def _number(text: str) -> int | float | None:
    if not text.strip():
        return None
    found = number_of(text)
    if found is None:
        raise ValueError(f"{text} is no number")
    return found


def _column(draft: ColumnDraft) -> ProfileColumn:
    def value(text: str) -> int | float | str:
        found = number_of(text) if draft.kind in NUMERIC else text
        if found is None:
            raise ValueError(f"{text} is no number")
        return found

    return ProfileColumn(
        name=draft.name.strip(),
        role=draft.role,
        kind=draft.kind,
        aliases=split_list(draft.aliases),
        labels=_gathered(draft.label_en, draft.label_ja, draft.other_labels),
        unit=draft.unit.strip(),
        required=draft.required,
        identifies=draft.identifies,
        values=tuple(value(text) for text in split_list(draft.values)),
        minimum=_number(draft.minimum),
        maximum=_number(draft.maximum),
        step=_number(draft.step),
        default=value(draft.default.strip()) if draft.default.strip() else None,
        formula=draft.formula.strip() or None,
    )


def _group(draft: GroupDraft) -> OneHotGroup:
    return OneHotGroup(
        name=draft.name.strip(),
        aliases=split_list(draft.aliases),
        labels=_gathered(draft.label_en, draft.label_ja, draft.other_labels),
        members=split_list(draft.members),
        codes=dict(code_pairs(draft.codes)),
        when_absent="all" if draft.all_when_absent else "refuse",
    )
