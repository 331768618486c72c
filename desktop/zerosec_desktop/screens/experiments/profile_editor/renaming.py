"""A column gets another name: what refers to it follows, in formulas, choices and settings of analyses. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from zerosec_desktop.screens.experiments.profile_editor.draft import DefaultDraft, ProfileDraft, code_pairs
from zerosec_desktop.screens.experiments.profile_editor.texts_of_lists import joined_list, split_list
from zerosec_shared.formulas import folded, quoted
from zerosec_shared.formulas.names import KEYWORDS, PLAIN_NAME

__all__ = ["renamed", "renamed_in_formula", "substituted"]

_PARTS = re.compile(rf"`(?P<quoted>(?:[^`]|``)*)`|\"[^\"]*\"|'[^']*'|(?P<plain>{PLAIN_NAME})")


def renamed_in_formula(formula: str, old: str, new: str) -> str:
    """The formula with a column's new name; texts between quotes and names of functions stay."""
    return substituted(formula, {old: quoted(new)})


def substituted(formula: str, texts: Mapping[str, str]) -> str:
    """The formula with other texts in the place of columns; names are compared as formulas compare them."""
    known = {folded(name): text for name, text in texts.items()}

    def write(part: re.Match[str]) -> str:
        name = part["plain"] if part["quoted"] is None else part["quoted"].replace("``", "`")
        called = part["plain"] is not None and formula[part.end() :].lstrip().startswith(("(", "（"))
        if name is None or called or name.casefold() in KEYWORDS:
            return part[0]
        return known.get(folded(name), part[0])

    return _PARTS.sub(write, formula)


def renamed(draft: ProfileDraft, row: int, new: str) -> ProfileDraft:
    """The draft with another name for a column; formulas, choices and their codes follow.

    The old one stays as another name, so that files which have it are read as before.
    """
    old = draft.columns[row].name.strip()
    columns = [
        replace(column, formula=renamed_in_formula(column.formula, old, new)) if old and column.formula else column
        for column in draft.columns
    ]  # fmt: skip
    columns[row] = replace(columns[row], name=new)
    if not old or not new.strip() or old == new.strip():
        return replace(draft, columns=tuple(columns))
    others = [alias for alias in split_list(columns[row].aliases) if folded(alias) != folded(new)]
    if folded(old) not in {folded(name) for name in (new, *others)}:
        others.append(old)
    columns[row] = replace(columns[row], aliases=joined_list(others))
    groups = []
    for group in draft.groups:
        members = split_list(group.members)
        if old in members:
            codes = [
                (code, new.strip() if member == old else member) for code, member in code_pairs(group.codes)
            ]
            group = replace(
                group,
                members=joined_list(new.strip() if member == old else member for member in members),
                codes=joined_list(f"{code} = {member}" for code, member in codes),
            )
        groups.append(group)
    rules = [replace(rule, formula=renamed_in_formula(rule.formula, old, new)) for rule in draft.rules]
    defaults = [_default(each, old, new.strip()) for each in draft.defaults]
    return replace(
        draft, columns=tuple(columns), groups=tuple(groups), rules=tuple(rules), defaults=tuple(defaults)
    )


def _default(each: DefaultDraft, old: str, new: str) -> DefaultDraft:
    """Settings of analyses name columns too, one or a list of them."""
    meant = each.meant
    if meant == old:
        return replace(each, value=new)
    if isinstance(meant, list) and old in meant:
        listed = [new if item == old else item for item in meant]
        return replace(each, value=json.dumps(listed, ensure_ascii=False))
    return each
