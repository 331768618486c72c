"""The reference genome and its index: looked at once, indexed once, checked by their checksums, shared by whoever asks next.

Guards against two runs that index the same genome at the same time, and against an index that was left half made: one of them works
under a lock, in a folder of its own that takes its name only when it is whole.
"""

import gzip
import hashlib
import json
import re
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from zerosec_analyses.integration_sites.index_archive import IndexArchive, unpack
from zerosec_analyses.prepared_references import MAKING, MANIFEST, alone_with, held
from zerosec_analyses.sdk import InputError, JobInput, say

__all__ = ["IndexedReference", "ReferenceStore", "check_fasta", "sha256_of"]

NAME = re.compile(rb"^[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*$")
"""What the SAM format lets a contig be called."""
BASES = b"ACGTRYSWKMBDHVNUacgtryswkmbdhvnu"
MAX_CONTIGS = 5_000_000
CHUNK = 1 << 22


@dataclass(frozen=True)
class IndexedReference:
    """An index that is whole. `prefix` is what the mapper is given; `made_now` tells whether it had to be made."""

    prefix: Path
    sha256: str
    contigs: int
    bases: int
    made_now: bool


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_fasta(file: JobInput) -> tuple[int, int]:
    """The number of contigs and of bases of a FASTA file, plain or gzip, read in one stream.

    Raises InputError, with the line, for what is no FASTA of nucleotides or has a name twice.
    """
    names: set[bytes] = set()
    bases = here = 0
    try:
        for number, line in enumerate(_lines(file.path), start=1):
            if line.startswith(b">"):
                if names and not here:
                    raise _wrong(file, number, say("the sequence before it is empty"))
                name = (line[1:].split(None, 1) or [b""])[0]
                if not NAME.match(name) or len(name) > 250:
                    raise _wrong(file, number, say("the name of the sequence cannot be used in alignments"))
                if name in names:
                    raise _wrong(
                        file, number, say("the name {name} is there twice", name=name.decode("ascii"))
                    )
                names.add(name)
                here = 0
            elif line:
                if not names:
                    raise _wrong(file, number, say("FASTA begins with a line “>name”"))
                if wrong := line.strip().translate(None, delete=BASES):
                    sign = wrong[:1].decode("ascii", "replace")
                    raise _wrong(file, number, say("“{sign}” is no base", sign=sign))
                here += len(line.strip())
                bases += len(line.strip())
            if len(names) > MAX_CONTIGS:
                raise _wrong(file, number, say("there are more than {most:,} sequences", most=MAX_CONTIGS))
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InputError(
            say("{file} is damaged or cut off: it cannot be decompressed to its end.", file=file.name),
            hint="Copy it again from where it came from.",
        ) from None
    if not bases or not here:
        raise InputError(
            say("{file} holds no sequence, or its last one is empty.", file=file.name),
            hint="Give the reference genome as FASTA, plain or gzip.",
        )
    return len(names), bases


def _lines(path: Path) -> Iterator[bytes]:
    """Lines without their ends; a genome in one line comes in pieces, which are all bases."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        while line := file.readline(CHUNK):
            yield line.rstrip(b"\r\n")


def _wrong(file: JobInput, number: int, why: str) -> InputError:
    return InputError(
        say("Line {number:,} of {file} cannot be read: {why}.", number=number, file=file.name, why=why),
        hint="Give the reference genome as FASTA, plain or gzip.",
    )


class ReferenceStore:
    """Indexes in a folder, by the checksum of their FASTA and the program that made them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def indexed(
        self, file: JobInput, program: str, make: Callable[[Path, Path], None]
    ) -> Iterator[IndexedReference]:
        """The index of a reference: the one that is there and whole, else made by `make(fasta, prefix)`. It stays while the block runs.

        One that is being made by somebody else is waited for. Raises InputError for a file that is no FASTA.
        """

        def work(prefix: Path) -> tuple[int, int]:
            told = check_fasta(file)
            make(file.path, prefix)
            return told

        with self._kept(file, program, work) as found:
            yield found

    @contextmanager
    def unpacked(self, file: JobInput, index: IndexArchive) -> Iterator[IndexedReference]:
        """The index in an archive: as it was unpacked before, else unpacked now. It stays while the block runs.

        Raises InputError for what is no sound index.
        """
        with self._kept(file, index.program.name, lambda prefix: unpack(file, index, prefix)) as found:
            yield found

    @contextmanager
    def _kept(
        self, file: JobInput, program: str, work: Callable[[Path], tuple[int, int]]
    ) -> Iterator[IndexedReference]:
        """What `work(prefix)` makes of a file, once; it tells the contigs and the bases."""
        digest = file.sha256 or sha256_of(file.path)
        self._folder.mkdir(parents=True, exist_ok=True)
        place = self._folder / f"{digest}-{program}"
        with ExitStack() as use:
            with alone_with(place):
                found = _whole(place, digest) or _made(place, digest, program, work)
                use.enter_context(held(place))
            yield found


def _made(
    place: Path, digest: str, program: str, work: Callable[[Path], tuple[int, int]]
) -> IndexedReference:
    draft = place.with_name(place.name + MAKING)
    shutil.rmtree(draft, ignore_errors=True)  # of one that was killed: nobody else works here now
    draft.mkdir()
    try:
        contigs, bases = work(draft / "index")
        told = {
            "sha256": digest,
            "program": program,
            "contigs": contigs,
            "bases": bases,
            "files": {each.name: sha256_of(each) for each in sorted(draft.iterdir())},
        }
        (draft / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return IndexedReference(place / "index", digest, contigs, bases, made_now=True)


def _whole(place: Path, digest: str) -> IndexedReference | None:
    """The index in a folder if all its files are as they were made; None otherwise."""
    try:
        told = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        sound = told["sha256"] == digest and all(
            sha256_of(place / name) == checksum for name, checksum in told["files"].items()
        )
        return (
            IndexedReference(
                place / "index", digest, int(told["contigs"]), int(told["bases"]), made_now=False
            )
            if sound and told["files"]
            else None
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
