"""The tables of a result, each once: CSV, workbook, report and views are all made from these."""

from __future__ import annotations

import math

import numpy as np

from zerosec_analyses.linear.analysis import LinearResult
from zerosec_analyses.linear.diagnostics import extremes
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import say

MAX_ROWS = 50_000
SAMPLED_ROWS = 5_000


def result_tables(result: LinearResult, found: list[Finding]) -> list[ResultTable]:
    """All tables that have something to say."""
    tables = [
        coefficients(result),
        anova(result),
        cross_validation(result),
        diagnostics(result),
        collinearity(result),
        vif_by_term(result),
        columns(result),
        rows(result),
        warnings(found),
    ]
    return [table for table in tables if table.rows or table.name == "coefficients"]


def coefficients(result: LinearResult) -> ResultTable:
    """One line a coefficient, on the scale of the fit."""
    header = ("term", "estimate", "std_error", "t", "p_value", "ci_low", "ci_high", "vif")
    lines: list[tuple[Cell, ...]]
    if result.inference is not None:
        lines = [
            (c.term, c.estimate, c.std_error, c.t, c.p_value, c.ci_low, c.ci_high, c.vif)
            for c in result.inference.coefficients
        ]
    else:
        labels = result.labels
        lines = [(labels[i], float(result.coefficients[i]), *[None] * 6) for i in result.kept]
    robust = result.inference is not None and result.inference.robust
    title = say("Coefficients, with robust (HC3) standard errors") if robust else say("Coefficients")
    return ResultTable("coefficients", title, header, lines)


def anova(result: LinearResult) -> ResultTable:
    """The analysis of variance."""
    kind = result.parameters.anova_type.value
    header = ("source", "sum_of_squares", "df", "mean_square", "f", "p_value")
    lines = [
        (r.source, r.sum_of_squares, r.degrees_of_freedom, r.mean_square, r.f, r.p_value)
        for r in result.anova
    ]
    return ResultTable(
        "anova", say("Analysis of variance (Type {kind} sums of squares)", kind=kind), header, lines
    )


def cross_validation(result: LinearResult) -> ResultTable:
    """Scores of each repeat."""
    judged = result.cross_validation
    lines = [(i + 1, s.r2, s.rmse, s.mae) for i, s in enumerate(judged.scores)] if judged else []
    return ResultTable("cross_validation", say("Cross-validation"), ("repeat", "r2", "rmse", "mae"), lines)


def diagnostics(result: LinearResult) -> ResultTable:
    """Tests of the assumptions."""
    lines = [(t.name, t.statistic, t.degrees_of_freedom, t.p_value, t.note) for t in result.tests]
    return ResultTable(
        "diagnostics", say("Tests of the residuals"), ("test", "statistic", "df", "p_value", "note"), lines
    )


def collinearity(result: LinearResult) -> ResultTable:
    """Near-collinear sets by name."""
    lines = [
        (n.condition_index, ", ".join(n.columns), ", ".join(f"{p:.2f}" for p in n.proportions), n.combination)
        for n in result.near_combinations
    ]
    header = ("condition_index", "columns", "variance_proportions", "combination")
    return ResultTable("collinearity", say("Columns that nearly repeat each other"), header, lines)


def vif_by_term(result: LinearResult) -> ResultTable:
    """Generalised VIF of whole terms."""
    lines = [(g.term, g.degrees_of_freedom, g.gvif, g.scaled) for g in result.gvifs]
    return ResultTable(
        "vif", say("Generalised variance inflation by term"), ("term", "df", "gvif", "gvif_scaled"), lines
    )


def columns(result: LinearResult) -> ResultTable:
    """The columns the model uses, with their ranges or levels."""
    lines: list[tuple[Cell, ...]] = []
    for summary in result.table.summaries:
        kind = result.table.kinds[summary.name]
        levels = ", ".join(f"{level} ({count:,})" for level, count in summary.level_counts.items())[:30_000]
        lines.append(
            (
                summary.name,
                say("categorical") if kind.is_categorical else say("numeric"),
                summary.n_missing,
                summary.minimum,
                summary.maximum,
                summary.mean,
                kind.reference,
                levels,
            )
        )
    header = ("column", "kind", "missing", "minimum", "maximum", "mean", "reference_level", "levels")
    return ResultTable("columns", say("Columns used"), header, lines)


def shown_rows(result: LinearResult) -> np.ndarray:
    """The rows listed: all of a small table; of a large one those with the largest Cook's distance or residual and a random sample."""
    n = result.table.n_rows
    if n <= MAX_ROWS:
        return np.arange(n)
    rng = np.random.default_rng([result.seed, 555])
    sample = rng.choice(n, SAMPLED_ROWS, replace=False)
    worst = extremes(result.cooks, 1000)
    largest = extremes(np.abs(result.residuals.residuals), 1000)
    return np.unique(np.concatenate([sample, worst, largest]))


def rows(result: LinearResult) -> ResultTable:
    """Row by row: observed, fitted and out-of-fold prediction in the target's units; residual diagnostics on the scale of the fit."""
    judged = result.cross_validation
    chosen = shown_rows(result)
    unfolded = judged.predictions if judged is not None else np.full(result.table.n_rows, math.nan)
    header = (
        "file_row", "observed", "fitted", "out_of_fold", "residual", "leverage", "studentised", "studentised_external",
        "cooks_distance",
    )  # fmt: skip
    arrays = [
        result.table.y, result.predictions, unfolded, result.residuals.residuals, result.residuals.leverage, result.internal,
        result.external, result.cooks,
    ]  # fmt: skip
    selected = [np.where(np.isfinite(values[chosen]), values[chosen], np.nan).tolist() for values in arrays]
    numbers = [result.table.number(row) for row in chosen.tolist()]
    return ResultTable("rows", say("Row by row"), header, list(zip(numbers, *selected, strict=True)))


def warnings(found: list[Finding]) -> ResultTable:
    """What must be seen beside the numbers."""
    return ResultTable(
        "warnings", say("Remarks"), ("code", "message", "hint"), [(f.code, f.message, f.hint) for f in found]
    )
