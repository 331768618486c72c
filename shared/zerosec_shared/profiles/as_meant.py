"""Numbers and choices as workshops write them: `0.1mm`, `1,000`, ○ in a column of 0 and 1.

Guards against the silent mistake: a text is read as a number only where there is one way to read it by the profile, every such
reading is told, and a value in another unit stays what it was, to be refused by name.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zerosec_shared.profiles.headings import is_unit, same_unit
from zerosec_shared.profiles.model import ColumnRole, OneHotGroup, Profile, ProfileColumn, ValueKind
from zerosec_shared.texts import Said, say

if TYPE_CHECKING:
    import polars as pl

    from zerosec_shared.tables import Table

__all__ = ["Measured", "as_meant", "measured", "texts_as_meant"]

_NUMBER = re.compile(
    r"([+\-−]?)(\d[\d,]*(?:\.\d*)?|\.\d+)((?:e[+\-]?\d{1,3})?)(?![\d.,])\s*(.*)", re.ASCII | re.I
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_CHOSEN = frozenset("○◯〇●◎✓✔☑✅レ")
_NOT_CHOSEN = frozenset("×✕✖✗✘☓")
_X = frozenset("xX")
"""Ticks a choice in English forms, and denies it beside an ○."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number as it is written, with or without a unit behind it. `grouped`: with commas between thousands."""

    value: float
    unit: str
    grouped: bool


def measured(text: str) -> Measured | None:
    """A text as a number that may have a unit; None where it is neither, or its comma may be a decimal one.

    Full width is as good as half; 5² and ① are no numbers.
    """
    plain = "".join(
        sign if unicodedata.category(sign) in {"No", "Nl"} else unicodedata.normalize("NFKC", sign)
        for sign in text.strip()[:200]
    )
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return None
    sign, digits, power, rest = found.groups()
    unit = re.sub(r"^[(\[](.*)[)\]]$", r"\1", rest).strip()
    if unit and not (re.search(r"[^\W\d_]|[%°Ω]", unit) and is_unit(unit)):
        return None
    if "," in digits and not _GROUPED.fullmatch(digits):
        return None
    value = float(("-" if sign in {"-", "−"} else "") + digits.replace(",", "") + power)
    return None if abs(value) == float("inf") else Measured(value, unit, "," in digits)


def texts_as_meant(
    profile: Profile, texts: "pl.DataFrame", decimal: str = "."
) -> "tuple[pl.DataFrame, tuple[Said, ...]]":
    """Columns of text with what can only be a number written as one, and what is to be said of it.

    Columns of other types, and those whose values are no numbers by the profile, stay as they are.
    """
    import polars as pl

    said: list[Said] = []
    of_group: dict[str, list[str]] = {}
    for name, dtype in texts.schema.items():
        known = profile.known_as(name)
        if not isinstance(known, ProfileColumn) or dtype not in (pl.String, pl.Boolean):
            continue
        if known.role is ColumnRole.ONE_HOT:
            member_of = next(each.name for each in profile.one_hot if known.name in each.members)
            of_group.setdefault(member_of, []).append(name)
        elif dtype == pl.String and known.kind in {ValueKind.NUMBER, ValueKind.INTEGER}:
            replaced, told = _numbers(known, texts[name], decimal)
            texts = _replaced(texts, {name: replaced})
            said += told
    for group in profile.one_hot:
        if names := of_group.get(group.name):
            marks, told = _marks(texts, names, _members(texts, profile, group))
            texts = _replaced(texts, dict.fromkeys(names, marks))
            said += told
    return texts, tuple(said)


def as_meant(profile: Profile, table: "Table") -> "tuple[Table, tuple[Said, ...]]":
    """A table whose columns are numbers where all their values can only be meant so; and what is to be said of it."""
    import polars as pl

    from zerosec_shared.tables import ColumnKind

    frame, said = texts_as_meant(profile, table.frame, table.dialect.decimal)
    states = []
    for state in table.columns:
        column = frame[state.name]
        if column.dtype == pl.String and not column.equals(table.frame[state.name]):
            numbers = column.cast(pl.Float64, strict=False)
            if numbers.null_count() == column.null_count():
                whole = bool((numbers.drop_nulls() == numbers.drop_nulls().round()).all())
                frame = frame.with_columns(numbers.cast(pl.Int64) if whole else numbers)
                kind = ColumnKind.INTEGER if whole else ColumnKind.NUMBER
                state = replace(state, kind=kind, not_number=None, numbers=len(numbers))
        states.append(state)
    return replace(table, frame=frame, columns=tuple(states)), said


def _numbers(
    column: ProfileColumn, texts: "pl.Series", decimal: str
) -> "tuple[Mapping[str, str], list[Said]]":
    """The texts of a column that can only be numbers, by what they mean."""
    counts = _counts(texts)
    grouping = decimal != "," and all(measured(text) for text in counts if re.search(r"\d,\d", text))
    means: dict[str, str] = {}
    with_unit: list[str] = []
    with_commas: list[str] = []
    for text in counts:
        if decimal == "," and "." in text:
            continue
        found = measured(text.replace(",", ".") if decimal == "," else text)
        if found is None or (found.grouped and not grouping) or not (found.unit or found.grouped):
            continue
        if found.unit and not (column.unit and same_unit(column.unit, found.unit)):
            continue
        means[text] = _written(found.value)
        (with_unit if found.unit else with_commas).append(text)
    told = []
    if with_unit:
        told.append(
            say(
                "{header}: {count:,} values with their unit, such as “{example}”, are read as numbers.",
                one="{header}: 1 value with its unit, “{example}”, is read as a number.",
                header=texts.name,
                count=sum(counts[text] for text in with_unit),
                example=with_unit[0],
            )
        )
    if with_commas:
        told.append(
            say(
                "{header}: {count:,} values with commas between thousands, such as “{example}”, are read as numbers ({value}).",
                one="{header}: 1 value with commas between thousands, “{example}”, is read as a number ({value}).",
                header=texts.name,
                count=sum(counts[text] for text in with_commas),
                example=with_commas[0],
                value=means[with_commas[0]],
            )
        )
    return means, told


def _marks(
    texts: "pl.DataFrame", names: Sequence[str], members: Sequence[str]
) -> "tuple[Mapping[str, str], list[Said]]":
    """What the marks in the columns of a choice mean: ○ is 1, and × beside it 0; an x is 1 where no row has two."""
    import polars as pl

    counts: dict[str, int] = {}
    for name in names:
        for text, count in _counts(texts[name].cast(pl.String)).items():
            counts[text] = counts.get(text, 0) + count
    chosen = {text for text in counts if text in _CHOSEN or text.lower() == "true"}
    denied = {text for text in counts if text in _NOT_CHOSEN or text.lower() == "false"}
    ticks = {text for text in counts if text in _X}
    if chosen:
        denied |= ticks
    elif ticks and not denied:
        crosses = [pl.col(name).cast(pl.String).str.strip_chars().is_in(list(_X)) for name in names]
        ones = [pl.col(name).cast(pl.String).str.strip_chars().is_in(["1", "1.0"]) for name in members]
        marked = pl.sum_horizontal([each.fill_null(value=False) for each in (*crosses, *ones)])
        if texts.select(marked.max()).item() == 1:
            chosen = ticks
    if not chosen:
        return {}, []
    said = say(
        "{headers}: the mark {mark} is read as 1.", headers=", ".join(names), mark=" ".join(sorted(chosen))
    )
    if denied:
        said = say(
            "{headers}: the mark {mark} is read as 1, and {other} as 0.",
            headers=", ".join(names),
            mark=" ".join(sorted(chosen)),
            other=" ".join(sorted(denied)),
        )
    return {**dict.fromkeys(chosen, "1"), **dict.fromkeys(denied, "0")}, [said]


def _members(texts: "pl.DataFrame", profile: Profile, group: OneHotGroup) -> list[str]:
    """The headings of a group's members."""
    known = {name: profile.known_as(name) for name in texts.columns}
    return [name for name, each in known.items() if each is not None and each.name in group.members]


def _counts(texts: "pl.Series") -> dict[str, int]:
    """The different texts, trimmed, and how many cells hold each."""
    found = texts.drop_nulls().str.strip_chars().value_counts(sort=True, name="\x00count")
    return dict(zip(found[texts.name].to_list(), found["\x00count"].to_list(), strict=True))


def _replaced(frame: "pl.DataFrame", means: "Mapping[str, Mapping[str, str]]") -> "pl.DataFrame":
    import polars as pl

    changed = []
    for name, texts in means.items():
        if texts:
            column = frame[name].cast(pl.String)
            stripped = column.str.strip_chars()
            new = stripped.replace_strict(
                list(texts), list(texts.values()), default=None, return_dtype=pl.String
            )
            changed.append(pl.select(pl.coalesce(new, column).alias(name)).to_series())
    return frame.with_columns(changed)


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) <= 2**53 else repr(value)
