"""What the nonlinear analysis would do with the form as it stands: rows, features, folds, fits, and roughly how long."""

from __future__ import annotations

from zerosec_analyses.modelling.plan import Plan
from zerosec_analyses.modelling.table import ModelTable, read_model_table
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.nonlinear.analysis import checked_plan, choice_of, rows_of
from zerosec_analyses.nonlinear.spec import NonlinearParameters
from zerosec_analyses.sdk import Column, Context, joined, say

__all__ = ["preview"]

LONG_S = 3600
MANY_FITS = 10_000


def preview(ctx: Context, params: NonlinearParameters) -> None:
    """Read the table as the analysis would, and show its plan. Raises InputError as the analysis would."""
    source = ctx.input("data")
    table = read_model_table(source.path, source.dialect, choice_of(params))
    plans = [checked_plan(table, target, params) for target in params.target]
    plan = plans[0]
    ctx.metric("rows", rows_of(table, params.target[0])[0].size, label="Rows used", headline=True)
    ctx.metric("features", len(table.features), label="Features", headline=True)
    fits = plan.fits(len(plans))
    if not plan.budget_s:
        ctx.metric("fits", fits, label="Fits at most", note=plan.description, headline=True)
    seconds = plan.seconds(rows_of(table, params.target[0])[0].size, len(table.features), len(plans))
    if plan.budget_s:
        seconds = min(seconds, plan.budget_s + 20)
    ctx.metric(
        "seconds", _rounded(seconds), label="Roughly", unit="s",
        note=say(
            "Between {low} and {high} s, by the size of the table. The run can be finished early with the best so far.",
            low=_rounded(seconds / 2), high=_rounded(2 * seconds),
        ),
        headline=True,
    )  # fmt: skip
    if seconds > LONG_S:
        ctx.warn(
            "long_run",
            say("This plan makes {fits:,} fits and takes long.", fits=fits),
            "Set a time budget, fewer trials or folds, or leave them to ZeroSec (0).",
        )
    _plan(ctx, plan, len(plans))
    _data(ctx, table)


def _rounded(seconds: float) -> int:
    """To one digit: more would be a promise."""
    return max(1, int(float(f"{seconds:.1g}")))


def _plan(ctx: Context, plan: Plan, n_targets: int) -> None:
    rows = [
        (say("models"), joined([METHOD_NAMES[method.value] for method in plan.methods], ", ")),
        (say("judged by"), plan.description),
        (
            say("trials a model and training part"),
            say("as many as the time allows") if plan.budget_s else str(plan.trials),
        ),
        (say("targets"), str(n_targets)),
    ]
    ctx.table(
        "plan",
        "What will be done",
        [Column(name="what", label="What"), Column(name="how", label="How")],
        rows,
    )


def _data(ctx: Context, table: ModelTable) -> None:
    if table.n_repeated_rows:
        ctx.warn(
            "repeated_rows",
            say(
                "{rows:,} rows have the same features as another; they will stay together in training or test.",
                rows=table.n_repeated_rows,
            ),
        )
    if table.left_out:
        ctx.table(
            "left_out",
            "Columns that will not be used",
            [Column(name="column", label="Column"), Column(name="reason", label="Reason")],
            [(one.column, one.reason) for one in table.left_out[:20]],
        )
