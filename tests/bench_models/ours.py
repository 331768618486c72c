"""Builds our model on one fold with so many CPU seconds and writes its predictions: the procedure of the nonlinear analysis, or of
the classification where the target is a class.

`python -m tests.bench_models.ours ORDER.json`. What is timed is what the rivals do in theirs: search, stack and fit on the training rows.
"""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from zerosec_analyses.classification.spec import ClassificationParameters
from zerosec_analyses.modelling.asked import settled_of, wishes_of
from zerosec_analyses.modelling.budget import SharedTime
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.plan import plan_for
from zerosec_analyses.modelling.procedure import build
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.table import Choice, read_model_table
from zerosec_analyses.modelling.task import NUMBER
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
    # as the reader gives them: without blanks around
    classes = [str(each).strip() for each in order["classes"]]  # type: ignore[attr-defined]
    choice = Choice(("target",), keep_repeats_together=False, class_targets=bool(classes))
    table = read_model_table(train_path, None, choice)
    train_path.unlink()
    places = np.flatnonzero(fold == 0)
    labels = table.classes["target"] if classes else ()
    task = ClassTask(len(labels)) if classes else NUMBER
    rows = Rows(table.values, table.targets["target"], task=task).of(places)
    asked: ClassificationParameters | NonlinearParameters = (
        ClassificationParameters(target="target") if classes else NonlinearParameters(target=("target",))
    )
    plan = plan_for(places.size, places.size, len(table.features), 1, wishes_of(asked), task=task)
    settled = replace(settled_of(asked, plan), trials=1000)
    shared = SharedTime(seconds, len(plan.methods), time.process_time)
    built = build(rows, table.features, settled, 1, shared.watch)

    def in_order(made: np.ndarray) -> list[object]:
        return (made[:, [labels.index(each) for each in classes]] if classes else made).tolist()

    predicted = built.model.predict(table.values[fold == 1])
    answer = {
        "predicted": in_order(predicted),
        "cpu_s": time.process_time() - begun,
        "chosen": built.model.chosen,
        "weights": built.model.weights,
        "inner_loss": built.inner_loss,
        "trials": {name: len(one.trials) for name, one in built.found.items()},
        "single": {
            name: in_order(pipe.predict(table.values[fold == 1]))
            for name, pipe in built.model.pipelines.items()
        },
    }
    Path(str(order["answer"])).write_text(json.dumps(answer))
    assert all(Method(name) for name in built.model.pipelines)


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        main(json.loads(Path(sys.argv[1]).read_text()))
