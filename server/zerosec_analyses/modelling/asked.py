"""What the forms of all models ask alike, put into the terms of the search: columns, the plan's wishes, how models are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.keeping import selections_for
from zerosec_analyses.modelling.plan import Plan, Wishes
from zerosec_analyses.modelling.procedure import Settled
from zerosec_analyses.modelling.table import Choice
from zerosec_analyses.sdk import Parameters


class SearchParameters(Protocol):
    """The fields of `form_fields` that say how much is searched."""

    @property
    def outer_folds(self) -> int:
        """0: by the size of the table."""

    @property
    def repeats(self) -> int:
        """Of the outer folds."""

    @property
    def inner_folds(self) -> int:
        """0: by the size of the table."""

    @property
    def trials(self) -> int:
        """A model and training part."""

    @property
    def budget(self) -> float:
        """In seconds; 0: none."""

    @property
    def time_column(self) -> str | None:
        """With it, earlier rows predict later ones."""

    @property
    def top_features(self) -> int:
        """How many may stay; 0: decided by inner folds."""

    @property
    def correlation_threshold(self) -> float:
        """Beyond it one of a pair goes; 0: decided by inner folds."""

    @property
    def stack(self) -> bool:
        """Whether one is tried."""

    @property
    def models(self) -> Sequence[StrEnum]:
        """Named as `Method` names them."""


def choice_of(params: Parameters, targets: tuple[str, ...], *, classes: bool = False) -> Choice:
    """Which columns are chosen. What a form still lacks is as if it were empty."""
    return Choice(
        targets,
        tuple(getattr(params, "features", ())),
        tuple(getattr(params, "categorical", ())),
        getattr(params, "groups", None),
        getattr(params, "time_column", None),
        keep_repeats_together=getattr(params, "keep_repeats_together", True),
        class_targets=classes,
    )


def wishes_of(params: SearchParameters) -> Wishes:
    """What is fixed of the plan."""
    return Wishes(
        params.outer_folds,
        params.repeats,
        params.inner_folds,
        params.trials,
        tuple(Method(kind.value) for kind in params.models),
        params.budget,
        by_time=params.time_column is not None,
        asks_wider=not (params.top_features and params.correlation_threshold),
    )


def settled_of(params: SearchParameters, plan: Plan, transform: TargetTransform | None = None) -> Settled:
    """How models are looked for; ``transform`` is the one that was asked for."""
    selections = selections_for(params.top_features, params.correlation_threshold)
    return Settled(
        plan.methods,
        plan.inner_folds,
        plan.trials,
        transform,
        selections if plan.asks_wider else selections[:1],
        params.stack,
    )
