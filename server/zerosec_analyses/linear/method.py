"""Runs the linear analysis in a job: reads, fits, judges, and writes tables, workbook, calculator, plots, report and model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from zerosec_analyses.linear.analysis import LinearResult, analyse
from zerosec_analyses.linear.diagnostics import extremes, normal_quantiles
from zerosec_analyses.linear.findings import Finding, findings
from zerosec_analyses.linear.model_file import LinearModelFile, save_model
from zerosec_analyses.linear.outputs.calculator import EXAMPLE_ROWS, Value, write_calculator
from zerosec_analyses.linear.outputs.methods import citations, methods_text
from zerosec_analyses.linear.outputs.metrics import MetricLine, metric_lines
from zerosec_analyses.linear.outputs.model import model_of
from zerosec_analyses.linear.outputs.plots import PlotSet, has_glyphs_for
from zerosec_analyses.linear.outputs.report import write_report
from zerosec_analyses.linear.outputs.result_tables import result_tables
from zerosec_analyses.linear.outputs.tables import write_csv, write_workbook
from zerosec_analyses.linear.outputs.views import METHOD_NAMES, plotted_rows, sentence, show
from zerosec_analyses.linear.spec import LinearParameters, TargetTransform
from zerosec_analyses.linear.streaming import filled
from zerosec_analyses.linear.table_input import prepare
from zerosec_analyses.sdk import Context
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import Severity

MAX_MARKED_ROWS = 5
MAX_PLOTTED_COEFFICIENTS = 40


def run(ctx: Context, params: LinearParameters) -> None:
    """The whole analysis. Raises InputError where the data or the parameters cannot be used.

    One BLAS thread: the blocks fit a core's cache, threads would only wait for each other (measured: ten times slower beside another
    job), and results do not depend on how many cores a machine has.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        _run(ctx, params)


def _run(ctx: Context, params: LinearParameters) -> None:
    source = ctx.input("data")
    seed = ctx.seed = params.seed  # the context records it with the versions
    ctx.progress(0.02, "read", "Reading the table")
    table = prepare(source.path, source.dialect, params, ctx.scratch)
    ctx.read_as("data", table.dialect)
    ctx.log(f"{table.n_rows:,} of {table.n_file_rows:,} rows are used.")
    result = analyse(
        table, params, seed, lambda fraction, stage, message: ctx.progress(fraction, stage, message)
    )
    ctx.progress(0.86, "write", "Writing tables, plots and report")
    found = findings(result)
    for finding in found:
        ctx.warn(
            finding.code,
            finding.message[:4000],
            finding.hint[:4000],
            Severity.WARNING if finding.is_warning else Severity.INFO,
        )
    metrics = metric_lines(result)
    sha256 = source.sha256 or _sha256(source.path)
    model = model_of(result, source.name, sha256, {metric.name: metric.value for metric in metrics})
    _write_everything(ctx, result, found, metrics, model, source.name, sha256)
    ctx.progress(1.0, "done", sentence(result))


def _write_everything(
    ctx: Context,
    result: LinearResult,
    found: list[Finding],
    metrics: list[MetricLine],
    model: LinearModelFile,
    input_name: str,
    sha256: str,
) -> None:
    tables = result_tables(result, found)
    sources = {
        table.name: ctx.artifact(write_csv(table, ctx.output / "tables"), ArtifactRole.TABLE)
        for table in tables
    }
    workbook = ctx.output / "linear_model.xlsx"
    write_workbook(tables, workbook)
    model_path = ctx.output / "model.json"
    save_model(model, model_path)
    files = [
        ("report", "Report", ctx.artifact(ctx.output / "report.html", ArtifactRole.REPORT)),
        ("workbook", "All tables in one workbook", ctx.artifact(workbook, ArtifactRole.TABLE)),
        ("model", "Model file", ctx.artifact(model_path, ArtifactRole.MODEL)),
    ]
    calculator = ctx.output / "calculator.xlsx"
    if write_calculator(model, calculator, _example_rows(result)):
        files.append(("calculator", "Calculator for Excel", ctx.artifact(calculator, ArtifactRole.MODEL)))
    else:
        ctx.warn(
            "no_calculator",
            "The model has more terms than the Excel calculator can hold; use the model file.",
        )
    pictures = _draw(result, ctx.output / "plots")
    for path in (ctx.output / "plots").iterdir():
        ctx.artifact(path, ArtifactRole.PLOT)
    if not has_glyphs_for(result.parameters.target + "".join(result.table.formula.columns)):
        ctx.warn(
            "no_font",
            "This computer has no font for some names; the plots show boxes in their place.",
            severity=Severity.INFO,
        )
    write_report(
        ctx.output / "report.html",
        title=f"Linear model of {result.parameters.target}",
        sentence=sentence(result),
        metrics=metrics,
        found=found,
        tables=[table for table in tables if table.name != "warnings"],
        plots=pictures,
        facts=_facts(result, model, input_name, sha256),
        methods=methods_text(result),
        citations=citations(result),
        confidence_level=result.parameters.confidence_level,
    )
    show(ctx, result, metrics, tables, sources, files)


def _draw(result: LinearResult, folder: Path) -> list[tuple[str, Path]]:
    plots = PlotSet(folder)
    chosen = plotted_rows(result)
    scale = "" if result.parameters.target_transform is TargetTransform.NONE else " (transformed scale)"
    unit = f" ({result.parameters.target_unit})" if result.parameters.target_unit else ""
    label = f"{result.parameters.target}{unit}"
    pictures: list[tuple[str, Path]] = []

    def drawn(caption: str, name: str) -> None:
        pictures.append((caption, folder / f"{name}.svg"))

    judged = result.cross_validation
    if judged is not None and np.isfinite(judged.predictions[chosen]).all():
        plots.predicted_against_observed(
            result.table.y[chosen], judged.predictions[chosen], label, "Out-of-fold"
        )
        drawn("Each row predicted by a model that has not seen it", "predicted_vs_observed")
    found = result.residuals
    plots.residuals_against_fitted(found.fitted[chosen], found.residuals[chosen], scale)
    drawn("Residuals against fitted values", "residuals_vs_fitted")
    usable = chosen[np.isfinite(result.internal[chosen])]
    if usable.size > 2:
        plots.normal_quantiles(normal_quantiles(usable.size), np.sort(result.internal[usable]))
        drawn("Normal Q-Q plot of the studentised residuals", "normal_qq")
        marked = [
            (int(np.searchsorted(usable, row)), result.table.label(int(row)))
            for row in extremes(result.cooks, MAX_MARKED_ROWS)
            if row in usable
        ]
        assert result.inference is not None
        plots.leverage(found.leverage[usable], result.internal[usable], result.inference.rank, marked)
        drawn("Leverage and studentised residuals; dotted and dashed: Cook's distance 0.5 and 1", "leverage")
    _draw_coefficients(result, plots, drawn)
    return pictures


def _draw_coefficients(result: LinearResult, plots: PlotSet, drawn: Callable[[str, str], None]) -> None:
    slopes = [position for position in result.kept if position > 0]
    if not slopes:
        return
    labels = result.labels
    size = result.standard_deviations
    standardised = {position: float(result.coefficients[position] * size[position]) for position in slopes}
    slopes = sorted(slopes, key=lambda position: -abs(standardised[position]))[:MAX_PLOTTED_COEFFICIENTS]
    low = np.full(len(slopes), np.nan)
    high = low.copy()
    if result.inference is not None:
        by_term = dict(zip(result.kept, result.inference.coefficients, strict=True))
        for index, position in enumerate(slopes):
            line = by_term[position]
            if line.ci_low is not None and line.ci_high is not None:
                low[index], high[index] = line.ci_low * size[position], line.ci_high * size[position]
    level = result.parameters.confidence_level
    note = (
        f"Change of the fitted value; {level:.0%} intervals"
        if np.isfinite(low).any()
        else "Change of the fitted value"
    )
    names = [labels[p] if len(labels[p]) <= 40 else labels[p][:37] + "…" for p in slopes]
    plots.coefficients(names, np.array([standardised[p] for p in slopes]), low, high, note)
    drawn("Coefficients per standard deviation of their term, the largest first", "coefficients")


def _example_rows(result: LinearResult) -> dict[str, list[Value]]:
    """The first rows of the data for the calculator, gaps filled in as in the fit."""
    design = result.design
    names = list(design.kinds)
    for _place, block in result.table.rows.blocks(names):
        complete = filled(block, result.fit.imputation)
        return {
            name: [
                design.kinds[name].levels[int(value)] if design.kinds[name].is_categorical else float(value)
                for value in complete[name][:EXAMPLE_ROWS]
            ]
            for name in names
        }
    return {name: [] for name in names}


def _facts(result: LinearResult, model: LinearModelFile, name: str, sha256: str) -> Sequence[tuple[str, str]]:
    inference = result.inference
    arithmetic = "double precision, Householder QR"
    if inference is not None and inference.in_exact_arithmetic:
        arithmetic = "exact rational arithmetic from the text of the file, each number rounded once"
    dialect = result.table.dialect
    return [
        ("Data", f"{name}, SHA-256 {sha256}"),
        ("Read as", f"{dialect.kind}, {dialect.encoding}, separator {dialect.separator!r}, decimal {dialect.decimal!r}"),
        ("Target", result.parameters.target),
        ("Terms", model.origin.formula or "none"),
        ("Intercept", "yes" if result.design.intercept else "no"),
        ("Method", METHOD_NAMES[result.parameters.method]),
        ("Standard errors", "none" if inference is None else "robust (HC3)" if inference.robust else "classical"),
        ("Target transform", result.parameters.target_transform.value.replace("_", "-")),
        ("Prediction", "mean" if model.transform.scale == "mean" and model.transform.nodes else "median of the target given the terms, which is its mean without a transform"),
        ("Missing values", result.parameters.missing.value.replace("_", " ")),
        ("Arithmetic", arithmetic),
        ("Cross-validation", result.plan.description if result.cross_validation else "none"),
        ("Seed", str(result.seed)),
        ("Versions", ", ".join(f"{key} {value}" for key, value in model.origin.versions.items())),
    ]  # fmt: skip


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
