"""What a sorted BAM file holds, in one pass: mapping qualities, insert sizes and reads by contig."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pysam

__all__ = ["AlignmentSummary", "summarise"]

PROPER, READ1, NOT_PRIMARY, UNMAPPED = 0x2, 0x40, 0x900, 0x4


@dataclass
class AlignmentSummary:
    """`qualities` of all mapped primary reads; `inserts` of properly paired ones, one a pair; `contigs` in the reference's order:
    name, length and mapped reads.
    """

    qualities: Counter[int] = field(default_factory=Counter)
    inserts: Counter[int] = field(default_factory=Counter)
    contigs: list[tuple[str, int, int]] = field(default_factory=list)

    def insert_quantile(self, share: float) -> int | None:
        """The insert size that this share of the pairs does not exceed; None without pairs."""
        seen, wanted = 0, share * self.inserts.total()
        for size in sorted(self.inserts):
            seen += self.inserts[size]
            if seen >= wanted:
                return size
        return None


def summarise(path: Path, threads: int) -> AlignmentSummary:
    """Count one file. Memory does not depend on its length."""
    found = AlignmentSummary()
    by_contig: Counter[int] = Counter()
    with pysam.AlignmentFile(str(path), "rb", threads=max(1, threads)) as file:
        for read in file:
            flag = read.flag
            if flag & NOT_PRIMARY or flag & UNMAPPED:
                continue
            found.qualities[read.mapping_quality] += 1
            by_contig[read.reference_id] += 1
            if flag & PROPER and flag & READ1:
                found.inserts[abs(read.template_length)] += 1
        found.contigs = [
            (name, length, by_contig[number])
            for number, (name, length) in enumerate(zip(file.references, file.lengths, strict=True))
        ]
    return found
