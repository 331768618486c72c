"""Numbers for the eye: sensible digits, aligned decimals, intervals. Exports never come through here."""

import math
import re
from collections.abc import Sequence

__all__ = [
    "DIGIT_ROOM",
    "MISSING",
    "POINT_ROOM",
    "align_decimals",
    "format_cell",
    "format_interval",
    "format_number",
    "longest_tail",
]

MISSING = "–"
DEFAULT_DIGITS = 4
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PLAIN = re.compile(r"[-−]?[0-9,]+(?:\.([0-9]*))?")
DIGIT_ROOM, POINT_ROOM = "\u2007", "\u2008"
"""Spaces that stand for the room of a missing digit and a missing decimal point."""


def format_number(value: float | None, digits: int | None = None) -> str:
    """A number with `digits` significant digits (4 if not told): 12,345 · 0.8731 · 1.2×10⁻⁷. Whole numbers stay whole."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}".replace("-", "−")
    if not math.isfinite(value):
        return MISSING if math.isnan(value) else ("∞" if value > 0 else "−∞")
    places = DEFAULT_DIGITS if digits is None else max(1, digits)
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{places - 1}e}"))))
    if -4 <= exponent < max(places, 9):
        text = f"{value:,.{max(0, places - 1 - exponent)}f}"
    else:
        mantissa, _, power = f"{value:.{places - 1}e}".partition("e")
        text = f"{mantissa}×10{str(int(power)).translate(_SUPERSCRIPT)}"
    return text.replace("-", "−")


def format_interval(
    value: float | None, low: float | None, high: float | None, decimals: int | None = None
) -> tuple[str, str]:
    """Value and interval with the decimals the interval's width deserves: two significant digits of it; or with `decimals`."""
    if value is None or low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        if value is None or decimals is None or not math.isfinite(value):
            return format_number(value), ""
        return f"{value:,.{decimals}f}".replace("-", "−"), ""
    width = abs(high - low)
    largest = max(abs(value), abs(low), abs(high))
    if width == 0 or largest == 0 or not 1e-4 <= largest < 1e7:
        return format_number(value), f"{format_number(low)} – {format_number(high)}"
    if decimals is None:
        decimals = min(12, max(0, 1 - math.floor(math.log10(width))))
    shown = [f"{number:,.{decimals}f}".replace("-", "−") for number in (value, low, high)]
    return shown[0], f"{shown[1]} – {shown[2]}"


def format_cell(value: object, digits: int | None = None) -> str:
    """A cell of a result table."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return format_number(value, digits)
    return str(value)


def align_decimals(texts: Sequence[str], longest: int | None = None) -> list[str]:
    """Pad numbers at the right so that their decimal points stand under each other when set right-aligned.

    Marks for missing digits are used, never zeros: a zero would claim a precision the number does not have. `longest`:
    decimals to make room for; those of the texts if not told.
    """
    room = longest_tail(texts) if longest is None else longest
    return [
        text if tail is None or tail >= room else text + _padding(tail, room)
        for text, tail in ((text, _tail(text)) for text in texts)
    ]


def longest_tail(texts: Sequence[str], limit: int = 10) -> int:
    """The most decimals any of the numbers has, up to a limit; -1 when all are whole."""
    return min(limit, max((tail for text in texts if (tail := _tail(text)) is not None), default=-1))


def _tail(text: str) -> int | None:
    """Characters after the decimal point; -1 for a whole number; None for what is no plain number."""
    found = _PLAIN.fullmatch(text)
    if found is None:
        return None
    return found.end(1) - found.start(1) if found[1] is not None else -1


def _padding(tail: int, longest: int) -> str:
    if tail < 0:
        return POINT_ROOM + DIGIT_ROOM * longest
    return DIGIT_ROOM * (longest - tail)
