"""Nested cross-validation: the whole procedure on every outer training part, judged on rows it never saw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.journal import Journal, numbers, text
from zerosec_analyses.modelling.keeping import kept_from_json, kept_to_json
from zerosec_analyses.modelling.preparation import Preparation, prepare_rows
from zerosec_analyses.modelling.procedure import STACK, Built, Model, Settled, build
from zerosec_analyses.modelling.search import Found, Rows, TrialLine
from zerosec_analyses.modelling.splits import Split, outer_splits
from zerosec_analyses.modelling.table import Feature, FloatArray, IntArray
from zerosec_analyses.modelling.task import NUMBER, Task, about_centre, mean_score, skill

CHOSEN = "chosen"
TRAINING_SAMPLE = 2000
SHUFFLES = 3
IMPORTANCE_ROWS = 2000


@dataclass(frozen=True)
class OuterFold:
    """One outer fold. Predictions are of its test rows, by candidate, "stack", and "chosen" (what the procedure would use)."""

    repeat: int
    fold: int
    train: IntArray
    test: IntArray
    predictions: dict[str, FloatArray]
    centre: FloatArray
    """What the training part would predict without features."""
    training_skill: dict[str, float]
    """On training rows, by candidate: R², or the explained share of the deviance."""
    chosen: str
    weights: dict[str, float]
    built: Built
    importance: FloatArray
    """By feature: how much the loss grows when it is shuffled among the test rows, as a share of their loss without features."""


@dataclass(frozen=True)
class Score:
    """Out-of-fold scores of one repeat, in the target's units."""

    r2: float
    rmse: float
    mae: float


@dataclass(frozen=True)
class Nested:
    """What the outer folds say."""

    folds: tuple[OuterFold, ...]
    y: FloatArray
    task: Task = NUMBER

    @property
    def names(self) -> list[str]:
        """What was judged: the candidates, and the stack."""
        return list(self.folds[0].predictions)

    @property
    def repeats(self) -> int:
        """Repeats that were done."""
        return max(fold.repeat for fold in self.folds) + 1

    def predictions(self, name: str, repeat: int = 0) -> FloatArray:
        """Each row's prediction by a model that has not seen it; NaN where it was never tested."""
        found = np.full((self.y.size, *self.task.shape), np.nan)
        for fold in self.folds:
            if fold.repeat == repeat:
                found[fold.test] = fold.predictions[name]
        return found

    def own_skill(self, name: str) -> float | None:
        """On training rows, the mean over the folds; None where no training part had two values of the target."""
        found = [fold.training_skill[name] for fold in self.folds]
        known = [value for value in found if math.isfinite(value)]
        return sum(known) / len(known) if known else None

    def score(self, name: str, repeat: int) -> Score:
        """Of a number, over all rows tested in a repeat; R² is about the mean of each training part."""
        errors, spread = [], []
        for fold in self.folds:
            if fold.repeat == repeat:
                errors.append(self.y[fold.test] - fold.predictions[name])
                spread.append(self.y[fold.test] - fold.centre)
        error, about = np.concatenate(errors), np.concatenate(spread)
        total = float((about**2).sum())
        r2 = 1.0 - float((error**2).sum()) / total if total > 0 else float("nan")
        return Score(r2, float(np.sqrt((error**2).mean())), float(np.abs(error).mean()))

    def mean_score(self, name: str) -> Score:
        """The mean over the repeats."""
        scores = [self.score(name, repeat) for repeat in range(self.repeats)]
        return Score(
            float(np.mean([s.r2 for s in scores])),
            float(np.mean([s.rmse for s in scores])),
            float(np.mean([s.mae for s in scores])),
        )

    def fold_losses(self, name: str) -> FloatArray:
        """The score of every outer fold: RMSE, or log loss."""
        return np.array(
            [mean_score(self.task, self.y[fold.test], fold.predictions[name]) for fold in self.folds]
        )

    def without_models(self) -> Nested:
        """The same without the folds' fitted models, which nothing needs any more."""
        folds = tuple(
            replace(fold, built=replace(fold.built, model=replace(fold.built.model, pipelines={})))
            for fold in self.folds
        )
        return replace(self, folds=folds)

    def importance(self) -> tuple[FloatArray, FloatArray]:
        """Mean over the folds and its spread, by feature."""
        all_ = np.array([fold.importance for fold in self.folds])
        with np.errstate(over="ignore"):  # after a wild number the spread may be beyond all numbers
            return all_.mean(axis=0), all_.std(axis=0)


@dataclass(frozen=True)
class Step:
    """Where the nested cross-validation is: counted from 1."""

    repeat: int
    fold: int
    folds: int
    method: Method
    trial: int
    best_loss: float
    ended_early: bool = False
    """The search is over and ended before its last trial: told of those that an interrupted attempt has done."""


Watch = Callable[[Step], bool]
"""Told of every trial; says whether the search of this candidate goes on."""


def nested(
    rows: Rows,
    features: Sequence[Feature],
    settled: Settled,
    outer_folds: int,
    repeats: int,
    most_training_rows: int,
    seed: int,
    watch: Watch,
    more_repeats: Callable[[], bool] = lambda: True,
    journal: tuple[Journal, int] | None = None,
) -> Nested:
    """Judge the procedure. Only the first repeat is always finished; ``more_repeats`` is asked before each further one.

    ``journal``, with the number of the target, keeps what is done; folds it knows are not judged again.
    """
    done: list[OuterFold] = []
    for repeat in range(1 if rows.order is not None else repeats):
        begun = journal is not None and journal[0].knows((journal[1], repeat, 0))
        if repeat and not begun and not more_repeats():
            break
        strata = rows.y.astype(np.int64) if rows.task.classes else None
        parts = outer_splits(outer_folds, rows.y.size, rows.units, rows.order, seed, repeat, strata=strata)
        for number, split in enumerate(parts):
            own = int(np.random.SeedSequence([seed, repeat, number]).generate_state(1)[0] % 2**31)
            train = split.train
            if train.size > most_training_rows:
                train = np.sort(np.random.default_rng(own).choice(train, most_training_rows, replace=False))
            at = partial(Step, repeat + 1, number + 1, len(parts))
            kept = None if journal is None else journal[0].fold((journal[1], repeat, number))
            if kept is not None:
                part = rows.of(train)
                preparation = prepare_rows(
                    part.values,
                    part.y,
                    features,
                    kept_from_json(kept["kept"]).selection,
                    own,
                    classes=rows.task.classes,
                )
                done.append(
                    fold_from_json(kept, rows.task, (repeat, number), Split(train, split.test), preparation)
                )
                for one in done[-1].built.found.values():
                    watch(at(one.method, len(one.trials), one.loss, one.ended_early))
                continue
            part = rows.of(train)
            trials = None if journal is None else (journal[0], (journal[1], repeat, number))
            built = build(part, features, settled, own, partial(_told, watch, at), journal=trials)
            done.append(_judged(built, rows, Split(train, split.test), part, repeat, number, own))
            if journal is not None:
                journal[0].keep_fold((journal[1], repeat, number), fold_to_json(done[-1]))
    return Nested(tuple(done), rows.y, rows.task)


def _told(watch: Watch, at: Callable[..., Step], method: Method, trial: int, best: float) -> bool:
    return watch(at(method, trial, best))


def _judged(
    built: Built, rows: Rows, split: Split, part: Rows, repeat: int, number: int, seed: int
) -> OuterFold:
    test = split.test
    values = rows.values[test]
    predictions = built.predictions(values)
    predictions[CHOSEN] = built.model.finished(predictions[built.model.chosen])
    rng = np.random.default_rng(seed)
    seen = np.arange(part.y.size)
    if seen.size > TRAINING_SAMPLE:
        seen = rng.choice(seen, TRAINING_SAMPLE, replace=False)
    own = built.predictions(part.values[seen])
    own[CHOSEN] = built.model.finished(own[built.model.chosen])
    task, y = rows.task, part.y[seen]
    training = {name: skill(task, y, p, task.centre(y)) for name, p in own.items()}
    weights = built.model.weights if built.model.chosen == STACK else {built.model.chosen: 1.0}
    return OuterFold(
        repeat, number, split.train, test, predictions, task.centre(part.y), training, built.model.chosen, weights, built,
        _importance(built, task, values, rows.y[test], predictions[CHOSEN], rng),
    )  # fmt: skip


def _importance(
    built: Built,
    task: Task,
    values: FloatArray,
    y: FloatArray,
    predicted: FloatArray,
    rng: np.random.Generator,
) -> FloatArray:
    """Permutation importance (Breiman 2001) of the chosen model on unseen rows."""
    if y.size > IMPORTANCE_ROWS:
        rows = rng.choice(y.size, IMPORTANCE_ROWS, replace=False)
        values, y, predicted = values[rows], y[rows], predicted[rows]
    found = np.zeros(values.shape[1])
    spread = float(about_centre(task, y, task.centre(y)).mean()) or 1.0
    base = float(task.losses(y, predicted).mean())
    used = {place for pipe in built.model.members.values() for place in pipe.preparation.used}
    for feature in sorted(used):
        total = 0.0
        for _ in range(SHUFFLES):
            changed = values.copy()
            changed[:, feature] = rng.permutation(changed[:, feature])
            total += float(task.losses(y, built.model.predict(changed)).mean())
        found[feature] = (total / SHUFFLES - base) / spread
    return found


def fold_to_json(fold: OuterFold) -> dict[str, Any]:
    """What later steps need of a judged fold, without its rows and fitted models."""
    return {
        "predictions": {name: text(made) for name, made in fold.predictions.items()},
        "centre": text(np.asarray(fold.centre)),
        "training_skill": fold.training_skill,
        "chosen": fold.chosen,
        "weights": fold.weights,
        "importance": text(fold.importance),
        "inner_loss": fold.built.inner_loss,
        "kept": kept_to_json(fold.built.kept),
        "found": {
            name: {
                "settings": one.settings, "transform": one.transform.value, "loss": one.loss, "ended_early": one.ended_early,
                "trials": [[t.number, t.settings, t.transform.value, t.loss, t.pruned] for t in one.trials],
            }
            for name, one in fold.built.found.items()
        },
    }  # fmt: skip


def fold_from_json(
    kept: dict[str, Any], task: Task, place: tuple[int, int], split: Split, preparation: Preparation
) -> OuterFold:
    """A judged fold from the journal, by its repeat and number, with the preparation of its training rows; its models are not there."""
    found = {
        name: Found(
            Method(name), one["settings"], TargetTransform(one["transform"]), one["loss"], np.zeros(0),
            tuple(TrialLine(t[0], t[1], TargetTransform(t[2]), t[3], t[4]) for t in one["trials"]), one["ended_early"],
        )
        for name, one in kept["found"].items()
    }  # fmt: skip
    centre = numbers(kept["centre"]).reshape(task.shape)
    model = Model(kept["chosen"], {}, kept["weights"], centre)
    return OuterFold(
        *place, split.train, split.test,
        {name: numbers(made).reshape(split.test.size, *task.shape) for name, made in kept["predictions"].items()},
        centre, kept["training_skill"], kept["chosen"], kept["weights"],
        Built(model, kept["inner_loss"], found, preparation, kept_from_json(kept["kept"])), numbers(kept["importance"]),
    )  # fmt: skip
