"""Forests of trees: scikit-learn's compare in single precision, and refuse a number that is too large for it.

A single wild cell is enough for one, in rows to predict or in a test part of a table whose other rows lie close together. What is beyond
all borders of a tree is on the same side of them however far it lies, so such a number counts as the largest there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from zerosec_analyses.modelling.candidate import Fit, Predictor, Settings
from zerosec_analyses.modelling.table import FloatArray

FARTHEST = 1e30
"""Spreads from the middle of a column: in single precision still a number, and its square in double precision too."""


def within_single(x: FloatArray) -> FloatArray:
    """Rows x columns, none of them farther out than single precision can hold."""
    return np.clip(x, -FARTHEST, FARTHEST)


@dataclass(frozen=True)
class Forest:
    """A fitted forest of scikit-learn's."""

    trees: Any

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows, or to rows x classes of a forest of classes."""
        rows = within_single(x)
        found = (
            self.trees.predict_proba(rows)
            if hasattr(self.trees, "predict_proba")
            else self.trees.predict(rows)
        )
        return np.asarray(found, dtype=np.float64)


def forest(kind: str) -> Fit:
    """The fit of one of scikit-learn's classes of forests."""

    def fit(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
        from sklearn import ensemble

        trees = getattr(ensemble, kind)(
            n_estimators=150 if x.shape[0] <= 5000 else 60,
            max_features=float(settings["feature_share"]),
            min_samples_leaf=int(settings["leaf_rows"]),
            max_depth=None if x.shape[0] <= 20_000 else 16,
            random_state=seed,
            n_jobs=1,
        )
        return Forest(trees.fit(x, y))

    return fit
