"""Genome builds: under which names each is known, and which one alignments and registered files say that they are of."""

from collections.abc import Sequence
from pathlib import Path

from zerosec_analyses.integration_sites.commands import BUILD_COMMENT
from zerosec_analyses.integration_sites.fragments import open_alignments
from zerosec_analyses.sdk import InputError, JobInput, say

__all__ = ["check_build", "reference_build", "same_build"]

SYNONYMS = {
    "grch38": "hg38",
    "grch37": "hg19",
    "grcm38": "mm10",
    "grcm39": "mm39",
    "ncbi36": "hg18",
    "b37": "hg19",
}


def same_build(one: str, other: str) -> bool:
    """Whether two names are of the same genome build: GRCh38.p14 is hg38."""
    return _build(one) == _build(other)


def _build(name: str) -> str:
    plain = name.strip().lower().split(".p")[0]
    return SYNONYMS.get(plain, plain)


def _told(path: Path, name: str) -> str:
    """The build that the head of alignments tells of; empty where it tells none."""
    with open_alignments(path, name) as opened:
        comments: Sequence[str] = opened.header.to_dict().get("CO", ())
    return next((line.removeprefix(BUILD_COMMENT) for line in comments if line.startswith(BUILD_COMMENT)), "")


def reference_build(samples: Sequence[tuple[str, JobInput]], said: str) -> str:
    """The build of the reference: as the alignments tell it, who were mapped to a registered one, else as `said` in the form; empty if nobody
    tells. Raises InputError where they disagree.
    """
    found = said
    for _, file in samples:
        told = _told(file.path, file.name)
        if told and found and not same_build(told, found):
            raise InputError(
                say(
                    "{file} was mapped to a reference of {told}, and {build} is said.",
                    file=file.name,
                    told=told,
                    build=found,
                ),
                detail="Positions mean other places on another build.",
                hint="Correct the genome build of the reference, or leave it empty: the alignments tell it.",
                field="genome_build",
            )
        found = found or told
    return found


def check_build(file: JobInput, build: str) -> None:
    """Refuse a registered file of another build than that of the reference, where both are known. Raises InputError."""
    if file.registered is not None and build and not same_build(file.registered.genome_build, build):
        raise InputError(
            say(
                "{name} is registered for {other}, and the reference is {build}.",
                name=file.registered.name,
                other=file.registered.genome_build,
                build=build,
            ),
            detail="On another build its positions would be other places.",
            hint="Take the one that is registered for the build of the reference.",
        )
