"""What the window shows of a classification: the answer, the numbers, the curves and the tables, as views."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zerosec_analyses.classification.analysis import ClassResult
from zerosec_analyses.classification.outputs.metrics import sentence
from zerosec_analyses.classification.outputs.tables import (
    IMPORTANCE,
    NOTES,
    curves_of,
    decision_counts,
    heading,
)
from zerosec_analyses.classification.outputs.words import CANNOT_SAY
from zerosec_analyses.classification.scores import calibration_curve, cost_curve, pr_points, roc_points
from zerosec_analyses.modelling.explained_views import explain, shown_cell, shown_values
from zerosec_analyses.modelling.table import FloatArray, ModelTable
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import ResultTable
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, say
from zerosec_shared.views import CardView, FileView, HeatMapView, LineView, MetricView

SHOWN = (
    "leaderboard", "classes", "decisions", "held_out", "calibration", "importance", "dropped", "folds", "trials", "shap",
    "predictions",
)  # fmt: skip
MOST_POINTS = 400
MOST_CELLS = 60


def title(result: ClassResult) -> Said:
    """What the result is of."""
    return say("Classification of {target}", target=result.target)


def show(
    ctx: Context,
    table: ModelTable,
    result: ClassResult,
    metrics: Sequence[MetricLine],
    tables: Sequence[ResultTable],
    sources: dict[str, str],
    files: Sequence[tuple[str, Said, str]],
) -> None:
    """Show everything; ``sources`` are the artifacts of the tables, ``files`` (id, title, artifact) what to open."""
    ctx.show(CardView(id="answer", title=cut(title(result), 200), text=sentence(result)))
    for metric in metrics:
        metric.tell(ctx)
    headline = tuple(m.name for m in metrics if m.headline)
    ctx.show(MetricView(id="accuracy", title="Accuracy on unseen rows", metrics=headline))
    # words of programs: what they mean stands in the card
    worded = {m.name: m.note for m in metrics if isinstance(m.value, str)}
    made = say(
        "{model}; calibration of the probabilities: {calibration}; decided by {rule}.",
        model=worded["model"],
        calibration=worded["calibration"],
        rule=worded["decision"],
    )
    ctx.show(CardView(id="made_of", title="Final model", text=cut(made, 4000)))
    rest = tuple(m.name for m in metrics if not m.headline and m.name not in worded)
    ctx.show(MetricView(id="figures", title="All figures", metrics=rest))
    _confusion(ctx, result, sources)
    _curves(ctx, result, sources)
    explain(
        ctx, table, result, "", sources, Column(name="log_loss", label="Log loss on unseen rows"), IMPORTANCE
    )
    by_name = {one.name: one for one in tables}
    for name in SHOWN:
        if name in by_name:
            one = by_name[name]
            ctx.table(
                name,
                one.title,
                [
                    Column(name=column, label=label, digits=5)
                    for column, label in zip(one.columns, one.headings(heading), strict=True)
                ],
                [[shown_cell(cell) for cell in row] for row in one.rows[:5000]],
                source=sources.get(name),
                caption=NOTES.get(name, ""),
                total_rows=len(one.rows),
            )
    for view_id, name, artifact in files:
        ctx.show(FileView(id=view_id, title=name, source=artifact))


def _confusion(ctx: Context, result: ClassResult, sources: dict[str, str]) -> None:
    if len(result.labels) > MOST_CELLS:
        return
    counts = decision_counts(result, result.unseen)
    ctx.show(
        HeatMapView(
            id="confusion",
            title=cut(say("{target}: what unseen rows were taken for", target=result.target), 200),
            caption=NOTES["decisions"],
            source=sources.get("decisions"),
            x_labels=(*result.labels, CANNOT_SAY),
            y_labels=result.labels,
            values=tuple(tuple(float(count) for count in row) for row in counts.tolist()),
            x=Column(name="decided", label="Decided"),
            y=Column(name="actual", label="Actual class"),
            outline_diagonal=False,
        )
    )


def _curves(ctx: Context, result: ClassResult, sources: dict[str, str]) -> None:
    tested, target = result.tested, result.target
    p, y = result.out_of_fold[tested], result.y[tested]
    roc, pr, cal, cost = [], [], [], []
    for code in curves_of(result):
        own, name = y == code, result.labels[code]
        if not 0 < int(own.sum()) < y.size:
            continue
        score = p[:, code]
        roc.append(_series(name, *roc_points(score, own)))
        pr.append(_series(name, *pr_points(score, own)))
        bins = calibration_curve(score, own)
        cal.append(
            Series(
                name=name,
                x=tuple(one.said for one in bins),
                y=tuple(one.share for one in bins),
                low=tuple(one.low for one in bins),
                high=tuple(one.high for one in bins),
            )
        )
        at, made, trivial = cost_curve(score, own)
        cost.append(_series(name, at, made))
        if len(cost) == 1:
            cost.append(_series(say("always one class"), at, trivial))
    if not roc:
        return
    ctx.show(
        LineView(
            id="roc_curve",
            title=cut(say("{target}: ROC curve of rows never seen", target=target), 200),
            caption="Over all thresholds: which share of a class lies above, and which share of the rest. The diagonal is chance.",
            x=Column(name="rest", label="Share of the rest above"),
            y=Column(name="class", label="Share of the class above"),
            series=tuple(roc),
            reference="identity",
        )
    )
    ctx.show(
        LineView(
            id="precision_recall",
            title=cut(say("{target}: precision and recall of rows never seen", target=target), 200),
            caption="Of the rows above a threshold, how many are of the class, over how many of the class lie above it.",
            x=Column(name="recall", label="Share of the class above"),
            y=Column(name="precision", label="Share of the class among them"),
            series=tuple(pr),
        )
    )
    ctx.show(
        LineView(
            id="calibration_curve",
            title=cut(say("{target}: do the probabilities say what they mean?", target=target), 200),
            caption=NOTES["calibration"],
            source=sources.get("calibration"),
            x=Column(name="said", label="Probability said"),
            y=Column(name="share", label="Share observed"),
            series=tuple(cal),
            reference="identity",
        )
    )
    ctx.show(
        LineView(
            id="cost_curve",
            title=cut(say("{target}: what decisions cost", target=target), 200),
            caption=(
                "From left to right missing the class weighs more. Decided by the probabilities, not by the best threshold in hindsight; where "
                "the line of always one class is lower, deciding by the model does not pay."
            ),
            x=Column(name="probability_cost", label="Probability cost of the class"),
            y=Column(name="cost", label="Expected cost (normalised)"),
            series=tuple(cost),
        )
    )


def _series(name: str, x: FloatArray, y: FloatArray) -> Series:
    if x.size > MOST_POINTS:
        chosen = np.unique(np.linspace(0, x.size - 1, MOST_POINTS).astype(np.int64))
        x, y = x[chosen], y[chosen]
    return Series(name=name, x=shown_values(x), y=shown_values(y))
