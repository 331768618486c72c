"""Numbers as a person reads them in a report: sensible digits, decimals of a column under each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zerosec_analyses.result_tables import Cell
from zerosec_shared.whole_numbers import are_short_whole_numbers

MAX_DECIMALS = 6
LARGEST_PLAIN = 1e9
SMALLEST_P = 1e-4
P_COLUMNS = frozenset({"p_value"})


def shown_number(value: Cell, digits: int = 5) -> str:
    """A number by itself; a dash for what does not exist."""
    if value is None or value != value:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    size = abs(value)
    if 1e3 <= size < LARGEST_PLAIN:
        return f"{value:,.{max(0, digits - 1 - math.floor(math.log10(size)))}f}".replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−")


def shown_p(value: float) -> str:
    """A p-value: four decimals, or that it is below them."""
    return f"< {SMALLEST_P:.4f}" if value < SMALLEST_P else f"{value:.4f}"


def shown_column(name: str, values: Sequence[Cell], partners: Sequence[Cell] = ()) -> list[str]:
    """The cells of a column, with as many decimals as let its smaller numbers, and those of ``partners`` (in the same unit), show three digits."""
    if name in P_COLUMNS:
        return [shown_p(v) if isinstance(v, float) and math.isfinite(v) else shown_number(v) for v in values]
    if are_short_whole_numbers([*values, *partners]):
        return [
            f"{v:.0f}".replace("-", "−") if isinstance(v, int | float) and v == v else shown_number(v)
            for v in values
        ]
    sizes = sorted(abs(v) for v in (*values, *partners) if isinstance(v, float) and math.isfinite(v) and v)
    decimals = max(0, 2 - math.floor(math.log10(sizes[len(sizes) // 4]))) if sizes else 0
    if not sizes or sizes[-1] >= LARGEST_PLAIN or decimals > MAX_DECIMALS:
        return [shown_number(v) for v in values]
    return [
        f"{v:,.{decimals}f}".replace("-", "−")
        if isinstance(v, float) and math.isfinite(v)
        else shown_number(v)
        for v in values
    ]
