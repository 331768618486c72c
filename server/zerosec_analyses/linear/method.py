"""Runs the linear analysis in a job: reads, fits, judges, and writes tables, workbook, calculator, plots, report and model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from zerosec_analyses.linear.analysis import LinearResult, analyse
from zerosec_analyses.linear.diagnostics import extremes, normal_quantiles
from zerosec_analyses.linear.findings import findings
from zerosec_analyses.linear.inference import Inference
from zerosec_analyses.linear.model_file import LinearModelFile, save_model
from zerosec_analyses.linear.outputs.calculator import EXAMPLE_ROWS, Value, write_calculator
from zerosec_analyses.linear.outputs.headings import heading
from zerosec_analyses.linear.outputs.methods import citations, methods_text
from zerosec_analyses.linear.outputs.metrics import metric_lines
from zerosec_analyses.linear.outputs.model import model_of
from zerosec_analyses.linear.outputs.plots import PlotSet
from zerosec_analyses.linear.outputs.reading import IN_ONE_UNIT, LABELS, NOTES
from zerosec_analyses.linear.outputs.result_tables import result_tables
from zerosec_analyses.linear.outputs.views import METHOD_NAMES, plotted_rows, sentence, show, title
from zerosec_analyses.linear.spec import LinearParameters, MissingPolicy, TargetTransform
from zerosec_analyses.linear.streaming import filled
from zerosec_analyses.linear.table_input import prepare
from zerosec_analyses.picture_style import has_glyphs_for
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.reporting.report import TableStyle, write_report
from zerosec_analyses.result_tables import Wording, write_csv, write_workbook
from zerosec_analyses.sdk import Context, JobInput, Said, say
from zerosec_shared.name_and_unit import name_and_unit
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import SOURCE, Texts
from zerosec_shared.views import Severity

MAX_MARKED_ROWS = 5
REPORTS = {"ja": say("Report in Japanese")}
"""The reports besides the English one, by language: each a file of its own, to be sent to whoever reads it."""
WORKBOOKS = {"ja": say("All tables in one workbook, in Japanese")}
CALCULATORS = {"ja": say("Calculator for Excel, in Japanese")}
MAX_PLOTTED_COEFFICIENTS = 40
TRANSFORM_NAMES = {
    TargetTransform.NONE: say("none"),
    TargetTransform.LOG: say("logarithm"),
    TargetTransform.BOX_COX: say("Box–Cox"),
    TargetTransform.YEO_JOHNSON: say("Yeo–Johnson"),
}
POLICY_NAMES = {
    MissingPolicy.REFUSE: say("refused"),
    MissingPolicy.DROP: say("rows left out"),
    MissingPolicy.IMPUTE_MEAN: say("filled in with the mean"),
    MissingPolicy.IMPUTE_MEDIAN: say("filled in with the median"),
}


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
    ctx.log(
        say(
            "{used:,} of {rows:,} rows are used.",
            one="1 of {rows} rows is used.",
            used=table.n_rows,
            rows=table.n_file_rows,
        )
    )
    result = analyse(
        table, params, seed, lambda fraction, stage, message: ctx.progress(fraction, stage, message)
    )
    ctx.progress(0.86, "write", "Writing tables, plots and report")
    found = findings(result)
    for finding in found:
        ctx.warn(
            finding.code,
            finding.message,
            finding.hint,
            Severity.WARNING if finding.is_warning else Severity.INFO,
        )
    metrics = metric_lines(result)
    sha256 = source.sha256 or _sha256(source.path)
    model = model_of(
        result, source.name, sha256, {m.name: None if isinstance(m.value, str) else m.value for m in metrics}
    )
    _write_everything(ctx, result, found, metrics, model, replace(source, sha256=sha256))
    ctx.progress(1.0, "done", sentence(result))


def _write_everything(
    ctx: Context,
    result: LinearResult,
    found: list[Finding],
    metrics: list[MetricLine],
    model: LinearModelFile,
    source: JobInput,
) -> None:
    tables = result_tables(result, found)
    sources = {
        table.name: ctx.artifact(write_csv(table, ctx.output / "tables"), ArtifactRole.TABLE)
        for table in tables
    }
    workbook = ctx.output / "linear_model.xlsx"
    level = result.parameters.confidence_level
    write_workbook(tables, workbook, Wording(str, partial(heading, confidence_level=level)))
    workbooks = [("workbook", say("All tables in one workbook"), ctx.artifact(workbook, ArtifactRole.TABLE))]
    for language in _languages(ctx.texts):
        wording = Wording(
            partial(_in_language, ctx.texts, language), partial(heading, confidence_level=level)
        )
        path = ctx.output / f"linear_model.{language}.xlsx"
        write_workbook(tables, path, wording)
        file = ctx.artifact(path, ArtifactRole.TABLE)
        workbooks.append((f"workbook_{language}", WORKBOOKS[language], file))
    model_path = ctx.output / "model.json"
    save_model(model, model_path)
    files = [
        ("report", say("Report"), ctx.artifact(ctx.output / "report.html", ArtifactRole.REPORT)),
        *(
            (
                f"report_{language}",
                REPORTS[language],
                ctx.artifact(ctx.output / f"report.{language}.html", ArtifactRole.REPORT),
            )
            for language in _languages(ctx.texts)
        ),
        *workbooks,
        ("model", say("Model file"), ctx.artifact(model_path, ArtifactRole.MODEL)),
    ]
    calculator = ctx.output / "calculator.xlsx"
    if write_calculator(model, calculator, _example_rows(result)):
        files.append(
            ("calculator", say("Calculator for Excel"), ctx.artifact(calculator, ArtifactRole.MODEL))
        )
        for language in _languages(ctx.texts):
            path = ctx.output / f"calculator.{language}.xlsx"
            words = partial(_in_language, ctx.texts, language)
            write_calculator(model, path, _example_rows(result), words)
            file = ctx.artifact(path, ArtifactRole.MODEL)
            files.append((f"calculator_{language}", CALCULATORS[language], file))
    else:
        ctx.warn(
            "no_calculator",
            "The model has more terms than the Excel calculator can hold; use the model file.",
        )
    pictures = _draw(result, PlotSet(ctx.output / "plots"))
    for path in (ctx.output / "plots").iterdir():
        ctx.artifact(path, ArtifactRole.PLOT)
    if not has_glyphs_for(result.parameters.target + "".join(result.table.formula.columns)):
        ctx.warn(
            "no_font",
            "This computer has no font for some names; the plots show boxes in their place.",
            severity=Severity.INFO,
        )
    report = partial(
        write_report,
        title=title(result),
        sentence=sentence(result),
        metrics=metrics,
        found=found,
        tables=[table for table in tables if table.name != "warnings"],
        facts=_facts(result, model, source),
        methods=methods_text(result),
        citations=citations(result),
        style=TableStyle(
            partial(heading, confidence_level=result.parameters.confidence_level), NOTES, LABELS, IN_ONE_UNIT
        ),
    )
    report(ctx.output / "report.html", language=SOURCE, words=str, plots=pictures)
    for language in _languages(ctx.texts):
        words = partial(_in_language, ctx.texts, language)
        drawn = _draw(result, PlotSet(ctx.scratch / f"plots-{language}", words, png=False))
        report(ctx.output / f"report.{language}.html", language=language, words=words, plots=drawn)
    show(ctx, result, metrics, tables, sources, files)


def _languages(texts: Texts) -> list[str]:
    """The languages a report is written in besides English."""
    return [language for language in REPORTS if language in texts.languages]


def _in_language(texts: Texts, language: str, text: str) -> str:
    return texts.find(text, language) or text if isinstance(text, Said) else text


def _draw(result: LinearResult, plots: PlotSet) -> list[tuple[Said, Path]]:
    chosen = plotted_rows(result)
    label = name_and_unit(result.parameters.target, result.parameters.target_unit)
    pictures: list[tuple[Said, Path]] = []

    def drawn(caption: Said, name: str) -> None:
        pictures.append((caption, plots.folder / f"{name}.svg"))

    judged = result.cross_validation
    if judged is not None and np.isfinite(judged.predictions[chosen]).all():
        plots.predicted_against_observed(result.table.y[chosen], judged.predictions[chosen], label)
        drawn(say("Each row predicted by a model that has not seen it"), "predicted_vs_observed")
    found = result.residuals
    plots.residuals_against_fitted(
        found.fitted[chosen],
        found.residuals[chosen],
        result.parameters.target_unit,
        transformed=result.parameters.target_transform is not TargetTransform.NONE,
    )
    drawn(say("Residuals against fitted values"), "residuals_vs_fitted")
    usable = chosen[np.isfinite(result.internal[chosen])]
    if usable.size > 2:
        plots.normal_quantiles(normal_quantiles(usable.size), np.sort(result.internal[usable]))
        drawn(say("Normal Q-Q plot of the studentised residuals"), "normal_qq")
        marked = [
            (int(np.searchsorted(usable, row)), result.table.label(int(row)))
            for row in extremes(result.cooks, MAX_MARKED_ROWS)
            if row in usable
        ]
        assert result.inference is not None
        plots.leverage(found.leverage[usable], result.internal[usable], result.inference.rank, marked)
        drawn(
            say("Leverage and studentised residuals; dotted and dashed: Cook's distance 0.5 and 1"),
            "leverage",
        )
    _draw_coefficients(result, plots, drawn)
    return pictures


def _draw_coefficients(result: LinearResult, plots: PlotSet, drawn: Callable[[Said, str], None]) -> None:
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
        say("Change of the fitted value; {level:.0%} intervals", level=level)
        if np.isfinite(low).any()
        else say("Change of the fitted value")
    )
    names = [labels[p] if len(labels[p]) <= 40 else labels[p][:37] + "…" for p in slopes]
    plots.coefficients(names, np.array([standardised[p] for p in slopes]), low, high, note)
    drawn(say("Coefficients per standard deviation of their term, the largest first"), "coefficients")


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


def _facts(result: LinearResult, model: LinearModelFile, source: JobInput) -> Sequence[tuple[Said, str]]:
    inference = result.inference
    exact = inference is not None and inference.in_exact_arithmetic
    parameters, dialect = result.parameters, result.table.dialect
    return [
        (say("Data"), say("{file}, SHA-256 {sha256}", file=source.name, sha256=source.sha256)),
        *([] if source.chosen_by is None else [(say("Chosen"), source.chosen_by)]),
        (
            say("Read as"),
            say(
                "{kind}, {encoding}, separator {separator}, decimal {decimal}",
                kind=dialect.kind, encoding=dialect.encoding, separator=repr(dialect.separator), decimal=repr(dialect.decimal),
            ),
        ),
        (say("Target"), parameters.target),
        (say("Terms"), model.origin.formula or say("none")),
        (say("Intercept"), say("yes") if result.design.intercept else say("no")),
        (say("Method"), METHOD_NAMES[parameters.method]),
        (say("Standard errors"), _standard_errors(inference)),
        (say("Target transform"), TRANSFORM_NAMES[parameters.target_transform]),
        (
            say("Prediction"),
            say("mean")
            if model.transform.scale == "mean" and model.transform.nodes
            else say("median of the target given the terms, which is its mean without a transform"),
        ),
        (say("Missing values"), POLICY_NAMES[parameters.missing]),
        (
            say("Arithmetic"),
            say("exact rational arithmetic from the text of the file, each number rounded once")
            if exact
            else say("double precision, Householder QR"),
        ),
        (say("Cross-validation"), result.plan.description if result.cross_validation else say("none")),
        (say("Seed"), str(result.seed)),
        (say("Versions"), ", ".join(f"{key} {value}" for key, value in model.origin.versions.items())),
    ]  # fmt: skip


def _standard_errors(inference: Inference | None) -> Said:
    if inference is None:
        return say("none")
    return say("robust (HC3)") if inference.robust else say("classical")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
