"""Simulated LAM-PCR reads whose sites, strands and clonal abundances are known: the same seed gives the same files.

A fragment runs from an integration site to where the DNA was broken. Read 1 is primer and genome from the site on, read 2 is UMI, linker
and genome from the other end. Fragments are copied by PCR, bases are misread, some reads have no primer, some only its end, and
short fragments are read through into what lies beyond them.
"""

import gzip
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

PRIMER = "ATCCCTCAGACCCTTTTAGTCAGTGTGGAAAATCTC"
WHOLE_END = PRIMER[6:]
"""What no read with a primer lacks: at most six bases are cut off its start."""
LINKER = "GACTGCGTATCAGT"
UMI_LENGTH = 8
COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
OTHERS = np.zeros((128, 3), np.uint8)
for base in b"ACGT":
    OTHERS[base] = [other for other in b"ACGT" if other != base]


@dataclass(frozen=True)
class TrueSite:
    """A site as it was put there: the base counted from 0, and the fragments and the reads with primer that were made of it."""

    contig: str
    position: int
    strand: str
    fragments: int
    reads: int
    spike_in: str = ""


@dataclass(frozen=True)
class Recipe:
    """What to simulate. Genome and sites come from `seed`, the reads of them from `reads_seed`; fewer sites are the first of more."""

    seed: int = 1
    reads_seed: int = 0
    contigs: tuple[tuple[str, int], ...] = (("chr1", 90_000), ("chr2", 60_000), ("chrX", 40_000))
    sites: int = 40
    largest_clone: int = 300
    smallest_clone: int = 3
    spike_ins: int = 3
    mean_copies: float = 2.5
    error_rate: float = 0.004
    without_primer: float = 0.04
    cut_primer: float = 0.03
    read_length: int = 150
    umis: bool = True


@dataclass
class Simulation:
    """The files and the truth."""

    read1: Path
    read2: Path
    reference: Path
    genes: Path
    spike_ins: Path
    truth: list[TrueSite] = field(default_factory=list)
    pairs: int = 0
    pairs_with_primer: int = 0


EXAMPLE = Recipe(
    seed=3,
    contigs=(("chr1", 30_000), ("chr2", 20_000)),
    sites=14,
    largest_clone=90,
    smallest_clone=3,
    spike_ins=1,
)


def make_examples(folder: Path) -> list[Simulation]:
    """The two simulated samples among the examples: of the second's sites all are in the first."""
    later = replace(EXAMPLE, reads_seed=1, sites=10, largest_clone=120, spike_ins=0)
    made = [
        simulate(folder, later, "simulated_late", "simulated_"),
        simulate(folder, EXAMPLE, "simulated_early", "simulated_"),
    ]
    return made[::-1]


def reverse_complement(text: str) -> str:
    return text.translate(COMPLEMENT)[::-1]


def _random(length: int, rng: np.random.Generator) -> str:
    return np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, length)].tobytes().decode()


def genome(recipe: Recipe, rng: np.random.Generator) -> dict[str, str]:
    return {name: _random(length, rng) for name, length in recipe.contigs}


def simulate(folder: Path, recipe: Recipe = Recipe(), sample: str = "sample", prefix: str = "") -> Simulation:
    """Write the reads, the reference, genes and spike-ins; `prefix` begins the names of the latter three."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(recipe.seed)
    sequences = genome(recipe, rng)
    made = Simulation(
        folder / f"{sample}_R1.fastq.gz",
        folder / f"{sample}_R2.fastq.gz",
        folder / f"{prefix}reference.fa",
        folder / f"{prefix}genes.gtf",
        folder / f"{prefix}spike_ins.bed",
    )
    places = _places(recipe, sequences, rng)
    rng = np.random.default_rng([recipe.seed, recipe.reads_seed])
    sizes = np.geomspace(recipe.largest_clone, recipe.smallest_clone, len(places)).round().astype(int)
    spiked = set(range(len(places) // 2, len(places) // 2 + recipe.spike_ins))
    pairs: list[tuple[str, str]] = []
    for number, ((contig, position, strand), size) in enumerate(zip(places, sizes, strict=True)):
        before = len(pairs)
        # Without UMIs two fragments of one length are one: there would be nothing to tell them by.
        for length in rng.choice(np.arange(45, 500), size, replace=recipe.umis):
            pairs += _copies(recipe, sequences[contig], position, strand, int(length), rng)
        name = f"SPIKE-{number}" if number in spiked else ""
        with_primer = sum(WHOLE_END in read1 for read1, _ in pairs[before:])
        made.truth.append(TrueSite(contig, position, strand, int(size), with_primer, name))
    made.pairs_with_primer = sum(site.reads for site in made.truth)
    pairs += _background(recipe, sequences, round(recipe.without_primer * len(pairs)), rng)
    made.pairs = len(pairs)
    order = rng.permutation(len(pairs))
    _write_reads(made, [pairs[index] for index in order], recipe, rng)
    with made.reference.open("w") as file:
        for name, text in sequences.items():
            file.write(f">{name}\n")
            file.writelines(text[start : start + 70] + "\n" for start in range(0, len(text), 70))
    _write_genes(made.genes, recipe)
    made.spike_ins.write_text(
        "".join(
            f"{site.contig}\t{site.position}\t{site.position + 1}\t{site.spike_in}\t0\t{site.strand}\n"
            for site in made.truth
            if site.spike_in
        )
    )
    return made


def _places(
    recipe: Recipe, sequences: dict[str, str], rng: np.random.Generator
) -> list[tuple[str, int, str]]:
    """Sites at random, two of them near each other on one strand and two at the same base on both."""
    names = list(sequences)
    found: list[tuple[str, int, str]] = []
    while len(found) < recipe.sites:
        contig = names[int(rng.integers(len(names)))]
        place = (contig, int(rng.integers(1000, len(sequences[contig]) - 1000)), "+-"[int(rng.integers(2))])
        if all(place[0] != other[0] or abs(place[1] - other[1]) > 20 for other in found):
            found.append(place)
    contig, position, strand = found[0]
    found[1] = (contig, position + 12, strand)
    contig, position, strand = found[2]
    found[3] = (contig, position, "-" if strand == "+" else "+")
    return found


def _copies(
    recipe: Recipe, text: str, position: int, strand: str, length: int, rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    insert = (
        text[position : position + length]
        if strand == "+"
        else reverse_complement(text[position - length + 1 : position + 1])
    )
    umi = _random(UMI_LENGTH, rng) if recipe.umis else ""
    primer = PRIMER[int(rng.integers(1, 7)) :] if rng.random() < recipe.cut_primer else PRIMER
    for _ in range(1 + int(rng.poisson(recipe.mean_copies - 1))):
        begin = "" if rng.random() < recipe.without_primer / 4 else primer
        yield (
            (begin + insert + reverse_complement(umi + LINKER))[: recipe.read_length],
            (umi + LINKER + reverse_complement(insert) + reverse_complement(primer))[: recipe.read_length],
        )


def _background(
    recipe: Recipe, sequences: dict[str, str], count: int, rng: np.random.Generator
) -> Iterator[tuple[str, str]]:
    """Pairs of fragments that have no LTR."""
    names = list(sequences)
    for _ in range(count):
        text = sequences[names[int(rng.integers(len(names)))]]
        start = int(rng.integers(0, len(text) - 600))
        insert = text[start : start + int(rng.integers(200, 500))]
        if rng.random() < 0.5:
            insert = reverse_complement(insert)
        umi = _random(UMI_LENGTH, rng) if recipe.umis else ""
        yield insert[: recipe.read_length], (umi + LINKER + reverse_complement(insert))[: recipe.read_length]


def _write_reads(
    made: Simulation, pairs: list[tuple[str, str]], recipe: Recipe, rng: np.random.Generator
) -> None:
    with (
        made.read1.open("wb") as raw1,
        made.read2.open("wb") as raw2,
        gzip.GzipFile(fileobj=raw1, mode="wb", mtime=0, filename="", compresslevel=1) as one,
        gzip.GzipFile(fileobj=raw2, mode="wb", mtime=0, filename="", compresslevel=1) as two,
    ):
        for number, reads in enumerate(pairs, start=1):
            for mate, (file, text) in enumerate(zip((one, two), reads, strict=True), start=1):
                read, quality = _misread(text, recipe.error_rate, rng)
                file.write(f"@SIM:1:{number} {mate}:N:0:ACGT\n{read}\n+\n{quality}\n".encode())


def _misread(text: str, rate: float, rng: np.random.Generator) -> tuple[str, str]:
    """The text with errors, twice as many at its end as at its start, and qualities that know most of them."""
    signs = np.frombuffer(text.encode(), np.uint8)
    draws = rng.random(2 * len(signs))
    wrong = np.flatnonzero(draws[: len(signs)] < rate * np.linspace(2 / 3, 4 / 3, len(signs)))
    quality = np.where(draws[len(signs) :] < 0.05, ord(":"), ord("F")).astype(np.uint8)
    if len(wrong):
        signs = signs.copy()
        signs[wrong] = OTHERS[signs[wrong], rng.integers(0, 3, len(wrong))]
        quality[wrong] = ord(",")
    return signs.tobytes().decode(), quality.tobytes().decode()


def _write_genes(path: Path, recipe: Recipe) -> None:
    """A gene every 10,000 bases, 4,000 long, on alternating strands; names as Ensembl writes contigs, without chr."""
    lines = ["#!genome-build simulated"]
    for contig, length in recipe.contigs:
        for number, start in enumerate(range(3000, length - 4000, 10_000)):
            strand = "+-"[number % 2]
            name = f"GENE-{contig.removeprefix('chr')}-{number + 1}"
            lines.append(
                f"{contig.removeprefix('chr')}\tsim\tgene\t{start + 1}\t{start + 4000}\t.\t{strand}\t.\t"
                f'gene_id "SIMG{contig}{number:04d}"; gene_name "{name}";'
            )
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    make_examples(Path(sys.argv[1]))
