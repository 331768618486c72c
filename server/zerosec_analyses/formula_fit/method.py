"""Runs the formula fit in a job: reads, fits, judges, and writes tables, workbook, plots, report and the formula with its constants."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
from threadpoolctl import threadpool_limits

from zerosec_analyses.formula_fit.analysis import judge, problem_of, read
from zerosec_analyses.formula_fit.outputs import (
    draw,
    findings,
    heading,
    metric_lines,
    sentence,
    tables,
    views,
)
from zerosec_analyses.formula_fit.spec import ANALYSIS, FormulaParameters
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.reporting.report import TableStyle, write_report
from zerosec_analyses.result_tables import Wording, write_csv, write_workbook
from zerosec_analyses.sdk import Column, Context, Said, cut, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import SOURCE, Texts
from zerosec_shared.views import CardView, FileView, MetricView, Severity

REPORTS = {"ja": say("Report in Japanese")}
WORKBOOKS = {"ja": say("All tables in one workbook, in Japanese")}


def run(ctx: Context, params: FormulaParameters) -> None:
    """The whole fit. Raises InputError where formula or data cannot be used, AnalysisError where nothing fits."""
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: FormulaParameters) -> None:
    source = ctx.input("data")
    ctx.seed = params.seed
    ctx.progress(0.01, "read", "Reading the table")
    table = read(source.path, source.dialect)
    ctx.read_as("data", table.dialect)
    problem = problem_of(table, params)
    judged = judge(
        problem, params, np.random.default_rng(params.seed),
        lambda fraction, message: ctx.progress(fraction, "fit", message),
    )  # fmt: skip
    ctx.progress(0.92, "write", "Writing tables, plots and report")
    found = list(findings(judged, params))
    for one in found:
        ctx.warn(one.code, one.message, one.hint, Severity.WARNING if one.is_warning else Severity.INFO)
    metrics = metric_lines(judged, params)
    made = tables(judged, params)
    sources = {
        one.name: ctx.artifact(write_csv(one, ctx.output / "tables"), ArtifactRole.TABLE) for one in made
    }
    model = ctx.output / "formula.json"
    model.write_text(
        json.dumps(
            {
                "format": "zerosec-formula-model",
                "format_version": 1,
                "target": params.target,
                "target_unit": params.target_unit,
                "formula": params.formula,
                "constants": dict(zip(problem.model.constants, judged.fit.constants.tolist(), strict=True)),
                "ranges": {
                    name: [float(values.min()), float(values.max())]
                    for name, values in problem.model.columns.items()
                    if name
                },
                "input_name": source.name,
                "input_sha256": source.sha256,
                "seed": params.seed,
                "versions": ctx.outcome().environment,
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n",
        encoding="utf-8",
    )
    files = [
        ("report", say("Report"), ctx.output / "report.html", ArtifactRole.REPORT),
        ("workbook", say("All tables in one workbook"), ctx.output / "formula_fit.xlsx", ArtifactRole.TABLE),
        ("model", say("Formula with its constants"), model, ArtifactRole.MODEL),
    ]
    write_workbook(made, ctx.output / "formula_fit.xlsx", Wording(str, heading))
    title = say("Formula fit of {target}", target=params.target)
    report = partial(
        write_report, title=title, sentence=sentence(judged, params), metrics=metrics, found=found, tables=made,
        facts=[
            (say("Data"), say("{file}, SHA-256 {sha256}", file=source.name, sha256=source.sha256)),
            (say("Formula"), params.formula),
            (say("Seed"), str(params.seed)),
            (say("Versions"), ", ".join(f"{k} {v}" for k, v in ctx.outcome().environment.items())),
        ],
        methods=[
            say(
                "The constants minimise the sum of squared residuals. Several methods (Levenberg–Marquardt, trust region) were run from "
                "each start with exact derivatives, the best was refined by Gauss–Newton steps in extended precision; standard errors are "
                "those of the linearised model."
            )
        ],
        citations=[citation.text for citation in ANALYSIS.citations],
        style=TableStyle(heading, labels=frozenset({"file_row"})),
    )  # fmt: skip
    pictures = Pictures(ctx.output / "plots")
    drawn = draw(pictures, judged, params)
    for path in pictures.folder.iterdir():
        ctx.artifact(path, ArtifactRole.PLOT)
    plots = [(caption, pictures.folder / f"{name}.svg") for caption, name in drawn]
    report(ctx.output / "report.html", language=SOURCE, words=str, plots=plots)
    for language in [one for one in REPORTS if one in ctx.texts.languages]:
        words = partial(_in_language, ctx.texts, language)
        own = Pictures(ctx.scratch / f"plots-{language}", words, png=False)
        plots = [(caption, own.folder / f"{name}.svg") for caption, name in draw(own, judged, params)]
        report(ctx.output / f"report.{language}.html", language=language, words=words, plots=plots)
        files.append(
            (
                f"report_{language}",
                REPORTS[language],
                ctx.output / f"report.{language}.html",
                ArtifactRole.REPORT,
            )
        )
        book = ctx.output / f"formula_fit.{language}.xlsx"
        write_workbook(made, book, Wording(words, heading))
        files.append((f"workbook_{language}", WORKBOOKS[language], book, ArtifactRole.TABLE))
    ctx.show(CardView(id="answer", title=cut(title, 200), text=sentence(judged, params)))
    for metric in metrics:
        metric.tell(ctx)  # fmt: skip
    headline = tuple(metric.name for metric in metrics if metric.headline)
    ctx.show(MetricView(id="accuracy", title="Accuracy on unseen rows", metrics=headline))
    rest = tuple(metric.name for metric in metrics if not metric.headline)
    ctx.show(MetricView(id="figures", title="All figures", metrics=rest))
    for one_table in made[:1]:
        ctx.table(
            one_table.name,
            one_table.title,
            [Column(name=name, label=heading(name), digits=6) for name in one_table.columns],
            [[None if isinstance(c, float) and c != c else c for c in row] for row in one_table.rows],
            source=sources[one_table.name],
        )
    for view in views(judged, params, sources["rows"]):
        ctx.show(view)
    for view_id, name, path, role in files:
        ctx.show(FileView(id=view_id, title=name, source=ctx.artifact(path, role)))
    ctx.progress(1.0, "done", sentence(judged, params))


def _in_language(texts: Texts, language: str, text: str) -> str:
    return texts.find(text, language) or text if isinstance(text, Said) else text
