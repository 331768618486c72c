"""Spike-ins: control sites that are known beforehand, looked for among the sites found, which they never change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerosec_analyses.integration_sites.builds import check_build, same_build
from zerosec_analyses.integration_sites.contig_names import match_contigs
from zerosec_analyses.integration_sites.fragments import Contig
from zerosec_analyses.integration_sites.intervals import Interval, read_bed
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.sites import Site
from zerosec_analyses.sdk import InputError, JobInput, say

__all__ = ["SpikeIns", "read_spike_ins"]

MAX_SPIKE_INS = 100_000


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


def read_spike_ins(file: JobInput, contigs: Sequence[Contig], params: SiteParameters, build: str) -> SpikeIns:
    """The spike-ins of a BED file on a reference of the genome build `build`. Raises InputError where one of the builds is not known, or they are
    not the same.
    """
    registered = file.registered.genome_build if file.registered is not None else ""
    own = params.spike_in_build or registered
    if not own or not build:
        raise InputError(
            "Spike-ins need the names of two genome builds: that of the reference and that of the spike-ins.",
            detail="Positions mean other places on another build, and nothing in a BED file tells of which it is.",
            hint="Fill in both fields, with GRCh38 for example, or take files that are registered for a build.",
            field="genome_build" if not build else "spike_in_build",
        )
    check_build(file, own)
    if not same_build(own, build):
        raise InputError(
            say(
                "The spike-ins are of {other} and the reference is {build}.",
                other=own,
                build=build,
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
