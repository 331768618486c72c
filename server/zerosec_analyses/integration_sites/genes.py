"""The genes around a site: those it lies in, the nearest with its distance, and the region it is in by windows around their starts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from zerosec_analyses.integration_sites.intervals import Interval
from zerosec_analyses.integration_sites.parameters import SiteParameters

__all__ = ["NOWHERE", "Genes", "Place", "Region"]

Integers = NDArray[np.int64]


class Region(StrEnum):
    """Where a site lies, the first of these that holds for any gene."""

    PROMOTER = "promoter"
    GENE_BODY = "gene_body"
    ENHANCER = "enhancer"
    INTERGENIC = "intergenic"


@dataclass(frozen=True)
class Place:
    """What is around a site.

    `distance` is to the nearest gene, 0 within it, negative upstream of its start; `from_start` is to the start of that gene, negative
    upstream. `same_strand`: whether the site has the gene's direction. `region_gene` is the gene that makes the region.
    """

    genes: tuple[str, ...]
    nearest: str
    distance: int | None
    from_start: int | None
    same_strand: bool | None
    region: Region
    region_gene: str


NOWHERE = Place((), "", None, None, None, Region.INTERGENIC, "")
"""On a contig without genes."""


@dataclass(frozen=True)
class _Contig:
    """Genes in the order of their starts; `reach` is the last base any of them so far covers."""

    start: Integers
    end: Integers
    reach: Integers
    reach_of: Integers
    minus: NDArray[np.bool_]
    names: tuple[str, ...]


class Genes:
    """All genes, by contig of the reference."""

    def __init__(
        self, intervals: Sequence[Interval], contigs: Mapping[str, str], params: SiteParameters
    ) -> None:
        """`contigs`: the annotation's names to the reference's; genes on other contigs are left out."""
        self._margin = max(params.promoter_upstream, params.promoter_downstream, params.enhancer_upstream, 1)
        self._params = params
        by_contig: defaultdict[str, list[Interval]] = defaultdict(list)
        for interval in intervals:
            if interval.contig in contigs:
                by_contig[contigs[interval.contig]].append(interval)
        self._contigs = {name: _prepared(genes) for name, genes in by_contig.items()}

    def around(self, contig: str, position: int, *, reverse: bool) -> Place:
        """What is around a base, counted from 0."""
        there = self._contigs.get(contig)
        if there is None:
            return NOWHERE
        margin = self._margin
        first = int(np.searchsorted(there.reach, position - margin))
        last = int(np.searchsorted(there.start, position + margin, side="right"))
        near = np.arange(first, last)
        start, end, minus = there.start[near], there.end[near], there.minus[near]
        from_start = np.where(minus, end - 1 - position, position - start)
        inside = (start <= position) & (position < end)
        promoter = (from_start >= -self._params.promoter_upstream) & (
            from_start <= self._params.promoter_downstream
        )
        enhancer = (from_start < 0) & (from_start >= -self._params.enhancer_upstream)
        region, region_gene = Region.INTERGENIC, ""
        for kind, there_is in (
            (Region.PROMOTER, promoter),
            (Region.GENE_BODY, inside),
            (Region.ENHANCER, enhancer),
        ):
            hits = np.flatnonzero(there_is)
            if len(hits):
                nearest_start = hits[np.argmin(np.abs(from_start[hits]))]
                region, region_gene = kind, there.names[near[nearest_start]]
                break
        index = self._nearest(there, position, near[inside], last)
        a, b = int(there.start[index]), int(there.end[index])
        to_start = b - 1 - position if there.minus[index] else position - a
        gap = max(a - position, position - (b - 1), 0)
        return Place(
            genes=tuple(dict.fromkeys(there.names[each] for each in near[inside])),
            nearest=there.names[index],
            distance=-gap if to_start < 0 else gap,
            from_start=to_start,
            same_strand=bool(there.minus[index]) == reverse,
            region=region,
            region_gene=region_gene,
        )

    @staticmethod
    def _nearest(there: _Contig, position: int, inside: Integers, last: int) -> int:
        """The gene whose start is nearest among those that hold the base, else the gene with the nearest end of any kind."""
        if len(inside):
            starts = np.where(there.minus[inside], there.end[inside] - 1, there.start[inside])
            return int(inside[np.argmin(np.abs(starts - position))])
        after = int(np.searchsorted(there.start, position, side="right"))
        options = []
        if after < len(there.start):
            options.append((int(there.start[after]) - position, after))
        if after > 0:
            index = int(there.reach_of[after - 1])
            options.append((position - int(there.end[index]) + 1, index))
        return min(options)[1]


def _prepared(genes: list[Interval]) -> _Contig:
    genes = sorted(genes, key=lambda gene: (gene.start, gene.end, gene.name))
    start = np.array([gene.start for gene in genes], dtype=np.int64)
    end = np.array([gene.end for gene in genes], dtype=np.int64)
    reach = np.maximum.accumulate(end)
    first_of = np.flatnonzero(np.concatenate([[True], np.diff(reach) > 0]))
    reach_of = np.repeat(first_of, np.diff(np.concatenate([first_of, [len(genes)]])))
    minus = np.array([gene.strand == "-" for gene in genes])
    return _Contig(start, end, reach, reach_of, minus, tuple(gene.name for gene in genes))
