"""What the window shows of a nonlinear analysis: the answer, the numbers, the plots and the tables, as views."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.nonlinear.outputs.metrics import sentence
from zerosec_analyses.nonlinear.outputs.plots import MOST_BARS, plotted
from zerosec_analyses.nonlinear.outputs.tables import NOTES, heading
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, ours, say
from zerosec_shared.views import BarView, CardView, FileView, LineView, MetricView, ScatterView

SHOWN = ("leaderboard", "importance", "dropped", "folds", "trials", "shap", "predictions")
ROW = ours("row {label}")
SHOWN_SHAP = 3


def title(results: Sequence[TargetResult]) -> Said:
    """What the result is of."""
    return say("Nonlinear model of {targets}", targets=", ".join(result.target for result in results))


def show(
    ctx: Context,
    table: ModelTable,
    results: Sequence[TargetResult],
    metrics: Sequence[MetricLine],
    tables: Sequence[ResultTable],
    sources: dict[str, str],
    files: Sequence[tuple[str, Said, str]],
) -> None:
    """Show everything; ``sources`` are the artifacts of the tables, ``files`` (id, title, artifact) what to open."""
    ctx.show(CardView(id="answer", title=cut(title(results), 200), text=sentence(results)))
    for metric in metrics:
        metric.tell(ctx)
    headline = tuple(m.name for m in metrics if m.headline)
    ctx.show(MetricView(id="accuracy", title="Accuracy on unseen rows", metrics=headline))
    rest = tuple(m.name for m in metrics if not m.headline)
    ctx.show(MetricView(id="figures", title="All figures", metrics=rest))
    for number, result in enumerate(results, start=1):
        _plots(ctx, table, result, "" if number == 1 else f"_{number}", sources)
    by_name = {one.name: one for one in tables}
    for name in SHOWN:
        if name in by_name:
            one = by_name[name]
            columns = [Column(name=column, label=heading(column), digits=5) for column in one.columns]
            ctx.table(
                name,
                one.title,
                columns,
                [[_cell(cell) for cell in row] for row in one.rows[:5000]],
                source=sources.get(name),
                caption=NOTES.get(name, ""),
                total_rows=len(one.rows),
            )
    for view_id, name, artifact in files:
        ctx.show(FileView(id=view_id, title=name, source=artifact))


def _plots(
    ctx: Context, table: ModelTable, result: TargetResult, ending: str, sources: dict[str, str]
) -> None:
    target, unit = result.target, result.unit
    chosen = plotted(result)
    found, y = result.out_of_fold[chosen], result.rows.y[chosen]
    labels = tuple(f"{table.row_number(int(result.places[row])):,}" for row in chosen.tolist())
    predicted = Column(name="predicted", label=say("Predicted {target}", target=target), unit=unit)
    ctx.show(
        ScatterView(
            id=f"predicted_vs_observed{ending}",
            title=cut(say("{target}: observed against predicted, unseen", target=target), 200),
            caption="Each row is predicted by a model that has not seen it. On the line a prediction is right.",
            source=sources.get("predictions"),
            x=predicted,
            y=Column(name="observed", label=say("Observed {target}", target=target), unit=unit),
            series=(Series(x=_values(found), y=_values(y), labels=labels, label_text=ROW),),
            reference="identity",
        )
    )
    ctx.show(
        ScatterView(
            id=f"residuals{ending}",
            title=cut(say("{target}: errors over predictions", target=target), 200),
            caption="No pattern is what a good model shows.",
            source=sources.get("predictions"),
            x=predicted,
            y=Column(name="residual", label="Observed minus predicted", unit=unit),
            series=(Series(x=_values(found), y=_values(y - found), labels=labels, label_text=ROW),),
            reference="zero",
        )
    )
    if len(result.learning) > 1:
        ctx.show(
            LineView(
                id=f"learning_curve{ending}",
                title=cut(say("{target}: would more rows help?", target=target), 200),
                caption="Error on unseen rows by the number of training rows, with the best single model. A line that still falls says yes.",
                x=Column(name="rows", label="Training rows"),
                y=Column(name="rmse", label="RMSE on unseen rows", unit=unit),
                series=(
                    Series(
                        x=tuple(float(n) for n, _ in result.learning), y=tuple(e for _, e in result.learning)
                    ),
                ),
            )
        )
    mean, spread = result.nested.importance()
    order = np.argsort(-mean, kind="stable")[:MOST_BARS]
    ctx.show(
        BarView(
            id=f"feature_importance{ending}",
            title=cut(say("{target}: importance of the features", target=target), 200),
            caption=NOTES["importance"],
            source=sources.get("importance"),
            x=Column(name="feature", label="Feature"),
            y=Column(name="importance", label="Importance"),
            series=(
                Series(
                    x=tuple(table.features[place].name for place in order.tolist()),
                    y=_values(mean[order]),
                    low=_values(mean[order] - spread[order]),
                    high=_values(mean[order] + spread[order]),
                ),
            ),
        )
    )
    _shap(ctx, table, result, ending, sources)
    for place, one in enumerate(result.profiles, start=1):
        feature = table.features[one.feature]
        axis = Column(name="value", label=ours(feature.name))
        y_axis = Column(name="prediction", label=say("Predicted {target}", target=target), unit=unit)
        caption = say("Mean prediction, and the middle 80 % of single rows.")
        heading_ = cut(say("{target} over {feature}", target=target, feature=feature.name), 200)
        texts = tuple(feature.levels[int(point)] for point in one.points) if feature.is_category else ()
        series = Series(
            x=texts or _values(one.points), y=_values(one.mean), low=_values(one.low), high=_values(one.high)
        )
        kind = BarView if feature.is_category else LineView
        ctx.show(
            kind(
                id=f"dependence{ending}_{place}", title=heading_, caption=caption,
                source=sources.get("partial_dependence"), x=axis, y=y_axis, series=(series,),
            )
        )  # fmt: skip


def _shap(
    ctx: Context, table: ModelTable, result: TargetResult, ending: str, sources: dict[str, str]
) -> None:
    shapley = result.shapley
    if shapley is None:
        return
    size = np.abs(shapley.values).mean(axis=0)
    order = [place for place in np.argsort(-size, kind="stable").tolist() if size[place] > 0][:MOST_BARS]
    ctx.show(
        BarView(
            id=f"shap_summary{ending}",
            title=cut(say("{target}: mean size of the SHAP values", target=result.target), 200),
            caption="How much each feature moves a prediction on average, in the target's own units.",
            source=sources.get("shap"),
            x=Column(name="feature", label="Feature"),
            y=Column(name="shap", label="Mean size of SHAP value", unit=result.unit),
            series=(Series(x=tuple(table.features[place].name for place in order), y=_values(size[order])),),
        )
    )
    numbers = [place for place in order if not table.features[place].is_category][:SHOWN_SHAP]
    labels = tuple(f"{table.row_number(int(result.places[row])):,}" for row in result.shapley_places.tolist())
    for at, place in enumerate(numbers, start=1):
        name = table.features[place].name
        ctx.show(
            ScatterView(
                id=f"shap_dependence{ending}_{at}",
                title=cut(say("{target}: SHAP values of {feature}", target=result.target, feature=name), 200),
                caption="What the feature adds to the prediction of each row.",
                source=sources.get("shap"),
                x=Column(name="value", label=ours(name)),
                y=Column(name="shap", label="SHAP value", unit=result.unit),
                series=(
                    Series(
                        x=_values(shapley.rows[:, place]),
                        y=_values(shapley.values[:, place]),
                        labels=labels,
                        label_text=ROW,
                    ),
                ),
                reference="zero",
            )
        )
    top = int(np.argmax(shapley.predictions))
    ctx.show(
        BarView(
            id=f"waterfall{ending}",
            title=cut(
                say(
                    "{target}: why row {row} is predicted highest",
                    target=result.target,
                    row=labels[top],
                ),
                200,
            ),
            caption=say(
                "From the mean prediction {baseline:.4g} the features lead to {prediction:.4g}.",
                baseline=shapley.baseline,
                prediction=float(shapley.predictions[top]),
            ),
            source=sources.get("shap"),
            x=Column(name="feature", label="Feature"),
            y=Column(name="shap", label="SHAP value", unit=result.unit),
            series=(
                Series(
                    x=tuple(table.features[place].name for place in order),
                    y=_values(shapley.values[top][order]),
                ),
            ),
        )
    )


def _values(values: np.ndarray) -> tuple[float | None, ...]:
    return tuple(value if math.isfinite(value) else None for value in values.tolist())


def _cell(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
