"""External programs: what each is called, how it is found and asked for its version, how it is cited and installed.

The one place where they are declared; an analysis names those it uses in `Step.programs`. A program is looked for in the settings
(`ZEROSEC_PROGRAMS`), then on the PATH, then beside this Python: there lies what came with the installation.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from zerosec_shared.analyses import Citation, ProgramNeed
from zerosec_shared.programs import FoundBy

__all__ = [
    "BEDTOOLS",
    "BWA",
    "BWA_MEM2",
    "CUTADAPT",
    "FASTP",
    "FASTQC",
    "MULTIQC",
    "SAMTOOLS",
    "UMI_TOOLS",
    "FoundProgram",
    "Need",
    "Program",
    "find_program",
    "known_programs",
    "version_of",
]

VERSION_TIMEOUT_S = 120.0
"""A report that is made without the version of what made it explains less: MultiQC takes 40 s to tell on a busy machine."""
VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+[\w.+-]*)")


@dataclass(frozen=True, kw_only=True)
class Program:
    """An external program. `executable` is the name of its file, `version` the arguments that make it tell its version."""

    name: str
    title: str
    summary: str
    install: str
    executable: str = ""
    version: tuple[str, ...] = ("--version",)
    citations: tuple[Citation, ...] = ()

    @property
    def file_name(self) -> str:
        """The name of its executable file."""
        return self.executable or self.name


@dataclass(frozen=True, kw_only=True)
class Need:
    """One of several programs, the first that is found; `optional`: the step can do without."""

    any_of: tuple[Program, ...]
    optional: bool = False

    def info(self) -> ProgramNeed:
        """What crosses the wire."""
        return ProgramNeed(any_of=tuple(program.name for program in self.any_of), optional=self.optional)


@dataclass(frozen=True, kw_only=True)
class FoundProgram:
    """A program on this machine."""

    program: Program
    path: Path
    found_by: FoundBy


def known_programs() -> tuple[Program, ...]:
    """All programs that are declared here."""
    return tuple(value for value in globals().values() if isinstance(value, Program))


def find_program(program: Program, settings: Mapping[str, str]) -> FoundProgram | None:
    """Where a program lies: as `settings` say (name to path), else on the PATH, else beside this Python; None if nowhere.

    A path in the settings that is no executable file is not made up for by another: the program is then missing.
    """
    said = settings.get(program.name)
    if said is not None:
        path = Path(said)
        runs = path.is_absolute() and path.is_file() and os.access(path, os.X_OK)
        return FoundProgram(program=program, path=path, found_by=FoundBy.SETTINGS) if runs else None
    for how, folders in ((FoundBy.PATH, None), (FoundBy.BUNDLED, str(Path(sys.executable).parent))):
        found = shutil.which(program.file_name, path=folders)
        if found is not None:
            return FoundProgram(program=program, path=Path(found).absolute(), found_by=how)
    return None


def version_of(found: FoundProgram) -> str:
    """The version a program tells of itself; empty if it tells none.

    What it answers comes before what it says besides: bwa-mem2 tells on the way which of its builds it starts, and from where.
    """
    try:
        told = subprocess.run(  # a list, and no shell
            [str(found.path), *found.program.version],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=VERSION_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    for said in (told.stdout, told.stderr):
        number = VERSION.search(said[:20_000].decode("utf-8", "replace"))
        if number is not None:
            return number[1][:100]
    return ""


FASTQC = Program(
    name="fastqc",
    title="FastQC",
    summary="Quality checks of sequencing reads.",
    install="Debian and Ubuntu: apt install fastqc. Elsewhere: conda install -c bioconda fastqc. It needs Java.",
    citations=(
        Citation(
            text="Andrews S. FastQC: a quality control tool for high throughput sequence data. Babraham Bioinformatics, 2010.",
            url="https://www.bioinformatics.babraham.ac.uk/projects/fastqc/",
        ),
    ),
)
MULTIQC = Program(
    name="multiqc",
    title="MultiQC",
    summary="One report of the quality checks of many samples.",
    install="Debian and Ubuntu: apt install multiqc. Elsewhere: pip install multiqc.",
    citations=(
        Citation(
            text="Ewels P, Magnusson M, Lundin S, Käller M. MultiQC: summarize analysis results for multiple tools and samples in a "
            "single report. Bioinformatics 32:3047–3048, 2016.",
            doi="10.1093/bioinformatics/btw354",
        ),
    ),
)
UMI_TOOLS = Program(
    name="umi_tools",
    title="UMI-tools",
    summary="Unique molecular identifiers of reads.",
    install="pip install umi_tools, or conda install -c bioconda umi_tools.",
    citations=(
        Citation(
            text="Smith T, Heger A, Sudbery I. UMI-tools: modeling sequencing errors in Unique Molecular Identifiers to improve "
            "quantification accuracy. Genome Research 27:491–499, 2017.",
            doi="10.1101/gr.209601.116",
        ),
    ),
)
CUTADAPT = Program(
    name="cutadapt",
    title="Cutadapt",
    summary="Finds and removes primers and adapters.",
    install="It comes with ZeroSec. Elsewhere: pip install cutadapt.",
    citations=(
        Citation(
            text="Martin M. Cutadapt removes adapter sequences from high-throughput sequencing reads. EMBnet.journal 17:10–12, 2011.",
            doi="10.14806/ej.17.1.200",
        ),
    ),
)
FASTP = Program(
    name="fastp",
    title="fastp",
    summary="Quality filtering and trimming of reads.",
    install="Debian and Ubuntu: apt install fastp. Elsewhere: conda install -c bioconda fastp.",
    citations=(
        Citation(
            text="Chen S, Zhou Y, Chen Y, Gu J. fastp: an ultra-fast all-in-one FASTQ preprocessor. Bioinformatics 34:i884–i890, 2018.",
            doi="10.1093/bioinformatics/bty560",
        ),
    ),
)
BWA = Program(
    name="bwa",
    title="BWA",
    summary="Maps reads to a reference genome.",
    version=(),
    install="Debian and Ubuntu: apt install bwa. Elsewhere: conda install -c bioconda bwa.",
    citations=(
        Citation(
            text="Li H. Aligning sequence reads, clone sequences and assembly contigs with BWA-MEM. arXiv:1303.3997, 2013.",
            url="https://arxiv.org/abs/1303.3997",
        ),
    ),
)
BWA_MEM2 = Program(
    name="bwa-mem2",
    title="BWA-MEM2",
    summary="Maps reads to a reference genome, faster than BWA.",
    version=("version",),
    install="conda install -c bioconda bwa-mem2, or the binaries of its makers. Without it BWA is used.",
    citations=(
        Citation(
            text="Vasimuddin M, Misra S, Li H, Aluru S. Efficient architecture-aware acceleration of BWA-MEM for multicore systems. "
            "IEEE IPDPS 2019, 314–324.",
            doi="10.1109/IPDPS.2019.00041",
        ),
    ),
)
SAMTOOLS = Program(
    name="samtools",
    title="SAMtools",
    summary="Sorts, indexes and counts aligned reads.",
    install="Debian and Ubuntu: apt install samtools. Elsewhere: conda install -c bioconda samtools.",
    citations=(
        Citation(
            text="Danecek P, Bonfield JK, Liddle J, et al. Twelve years of SAMtools and BCFtools. GigaScience 10:giab008, 2021.",
            doi="10.1093/gigascience/giab008",
        ),
    ),
)
BEDTOOLS = Program(
    name="bedtools",
    title="BEDTools",
    summary="Arithmetic of genomic intervals.",
    install="Debian and Ubuntu: apt install bedtools. Elsewhere: conda install -c bioconda bedtools.",
    citations=(
        Citation(
            text="Quinlan AR, Hall IM. BEDTools: a flexible suite of utilities for comparing genomic features. Bioinformatics "
            "26:841–842, 2010.",
            doi="10.1093/bioinformatics/btq033",
        ),
    ),
)
