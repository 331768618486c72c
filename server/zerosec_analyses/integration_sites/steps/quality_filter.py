"""The step fastp: pairs of low quality are left out, and what lies beyond short fragments is cut off."""

from zerosec_analyses.integration_sites import commands
from zerosec_analyses.integration_sites.parameters import FastpParameters
from zerosec_analyses.integration_sites.prepared import each_sample, leave_reads, scratch_pair
from zerosec_analyses.integration_sites.reports.fastp import FilterCounts, read_filtering
from zerosec_analyses.programs import FASTP
from zerosec_analyses.sdk import Column, Context, InputError, RowKey, Series, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import CardView, FileView, LineView

__all__ = ["run"]


def run(ctx: Context, params: FastpParameters) -> None:
    """Filter all samples."""
    program = ctx.program(FASTP)
    reports = ctx.output / "fastp"
    reports.mkdir()
    found: dict[str, FilterCounts] = {}
    pages: dict[str, str] = {}
    for number, sample, files, report in each_sample(ctx, "fastp"):
        pair = scratch_pair(ctx, number, "filtered")
        told = ctx.scratch / "fastp.json", ctx.scratch / "fastp.html"
        ctx.run_program(
            program,
            commands.fastp(params, (files.read1, files.read2), pair, told, ctx.threads),
            cwd=ctx.scratch,
        )
        left = (
            told[0].rename(reports / f"{sample.name}.json"),
            told[1].rename(reports / f"{sample.name}.html"),
        )
        ctx.artifact(left[0], ArtifactRole.REPORT)
        pages[sample.name] = ctx.artifact(left[1], ArtifactRole.REPORT)
        found[sample.name] = read_filtering(left[0])
        if not found[sample.name].passed:
            raise InputError(
                say("{sample}: no read pair passed the quality filter.", sample=sample.name),
                hint="Set the limits lower, or see the quality of the reads (FastQC).",
            )
        leave_reads(ctx, sample.name, pair)
        report(1.0)
    _show(ctx, found, pages)


def _show(ctx: Context, found: dict[str, FilterCounts], pages: dict[str, str]) -> None:
    reads, passed = sum(c.reads for c in found.values()), sum(c.passed for c in found.values())
    ctx.show(
        CardView(
            id="answer",
            title="Quality filter",
            text=say(
                "{passed:,} of {pairs:,} pairs ({share:.1%}) passed the filter; what follows reads them.",
                passed=passed // 2,
                pairs=reads // 2,
                share=passed / reads,
            ),
        )
    )
    ctx.metric("pairs_passed", passed // 2, label="Pairs that passed", headline=True)
    ctx.metric("passed_percent", 100 * passed / reads, label="Share that passed", unit="%", headline=True)
    ctx.table(
        "samples",
        "Samples",
        [
            Column(name="sample", label="Sample"),
            Column(name="pairs", label="Pairs"),
            Column(name="passed", label="Pairs passed"),
            Column(name="low_quality", label="Reads of low quality"),
            Column(name="unknown", label="Reads with too many N"),
            Column(name="too_short", label="Reads too short"),
            Column(name="adapters", label="Reads with adapters trimmed"),
            Column(name="duplication", label="Duplication", unit="%", digits=4),
            Column(name="insert_peak", label="Insert size, peak", unit="bases"),
            Column(name="q30_before", label="Q30 before", unit="%", digits=4),
            Column(name="q30_after", label="Q30 after", unit="%", digits=4),
        ],
        [
            (
                name,
                c.reads // 2,
                c.pairs_passed,
                c.low_quality,
                c.too_many_unknown,
                c.too_short,
                c.adapter_trimmed,
                100 * c.duplication,
                c.insert_peak or None,
                100 * c.q30_before,
                100 * c.q30_after,
            )
            for name, c in found.items()
        ],
        caption="fastp counts reads, two a pair; the insert size is that of pairs which overlap.",
        key=RowKey(columns=("sample",)),
    )
    ctx.show(
        LineView(
            id="quality",
            title="Quality by position",
            x=Column(name="position", label="Position in the read"),
            y=Column(name="quality", label="Mean Phred score"),
            series=tuple(
                Series(
                    name=say(
                        "{sample}, read {mate}, {when}",
                        sample=name,
                        mate=mate + 1,
                        when=say("before") if before else say("after"),
                    ),
                    x=tuple(float(n) for n in range(1, len(curves[mate]) + 1)),
                    y=curves[mate],
                )
                for name, c in list(found.items())[:12]
                for before, curves in ((True, c.quality_before), (False, c.quality_after))
                for mate in (0, 1)
            ),
        )
    )
    for number, (name, page) in enumerate(pages.items(), start=1):
        ctx.show(
            FileView(id=f"report_{number}", title=say("fastp report: {sample}", sample=name), source=page)
        )
