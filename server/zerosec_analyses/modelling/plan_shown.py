"""What a form shows of a plan before it is run: how many fits, how long, which models, which columns are left out."""

from __future__ import annotations

from collections.abc import Sequence

from zerosec_analyses.modelling.keeping import NO_LIMIT
from zerosec_analyses.modelling.plan import Plan
from zerosec_analyses.modelling.preparation import Selection
from zerosec_analyses.modelling.remarks import about_missing, about_used
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.sdk import Column, Context, Said, joined, say

LONG_S = 3600


def show_time(ctx: Context, plan: Plan, n_rows: int, n_features: int, n_targets: int) -> None:
    """Fits and seconds, with a warning where they are many."""
    fits = plan.fits(n_targets)
    if not plan.budget_s:
        ctx.metric("fits", fits, label="Fits at most", note=plan.description, headline=True)
    seconds = plan.seconds(n_rows, n_features, n_targets)
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


def _rounded(seconds: float) -> int:
    """To one digit: more would be a promise."""
    return max(1, int(float(f"{seconds:.1g}")))


def show_plan(ctx: Context, plan: Plan, n_targets: int, selections: Sequence[Selection]) -> None:
    """Models, which features stay, folds and trials in words."""
    rows = [
        (say("models"), joined([METHOD_NAMES[method.value] for method in plan.methods], ", ")),
        (say("features kept"), _kept(selections, plan)),
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
    for finding in about_missing([plan]):
        finding.tell(ctx)


def _kept(selections: Sequence[Selection], plan: Plan) -> Said:
    """Which features stay, and whether that is looked at in the training parts (see `keeping`)."""
    usual = selections[0]
    plain = (
        say(
            "{most:,} at most; of two correlated above {limit:g} one is left out",
            most=usual.most_features,
            limit=usual.correlation,
        )
        if usual.correlation < NO_LIMIT
        else say("{most:,} at most, however correlated", most=usual.most_features)
    )
    if len(selections) < 2:
        return plain
    if plan.asks_wider:
        return say("{plain}; more where that is clearly better on inner rows", plain=plain)
    return say("{plain}; the time budget is too short to try more", plain=plain)


def show_reading(ctx: Context, table: ModelTable) -> None:
    """What is doubtful in how the file is read, while it can still be put right."""
    for finding in about_used(table):
        finding.tell(ctx)


def show_repeated(ctx: Context, table: ModelTable) -> None:
    """That rows with the same features stay together."""
    if table.n_repeated_rows:
        ctx.warn(
            "repeated_rows",
            say(
                "{rows:,} rows have the same features as another; they will stay together in training or test.",
                one="1 row has the same features as another; they will stay together in training or test.",
                rows=table.n_repeated_rows,
            ),
        )


def show_left_out(ctx: Context, table: ModelTable) -> None:
    """Columns that will not be used, with the reason."""
    if table.left_out:
        ctx.table(
            "left_out",
            "Columns that will not be used",
            [Column(name="column", label="Column"), Column(name="reason", label="Reason")],
            [(one.column, one.reason) for one in table.left_out[:20]],
        )
