"""FASTQ files as they arrive: looked at, laid out under plain names for the programs, and measured in one stream."""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path

import dnaio
from dnaio import FastqFormatError, FileFormatError, SequenceRecord

from zerosec_analyses.integration_sites.samples import Sample
from zerosec_analyses.sdk import InputError, JobInput, say

__all__ = ["LengthCounts", "StagedSample", "check_pair", "lengths_of", "open_reads", "stage"]

GZIP = b"\x1f\x8b"
OTHER_COMPRESSIONS = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}
CHECKED_PAIRS = 1000


@dataclass(frozen=True)
class StagedSample:
    """A sample whose files lie under names of our own (`s1_R1.fastq.gz`), the only ones programs ever see."""

    name: str
    read1: Path
    read2: Path


@dataclass
class LengthCounts:
    """How many reads have which length."""

    counts: Counter[int] = field(default_factory=Counter)

    @property
    def reads(self) -> int:
        """All of them."""
        return self.counts.total()

    @property
    def bases(self) -> int:
        """All of them."""
        return sum(length * count for length, count in self.counts.items())

    @property
    def mean(self) -> float:
        """The mean length; NaN without reads."""
        return self.bases / self.reads if self.reads else float("nan")

    def quantile(self, share: float) -> int | None:
        """The shortest length that at least this share of the reads does not exceed; None without reads."""
        seen = 0
        for length in sorted(self.counts):
            seen += self.counts[length]
            if seen >= share * self.reads:
                return length
        return None

    def at_least(self, length: int) -> float:
        """The share of the reads that are this long or longer; NaN without reads."""
        if not self.reads:
            return float("nan")
        return sum(count for each, count in self.counts.items() if each >= length) / self.reads


def stage(samples: tuple[Sample, ...], folder: Path) -> tuple[StagedSample, ...]:
    """Link every file into a folder under a plain name with the ending its content has. Raises InputError for no FASTQ."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(
        StagedSample(
            sample.name,
            _staged(sample.read1, folder / f"s{number}_R1"),
            _staged(sample.read2, folder / f"s{number}_R2"),
        )
        for number, sample in enumerate(samples, start=1)
    )


def _staged(file: JobInput, place: Path) -> Path:
    with file.path.open("rb") as opened:
        start = opened.read(8)
    for mark, kind in OTHER_COMPRESSIONS.items():
        if start.startswith(mark):
            raise InputError(
                say(
                    "{file} is compressed by {kind}, which the programs cannot read.",
                    file=file.name,
                    kind=kind,
                ),
                hint="Give the reads as FASTQ, plain or compressed by gzip (.gz).",
            )
    if not start:
        raise InputError(say("{file} is empty.", file=file.name))
    staged = place.with_name(place.name + (".fastq.gz" if start.startswith(GZIP) else ".fastq"))
    staged.symlink_to(file.path.resolve())
    return staged


@contextmanager
def open_reads(path: Path, name: str) -> Iterator[Iterator[SequenceRecord]]:
    """The records of a FASTQ file, streaming. What is no FASTQ raises InputError that names the file and the place."""
    try:
        with dnaio.open(path, fileformat="fastq", open_threads=0) as reader:
            yield iter(reader)
    except FastqFormatError as wrong:
        raise InputError(
            say("{file} is not a sound FASTQ file.", file=name)
            if wrong.line is None
            else say("{file} is not a sound FASTQ file: see line {line:,}.", file=name, line=wrong.line + 1),
            detail=str(wrong),
            hint="The file may be cut off, or it may not be FASTQ. Copy it again from where it came from.",
        ) from None
    except (FileFormatError, UnicodeDecodeError) as wrong:
        raise InputError(
            say("{file} is not a FASTQ file.", file=name),
            detail=str(wrong),
            hint="Give the reads as FASTQ, plain or compressed by gzip (.gz).",
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as wrong:
        raise InputError(
            say("{file} is damaged or cut off: it cannot be decompressed to its end.", file=name),
            detail=str(wrong),
            hint="Copy it again from where it came from.",
        ) from None


def check_pair(sample: Sample, staged: StagedSample) -> None:
    """See that the first records of both files are FASTQ and name the same molecules. Raises InputError."""
    with (
        open_reads(staged.read1, sample.read1.name) as first,
        open_reads(staged.read2, sample.read2.name) as second,
    ):
        pairs = zip_longest(islice(first, CHECKED_PAIRS), islice(second, CHECKED_PAIRS))
        for number, (one, two) in enumerate(pairs, start=1):
            if one is None or two is None:
                raise InputError(
                    say(
                        "{first} and {second} do not hold the same number of reads.",
                        first=sample.read1.name,
                        second=sample.read2.name,
                    ),
                    hint="One of them may be cut off, or they are of different samples.",
                )
            if not one.is_mate(two):
                raise InputError(
                    say(
                        "{first} and {second} are not of the same sample: their reads number {number} are “{name}” and “{other}”.",
                        first=sample.read1.name,
                        second=sample.read2.name,
                        number=number,
                        name=one.id[:80],
                        other=two.id[:80],
                    ),
                    hint="Give the two files of each sample in the same order.",
                )


def lengths_of(path: Path, name: str) -> LengthCounts:
    """The lengths of all reads of a file, in one stream at flat memory."""
    found = LengthCounts()
    with open_reads(path, name) as records:
        found.counts.update(map(len, records))
    return found
