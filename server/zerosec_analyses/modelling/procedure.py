"""The whole procedure on one training part: search every candidate inside it, stack them, choose, fit. What is judged is this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidates import CANDIDATES, Method
from zerosec_analyses.modelling.preparation import Preparation, Selection, prepare_rows
from zerosec_analyses.modelling.search import Found, Pipeline, Rows, fit_pipeline, inner_parts, search
from zerosec_analyses.modelling.stacking import stack_weights, stacked, unseen_stack
from zerosec_analyses.modelling.table import Feature, FloatArray

STACK = "stack"
STACK_PREFERENCE = 0.99
"""The stack is chosen when no single model is better by one hundredth: what looks best of several is partly luck."""


@dataclass(frozen=True)
class Settled:
    """How a model is looked for: candidates, inner folds, trials a candidate, transform (None: tried), and selection."""

    methods: tuple[Method, ...]
    inner_folds: int
    trials: int
    transform: TargetTransform | None
    selection: Selection
    stack: bool


@dataclass(frozen=True)
class Model:
    """A fitted model: the chosen one of ``pipelines``, or a stack of them by ``weights`` about ``centre``."""

    chosen: str
    pipelines: dict[str, Pipeline]
    weights: dict[str, float]
    centre: float

    def predict(self, values: FloatArray) -> FloatArray:
        """Rows x features to predictions in the target's units, by the chosen model."""
        if self.chosen != STACK:
            return self.pipelines[self.chosen].predict(values)
        total = np.full(values.shape[0], self.centre)
        for name, weight in self.weights.items():
            if weight > 0:
                total += weight * (self.pipelines[name].predict(values) - self.centre)
        return total

    @property
    def members(self) -> dict[str, Pipeline]:
        """The pipelines a prediction needs."""
        if self.chosen != STACK:
            return {self.chosen: self.pipelines[self.chosen]}
        return {name: self.pipelines[name] for name, weight in self.weights.items() if weight > 0}


@dataclass(frozen=True)
class Built:
    """A model with what was found on the way: scores inside the training part by name, and each candidate's search."""

    model: Model
    inner_rmse: dict[str, float]
    found: dict[str, Found]
    preparation: Preparation

    def predictions(self, values: FloatArray) -> dict[str, FloatArray]:
        """Every candidate's predictions, and the stack's."""
        prepared = self.preparation.apply(values)
        made = {name: pipe.of_prepared(prepared) for name, pipe in self.model.pipelines.items()}
        if STACK in self.inner_rmse:
            names = list(self.model.weights)
            columns = np.column_stack([made[name] for name in names])
            weights = np.array([self.model.weights[name] for name in names])
            made[STACK] = stacked(columns, weights, self.model.centre)
        return made


Watch = Callable[[Method, int, float], bool]


def build(
    rows: Rows,
    features: Sequence[Feature],
    settled: Settled,
    seed: int,
    watch: Watch,
    hints: Sequence[dict[str, Found]] = (),
) -> Built:
    """Search, stack, choose and fit on these rows alone. ``watch`` is told of every trial and says whether a search goes on."""
    inner = inner_parts(rows, features, settled.selection, settled.inner_folds, seed)
    found: dict[str, Found] = {}
    for place, method in enumerate(settled.methods):
        found[method.value] = search(
            CANDIDATES[method], inner, settled.transform, settled.trials, seed + 1000 * (place + 1),
            partial(watch, method), [hint[method.value] for hint in hints],
        )  # fmt: skip
    tested = inner.folds >= 0
    y = rows.y[tested]
    score = {name: _rmse(one.unseen[tested], y) for name, one in found.items()}
    usable = [name for name, value in score.items() if np.isfinite(value)]
    weights: dict[str, float] = {}
    if settled.stack and len(usable) > 1:
        unseen = np.column_stack([found[name].unseen[tested] for name in usable])
        weights = dict(zip(usable, stack_weights(unseen, y).tolist(), strict=True))
        cross = unseen_stack(unseen, y, inner.folds[tested])
        judged = np.isfinite(cross)
        if len(inner.parts) == 1:  # one held-out part: its weights cannot be judged on other rows
            cross = stacked(unseen, np.array(list(weights.values())), float(y.mean()))
            judged = np.isfinite(cross)
        score[STACK] = _rmse(cross[judged], y[judged])
    preparation = prepare_rows(rows.values, rows.y, features, settled.selection, seed)
    prepared = preparation.apply(rows.values)
    pipelines = {
        name: fit_pipeline(CANDIDATES[one.method], one, preparation, prepared, rows.y, seed + 7)
        for name, one in found.items()
    }
    chosen = min(score, key=lambda name: (score[name] * (STACK_PREFERENCE if name == STACK else 1.0), name))
    return Built(Model(chosen, pipelines, weights, float(y.mean())), score, found, preparation)


def _rmse(predicted: FloatArray, y: FloatArray) -> float:
    value = float(np.sqrt(np.mean((predicted - y) ** 2)))
    return value if np.isfinite(value) else float("inf")
