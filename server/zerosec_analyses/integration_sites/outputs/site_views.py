"""What the window shows of the site analysis: the answer, the sites over the genome, tables, regions, genes and what samples share."""

from collections.abc import Mapping

from zerosec_analyses.integration_sites.findings import (
    Findings,
    gene_table,
    pair_table,
    percent,
    sharing_table,
    site_table,
)
from zerosec_analyses.integration_sites.genes import Region
from zerosec_analyses.integration_sites.sharing import common_counts
from zerosec_analyses.sdk import Column, Context, RowKey, Said, Series, ours, say
from zerosec_shared.views import BarView, CardView, FileView, HeatMapView, ScatterView, Section

__all__ = ["HEADINGS", "REGIONS", "UNITS", "show"]

REGIONS = {
    Region.PROMOTER: say("promoter"),
    Region.GENE_BODY: say("gene body"),
    Region.ENHANCER: say("enhancer"),
    Region.INTERGENIC: say("between genes"),
}
HEADINGS: dict[str, Said] = {
    "sample": say("Sample"),
    "contig": say("Contig"),
    "position": say("Position"),
    "strand": say("Strand"),
    "fragments": say("Fragments"),
    "reads": say("Reads"),
    "fragment_percent": say("Share of fragments"),
    "read_percent": say("Share of reads"),
    "spike_in": say("Spike-in"),
    "percent_without_spike_ins": say("Share without spike-ins"),
    "merged_positions": say("Bases merged"),
    "different_lengths": say("Fragment lengths"),
    "genes": say("In genes"),
    "nearest_gene": say("Nearest gene"),
    "distance": say("Distance"),
    "from_start": say("From its start"),
    "same_strand": say("In its direction"),
    "region": say("Region"),
    "region_gene": say("Gene of the region"),
    "gene": say("Gene"),
    "sites": say("Sites"),
    "sites_inside": say("Sites within"),
    "samples": say("Samples"),
    "what": say("Read pairs"),
}
UNITS = {
    "fragment_percent": "%",
    "read_percent": "%",
    "percent_without_spike_ins": "%",
    "distance": "bases",
    "from_start": "bases",
}
WORDS = {"yes": say("yes"), "no": say("no")} | {region.value: words for region, words in REGIONS.items()}
SHOWN_ROWS = 5000
SHOWN_POINTS = 20_000
SHOWN_SAMPLES = 60
STRONGEST = 20
LEAST_MARKED = 1 / 400
"""Share of the genome from which on the borders of a contig are drawn."""


def show(ctx: Context, found: Findings, sources: Mapping[str, str]) -> None:
    """Show everything; `sources` are the artifacts by what they hold."""
    _answer(ctx, found)
    _genome(ctx, found, sources["sites"])
    _clones(ctx, found, sources["sites"])
    table = site_table(found)
    ctx.table(
        "sites",
        "Integration sites",
        [_column(name) for name in table.columns],
        [
            tuple(
                WORDS.get(cell, cell) if isinstance(cell, str) and place in {16, 17} else cell
                for place, cell in enumerate(row)
            )
            for row in table.rows[:SHOWN_ROWS]
        ],
        source=sources["sites"],
        total_rows=len(table.rows),
        caption="Positions count from 1: the base of the genome next to the LTR. The strand is + where the genome follows the LTR.",
        key=RowKey(
            columns=("sample", "contig", "strand"), of="sample", near="position", within=found.merge_distance
        ),
    )
    if found.with_genes:
        _regions(ctx, found)
        genes = gene_table(found)
        ctx.table(
            "genes",
            "Genes",
            [_column(name) for name in genes.columns],
            genes.rows[:SHOWN_ROWS],
            source=sources["genes"],
            total_rows=len(genes.rows),
            caption="Each site counts for the genes it lies in, else for the nearest one.",
            key=RowKey(columns=("gene",)),
        )
    if found.spike_in_names:
        _spike_ins(ctx, found)
    if len(found.samples) > 1:
        _sharing(ctx, found, sources["shared_sites"])
    pairs = pair_table(found)
    ctx.table(
        "pairs",
        "Read pairs",
        [_column(name) for name in pairs.columns[: SHOWN_SAMPLES + 1]],
        [row[: SHOWN_SAMPLES + 1] for row in pairs.rows],
        source=sources["read_pairs"],
        caption="Each pair is counted once, at the first thing that keeps it from being used.",
        key=RowKey(columns=("what",)),
    )
    for key, title in (
        ("workbook", say("All tables (Excel)")),
        ("weak", say("Sites below the filter (CSV)")),
    ):
        if key in sources:
            ctx.show(FileView(id=f"file_{key}", title=title, source=sources[key]))


def _column(name: str) -> Column:
    return Column(name=name[:200], label=HEADINGS.get(name, name[:200]), unit=UNITS.get(name, ""))


def _answer(ctx: Context, found: Findings) -> None:
    sites = len(found.shared)
    fragments = sum(sample.fragments for sample in found.samples)
    pairs, used = sum(s.pairs.pairs for s in found.samples), sum(s.pairs.used for s in found.samples)
    strongest = [(sample, sample.kept[0]) for sample in found.samples if sample.kept]
    if not strongest:
        text = say(
            "No integration site passed the filter: of {pairs:,} read pairs {used:,} could be used.",
            pairs=pairs,
            used=used,
        )
    else:
        sample, top = max(strongest, key=lambda pair: pair[1].fragment_percent)
        place = say(
            "{contig}:{position:,} ({strand})",
            contig=top.contig,
            position=top.site.position + 1,
            strand=top.site.strand,
        )
        near = (
            say("{place}, nearest gene {gene}", place=place, gene=top.place.nearest)
            if top.place.nearest
            else place
        )
        text = say(
            "{sites:,} integration sites with {fragments:,} unique fragments; samples: {samples}. The largest clone is {share:.1f}% of {sample}, at {where}.",
            samples=len(found.samples),
            sites=sites,
            fragments=fragments,
            share=top.fragment_percent,
            sample=sample.name,
            where=near,
        )
    ctx.show(CardView(id="answer", title="Integration sites", text=text))
    ctx.metric("sites", sites, label="Integration sites", headline=True)
    ctx.metric("fragments", fragments, label="Unique fragments", headline=True)
    ctx.metric("used_percent", percent(used, pairs), label="Read pairs used", unit="%", headline=True)
    ctx.table(
        "samples",
        "Samples",
        [
            Column(name="sample", label="Sample"),
            Column(name="pairs", label="Read pairs"),
            Column(name="used", label="Read pairs used"),
            Column(name="sites", label="Sites"),
            Column(name="weak", label="Sites below the filter"),
            Column(name="fragments", label="Fragments"),
            Column(name="largest", label="Largest clone", unit="%", digits=4),
            Column(name="copies", label="Copies are told by"),
        ],
        [
            (
                sample.name,
                sample.pairs.pairs,
                sample.pairs.used,
                len(sample.kept),
                len(sample.weak),
                sample.fragments,
                sample.kept[0].fragment_percent if sample.kept else None,
                say("Ends and UMI") if sample.by_umi else say("Ends alone"),
            )
            for sample in found.samples
        ],
        key=RowKey(columns=("sample",)),
    )


def _genome(ctx: Context, found: Findings, source: str) -> None:
    offsets, total = [], 0
    for contig in found.contigs:
        offsets.append(total)
        total += contig.length
    ctx.show(
        ScatterView(
            id="genome",
            title="Sites over the genome",
            x=Column(name="place", label="Place in the genome", unit="Mb"),
            y=Column(name="share", label="Share of fragments", unit="%"),
            series=tuple(
                Series(
                    name=sample.name,
                    x=tuple(
                        (offsets[k.site.contig] + k.site.position) / 1e6 for k in sample.kept[:SHOWN_POINTS]
                    ),
                    y=tuple(k.fragment_percent for k in sample.kept[:SHOWN_POINTS]),
                    labels=tuple(
                        f"{k.contig}:{k.site.position + 1} ({k.site.strand}) {k.place.nearest}".strip()
                        for k in sample.kept[:SHOWN_POINTS]
                    ),
                )
                for sample in found.samples[:SHOWN_SAMPLES]
            ),
            sections=tuple(
                Section(start=offset / 1e6, end=(offset + contig.length) / 1e6, name=contig.name)
                for contig, offset in zip(found.contigs, offsets, strict=True)
                if contig.length >= LEAST_MARKED * total
            ),
            source=source,
            caption="The contigs of the reference one after the other, in its order. The pointer reads out the site.",
        )
    )


def _clones(ctx: Context, found: Findings, source: str) -> None:
    for number, sample in enumerate(found.samples[:12], start=1):
        top = sample.kept[:STRONGEST]
        if top:
            ctx.show(
                BarView(
                    id=f"clones_{number}",
                    title=say("Largest clones: {sample}", sample=sample.name),
                    x=Column(name="site", label="Site"),
                    y=Column(name="share", label="Share of fragments", unit="%"),
                    series=(
                        Series(
                            name=sample.name,
                            x=tuple(f"{k.contig}:{k.site.position + 1}{k.site.strand}" for k in top),
                            y=tuple(k.fragment_percent for k in top),
                            labels=tuple(k.spike_in or k.place.nearest for k in top),
                        ),
                    ),
                    source=source,
                )
            )


def _regions(ctx: Context, found: Findings) -> None:
    ctx.show(
        BarView(
            id="regions",
            title="Where the sites lie",
            x=Column(name="region", label="Region"),
            y=Column(name="share", label="Share of sites", unit="%"),
            series=tuple(
                Series(
                    name=sample.name,
                    x=tuple(ours(words) for words in REGIONS.values()),
                    y=tuple(
                        percent(sum(k.place.region is region for k in sample.kept), len(sample.kept))
                        for region in REGIONS
                    ),
                )
                for sample in found.samples[:SHOWN_SAMPLES]
                if sample.kept
            ),
            caption="Of several genes the first of promoter, gene body and enhancer counts.",
        )
    )


def _spike_ins(ctx: Context, found: Findings) -> None:
    shown = found.samples[:SHOWN_SAMPLES]
    rows = [
        (
            name,
            *(
                sum(known.site.fragments for known in sample.kept if known.spike_in == name) or None
                for sample in shown
            ),
        )
        for name in found.spike_in_names[:SHOWN_ROWS]
    ]
    ctx.table(
        "spike_ins",
        "Spike-ins: unique fragments",
        [Column(name="spike_in", label="Spike-in"), *(Column(name=s.name, label=s.name) for s in shown)],
        rows,
        caption="Empty: not found among the sites that passed the filter. Spike-ins stand in the table of sites like all others.",
        key=RowKey(columns=("spike_in",)),
    )
    seen = {known.spike_in for sample in found.samples for known in sample.kept if known.spike_in}
    ctx.metric(
        "spike_ins_found",
        len(seen),
        label="Spike-ins found",
        note=say("of {count}", count=len(found.spike_in_names)),
    )


def _sharing(ctx: Context, found: Findings, source: str) -> None:
    names = tuple(sample.name for sample in found.samples[:SHOWN_SAMPLES])
    counts = common_counts(found.shared, names)
    ctx.show(
        HeatMapView(
            id="common",
            title="Sites the samples share",
            x_labels=names,
            y_labels=names,
            values=tuple(tuple(float(value) for value in row) for row in counts),
            x=Column(name="sample", label="Sample"),
            y=Column(name="other", label="Sample"),
            outline_diagonal=True,
            caption="Number of sites; on the diagonal those of each sample.",
        )
    )
    table = sharing_table(found)
    common = [row for row in table.rows if isinstance(row[3], int) and row[3] > 1]
    ctx.table(
        "shared",
        "Sites in more than one sample",
        [_column(name) for name in table.columns[: SHOWN_SAMPLES + 4]],
        [row[: SHOWN_SAMPLES + 4] for row in common[:SHOWN_ROWS]],
        source=source,
        total_rows=len(common),
        caption="Unique fragments in each sample. A site that is strong in one sample and weak in another may be carried over between them.",
    )
