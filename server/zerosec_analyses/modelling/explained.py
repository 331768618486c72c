"""What every result of a model has, by which the shared tables, views and plots are made."""

from __future__ import annotations

from typing import Protocol

from zerosec_analyses.modelling.explain import Profile, ShapleyValues
from zerosec_analyses.modelling.nested import Nested
from zerosec_analyses.modelling.procedure import Built
from zerosec_analyses.modelling.table import IntArray
from zerosec_analyses.sdk import Said


class Explained(Protocol):
    """One target's model with what explains it."""

    @property
    def target(self) -> str:
        """The column that is predicted."""

    @property
    def unit(self) -> str:
        """Of a prediction."""

    @property
    def predicted(self) -> Said:
        """What a prediction is called on an axis."""

    @property
    def places(self) -> IntArray:
        """The rows of the table used."""

    @property
    def nested(self) -> Nested:
        """What the outer folds say."""

    @property
    def built(self) -> Built:
        """The final model."""

    @property
    def shapley(self) -> ShapleyValues | None:
        """Its predictions of some rows, split up by feature."""

    @property
    def shapley_places(self) -> IntArray:
        """Which of the rows used those are."""

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Partial dependence of the most important features."""

    @property
    def learning(self) -> tuple[tuple[int, float], ...]:
        """Training rows, score on unseen rows."""
