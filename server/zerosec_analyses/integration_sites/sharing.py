"""What samples share: sites of several samples that are the same within the merge distance, and how many each two have in common."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zerosec_analyses.integration_sites.sites import Site, greedy_peaks

__all__ = ["SharedSite", "common_counts", "shared_sites"]


@dataclass(frozen=True)
class SharedSite:
    """A site and, by sample, what was found there."""

    contig: int
    position: int
    reverse: bool
    by_sample: Mapping[str, Site]


def shared_sites(samples: Mapping[str, Sequence[Site]], distance: int) -> list[SharedSite]:
    """All sites of all samples, put together within the distance around the strongest; ordered by place."""
    by_strand: defaultdict[tuple[int, bool], dict[int, list[tuple[str, Site]]]] = defaultdict(dict)
    for sample, sites in samples.items():
        for site in sites:
            by_strand[site.contig, site.reverse].setdefault(site.position, []).append((sample, site))
    found: list[SharedSite] = []
    for (contig, reverse), places in by_strand.items():
        weight = {
            place: (sum(site.fragments for _, site in there), sum(site.reads for _, site in there))
            for place, there in places.items()
        }
        for peak, members in greedy_peaks(weight, distance).items():
            by_sample: dict[str, Site] = {}
            for place in members:
                for sample, site in places[place]:
                    before = by_sample.get(sample)
                    by_sample[sample] = site if before is None else _together(before, site)
            found.append(SharedSite(contig, peak, reverse, by_sample))
    return sorted(found, key=lambda site: (site.contig, site.position, site.reverse))


def _together(one: Site, other: Site) -> Site:
    strong = max(one, other, key=lambda site: (site.fragments, site.reads, -site.position))
    return Site(
        one.contig,
        strong.position,
        one.reverse,
        one.fragments + other.fragments,
        one.reads + other.reads,
        one.positions + other.positions,
        max(one.lengths, other.lengths),
    )


def common_counts(sites: Sequence[SharedSite], samples: Sequence[str]) -> list[list[int]]:
    """How many sites each two samples have in common; the diagonal is how many each has."""
    return [
        [sum(one in site.by_sample and other in site.by_sample for site in sites) for other in samples]
        for one in samples
    ]
