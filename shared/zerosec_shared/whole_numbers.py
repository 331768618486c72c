"""Which columns of numbers are shown without separators of thousands: years, codes, small counts."""

import math
from collections.abc import Iterable

__all__ = ["SEPARATED_FROM", "are_short_whole_numbers"]

SEPARATED_FROM = 10_000


def are_short_whole_numbers(values: Iterable[object]) -> bool:
    """Whether all numbers of a column are whole, and the longest has four digits; other values do not count.

    Four digits are read at a glance, and "2,007" is no year (SI Brochure, 9th edition, 5.4.4).
    """
    found = False
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if isinstance(value, float):
            if math.isnan(value):
                continue
            if not value.is_integer():
                return False
        if abs(value) >= SEPARATED_FROM:
            return False
        found = found or abs(value) >= SEPARATED_FROM / 10
    return found
