"""Builds our model on one fold with so many CPU seconds and writes its predictions: the procedure of the nonlinear analysis.

`python -m tests.bench_models.ours ORDER.json`. What is timed is what the rivals do in theirs: search, stack and fit on the training rows.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from zerosec_analyses.modelling.budget import SharedTime
from zerosec_analyses.modelling.candidates import Method
from zerosec_analyses.modelling.plan import Wishes, plan_for
from zerosec_analyses.modelling.preparation import Selection
from zerosec_analyses.modelling.procedure import Settled, build
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.table import Choice, read_model_table
from zerosec_analyses.nonlinear.spec import NonlinearParameters


def main(order: dict[str, object]) -> None:
    """Fit and predict."""
    table_path, fold, seconds = (
        Path(str(order["table"])),
        np.array(order["fold"]),
        float(str(order["seconds"])),
    )
    train_path = Path(str(order["answer"])).with_suffix(".train.parquet")
    frame = pl.read_parquet(table_path)
    # one reading of all rows, so that levels have the same numbers; nothing of the test rows' targets is used
    frame.with_columns(target=pl.when(pl.Series(fold == 0)).then(pl.col("target"))).write_parquet(train_path)
    begun = time.process_time()
    table = read_model_table(train_path, None, Choice(("target",), keep_repeats_together=False))
    train_path.unlink()
    places = np.flatnonzero(fold == 0)
    rows = Rows(table.values, table.targets["target"]).of(places)
    defaults = NonlinearParameters(target=("target",))
    plan = plan_for(places.size, places.size, len(table.features), 1, Wishes())
    settled = Settled(
        plan.methods, plan.inner_folds, 1000, None,
        Selection(defaults.top_features, defaults.correlation_threshold), stack=True,
    )  # fmt: skip
    shared = SharedTime(seconds, len(plan.methods), time.process_time)
    built = build(rows, table.features, settled, 1, shared.watch)
    predicted = built.model.predict(table.values[fold == 1])
    answer = {
        "predicted": predicted.tolist(),
        "cpu_s": time.process_time() - begun,
        "chosen": built.model.chosen,
        "weights": built.model.weights,
        "inner_loss": built.inner_loss,
        "trials": {name: len(one.trials) for name, one in built.found.items()},
        "single": {
            name: pipe.predict(table.values[fold == 1]).tolist()
            for name, pipe in built.model.pipelines.items()
        },
    }
    Path(str(order["answer"])).write_text(json.dumps(answer))
    assert all(Method(name) for name in built.model.pipelines)


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main(json.loads(Path(sys.argv[1]).read_text()))
