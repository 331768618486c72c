"""What a candidate is: a method with the settings a search may choose, and its fit on prepared rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from zerosec_analyses.modelling.table import FloatArray

MOST_COLUMNS = 40
"""About as many prepared columns as twenty features make; more are kept on few tables."""
Settings = Mapping[str, float | int | str]


class Method(StrEnum):
    """The candidates for a number or for classes."""

    LINEAR = "linear"
    ELASTIC_NET = "elastic_net"
    RANDOM_FOREST = "random_forest"
    EXTRA_TREES = "extra_trees"
    GRADIENT_BOOSTING = "gradient_boosting"
    LIGHTGBM = "lightgbm"
    XGBOOST = "xgboost"
    CATBOOST = "catboost"
    SUPPORT_VECTORS = "support_vectors"
    GAUSSIAN_PROCESS = "gaussian_process"
    LOGISTIC = "logistic"
    DISCRIMINANT = "discriminant"


class Trial(Protocol):
    """What a search offers a candidate to choose by: Optuna's trials are such."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """A number between two."""

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """A whole number between two."""

    def suggest_categorical(self, name: str, choices: list[str]) -> str:
        """One of several words."""


class Predictor(Protocol):
    """What a fit gives: predictions on the scale it was fitted on."""

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows."""


Suggest = Callable[[Trial, int, int], dict[str, float | int | str]]
Fit = Callable[[FloatArray, FloatArray, Settings, int], Predictor]


@dataclass(frozen=True)
class Candidate:
    """A method: what it is given first, how settings are suggested (trial, rows, columns), and its fit.

    ``most_rows`` is beyond what it is offered by itself; ``useful_trials`` more settings than these do not pay;
    ``row_s``, ``base_s`` and ``column_s``: seconds of a fit, a row of ten columns, by itself, and a column, for estimates.
    """

    method: Method
    start: Settings
    suggest: Suggest
    fit: Fit
    most_rows: int
    useful_trials: int
    base_s: float
    row_s: float
    column_s: float = 0.0

    def start_for(self, n_rows: int) -> dict[str, float | int | str]:
        """The first settings for so many training rows."""
        start = dict(self.start)
        if "leaf_rows" in start:
            start["leaf_rows"] = min(int(start["leaf_rows"]), max(3, n_rows // 8))
        return start

    def seconds(self, n_rows: int, n_columns: int) -> float:
        """Roughly how long one fit takes."""
        rows = n_rows * (1.0 + n_columns / 10) / 2
        if self.method is Method.GAUSSIAN_PROCESS:
            return 0.02 + 0.7 * (min(n_rows, 300) / 300) ** 2 + 6e-10 * min(n_rows, 2500) ** 3 / 10
        if self.method is Method.SUPPORT_VECTORS:
            return self.base_s + self.row_s * rows * max(1.0, n_rows / 500)
        return self.base_s + self.row_s * rows + self.column_s * min(n_columns, MOST_COLUMNS)
