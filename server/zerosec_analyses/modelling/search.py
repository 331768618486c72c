"""The search inside a training part: settings of one candidate, judged by folds of that part and of nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import optuna

from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Candidate, Method, Predictor, Settings
from zerosec_analyses.modelling.journal import KeptTrial, SearchJournal
from zerosec_analyses.modelling.preparation import Preparation, Selection, prepare_rows
from zerosec_analyses.modelling.splits import inner_splits
from zerosec_analyses.modelling.table import Feature, FloatArray, IntArray
from zerosec_analyses.modelling.target_transform import ScaledTransform
from zerosec_analyses.modelling.task import NUMBER, Task

UNUSED = 4
"""Trials before the pruner may end one early."""
MOST_AT_RANDOM = 10
"""Trials before the estimator learns from what was found: under a time budget their number is not known beforehand."""

optuna.logging.set_verbosity(optuna.logging.ERROR)


@dataclass(frozen=True)
class Rows:
    """Rows a model may learn from: features (n x p), the target (n; the code of the class), and what must stay together or in order."""

    values: FloatArray
    y: FloatArray
    units: IntArray | None = None
    order: FloatArray | None = None
    task: Task = NUMBER

    def of(self, places: IntArray) -> Rows:
        """Some of the rows."""
        return Rows(
            self.values[places],
            self.y[places],
            None if self.units is None else self.units[places],
            None if self.order is None else self.order[places],
            self.task,
        )


@dataclass(frozen=True)
class Pipeline:
    """A fitted model from features to the target's own units, or to probabilities: preparation, method, inverse transform."""

    method: Method
    settings: Settings
    preparation: Preparation
    transform: ScaledTransform
    predictor: Predictor

    def predict(self, values: FloatArray) -> FloatArray:
        """Rows x features to predictions in the target's units."""
        return self.of_prepared(self.preparation.apply(values))

    def of_prepared(self, prepared: FloatArray) -> FloatArray:
        """The same from rows that are already prepared."""
        return self.transform.inverse(np.asarray(self.predictor.predict(prepared), dtype=np.float64))


@dataclass(frozen=True)
class _Part:
    train: FloatArray
    y: FloatArray
    test: FloatArray
    places: IntArray


@dataclass(frozen=True)
class InnerParts:
    """The inner folds of a training part, each prepared by its own training rows; shared by all candidates."""

    rows: Rows
    parts: tuple[_Part, ...]
    folds: IntArray
    """The inner fold each row is tested in, -1 where in none."""


def inner_parts(
    rows: Rows, features: Sequence[Feature], selection: Selection, n_folds: int, seed: int
) -> InnerParts:
    """Split and prepare a training part."""
    parts, folds = [], np.full(rows.y.size, -1)
    strata = rows.y.astype(np.int64) if rows.task.classes else None
    for fold, split in enumerate(
        inner_splits(n_folds, rows.y.size, rows.units, rows.order, seed, strata=strata)
    ):
        y = rows.y[split.train]
        preparation = prepare_rows(
            rows.values[split.train], y, features, selection, seed + fold, classes=rows.task.classes
        )
        parts.append(
            _Part(
                preparation.apply(rows.values[split.train]),
                y,
                preparation.apply(rows.values[split.test]),
                split.test,
            )
        )
        folds[split.test] = fold
    return InnerParts(rows, tuple(parts), folds)


@dataclass(frozen=True)
class TrialLine:
    """One trial, for the record: its settings, its score on the inner folds (infinite if ended early)."""

    number: int
    settings: Settings
    transform: TargetTransform
    loss: float
    pruned: bool


@dataclass(frozen=True)
class Found:
    """The best settings of a candidate, with its predictions of the rows it had not seen (NaN where never tested)."""

    method: Method
    settings: Settings
    transform: TargetTransform
    loss: float
    unseen: FloatArray
    trials: tuple[TrialLine, ...] = field(default=())
    ended_early: bool = False


Watch = Callable[[int, float], bool]
"""Told the number of trials done and the best score; says whether to go on."""


def search(
    candidate: Candidate,
    inner: InnerParts,
    wanted: TargetTransform | None,
    trials: int,
    seed: int,
    watch: Watch,
    hints: Sequence[Found] = (),
    journal: SearchJournal | None = None,
) -> Found:
    """Search settings by a seeded tree-structured Parzen estimator (Bergstra et al. 2011); poor trials end after a fold.

    ``hints`` are what was found on other parts: their settings are tried besides. Trials that ``journal`` knows are told to the
    estimator again and not computed, so that it goes on as if it had never been interrupted.
    """
    rows = inner.rows
    kinds = (wanted,) if wanted is not None else rows.task.transforms(rows.y)
    if candidate.method is Method.LINEAR and wanted is None:
        kinds = (TargetTransform.NONE,)  # the baseline is plain
    n, d = rows.y.size, max(1, inner.parts[0].train.shape[1])
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=max(3, min(MOST_AT_RANDOM, trials // 3))
        ),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=UNUSED, n_warmup_steps=0),
    )
    for kind in kinds:
        study.enqueue_trial({**candidate.start_for(n), "transform": kind.value})
    given = [(hint.settings, hint.transform) for hint in hints if hint.transform in kinds and hint.settings]
    for settings_given, kind in given:
        study.enqueue_trial({**settings_given, "transform": kind.value})
    lines: list[TrialLine] = []
    best: Found | None = None
    total = min(trials, candidate.useful_trials * len(kinds)) if candidate.useful_trials > 1 else len(kinds)
    count, ended_early = max(total, 1) + len(given), False
    for number in range(count):
        trial = study.ask()
        kind = kinds[0]
        if len(kinds) > 1:
            kind = TargetTransform(trial.suggest_categorical("transform", [k.value for k in kinds]))
        settings = candidate.suggest(trial, n, d)
        if number < len(kinds):
            settings = candidate.start_for(n)
        known = next((line for line in lines if line.settings == settings and line.transform is kind), None)
        if known is not None:  # nothing new: few settings exist
            study.tell(trial, known.loss if math.isfinite(known.loss) else 1e30)
            continue
        kept = journal.recall(len(lines), settings, kind.value) if journal else None
        if kept is None:
            reported, unseen, pruned = _judged(candidate, inner, settings, kind, trial, seed)
        else:
            reported, pruned = list(kept.reported), kept.pruned
            unseen = np.full((rows.y.size, *rows.task.shape), np.nan)
            if kept.unseen is not None:
                unseen = kept.unseen.reshape(unseen.shape)
            for place, value in enumerate(reported):
                trial.report(min(value, 1e30), place)
        loss = reported[-1]
        study.tell(
            trial,
            None if pruned else min(loss, 1e30),
            optuna.trial.TrialState.PRUNED if pruned else optuna.trial.TrialState.COMPLETE,
        )
        lines.append(TrialLine(number, settings, kind, math.inf if pruned else loss, pruned))
        leads = False
        if best is None or (not pruned and loss < best.loss):
            best, leads = Found(candidate.method, settings, kind, loss, unseen), True
        if journal and kept is None:
            journal.keep(KeptTrial(settings, kind.value, tuple(reported), pruned, unseen if leads else None))
        decided = journal.decided(len(lines)) if journal else None
        if decided or (decided is None and watch(number + 1, best.loss)):
            continue
        if journal and decided is None:
            journal.keep_end()
        ended_early = number + 1 < count
        break
    assert best is not None
    return replace(best, trials=tuple(lines), ended_early=ended_early)


def _judged(
    candidate: Candidate,
    inner: InnerParts,
    settings: Settings,
    kind: TargetTransform,
    trial: optuna.Trial,
    seed: int,
) -> tuple[list[float], FloatArray, bool]:
    """The score over the inner folds so far, after each; the predictions; and whether it was ended early."""
    task = inner.rows.task
    reported: list[float] = []
    unseen = np.full((inner.rows.y.size, *task.shape), np.nan)
    total, count = 0.0, 0
    for place, part in enumerate(inner.parts):
        transform = task.transform(kind, part.y)
        predictor = task.fit(candidate, part.train, transform.forward(part.y), settings, seed)
        back = transform.inverse(predictor.predict(part.test))
        unseen[part.places] = back
        total += float(task.losses(inner.rows.y[part.places], back).sum())
        count += part.places.size
        loss = task.score(total / count)
        reported.append(loss)
        trial.report(min(loss, 1e30), place)
        if place + 1 < len(inner.parts) and trial.should_prune():
            return reported, unseen, True
    return reported, unseen, False


def fit_pipeline(
    candidate: Candidate,
    found: Found,
    preparation: Preparation,
    prepared: FloatArray,
    y: FloatArray,
    seed: int,
    task: Task = NUMBER,
) -> Pipeline:
    """The candidate with its best settings on all rows of a training part."""
    transform = task.transform(found.transform, y)
    predictor = task.fit(candidate, prepared, transform.forward(y), found.settings, seed)
    return Pipeline(candidate.method, found.settings, preparation, transform, predictor)
