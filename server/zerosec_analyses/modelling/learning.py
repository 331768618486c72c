"""The learning curve: the score on unseen rows over the number of training rows, which says whether more rows would help."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zerosec_analyses.modelling.nested import Nested
from zerosec_analyses.modelling.preparation import prepare_rows
from zerosec_analyses.modelling.procedure import STACK
from zerosec_analyses.modelling.search import Rows, fit_pipeline
from zerosec_analyses.modelling.table import Feature

SHARES = (0.25, 0.5, 0.75, 1.0)
FOLDS = 3
MOST_ROWS = 5000


def learning_curve(
    rows: Rows, features: Sequence[Feature], judged: Nested, rng: np.random.Generator
) -> tuple[tuple[int, float], ...]:
    """Training rows and score (RMSE, or log loss), by the best single candidate of each fold and its settings. None in order of time."""
    if rows.order is not None:
        return ()
    task = rows.task
    points: list[tuple[int, float]] = []
    folds = judged.folds[:FOLDS]
    sizes = [min(MOST_ROWS, fold.train.size) for fold in folds]
    for share in SHARES:
        total = count = 0.0
        for fold, most in zip(folds, sizes, strict=True):
            size = max(8, int(share * most))
            chosen = np.sort(rng.choice(fold.train, min(size, fold.train.size), replace=False))
            names = [name for name in fold.built.found if name != STACK]
            found = fold.built.found[min(names, key=lambda n: fold.built.inner_loss[n])]
            part = rows.of(chosen)
            preparation = prepare_rows(
                part.values, part.y, features, fold.built.kept.selection, 1, classes=task.classes
            )
            if np.ptp(part.y) == 0:
                continue
            pipe = fit_pipeline(
                task.candidates[found.method], found, preparation, preparation.apply(part.values), part.y, 1, task
            )  # fmt: skip
            test = fold.test[:MOST_ROWS]
            total += float(task.losses(rows.y[test], pipe.predict(rows.values[test])).sum())
            count += test.size
        if count:
            points.append((max(8, int(share * sizes[0])), task.score(total / count)))
    return tuple(points)
