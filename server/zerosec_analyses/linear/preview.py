"""What the linear analysis would do with the form as it stands: rows used and left out, coefficients, fits, and roughly how long."""

import time

from threadpoolctl import threadpool_limits

from zerosec_analyses.linear.analysis import planned
from zerosec_analyses.linear.design_matrix import Design
from zerosec_analyses.linear.findings import reference_levels_not_used
from zerosec_analyses.linear.folds import FoldPlan
from zerosec_analyses.linear.spec import LinearParameters, Method, MissingPolicy
from zerosec_analyses.linear.table_input import PreparedTable, prepare
from zerosec_analyses.sdk import Column, Context, say

__all__ = ["preview", "seconds_of_run"]

# Measured on two cores of 2026 with 1,000 to 400,000 rows and 10 to 200 coefficients, in seconds. A guide, not a promise.
START_S = 1.5
ROW_VALUE_S = 2e-8
ROW_SQUARE_S = 3e-10
FIT_CUBE_S = 7e-9
PENALISED_FIT_S = 0.04


def preview(ctx: Context, params: LinearParameters) -> None:
    """Read the table as the analysis would, and show what it would make of it. Raises InputError as the analysis would."""
    source = ctx.input("data")
    started = time.monotonic()
    with threadpool_limits(limits=1, user_api="blas"):
        table = prepare(source.path, source.dialect, params, ctx.scratch)
        reading_s = time.monotonic() - started
        _rows(ctx, table, params)
        for finding in reference_levels_not_used(params, table.formula):
            finding.tell(ctx)
        design, _, plan, no_plan = planned(table, params)
    _terms(ctx, design, table)
    if no_plan:
        ctx.warn("no_cross_validation", no_plan)
        return
    fits = plan.n_folds * plan.n_repeats
    ctx.metric(
        "fits",
        fits,
        label="Fits to judge the model",
        note=plan.description,
        headline=True,
    )
    ctx.metric(
        "seconds", _rounded(reading_s + seconds_of_run(table.n_rows, len(design), plan, params.method)),
        label="Roughly", unit="s", note="By the size of the task; the first run takes longer.", headline=True,
    )  # fmt: skip


def _rounded(seconds: float) -> int:
    """To one digit: more would be a promise."""
    return max(1, int(float(f"{seconds:.1g}")))


def seconds_of_run(n_rows: int, n_columns: int, plan: FoldPlan, method: Method) -> float:
    """Roughly how long fitting, judging and writing take, in seconds."""
    passes, fits = 1 + plan.n_repeats, plan.n_folds * plan.n_repeats
    seconds = START_S + passes * n_rows * n_columns * (ROW_VALUE_S + ROW_SQUARE_S * n_columns)
    seconds += fits * FIT_CUBE_S * n_columns**3
    return seconds + (fits * PENALISED_FIT_S if method in {Method.LASSO, Method.ELASTIC_NET} else 0.0)


def _rows(ctx: Context, table: PreparedTable, params: LinearParameters) -> None:
    left_out = table.n_file_rows - table.n_rows
    ctx.metric("rows", table.n_rows, label="Rows used", headline=True)
    if left_out:
        ctx.warn(
            "rows_left_out",
            say(
                "{left_out:,} of {rows:,} rows will be left out.",
                one="1 of {rows} rows will be left out.",
                left_out=left_out,
                rows=table.n_file_rows,
            ),
        )
    gaps = [(summary.name, summary.n_missing) for summary in table.summaries if summary.n_missing]
    if table.n_dropped_target:
        gaps.insert(0, (params.target, table.n_dropped_target))
    if gaps:
        imputed = params.missing in {MissingPolicy.IMPUTE_MEAN, MissingPolicy.IMPUTE_MEDIAN}
        ctx.table(
            "missing",
            "Missing values",
            [Column(name="column", label="Column"), Column(name="missing", label="Rows without a value")],
            gaps,
            caption="Gaps in terms will be filled in; rows without a target are left out." if imputed else "",
        )


def _terms(ctx: Context, design: Design, table: PreparedTable) -> None:
    count = len(design) + int(design.intercept)
    ctx.metric("terms", len(design.terms), label="Terms", headline=True)
    ctx.metric("coefficients", count, label="Coefficients", headline=True)
    if table.n_rows < 10 * count:
        ctx.warn(
            "few_rows",
            say(
                "There are {rows:.1f} rows for each coefficient; below 10 a model predicts new rows poorly.",
                rows=table.n_rows / count,
            ),
        )
    rows = [(term.label, len(design.columns_of_term(index))) for index, term in enumerate(design.terms)]
    ctx.table(
        "terms",
        "Terms",
        [Column(name="term", label="Term"), Column(name="coefficients", label="Coefficients")],
        rows,
    )
