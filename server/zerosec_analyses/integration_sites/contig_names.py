"""The names of chromosomes in their several styles: chr1, 1, NC_000001.11; brought together, or refused with the list."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from zerosec_analyses.integration_sites.samples import listed
from zerosec_analyses.sdk import InputError, say

__all__ = ["Matched", "accession_version", "canonical", "match_contigs"]

ACCESSION = re.compile(r"(?:^|\|)(N[CTW]_\d{6,9})(?:\.(\d+))?(?:\||$)")
HUMAN = {f"NC_{number:06d}": str(number) for number in range(1, 23)} | {
    "NC_000023": "X",
    "NC_000024": "Y",
    "NC_012920": "M",
}
MOUSE = {f"NC_{66 + number:06d}": str(number) for number in range(1, 20)} | {
    "NC_000086": "X",
    "NC_000087": "Y",
    "NC_005089": "M",
}
NUMBERED = HUMAN | MOUSE
PREFIX = re.compile(r"^chr(?=.)", re.IGNORECASE)


@dataclass(frozen=True)
class Matched:
    """Names of a file to the contigs of the reference; those that have none there."""

    to_reference: Mapping[str, str]
    unknown: tuple[str, ...]


def canonical(name: str) -> str:
    """One name for all styles of a chromosome: `1`, `X`, `M`; any other name as it is."""
    found = ACCESSION.search(name)
    if found and found[1] in NUMBERED:
        return NUMBERED[found[1]]
    if found:
        return found[1]
    short = PREFIX.sub("", name)
    if short.upper() in {"M", "MT"}:
        return "M"
    return short.upper() if short.upper() in {"X", "Y", "W", "Z"} else short


def accession_version(name: str) -> tuple[str, int] | None:
    """A RefSeq accession and its version, where a name has both: another version is another sequence."""
    found = ACCESSION.search(name)
    return (found[1], int(found[2])) if found and found[2] else None


def match_contigs(names: Iterable[str], reference: Iterable[str], file: str) -> Matched:
    """Find each name's contig in the reference: the same name, else the same chromosome in another style.

    Raises InputError where none has one, where the versions of accessions differ, and where two names would be the same contig.
    """
    known = list(reference)
    exact = set(known)
    by_chromosome: dict[str, list[str]] = {}
    for contig in known:
        by_chromosome.setdefault(canonical(contig), []).append(contig)
    versions = dict(pair for contig in known if (pair := accession_version(contig)))
    found: dict[str, str] = {}
    unknown: list[str] = []
    asked = sorted(set(names))
    for name in asked:
        told = accession_version(name)
        if told is not None and versions.get(told[0], told[1]) != told[1]:
            raise InputError(
                say(
                    "{file} is of another genome build than the reference: it has {accession}.{other}, the reference has version {version}.",
                    file=file,
                    accession=told[0],
                    other=told[1],
                    version=versions[told[0]],
                ),
                hint="Take the file of the same build as the reference.",
            )
        same = [name] if name in exact else by_chromosome.get(canonical(name), [])
        if len(same) == 1:
            found[name] = same[0]
        else:
            unknown.append(name)
    taken: dict[str, str] = {}
    for name, contig in found.items():
        if contig in taken:
            raise InputError(
                say(
                    "{file} names the contig {contig} in two ways: {first} and {second}.",
                    file=file,
                    contig=contig,
                    first=taken[contig],
                    second=name,
                ),
                hint="Use one style of names in the file.",
            )
        taken[contig] = name
    if asked and not found:
        raise InputError(
            say("No contig of {file} is in the reference.", file=file),
            detail=say(
                "The file has {names}; the reference has {contigs}.",
                names=listed(asked),
                contigs=listed(known),
            ),
            hint="Take the file for the same genome, or rename its contigs to those of the reference.",
        )
    return Matched(found, tuple(unknown))
