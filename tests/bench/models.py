"""What a trial of the model search costs beside plain Optuna and LightGBM code that tries the same settings on the same folds."""

import time

import lightgbm
import numpy as np
import optuna
from threadpoolctl import threadpool_limits

from tests.bench.figures import Figure, figure
from zerosec_analyses.linear.spec import TargetTransform
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.candidates import CANDIDATES
from zerosec_analyses.modelling.preparation import Selection
from zerosec_analyses.modelling.search import Found, InnerParts, Rows, inner_parts, search
from zerosec_analyses.modelling.table import Feature

__all__ = ["measure"]

ROWS, COLUMNS, FOLDS, TRIALS, TIMES = 1000, 10, 4, 12, 3


def measure() -> list[Figure]:
    """The growth of the CPU time of a trial, in per cent."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(ROWS, COLUMNS))
    rows = Rows(x, np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + rng.normal(0, 0.3, ROWS))
    features = [Feature(f"x{number}") for number in range(COLUMNS)]
    growth = []
    with threadpool_limits(limits=1):
        inner = inner_parts(rows, features, Selection(), FOLDS, 1)
        for turn in range(TIMES + 1):
            begun = time.process_time()
            found = search(
                CANDIDATES[Method.LIGHTGBM], inner, TargetTransform.NONE, TRIALS, turn, lambda *_: True
            )
            ours = time.process_time() - begun
            begun = time.process_time()
            _plain(inner, found)
            if turn:  # the first is to warm up
                growth.append(100 * (ours / (time.process_time() - begun) - 1))
    name = f"a trial of the search, {ROWS:,} × {COLUMNS}, beside plain Optuna and LightGBM"
    return [figure(name, "% more CPU", growth, target="< 10 %", met=sorted(growth)[TIMES // 2] < 10)]


def _plain(inner: InnerParts, found: Found) -> None:
    """The same settings on the same folds with the same pruner, written as anyone would."""
    study = optuna.create_study(
        sampler=optuna.samplers.TPESampler(seed=1), pruner=optuna.pruners.MedianPruner(n_startup_trials=4)
    )
    for line in found.trials:
        study.enqueue_trial(dict(line.settings))

    def objective(trial: optuna.Trial) -> float:
        parameters = {
            "objective": "regression", "deterministic": True, "force_row_wise": True, "num_threads": 1, "verbosity": -1,
            "bagging_freq": 1, "seed": 1,
            "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
            "num_leaves": trial.suggest_int("leaves", 3, 31, log=True),
            "min_data_in_leaf": trial.suggest_int("leaf_rows", 2, 60, log=True),
            "lambda_l2": trial.suggest_float("penalty", 1e-3, 20.0, log=True),
            "feature_fraction": trial.suggest_float("column_share", 0.3, 1.0),
            "bagging_fraction": trial.suggest_float("row_share", 0.5, 1.0),
            "extra_trees": trial.suggest_categorical("splits", ["best", "random"]) == "random",
        }  # fmt: skip
        rounds = trial.suggest_int("rounds", 80, 600, log=True)
        squares = count = 0.0
        for place, part in enumerate(inner.parts):
            scaled = (part.y - part.y.mean()) / part.y.std()
            model = lightgbm.train(parameters, lightgbm.Dataset(part.train, scaled), num_boost_round=rounds)
            made = np.asarray(model.predict(part.test)) * part.y.std() + part.y.mean()
            squares += float(((inner.rows.y[part.places] - made) ** 2).sum())
            count += part.places.size
            trial.report(float(np.sqrt(squares / count)), place)
            if place + 1 < len(inner.parts) and trial.should_prune():
                raise optuna.TrialPruned
        return float(np.sqrt(squares / count))

    study.optimize(objective, n_trials=len(found.trials))
