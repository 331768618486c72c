"""A class of few rows: the run comes to its end, and says what may be doubted."""

from collections.abc import Callable

import numpy as np
import polars as pl
from tests.unit.classification.conftest import Built


def few_of_a_kind(n: int) -> pl.DataFrame:
    """Parts from two machines; a strong force breaks one in twenty, so that nearly all rows are alike and the mean is that of few."""
    rng = np.random.default_rng(5)
    force = rng.normal(0, 1, n)
    force[::20] += 12
    broken = np.where(np.arange(n) % 20 == 0, "broken", "whole")
    return pl.DataFrame({"force": force, "machine": np.where(rng.random(n) < 0.5, "A", "B"), "kind": broken})


def test_a_category_is_drawn_where_the_mean_prediction_is_that_of_few_rows(
    build: Callable[..., Built],
) -> None:
    done = build(few_of_a_kind(120), target="kind", models=("logistic",), trials=1)

    shown = [row for row in done.table("partial_dependence") if row["feature"] == "machine"]
    assert any(not float(row["low"]) <= float(row["prediction"]) <= float(row["high"]) for row in shown)


def test_a_class_of_one_row_is_judged_with_the_others_and_warned_of(build: Callable[..., Built]) -> None:
    table = few_of_a_kind(60).with_columns(kind=pl.Series(["odd", *(["whole", "broken"] * 30)[:59]]))

    done = build(table, target="kind", models=("logistic", "extra_trees"), trials=1)

    assert "rare_classes" in done.codes
    assert np.isfinite(float(done.metrics["log_loss_out_of_fold"]))
