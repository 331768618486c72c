"""CatBoost as a candidate: boosted symmetric trees, fitted by the library where it is installed and kept as plain arrays."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from zerosec_analyses.modelling.candidate import Settings, Trial
from zerosec_analyses.modelling.oblivious_trees import ObliviousTrees
from zerosec_analyses.modelling.table import FloatArray

BORDERS = 64
"""Of a column at most: as good on small tables as the library's 254, at half the cost."""
CATBOOST_START = {"rounds": 400, "learning_rate": 0.06, "depth": 5, "penalty": 3.0}


ROWS = (200, 50_000)
"""Where it is tried by itself: below, its fits take longer than all others together; above, it was not measured."""


def suits_catboost(n_rows: int) -> bool:
    """Whether it is tried by itself on so many rows."""
    return ROWS[0] <= n_rows <= ROWS[1]


def catboost_installed() -> bool:
    """Whether the library is there: it comes with the extra ``zerosec-server[catboost]``."""
    return find_spec("catboost") is not None


@dataclass(frozen=True)
class CatboostModel:
    """The trees, and the library's own model of them, which is kept only as long as the process that fitted it."""

    trees: ObliviousTrees
    native: Any = None

    def predict(self, x: FloatArray) -> FloatArray:
        """See ObliviousTrees."""
        return self.trees.predict(x)

    def interactions(self, x: FloatArray) -> FloatArray:
        """Shapley interaction values of rows x columns (n x d), of a number: n x d x d, half of a pair's in either place."""
        if self.native is None:
            return np.zeros((x.shape[0], x.shape[1], x.shape[1]))
        import catboost

        made = self.native.get_feature_importance(
            catboost.Pool(x), type="ShapInteractionValues", thread_count=1
        )
        return np.asarray(made, dtype=np.float64)[:, :-1, :-1]


def suggest_catboost(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    """Settings for n rows."""
    return {
        "rounds": trial.suggest_int("rounds", 100, 1000, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
        "depth": trial.suggest_int("depth", 3, 7),
        "penalty": trial.suggest_float("penalty", 0.5, 20.0, log=True),
    }


def fit_catboost(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> CatboostModel:
    """To a number (n)."""
    return _fitted("CatBoostRegressor", {"loss_function": "RMSE"}, x, y, settings, seed)


def fit_catboost_classes(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> CatboostModel:
    """To the codes of classes (n), of which none is missing."""
    kind = "Logloss" if int(y.max()) == 1 else "MultiClass"
    return _fitted(
        "CatBoostClassifier", {"loss_function": kind}, x, y.astype(np.int64), settings, seed, classes=True
    )


def _fitted(
    kind: str,
    loss: dict[str, str],
    x: FloatArray,
    y: FloatArray,
    settings: Settings,
    seed: int,
    *,
    classes: bool = False,
) -> CatboostModel:
    low, high = (np.asarray(edge, dtype=np.float32) for edge in (x.min(axis=0), x.max(axis=0)))
    if not (low < high).any():
        return CatboostModel(
            _without_features(y, classes=classes)
        )  # nothing to ask: the library refuses such rows
    import catboost

    native = getattr(catboost, kind)(
        iterations=int(settings["rounds"]),
        learning_rate=float(settings["learning_rate"]),
        depth=int(settings["depth"]),
        l2_leaf_reg=float(settings["penalty"]),
        border_count=BORDERS,
        bootstrap_type="Bayesian",  # weights of all rows: no sample of few rows is ever empty
        random_seed=seed % 2**31,
        thread_count=1,
        allow_writing_files=False,
        allow_const_label=True,
        logging_level="Silent",
        **loss,
    ).fit(x, y)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        native.save_model(str(path), format="json")
        said = json.loads(path.read_bytes())
    return CatboostModel(_arrays(said, classes=classes), native)


def _without_features(y: FloatArray, *, classes: bool) -> ObliviousTrees:
    if not classes:
        bias = np.array([y.mean()])
    else:
        bias = np.log(np.bincount(y.astype(np.int64)) / y.size)
        bias = bias[1:] - bias[:1] if bias.size == 2 else bias
    empty = np.zeros((0, 0))
    return ObliviousTrees(
        empty.astype(np.int32), empty.astype(np.float32), np.zeros((0, 1, bias.size)), bias, classes
    )


def _arrays(said: dict[str, Any], *, classes: bool) -> ObliviousTrees:
    """The library's own description of its trees as arrays; a tree with fewer levels asks what is true of no row."""
    scale, bias = said["scale_and_bias"]
    trees = said["oblivious_trees"]
    # columns that never change are not among its features
    column = [each["flat_feature_index"] for each in said["features_info"]["float_features"]]
    depth, k = max((len(tree["splits"]) for tree in trees), default=0), len(bias)
    features = np.zeros((len(trees), depth), dtype=np.int32)
    borders = np.full((len(trees), depth), np.inf, dtype=np.float32)
    leaves = np.zeros((len(trees), 2**depth, k))
    for place, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            features[place, level] = column[split["float_feature_index"]]
            borders[place, level] = split["border"]
        own = np.array(tree["leaf_values"]).reshape(-1, k)
        leaves[place, : own.shape[0]] = scale * own
    return ObliviousTrees(features, borders, leaves, np.array(bias, dtype=np.float64), classes)
