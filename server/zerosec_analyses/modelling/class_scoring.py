"""What a model of classes says of new rows: the most probable class, probabilities, the decision, and why there is none."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from zerosec_analyses.modelling.decisions import GREY
from zerosec_analyses.modelling.saved_classes import SavedClasses
from zerosec_analyses.modelling.table import FloatArray

SHOWN_CLASSES = 12
"""Of more classes the probability of the most probable one alone is a column."""
UNDECIDED = "cannot say"
WHY_UNDECIDED = " why undecided"
"""How the name of the column ends that says why a row is grey; empty where it is not."""
BETWEEN = "between_thresholds"


class ClassScorer:
    """Turns probabilities of a target's classes into the columns a prediction adds to its table."""

    def __init__(self, target: str, classes: SavedClasses) -> None:
        self.target, self.labels = target, classes.labels
        self._decision = classes.learnt_decision()
        self._every = len(self.labels) <= SHOWN_CLASSES

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it adds, in order."""
        return (
            f"predicted {self.target}",
            *(f"{self.target} probability {label}" for label in self.shown),
            self.decision,
            f"{self.target}{WHY_UNDECIDED}",
        )

    @property
    def shown(self) -> tuple[str, ...]:
        """The classes whose probability is a column; `of it` where that is the most probable one alone."""
        return self.labels if self._every else ("of it",)

    @property
    def decision(self) -> str:
        """The name of the column of decisions."""
        return f"{self.target} decision"

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Their types."""
        first, *shown, decision, why = self.names
        numbers: dict[str, pl.DataType] = dict.fromkeys(shown, pl.Float64())
        return {first: pl.String(), **numbers, decision: pl.String(), why: pl.String()}

    def columns(
        self, probabilities: FloatArray, far: NDArray[np.bool_], unseen_level: NDArray[np.bool_]
    ) -> dict[str, pl.Series]:
        """The columns of n rows, from their probabilities (n x k).

        Rows ``far`` from all training rows, or of a level the model has never seen, are not decided on.
        """
        decided = self._decision.decide(probabilities, far | unseen_level)
        labels = np.array([*self.labels, UNDECIDED], dtype=object)  # GREY, -1, is the last
        why = np.full(decided.size, "", dtype=object)
        grey = decided == GREY
        why[grey] = BETWEEN
        why[grey & far] = "out_of_domain"
        why[grey & unseen_level] = "unseen_level"
        shown = probabilities if self._every else probabilities.max(axis=1, keepdims=True)
        values = (
            labels[probabilities.argmax(axis=1)],
            *(shown[:, place] for place in range(shown.shape[1])),
            labels[decided],
            why,
        )
        return {
            name: pl.Series(name, list(column) if column.dtype == object else column, dtype=dtype)
            for (name, dtype), column in zip(self.schema.items(), values, strict=True)
        }
