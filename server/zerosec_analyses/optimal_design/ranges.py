"""Factors that are described and not listed: `-1..1`, `10..50 step 5`, `10|20|50`, `steel|brass`; or by a parameter sheet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from zerosec_analyses.levels import Variable, shown
from zerosec_analyses.optimal_design.factors import Factor, FactorKind
from zerosec_analyses.sdk import InputError, say

MAX_LEVELS = 1001
_RANGE = re.compile(
    r"^\s*(?P<low>[^.\s|](?:[^|]*?[^.])??)\s*\.\.\s*(?P<high>[^|]*?)\s*(?:step\s*(?P<step>\S+)\s*)?$"
)


def described_factors(described: Mapping[str, str], categorical: tuple[str, ...]) -> tuple[Factor, ...]:
    """The factors of a description. Raises InputError naming the factor that cannot be read."""
    return tuple(_factor(name.strip(), text, name in categorical) for name, text in described.items())


def factors_of_sheet(variables: Sequence[Variable], categorical: tuple[str, ...]) -> tuple[Factor, ...]:
    """The factors of a parameter sheet: ranges without a step, levels by steps or lists, words. Raises InputError."""
    found = []
    for variable in variables:
        if variable.is_range and variable.name not in categorical:
            low, high = (float(level) for level in variable.levels)
            found.append(Factor(variable.name, FactorKind.CONTINUOUS, (low, high), low, high))
            continue
        if len(variable.levels) > MAX_LEVELS:
            raise InputError(
                say("{factor} has {count:,} levels; up to {limit:,} are possible.", factor=variable.name, count=len(variable.levels), limit=MAX_LEVELS),
                hint="Take a larger step, or give the range without a step.",
            )  # fmt: skip
        if not variable.is_numeric or variable.name in categorical:
            _require_two(variable.name, len(variable.levels))
            texts = tuple(shown(level) for level in variable.levels)
            found.append(Factor(variable.name, FactorKind.CATEGORICAL, texts))
        else:
            found.append(_discrete(variable.name, [float(level) for level in variable.levels]))
    return tuple(found)


def _factor(name: str, text: str, is_category: bool) -> Factor:
    text = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    found = _RANGE.match(text)
    if found and not is_category:
        low, high = _number(name, found["low"]), _number(name, found["high"])
        if low >= high:
            raise InputError(
                say("{factor}: the range goes from {low} to {high}; its first end must be the smaller one.", factor=name, low=str(low), high=str(high))
            )  # fmt: skip
        if found["step"] is None:
            return Factor(name, FactorKind.CONTINUOUS, (float(low), float(high)), float(low), float(high))
        step = _number(name, found["step"])
        if step <= 0:
            raise InputError(say("{factor}: the step must be above zero.", factor=name))
        count = int((high - low) / step) + 1
        if count > MAX_LEVELS:
            raise InputError(
                say("{factor} has {count:,} levels; up to {limit:,} are possible.", factor=name, count=count, limit=MAX_LEVELS),
                hint="Take a larger step, or give the range without a step.",
            )  # fmt: skip
        levels = [float(low + step * at) for at in range(count)]
        return _discrete(name, levels)
    texts = [part.strip() for part in text.split("|")]
    if len(texts) < 2 or not all(texts):
        raise InputError(
            say("{factor}: “{text}” is neither a range nor levels.", factor=name, text=text),
            hint="Write a range such as -1..1 or 10..50 step 5, or levels such as 10|20|50 or steel|brass.",
        )
    if len(set(texts)) < len(texts):
        raise InputError(say("{factor}: a level is given twice in “{text}”.", factor=name, text=text))
    if not is_category:
        try:
            return _discrete(name, [float(Decimal(part)) for part in texts])
        except InvalidOperation:
            pass
    return Factor(name, FactorKind.CATEGORICAL, tuple(texts))


def _discrete(name: str, levels: list[float]) -> Factor:
    ordered = sorted(set(levels))
    _require_two(name, len(ordered))
    return Factor(name, FactorKind.DISCRETE, tuple(ordered), ordered[0], ordered[-1])


def _require_two(name: str, count: int) -> None:
    if count < 2:
        raise InputError(
            say("{factor} has one level only: its effect cannot be estimated.", factor=name),
            hint="Give it a second level, or leave it out.",
        )


def _number(name: str, text: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise InputError(say("{factor}: “{text}” is not a number.", factor=name, text=text.strip()))
    return value
