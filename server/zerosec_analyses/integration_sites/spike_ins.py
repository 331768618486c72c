"""Spike-ins: control sites that are known beforehand, looked for among the sites found, which they never change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerosec_analyses.integration_sites.contig_names import match_contigs
from zerosec_analyses.integration_sites.fragments import Contig
from zerosec_analyses.integration_sites.intervals import Interval, read_bed
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.sites import Site
from zerosec_analyses.sdk import InputError, JobInput, say

__all__ = ["SpikeIns", "read_spike_ins", "same_build"]

SYNONYMS = {
    "grch38": "hg38",
    "grch37": "hg19",
    "grcm38": "mm10",
    "grcm39": "mm39",
    "ncbi36": "hg18",
    "b37": "hg19",
}
MAX_SPIKE_INS = 100_000


def same_build(one: str, other: str) -> bool:
    """Whether two names are of the same genome build: GRCh38.p14 is hg38."""
    return _build(one) == _build(other)


def _build(name: str) -> str:
    plain = name.strip().lower().split(".p")[0]
    return SYNONYMS.get(plain, plain)


@dataclass(frozen=True)
class SpikeIns:
    """Known sites on the reference."""

    by_contig: Mapping[str, tuple[Interval, ...]]
    names: tuple[str, ...]
    margin: int

    def at(self, contig: str, site: Site) -> str:
        """The name of the spike-in a site is one of; empty if none. A spike-in with a strand has only sites of that strand."""
        for known in self.by_contig.get(contig, ()):
            if known.start - self.margin <= site.position < max(
                known.end, known.start + 1
            ) + self.margin and known.strand in {".", site.strand}:
                return known.name
        return ""


def read_spike_ins(file: JobInput, contigs: Sequence[Contig], params: SiteParameters) -> SpikeIns:
    """The spike-ins of a BED file. Raises InputError where its genome build is not said, or is not that of the reference."""
    if not params.spike_in_build or not params.genome_build:
        raise InputError(
            "Spike-ins need the names of two genome builds: that of the reference and that of the spike-ins.",
            detail="Positions mean other places on another build, and nothing in a BED file tells of which it is.",
            hint="Fill in both fields, with GRCh38 for example.",
        )
    if not same_build(params.spike_in_build, params.genome_build):
        raise InputError(
            say(
                "The spike-ins are of {other} and the reference is {build}.",
                other=params.spike_in_build,
                build=params.genome_build,
            ),
            detail="On another build their positions would be other places.",
            hint="Take the spike-ins of the same build, or convert them (liftOver).",
        )
    found: list[Interval] = []
    for known in read_bed(file):
        found.append(known)
        if len(found) > MAX_SPIKE_INS:
            raise InputError(
                say("{file} has more than {most:,} spike-ins.", file=file.name, most=MAX_SPIKE_INS)
            )
    matched = match_contigs((known.contig for known in found), (contig.name for contig in contigs), file.name)
    if matched.unknown:
        raise InputError(
            say(
                "The spike-ins of {file} lie on contigs that the reference does not have: {names}.",
                file=file.name,
                names=", ".join(matched.unknown[:20]),
            ),
            hint="Take the spike-ins of the same build as the reference.",
        )
    lengths = {contig.name: contig.length for contig in contigs}
    by_contig: dict[str, list[Interval]] = {}
    for known in found:
        contig = matched.to_reference[known.contig]
        if known.end > lengths[contig]:
            raise InputError(
                say(
                    "The spike-in {name} of {file} lies beyond the end of {contig}: it is of another genome build.",
                    name=known.name,
                    file=file.name,
                    contig=contig,
                ),
                hint="Take the spike-ins of the same build as the reference.",
            )
        by_contig.setdefault(contig, []).append(known)
    return SpikeIns(
        {contig: tuple(sorted(known, key=lambda each: each.start)) for contig, known in by_contig.items()},
        tuple(dict.fromkeys(known.name for known in found)),
        params.merge_distance,
    )
