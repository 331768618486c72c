"""What the window shows of a Pareto choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from zerosec_analyses.pareto.analysis import Choice
from zerosec_analyses.pareto.outputs.numbers import sentence
from zerosec_analyses.pareto.outputs.plots import sampled
from zerosec_analyses.pareto.outputs.tables import heading
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import ResultTable
from zerosec_analyses.sdk import Column, Context, Said, Series, cut, ours, say
from zerosec_shared.views import CardView, FileView, MetricView, ScatterView

SHOWN_ROWS = 2000
MOST_POINTS = 5000
MOST_PAIRS = 3


def show(
    ctx: Context,
    choice: Choice,
    metrics: Sequence[MetricLine],
    front: pl.DataFrame,
    tables: Sequence[ResultTable],
    sources: dict[str, str],
    files: Sequence[tuple[str, Said, str]],
    seed: int,
) -> None:
    """Show everything; ``sources`` are the artifacts of the tables, ``files`` (id, title, artifact) what to open."""
    ctx.show(CardView(id="answer", title="Best compromises", text=sentence(choice)))
    for metric in metrics:
        metric.tell(ctx)
    rest = tuple(metric.name for metric in metrics if not metric.headline)
    ctx.show(MetricView(id="figures", title="All figures", metrics=rest))
    _plots(ctx, choice, sources["pareto_only"], seed)
    for one in tables:
        if one.rows:
            columns = [Column(name=name, label=heading(name), digits=6) for name in one.columns]
            ctx.table(
                one.name, one.title, columns,
                [[None if isinstance(c, float) and c != c else c for c in row] for row in one.rows[:SHOWN_ROWS]],
                source=sources.get(one.name),
                total_rows=front.height if one.name == "pareto_only" else None,
            )  # fmt: skip
    for view_id, name, artifact in files:
        ctx.show(FileView(id=view_id, title=name, source=artifact))


def _plots(ctx: Context, choice: Choice, source: str, seed: int) -> None:
    found = choice.candidates
    others = sampled(np.setdiff1d(choice.eligible_rows, choice.front), MOST_POINTS, seed)
    front = sampled(choice.front, MOST_POINTS, seed)
    k = len(found.objectives)
    pairs = [(x, y) for y in range(1, k) for x in range(y)][:MOST_PAIRS]
    for number, (x, y) in enumerate(pairs, start=1):
        series = [_series(choice, say("Other eligible rows"), others, x, y), _series(choice, say("Pareto set"), front, x, y)]  # fmt: skip
        one, two = found.objectives[x], found.objectives[y]
        ctx.show(
            ScatterView(
                id=f"pair_{number}",
                title=cut(say("{y} over {x}", y=two.column, x=one.column), 200),
                x=Column(name="x", label=ours(one.column)),
                y=Column(name="y", label=ours(two.column)),
                series=tuple(made for made in series if made.x),
                source=source,
            )
        )


def _series(choice: Choice, name: Said, rows: np.ndarray, x: int, y: int) -> Series:
    values, table = choice.candidates.values[rows], choice.candidates.table
    return Series(
        name=name,
        x=tuple(values[:, x].tolist()),
        y=tuple(values[:, y].tolist()),
        labels=tuple(f"{table.row_number(int(at)):,}" for at in rows),
        label_text=ours("row {label}"),
    )
