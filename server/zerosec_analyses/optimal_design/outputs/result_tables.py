"""The tables of a design: runs, coefficients, efficiencies, aliases, correlations, prediction variance, distribution of each factor."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from zerosec_analyses.optimal_design.evaluate import Evaluation
from zerosec_analyses.optimal_design.factors import Factor, FloatArray
from zerosec_analyses.optimal_design.outputs.design_table import Runs
from zerosec_analyses.optimal_design.problem import Problem
from zerosec_analyses.optimal_design.solve import RunKind
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import say

KINDS = {
    RunKind.CHOSEN: say("chosen"),
    RunKind.CENTRE: say("centre point"),
    RunKind.REPLICATE: say("replicate"),
    RunKind.DONE: say("already done"),
}
MAX_BARS = 12


def runs_table(problem: Problem, runs: Runs, leverages: FloatArray | None) -> ResultTable:
    """Every run with its number, its block, why it is there, and all its columns."""
    blocked = problem.blocks is not None
    ours = ["run", *(["block"] if blocked else []), "kind", "candidate_row", "leverage"]
    for at in range(len(ours)):
        while ours[at] in runs.table.columns:
            ours[at] += "_"
    columns = [*ours, *runs.table.columns]
    rows: list[list[Cell]] = []
    for at, values in enumerate(runs.table.iter_rows()):
        block: list[Cell] = [str(problem.blocks.levels[runs.slots[at]])] if problem.blocks else []
        place = None if runs.rows[at] < 0 else int(runs.rows[at]) + 1
        leverage = None if leverages is None else float(leverages[at])
        rows.append([at + 1, *block, KINDS[runs.kinds[at]], place, leverage, *(_cell(v) for v in values)])
    return ResultTable("runs", say("Runs in the order to make them"), tuple(columns), rows)


def coefficients_table(evaluation: Evaluation) -> ResultTable:
    """The precision of each coefficient."""
    return ResultTable(
        "coefficients",
        say("Precision of each coefficient"),
        ("term", "std_error", "vif", "power"),
        [(each.label, each.std_error, each.inflation, each.power) for each in evaluation.coefficients],
    )


def aliases_table(labels: list[str], evaluation: Evaluation) -> ResultTable:
    """How further terms bias the coefficients."""
    return ResultTable(
        "aliases",
        say("Alias matrix"),
        ("term", *evaluation.alias_labels),
        [(label, *map(float, line)) for label, line in zip(labels, evaluation.aliases, strict=True)],
    )


def correlations_table(labels: list[str], evaluation: Evaluation) -> ResultTable:
    """Correlations between the columns of the model."""
    return ResultTable(
        "correlations",
        say("Correlations of the terms"),
        ("term", *labels),
        [(label, *map(float, line)) for label, line in zip(labels, evaluation.correlations, strict=True)],
    )


def variance_table(evaluation: Evaluation) -> ResultTable:
    """Prediction variance against the fraction of the region where it is no larger."""
    return ResultTable(
        "prediction_variance",
        say("Prediction variance over the region"),
        ("fraction", "variance"),
        list(zip(evaluation.fractions.tolist(), evaluation.quantiles.tolist(), strict=True)),
    )


def shares(problem: Problem, points: FloatArray) -> list[tuple[Factor, list[str], FloatArray, FloatArray]]:
    """For each factor its levels (or ranges of them), the share of the runs and the share of the region at each."""
    found = []
    for at, factor in enumerate(problem.factors):
        mine, all_of_them = points[:, at], problem.region.points[:, at]
        codes = factor.level_codes
        if factor.is_categorical or len(codes) <= MAX_BARS:
            labels = [str(level) if factor.is_categorical else f"{level:.6g}" for level in factor.levels]
            edges = np.concatenate([[-np.inf], (codes[1:] + codes[:-1]) / 2, [np.inf]])
        else:
            edges = np.linspace(codes[0], codes[-1], MAX_BARS - 1)
            raw = factor.raw(edges)
            labels = [f"{a:.4g}–{b:.4g}" for a, b in pairwise(raw)]
            edges = np.concatenate([[-np.inf], edges[1:-1], [np.inf]])
        found.append(
            (factor, labels, np.histogram(mine, edges)[0] / len(mine), np.histogram(all_of_them, edges)[0] / len(all_of_them))
        )  # fmt: skip
    return found


def distribution_table(problem: Problem, points: FloatArray) -> ResultTable:
    """The share of runs and of candidates at each level of each factor."""
    return ResultTable(
        "distribution",
        say("Levels of each factor"),
        ("factor", "level", "share_of_runs", "share_of_candidates"),
        [
            (factor.name, label, float(mine), float(theirs))
            for factor, labels, design, region in shares(problem, points)
            for label, mine, theirs in zip(labels, design, region, strict=True)
        ],
    )


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, bool):
        return str(value)
    return value if isinstance(value, int) else str(value)
