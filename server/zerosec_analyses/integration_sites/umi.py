"""Unique molecular identifiers: moved from the reads into their names, and counted with their sequencing errors put right.

Patterns and names are those of umi_tools: N is a base of the UMI, X a base that stays with the read; the UMI is appended to the
name after an underscore. The errors are resolved by its directional network (Smith, Heger, Sudbery 2017, Genome Research 27:491).
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dnaio

from zerosec_analyses.integration_sites.reads import StagedSample, open_reads
from zerosec_analyses.sdk import InputError, say

__all__ = ["UMI_IN_NAME", "UmiCounts", "UmiPattern", "extract", "molecules"]

UMI_IN_NAME = re.compile(r"_([ACGTN]{4,})$")
"""How a read's name ends that carries a UMI."""


@dataclass(frozen=True)
class UmiPattern:
    """Where at the start of a read its UMI stands: `NNNNNNNN`, or `XXXXNNNN` after four bases that are kept."""

    text: str

    @property
    def length(self) -> int:
        """Bases the read must have at least."""
        return len(self.text)

    @property
    def umi_length(self) -> int:
        """Bases of the UMI."""
        return self.text.count("N")

    def split(self, sequence: str) -> str:
        """The UMI of a read that is long enough."""
        if "X" not in self.text:
            return sequence[: self.length]
        return "".join(base for sign, base in zip(self.text, sequence, strict=False) if sign == "N")

    def rest(self, text: str) -> str:
        """What stays of a read, or of its qualities."""
        if "X" not in self.text:
            return text[self.length :]
        kept = "".join(base for sign, base in zip(self.text, text, strict=False) if sign == "X")
        return kept + text[self.length :]


@dataclass
class UmiCounts:
    """What became of the pairs of a sample."""

    pairs: int = 0
    written: int = 0
    too_short: int = 0
    with_unknown_base: int = 0


def extract(
    sample: StagedSample,
    names: tuple[str, str],
    patterns: tuple[UmiPattern, UmiPattern],
    targets: tuple[Path, Path],
) -> UmiCounts:
    """Move the UMIs of both reads into both names, and write the pairs that are long enough. Flat memory.

    `names` are what the user calls the files. Raises InputError where the files are no FASTQ or not of the same reads.
    """
    first, second = patterns
    counts = UmiCounts()
    with (
        open_reads(sample.read1, names[0]) as one,
        open_reads(sample.read2, names[1]) as two,
        dnaio.open(*targets, mode="w", fileformat="fastq", compression_level=1) as out,
    ):
        for read1 in one:
            read2 = next(two, None)
            if read2 is None or not read1.is_mate(read2):
                _not_paired(names, counts.pairs + 1)
                break
            counts.pairs += 1
            if len(read1) < first.length or len(read2) < second.length:
                counts.too_short += 1
                continue
            umi = first.split(read1.sequence) + second.split(read2.sequence)
            if "N" in umi:
                counts.with_unknown_base += 1
            for read, pattern in ((read1, first), (read2, second)):
                name, _, comment = read.name.partition(" ")
                read.name = f"{name}_{umi} {comment}" if comment else f"{name}_{umi}"
                if pattern.length:
                    read.qualities = pattern.rest(read.qualities or "")
                    read.sequence = pattern.rest(read.sequence)
            out.write(read1, read2)
            counts.written += 1
        if next(two, None) is not None:
            _not_paired(names, counts.pairs + 1)
    return counts


def _not_paired(names: tuple[str, str], number: int) -> None:
    raise InputError(
        say(
            "{first} and {second} do not hold the same reads: they part at read {number:,}.",
            first=names[0],
            second=names[1],
            number=number,
        ),
        hint="One of them may be cut off, or they are of different samples.",
    )


def molecules(counts: Mapping[str, int]) -> dict[str, int]:
    """UMIs seen at one place, with their reads, to the molecules they are of: each with all reads that are its own.

    A UMI is taken for a misread one when it differs from it in one base and has at most half as many reads (directional network:
    n_a >= 2 n_b - 1). The order of the counts has no effect.
    """
    if len(counts) == 1:
        return dict(counts)
    ranked = sorted(counts, key=lambda umi: (-counts[umi], umi))
    left = set(ranked)
    found: dict[str, int] = {}
    for seed in ranked:
        if seed not in left:
            continue
        left.discard(seed)
        reads, waiting = counts[seed], deque([seed])
        while waiting:
            parent = waiting.popleft()
            for child in _one_base_off(parent):
                if child in left and counts[parent] >= 2 * counts[child] - 1:
                    left.discard(child)
                    reads += counts[child]
                    waiting.append(child)
        found[seed] = reads
    return found


def _one_base_off(umi: str) -> list[str]:
    return [
        umi[:place] + other + umi[place + 1 :]
        for place, base in enumerate(umi)
        for other in "ACGTN"
        if other != base
    ]
