"""Runs the calibration in a job: reads, maps, samples, and writes summary, matrices, draws, pictures and report."""

import hashlib
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from zerosec_analyses.sdk import Context, say
from zerosec_analyses.va_calibration.analysis import Calibration, fitted, prepared
from zerosec_analyses.va_calibration.calibration import ENSEMBLE
from zerosec_analyses.va_calibration.diagnostics import Convergence
from zerosec_analyses.va_calibration.findings import findings
from zerosec_analyses.va_calibration.outputs.report import write_reports
from zerosec_analyses.va_calibration.outputs.tables import (
    write_deaths,
    write_draws,
    write_mapping,
    write_matrices,
    write_path_correction,
    write_summary,
)
from zerosec_analyses.va_calibration.outputs.views import sentence, show
from zerosec_analyses.va_calibration.spec import ALGORITHMS, ANALYSIS, VaParameters
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import Severity

READ, SAMPLED = 0.05, 0.9


def run(ctx: Context, params: VaParameters) -> None:
    """The whole calibration. Raises InputError where the files or the parameters cannot be used.

    One BLAS thread: the matrices are small, and results must not depend on how many cores a machine has.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        _run(ctx, params)


def _run(ctx: Context, params: VaParameters) -> None:
    ctx.seed = params.seed  # the context records it with the versions
    ctx.progress(0.01, "Reading", say("Reading the files"))
    found, models = prepared(ctx, params)
    for mapping in found.mappings:
        ctx.log(
            say(
                "{algorithm}: {used:,} of {total:,} deaths in {file} are used.",
                one="{algorithm}: 1 of {total} deaths in {file} is used.",
                algorithm=mapping.assigned.title,
                used=mapping.used,
                total=mapping.assigned.total,
                file=mapping.assigned.file,
            )
        )
    fits = [model.algorithm for model in models] + ([ENSEMBLE] if len(models) > 1 else [])

    def progress(name: str, share: float, so_far: Convergence | None) -> None:
        title = say("Ensemble") if name == ENSEMBLE else ALGORITHMS[name]
        fraction = READ + (SAMPLED - READ) * (fits.index(name) + share) / len(fits)
        if so_far is None:
            ctx.progress(fraction, "Sampling", title)
            return
        size = round(so_far.smallest_size)
        ctx.progress(fraction, "Sampling", title, r_hat=round(so_far.worst_r_hat, 4), effective_size=size)
        ctx.log(
            say(
                "{fit}: largest R-hat {r_hat:.4f}, smallest effective sample size {size:,}.",
                fit=title,
                r_hat=so_far.worst_r_hat,
                size=size,
            )
        )

    ctx.progress(
        READ, "Sampling", say("The first run on a computer compiles the sampler, which takes some seconds")
    )
    result = fitted(found, models, params, progress)
    ctx.progress(SAMPLED, "Writing", say("Writing tables and report"))
    _write(ctx, result)
    ctx.progress(1.0, "Done", sentence(result))


def _write(ctx: Context, result: Calibration) -> None:
    told = findings(result)
    for finding in told:
        ctx.warn(
            finding.code,
            finding.message,
            finding.hint,
            Severity.WARNING if finding.is_warning else Severity.INFO,
        )
    folder = ctx.output
    sources = {
        "summary": ctx.artifact(write_summary(result, folder), ArtifactRole.TABLE),
        "deaths": ctx.artifact(write_deaths(result, folder), ArtifactRole.TABLE),
        "matrices": ctx.artifact(write_matrices(result, folder), ArtifactRole.TABLE),
        "mapping": ctx.artifact(write_mapping(result, folder), ArtifactRole.TABLE),
    }
    if any(model.path is not None for model in result.models):
        sources["path"] = ctx.artifact(write_path_correction(result, folder), ArtifactRole.TABLE)
    draws = write_draws(result, folder)
    if draws is not None:
        sources["draws"] = ctx.artifact(draws, ArtifactRole.DATA)
    reports = write_reports(folder, result, told, _facts(ctx, result))
    sources["report"] = ctx.artifact(reports[0], ArtifactRole.REPORT)
    for other in reports[1:]:
        ctx.artifact(other, ArtifactRole.REPORT)
    show(ctx, result, sources)


def _facts(ctx: Context, result: Calibration) -> list[tuple[str, str]]:
    params = result.params
    found: list[tuple[str, str]] = []
    for slot, files in ctx.inputs.items():
        for file in files:
            title = ALGORITHMS.get(slot, say("Own misclassification matrices"))
            found.append(
                (
                    title,
                    say("{file}, SHA-256 {digest}", file=file.name, digest=file.sha256 or _sha256(file.path)),
                )
            )
    for name, field in VaParameters.model_fields.items():
        value = getattr(params, name)
        shown = (
            ", ".join(map(str, value)) if isinstance(value, tuple) else str(getattr(value, "value", value))
        )
        if isinstance(value, dict):
            shown = "; ".join(f"{key} → {target}" for key, target in value.items())
        found.append((field.title or name, shown or "–"))
    found.append((say("Version"), f"{ANALYSIS.id} {ANALYSIS.version}, numpy {np.__version__}"))
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
