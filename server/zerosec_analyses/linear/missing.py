"""Missing values: which rows are left out, and what fills a gap, learnt from training rows only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from zerosec_analyses.linear.spec import MissingPolicy
from zerosec_analyses.linear.streaming import Imputation

# Columns with gaps are held in memory to learn their means, medians and levels from any set of rows: at most this many values.
MAX_HELD_VALUES = 60_000_000


def is_missing(values: np.ndarray) -> np.ndarray:
    """Where a column has gaps: NaN in numbers, -1 in codes."""
    return np.isnan(values) if values.dtype.kind == "f" else values < 0


def imputer(columns: Mapping[str, np.ndarray], policy: MissingPolicy) -> Callable[[np.ndarray], Imputation]:
    """A function from a mask of training rows to the fill-in value of each column with gaps.

    Numbers get the mean or median of the training rows, categories their most frequent level (the first of equals). A column
    without any value in the training rows gets 0 or its first level: no training row then carries information about it.
    """

    def learn(training: np.ndarray) -> Imputation:
        values: dict[str, float] = {}
        for name, column in columns.items():
            known = column[training & ~is_missing(column)]
            if known.size == 0:
                values[name] = 0.0
            elif column.dtype.kind != "f":
                values[name] = float(np.bincount(known).argmax())
            elif policy is MissingPolicy.IMPUTE_MEAN:
                values[name] = float(known.mean())
            else:
                values[name] = float(np.median(known))
        return values

    return learn
