"""The arguments of every program, made from checked parameters and paths of our own. Nothing here runs anything."""

from collections.abc import Sequence
from pathlib import Path

from zerosec_analyses.integration_sites.parameters import (
    CutadaptParameters,
    FastpParameters,
    QcParameters,
    Untrimmed,
)

__all__ = [
    "BUILD_COMMENT",
    "bwa_index",
    "bwa_mem",
    "cutadapt_linker",
    "cutadapt_primer",
    "fastp",
    "fastqc",
    "flagstat",
    "multiqc",
    "samtools_index",
    "samtools_sort",
]

Arguments = list[str]
BUILD_COMMENT = "zerosec genome build: "
"""With the name of the build after it: a comment (@CO) in the head of alignments, by which later steps know the build."""
Pair = tuple[Path, Path]


def fastqc(params: QcParameters, reads: Sequence[Path], folder: Path, threads: int) -> Arguments:
    """FastQC of some files into a folder. `threads` is how many files it reads at once; each takes 250 MB."""
    arguments = ["--outdir", str(folder), "--threads", str(max(1, min(threads, len(reads))))]
    arguments += ["--dir", str(folder), "--kmers", str(params.kmer_length), "--noextract"]
    return [*arguments, *map(str, reads)]


def multiqc(reports: Path, folder: Path, names: Path) -> Arguments:
    """MultiQC over all reports in a folder. `names` is a table of what it would call the files, and what the user calls them. It asks nobody
    on the network for its newest version.
    """
    return [
        *("--force", "--no-ansi", "--cl-config", "no_version_check: true", "--replace-names", str(names)),
        *("--filename", "multiqc.html", "--outdir", str(folder), str(reports)),
    ]


def cutadapt_primer(
    params: CutadaptParameters, source: Pair, target: Pair, report: Path, threads: int
) -> Arguments:
    """Pass 1: the LTR primer at the start of read 1."""
    adapter = (
        f"ltr=^{params.primer}"  # an anchored adapter always matches whole
        if params.primer_anchored
        else f"ltr={params.primer};min_overlap={params.primer_overlap}"
    )
    return [
        *("-g", adapter),
        *("-e", _number(params.primer_error_rate)),
        *_fate(params.without_primer, "first"),
        *_files(source, target, report, threads),
    ]


def cutadapt_linker(
    params: CutadaptParameters, source: Pair, target: Pair, report: Path, threads: int
) -> Arguments:
    """Pass 2: the linker at the start of read 2; then what has become too short."""
    return [
        *(("-U", str(params.cut_read2)) if params.cut_read2 else ()),
        *("-G", f"linker={params.linker};min_overlap={params.linker_overlap}"),
        *("-e", _number(params.linker_error_rate)),
        *_fate(params.without_linker, params.pair_filter.value),
        *("--minimum-length", str(params.trimmed_length)),
        *_files(source, target, report, threads),
    ]


def _fate(untrimmed: Untrimmed, pair_filter: str) -> Arguments:
    """What becomes of pairs whose read has no adapter; one adapter alone is looked for in each pass, so only its read counts."""
    discard = ["--discard-untrimmed"] if untrimmed is Untrimmed.DISCARD else []
    return [f"--pair-filter={pair_filter}", *discard]


def _files(source: Pair, target: Pair, report: Path, threads: int) -> Arguments:
    return [
        *("--cores", str(max(1, threads))),
        *("--compression-level", "1"),
        *("--json", str(report)),
        *("-o", str(target[0])),
        *("-p", str(target[1])),
        *map(str, source),
    ]


def fastp(params: FastpParameters, source: Pair, target: Pair, reports: Pair, threads: int) -> Arguments:
    """fastp of one pair; `reports` are its JSON and HTML files. It uses at most 16 threads."""
    arguments = ["-i", str(source[0]), "-I", str(source[1]), "-o", str(target[0]), "-O", str(target[1])]
    arguments += [
        "-j",
        str(reports[0]),
        "-h",
        str(reports[1]),
        "-w",
        str(max(1, min(threads, 16))),
        "-z",
        "1",
    ]
    arguments += ["-l", str(params.fastp_length)]
    arguments += (
        [
            "-q",
            str(params.base_quality),
            "-u",
            str(params.low_quality_percent),
            "-n",
            str(params.unknown_bases),
        ]
        if params.quality_filter
        else ["-Q"]
    )
    if params.cut_tail:
        arguments += ["--cut_tail", "--cut_tail_mean_quality", str(params.cut_tail_quality)]
    if not params.adapters:
        arguments += ["-A"]
    if params.poly_g:
        arguments += ["-g"]
    return arguments


def bwa_index(reference: Path, prefix: Path) -> Arguments:
    """Index a reference, by bwa or bwa-mem2."""
    return ["index", "-p", str(prefix), str(reference)]


def bwa_mem(prefix: Path, reads: Pair, sample: str, threads: int, build: str = "") -> Arguments:
    """Align a pair, SAM to standard output. Batches are of a fixed size, so that the number of threads has no effect.

    `build` is the genome build of the reference, where it is known: a comment in the head of the alignments.
    """
    return [
        *("mem", "-t", str(max(1, threads)), "-K", "10000000"),
        *(("-H", rf"@CO\t{BUILD_COMMENT}{build}") if build else ()),
        *("-R", rf"@RG\tID:{sample}\tSM:{sample}\tPL:ILLUMINA"),
        *(str(prefix), str(reads[0]), str(reads[1])),
    ]


def samtools_sort(target: Path, scratch: Path, threads: int, memory_mb: int) -> Arguments:
    """Sort standard input by coordinate into a BAM file; `memory_mb` is of each thread."""
    return [
        *("sort", "-@", str(max(0, threads - 1)), "-m", f"{memory_mb}M"),
        *("-T", str(scratch / "sort"), "-o", str(target), "-"),
    ]


def samtools_index(alignments: Path, *, long_contigs: bool) -> Arguments:
    """Index a BAM file: BAI, which every browser reads, or CSI where contigs are too long for it."""
    return ["index", *(["-c"] if long_contigs else []), str(alignments)]


def flagstat(alignments: Path) -> Arguments:
    """Count the alignments by their flags, as JSON on standard output."""
    return ["flagstat", "-O", "json", str(alignments)]


def _number(value: float) -> str:
    return format(value, "g")
