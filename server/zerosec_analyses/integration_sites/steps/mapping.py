"""The step read_mapping: reads to the reference by bwa-mem2 or bwa, straight into a sorted, indexed BAM file."""

import re
from itertools import chain
from pathlib import Path

from zerosec_analyses.integration_sites import commands
from zerosec_analyses.integration_sites.alignments import AlignmentSummary, summarise
from zerosec_analyses.integration_sites.parameters import MappingParameters
from zerosec_analyses.integration_sites.prepared import each_sample
from zerosec_analyses.integration_sites.reference import IndexedReference
from zerosec_analyses.integration_sites.reports.flagstat import Flagstat, read_flagstat
from zerosec_analyses.integration_sites.steps.reference_index import wanted_index
from zerosec_analyses.programs import SAMTOOLS
from zerosec_analyses.sdk import Column, Context, FoundProgram, InputError, RowKey, Series, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.views import BarView, CardView, LineView

__all__ = ["run"]

LONGEST_IN_BAI = 2**29 - 1
PROCESSED = re.compile(r"Processed (\d+) reads")
LOW_RATE = 0.5
SHOWN_CONTIGS = 60


def run(ctx: Context, params: MappingParameters) -> None:
    """Map all samples."""
    wanted = wanted_index(ctx, params)
    mapper = wanted.mapper
    samtools = ctx.program(SAMTOOLS)
    samples = each_sample(ctx, "Mapping")
    first = next(samples)  # the reads are looked at before hours go into an index
    found: dict[str, tuple[Flagstat, AlignmentSummary]] = {}
    with wanted.made(ctx) as reference:
        build = wanted.given.registered.genome_build if wanted.given.registered is not None else ""
        folder = ctx.output / "alignments"
        folder.mkdir()
        for number, sample, files, report in chain([first], samples):
            made = ctx.scratch / f"mapped{number}.bam"
            threads = max(1, ctx.threads)
            memory_mb = max(64, min(768, ctx.memory_bytes // 8 // threads // 1024**2))

            def on_line(program: str, line: str, name: str = sample.name) -> None:
                if told := PROCESSED.search(line):
                    ctx.progress(None, "Mapping", name, reads=int(told[1]))

            ctx.pipe(
                [
                    (
                        mapper,
                        commands.bwa_mem(
                            reference.prefix, (files.read1, files.read2), sample.name, threads, build
                        ),
                    ),
                    (samtools, commands.samtools_sort(made, ctx.scratch, threads, memory_mb)),
                ],
                on_line=on_line,
            )
            report(0.8)
            alignments = made.rename(folder / f"{sample.name}.bam")
            ctx.artifact(alignments, ArtifactRole.DATA)
            flags = ctx.output / "alignments" / f"{sample.name}.flagstat.json"
            ctx.run_program(samtools, commands.flagstat(alignments), stdout=flags)
            ctx.artifact(flags, ArtifactRole.REPORT)
            summary = summarise(alignments, threads)
            long = any(length > LONGEST_IN_BAI for _, length, _ in summary.contigs)
            ctx.run_program(samtools, commands.samtools_index(alignments, long_contigs=long))
            ctx.artifact(Path(f"{alignments}.{'csi' if long else 'bai'}"), ArtifactRole.DATA)
            found[sample.name] = read_flagstat(flags), summary
            report(1.0)
    for name, (flagstat, _) in found.items():
        _warn(ctx, name, flagstat)
    _show(ctx, found, mapper, reference)


def _warn(ctx: Context, name: str, flagstat: Flagstat) -> None:
    if not flagstat.reads:
        raise InputError(say("{sample} has no reads.", sample=name))
    if flagstat.mapping_rate < LOW_RATE:
        ctx.warn(
            "low_mapping_rate",
            say(
                "{sample}: only {share:.1%} of the reads have a place in the reference.",
                sample=name,
                share=flagstat.mapping_rate,
            ),
            hint="See whether it is the genome of your cells, and whether primer and linker were trimmed.",
        )
    elif flagstat.pairing_rate < LOW_RATE:
        ctx.warn(
            "low_pairing_rate",
            say(
                "{sample}: only {share:.1%} of the reads are properly paired.",
                sample=name,
                share=flagstat.pairing_rate,
            ),
            hint="See whether read 1 and read 2 are of the same sample and whether primer and linker were trimmed.",
        )


def _show(
    ctx: Context,
    found: dict[str, tuple[Flagstat, AlignmentSummary]],
    mapper: FoundProgram,
    reference: IndexedReference,
) -> None:
    reads = sum(flags.reads for flags, _ in found.values())
    mapped = sum(flags.mapped for flags, _ in found.values())
    paired = sum(flags.properly_paired for flags, _ in found.values())
    ctx.show(
        CardView(
            id="answer",
            title="Mapping",
            text=say(
                "{mapped:.2%} of {reads:,} reads have a place in the reference, {paired:.2%} are properly paired; mapped by {program}.",
                mapped=mapped / reads,
                reads=reads,
                paired=paired / reads,
                program=mapper.program.title,
            ),
        )
    )
    ctx.metric("mapped_percent", 100 * mapped / reads, label="Mapped reads", unit="%", headline=True)
    ctx.metric("paired_percent", 100 * paired / reads, label="Properly paired", unit="%", headline=True)
    ctx.metric("mapper", mapper.program.title, label="Mapped by")
    ctx.metric("reference_sha256", reference.sha256, label="Reference, SHA-256")
    ctx.metric("reference_contigs", reference.contigs, label="Contigs of the reference")
    ctx.metric("reference_bases", reference.bases, label="Bases of the reference")
    ctx.table(
        "samples",
        "Samples",
        [
            Column(name="sample", label="Sample"),
            Column(name="reads", label="Reads"),
            Column(name="mapped", label="Mapped reads"),
            Column(name="mapped_percent", label="Mapped reads", unit="%", digits=4),
            Column(name="paired", label="Properly paired"),
            Column(name="paired_percent", label="Properly paired", unit="%", digits=4),
            Column(name="singletons", label="Only one of the pair"),
            Column(name="supplementary", label="Split alignments"),
            Column(name="insert_low", label="Insert size, 5%", unit="bases"),
            Column(name="insert_median", label="Insert size, median", unit="bases"),
            Column(name="insert_high", label="Insert size, 95%", unit="bases"),
        ],
        [
            (
                name,
                flags.reads,
                flags.mapped,
                100 * flags.mapping_rate,
                flags.properly_paired,
                100 * flags.pairing_rate,
                flags.singletons,
                flags.supplementary,
                summary.insert_quantile(0.05),
                summary.insert_quantile(0.5),
                summary.insert_quantile(0.95),
            )
            for name, (flags, summary) in found.items()
        ],
        key=RowKey(columns=("sample",)),
    )
    for view, title, axis, unit, counts in (
        ("inserts", say("Insert sizes"), say("Insert size"), say("bases"), "inserts"),
        ("qualities", say("Mapping qualities"), say("Mapping quality"), "", "qualities"),
    ):
        ctx.show(
            LineView(
                id=view,
                title=title,
                x=Column(name="value", label=axis, unit=unit),
                y=Column(name="count", label="Pairs" if counts == "inserts" else "Reads"),
                series=tuple(_series(name, getattr(summary, counts)) for name, (_, summary) in found.items()),
            )
        )
    names = _largest_contigs(found)
    by_contig = {
        sample: {contig: float(count) for contig, _, count in summary.contigs}
        for sample, (_, summary) in found.items()
    }
    ctx.show(
        BarView(
            id="contigs",
            title="Reads by contig",
            x=Column(name="contig", label="Contig"),
            y=Column(name="reads", label="Mapped reads"),
            series=tuple(
                Series(name=sample, x=tuple(names), y=tuple(counts[name] for name in names))
                for sample, counts in by_contig.items()
            ),
            caption=say(
                "The {count} contigs with the most reads, in the order of the reference.", count=len(names)
            ),
        )
    )


def _series(name: str, counts: dict[int, int]) -> Series:
    values = sorted(value for value in counts if value <= 2000)
    return Series(name=name, x=tuple(map(float, values)), y=tuple(float(counts[value]) for value in values))


def _largest_contigs(found: dict[str, tuple[Flagstat, AlignmentSummary]]) -> list[str]:
    reads: dict[str, int] = {}
    for _, summary in found.values():
        for name, _, count in summary.contigs:
            reads[name] = reads.get(name, 0) + count
    largest = set(
        sorted((name for name in reads if reads[name]), key=lambda name: -reads[name])[:SHOWN_CONTIGS]
    )
    return [name for name in reads if name in largest]
