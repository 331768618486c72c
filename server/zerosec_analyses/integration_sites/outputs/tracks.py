"""Sites as tracks of genome browsers: BED, bedGraph and bigWig, named by the contigs of the reference."""

from collections import defaultdict
from pathlib import Path

import pyBigWig

from zerosec_analyses.integration_sites.findings import KnownSite, SampleSites
from zerosec_analyses.integration_sites.fragments import Contig

__all__ = ["write_bed", "write_bedgraph", "write_bigwig"]

UNSAFE = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def write_bed(sample: SampleSites, path: Path) -> None:
    """A line a site, in the order of the reference: its gene or spike-in as name, its fragments as score (at most 1000)."""
    lines = [
        f"{known.contig}\t{known.site.position}\t{known.site.position + 1}\t"
        f"{(known.spike_in or known.place.nearest or 'site').translate(UNSAFE)}\t"
        f"{min(1000, known.site.fragments)}\t{known.site.strand}\n"
        for known in _ordered(sample)
    ]
    path.write_text("".join(lines), encoding="utf-8")


def write_bedgraph(sample: SampleSites, path: Path) -> None:
    """Fragments at each base, both strands together."""
    path.write_text(
        "".join(f"{contig}\t{place}\t{place + 1}\t{value}\n" for contig, place, value in _values(sample)),
        encoding="utf-8",
    )


def write_bigwig(sample: SampleSites, contigs: tuple[Contig, ...], path: Path) -> bool:
    """The same as bigWig. False where there is no site, of which no bigWig can be made."""
    values = _values(sample)
    if not values:
        return False
    file = pyBigWig.open(str(path), "w")
    try:
        file.addHeader([(contig.name, contig.length) for contig in contigs])
        file.addEntries(
            [contig for contig, _, _ in values],
            [place for _, place, _ in values],
            ends=[place + 1 for _, place, _ in values],
            values=[float(value) for _, _, value in values],
        )
    finally:
        file.close()
    return True


def _ordered(sample: SampleSites) -> list[KnownSite]:
    return sorted(sample.kept, key=lambda known: (known.site.contig, known.site.position, known.site.reverse))


def _values(sample: SampleSites) -> list[tuple[str, int, int]]:
    found: defaultdict[tuple[int, str, int], int] = defaultdict(int)
    for known in sample.kept:
        found[known.site.contig, known.contig, known.site.position] += known.site.fragments
    return [(contig, place, found[number, contig, place]) for number, contig, place in sorted(found)]
