"""Numbers as people type them: full-width digits, a typographic minus, a decimal comma. Never a guess.

`1,234` could be 1234 or 1.234 and is refused with both readings named; `0,95` has one reading and is taken.
"""

import math
import re
import unicodedata

__all__ = ["NumberTextError", "exact_text", "parse_integer", "parse_number"]

_MINUS = str.maketrans(
    {"−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "ー": "-", "ｰ": "-", "。": ".", "、": ","}
)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


class NumberTextError(ValueError):
    """The text is not a number, or has two readings. `code` says which; `readings` holds them."""

    def __init__(self, code: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.readings = code, readings


def parse_number(text: str) -> float:
    """The number a text stands for, finite; raises NumberTextError."""
    plain = _plain(text)
    value = float(plain)
    if not math.isfinite(value):
        raise NumberTextError("too_large")
    return value


def parse_integer(text: str) -> int:
    """The whole number a text stands for, exact at any size; raises NumberTextError."""
    plain = _plain(text)
    if re.fullmatch(r"[+-]?\d+", plain):
        if len(plain) > 400:
            raise NumberTextError("too_large")
        return int(plain)
    value = float(plain)
    if not math.isfinite(value) or abs(value) > 2**53:
        raise NumberTextError("too_large")
    if value != int(value):
        raise NumberTextError("not_whole")
    return int(value)


def exact_text(value: float) -> str:
    """The shortest text that reads back as the same number."""
    if isinstance(value, int):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    plain = re.sub(r"[\s_']", "", plain)
    if "," in plain:
        if "." in plain or plain.count(",") > 1:
            without = plain.replace(",", "")
            if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
                return without
            raise NumberTextError("not_a_number")
        if _GROUPED.fullmatch(plain):
            raise NumberTextError("ambiguous", (plain.replace(",", ""), plain.replace(",", ".")))
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise NumberTextError("not_a_number")
    return plain
