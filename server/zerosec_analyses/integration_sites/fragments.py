"""From alignments to fragments: which read pairs tell of an integration site, where it is, and why the others do not.

The site is the base of the genome at the start of read 1, where the LTR ends: the first aligned base of a forward read, the last of
a reverse one. The other end of the fragment is the start of read 2. Everything is told by the record of read 1 and its mate's
CIGAR (tag MC, which bwa writes), so that one pass over a sorted file is enough and no read waits for its mate.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pysam

from zerosec_analyses.integration_sites.parameters import SiteParameters
from zerosec_analyses.integration_sites.umi import UMI_IN_NAME
from zerosec_analyses.sdk import InputError, Said, cut, say

__all__ = [
    "LEFT_OUT",
    "Contig",
    "Fragment",
    "PairCounts",
    "contigs_of",
    "has_umis",
    "open_alignments",
    "read_fragments",
]

LEFT_OUT: dict[str, Said] = {
    "unmapped": say("Read 1 has no place in the reference"),
    "mate_unmapped": say("Read 2 has no place in the reference"),
    "other_contig": say("The reads lie on different contigs"),
    "improper": say("The reads do not face each other as those of one fragment"),
    "long_insert": say("The fragment would be longer than the limit"),
    "clipped": say("The start of a read does not fit the reference"),
    "ambiguous": say("Read 1 fits other places nearly as well (mapping quality)"),
    "no_umi": say("The read's name has no UMI"),
}
"""Why pairs are left out, in the order of the checks: each pair is counted at the first that it fails."""

BAM_PAIRED, PROPER, UNMAPPED, MATE_UNMAPPED, REVERSE, MATE_REVERSE, READ1 = (
    0x1,
    0x2,
    0x4,
    0x8,
    0x10,
    0x20,
    0x40,
)
NOT_PRIMARY = 0x100 | 0x800 | 0x200
"""Secondary, supplementary, or refused by the sequencer."""
CIGAR = re.compile(r"(\d+)([MIDNSHP=X])")
ON_REFERENCE, CLIPS = frozenset("MDN=X"), frozenset("SH")
LOOKED_AT_FOR_UMIS = 1000


class Contig(NamedTuple):
    """A sequence of the reference."""

    name: str
    length: int


class Fragment(NamedTuple):
    """One read pair. `site` and `end` are bases counted from 0: the one at the LTR and the one at the linker."""

    contig: int
    start: int
    reverse: bool
    site: int
    end: int
    umi: str


@dataclass
class PairCounts:
    """How many pairs there were, how many were left out why, and which lengths the fragments had."""

    pairs: int = 0
    used: int = 0
    refused: int = 0
    left_out: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEFT_OUT, 0))
    lengths: set[int] = field(default_factory=set)


def open_alignments(path: Path, name: str) -> pysam.AlignmentFile:
    """A BAM file sorted by coordinate. Raises InputError for anything else."""
    try:
        file = pysam.AlignmentFile(str(path), "rb", check_sq=True)
    except (ValueError, OSError) as wrong:
        raise InputError(
            say("{file} is not a BAM file.", file=name),
            detail=cut(str(wrong), 300),
            hint="Give the alignments as BAM, sorted by coordinate.",
        ) from None
    order = file.header.to_dict().get("HD", {}).get("SO")
    if order != "coordinate":
        file.close()
        raise InputError(
            say("{file} is not sorted by coordinate.", file=name),
            hint="Sort it: samtools sort -o sorted.bam file.bam",
        )
    return file


def contigs_of(file: pysam.AlignmentFile) -> tuple[Contig, ...]:
    """The reference the file was aligned to."""
    return tuple(Contig(*pair) for pair in zip(file.references, file.lengths, strict=True))


def has_umis(path: Path, name: str) -> bool:
    """Whether the first reads all carry a UMI at the end of their names."""
    with open_alignments(path, name) as file:
        first = [read.query_name or "" for read in file.head(LOOKED_AT_FOR_UMIS)]
    return bool(first) and all(UMI_IN_NAME.search(each) for each in first)


def mate_extent(cigar: str, *, reverse: bool) -> tuple[int, int]:
    """Bases of the reference a mate covers, and how many of its first bases are clipped, by its CIGAR."""
    parts = CIGAR.findall(cigar)
    covered = sum(int(count) for count, kind in parts if kind in ON_REFERENCE)
    clipped = 0
    for count, kind in reversed(parts) if reverse else parts:
        if kind not in CLIPS:
            break
        clipped += int(count)
    return covered, clipped


def read_fragments(
    file: pysam.AlignmentFile, name: str, params: SiteParameters, counts: PairCounts, *, umis: bool
) -> Iterator[Fragment]:
    """The fragments of a sorted BAM file, in its order; what is left out is counted. Raises InputError for a broken file."""
    last_contig, last_start = -1, -1
    try:
        for read in file:
            flag = read.flag
            if not flag & READ1 or flag & NOT_PRIMARY:
                if flag & READ1 and flag & 0x200:
                    counts.refused += 1
                continue
            counts.pairs += 1
            why = _first_reason(read, flag)
            if why is not None:
                counts.left_out[why] += 1
                continue
            contig, start = read.reference_id, read.reference_start
            if contig < last_contig or (contig == last_contig and start < last_start):
                raise InputError(
                    say("{file} says that it is sorted by coordinate, and is not.", file=name),
                    hint="Sort it: samtools sort -o sorted.bam file.bam",
                )
            last_contig, last_start = contig, start
            found = _fragment(read, flag, name, params)
            if isinstance(found, str):
                counts.left_out[found] += 1
                continue
            if umis:
                umi = UMI_IN_NAME.search(read.query_name or "")
                if umi is None:
                    counts.left_out["no_umi"] += 1
                    continue
                found = found._replace(umi=umi[1])
            counts.used += 1
            counts.lengths.add(abs(found.end - found.site) + 1)
            yield found
    except OSError as wrong:
        raise InputError(
            say("{file} is damaged or cut off.", file=name),
            detail=cut(str(wrong), 300),
            hint="Run the mapping again, or copy the file again from where it came from.",
        ) from None


def _first_reason(read: pysam.AlignedSegment, flag: int) -> str | None:
    if flag & UNMAPPED:
        return "unmapped"
    if flag & MATE_UNMAPPED or not flag & BAM_PAIRED:
        return "mate_unmapped"
    if read.reference_id != read.next_reference_id:
        return "other_contig"
    if not flag & PROPER or bool(flag & REVERSE) == bool(flag & MATE_REVERSE):
        return "improper"
    return None


def _fragment(read: pysam.AlignedSegment, flag: int, name: str, params: SiteParameters) -> Fragment | str:
    """The fragment of a proper pair, or why it is left out."""
    reverse = bool(flag & REVERSE)
    if not read.has_tag("MC"):
        raise InputError(
            say("The alignments of {file} do not say how the mates are aligned (tag MC).", file=name),
            hint="bwa mem writes it; for others: samtools fixmate -m, then sort again.",
        )
    covered, mate_clipped = mate_extent(str(read.get_tag("MC")), reverse=not reverse)
    cigar = read.cigartuples or []
    start = read.reference_start
    if reverse:
        site, end = (read.reference_end or start + 1) - 1, read.next_reference_start
        length, ends = site - end + 1, reversed(cigar)
    else:
        site, end = start, read.next_reference_start + covered - 1
        length, ends = end - site + 1, iter(cigar)
    if length < 1:
        return "improper"
    if length > params.max_insert:
        return "long_insert"
    clipped = 0
    for kind, count in ends:
        if kind not in {pysam.CSOFT_CLIP, pysam.CHARD_CLIP}:
            break
        clipped += count
    if clipped > params.max_clipped or mate_clipped > params.max_clipped:
        return "clipped"
    if read.mapping_quality < params.min_mapping_quality:
        return "ambiguous"
    return Fragment(read.reference_id, start, reverse, site, end, "")
