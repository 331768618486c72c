"""Runs the Pareto choice in a job: reads, compares, ranks, and writes the set with tables, workbook, plots and report."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from zerosec_analyses.pareto.analysis import Choice, candidates_of, choose, read
from zerosec_analyses.pareto.outputs.findings import findings
from zerosec_analyses.pareto.outputs.numbers import goals, metric_lines, sentence
from zerosec_analyses.pareto.outputs.plots import draw
from zerosec_analyses.pareto.outputs.tables import (
    ADDED,
    ROW,
    all_rows_frame,
    front_frame,
    front_table,
    heading,
    limits_table,
    meta_table,
    objectives_table,
)
from zerosec_analyses.pareto.outputs.views import SHOWN_ROWS, show
from zerosec_analyses.pareto.spec import CITATIONS, ParetoParameters
from zerosec_analyses.reporting.finding import Finding
from zerosec_analyses.reporting.metric_line import MetricLine
from zerosec_analyses.reporting.pictures import Pictures
from zerosec_analyses.reporting.report import TableStyle, write_report
from zerosec_analyses.result_tables import (
    MAX_EXCEL_ROWS,
    Cell,
    Wording,
    write_csv,
    write_workbook,
)
from zerosec_analyses.sdk import Context, Said, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import SOURCE, Texts
from zerosec_shared.views import Severity

REPORTS = {"ja": say("Report in Japanese")}
WORKBOOKS = {"ja": say("All tables in one workbook, in Japanese")}
METHODS = (
    say(
        "A row dominates another if it is at least as good in every objective and better in one. The Pareto set is every eligible row that no "
        "other dominates; it is exact, without any tolerance. Rows that are equal in every objective do not dominate each other."
    ),
    say(
        "Closeness is that of TOPSIS among the rows of the set: columns divided by their norm and weighted, distances to the best and the worst "
        "of each objective. Desirability is the weighted geometric mean of linear functions over the stated ranges. The knee is the row that "
        "lies farthest towards the ideal from the plane through the corners that are best in one objective and worst in all others, objectives "
        "scaled to the range of the set; there is none where that row is worst in some objective."
    ),
    say("The hypervolume is the volume between the set and the reference point; its share is that of the box from the ideal."),
)  # fmt: skip


def run(ctx: Context, params: ParetoParameters) -> None:
    """The whole choice. Raises InputError where the table, an objective or a limit cannot be used, and where no row is eligible."""
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: ParetoParameters) -> None:
    ctx.seed = params.seed
    ctx.progress(0.02, "read", "Reading the table")
    table = read(ctx)
    found = candidates_of(table, params, ctx.input("choices").name)
    taken = [name for name in ADDED if name in table.frame.columns]
    if taken:
        ctx.warn(
            "columns_replaced",
            say("The file has columns that are named like the results: {names}. In the results they hold the new values.", names=", ".join(taken)),
            "Your file is as it was. Give those columns other names to have both.",
        )  # fmt: skip
    choice = choose(found, params, ctx.rng, lambda share, message: ctx.progress(share, "choose", message))
    source = ctx.input("choices")
    facts: list[tuple[Said, str]] = [
        (say("Data"), say("{file}, SHA-256 {sha256}", file=source.name, sha256=source.sha256)),
        (say("Objectives"), goals(choice)),
        (say("Hard limits"), "; ".join(limit.text for limit in found.limits) or "–"),
        (say("Seed"), str(params.seed)),
        (say("Versions"), ", ".join(f"{k} {v}" for k, v in ctx.outcome().environment.items())),
    ]
    write(ctx, choice, params, say("Pareto choice"), facts, METHODS)


def write(
    ctx: Context,
    choice: Choice,
    params: ParetoParameters,
    title: Said,
    facts: list[tuple[Said, str]],
    methods: tuple[Said, ...],
    *,
    citations: Sequence[str] = (),
    further: Sequence[Finding] = (),
    metrics: Sequence[MetricLine] = (),
    pointless: Collection[str] = (),
) -> None:
    """Write and show everything of a choice, with what another step adds to it, but for findings (codes) that say nothing there."""
    ctx.progress(0.85, "write", "Writing tables, plots and report")
    found = [*further, *(one for one in findings(choice, params) if one.code not in pointless)]
    for one in found:
        ctx.warn(one.code, one.message, one.hint, Severity.WARNING if one.is_warning else Severity.INFO)
    metrics = [*metric_lines(choice), *metrics]
    frame = front_frame(choice)
    shown = front_table(frame, SHOWN_ROWS)
    small = [objectives_table(choice), limits_table(choice)]
    folder = ctx.output / "tables"
    sources = {
        one.name: ctx.artifact(write_csv(one, folder), ArtifactRole.TABLE) for one in small if one.rows
    }
    whole = folder / "pareto_only.csv"
    frame.write_csv(whole)
    sources["pareto_only"] = ctx.artifact(whole, ArtifactRole.TABLE)
    every = folder / "all_rows.parquet"
    all_rows_frame(choice).write_parquet(every)
    report_path = ctx.output / "report.html"
    book = ctx.output / "pareto.xlsx"
    meta: list[tuple[str, Cell]] = [
        *facts,
        *((metric.label, metric.value) for metric in metrics),
    ]
    write_workbook([front_table(frame, MAX_EXCEL_ROWS), meta_table(meta), *small], book)
    files = [
        ("report", say("Report"), report_path, ArtifactRole.REPORT),
        ("workbook", say("Workbook with the sheets pareto_only and meta"), book, ArtifactRole.TABLE),
        ("set", say("Pareto set as CSV"), whole, ArtifactRole.TABLE),
        ("all_rows", say("Every row and what became of it (Parquet)"), every, ArtifactRole.TABLE),
    ]
    report = partial(
        write_report, title=title, sentence=sentence(choice), metrics=metrics, found=found,
        tables=[shown, *(one for one in small if one.rows)], facts=facts, methods=methods,
        citations=citations or [citation.text for citation in CITATIONS], style=TableStyle(heading, labels=frozenset({ROW})),
    )  # fmt: skip
    pictures = Pictures(ctx.output / "plots")
    drawn = draw(pictures, choice, params.seed)
    for path in sorted(pictures.folder.iterdir()):
        ctx.artifact(path, ArtifactRole.PLOT)
    report(report_path, language=SOURCE, words=str, plots=_plots(pictures, drawn))
    for language in [one for one in REPORTS if one in ctx.texts.languages]:
        words = partial(_in_language, ctx.texts, language)
        own = Pictures(ctx.scratch / f"plots-{language}", words, png=False)
        path = ctx.output / f"report.{language}.html"
        report(path, language=language, words=words, plots=_plots(own, draw(own, choice, params.seed)))
        files.append((f"report_{language}", REPORTS[language], path, ArtifactRole.REPORT))
        translated = ctx.output / f"pareto.{language}.xlsx"
        write_workbook(
            [front_table(frame, MAX_EXCEL_ROWS), meta_table(meta), *small],
            translated,
            Wording(words, heading),
        )
        files.append((f"workbook_{language}", WORKBOOKS[language], translated, ArtifactRole.TABLE))
    named = [(view_id, name, ctx.artifact(path, role)) for view_id, name, path, role in files]
    show(ctx, choice, metrics, frame, [shown, *small], sources, named, params.seed)
    ctx.progress(1.0, "done", sentence(choice))


def _plots(pictures: Pictures, drawn: list[tuple[Said, str]]) -> list[tuple[Said, Path]]:
    return [(caption, pictures.folder / f"{name}.svg") for caption, name in drawn]


def _in_language(texts: Texts, language: str, text: str) -> str:
    return texts.find(text, language) or text if isinstance(text, Said) else text
