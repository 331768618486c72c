"""Numbers no model can be computed with: their squares, or those of their differences, are infinite or 0.

Guards against infinite predictions, scores of 0 / 0, and columns that silently count as constant: such values are refused by name.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zerosec_analyses.errors import InputError
from zerosec_shared.texts import say

__all__ = ["refuse_too_large", "refuse_too_like"]

LARGEST, SMALLEST_SPREAD = 1e100, 1e-100  # third powers, and sums over many rows, still are numbers


def refuse_too_large(column: str, values: NDArray[np.float64], row_number: Callable[[int], int]) -> None:
    """Raise InputError naming the row of the largest value (NaN: none) where it is too large."""
    sizes = np.abs(values)
    if not (sizes > LARGEST).any():
        return
    row = int(np.nanargmax(sizes))
    raise InputError(
        say(
            "Row {row:,}, column “{column}”: {value:.3g} is too large to compute with.",
            row=row_number(row),
            column=column,
            value=float(values[row]),
        ),
        say("Numbers up to {most:.0e} can be used.", most=LARGEST),
        "Correct the value, leave the cell empty, or give the column in another unit.",
    )


def refuse_too_like(column: str, values: NDArray[np.float64]) -> None:
    """Raise InputError where values (NaN: none) differ, but by too little."""
    known = values[~np.isnan(values)]
    spread = float(known.max() - known.min()) if known.size else 0.0
    if 0 < spread < SMALLEST_SPREAD:
        raise InputError(
            say("The values of column “{column}” differ too little to compute with.", column=column),
            say("They lie within {spread:.3g} of each other.", spread=spread),
            "Give the column in another unit, or leave it out.",
        )
