"""The sites of every sample with all that is known of them: shares, genes, region, spike-in; and tables of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zerosec_analyses.integration_sites.fragments import LEFT_OUT, Contig, PairCounts
from zerosec_analyses.integration_sites.genes import NOWHERE, Genes, Place
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.sharing import SharedSite
from zerosec_analyses.integration_sites.sites import Site, passes
from zerosec_analyses.integration_sites.spike_ins import SpikeIns
from zerosec_analyses.result_tables import Cell, ResultTable
from zerosec_analyses.sdk import say

__all__ = [
    "Findings",
    "KnownSite",
    "SampleSites",
    "gene_table",
    "pair_table",
    "percent",
    "sharing_table",
    "site_table",
    "weak_site_table",
]


@dataclass(frozen=True)
class KnownSite:
    """A site that is kept. The percentages are of all kept sites of the sample; the last one leaves spike-ins out."""

    site: Site
    contig: str
    place: Place
    spike_in: str
    fragment_percent: float
    read_percent: float
    percent_without_spike_ins: float | None


@dataclass(frozen=True)
class SampleSites:
    """A sample. `kept` is ordered by fragments, the strongest first; `weak` are the sites below the filter."""

    name: str
    pairs: PairCounts
    kept: tuple[KnownSite, ...]
    weak: tuple[Site, ...]
    by_umi: bool

    @property
    def fragments(self) -> int:
        """Of all kept sites."""
        return sum(known.site.fragments for known in self.kept)


@dataclass(frozen=True)
class Findings:
    """All samples on one reference. Sites were merged within `merge_distance` bases."""

    contigs: tuple[Contig, ...]
    samples: tuple[SampleSites, ...]
    shared: tuple[SharedSite, ...]
    spike_in_names: tuple[str, ...]
    with_genes: bool
    merge_distance: int


def percent(part: float, whole: float) -> float:
    """A share in percent; NaN of nothing."""
    return 100 * part / whole if whole else float("nan")


def known_sites(
    sites: Sequence[Site],
    contigs: Sequence[Contig],
    genes: Genes | None,
    spike_ins: SpikeIns | None,
) -> tuple[KnownSite, ...]:
    """What is known of the kept sites of a sample, the strongest first."""
    fragments, reads = sum(site.fragments for site in sites), sum(site.reads for site in sites)
    spiked = [spike_ins.at(contigs[site.contig].name, site) if spike_ins else "" for site in sites]
    own = sum(site.fragments for site, name in zip(sites, spiked, strict=True) if not name)
    made = (
        KnownSite(
            site,
            contigs[site.contig].name,
            genes.around(contigs[site.contig].name, site.position, reverse=site.reverse)
            if genes
            else NOWHERE,
            name,
            percent(site.fragments, fragments),
            percent(site.reads, reads),
            None if name or spike_ins is None else percent(site.fragments, own),
        )
        for site, name in zip(sites, spiked, strict=True)
    )
    return tuple(
        sorted(
            made,
            key=lambda known: (
                -known.site.fragments,
                -known.site.reads,
                known.site.contig,
                known.site.position,
                known.site.reverse,
            ),
        )
    )


def split_by_filter(sites: Sequence[Site], params: SiteParameters) -> tuple[list[Site], tuple[Site, ...]]:
    """Sites that are kept, and those that are not."""
    kept = [site for site in sites if passes(site, params)]
    return kept, tuple(site for site in sites if not passes(site, params))


SITE_COLUMNS = (
    "sample",
    "contig",
    "position",
    "strand",
    "fragments",
    "reads",
    "fragment_percent",
    "read_percent",
    "spike_in",
    "percent_without_spike_ins",
    "merged_positions",
    "different_lengths",
    "genes",
    "nearest_gene",
    "distance",
    "from_start",
    "same_strand",
    "region",
    "region_gene",
)


def site_table(found: Findings) -> ResultTable:
    """All kept sites; positions count from 1."""
    return ResultTable(
        "sites",
        say("Integration sites"),
        SITE_COLUMNS,
        [_site_row(sample.name, known, found) for sample in found.samples for known in sample.kept],
    )


def _site_row(sample: str, known: KnownSite, found: Findings) -> tuple[Cell, ...]:
    site, place = known.site, known.place
    direction = {None: "", True: "yes", False: "no"}[place.same_strand]
    return (
        sample,
        known.contig,
        site.position + 1,
        site.strand,
        site.fragments,
        site.reads,
        known.fragment_percent,
        known.read_percent,
        known.spike_in,
        known.percent_without_spike_ins,
        site.positions,
        site.lengths,
        ", ".join(place.genes),
        place.nearest,
        place.distance,
        place.from_start,
        direction,
        place.region.value if found.with_genes else "",
        place.region_gene,
    )


def weak_site_table(found: Findings) -> ResultTable:
    """The sites below the filter, as they were found."""
    return ResultTable(
        "sites_below_filter",
        say("Sites below the filter"),
        ("sample", "contig", "position", "strand", "fragments", "reads"),
        [
            (
                sample.name,
                found.contigs[site.contig].name,
                site.position + 1,
                site.strand,
                site.fragments,
                site.reads,
            )
            for sample in found.samples
            for site in sample.weak
        ],
    )


def gene_table(found: Findings) -> ResultTable:
    """Sites, fragments and reads by the gene a site lies in, else the nearest; the gene with the most sites first."""
    rows: dict[str, list[int]] = {}
    samples: dict[str, set[str]] = {}
    for sample in found.samples:
        for known in sample.kept:
            for gene in known.place.genes or ((known.place.nearest,) if known.place.nearest else ()):
                row = rows.setdefault(gene, [0, 0, 0, 0])
                row[0] += 1
                row[1] += bool(known.place.genes)
                row[2] += known.site.fragments
                row[3] += known.site.reads
                samples.setdefault(gene, set()).add(sample.name)
    ordered = sorted(rows, key=lambda gene: (-rows[gene][0], -rows[gene][2], gene))
    return ResultTable(
        "genes",
        say("Genes"),
        ("gene", "sites", "sites_inside", "fragments", "reads", "samples"),
        [(gene, *rows[gene], len(samples[gene])) for gene in ordered],
    )


def sharing_table(found: Findings) -> ResultTable:
    """A row for each site of any sample, with the fragments in each."""
    names = [sample.name for sample in found.samples]
    return ResultTable(
        "shared_sites",
        say("Sites by sample"),
        ("contig", "position", "strand", "samples", *names),
        [
            (
                found.contigs[site.contig].name,
                site.position + 1,
                "-" if site.reverse else "+",
                len(site.by_sample),
                *(site.by_sample[name].fragments if name in site.by_sample else 0 for name in names),
            )
            for site in found.shared
        ],
    )


def pair_table(found: Findings) -> ResultTable:
    """What became of the read pairs of each sample."""
    return ResultTable(
        "read_pairs",
        say("Read pairs"),
        ("what", *(sample.name for sample in found.samples)),
        list(_pair_rows(found)),
    )


def _pair_rows(found: Findings) -> Iterator[tuple[Cell, ...]]:
    yield (say("All pairs"), *(sample.pairs.pairs for sample in found.samples))
    for reason, words in LEFT_OUT.items():
        yield (words, *(sample.pairs.left_out[reason] for sample in found.samples))
    yield (say("Used"), *(sample.pairs.used for sample in found.samples))
