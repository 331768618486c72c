"""Factors and how their values are coded: numbers from −1 to 1, categories by number, mixture components as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class FactorKind(StrEnum):
    """What a factor's values are."""

    CONTINUOUS = "continuous"
    DISCRETE = "discrete"
    CATEGORICAL = "categorical"
    COMPONENT = "component"
    BLOCK = "block"


@dataclass(frozen=True)
class Factor:
    """A factor and the values it may take.

    ``levels`` are sorted numbers, or the texts of a category. Numbers are coded −1 at ``low`` and 1 at ``high``; components are coded as
    parts of one, of what makes up ``total``; a category's code is the place of its level. ``sources`` are the columns of a category that
    is written as one column of 0 and 1 a level.
    """

    name: str
    kind: FactorKind
    levels: tuple[float | str, ...]
    low: float = -1.0
    high: float = 1.0
    sources: tuple[str, ...] = ()
    total: float = 1.0

    @property
    def is_categorical(self) -> bool:
        """Whether its levels are names."""
        return self.kind in {FactorKind.CATEGORICAL, FactorKind.BLOCK}

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the user's table that hold it."""
        return self.sources or (self.name,)

    def coded(self, values: FloatArray) -> FloatArray:
        """Numbers in the factor's own unit as codes."""
        if self.kind is FactorKind.COMPONENT:
            return values / self.total
        # both ends exactly: -1 and 1, whatever the rounding of the middle
        return ((values - self.low) - (self.high - values)) / (self.high - self.low)

    def raw(self, codes: FloatArray) -> FloatArray:
        """Codes as numbers in the factor's own unit."""
        if self.kind is FactorKind.COMPONENT:
            return codes * self.total
        return (self.low * (1 - codes) + self.high * (1 + codes)) / 2

    @property
    def level_codes(self) -> FloatArray:
        """The codes of all levels, in their order."""
        if self.is_categorical:
            return np.arange(len(self.levels), dtype=np.float64)
        return self.coded(np.array(self.levels, dtype=np.float64))

    def basis(self, codes: FloatArray, degree: int) -> FloatArray:
        """The basis functions (n x m) of codes: powers up to ``degree``, or sum-to-zero effects of the levels."""
        if not self.is_categorical:
            return np.column_stack([codes**power for power in range(1, degree + 1)])
        m = len(self.levels) - 1
        effects = np.vstack([np.eye(m), -np.ones((1, m))])
        return effects[codes.astype(np.int64)]


MOST = 1e300
"""Beyond this the differences of two numbers may be none any more."""


def numeric(name: str, values: FloatArray, kind: FactorKind = FactorKind.DISCRETE) -> Factor:
    """A numeric factor with the levels found in ``values``."""
    levels = np.unique(values)
    return Factor(name, kind, tuple(levels.tolist()), float(levels[0]), float(levels[-1]))


def categorical(name: str, levels: Sequence[str], sources: Sequence[str] = ()) -> Factor:
    """A category with these levels."""
    return Factor(name, FactorKind.CATEGORICAL, tuple(levels), sources=tuple(sources))
