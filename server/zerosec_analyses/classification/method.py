"""Runs the classification in a job: reads, judges, decides, builds, explains, and writes tables, workbook, plots, report and model."""

from __future__ import annotations

from contextlib import closing
from functools import partial

from threadpoolctl import threadpool_limits

from zerosec_analyses.classification.analysis import ClassResult, analyse
from zerosec_analyses.classification.findings import findings
from zerosec_analyses.classification.outputs.metrics import metric_lines, sentence
from zerosec_analyses.classification.outputs.model import write_model
from zerosec_analyses.classification.outputs.plots import draw
from zerosec_analyses.classification.outputs.tables import LABELS, NOTES, heading, result_tables
from zerosec_analyses.classification.outputs.views import show, title
from zerosec_analyses.classification.outputs.words import CALIBRATION_NAMES, RULE_NAMES
from zerosec_analyses.classification.question import class_choice, posed
from zerosec_analyses.classification.spec import ANALYSIS, ClassificationParameters
from zerosec_analyses.modelling.asked import settled_of
from zerosec_analyses.modelling.journal import journal_of
from zerosec_analyses.modelling.keeping import wider_in_words
from zerosec_analyses.modelling.monitor import Monitor
from zerosec_analyses.modelling.procedure import Settled
from zerosec_analyses.modelling.table import read_model_table
from zerosec_analyses.modelling.words import METHOD_NAMES
from zerosec_analyses.picture_style import has_glyphs_for
from zerosec_analyses.reporting.publish import publish_reports, publish_workbooks, sha256_of
from zerosec_analyses.reporting.report import TableStyle, write_report
from zerosec_analyses.result_tables import write_csv
from zerosec_analyses.sdk import Context, Said, joined, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import Severity

LONG_TABLES = frozenset({"shap", "predictions", "trials", "partial_dependence", "warnings"})


def run(ctx: Context, params: ClassificationParameters) -> None:
    """The whole analysis. Raises InputError where the data or the parameters cannot be used.

    One thread in every library: results do not depend on how many cores a machine has.
    """
    with threadpool_limits(limits=1):
        _run(ctx, params)


def _run(ctx: Context, params: ClassificationParameters) -> None:
    source = ctx.input("data")
    ctx.seed = params.seed  # the context records it with the versions
    ctx.progress(0.01, "read", "Reading the table")
    table = read_model_table(source.path, source.dialect, class_choice(params))
    ctx.read_as("data", table.dialect)
    question = posed(table, params)
    ctx.missing_libraries = tuple(method.value for method in question.plan.missing)
    sha256 = source.sha256 or sha256_of(source.path)
    with closing(journal_of(ctx, ANALYSIS.version, params, sha256)) as journal:
        monitor = Monitor(ctx, question.plan, 1, score="best_log_loss", used_s=journal.used_s)
        journal.clock = lambda: monitor.time.used_s
        result = analyse(table, question, params, monitor, journal)
    ctx.progress(0.92, "write", "Writing tables, plots, report and model")
    found = findings(table, result, params, monitor)
    for finding in found:
        finding.tell(ctx)
    metrics = metric_lines(result)
    tables = result_tables(table, result, found)
    sources = {
        one.name: ctx.artifact(write_csv(one, ctx.output / "tables"), ArtifactRole.TABLE) for one in tables
    }
    model_path = ctx.output / "model.zip"
    write_model(
        model_path, table, result, params, {m.name: m.value for m in metrics}, (source.name, sha256),
        ctx.outcome().environment,
    )  # fmt: skip
    files = [
        *publish_workbooks(ctx, "classification", tables, heading),
        ("model", say("Model file for predictions"), ctx.artifact(model_path, ArtifactRole.MODEL)),
    ]
    if not has_glyphs_for("".join([params.target, *result.labels, *(f.name for f in table.features)])):
        ctx.warn(
            "no_font",
            "This computer has no font for some names; the plots show boxes in their place.",
            severity=Severity.INFO,
        )
    plan = question.plan
    facts = [
        (say("Data"), say("{file}, SHA-256 {sha256}", file=source.name, sha256=sha256)),
        *([] if source.chosen_by is None else [(say("Chosen"), source.chosen_by)]),
        (say("Target"), params.target),
        (say("Classes"), ", ".join(result.labels)),
        *([] if result.ok is None else [(say("Which class is OK"), result.labels[result.ok])]),
        (say("Features"), ", ".join(feature.name for feature in table.features)),
        (say("Judged by"), plan.description),
        (say("Decided by"), RULE_NAMES[result.decision.rule]),
        (say("Models"), joined([METHOD_NAMES[method.value] for method in plan.methods], ", ")),
        (say("Trials a model and training part"), str(plan.trials)),
        (say("Seed"), str(params.seed)),
        (say("Versions"), ", ".join(f"{k} {v}" for k, v in ctx.outcome().environment.items())),
    ]
    report = partial(
        write_report,
        title=title(result),
        sentence=sentence(result),
        metrics=metrics,
        found=found,
        tables=[one for one in tables if one.name not in LONG_TABLES],
        facts=facts,
        methods=methods_text(result, settled_of(params, plan)),
        citations=[citation.text for citation in ANALYSIS.citations],
        style=TableStyle(heading, NOTES, LABELS),
    )
    reports = publish_reports(ctx, report, partial(draw, table=table, result=result))
    show(ctx, table, result, metrics, tables, sources, [*reports, *files])
    ctx.progress(1.0, "done", sentence(result))


def _stack_name(result: ClassResult) -> Said:
    if result.chosen != "stack":
        return METHOD_NAMES[result.chosen]
    return say("a product") if result.built.model.product_of else say("a mean")


def methods_text(result: ClassResult, settled: Settled) -> list[Said]:
    """How it was done, in sentences for a paper."""
    calibration = result.built.model.calibration
    parts = [
        say(
            "The procedure was judged by nested cross-validation (Varma & Simon 2006), the classes shared out evenly: {plan}.",
            plan=result.plan.description,
        ),
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
            "The models were put together by weights that make the log loss of inner predictions smallest: as a mean, the shares of the "
            "classes being one of them, or as a product of probabilities (Genest & Zidek 1986; weights drawn to equal shares, the result by "
            "one row's weight too) where that was better by more than 1% on predictions its weights had not seen. The stack was used "
            "unless a single model was better by more than 1% there (final model: {kind}).",
            kind=_stack_name(result),
        )
        if settled.stack
        else say("The model with the smallest log loss in the inner folds was used."),
        say(
            "Probabilities were calibrated on inner predictions of rows the models had not seen (final model: {kind}).",
            kind=CALIBRATION_NAMES[calibration.kind],
        )
        if calibration is not None and hasattr(calibration, "kind")
        else say(""),
        say(
            "Scores are of rows never seen by search, fit or calibration; their intervals come from resampling rows (or groups of rows that "
            "belong together). Rows are not weighted by class: rare classes are given their due by costs or bounds, which leaves the "
            "probabilities right."
        ),
    ]
    if result.bounds is not None:
        parts.append(
            say(
                "Thresholds are order statistics of probabilities of rows the model was not fitted to (Tong, Feng & Li 2018): an error's share stays "
                "below its bound with the stated confidence. Rows far from all training rows are not decided on."
            )
        )
    return [part for part in parts if part]
