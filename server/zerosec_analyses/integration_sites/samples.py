"""Which files belong together: pairs of read files, the samples they are of, and names that are safe as file names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from zerosec_analyses.sdk import InputError, JobInput, joined, say

__all__ = ["Sample", "pair_samples", "sample_name", "single_samples"]

ENDINGS = re.compile(
    r"(\.(fastq|fq|bam|bai|gz|bz2|xz|zst|txt|json|zip|html|umi|trimmed|filtered))+$", re.IGNORECASE
)
MATE = re.compile(r"(?:(?<=[._-])R?|^R)([12])(?=$|[._-])", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w.-]+")
MAX_BYTES = 120
"""Of a name in UTF-8: with what the steps append it stays below the 255 bytes a file name may have."""


@dataclass(frozen=True)
class Sample:
    """The two read files of one sample. `name` is safe as a file name and what results are listed under."""

    name: str
    read1: JobInput
    read2: JobInput


def sample_name(file_name: str) -> str:
    """The sample a file is of, as a name without anything a path, a shell or a SAM header could take amiss."""
    last = PurePosixPath(file_name.replace("\\", "/")).name
    return _safe(_without_mate(ENDINGS.sub("", last))[0])


def pair_samples(read1: Sequence[JobInput], read2: Sequence[JobInput]) -> tuple[Sample, ...]:
    """Pair the files of two slots, by their names where those tell (`A_R1.fastq.gz`, `A_R2.fastq.gz`), else in their order.

    Raises InputError where the counts differ, where a file stands on both sides, or where names contradict the slots.
    """
    if len(read1) != len(read2):
        raise InputError(
            say(
                "There are {first} files of read 1 and {second} of read 2; each sample needs one of both.",
                one="There is 1 file of read 1 and {second} of read 2; each sample needs one of both.",
                first=len(read1),
                second=len(read2),
            ),
            hint="Give the two files of every sample, in the same order.",
        )
    if not read1:
        raise InputError(
            "There are no reads.", hint="Give the FASTQ files of read 1 and of read 2 of at least one sample."
        )
    same = {file.sha256 for file in read1 if file.sha256} & {file.sha256 for file in read2 if file.sha256}
    for file in read1:
        if file.sha256 in same or file.path in {other.path for other in read2}:
            raise InputError(
                say("{file} is given both as read 1 and as read 2.", file=file.name),
                hint="Read 1 begins with the LTR primer, read 2 with the linker.",
            )
    for files, number in ((read1, "1"), (read2, "2")):
        for file in files:
            told = _without_mate(ENDINGS.sub("", file.name))[1]
            if told is not None and told != number:
                raise InputError(
                    say(
                        "{file} was given as read {given}, and its name says it is read {told}.",
                        file=file.name,
                        given=number,
                        told=told,
                    ),
                    hint="Exchange the two files, or rename them if the name is wrong.",
                )
    by_name = {sample_name(file.name): file for file in read2}
    names = [sample_name(file.name) for file in read1]
    if len(set(names)) == len(names) and set(names) == set(by_name):
        return tuple(Sample(name, first, by_name[name]) for name, first in zip(names, read1, strict=True))
    return tuple(
        Sample(name, first, second)
        for name, first, second in zip(_distinct(names), read1, read2, strict=True)
    )


def single_samples(files: Sequence[JobInput]) -> tuple[tuple[str, JobInput], ...]:
    """Each file with the name of its sample, made distinct."""
    return tuple(zip(_distinct([sample_name(file.name) for file in files]), files, strict=True))


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a row, the first of many."""
    if len(names) <= most:
        return ", ".join(names)
    return joined([", ".join(names[:most]), say("and {more:,} more", more=len(names) - most)], " ")


def _without_mate(stem: str) -> tuple[str, str | None]:
    found = list(MATE.finditer(stem))
    if not found:
        return stem, None
    last = found[-1]
    return stem[: last.start()].rstrip("._-") + stem[last.end() :], last[1]


def _safe(text: str) -> str:
    made = UNSAFE.sub("_", text).strip("._-")
    while len(made.encode()) > MAX_BYTES:
        made = made[:-1]
    return made or "sample"


def _distinct(names: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    made: list[str] = []
    for name in names:
        free, number = name, 2
        while free.lower() in taken:
            free, number = f"{name}-{number}", number + 1
        taken.add(free.lower())
        made.append(free)
    return made
