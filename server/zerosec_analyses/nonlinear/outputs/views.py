"""What the window shows of a nonlinear analysis: the answer, the numbers, the plots and the tables, as views."""

from __future__ import annotations

import math
from collections.abc import Sequence

from zerosec_analyses.modelling.explained_views import ROW, explain, shown_cell, shown_values
from zerosec_analyses.modelling.table import ModelTable
from zerosec_analyses.nonlinear.analysis import TargetResult
from zerosec_analyses.nonlinear.outputs.metrics import made_of, sentence
from zerosec_analyses.nonlinear.outputs.plots import plotted
from zerosec_analyses.nonlinear.outputs.tables import NOTES, heading
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import ResultTable
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, joined, say
from zerosec_shared.views import BarView, CardView, FileView, MetricView, ScatterView

SAMPLED_PAIRS = say(
    "How much two features together move a prediction beyond what each does alone, on average over rows; from random sets of the other features."
)
EXACT_PAIRS = say(
    "How much two features together move a prediction beyond what each does alone, on average over rows; exact, along the paths of the trees (XGBoost, CatBoost)."
)
SHOWN = ("leaderboard", "importance", "dropped", "folds", "trials", "shap", "predictions")


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
    named: Sequence[int] = (),
) -> None:
    """Show everything; ``sources`` are the artifacts of the tables, ``files`` (id, title, artifact) what to open.

    ``named`` are the rows of the file that the user wants explained.
    """
    ctx.show(CardView(id="answer", title=cut(title(results), 200), text=sentence(results)))
    for metric in metrics:
        metric.tell(ctx)
    headline = tuple(m.name for m in metrics if m.headline)
    made = [made_of(one) for one in results]
    if len(results) > 1:
        made = [
            say("{target}: {what}", target=one.target, what=what)
            for one, what in zip(results, made, strict=True)
        ]
    ctx.show(CardView(id="made_of", title="Final model", text=cut(joined(made, "; "), 4000)))
    ctx.show(MetricView(id="accuracy", title="Accuracy on unseen rows", metrics=headline))
    # words of programs: what they mean stands in the card
    worded = {m.name for m in metrics if isinstance(m.value, str)}
    rest = tuple(m.name for m in metrics if not m.headline and m.name not in worded)
    ctx.show(MetricView(id="figures", title="All figures", metrics=rest))
    for number, result in enumerate(results, start=1):
        _plots(ctx, table, result, "" if number == 1 else f"_{number}", sources, named)
    by_name = {one.name: one for one in tables}
    for name in SHOWN:
        if name in by_name:
            one = by_name[name]
            columns = [
                Column(name=column, label=label, digits=5)
                for column, label in zip(one.columns, one.headings(heading), strict=True)
            ]
            ctx.table(
                name,
                one.title,
                columns,
                [[shown_cell(cell) for cell in row] for row in one.rows[:5000]],
                source=sources.get(name),
                caption=NOTES.get(name, ""),
                total_rows=len(one.rows),
            )
    for view_id, name, artifact in files:
        ctx.show(FileView(id=view_id, title=name, source=artifact))


def _plots(
    ctx: Context,
    table: ModelTable,
    result: TargetResult,
    ending: str,
    sources: dict[str, str],
    named: Sequence[int],
) -> None:
    target, unit = result.target, result.unit
    chosen = plotted(result)
    found, y = result.out_of_fold[chosen], result.rows.y[chosen]
    labels = tuple(str(table.row_number(int(result.places[row]))) for row in chosen.tolist())
    predicted = Column(name="predicted", label=say("Predicted {target}", target=target), unit=unit)
    ctx.show(
        ScatterView(
            id=f"predicted_vs_observed{ending}",
            title=cut(say("{target}: observed against predicted, unseen", target=target), 200),
            caption="Each row is predicted by a model that has not seen it. On the line a prediction is right.",
            source=sources.get("predictions"),
            x=predicted,
            y=Column(name="observed", label=say("Observed {target}", target=target), unit=unit),
            series=(Series(x=shown_values(found), y=shown_values(y), labels=labels, label_text=ROW),),
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
            series=(Series(x=shown_values(found), y=shown_values(y - found), labels=labels, label_text=ROW),),
            reference="zero",
        )
    )
    score = Column(name="rmse", label="RMSE on unseen rows", unit=unit)
    explain(ctx, table, result, ending, sources, score, named=named)
    if pairs := [one for one in result.interactions if one.size > 0]:
        names = tuple(
            f"{table.features[one.first].name} × {table.features[one.second].name}" for one in pairs
        )
        ctx.show(
            BarView(
                id=f"shap_interactions{ending}",
                title=cut(say("{target}: what features do together", target=target), 200),
                caption=EXACT_PAIRS if math.isnan(pairs[0].error) else SAMPLED_PAIRS,
                source=sources.get("shap_interactions"),
                x=Column(name="pair", label="Features"),
                y=Column(name="interaction", label="Mean size of the interaction", unit=unit),
                series=(Series(x=names, y=tuple(one.size for one in pairs)),),
            )
        )
