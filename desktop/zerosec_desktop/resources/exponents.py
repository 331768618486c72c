"""Exponents in one hand: many fonts have ¹ ² ³ alone, and the other raised digits would come from another font beside them."""

import html
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QRawFont
from PySide6.QtWidgets import QApplication

__all__ = ["POWER", "exponent_font", "split_power", "with_exponent"]

POWER = "×10"
_RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
_LIKELY = ("Inter", "Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial")


def split_power(text: str) -> tuple[str, str]:
    """1.2×10⁻⁷ as 1.2×10 and ⁻⁷; a text without a power of ten as it is, and nothing."""
    before, mark, power = text.partition(POWER)
    return (before + mark, power) if mark and power and set(power) <= set(_RAISED) else (text, "")


def exponent_font(font: QFont) -> QFont:
    """The font for the exponents beside this one: itself where it has all raised digits, else the first that has."""
    family = _family(tuple(font.families()) or (font.family(),))
    if not family:
        return font
    other = QFont(font)
    other.setFamilies([family])
    return other


def with_exponent(text: str, font: QFont) -> str:
    """A number and its unit as rich text, its exponent in one font; empty where a plain text will do. Copied, it is the same text."""
    number, mark, rest = text.partition(POWER)
    power = rest[: len(rest) - len(rest.lstrip(_RAISED))]
    family = _family(tuple(font.families()) or (font.family(),))
    if not mark or not power or not family:
        return ""
    unit = html.escape(rest[len(power) :])
    return f"{html.escape(number)}{mark}<span style=\"font-family:'{family}'\">{power}</span>{unit}"


@cache
def _family(families: tuple[str, ...]) -> str:
    """The family to take raised digits from; empty where the first of these has them all, or none has."""
    if QApplication.instance() is None or _has_all(families[0]):
        return ""
    installed = (family for family in _LIKELY if QFontDatabase.hasFamily(family))
    return next((family for family in installed if _has_all(family)), "")


def _has_all(family: str) -> bool:
    raw = QRawFont.fromFont(QFont(family))
    return all(raw.supportsCharacter(ord(sign)) for sign in _RAISED)
