"""The methods that tell classes apart, behind the same interface as those for numbers; fits give probabilities."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from zerosec_analyses.modelling.bending import bending
from zerosec_analyses.modelling.candidate import Candidate, Method, Predictor, Settings, Trial
from zerosec_analyses.modelling.candidates import (
    BOOSTING,
    XgboostModel,
    suggest_boosting,
    suggest_forest,
    xgboost_parameters,
)
from zerosec_analyses.modelling.catboost_fit import (
    CATBOOST_START,
    catboost_installed,
    fit_catboost_classes,
    suggest_catboost,
    suits_catboost,
)
from zerosec_analyses.modelling.discriminant import fit_discriminant
from zerosec_analyses.modelling.forests import forest
from zerosec_analyses.modelling.lightgbm_fit import LIGHTGBM_START, lightgbm_parameters, suggest_lightgbm
from zerosec_analyses.modelling.table import FloatArray

MANY_CLASSES = 30
"""Above so many classes boosting, which grows a tree a class and round, and a normal distribution a class are not tried by themselves."""


@dataclass(frozen=True)
class ClassPredictor:
    """A fitted classifier over all ``n_classes``: those its ``n_rows`` training rows had are ``present``, by their codes.

    Its probabilities are drawn towards equal shares by one row's weight: no class is ruled out by so many rows.
    """

    raw: object
    present: tuple[int, ...]
    n_classes: int
    n_rows: int

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows x classes; each row adds up to one."""
        if isinstance(self.raw, Shares):
            found = np.tile(self.raw.shares, (x.shape[0], 1))
        elif hasattr(self.raw, "predict_proba"):
            found = np.asarray(self.raw.predict_proba(x), dtype=np.float64)
        else:
            found = np.asarray(self.raw.predict(x), dtype=np.float64)  # type: ignore[attr-defined]
        if found.ndim == 1:  # boosters give the probability of the second of two
            found = np.column_stack([1 - found, found])
        whole = np.zeros((x.shape[0], self.n_classes))
        whole[:, list(self.present)] = found
        whole /= whole.sum(axis=1, keepdims=True)
        own = 1 / (self.n_rows + 1)
        return (1 - own) * whole + own / self.n_classes


@dataclass(frozen=True)
class Shares:
    """For a part with one class, or without a column: the shares of the classes that are present."""

    shares: FloatArray


def _suggest_logistic(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    return {"strength": trial.suggest_float("strength", 1e-4, 10.0, log=True)}


def _fit_logistic(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        # its own stopping rule is far below what a probability shows
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(  # type: ignore[no-any-return]
            C=1 / (float(settings["strength"]) * x.shape[0]), max_iter=500, tol=1e-4
        ).fit(x, y)


def _suggest_discriminant(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    return {
        "common": trial.suggest_float("common", 0.01, 1.0),
        "sphere": trial.suggest_float("sphere", 0.005, 0.9, log=True),
    }


def _fit_discriminant(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    return fit_discriminant(x, y, float(settings["common"]), float(settings["sphere"]))


def _fit_hist(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(  # type: ignore[no-any-return]
        max_iter=int(settings["rounds"]),
        learning_rate=float(settings["learning_rate"]),
        max_leaf_nodes=int(settings["leaves"]),
        min_samples_leaf=int(settings["leaf_rows"]),
        l2_regularization=float(settings["penalty"]),
        early_stopping=False,
        random_state=seed,
    ).fit(x, y)


def _fit_lightgbm(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    import lightgbm

    k = int(y.max()) + 1
    kind = {"objective": "binary"} if k == 2 else {"objective": "multiclass", "num_class": k}
    return lightgbm.train(  # type: ignore[return-value]
        lightgbm_parameters(settings, seed) | kind,
        lightgbm.Dataset(x, y),
        num_boost_round=int(settings["rounds"]),
    )


def _fit_xgboost(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    import xgboost

    k = int(y.max()) + 1
    kind = {"objective": "binary:logistic"} if k == 2 else {"objective": "multi:softprob", "num_class": k}
    rows = xgboost.DMatrix(x, label=y, nthread=1)
    # its leaves are weighed by the curvature of the loss: that of undecided rows, so that `leaf_rows` are about as many rows
    curvature = 0.25 if k == 2 else 2 * (1 - 1 / k) / k
    weighed = {"min_child_weight": int(settings["leaf_rows"]) * curvature}
    parameters = xgboost_parameters(settings, seed) | kind | weighed
    return XgboostModel(xgboost.train(parameters, rows, num_boost_round=int(settings["rounds"])))


@cache
def class_candidates(n_classes: int) -> Mapping[Method, Candidate]:
    """The methods by name, with what they cost for so many classes: boosting and logistic regression pay for each."""
    each = 1.0 if n_classes == 2 else float(n_classes)
    shared = (
        1.0 if n_classes == 2 else 0.55 * n_classes
    )  # its classes have the shapes of their trees in common
    start = BOOSTING | {"rounds": 80}
    return {
        candidate.method: candidate
        for candidate in (
            Candidate(
                Method.LOGISTIC, {"strength": 0.01}, _suggest_logistic, bending(_fit_logistic), 2_000_000, 12,
                0.004 * each, 3e-6 * each,
            ),
            Candidate(
                Method.DISCRIMINANT, {"common": 0.1, "sphere": 0.05}, _suggest_discriminant, _fit_discriminant,
                2_000_000, 20, 0.002 * each, 4e-6, 5e-4,
            ),
            Candidate(
                Method.RANDOM_FOREST, {"feature_share": 0.3, "leaf_rows": 1}, suggest_forest,
                forest("RandomForestClassifier"), 100_000, 4, 0.2, 3e-4,
            ),
            Candidate(
                Method.EXTRA_TREES, {"feature_share": 0.5, "leaf_rows": 1}, suggest_forest,
                forest("ExtraTreesClassifier"), 100_000, 4, 0.15, 2e-4,
            ),
            Candidate(
                Method.GRADIENT_BOOSTING, start, suggest_boosting, _fit_hist, 2_000_000, 60, 0.1 * each,
                1.2e-5 * each,
            ),
            Candidate(
                Method.LIGHTGBM, LIGHTGBM_START | {"rounds": 200}, suggest_lightgbm, _fit_lightgbm, 2_000_000, 60,
                0.03 * each, 1.3e-5 * each, 0.003 * each,
            ),
            Candidate(
                Method.XGBOOST, start, suggest_boosting, _fit_xgboost, 2_000_000, 60, 0.05 * each, 1.5e-5 * each,
            ),
            Candidate(
                Method.CATBOOST, CATBOOST_START | {"rounds": 200}, suggest_catboost, fit_catboost_classes, 2_000_000,
                60, 0.04 * shared, 5e-5 * shared, 0.013 * shared,
            ),
        )
    }  # fmt: skip


def default_class_methods(n_rows: int, n_classes: int) -> tuple[Method, ...]:
    """The candidates that are tried by themselves: diverse rather than many, and none whose fit takes too long."""
    wanted = [Method.LOGISTIC, Method.EXTRA_TREES]
    if n_classes <= MANY_CLASSES:
        wanted += [Method.DISCRIMINANT, Method.GRADIENT_BOOSTING]
        if n_rows >= 2000:  # before that one kind of boosting is enough: every fit counts
            wanted.append(Method.LIGHTGBM)
    if _suits_catboost(n_rows, n_classes) and catboost_installed():
        wanted.append(Method.CATBOOST)
    known = class_candidates(n_classes)
    return tuple(method for method in wanted if n_rows <= known[method].most_rows)


def missing_class_methods(n_rows: int, n_classes: int) -> tuple[Method, ...]:
    """Those that would be among the others if their library were installed."""
    return (Method.CATBOOST,) if _suits_catboost(n_rows, n_classes) and not catboost_installed() else ()


def _suits_catboost(n_rows: int, n_classes: int) -> bool:
    return n_classes == 2 and suits_catboost(n_rows)
