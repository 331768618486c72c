"""The levels of a variable, exactly: ranges by steps and lists, as decimals that never show a trace of binary fractions."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from zerosec_analyses.sdk import InputError, say
from zerosec_shared.texts import Said

__all__ = [
    "MAX_LEVELS",
    "Level",
    "Variable",
    "as_decimal",
    "levels_by_step",
    "listed_levels",
    "shown",
    "written_levels",
]

Level = Decimal | str
MAX_LEVELS = 1_000_000
"""Levels of one variable."""
MAX_RANGE_CHARACTERS = 200
"""A longer text is a list of levels."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_BETWEEN = re.compile(
    rf"({_NUMBER})\s*(?:to|から|~|〜|…|\.\.\.?)\s*({_NUMBER})\s*(?:(?:by|step|間隔|刻み|まで|/|:)+\s*({_NUMBER}))?$",
    re.IGNORECASE,
)
_WIDE = Context(prec=80)


@dataclass(frozen=True)
class Variable:
    """A variable and its levels, all numbers or all texts, none twice. `place` says where it was read."""

    name: str
    levels: tuple[Level, ...]
    place: Said
    remark: Said | None = None
    is_range: bool = False
    """Whether the levels are the two ends of a range without steps."""

    @property
    def is_numeric(self) -> bool:
        """Whether the levels are numbers."""
        return isinstance(self.levels[0], Decimal)


def plain(text: str) -> str:
    """The text in half width and without spaces around it."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def as_decimal(text: str) -> Decimal | None:
    """The number a text stands for, exactly; None if it is none. `１．５`, `1.5e-3` and `+2` are numbers."""
    found = plain(text)
    if len(found) > 60 or not re.fullmatch(_NUMBER, found, re.ASCII):
        return None
    return Decimal(found)


def levels_by_step(low: Decimal, high: Decimal, step: Decimal, place: Said) -> tuple[Decimal, ...]:
    """`low`, `low + step`, … up to `high`, each exactly. Raises InputError where that is no range."""
    if low > high:
        raise InputError(
            say(
                "{place}: the smallest value {low} is above the largest {high}.",
                place=place,
                low=shown(low),
                high=shown(high),
            ),
            hint="Exchange min and max.",
        )
    if step <= 0:
        raise InputError(
            say("{place}: the step is {step}; it must be above zero.", place=place, step=shown(step)),
            hint="For a single level, set min and max to the same value and leave the step empty.",
        )
    count = int((Fraction(high) - Fraction(low)) / Fraction(step)) + 1
    if count > MAX_LEVELS:
        raise InputError(
            say(
                "{place}: that makes {count:,} levels; at most {most:,} are possible.",
                place=place,
                count=count,
                most=MAX_LEVELS,
            ),
            hint="Choose a wider step.",
        )
    return tuple(_WIDE.add(low, _WIDE.multiply(step, Decimal(index))) for index in range(count))


def listed_levels(text: str, place: Said) -> tuple[Level, ...] | None:
    """The levels of a comma list (`6, 15、25；40`); None if the text is no list. Raises InputError for a bad one."""
    parts = [part.strip() for part in re.split(r"[,、;，；\n]", plain(text))]
    if len(parts) < 2:
        return None
    return checked_levels([part for part in parts if part], place)


def checked_levels(parts: Sequence[str], place: Said) -> tuple[Level, ...]:
    """Texts as levels: all numbers or all words, none twice. Raises InputError."""
    numbers = [as_decimal(part) for part in parts]
    words = [part for part, number in zip(parts, numbers, strict=True) if number is None]
    if not parts:
        raise InputError(say("{place}: the list has no level.", place=place))
    if words and len(words) < len(parts):
        raise InputError(
            say("{place}: “{word}” is not a number, but other levels are.", place=place, word=words[0][:60]),
            hint="Write all levels as numbers, or all as words.",
        )
    levels: tuple[Level, ...] = (
        tuple(parts) if words else tuple(number for number in numbers if number is not None)
    )
    seen: set[Level] = set()
    for level in levels:
        if level in seen:
            raise InputError(say("{place}: the level {level} stands twice.", place=place, level=shown(level)))
        seen.add(level)
    return levels


def written_levels(name: str, text: str, place: Said) -> Variable:
    """Levels as they are written in the form: `0.1 to 0.5 by 0.1`, `6, 15, 25`, `Steel, Alumi`. Raises InputError."""
    found = plain(text)
    if not found:
        raise InputError(
            say("{place} has no levels.", place=place), hint="Write for example “0.1 to 0.5 by 0.1”."
        )
    short = found if len(found) <= MAX_RANGE_CHARACTERS else ""
    if between := _BETWEEN.match(short):
        low, high = Decimal(between[1]), Decimal(between[2])
        if between[3] is None:
            raise InputError(
                say(
                    "{place}: from {low} to {high} in which step?",
                    place=place,
                    low=shown(low),
                    high=shown(high),
                ),
                hint="Write for example “0.1 to 0.5 by 0.1”.",
            )
        return ranged(name, low, high, Decimal(between[3]), place)
    if re.fullmatch(rf"{_NUMBER}\s*[-–—]\s*{_NUMBER}", short):
        raise InputError(
            say("{place}: “{text}” may be a range or a difference.", place=place, text=found[:60]),
            hint="Write a range as “1 to 5 by 1”, levels as “1, 5”.",
        )
    listed = listed_levels(found, place)
    return Variable(name, checked_levels([found], place) if listed is None else listed, place)


def ranged(name: str, low: Decimal, high: Decimal, step: Decimal, place: Said) -> Variable:
    """A variable with the levels of a range, with a remark where the largest value is on no step. Raises InputError."""
    levels = levels_by_step(low, high, step, place)
    remark = None
    if levels[-1] != high:
        remark = say(
            "{name}: {high} is on no step of {step} from {low}; the last level is {last}.",
            name=name,
            high=shown(high),
            step=shown(step),
            low=shown(low),
            last=shown(levels[-1]),
        )
    return Variable(name, levels, place, remark)


def shown(level: Level) -> str:
    """A level in a sentence: a number without needless zeros or exponents."""
    if isinstance(level, str):
        return level
    text = f"{level:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text if len(text) <= 30 else f"{level:g}"
