"""Numbers for the eye: sensible digits, aligned decimals, intervals. Exports never come through here."""

import math
from collections.abc import Sequence

__all__ = [
    "DIGIT_ROOM",
    "MISSING",
    "POINT_ROOM",
    "align_decimals",
    "format_cell",
    "format_interval",
    "format_number",
]

MISSING = "–"
DEFAULT_DIGITS = 4
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
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


def format_interval(value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """Value and interval with the decimals the interval's width deserves: two significant digits of it."""
    if value is None or low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return format_number(value), ""
    width = abs(high - low)
    largest = max(abs(value), abs(low), abs(high))
    if width == 0 or largest == 0 or not 1e-4 <= largest < 1e7:
        return format_number(value), f"{format_number(low)} – {format_number(high)}"
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


def align_decimals(texts: Sequence[str], limit: int = 10) -> list[str]:
    """Pad numbers at the right so that their decimal points stand under each other when set right-aligned.

    Spaces as wide as a digit are used, never zeros: a zero would claim a precision the number does not have.
    """
    tails = [_tail(text) for text in texts]
    longest = min(limit, max((tail for tail in tails if tail is not None), default=-1))
    return [
        text if tail is None or tail >= longest else text + _padding(tail, longest)
        for text, tail in zip(texts, tails, strict=True)
    ]


def _tail(text: str) -> int | None:
    """Characters after the decimal point; -1 for a whole number; None for what is no plain number."""
    if not text or not text[-1].isdecimal() or "×" in text or "e" in text:
        return None
    whole, point, decimals = text.partition(".")
    if not whole.lstrip("-−").replace(",", "").isdecimal():
        return None
    return len(decimals) if point else -1


def _padding(tail: int, longest: int) -> str:
    if tail < 0:
        return POINT_ROOM + DIGIT_ROOM * longest
    return DIGIT_ROOM * (longest - tail)
