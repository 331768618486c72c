"""The methods a number can be modelled by, each with the settings to search and its fit."""

from __future__ import annotations

import warnings

import numpy as np

from zerosec_analyses.modelling.bending import bending
from zerosec_analyses.modelling.candidate import (
    Candidate,
    Method,
    Predictor,
    Settings,
    Trial,
)
from zerosec_analyses.modelling.catboost_fit import (
    CATBOOST_START,
    catboost_installed,
    fit_catboost,
    suggest_catboost,
    suits_catboost,
)
from zerosec_analyses.modelling.forests import forest, within_single
from zerosec_analyses.modelling.gaussian_process import Scales, fit_gaussian_process
from zerosec_analyses.modelling.lightgbm_fit import LIGHTGBM_START, fit_lightgbm, suggest_lightgbm
from zerosec_analyses.modelling.table import FloatArray


def _no_settings(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    return {}


def _fit_linear(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    from sklearn.linear_model import Ridge

    # Least squares; the trace of a penalty only decides between columns that repeat each other exactly.
    return Ridge(alpha=1e-6 * x.shape[0]).fit(x, y)  # type: ignore[no-any-return]


def _suggest_elastic_net(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    return {
        "strength": trial.suggest_float("strength", 1e-4, 2.0, log=True),
        "l1_share": trial.suggest_float("l1_share", 0.0, 1.0),
    }


def _fit_elastic_net(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import ElasticNet, Ridge

    strength, share = float(settings["strength"]), float(settings["l1_share"])
    if share < 0.05:
        return Ridge(alpha=strength * x.shape[0]).fit(x, y)  # type: ignore[no-any-return]
    with warnings.catch_warnings():
        # its own stopping rule is far below what a prediction shows
        warnings.simplefilter("ignore", ConvergenceWarning)
        return ElasticNet(alpha=strength, l1_ratio=share, max_iter=2000, tol=1e-3).fit(x, y)  # type: ignore[no-any-return]


def suggest_forest(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    """Settings of a forest of n rows."""
    return {
        "feature_share": trial.suggest_float("feature_share", 0.2, 1.0),
        "leaf_rows": trial.suggest_int("leaf_rows", 1, max(1, min(20, n // 20)), log=True),
    }


def suggest_boosting(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    """Settings of boosting on n rows."""
    return {
        "rounds": trial.suggest_int("rounds", 40, 400, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.25, log=True),
        "leaves": trial.suggest_int("leaves", 3, 31 if n < 2000 else 127, log=True),
        "leaf_rows": trial.suggest_int("leaf_rows", 2, max(3, min(60, n // 8)), log=True),
        "penalty": trial.suggest_float("penalty", 1e-3, 20.0, log=True),
    }


def _fit_hist(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(  # type: ignore[no-any-return]
        max_iter=int(settings["rounds"]),
        learning_rate=float(settings["learning_rate"]),
        max_leaf_nodes=int(settings["leaves"]),
        min_samples_leaf=int(settings["leaf_rows"]),
        l2_regularization=float(settings["penalty"]),
        early_stopping=False,
        random_state=seed,
    ).fit(x, y)


def xgboost_parameters(settings: Settings, seed: int) -> dict[str, float | int | str]:
    """What XGBoost is told besides the objective: the settings, one thread, and no word."""
    return {
        "eta": float(settings["learning_rate"]),
        "max_leaves": int(settings["leaves"]),
        "max_depth": 0,
        "grow_policy": "lossguide",
        "min_child_weight": int(settings["leaf_rows"]),
        "lambda": float(settings["penalty"]),
        "seed": seed,
        "nthread": 1,
        "tree_method": "hist",
        "verbosity": 0,
    }


class XgboostModel:
    """A booster of XGBoost that predicts plain rows."""

    def __init__(self, booster: object) -> None:
        self.booster = booster

    def predict(self, x: FloatArray) -> FloatArray:
        """Rows x columns to rows."""
        return np.asarray(self.booster.inplace_predict(within_single(x)), dtype=np.float64)  # type: ignore[attr-defined]

    def interactions(self, x: FloatArray) -> FloatArray:
        """Shapley interaction values of rows x columns (n x d): n x d x d, half of a pair's in either place."""
        import xgboost

        rows = xgboost.DMatrix(within_single(x), nthread=1)
        made = self.booster.predict(rows, pred_interactions=True)  # type: ignore[attr-defined]
        return np.asarray(made, dtype=np.float64)[:, :-1, :-1]


def _fit_xgboost(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    import xgboost

    parameters = xgboost_parameters(settings, seed) | {"objective": "reg:squarederror"}
    rows = xgboost.DMatrix(x, label=y, nthread=1)
    return XgboostModel(xgboost.train(parameters, rows, num_boost_round=int(settings["rounds"])))


def _suggest_support_vectors(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    return {
        "cost": trial.suggest_float("cost", 0.1, 300.0, log=True),
        "width": trial.suggest_float("width", 0.05, 3.0, log=True),
        "tube": trial.suggest_float("tube", 0.01, 0.3, log=True),
    }


def _fit_support_vectors(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import SVR

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return SVR(  # type: ignore[no-any-return]
            C=float(settings["cost"]),
            gamma=float(settings["width"]) / x.shape[1],
            epsilon=float(settings["tube"]),
            max_iter=200_000,
            cache_size=100,
        ).fit(x, y)


SCALES: list[Scales] = ["alike", "free"]
"""How far the length scales of a Gaussian process may part: columns that matter alike, or some far more than others."""


def _suggest_process(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    return {"scales": trial.suggest_categorical("scales", list(SCALES))}


def _fit_process(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    scales: Scales = "free" if settings["scales"] == "free" else "alike"
    return fit_gaussian_process(x, y, "matern52", seed, scales)


BOOSTING = {"rounds": 120, "learning_rate": 0.08, "leaves": 12, "leaf_rows": 8, "penalty": 1.0}

CANDIDATES: dict[Method, Candidate] = {
    candidate.method: candidate
    for candidate in (
        Candidate(Method.LINEAR, {}, _no_settings, _fit_linear, 2_000_000, 1, 0.002, 2e-7),
        Candidate(
            Method.ELASTIC_NET, {"strength": 0.01, "l1_share": 0.5}, _suggest_elastic_net,
            bending(_fit_elastic_net),
            2_000_000, 30, 0.003, 1e-6,
        ),
        Candidate(
            Method.RANDOM_FOREST, {"feature_share": 0.4, "leaf_rows": 1}, suggest_forest,
            forest("RandomForestRegressor"), 100_000, 6, 0.2, 8e-4,
        ),
        Candidate(
            Method.EXTRA_TREES, {"feature_share": 0.7, "leaf_rows": 1}, suggest_forest,
            forest("ExtraTreesRegressor"), 100_000, 6, 0.12, 3e-4,
        ),
        Candidate(
            Method.GRADIENT_BOOSTING, BOOSTING, suggest_boosting, _fit_hist, 2_000_000, 60, 0.1, 1.2e-5,
        ),
        Candidate(
            Method.LIGHTGBM, LIGHTGBM_START, suggest_lightgbm, fit_lightgbm, 2_000_000, 60, 0.03, 1.3e-5, 0.004,
        ),
        Candidate(Method.XGBOOST, BOOSTING, suggest_boosting, _fit_xgboost, 2_000_000, 60, 0.05, 1.5e-5),
        Candidate(
            Method.CATBOOST, CATBOOST_START, suggest_catboost, fit_catboost, 2_000_000, 60, 0.08, 6e-5, 0.022,
        ),
        Candidate(
            Method.SUPPORT_VECTORS, {"cost": 5.0, "width": 0.5, "tube": 0.05}, _suggest_support_vectors,
            _fit_support_vectors, 4000, 40, 0.005, 4e-5,
        ),
        Candidate(
            Method.GAUSSIAN_PROCESS, {"scales": "alike"}, _suggest_process, _fit_process, 2500, 3, 0.02, 0,
        ),
    )
}  # fmt: skip
"""By method."""


def default_methods(n_rows: int) -> tuple[Method, ...]:
    """The candidates that are tried by themselves: diverse rather than many, and none whose fit takes too long."""
    wanted = [
        Method.LINEAR, Method.ELASTIC_NET, Method.SUPPORT_VECTORS, Method.GAUSSIAN_PROCESS, Method.EXTRA_TREES, Method.LIGHTGBM,
    ]  # fmt: skip
    if n_rows >= 2000:  # before that every fit counts, and LightGBM's are better and take half the time
        wanted.append(Method.GRADIENT_BOOSTING)
    if suits_catboost(n_rows) and catboost_installed():
        wanted.append(Method.CATBOOST)
    return tuple(method for method in wanted if n_rows <= CANDIDATES[method].most_rows)


def missing_methods(n_rows: int) -> tuple[Method, ...]:
    """Those that would be among them if their library were installed."""
    return (Method.CATBOOST,) if suits_catboost(n_rows) and not catboost_installed() else ()
