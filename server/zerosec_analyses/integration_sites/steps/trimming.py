"""The step cutadapt: the LTR primer is found in read 1, the linker in read 2, and both are cut off."""

from collections.abc import Mapping

from zerosec_analyses.integration_sites import commands
from zerosec_analyses.integration_sites.parameters import CutadaptParameters, Untrimmed
from zerosec_analyses.integration_sites.prepared import each_sample, leave_reads, scratch_pair
from zerosec_analyses.integration_sites.reports.cutadapt import TrimmingCounts, read_trimming
from zerosec_analyses.programs import CUTADAPT
from zerosec_analyses.sdk import Column, Context, InputError, RowKey, Series, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import BarView, CardView

__all__ = ["run"]

FEW = 0.5
"""Below this share of reads with the primer the user is asked whether it is the right one."""
SHOWN_LENGTHS = 24
"""Of the lengths that were cut, those nearest to the whole sequence."""


def run(ctx: Context, params: CutadaptParameters) -> None:
    """Trim all samples."""
    program = ctx.program(CUTADAPT)
    reports = ctx.output / "cutadapt"
    reports.mkdir()
    found: dict[str, TrimmingCounts] = {}
    for number, sample, files, report in each_sample(ctx, "Cutadapt"):
        first, last = scratch_pair(ctx, number, "primer"), scratch_pair(ctx, number, "linker")
        told = reports / f"{sample.name}_primer.json", reports / f"{sample.name}_linker.json"
        made = ctx.scratch / "primer.json", ctx.scratch / "linker.json"
        ctx.run_program(
            program,
            commands.cutadapt_primer(params, (files.read1, files.read2), first, made[0], ctx.threads),
            cwd=ctx.scratch,
        )
        report(0.6)
        ctx.run_program(
            program, commands.cutadapt_linker(params, first, last, made[1], ctx.threads), cwd=ctx.scratch
        )
        for temporary in first:
            temporary.unlink()
        for source, target in zip(made, told, strict=True):
            ctx.artifact(source.rename(target), ArtifactRole.REPORT)
        found[sample.name] = read_trimming(*told)
        leave_reads(ctx, sample.name, last)
        report(1.0)
    for name, counts in found.items():
        _warn(ctx, name, counts, params)
    _show(ctx, found, params)


def _warn(ctx: Context, name: str, counts: TrimmingCounts, params: CutadaptParameters) -> None:
    if not counts.pairs:
        raise InputError(say("{sample} has no reads.", sample=name))
    if not counts.written:
        raise InputError(
            say("{sample}: no read pair was left after trimming.", sample=name),
            detail=say(
                "Of {pairs:,} reads 1, {primer:,} begin with the primer; of {after:,} reads 2 after that, {linker:,} have the linker.",
                pairs=counts.pairs,
                primer=counts.with_primer,
                after=counts.after_primer,
                linker=counts.with_linker,
            ),
            hint="See whether the primer and the linker are those of your protocol, and whether read 1 and read 2 are exchanged.",
        )
    if counts.with_primer < FEW * counts.pairs:
        ctx.warn(
            "few_primers",
            say(
                "{sample}: only {share:.1%} of the reads begin with the LTR primer.",
                sample=name,
                share=counts.with_primer / counts.pairs,
            ),
            hint="See whether the primer is that of your protocol, and whether UMIs stand before it.",
        )
    if counts.with_linker < FEW * counts.after_primer:
        ctx.warn(
            "few_linkers",
            say(
                "{sample}: only {share:.1%} of reads 2 begin with the linker, so the ends of the fragments are not sure.",
                sample=name,
                share=counts.with_linker / counts.after_primer,
            ),
            hint="See whether the linker is that of your protocol, and whether UMIs stand before it.",
        )
    if params.without_primer is Untrimmed.KEEP and counts.with_primer < counts.pairs:
        ctx.warn(
            "primerless_kept",
            say(
                "{sample}: {pairs:,} pairs without the LTR primer were kept, as you chose; they can make false sites.",
                one="{sample}: 1 pair without the LTR primer was kept, as you chose; it can make a false site.",
                sample=name,
                pairs=counts.pairs - counts.with_primer,
            ),
        )


def _show(ctx: Context, found: Mapping[str, TrimmingCounts], params: CutadaptParameters) -> None:
    pairs, primer = sum(c.pairs for c in found.values()), sum(c.with_primer for c in found.values())
    written = sum(c.written for c in found.values())
    ctx.show(
        CardView(
            id="answer",
            title="Primer and linker",
            text=say(
                "{primer:.1%} of {pairs:,} reads begin with the LTR primer; {written:,} pairs ({share:.1%}) go on.",
                primer=primer / pairs,
                pairs=pairs,
                written=written,
                share=written / pairs,
            ),
        )
    )
    ctx.metric("primer_percent", 100 * primer / pairs, label="Reads with the primer", unit="%", headline=True)
    ctx.metric("pairs_written", written, label="Pairs that go on", headline=True)
    names = tuple(found)
    ctx.show(
        BarView(
            id="pairs",
            title="What became of the pairs",
            x=Column(name="sample", label="Sample"),
            y=Column(name="pairs", label="Pairs"),
            series=tuple(
                Series(name=title, x=names, y=tuple(map(float, counts)))
                for title, counts in (
                    (say("go on"), [c.written for c in found.values()]),
                    (say("no primer"), [c.pairs - c.after_primer for c in found.values()]),
                    (say("no linker"), [c.without_linker for c in found.values()]),
                    (say("too short"), [c.too_short for c in found.values()]),
                )
            ),
        )
    )
    ctx.table(
        "samples",
        "Samples",
        [
            Column(name="sample", label="Sample"),
            Column(name="pairs", label="Pairs"),
            Column(name="with_primer", label="With the primer"),
            Column(name="with_primer_percent", label="With the primer", unit="%", digits=4),
            Column(name="with_linker", label="With the linker"),
            Column(name="with_linker_percent", label="With the linker", unit="%", digits=4),
            Column(name="without_linker", label="Left out: no linker"),
            Column(name="too_short", label="Left out: too short"),
            Column(name="written", label="Go on"),
        ],
        [
            (
                name,
                c.pairs,
                c.with_primer,
                100 * c.with_primer / c.pairs,
                c.with_linker,
                100 * c.with_linker / c.after_primer if c.after_primer else None,
                c.without_linker,
                c.too_short,
                c.written,
            )
            for name, c in found.items()
        ],
        caption="The linker is counted among the pairs that the primer's filter let through.",
        key=RowKey(columns=("sample",)),
    )
    for view, title, expected, lengths in (
        ("primer_lengths", say("Bases cut from read 1"), len(params.primer), "removed_primer"),
        ("linker_lengths", say("Bases cut from read 2"), len(params.linker), "removed_linker"),
    ):
        cut = {name: dict[int, int](getattr(counts, lengths)) for name, counts in found.items()}
        seen = sorted(
            {length for counts in cut.values() for length in counts}, key=lambda n: abs(n - expected)
        )
        shown = sorted({expected, *seen[:SHOWN_LENGTHS]})
        ctx.show(
            BarView(
                id=view,
                title=title,
                x=Column(name="bases", label="Bases"),
                y=Column(name="reads", label="Reads"),
                series=tuple(
                    Series(
                        name=name, x=tuple(map(str, shown)), y=tuple(float(counts.get(n, 0)) for n in shown)
                    )
                    for name, counts in cut.items()
                ),
                caption=say("The whole sequence has {bases} bases.", bases=expected),
            )
        )
