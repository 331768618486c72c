"""LightGBM as a candidate: boosted trees, each of some of the rows and columns, split at the best of all places or at random ones.

Trees of samples err less alike, so that their sum errs less (stochastic gradient boosting, Friedman 2002); splits at random places
(Geurts et al. 2006) smooth it further.
"""

from __future__ import annotations

from zerosec_analyses.modelling.candidate import Predictor, Settings, Trial
from zerosec_analyses.modelling.table import FloatArray

LIGHTGBM_START: dict[str, float | int | str] = {
    "rounds": 200, "learning_rate": 0.06, "leaves": 12, "leaf_rows": 6, "penalty": 1.0, "column_share": 0.7, "row_share": 0.8,
    "splits": "best",
}  # fmt: skip
SPLITS = ["best", "random"]


def suggest_lightgbm(trial: Trial, n: int, d: int) -> dict[str, float | int | str]:
    """Settings for n rows."""
    return {
        "rounds": trial.suggest_int("rounds", 80, 600, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
        "leaves": trial.suggest_int("leaves", 3, 31 if n < 2000 else 127, log=True),
        "leaf_rows": trial.suggest_int("leaf_rows", 2, max(3, min(60, n // 8)), log=True),
        "penalty": trial.suggest_float("penalty", 1e-3, 20.0, log=True),
        "column_share": trial.suggest_float("column_share", 0.3, 1.0),
        "row_share": trial.suggest_float("row_share", 0.5, 1.0),
        "splits": trial.suggest_categorical("splits", SPLITS),
    }


def lightgbm_parameters(settings: Settings, seed: int) -> dict[str, float | int | str | bool]:
    """What the library is told besides the objective: the settings, one thread, and no word."""
    return {
        "learning_rate": float(settings["learning_rate"]),
        "num_leaves": int(settings["leaves"]),
        "min_data_in_leaf": int(settings["leaf_rows"]),
        "lambda_l2": float(settings["penalty"]),
        "feature_fraction": float(settings["column_share"]),
        "bagging_fraction": float(settings["row_share"]),
        "bagging_freq": 1,
        "extra_trees": settings["splits"] == "random",
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }


def fit_lightgbm(x: FloatArray, y: FloatArray, settings: Settings, seed: int) -> Predictor:
    """To a number (n)."""
    import lightgbm

    parameters = lightgbm_parameters(settings, seed) | {"objective": "regression"}
    return lightgbm.train(parameters, lightgbm.Dataset(x, y), num_boost_round=int(settings["rounds"]))  # type: ignore[return-value]
