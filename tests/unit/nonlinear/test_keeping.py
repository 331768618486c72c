"""How many features a training part keeps: the usual number, unless wider limits are clearly better on its inner rows."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from zerosec_analyses.modelling.asked import settled_of, wishes_of
from zerosec_analyses.modelling.candidate import Method
from zerosec_analyses.modelling.class_task import ClassTask
from zerosec_analyses.modelling.keeping import (
    MOST_FEATURES,
    USUAL,
    Kept,
    kept_from_json,
    kept_of,
    kept_to_json,
    selections_for,
)
from zerosec_analyses.modelling.plan import plan_for
from zerosec_analyses.modelling.preparation import Selection, prepare_rows
from zerosec_analyses.modelling.search import Rows
from zerosec_analyses.modelling.table import Feature
from zerosec_analyses.modelling.task import NUMBER, Task
from zerosec_analyses.nonlinear.preview import preview
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.sdk import Context
from zerosec_shared.views import TableView

METHODS = (Method.LINEAR, Method.ELASTIC_NET, Method.EXTRA_TREES)
N, P = 160, 60


def kept(
    values: NDArray[np.float64],
    y: NDArray[np.float64],
    selections: tuple[Selection, ...],
    task: Task = NUMBER,
    methods: tuple[Method, ...] = METHODS,
) -> Kept:
    features = [Feature(f"x{place}") for place in range(values.shape[1])]
    return kept_of(Rows(values, y, task=task), features, selections, methods, 3, 1)


def drawn(columns: int = P) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(3)
    return rng.normal(size=(N, columns)), rng.normal(size=N)


def test_what_the_user_fixed_is_all_there_is() -> None:
    assert selections_for(7, 0.8) == (Selection(7, 0.8),)
    assert selections_for(7, 0) == (Selection(7, USUAL.correlation), Selection(7, 1.0))
    assert selections_for(0, 0.8) == (Selection(USUAL.most_features, 0.8), Selection(MOST_FEATURES, 0.8))
    assert selections_for(0, 0)[0] == USUAL
    assert len(selections_for(0, 0)) == 3


def test_features_that_all_say_something_are_all_kept() -> None:
    values, noise = drawn()

    found = kept(values, values.sum(axis=1) + 0.1 * noise, selections_for(0, 0))

    assert found.selection == Selection(MOST_FEATURES, USUAL.correlation)
    assert found.is_wider
    assert 0.3 < found.gain < 1


def test_where_most_features_are_noise_as_few_as_usual_are_kept() -> None:
    values, noise = drawn()

    found = kept(values, 3 * values[:, 0] + values[:, 1] + 0.5 * noise, selections_for(0, 0))

    assert (found.selection, found.is_wider, found.gain) == (USUAL, False, 0.0)


def test_a_difference_of_columns_that_nearly_repeat_each_other_is_not_lost() -> None:
    values, noise = drawn(2)
    values[:, 1] = values[:, 0] + 0.1 * values[:, 1]

    found = kept(values, values[:, 0] - values[:, 1] + 0.01 * noise, selections_for(0, 0))

    assert found.selection == Selection(MOST_FEATURES, 1.0)
    assert kept(values, values[:, 0] - values[:, 1], selections_for(0, 0.9)).selection == Selection(20, 0.9)


def test_classes_are_decided_by_their_log_loss() -> None:
    values, _ = drawn()
    y = (values.sum(axis=1) > 0).astype(np.float64)

    found = kept(values, y, selections_for(0, 0), ClassTask(2), (Method.DISCRIMINANT, Method.LOGISTIC))

    assert found.is_wider


@pytest.mark.parametrize("methods", [(Method.LINEAR,), (Method.LINEAR, Method.SUPPORT_VECTORS)])
def test_where_no_quick_model_was_named_the_first_is_asked(methods: tuple[Method, ...]) -> None:
    values, noise = drawn()

    assert kept(values, values.sum(axis=1) + 0.1 * noise, selections_for(0, 0), methods=methods).is_wider


def test_a_journal_keeps_it_to_the_last_digit() -> None:
    values, noise = drawn()
    found = kept(values, values.sum(axis=1) + 0.1 * noise, selections_for(0, 0))

    assert kept_from_json(kept_to_json(found)) == found


def test_many_rows_are_looked_at_in_part() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(12_000, 24))
    found = kept(values, values.sum(axis=1), selections_for(0, 0), methods=(Method.ELASTIC_NET,))

    assert found.is_wider
    assert (
        len(
            prepare_rows(values, values[:, 0], [Feature(f"x{i}") for i in range(24)], found.selection, 1).used
        )
        == 24
    )


def settled_by(n_columns: int, budget_s: float = 0, **fixed: float) -> tuple[Selection, ...]:
    params = NonlinearParameters(target=("y",), budget=budget_s, **fixed)
    plan = plan_for(400, 400, n_columns, 1, wishes_of(params))
    assert (plan.asking_seconds(400, n_columns, 1) > 0) == (plan.asks_wider and n_columns > 20)
    return settled_of(params, plan).selections


def test_a_time_budget_too_short_for_looking_is_not_spent_on_it() -> None:
    assert len(settled_by(40)) == len(settled_by(40, budget_s=3600)) == 3
    assert settled_by(40, budget_s=20) == (USUAL,)
    assert settled_by(40, budget_s=20, top_features=7) == (Selection(7, USUAL.correlation),)


def test_looking_is_in_the_estimate_of_the_time_unless_the_limits_are_fixed() -> None:
    free, fixed = (
        plan_for(
            400,
            400,
            40,
            1,
            wishes_of(NonlinearParameters(target=("y",), top_features=20, correlation_threshold=limit)),
        )
        for limit in (0, 0.95)
    )

    assert free.seconds(400, 40, 1) > fixed.seconds(400, 40, 1)
    assert settled_by(40, top_features=20, correlation_threshold=0.95) == (USUAL,)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "20 at most; of two correlated above 0.95 one is left out; more where that is clearly better on inner rows"),
        ({"top_features": 5, "correlation_threshold": 0.9}, "5 at most; of two correlated above 0.9 one is left out"),
        ({"top_features": 5, "correlation_threshold": 1}, "5 at most, however correlated"),
        ({"budget": 5}, "20 at most; of two correlated above 0.95 one is left out; the time budget is too short to try more"),
    ],
)  # fmt: skip
def test_the_form_says_beforehand_which_features_stay(
    tmp_path: Path, settings: dict[str, Any], said: str
) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(200, 40))
    frame = pl.DataFrame(values, schema=[f"x{at}" for at in range(40)]).with_columns(y=values.sum(axis=1))
    frame.write_csv(tmp_path / "data.csv")
    ctx = Context.for_notebook(tmp_path / "out", data=tmp_path / "data.csv")

    preview(ctx, NonlinearParameters(target=("y",), **settings))

    (plan,) = [view for view in ctx.outcome().result.views if view.id == "plan"]
    assert isinstance(plan, TableView)
    assert dict(plan.rows)["features kept"] == said  # type: ignore[arg-type]
