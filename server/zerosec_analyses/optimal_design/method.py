"""Runs the optimal design in a job: reads, refuses, searches, judges the returned runs, and writes them with tables, pictures and report."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from zerosec_analyses.optimal_design.evaluate import Evaluation, evaluate
from zerosec_analyses.optimal_design.findings import findings
from zerosec_analyses.optimal_design.model import Model
from zerosec_analyses.optimal_design.outputs import result_tables as made
from zerosec_analyses.optimal_design.outputs.design_table import (
    Runs,
    ordered_runs,
    write_design,
    write_runs,
)
from zerosec_analyses.optimal_design.outputs.figures import CRITERIA, ENGINES, figures, sentence
from zerosec_analyses.optimal_design.outputs.methods import citations, methods_text
from zerosec_analyses.optimal_design.outputs.pictures import Pictures, principal_components
from zerosec_analyses.optimal_design.outputs.report import write_report
from zerosec_analyses.optimal_design.outputs.views import show, show_files
from zerosec_analyses.optimal_design.problem import Problem, build_problem, potential_model
from zerosec_analyses.optimal_design.search.climb import Ending, Told
from zerosec_analyses.optimal_design.solve import Solution, solve
from zerosec_analyses.optimal_design.spec import Criterion, DesignParameters
from zerosec_analyses.picture_style import has_glyphs_for
from zerosec_analyses.result_tables import ResultTable, write_csv, write_workbook
from zerosec_analyses.sdk import Context, InputError, ours, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import Severity

REPORT_INTERVAL_S = 0.2
SEARCH_FROM, SEARCH_TO = 0.08, 0.85
# The best so far streams under the name of the figure that replaces it in the result.
STREAMED = {
    Criterion.D: "d_efficiency",
    Criterion.I: "i_value",
    Criterion.A: "a_efficiency",
    Criterion.BAYESIAN_D: "bayesian_d",
    Criterion.MAXIMIN: "smallest_distance",
}


def run(ctx: Context, params: DesignParameters) -> None:
    """The whole analysis. Raises InputError where the inputs or the parameters cannot be used, or the model cannot be estimated.

    One BLAS thread: results then do not depend on how many cores a machine has.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        _run(ctx, params)


def _run(ctx: Context, params: DesignParameters) -> None:
    ctx.seed = params.seed
    search_rng, order_rng = ctx.rng.spawn(2)
    ctx.progress(0.02, "Reading", "Reading the possible runs")
    problem = build_problem(ctx, params)
    ctx.progress(
        SEARCH_FROM,
        "Searching",
        "Getting the search ready: the first design on a server takes some seconds more here",
    )
    started = time.process_time()
    solution = solve(problem, search_rng, _listener(ctx, problem))
    ctx.log(
        say("{searches:,} local searches in {seconds:.2f} s of computing time.", one="1 local search in {seconds} s of computing time.", searches=solution.found.searches, seconds=time.process_time() - started)
    )  # fmt: skip
    ctx.progress(SEARCH_TO, "Judging", "Judging the runs")
    runs = ordered_runs(problem, solution, order_rng)
    further = potential_model(problem)
    evaluation = _judge(problem, runs, further)
    if evaluation is None and params.uses_model:
        raise InputError(
            say(
                "No design of {runs} runs that can estimate the model was found.",
                one="No design of 1 run that can estimate the model was found.",
                runs=params.runs,
            ),
            hint="Ask for more runs, or choose a smaller model.",
        )
    ctx.progress(0.9, "Writing", "Writing tables, plots and report")
    _write(ctx, problem, solution, runs, evaluation)
    ctx.progress(1.0, "Done", sentence(problem, solution, evaluation))


def _listener(ctx: Context, problem: Problem) -> Told:
    """Streams the best criterion so far, and says when to stop: when the user asks, and at the time limit."""
    began = time.monotonic()
    last = -np.inf
    limit = problem.parameters.time_limit_s

    def told(share: float, score: float, searches: int) -> Ending | None:
        nonlocal last
        now = time.monotonic()
        if now - last >= REPORT_INTERVAL_S:
            last = now
            best = _shown_score(problem, score)
            if best is not None:
                ctx.metric(STREAMED[problem.parameters.criterion], best, label="Best so far")
            ctx.progress(
                SEARCH_FROM + (SEARCH_TO - SEARCH_FROM) * share,
                "Searching",
                "Searching for the best runs",
                searches=searches,
                **({} if best is None else {"best": best}),
            )
        if ctx.finish_requested:
            return Ending.FINISHED
        return Ending.STOPPED if limit is not None and now - began >= limit else None

    return told


def _shown_score(problem: Problem, score: float) -> float | None:
    """The criterion in the words of the result: D-efficiency, I-value, A-efficiency, or the smallest distance (nearly)."""
    if not np.isfinite(score):
        return None
    n = problem.parameters.runs - problem.parameters.replicates + problem.n_done
    match problem.parameters.criterion:
        case Criterion.D | Criterion.BAYESIAN_D:
            return float(np.exp(score)) / n
        case Criterion.I:
            return float(np.exp(-score)) * n
        case Criterion.A:
            return problem.model.n_columns / (float(np.exp(-score)) * n)
        case Criterion.MAXIMIN:
            return float(np.exp(score))


def _judge(problem: Problem, runs: Runs, further: Model | None) -> Evaluation | None:
    blocks = problem.blocks
    last = 0 if blocks is None else len(blocks.levels) - 1
    points = np.vstack(
        [
            problem.with_blocks(runs.points, runs.slots),
            problem.with_blocks(problem.done, np.full(problem.n_done, last)),
        ]
    )
    if not problem.parameters.uses_model and points.shape[0] < problem.primary.n_columns:
        return None
    p = problem.primary.n_columns
    parameters = problem.parameters
    return evaluate(
        problem.primary, points, problem.wide_region, problem.moments[:p, :p], further,
        effect=parameters.effect, noise=parameters.noise, significance=parameters.significance,
    )  # fmt: skip


def _tables(problem: Problem, runs: Runs, evaluation: Evaluation | None) -> list[ResultTable]:
    leverages = None
    if evaluation is not None:
        X = problem.primary.rows(problem.with_blocks(runs.points, runs.slots))
        leverages = np.einsum("ij,jk,ik->i", X, evaluation.inverse, X)
    tables = [made.runs_table(problem, runs, leverages)]
    if evaluation is not None:
        labels = problem.primary.labels
        tables.append(made.coefficients_table(evaluation))
        if evaluation.alias_labels:
            tables.append(made.aliases_table(labels, evaluation))
        tables.append(
            made.correlations_table(labels[1:] if problem.primary.intercept else labels, evaluation)
        )
        tables.append(made.variance_table(evaluation))
    tables.append(made.distribution_table(problem, runs.points))
    return tables


def _write(
    ctx: Context, problem: Problem, solution: Solution, runs: Runs, evaluation: Evaluation | None
) -> None:
    design = ctx.output / "tables" / "design.csv"
    write_design(runs, design)
    ctx.artifact(design, ArtifactRole.TABLE)
    tables = _tables(problem, runs, evaluation)
    sources = {
        table.name: ctx.artifact(write_csv(table, ctx.output / "tables"), ArtifactRole.TABLE)
        for table in tables[1:]
    }
    sources["runs"] = ctx.artifact(write_runs(tables[0], ctx.output / "tables"), ArtifactRole.TABLE)
    workbook = ctx.output / "design.xlsx"
    write_workbook(tables, workbook)
    ctx.artifact(workbook, ArtifactRole.TABLE)
    found = findings(problem, solution, evaluation)
    for finding in found:
        severity = Severity.WARNING if finding.is_warning else Severity.INFO
        ctx.warn(finding.code, finding.message, finding.hint, severity)
    _draw(problem, runs, evaluation, drawing := Pictures(ctx.output / "plots"))
    for path in sorted((ctx.output / "plots").iterdir()):
        ctx.artifact(path, ArtifactRole.PLOT)
    if not has_glyphs_for("".join(factor.name for factor in problem.factors)):
        ctx.warn(
            "no_font",
            "This computer has no font for some names; the plots show boxes in their place.",
            severity=Severity.INFO,
        )
    numbers = figures(problem, solution, evaluation)
    reports = []
    for language in ("en", *ctx.texts.languages):
        path = ctx.output / ("report.html" if language == "en" else f"report.{language}.html")
        translated, pictures = partial(_translated, ctx, language), drawing.drawn
        if language != "en":
            own = Pictures(ctx.scratch / f"plots-{language}", translated, png=False)
            pictures = _draw(problem, runs, evaluation, own)
        write_report(
            path,
            language=language,
            translated=translated,
            title=ours("Optimal design"),
            sentence=sentence(problem, solution, evaluation),
            figures=numbers,
            found=found,
            tables=[table for table in tables if table.name not in {"aliases", "correlations", "prediction_variance"}],
            pictures=pictures,
            methods=methods_text(problem, solution),
            citations=citations(problem, solution),
            facts=_facts(ctx, problem, solution),
        )  # fmt: skip
        reports.append(ctx.artifact(path, ArtifactRole.REPORT))
    show(ctx, problem, solution, runs, evaluation, numbers, tables, sources)
    show_files(
        ctx,
        [
            ("report", ours("Report"), reports[0]),
            ("workbook", ours("All tables in one workbook"), "design.xlsx"),
            ("design", ours("The runs, factor columns alone"), "tables/design.csv"),
        ],
    )


def _translated(ctx: Context, language: str, text: str) -> str:
    return ctx.texts.find(text, language) or text


def _draw(
    problem: Problem, runs: Runs, evaluation: Evaluation | None, pictures: Pictures
) -> list[tuple[str, Path]]:
    if len(runs.points) > 1:
        scores, explained = principal_components(problem.factors, runs.points)
        pictures.projection(
            scores, explained, ours("The runs on their first two principal components, by number")
        )
    pictures.pairs(
        problem.factors, runs.points, problem.region.points, ours("The runs on pairs of factors, by number")
    )
    pictures.distributions(
        made.shares(problem, runs.points), ours("The share of runs and of possible runs at each level")
    )
    if evaluation is not None:
        labels = problem.primary.labels[1:] if problem.primary.intercept else problem.primary.labels
        pictures.prediction_variance(
            evaluation, ours("Fraction of design space: prediction variance, lowest to highest")
        )
        if len(labels) > 1:
            pictures.correlations(labels, evaluation, ours("Absolute correlations of the terms"))
        pictures.power(evaluation, ours("Power for each coefficient"))
    return pictures.drawn


def _facts(ctx: Context, problem: Problem, solution: Solution) -> Sequence[tuple[str, str]]:
    parameters = problem.parameters
    slots = (
        ("candidates", ours("Possible runs")),
        ("parameters", ours("Parameter sheet")),
        ("done", ours("Runs already done")),
    )
    facts: list[tuple[str, str]] = [
        *(
            (title, f"{given.name}  SHA-256 {given.sha256}" if given.sha256 else given.name)
            for slot, title in slots
            for given in ctx.inputs.get(slot, ())
        ),
        *parameters.factors.items(),
        (ours("Criterion"), CRITERIA[parameters.criterion]),
        (ours("Model"), parameters.model),
        (ours("Search"), ENGINES[solution.engine]),
        (ours("Seed"), str(parameters.seed)),
    ]
    if parameters.constraints:
        facts.append((ours("Conditions"), parameters.constraints))
    if parameters.time_limit_s is not None:
        facts.append((ours("Time limit"), f"{parameters.time_limit_s:g} s"))
    return facts
