"""What the window shows of a Pareto choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from zerosec_analyses.pareto.analysis import Choice
from zerosec_analyses.pareto.objectives import Goal, Objective
from zerosec_analyses.pareto.outputs.numbers import sentence
from zerosec_analyses.pareto.outputs.plots import sampled
from zerosec_analyses.pareto.outputs.tables import ROW, STATUS, cell, heading
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Column, Context, Said, say
from zerosec_shared.views import CardView, FileView, LinkedView, MetricView

SHOWN_ROWS = 2000
MOST_POINTS = 5000
MOST_BEATEN = 2000
MOST_COLUMNS = 60
GROUP = "pareto_status"


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
    names = {one.column for one in choice.candidates.objectives}
    view, rows = linked(choice, sources["pareto_only"], seed, runs=len(front.columns) > len(names) + 5)
    ctx.show(view.model_copy(update={"rows": rows}))  # checked above; these are still sentences
    for one in tables:
        if one.rows:
            columns = [
                Column(name=name, label=label, digits=6)
                for name, label in zip(one.columns, one.headings(heading), strict=True)
            ]
            ctx.table(
                one.name, one.title, columns,
                [[None if isinstance(c, float) and c != c else c for c in row] for row in one.rows[:SHOWN_ROWS]],
                source=sources.get(one.name),
                total_rows=front.height if one.name == "pareto_only" else None,
            )  # fmt: skip
    for view_id, name, artifact in files:
        ctx.show(FileView(id=view_id, title=name, source=artifact))


def linked(
    choice: Choice, source: str, seed: int, *, runs: bool
) -> tuple[LinkedView, tuple[tuple[Cell, ...], ...]]:
    """The set, and rows it beats, seen from several sides; its rows apart, since their words are still to be translated."""
    found = choice.candidates
    best = choice.front[:MOST_POINTS]
    others = sampled(
        np.setdiff1d(choice.eligible_rows, choice.front), min(MOST_BEATEN, MOST_POINTS - len(best)), seed
    )
    shown = [*((int(at), True) for at in best), *((int(at), False) for at in others)]
    objectives = [one.column for one in found.objectives]
    own = [name for name in found.table.frame.columns if name not in objectives][:MOST_COLUMNS]
    picked = found.table.frame.select(*objectives, *own)[[at for at, _ in shown]]
    rows = tuple(
        (_status(in_set), found.table.row_number(at), *(cell(value) for value in values))
        for (at, in_set), values in zip(shown, picked.iter_rows(), strict=True)
    )
    view = LinkedView(
        id="linked",
        title=say("Pareto set among the rows it beats"),
        caption=_caption(choice, len(best), len(others)),
        source=source,
        columns=(
            Column(name=GROUP, label=heading(STATUS), worded=True),
            Column(name=ROW, label=heading(ROW)),
            *(Column(name=one.column, label=_arrow(one)) for one in found.objectives),
            *(Column(name=name) for name in own),
        ),
        rows=rows,
        total_rows=len(choice.eligible_rows),
        axes=tuple(objectives),
        coloured_by=GROUP,
        runs=runs,
    )  # fmt: skip
    return view, rows


def _status(in_set: bool) -> Said:
    return say("Pareto set") if in_set else say("Other eligible rows")


def _arrow(one: Objective) -> Said:
    if one.goal is Goal.MINIMISE:
        return say("{column} ↓", column=one.column)
    if one.goal is Goal.MAXIMISE:
        return say("{column} ↑", column=one.column)
    return say("{column} → {value:.6g}", column=one.column, value=one.wanted)


def _caption(choice: Choice, best: int, others: int) -> Said:
    beaten = len(choice.eligible_rows) - len(choice.front)
    if best < len(choice.front) or others < beaten:
        return say(
            "↓ less is better, ↑ more is better. Shown: {best:,} of {front:,} rows of the set and {others:,} of {beaten:,} others, drawn at random.",
            best=best, front=len(choice.front), others=others, beaten=beaten,
        )  # fmt: skip
    return say("↓ less is better, ↑ more is better.")
