"""Runs the nonlinear analysis in a job: reads, judges, builds, explains, and writes tables, workbook, plots, report and model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import partial

from threadpoolctl import threadpool_limits

from zerosec_analyses.modelling.asked import choice_of
from zerosec_analyses.modelling.journal import journal_of
from zerosec_analyses.modelling.keeping import wider_in_words
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.procedure import Settled
from zerosec_analyses.modelling.table import read_model_table
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.nonlinear.analysis import (
    TargetResult,
    analyse,
    checked_plan,
    settled,
)
from zerosec_analyses.nonlinear.findings import findings
from zerosec_analyses.nonlinear.outputs.metrics import metric_lines, sentence
from zerosec_analyses.nonlinear.outputs.model import write_model
from zerosec_analyses.nonlinear.outputs.plots import draw
from zerosec_analyses.nonlinear.outputs.tables import IN_ONE_UNIT, LABELS, NOTES, heading, result_tables
from zerosec_analyses.nonlinear.outputs.views import show, title
from zerosec_analyses.nonlinear.spec import ANALYSIS, NonlinearParameters
from zerosec_analyses.picture_style import has_glyphs_for
from zerosec_analyses.reporting.publish import publish_reports, publish_workbooks, sha256_of
from zerosec_analyses.reporting.report import TableStyle, write_report
from zerosec_analyses.result_tables import write_csv
from zerosec_analyses.sdk import Context, Said, joined, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import Severity

LONG_TABLES = frozenset({"shap", "predictions", "trials", "partial_dependence", "warnings"})


def run(ctx: Context, params: NonlinearParameters) -> None:
    """The whole analysis. Raises InputError where the data or the parameters cannot be used.

    One thread in every library: results do not depend on how many cores a machine has.
    """
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: NonlinearParameters) -> None:
    source = ctx.input("data")
    ctx.seed = params.seed  # the context records it with the versions
    ctx.progress(0.01, "read", "Reading the table")
    table = read_model_table(source.path, source.dialect, choice_of(params, tuple(params.target)))
    ctx.read_as("data", table.dialect)
    plans = [checked_plan(table, target, params) for target in params.target]
    ctx.missing_libraries = tuple(dict.fromkeys(method.value for plan in plans for method in plan.missing))
    sha256 = source.sha256 or sha256_of(source.path)
    with closing(journal_of(ctx, ANALYSIS.version, params, sha256)) as journal:
        monitor = Monitor(ctx, plans[0], len(plans), used_s=journal.used_s)
        journal.clock = lambda: monitor.time.used_s
        results = [
            analyse(table, target, number, plan, params, monitor, journal)
            for number, (target, plan) in enumerate(zip(params.target, plans, strict=True), start=1)
        ]
    ctx.progress(0.92, "write", "Writing tables, plots, report and model")
    found = findings(table, results, monitor)
    for finding in found:
        finding.tell(ctx)
    metrics = metric_lines(results)
    tables = result_tables(table, results, found)
    sources = {
        one.name: ctx.artifact(write_csv(one, ctx.output / "tables"), ArtifactRole.TABLE) for one in tables
    }
    model_path = ctx.output / "model.zip"
    write_model(
        model_path, table, results, params, {m.name: m.value for m in metrics}, (source.name, sha256),
        ctx.outcome().environment,
    )  # fmt: skip
    files = [
        *publish_workbooks(ctx, "nonlinear_model", tables, heading),
        ("model", say("Model file for predictions"), ctx.artifact(model_path, ArtifactRole.MODEL)),
    ]
    if not has_glyphs_for("".join([*params.target, *(f.name for f in table.features)])):
        ctx.warn(
            "no_font",
            "This computer has no font for some names; the plots show boxes in their place.",
            severity=Severity.INFO,
        )
    facts = [
        (say("Data"), say("{file}, SHA-256 {sha256}", file=source.name, sha256=sha256)),
        *([] if source.chosen_by is None else [(say("Chosen"), source.chosen_by)]),
        (say("Targets"), ", ".join(params.target)),
        (say("Features"), ", ".join(feature.name for feature in table.features)),
        (say("Final model"), joined([m.note for m in metrics if m.name.split("_")[0] == "model"], "; ")),
        (say("Judged by"), plans[0].description),
        (say("Models"), joined([METHOD_NAMES[method.value] for method in plans[0].methods], ", ")),
        (say("Trials a model and training part"), str(plans[0].trials)),
        (say("Seed"), str(params.seed)),
        (say("Versions"), ", ".join(f"{k} {v}" for k, v in ctx.outcome().environment.items())),
    ]
    report = partial(
        write_report,
        title=title(results),
        sentence=sentence(results),
        metrics=[m for m in metrics if not isinstance(m.value, str)],  # words of programs: among the facts
        found=found,
        tables=[one for one in tables if one.name not in LONG_TABLES],
        facts=facts,
        methods=methods_text(results, settled(plans[0], params)),
        citations=[citation.text for citation in ANALYSIS.citations],
        style=TableStyle(heading, NOTES, LABELS, IN_ONE_UNIT),
    )
    reports = publish_reports(ctx, report, partial(draw, table=table, results=results))
    show(ctx, table, results, metrics, tables, sources, [*reports, *files], params.explain_rows)
    ctx.progress(1.0, "done", sentence(results))


def methods_text(results: Sequence[TargetResult], settled: Settled) -> list[Said]:
    """How it was done, in sentences for a paper."""
    plan = results[0].plan
    return [
        say("The procedure was judged by nested cross-validation (Varma & Simon 2006): {plan}.", plan=plan.description),
        say(
            "In every training part, and there alone, missing numbers were filled in with the median, of numeric features with "
            "|r| > {limit:g} one was kept, at most {most:,} features were kept by their importance (extremely randomised trees), and settings "
            "were searched by a tree-structured Parzen estimator with up to {trials:,} trials a model.",
            limit=settled.selections[0].correlation,
            most=settled.selections[0].most_features,
            trials=settled.trials,
        ),
        *wider_in_words(settled.selections),
        say(
            "The models were combined by non-negative weights that add up to at most one, found on inner predictions and drawn to equal "
            "shares; the stack was used unless a single model was better by more than 1% there."
        )
        if settled.stack
        else say("The model with the smallest error in the inner folds was used."),
        say(
            "Scores are of rows never seen by search or fit, in the target's own units. Importance is by permutation on those rows. SHAP "
            "values are interventional, from sampled orders in antithetic pairs."
        ),
    ]  # fmt: skip
