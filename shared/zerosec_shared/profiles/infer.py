"""A profile for a table nobody described: roles inferred from its columns, each with its reason, for the user to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass

from zerosec_shared.formulas import folded
from zerosec_shared.profiles.facts import ColumnFacts, holds
from zerosec_shared.profiles.model import ColumnRole, Profile, ProfileColumn, ValueKind
from zerosec_shared.texts import Said, say

__all__ = ["ROLE_WORDS", "InferredRole", "infer_profile"]

MOST_LEVELS = 12
"""Columns of numbers with at most this many different values look like settings; with more, like measurements."""
_RUN_NAMES = frozenset(folded(name) for name in ("no", "no.", "id", "run", "run id", "番号", "実験番号", "#"))
_BLOCK_NAMES = frozenset(folded(name) for name in ("block", "batch", "lot", "ブロック", "バッチ", "ロット"))


@dataclass(frozen=True, slots=True)
class InferredRole:
    """The role a column was given, why, and whether the user should look twice."""

    column: str
    role: ColumnRole
    reason: Said
    sure: bool


def infer_profile(
    facts: Sequence[ColumnFacts], profile_id: str = "inferred", title: str = "Inferred"
) -> tuple[Profile, tuple[InferredRole, ...]]:
    """A profile with a column for each of the table's, and the reason of each role.

    Factors and categories identify an experiment. Names that differ only in width, case or spaces keep the first; the
    others are left out of the profile.
    """
    roles = [_role(column) for column in facts]
    columns: dict[str, ProfileColumn] = {}
    for column, found in zip(facts, roles, strict=True):
        kind = column.kind or ValueKind.ANY
        if found.role is ColumnRole.DATE:
            kind = ValueKind.DATE
        elif found.role in {ColumnRole.RUN_ID, ColumnRole.BLOCKING, ColumnRole.IGNORED}:
            kind = ValueKind.ANY
        columns.setdefault(
            folded(column.name),
            ProfileColumn(
                name=column.name[:200],
                role=found.role,
                kind=kind,
                identifies=found.role in {ColumnRole.FACTOR, ColumnRole.CATEGORICAL},
                values=column.values
                if found.role is ColumnRole.CATEGORICAL and kind is ValueKind.TEXT
                else (),
            ),
        )
    profile = Profile(id=profile_id, titles={"en": title[:200]}, columns=tuple(columns.values()))
    return profile, tuple(roles)


def _role(column: ColumnFacts) -> InferredRole:
    def as_role(role: ColumnRole, reason: Said, sure: bool = True) -> InferredRole:
        return InferredRole(column.name, role, reason, sure)

    count = column.distinct
    if column.kind is None:
        return as_role(ColumnRole.RESPONSE, say("It has no value yet."), sure=False)
    if column.kind is ValueKind.DATE:
        return as_role(ColumnRole.DATE, say("Its values are dates."))
    if folded(column.name) in _RUN_NAMES and count == column.rows:
        return as_role(ColumnRole.RUN_ID, say("Its name says so, and its values are all different."))
    if folded(column.name) in _BLOCK_NAMES and count < column.rows:
        return as_role(ColumnRole.BLOCKING, say("Its name says so, and its values repeat."))
    if count <= 1:
        return as_role(ColumnRole.CONDITION, say("It has one value in all rows."), sure=False)
    if column.kind is ValueKind.TEXT:
        if column.values and count <= max(2, column.rows // 2):
            return as_role(ColumnRole.CATEGORICAL, say("It has {count} different texts.", count=count))
        return as_role(ColumnRole.IGNORED, say("Nearly every row has a text of its own."), sure=False)
    if holds(column, values=(0, 1)):
        reason = say("It has the values 0 and 1: a setting, or a response of yes and no.")
        return as_role(ColumnRole.FACTOR, reason, sure=False)
    if count <= MOST_LEVELS and count <= max(2, column.rows // 2):
        return as_role(ColumnRole.FACTOR, say("Its {count} values repeat, as settings do.", count=count))
    sure = column.kind is ValueKind.NUMBER and count > column.rows // 2
    reason = say("It has {count} different numbers, as measurements do.", count=count)
    return as_role(ColumnRole.RESPONSE, reason, sure)


ROLE_WORDS = {
    ColumnRole.FACTOR: say("factor"),
    ColumnRole.CATEGORICAL: say("category"),
    ColumnRole.ONE_HOT: say("one-hot column"),
    ColumnRole.CONDITION: say("condition"),
    ColumnRole.RESPONSE: say("response"),
    ColumnRole.RUN_ID: say("run number"),
    ColumnRole.DATE: say("date"),
    ColumnRole.BLOCKING: say("block"),
    ColumnRole.IGNORED: say("not used"),
}
"""What a role is called in a sentence or a list of choices."""
