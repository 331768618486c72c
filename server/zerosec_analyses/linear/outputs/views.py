"""What the window shows of a result: the sentence, the numbers, the plots and the tables, as views."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.design_matrix import FloatArray
from zerosec_analyses.linear.diagnostics import extremes, normal_quantiles
from zerosec_analyses.linear.outputs.headings import heading
from zerosec_analyses.linear.outputs.plots import MAX_POINTS
from zerosec_analyses.linear.spec import Method, TargetTransform
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, ours, say
from zerosec_shared.views import BarView, CardView, FileView, MetricView, ScatterView

METHOD_NAMES = {
    Method.OLS: say("least squares"),
    Method.RIDGE: say("ridge regression"),
    Method.LASSO: say("the lasso"),
    Method.ELASTIC_NET: say("the elastic net"),
}
ROW = ours("row {label}")
SHOWN = {"coefficients", "anova", "diagnostics", "collinearity", "vif", "cross_validation", "rows"}


def title(result: LinearResult) -> Said:
    """What the result is of."""
    return say("Linear model of {target}", target=result.parameters.target)


def sentence(result: LinearResult) -> Said:
    """The answer in a sentence."""
    target, unit = result.parameters.target, result.parameters.target_unit
    how = say(
        "A linear model of {target} by {method}, with {rows:,} rows and {coefficients:,} coefficients",
        target=target,
        method=METHOD_NAMES[result.parameters.method],
        rows=result.table.n_rows,
        coefficients=len(result.kept),
    )
    judged = result.cross_validation
    if judged is None or not math.isfinite(judged.mean("r2")):
        return say("{model}. How well it predicts new rows cannot be said.", model=how)
    r2 = judged.mean("r2")
    error = f"{judged.mean('mae'):.3g}{f' {unit}' if unit else ''}"
    if r2 <= 0:
        return say(
            "{model}, predicts rows it has not seen no better than the mean does (mean absolute error {error}).",
            model=how,
            error=error,
        )
    return say(
        "{model}, explains {share:.1%} of the variation in rows it has not seen and is off by {error} on average.",
        model=how,
        share=r2,
        error=error,
    )


def show(
    ctx: Context,
    result: LinearResult,
    metrics: Sequence[MetricLine],
    tables: Sequence[ResultTable],
    sources: dict[str, str],
    files: Sequence[tuple[str, Said, str]],
) -> None:
    """Show everything; ``sources`` are the artifacts of the tables, ``files`` (id, title, artifact) what to open."""
    ctx.show(CardView(id="answer", title=cut(title(result), 200), text=sentence(result)))
    for metric in metrics:
        metric.tell(ctx)
    ctx.show(
        MetricView(
            id="accuracy",
            title="Accuracy on unseen rows",
            metrics=tuple(m.name for m in metrics if m.headline),
        )
    )
    ctx.show(
        MetricView(
            id="figures", title="All figures", metrics=tuple(m.name for m in metrics if not m.headline)
        )
    )
    chosen = plotted_rows(result)
    _plots(ctx, result, chosen, sources.get("rows"))
    for table in tables:
        if table.name in SHOWN:
            rows = [[_cell(cell) for cell in row] for row in table.rows[:5000]]
            level = result.parameters.confidence_level
            columns = [Column(name=name, label=heading(name, level), digits=5) for name in table.columns]
            ctx.table(
                table.name,
                table.title,
                columns,
                rows,
                source=sources.get(table.name),
                total_rows=len(table.rows),
            )
    for view_id, name, artifact in files:
        ctx.show(FileView(id=view_id, title=name, source=artifact))


def plotted_rows(result: LinearResult) -> np.ndarray:
    """The rows drawn: all, or a random sample with the most influential ones."""
    n = result.table.n_rows
    if n <= MAX_POINTS:
        return np.arange(n)
    sample = np.random.default_rng([result.seed, 333]).choice(n, MAX_POINTS - 200, replace=False)
    return np.unique(
        np.concatenate(
            [sample, extremes(np.abs(result.residuals.residuals), 100), extremes(result.cooks, 100)]
        )
    )


def _plots(ctx: Context, result: LinearResult, chosen: np.ndarray, source: str | None) -> None:
    target, unit = result.parameters.target, result.parameters.target_unit

    def caption(text: Said) -> Said:
        if chosen.size == result.table.n_rows:
            return text
        sampled = say("A random {shown:,} of {rows:,} rows.", shown=chosen.size, rows=result.table.n_rows)
        return say("{text} {sampled}", text=text, sampled=sampled)

    labels = _labels(result, chosen)
    judged = result.cross_validation
    if judged is not None and np.isfinite(judged.predictions[chosen]).all():
        ctx.show(
            ScatterView(
                id="predicted_vs_observed",
                title="Observed against predicted, each row by a model that has not seen it",
                caption=caption(say("On the line a prediction is right.")),
                source=source,
                x=Column(name="predicted", label=say("Predicted {target}", target=target), unit=unit),
                y=Column(name="observed", label=say("Observed {target}", target=target), unit=unit),
                series=(
                    Series(
                        x=_values(judged.predictions[chosen]),
                        y=_values(result.table.y[chosen]),
                        labels=labels,
                        label_text=ROW,
                    ),
                ),
                reference="identity",
            )
        )
    residuals = result.residuals
    if result.parameters.target_transform is TargetTransform.NONE:
        fitted = Column(name="fitted", label="Fitted", unit=unit)
        residual = Column(name="residual", label="Residual", unit=unit)
    else:
        fitted = Column(name="fitted", label="Fitted (transformed scale)")
        residual = Column(name="residual", label="Residual (transformed scale)")
    ctx.show(
        ScatterView(
            id="residuals_vs_fitted",
            title="Residuals against fitted values",
            caption=caption(say("No pattern is what a good model shows.")),
            source=source,
            x=fitted,
            y=residual,
            series=(
                Series(
                    x=_values(residuals.fitted[chosen]),
                    y=_values(residuals.residuals[chosen]),
                    labels=labels,
                    label_text=ROW,
                ),
            ),
            reference="zero",
        )
    )
    ordered = chosen[np.isfinite(result.internal[chosen])]
    if ordered.size > 2:
        ordered = ordered[np.argsort(result.internal[ordered], kind="stable")]
        ctx.show(
            ScatterView(
                id="normal_qq",
                title="Normal Q-Q plot",
                caption=caption(say("Normal residuals lie on the line.")),
                source=source,
                x=Column(name="quantile", label="Normal quantile"),
                y=Column(name="studentised", label="Studentised residual"),
                series=(
                    Series(
                        x=_values(normal_quantiles(ordered.size)),
                        y=_values(result.internal[ordered]),
                        labels=_labels(result, ordered),
                        label_text=ROW,
                    ),
                ),
                reference="identity",
            )
        )
    worst = extremes(result.cooks, 30)
    if worst.size:
        ctx.show(
            BarView(
                id="cooks_distance",
                title="Rows that change the result most",
                caption="Cook's distance; above 1 a row decides much by itself.",
                source=source,
                x=Column(name="row", label="Row"),
                y=Column(name="cooks_distance", label="Cook's distance"),
                series=(
                    Series(
                        x=tuple(result.table.label(int(row)) for row in worst), y=_values(result.cooks[worst])
                    ),
                ),
            )
        )


def _labels(result: LinearResult, rows: Iterable[int]) -> tuple[str, ...]:
    return tuple(f"{result.table.number(int(row)):,}" for row in rows)


def _values(values: FloatArray) -> tuple[float | None, ...]:
    return tuple(value if math.isfinite(value) else None for value in values.tolist())


def _cell(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
