"""The whole procedure on one training part: search every candidate inside it, stack them, choose, fit. What is judged is this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.journal import Journal, Place
from zerosec_analyses.modelling.keeping import Kept, kept_of
from zerosec_analyses.modelling.preparation import Preparation, Selection, prepare_rows
from zerosec_analyses.modelling.search import Found, Pipeline, Rows, fit_pipeline, inner_parts, search
from zerosec_analyses.modelling.stacking import Learn, Mix, unseen_stack
from zerosec_analyses.modelling.table import Feature, FloatArray, IntArray
from zerosec_analyses.modelling.task import Calibration, Task, mean_score, side_by_side

STACK = "stack"
STACK_PREFERENCE = 0.99
"""The stack is chosen when no single model is better by one hundredth: what looks best of several is partly luck. So is a sum of models before a product."""


@dataclass(frozen=True)
class Settled:
    """How a model is looked for: candidates, inner folds, trials a candidate, transform (None: tried), and the selections to choose among."""

    methods: tuple[Method, ...]
    inner_folds: int
    trials: int
    transform: TargetTransform | None
    selections: tuple[Selection, ...]
    stack: bool


@dataclass(frozen=True)
class Model:
    """A fitted model: the chosen one of ``pipelines``, or a stack of them by ``weights`` about ``centre``: see `Mix`."""

    chosen: str
    pipelines: dict[str, Pipeline]
    weights: dict[str, float]
    centre: FloatArray
    """What is predicted without features."""
    calibration: Calibration | None = None
    product_of: int = 0

    def predict(self, values: FloatArray) -> FloatArray:
        """Rows x features to predictions by the chosen model: in the target's units, or calibrated probabilities (rows x classes)."""
        return self.of_prepared(self.preparation.apply(values))

    @property
    def preparation(self) -> Preparation:
        """What all its pipelines do to features first."""
        return next(iter(self.pipelines.values())).preparation

    def of_prepared(self, prepared: FloatArray) -> FloatArray:
        """The same from rows that are already prepared."""
        if self.chosen != STACK:
            return self.finished(self.pipelines[self.chosen].of_prepared(prepared))
        return self.finished(
            self.mixed({name: pipe.of_prepared(prepared) for name, pipe in self.members.items()})
        )

    def mixed(self, predictions: Mapping[str, FloatArray]) -> FloatArray:
        """The stack of these predictions, by name; those without a weight are not looked at."""
        names = [name for name in self.weights if name in predictions]
        mix = Mix(np.array([self.weights[name] for name in names]), self.centre, self.product_of)
        return mix.apply(side_by_side([predictions[name] for name in names]))

    def finished(self, predictions: FloatArray) -> FloatArray:
        """Predictions of the chosen model, calibrated where that is done."""
        return predictions if self.calibration is None else self.calibration.apply(predictions)

    @property
    def members(self) -> dict[str, Pipeline]:
        """The pipelines a prediction needs, one at least: where all weight went to what is predicted without features, the first."""
        if self.chosen != STACK:
            return {self.chosen: self.pipelines[self.chosen]}
        names = [name for name, weight in self.weights.items() if weight > 0] or [next(iter(self.weights))]
        return {name: self.pipelines[name] for name in names}


@dataclass(frozen=True)
class Built:
    """A model with what was found on the way: scores inside the training part by name, and each candidate's search."""

    model: Model
    inner_loss: dict[str, float]
    found: dict[str, Found]
    preparation: Preparation
    kept: Kept

    def predictions(self, values: FloatArray) -> dict[str, FloatArray]:
        """Every candidate's predictions, and the stack's."""
        prepared = self.preparation.apply(values)
        made = {name: pipe.of_prepared(prepared) for name, pipe in self.model.pipelines.items()}
        if STACK in self.inner_loss:
            made[STACK] = self.model.mixed(made)
        return made


Watch = Callable[[Method, int, float], bool]


def build(
    rows: Rows,
    features: Sequence[Feature],
    settled: Settled,
    seed: int,
    watch: Watch,
    hints: Sequence[dict[str, Found]] = (),
    journal: tuple[Journal, Place] | None = None,
) -> Built:
    """Search, stack, choose and fit on these rows alone. ``watch`` is told of every trial and says whether a search goes on.

    ``journal`` keeps the trials, under a place of this training part.
    """
    task = rows.task
    kept = kept_of(rows, features, settled.selections, settled.methods, settled.inner_folds, seed)
    inner = inner_parts(rows, features, kept.selection, settled.inner_folds, seed)
    found: dict[str, Found] = {}
    for place, method in enumerate(settled.methods):
        found[method.value] = search(
            task.candidates[method], inner, settled.transform, settled.trials, seed + 1000 * (place + 1),
            partial(watch, method), [hint[method.value] for hint in hints],
            journal[0].of_search(journal[1], method.value) if journal else None,
        )  # fmt: skip
    tested = inner.folds >= 0
    y = rows.y[tested]
    score = {name: mean_score(task, y, one.unseen[tested]) for name, one in found.items()}
    usable = [name for name, value in score.items() if np.isfinite(value)]
    weights: dict[str, float] = {}
    product_of = 0
    cross = np.zeros((0, *task.shape))
    if settled.stack and len(usable) > 1:
        unseen = side_by_side([found[name].unseen[tested] for name in usable])
        mix, cross, score[STACK] = _best_mix(task, unseen, y, inner.folds[tested])
        weights = dict(zip(usable, mix.weights.tolist(), strict=True))
        product_of = mix.product_of
    preparation = prepare_rows(rows.values, rows.y, features, kept.selection, seed, classes=task.classes)
    prepared = preparation.apply(rows.values)
    pipelines = {
        name: fit_pipeline(task.candidates[one.method], one, preparation, prepared, rows.y, seed + 7, task)
        for name, one in found.items()
    }
    chosen = min(score, key=lambda name: (score[name] * (STACK_PREFERENCE if name == STACK else 1.0), name))
    own = cross if chosen == STACK else found[chosen].unseen[tested]
    known = np.isfinite(own).reshape(y.size, -1).all(axis=1)
    calibration = task.calibrate(own[known], y[known], inner.folds[tested][known])
    model = Model(chosen, pipelines, weights, task.centre(rows.y), calibration, product_of)
    return Built(model, score, found, preparation, kept)


def _best_mix(
    task: Task, unseen: FloatArray, y: FloatArray, folds: IntArray
) -> tuple[Mix, FloatArray, float]:
    """What puts m models together best, its predictions of rows its weights have not seen, and their score."""
    if np.unique(folds).size < 2:  # one held-out part: no weights can be judged on other rows
        mix = task.mixes[0](unseen, y)
        made = mix.apply(unseen)
        return mix, made, mean_score(task, y, made)
    best: tuple[Learn, FloatArray, float] | None = None
    for learn in task.mixes:
        made = unseen_stack(unseen, y, folds, learn)
        judged = np.isfinite(made).reshape(y.size, -1).all(axis=1)
        value = mean_score(task, y[judged], made[judged])
        if best is None or value < STACK_PREFERENCE * best[2]:
            best = learn, made, value
    assert best is not None
    return best[0](unseen, y), best[1], best[2]
