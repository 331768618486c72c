"""Fits one rival on one fold and writes its predictions: run by the environment that has the rivals.

`python rivals.py ORDER.json`. Rivals plan by the clock; here every clock they can look at is the CPU time of the process and its
children, so that a busy machine takes nothing from anyone and a second thread gains nothing.
"""

import json
import os
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

__all__ = ["cpu_seconds"]

STARTED = time.time()


def cpu_seconds() -> float:
    """User and system time of this process and of those it has waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main(order: dict[str, Any]) -> None:
    """Fit on the training rows within the budget, predict the test rows."""
    warnings.simplefilter("ignore")
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(order["table"])
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            frame[name] = frame[name].astype(object)
    fold = np.array(order["fold"])
    train, test = frame[fold == 0].reset_index(drop=True), frame[fold == 1].reset_index(drop=True)
    fit = {"flaml": _flaml, "autogluon": _autogluon, "hist_gradient_boosting": _hist}[order["method"]]
    fit_, imported = fit, _import(order["method"])
    del imported
    begun = cpu_seconds()
    time.time = lambda: STARTED + cpu_seconds()  # type: ignore[assignment]
    made = fit_(train, test.drop(columns="target"), order["seconds"], order["classes"])
    Path(order["answer"]).write_text(
        json.dumps({"predicted": np.asarray(made, dtype=float).tolist(), "cpu_s": cpu_seconds() - begun})
    )


def _import(method: str) -> Any:
    """Before the clock starts, for all alike."""
    if method == "flaml":
        from flaml import AutoML

        return AutoML
    if method == "autogluon":
        from autogluon.tabular import TabularPredictor

        return TabularPredictor
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor


def _flaml(train: Any, test: Any, seconds: float, classes: list[str]) -> Any:
    from flaml import AutoML

    for frame in (train, test):
        for name in frame.columns:
            if frame[name].dtype == object and name != "target":
                frame[name] = frame[name].astype("category")
    automl = AutoML()
    automl.fit(
        train.drop(columns="target"), train["target"], task="classification" if classes else "regression",
        metric="log_loss" if classes else "rmse", time_budget=seconds, n_jobs=1, seed=1, verbose=0, ensemble=False,
        eval_method="cv", n_splits=5,
    )  # fmt: skip
    if not classes:
        return automl.predict(test)
    found = automl.predict_proba(test)
    order = [str(each) for each in automl.classes_]
    return found[:, [order.index(each) for each in classes]]


def _autogluon(train: Any, test: Any, seconds: float, classes: list[str]) -> Any:
    from autogluon.tabular import TabularPredictor

    with tempfile.TemporaryDirectory() as folder:
        predictor = TabularPredictor(
            "target", path=folder, verbosity=0,
            problem_type=("binary" if len(classes) == 2 else "multiclass") if classes else "regression",
            eval_metric="log_loss" if classes else "rmse",
        )  # fmt: skip
        predictor.fit(
            train, time_limit=seconds, presets="best_quality", num_cpus=1, num_gpus=0, dynamic_stacking=False,
            ag_args_ensemble={"fold_fitting_strategy": "sequential_local"},
            excluded_model_types=["NN_TORCH", "FASTAI", "TABM", "REALMLP", "TABPFN", "TABICL", "MITRA"],
        )  # fmt: skip
        if not classes:
            return predictor.predict(test)
        found = predictor.predict_proba(test)
        return found[[each for each in found.columns if str(each) in classes]].set_axis(
            [str(each) for each in found.columns], axis=1
        )[classes]


def _hist(train: Any, test: Any, seconds: float, classes: list[str]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    x, y = train.drop(columns="target"), train["target"]
    levels = {name: sorted(x[name].dropna().unique())[:200] for name in x if x[name].dtype == object}
    for frame in (x, test):
        for name, known in levels.items():
            frame[name] = frame[name].map({level: place for place, level in enumerate(known)}).astype(float)
    kind = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    model = kind(categorical_features=list(levels) or None, random_state=1).fit(x, y)
    if not classes:
        return model.predict(test)
    return model.predict_proba(test)[:, [list(model.classes_).index(each) for each in classes]]


if __name__ == "__main__":
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    main(json.loads(Path(sys.argv[1]).read_text()))
