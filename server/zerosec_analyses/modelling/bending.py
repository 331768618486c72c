"""Skewed columns bent by the inverse hyperbolic sine before a smooth method is fitted: few rows do not lie apart from all others.

Near 0 it leaves numbers as they are, far out it goes like their logarithm; a column of two values stays one of two values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zerosec_analyses.modelling.candidate import Fit, Predictor, Settings
from zerosec_analyses.modelling.table import FloatArray

SKEWED = 1.0
"""A column about 0 and of spread 1 is skewed where its third moment is larger."""


def skewed_columns(x: FloatArray) -> tuple[int, ...]:
    """The places of the skewed ones among columns x (n x d)."""
    return tuple(np.flatnonzero(np.abs((x**3).mean(axis=0)) > SKEWED).tolist())


@dataclass(frozen=True)
class Bent:
    """A fitted method that is given ``columns`` bent, the others as they are."""

    columns: tuple[int, ...]
    inner: Predictor

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to what the method predicts."""
        return self.inner.predict(bent(x, self.columns))

    def predict_proba(self, x: FloatArray) -> FloatArray:
        """Rows x columns to probabilities, of a classifier."""
        return np.asarray(self.inner.predict_proba(bent(x, self.columns)))  # type: ignore[attr-defined]


def bent(x: FloatArray, columns: tuple[int, ...]) -> FloatArray:
    """A copy of rows x (n x d) with these columns bent."""
    made = x.copy()
    made[:, list(columns)] = np.arcsinh(made[:, list(columns)])
    return made


def bending(fit: Fit) -> Fit:
    """The same fit, to columns of which the skewed ones are bent."""

    def of_bent(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
        columns = skewed_columns(x)
        return (
            Bent(columns, fit(bent(x, columns), y, settings, seed)) if columns else fit(x, y, settings, seed)
        )

    return of_bent


def unbent(predictor: object) -> object:
    """What was fitted to the bent columns; anything else as it is."""
    return predictor.inner if isinstance(predictor, Bent) else predictor
