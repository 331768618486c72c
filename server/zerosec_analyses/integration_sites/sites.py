"""From fragments to sites, in one stream: copies told from fragments, near sites merged, each site with its fragments and reads.

Alignments come in the order of the reference, so that a stretch of it is finished as soon as the reads have passed it: what is held in
memory is one neighbourhood, however long the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zerosec_analyses.integration_sites.fragments import Fragment
from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.umi import molecules

__all__ = ["Site", "call_sites", "greedy_peaks", "passes"]

FLUSH_EVERY = 2000
"""Bases the reads must have moved on before finished places are looked for."""

Copies = dict[int, dict[str, int]]
"""Of one place: the other end of the fragment to UMI to reads."""


@dataclass(frozen=True)
class Site:
    """An integration site: `position` counts from 0; `positions` is how many places were merged into it.

    `lengths` is how many different fragment lengths there are, the fewest fragments that could explain them.
    """

    contig: int
    position: int
    reverse: bool
    fragments: int
    reads: int
    positions: int
    lengths: int

    @property
    def strand(self) -> str:
        """`+` where the genome follows the LTR in reading direction."""
        return "-" if self.reverse else "+"


def passes(site: Site, params: SiteParameters) -> bool:
    """Whether a site is kept: more than so many fragments, or more than so many reads."""
    return site.fragments > params.min_fragments or site.reads > params.min_reads


def call_sites(fragments: Iterable[Fragment], params: SiteParameters) -> Iterator[Site]:
    """All sites, weak ones too, in the order of contig, position and strand."""
    waiting: dict[bool, dict[int, Copies]] = {False: {}, True: {}}
    contig, passed = -1, 0
    for fragment in fragments:
        if fragment.contig != contig:
            yield from _finished(waiting, contig, None, params)
            contig, passed = fragment.contig, fragment.start
        elif fragment.start >= passed + FLUSH_EVERY:
            yield from _finished(waiting, contig, fragment.start, params)
            passed = fragment.start
        places = waiting[fragment.reverse]
        copies = places.get(fragment.site)
        if copies is None:
            copies = places[fragment.site] = defaultdict(dict)
        umis = copies[fragment.end]
        umis[fragment.umi] = umis.get(fragment.umi, 0) + 1
    yield from _finished(waiting, contig, None, params)


def _finished(
    waiting: dict[bool, dict[int, Copies]], contig: int, before: int | None, params: SiteParameters
) -> list[Site]:
    """The sites no later read can touch, taken from what is waiting. `before`: where the reads are now; None: at the end."""
    found: list[Site] = []
    for reverse, places in waiting.items():
        for block in _blocks(sorted(places), params.merge_distance):
            if before is None or block[-1] + params.merge_distance < before:
                found += _merged(contig, reverse, {place: places.pop(place) for place in block}, params)
    return sorted(found, key=lambda site: (site.position, site.reverse))


def _blocks(places: list[int], distance: int) -> Iterator[list[int]]:
    """Runs of places of which each is within the distance of the next."""
    block: list[int] = []
    for place in places:
        if block and place - block[-1] > distance:
            yield block
            block = []
        block.append(place)
    if block:
        yield block


def _merged(contig: int, reverse: bool, places: dict[int, Copies], params: SiteParameters) -> list[Site]:
    weight = {
        place: (
            sum(len(umis) for umis in copies.values()),
            sum(sum(umis.values()) for umis in copies.values()),
        )
        for place, copies in places.items()
    }
    return [
        _site(contig, reverse, peak, [places[place] for place in members], params)
        for peak, members in greedy_peaks(weight, params.merge_distance).items()
    ]


def greedy_peaks(weight: Mapping[int, tuple[int, ...]], distance: int) -> dict[int, list[int]]:
    """Places to peaks: the heaviest takes all within the distance, then the heaviest of the rest, and so on; ties go to the first place.

    Unlike a chain of neighbours, two strong sites with weak ones between them stay two.
    """
    peaks: dict[int, list[int]] = {}
    left = set(weight)
    for peak in sorted(weight, key=lambda place: (tuple(-value for value in weight[place]), place)):
        if peak in left:
            members = [place for place in range(peak - distance, peak + distance + 1) if place in left]
            left.difference_update(members)
            peaks[peak] = members
    return peaks


def _site(contig: int, reverse: bool, peak: int, members: list[Copies], params: SiteParameters) -> Site:
    """Count a site: fragments that start at different bases of it are the same where the other end and the UMI are.

    A UMI seen at several ends within the merge distance is of one fragment whose end was misread.
    """
    together: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for copies in members:
        for end, umis in copies.items():
            for umi, reads in umis.items():
                together[end][umi] = together[end].get(umi, 0) + reads
    fragments = reads = 0
    for umis in _with_sure_ends(together, params.merge_distance).values():
        reads += sum(umis.values())
        fragments += len(molecules(umis) if params.correct_umis else umis)
    return Site(contig, peak, reverse, fragments, reads, len(members), len(together))


def _with_sure_ends(copies: Copies, distance: int) -> Copies:
    """The same reads, those of one UMI at near ends all at the end that most of them have. Without UMIs nothing tells so."""
    by_umi: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for end, umis in copies.items():
        for umi, reads in umis.items():
            by_umi[umi][end] = reads
    if "" in by_umi or len(by_umi) == sum(map(len, copies.values())):
        return copies
    sure: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for umi, ends in by_umi.items():
        for peak, members in greedy_peaks({end: (reads,) for end, reads in ends.items()}, distance).items():
            sure[peak][umi] = sum(ends[member] for member in members)
    return sure
