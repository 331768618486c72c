"""What the window shows of a design: the sentence, the numbers, the runs, the plots, the tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from zerosec_analyses.optimal_design.evaluate import Evaluation
from zerosec_analyses.optimal_design.factors import FloatArray
from zerosec_analyses.optimal_design.outputs.design_table import Runs
from zerosec_analyses.optimal_design.outputs.figures import Figure, sentence
from zerosec_analyses.optimal_design.outputs.pictures import principal_components
from zerosec_analyses.optimal_design.outputs.report import HEADINGS
from zerosec_analyses.optimal_design.outputs.result_tables import shares
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.solve import Solution
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import Column, Context, Series, cut, ours, say
from zerosec_shared.views import (
    BarView,
    CardView,
    FileView,
    HeatMapView,
    LineView,
    MetricView,
    ScatterView,
)

PAIRED_FACTORS = 5
MAX_MAPPED_TERMS = 150
DIGITS = {"run": None, "candidate_row": None}


def show(
    ctx: Context,
    problem: Problem,
    solution: Solution,
    runs: Runs,
    evaluation: Evaluation | None,
    figures: Sequence[Figure],
    tables: Sequence[ResultTable],
    sources: dict[str, str],
) -> None:
    """Show everything; ``sources`` are the artifacts of the tables."""
    ctx.show(CardView(id="answer", title="Optimal design", text=sentence(problem, solution, evaluation)))
    for figure in figures:
        ctx.metric(figure.name, figure.value, label=figure.label, note=figure.note, headline=figure.headline)
    ctx.show(
        MetricView(id="leading", title="How good it is", metrics=tuple(f.name for f in figures if f.headline))
    )
    _table(ctx, tables[0], sources)
    _projections(ctx, problem, runs, sources["runs"])
    _distributions(ctx, problem, runs, sources["distribution"])
    if evaluation is not None:
        _precision(ctx, problem, evaluation, sources)
    ctx.show(
        MetricView(
            id="figures", title="All figures", metrics=tuple(f.name for f in figures if not f.headline)
        )
    )
    for table in tables[1:]:
        if table.name not in {"prediction_variance", "correlations"}:
            _table(ctx, table, sources)


def show_files(ctx: Context, files: Sequence[tuple[str, str, str]]) -> None:
    """Files to open: id, title, artifact."""
    for view_id, title, artifact in files:
        ctx.show(FileView(id=view_id, title=title, source=artifact))


def _table(ctx: Context, table: ResultTable, sources: dict[str, str]) -> None:
    rows: list[list[Cell]] = [[_finite(cell) for cell in row] for row in table.rows[:5000]]
    columns = [
        Column(name=name, label=HEADINGS.get(name, ""), digits=None if name in DIGITS else 5)
        for name in table.columns
    ]
    ctx.table(table.name, table.title, columns, rows, source=sources[table.name], total_rows=len(table.rows))


def _projections(ctx: Context, problem: Problem, runs: Runs, source: str) -> None:
    numbers = tuple(str(at + 1) for at in range(len(runs.points)))
    label = ours("run {label}")
    if len(runs.points) > 1:
        scores, explained = principal_components(problem.factors, runs.points)
        ctx.show(
            ScatterView(
                id="projection",
                title="Runs on two principal components",
                caption=say("The components hold {first:.0%} and {second:.0%} of the variation of the runs.", first=explained[0], second=explained[1]),
                source=source,
                x=Column(name="component_1", label="Component 1"),
                y=Column(name="component_2", label="Component 2"),
                series=(Series(x=tuple(scores[:, 0].tolist()), y=tuple(scores[:, 1].tolist()), labels=numbers, label_text=label),),
            )
        )  # fmt: skip
    shown = list(enumerate(problem.factors))[:PAIRED_FACTORS]
    for (i, a), (j, b) in combinations(shown, 2):
        (at_x, x), (at_y, y) = ((i, a), (j, b)) if not b.is_categorical else ((j, b), (i, a))
        xs: list[float | str] = (
            [str(x.levels[int(code)]) for code in runs.points[:, at_x]]
            if x.is_categorical
            else list(x.raw(runs.points[:, at_x]).tolist())
        )
        ys = runs.points[:, at_y] + 1 if y.is_categorical else y.raw(runs.points[:, at_y])
        ctx.show(
            ScatterView(
                id=f"pair_{i + 1}_{j + 1}",
                title=cut(say("Runs by {x} and {y}", x=x.name, y=y.name), 200),
                source=source,
                x=Column(name=x.name),
                y=Column(name=y.name),
                series=(Series(x=tuple(xs), y=tuple(ys.tolist()), labels=numbers, label_text=label),),
            )
        )


def _distributions(ctx: Context, problem: Problem, runs: Runs, source: str) -> None:
    for at, (factor, labels, mine, theirs) in enumerate(shares(problem, runs.points)):
        ctx.show(
            BarView(
                id=f"levels_{at + 1}",
                title=cut(say("Levels of {factor}", factor=factor.name), 200),
                caption="The share of the runs at each level, beside that of the possible runs.",
                source=source,
                x=Column(name="level", label=factor.name),
                y=Column(name="share", label="Share"),
                series=(
                    Series(name=say("Runs"), x=tuple(labels), y=tuple(mine.tolist())),
                    Series(name=say("Possible runs"), x=tuple(labels), y=tuple(theirs.tolist())),
                ),
            )
        )


def _precision(ctx: Context, problem: Problem, evaluation: Evaluation, sources: dict[str, str]) -> None:
    ctx.show(
        LineView(
            id="prediction_variance",
            title="Prediction variance over the region",
            caption="In units of the variance of the noise: how large it is at most in a given share of the possible runs. Low and flat is good.",
            source=sources["prediction_variance"],
            x=Column(name="fraction", label="Fraction of the region"),
            y=Column(name="variance", label="Prediction variance"),
            series=(Series(x=tuple(evaluation.fractions.tolist()), y=tuple(evaluation.quantiles.tolist())),),
        )
    )
    labels = problem.primary.labels[1:] if problem.primary.intercept else problem.primary.labels
    if 1 < len(labels) <= MAX_MAPPED_TERMS:
        ctx.show(
            HeatMapView(
                id="correlations",
                title="Correlations of the terms",
                caption="Between columns of the model matrix: 0 is best, 1 means that two terms cannot be told apart.",
                source=sources["correlations"],
                x_labels=tuple(labels),
                y_labels=tuple(labels),
                values=_rows(np.abs(evaluation.correlations)),
                low=0.0,
                high=1.0,
            )
        )
    powered = [each for each in evaluation.coefficients if each.power is not None]
    if powered:
        ctx.show(
            BarView(
                id="power",
                title="Power for each coefficient",
                caption=say(
                    "The chance to find an effect of {effect:.4g} over a factor's whole range with noise {noise:.4g}, tested at {level:.3g}.",
                    effect=problem.parameters.effect, noise=problem.parameters.noise, level=problem.parameters.significance,
                ),
                source=sources["coefficients"],
                x=Column(name="term", label="Term"),
                y=Column(name="power", label="Power"),
                series=(Series(x=tuple(each.label for each in powered), y=tuple(each.power for each in powered)),),
            )
        )  # fmt: skip


def _rows(matrix: FloatArray) -> tuple[tuple[float | None, ...], ...]:
    return tuple(tuple(map(float, line)) for line in matrix)


def _finite(cell: Cell) -> Cell:
    return None if isinstance(cell, float) and not math.isfinite(cell) else cell
