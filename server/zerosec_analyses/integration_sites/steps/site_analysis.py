"""The step site_analysis: the sites of every sample, with their genes and spike-ins, and what the samples share."""

from collections.abc import Sequence
from functools import partial

from zerosec_analyses.integration_sites.builds import check_build, reference_build
from zerosec_analyses.integration_sites.contig_names import match_contigs
from zerosec_analyses.integration_sites.findings import (
    Findings,
    SampleSites,
    gene_table,
    known_sites,
    pair_table,
    sharing_table,
    site_table,
    split_by_filter,
    weak_site_table,
)
from zerosec_analyses.integration_sites.fragments import (
    Contig,
    PairCounts,
    contigs_of,
    has_umis,
    open_alignments,
    read_fragments,
)
from zerosec_analyses.integration_sites.genes import Genes
from zerosec_analyses.integration_sites.intervals import read_genes
from zerosec_analyses.integration_sites.outputs.site_views import HEADINGS, UNITS, show
from zerosec_analyses.integration_sites.outputs.tracks import write_bed, write_bedgraph, write_bigwig
from zerosec_analyses.integration_sites.parameters import Deduplication, SiteParameters
from zerosec_analyses.integration_sites.samples import listed, single_samples
from zerosec_analyses.integration_sites.sharing import shared_sites
from zerosec_analyses.integration_sites.sites import Site, call_sites
from zerosec_analyses.integration_sites.spike_ins import SpikeIns, read_spike_ins
from zerosec_analyses.result_tables import ResultTable, Wording, write_csv, write_workbook
from zerosec_analyses.sdk import Context, InputError, JobInput, Said, say
from zerosec_shared.runs import ArtifactRole
from zerosec_shared.texts import Texts, ours

__all__ = ["run"]

MOST_SITES = 5_000_000
REPORT_EVERY = 100_000
CROWDED = 0.1
"""Where a site has more than this share of all fragment lengths there are, different fragments have the same ends by chance so often that
one in twenty of them is not counted: of n lengths at random 1 - exp(-n/L) are seen.
"""


def run(ctx: Context, params: SiteParameters) -> None:
    """Analyse all samples."""
    samples = single_samples(ctx.inputs.get("alignments", ()))
    if not samples:
        raise InputError(
            "There are no alignments.", hint="Run the mapping first, or give BAM files of your own."
        )
    contigs = _common_reference(samples)
    build = reference_build(samples, params.genome_build)
    genes = _genes(ctx, contigs, params, build)
    spike_ins = (
        read_spike_ins(ctx.input("spike_ins"), contigs, params, build)
        if ctx.inputs.get("spike_ins")
        else None
    )
    found: list[SampleSites] = []
    for number, (name, file) in enumerate(samples, start=1):
        ctx.progress(
            (number - 1) / len(samples),
            "Sites",
            say("Sample {number} of {count}: {name}", number=number, count=len(samples), name=name),
        )
        made = _sample(ctx, name, file, contigs, genes, spike_ins, params)
        _warn(ctx, made, params)
        found.append(made)
    shared = shared_sites(
        {sample.name: [known.site for known in sample.kept] for sample in found}, params.merge_distance
    )
    findings = Findings(
        contigs,
        tuple(found),
        tuple(shared),
        spike_ins.names if spike_ins else (),
        genes is not None,
        params.merge_distance,
    )
    show(ctx, findings, _write(ctx, findings))


def _common_reference(samples: Sequence[tuple[str, JobInput]]) -> tuple[Contig, ...]:
    first: tuple[Contig, ...] | None = None
    for _, file in samples:
        with open_alignments(file.path, file.name) as opened:
            contigs = contigs_of(opened)
        if first is not None and contigs != first:
            raise InputError(
                say(
                    "{file} and {other} were aligned to different references.",
                    file=samples[0][1].name,
                    other=file.name,
                ),
                hint="Map all samples of a run to the same reference.",
            )
        first = contigs
    return first or ()


def _genes(ctx: Context, contigs: Sequence[Contig], params: SiteParameters, build: str) -> Genes | None:
    if not ctx.inputs.get("annotation"):
        return None
    file = ctx.input("annotation")
    check_build(file, build)
    ctx.progress(None, "Genes", file.name)
    intervals = read_genes(file)
    matched = match_contigs(
        (gene.contig for gene in intervals), (contig.name for contig in contigs), file.name
    )
    if matched.unknown:
        ctx.warn(
            "unknown_contigs",
            say(
                "Genes on {count} contigs of {file} that the reference does not have were left out: {names}.",
                one="Genes on 1 contig of {file} that the reference does not have were left out: {names}.",
                count=len(matched.unknown),
                file=file.name,
                names=listed(matched.unknown),
            ),
        )
    without = {contig.name for contig in contigs} - set(matched.to_reference.values())
    if without:
        ctx.warn(
            "contigs_without_genes",
            say(
                "{file} has no genes on {count} contigs of the reference; sites there are given none: {names}.",
                one="{file} has no genes on 1 contig of the reference; sites there are given none: {names}.",
                file=file.name,
                count=len(without),
                names=listed([contig.name for contig in contigs if contig.name in without]),
            ),
        )
    return Genes(intervals, matched.to_reference, params)


def _sample(
    ctx: Context,
    name: str,
    file: JobInput,
    contigs: tuple[Contig, ...],
    genes: Genes | None,
    spike_ins: SpikeIns | None,
    params: SiteParameters,
) -> SampleSites:
    by_umi = params.deduplication is Deduplication.UMI or (
        params.deduplication is Deduplication.AUTO and has_umis(file.path, file.name)
    )
    counts = PairCounts()
    sites: list[Site] = []
    with open_alignments(file.path, file.name) as opened:
        for site in call_sites(read_fragments(opened, file.name, params, counts, umis=by_umi), params):
            sites.append(site)
            if len(sites) > MOST_SITES:
                raise InputError(
                    say(
                        "{sample} has more than {most:,} places where fragments begin.",
                        sample=name,
                        most=MOST_SITES,
                    ),
                    hint="Reads of LAM-PCR begin at integration sites; these look like reads of a whole genome.",
                )
            if len(sites) % REPORT_EVERY == 0:
                ctx.progress(None, "Sites", name, pairs=counts.pairs, places=len(sites))
    kept, weak = split_by_filter(sites, params)
    return SampleSites(name, counts, known_sites(kept, contigs, genes, spike_ins), weak, by_umi)


def _warn(ctx: Context, sample: SampleSites, params: SiteParameters) -> None:
    pairs = sample.pairs
    if not pairs.pairs:
        raise InputError(say("The alignments of {sample} hold no read 1.", sample=sample.name))
    if params.deduplication is Deduplication.UMI and not pairs.used and pairs.left_out["no_umi"]:
        raise InputError(
            say("The reads of {sample} carry no UMIs.", sample=sample.name),
            hint="Run the step UMIs before trimming and mapping, or tell copies by the ends alone.",
        )
    if pairs.left_out["no_umi"]:
        ctx.warn(
            "reads_without_umi",
            say(
                "{sample}: {count:,} pairs have no UMI in their names and were left out.",
                one="{sample}: 1 pair has no UMI in its name and was left out.",
                sample=sample.name,
                count=pairs.left_out["no_umi"],
            ),
        )
    if pairs.left_out["ambiguous"]:
        ctx.warn(
            "ambiguous_reads",
            say(
                "{sample}: {count:,} pairs ({share:.1%}) fit other places nearly as well and were left out; sites in repeats are missed.",
                one="{sample}: 1 pair ({share}) fits other places nearly as well and was left out; sites in repeats are missed.",
                sample=sample.name,
                count=pairs.left_out["ambiguous"],
                share=pairs.left_out["ambiguous"] / pairs.pairs,
            ),
        )
    if not sample.kept:
        ctx.warn(
            "no_sites",
            say("{sample}: no integration site passed the filter.", sample=sample.name),
            hint="See in the table of read pairs why they could not be used.",
        )
    if not sample.by_umi:
        limit = CROWDED * len(pairs.lengths)
        crowded = [known for known in sample.kept if known.site.lengths > max(limit, 10)]
        if crowded:
            ctx.warn(
                "crowded_lengths",
                say(
                    "{sample}: {count:,} sites have fragments of more than a tenth of all lengths there are. Without UMIs, different fragments of the "
                    "same length count once, so the shares of these clones are too small.",
                    one="{sample}: 1 site has fragments of more than a tenth of all lengths there are. Without UMIs, different fragments of the same length count once, so the share of this clone is too small.",
                    sample=sample.name,
                    count=len(crowded),
                ),
            )


def _write(ctx: Context, found: Findings) -> dict[str, str]:
    tables = [site_table(found), pair_table(found), weak_site_table(found)]
    if found.with_genes:
        tables.append(gene_table(found))
    if len(found.samples) > 1:
        tables.append(sharing_table(found))
    sources = {
        table.name: ctx.artifact(write_csv(table, ctx.output / "tables"), ArtifactRole.TABLE)
        for table in tables
    }
    sources["weak"] = sources["sites_below_filter"]
    sources["workbook"] = _write_workbooks(ctx, tables)
    tracks = ctx.output / "tracks"
    tracks.mkdir()
    for sample in found.samples:
        bed, graph, big = (tracks / f"{sample.name}{ending}" for ending in (".bed", ".bedgraph", ".bw"))
        write_bed(sample, bed)
        write_bedgraph(sample, graph)
        ctx.artifact(bed, ArtifactRole.DATA)
        ctx.artifact(graph, ArtifactRole.DATA)
        if write_bigwig(sample, found.contigs, big):
            ctx.artifact(big, ArtifactRole.DATA)
    return sources


def _write_workbooks(ctx: Context, tables: Sequence[ResultTable]) -> str:
    """All tables as sheets, with headings in words: in English, and beside it in Japanese. Returns the path of the English one."""
    ordered = sorted(tables, key=lambda table: table.name == "sites_below_filter")
    english, japanese = (ctx.output / f"integration_sites{ending}" for ending in (".xlsx", "_ja.xlsx"))
    write_workbook(ordered, english, Wording(str, _heading))
    write_workbook(ordered, japanese, Wording(partial(_in_japanese, ctx.texts), _heading))
    ctx.artifact(japanese, ArtifactRole.TABLE)
    return ctx.artifact(english, ArtifactRole.TABLE)


def _in_japanese(texts: Texts, text: str) -> str:
    return (texts.find(text, "ja") if isinstance(text, Said) else None) or text


def _heading(name: str) -> Said:
    """The heading of a column with its unit, by its name in the CSV files; the name of a sample stays as it is."""
    words = HEADINGS.get(name) or ours(name)
    return say("{heading} ({unit})", heading=words, unit=ours(UNITS[name])) if name in UNITS else words
