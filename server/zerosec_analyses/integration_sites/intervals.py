"""Files of intervals: genes from GTF, GFF3 or BED, known sites from BED; read line by line, each mistake with its line."""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from zerosec_analyses.sdk import InputError, JobInput, say

__all__ = ["Interval", "read_bed", "read_genes"]

GTF_ATTRIBUTE = re.compile(r'\s*(\w+)\s+(?:"([^"]*)"|([^";]+))\s*(?:;|$)')
GENE_TYPES = frozenset({"gene", "ncrna_gene", "pseudogene"})
PARTS = frozenset({"transcript", "mrna", "exon", "cds"})
MAX_LINE = 1_000_000
MAX_INTERVALS = 5_000_000


@dataclass(frozen=True)
class Interval:
    """A named stretch: bases `start` to `end - 1`, counted from 0; `strand` is +, - or a dot."""

    contig: str
    start: int
    end: int
    name: str
    strand: str


def read_genes(file: JobInput) -> tuple[Interval, ...]:
    """The genes of an annotation. Where it has no lines of genes, they are put together from their transcripts and exons.

    Raises InputError for a file that is none of GTF, GFF3 and BED, and for one without genes.
    """
    genes: list[Interval] = []
    parts: dict[tuple[str, str], Interval] = {}
    bed = _is_bed(file)
    if bed:
        genes = list(read_bed(file))
    else:
        for number, line in _lines(file):
            fields = line.split("\t")
            if len(fields) != 9:
                raise _wrong(file, number, say("it needs 9 columns and has {count}", count=len(fields)))
            kind = fields[2].lower()
            if kind not in GENE_TYPES and kind not in PARTS:
                continue
            attributes = _attributes(fields[8])
            made = _interval(file, number, fields[0], fields[3], fields[4], fields[6], first=1)
            name = _gene_name(attributes, gene=kind in GENE_TYPES)
            if kind in GENE_TYPES:
                genes.append(_named(made, name or say("unnamed")))
            elif name and not genes:
                key = (made.contig, attributes.get("gene_id") or name)
                parts[key] = _joined(parts.get(key), _named(made, name))
            if len(genes) + len(parts) > MAX_INTERVALS:
                raise InputError(
                    say("{file} has more than {most:,} genes.", file=file.name, most=MAX_INTERVALS)
                )
    found = tuple(genes or parts.values())
    if not found:
        raise InputError(
            say("{file} has no genes.", file=file.name),
            hint="Give an annotation with lines of the type gene, transcript or exon (GTF, GFF3), or a BED file with names.",
        )
    return found


def read_bed(file: JobInput) -> Iterator[Interval]:
    """The intervals of a BED file with at least three columns; without names they are called by their place."""
    for number, line in _lines(file):
        if line.startswith(("track", "browser")):
            continue
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) < 3:
            raise _wrong(file, number, say("it needs at least 3 columns and has {count}", count=len(fields)))
        strand = fields[5] if len(fields) > 5 else "."
        made = _interval(file, number, fields[0], fields[1], fields[2], strand, first=0)
        name = fields[3].strip() if len(fields) > 3 else ""
        yield _named(made, name[:200] or f"{made.contig}:{made.start + 1}")


def _is_bed(file: JobInput) -> bool:
    for _, line in _lines(file):
        if line.startswith(("track", "browser")):
            return True
        fields = line.split("\t") if "\t" in line else line.split()
        return len(fields) < 9 or (fields[1].isdecimal() and fields[2].isdecimal())
    return False


def _lines(file: JobInput) -> Iterator[tuple[int, str]]:
    """Lines with content and their numbers; raises InputError for what is no text."""
    with file.path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(file.path, "rb") if packed else file.path.open("rb") as lines:
            number = 0
            while line := lines.readline(MAX_LINE):
                number += 1
                if len(line) >= MAX_LINE:
                    raise _wrong(file, number, say("it is too long"))
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if text == "##FASTA":
                    return
                if text.strip() and not text.startswith("#"):
                    yield number, text
    except UnicodeDecodeError:
        raise InputError(
            say("{file} is not a text file.", file=file.name), hint="Give GTF, GFF3 or BED, plain or gzip."
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InputError(
            say("{file} is damaged or cut off: it cannot be decompressed to its end.", file=file.name),
            hint="Copy it again from where it came from.",
        ) from None


def _interval(
    file: JobInput, number: int, contig: str, start: str, end: str, strand: str, *, first: int
) -> Interval:
    if not (start.strip().isdecimal() and end.strip().isdecimal()):
        raise _wrong(
            file,
            number,
            say(
                "its start and end must be whole numbers, not “{start}” and “{end}”",
                start=start[:40],
                end=end[:40],
            ),
        )
    made = Interval(contig, int(start) - first, int(end), "", strand if strand in {"+", "-"} else ".")
    if made.start < 0 or made.end < made.start or (first == 1 and made.end == made.start):
        raise _wrong(file, number, say("its end lies before its start"))
    return made


def _wrong(file: JobInput, number: int, why: str) -> InputError:
    return InputError(
        say("Line {number:,} of {file} cannot be read: {why}.", number=number, file=file.name, why=why),
        hint="Give GTF, GFF3 or BED with tabs between the columns.",
    )


def _attributes(text: str) -> dict[str, str]:
    """The ninth column of GTF (`gene_id "X";`) or GFF3 (`ID=X;Name=Y`)."""
    first = text.split(";", 1)[0]
    if "=" in first and '"' not in first:
        pairs = (part.partition("=") for part in text.split(";"))
        return {key.strip(): unquote(value.strip()) for key, _, value in pairs}
    return {
        found[1]: found[2] if found[2] is not None else found[3].strip()
        for found in GTF_ATTRIBUTE.finditer(text)
    }


def _gene_name(attributes: dict[str, str], *, gene: bool) -> str:
    keys = ("gene_name", "Name", "gene", "gene_id", "ID") if gene else ("gene_name", "gene", "gene_id")
    found = next((attributes[key] for key in keys if attributes.get(key)), "")
    return found.removeprefix("gene:")[:200]


def _named(interval: Interval, name: str) -> Interval:
    return Interval(interval.contig, interval.start, interval.end, name, interval.strand)


def _joined(one: Interval | None, other: Interval) -> Interval:
    if one is None:
        return other
    return Interval(one.contig, min(one.start, other.start), max(one.end, other.end), one.name, one.strand)
