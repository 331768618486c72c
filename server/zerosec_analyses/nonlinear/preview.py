"""What the nonlinear analysis would do with the form as it stands: rows, features, folds, fits, and roughly how long."""

from __future__ import annotations

from zerosec_analyses.modelling.asked import choice_of
from zerosec_analyses.modelling.keeping import selections_for
from zerosec_analyses.modelling.plan_shown import (
    show_left_out,
    show_plan,
    show_reading,
    show_repeated,
    show_time,
)
from zerosec_analyses.modelling.table import read_model_table
from zerosec_analyses.nonlinear.analysis import checked_plan, places_of
from zerosec_analyses.nonlinear.findings import about_few_values
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.sdk import Context

__all__ = ["preview"]


def preview(ctx: Context, params: NonlinearParameters) -> None:
    """Read the table as the analysis would, and show its plan. Raises InputError as the analysis would."""
    source = ctx.input("data")
    choice = choice_of(params, tuple(params.target))
    table = read_model_table(source.path, source.dialect, choice, with_values=False)
    plans = [checked_plan(table, target, params) for target in params.target]
    plan = plans[0]
    n_rows = places_of(table, params.target[0]).size
    ctx.metric("rows", n_rows, label="Rows used", headline=True)
    ctx.metric("features", len(table.features), label="Features", headline=True)
    show_time(ctx, plan, n_rows, len(table.features), len(plans))
    show_plan(ctx, plan, len(plans), selections_for(params.top_features, params.correlation_threshold))
    show_reading(ctx, table)
    show_repeated(ctx, table)
    for target in params.target:
        for finding in about_few_values(target, table.targets[target]):
            finding.tell(ctx)
    show_left_out(ctx, table)
