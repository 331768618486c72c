"""A ready index of a reference as an archive (.tar, .tar.gz): which program made it, and its files, unpacked under names of our own.

Guards against archives that write where they should not or fill the disk: nothing is unpacked by its own name, only plain files are taken, only
those of an index, each once, and together no more than an index of the largest genomes has.
"""

import gzip
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from zerosec_analyses.programs import BWA, BWA_MEM2
from zerosec_analyses.sdk import InputError, JobInput, Program, say

__all__ = ["IndexArchive", "index_program", "is_archive", "unpack"]

ENDINGS = {
    BWA.name: (".amb", ".ann", ".bwt", ".pac", ".sa"),
    BWA_MEM2.name: (".0123", ".amb", ".ann", ".bwt.2bit.64", ".pac"),
}
MOST_MEMBERS = 1000
MOST_BYTES = 400 * 2**30
TAR_MAGIC_AT, TAR_MAGIC = 257, b"ustar"
HEAD = re.compile(r"^(\d+) (\d+) \d+$")


@dataclass(frozen=True)
class IndexArchive:
    """The members that make up an index, by their endings, and the program that made them."""

    program: Program
    members: dict[str, tarfile.TarInfo]


@contextmanager
def _opened(file: JobInput) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file.path, "r:*") as archive:
            yield archive
    except (tarfile.TarError, EOFError, zlib.error, OSError) as wrong:
        if isinstance(wrong, OSError) and not isinstance(wrong, tarfile.TarError) and wrong.errno is not None:
            raise  # of the disk, not of the archive
        raise InputError(
            say("{file} is damaged or cut off: it cannot be unpacked to its end.", file=file.name),
            hint=say("Copy it again from where it came from."),
        ) from None


def is_archive(path: Path) -> bool:
    """Whether a file is an archive rather than FASTA: by its content, not its name."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            return file.read(TAR_MAGIC_AT + len(TAR_MAGIC))[TAR_MAGIC_AT:] == TAR_MAGIC
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return False


def index_program(file: JobInput) -> IndexArchive:
    """Which program's index is in an archive. Raises InputError where there is none, several, or what does not belong together."""
    found: dict[str, dict[str, tarfile.TarInfo]] = {}
    total = 0
    with _opened(file) as archive:
        for number, member in enumerate(archive, start=1):
            if number > MOST_MEMBERS:
                raise _wrong(file, say("it has more than {most:,} members", most=MOST_MEMBERS))
            if not member.isreg():
                continue
            total += member.size
            if total > MOST_BYTES:
                raise _wrong(file, say("it is larger than any index"))
            name = PurePosixPath(member.name).name
            for ending in {ending for endings in ENDINGS.values() for ending in endings}:
                if name.endswith(ending):
                    stem = f"{PurePosixPath(member.name).parent}/{name.removesuffix(ending)}"
                    if ending in found.setdefault(stem, {}):
                        raise _wrong(file, say("a file of it is there twice"))
                    found[stem][ending] = member
    whole = [
        (program, {ending: members[ending] for ending in ENDINGS[program.name]})
        for members in found.values()
        for program in (BWA_MEM2, BWA)
        if all(ending in members for ending in ENDINGS[program.name])
    ]
    if not whole:
        raise _wrong(file, say("it holds no whole index of BWA or BWA-MEM2"))
    if len({members[".ann"].name for _, members in whole}) > 1:
        raise _wrong(file, say("it holds the indexes of several references"))
    return IndexArchive(*whole[-1])


def unpack(file: JobInput, index: IndexArchive, prefix: Path) -> tuple[int, int]:
    """Write the files of an index as `prefix` and their endings; returns its contigs and bases. Raises InputError, OSError."""
    wanted = {member.name: ending for ending, member in index.members.items()}
    with _opened(file) as archive:
        for member in archive:
            ending = wanted.get(member.name)
            if ending is None or not member.isreg():
                continue
            source = archive.extractfile(member)
            assert source is not None
            with source, Path(f"{prefix}{ending}").open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return _sound(file, prefix)


def _sound(file: JobInput, prefix: Path) -> tuple[int, int]:
    """The contigs and bases that the index tells of itself, if its files agree about them."""
    with Path(f"{prefix}.ann").open(encoding="utf-8", errors="replace") as told:
        head = HEAD.match(told.readline().strip())
        lines = sum(1 for _ in told)
    if head is None:
        raise _wrong(file, say("its list of contigs cannot be read"))
    bases, contigs = int(head[1]), int(head[2])
    packed = Path(f"{prefix}.pac").stat().st_size
    # Four bases a byte, a byte more where they come out even, and one that tells how many are in the last (bwa, bntseq.c).
    if lines != 2 * contigs or packed != bases // 4 + 2 or not contigs:
        raise _wrong(file, say("its files do not belong together"))
    return contigs, bases


def _wrong(file: JobInput, why: str) -> InputError:
    return InputError(
        say("{file} cannot be used as an index: {why}.", file=file.name, why=why),
        hint=say("Give the reference as FASTA, or all files that “bwa index” made of it in one archive."),
    )
