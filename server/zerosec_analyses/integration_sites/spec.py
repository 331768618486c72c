"""The declaration of the integration-site pipeline: its steps, and what each reads. Cheap to import."""

from zerosec_analyses.declaration import (
    Analysis,
    Citation,
    Example,
    FromStep,
    InputSlot,
    SlotKind,
    Step,
)
from zerosec_analyses.integration_sites.parameters import (
    CutadaptParameters,
    FastpParameters,
    MappingParameters,
    QcParameters,
    ReadLengthParameters,
    SiteParameters,
    UmiParameters,
)
from zerosec_analyses.programs import BWA, BWA_MEM2, CUTADAPT, FASTP, FASTQC, MULTIQC, SAMTOOLS, Need
from zerosec_shared.kinds import ReferenceKind

__all__ = ["ANALYSIS"]

READS = (".fastq.gz", ".fq.gz", ".fastq", ".fq")


def _reads(*steps: str) -> tuple[InputSlot, InputSlot]:
    """The two slots of reads, filled from these steps where they have run."""
    helps = {
        1: "FASTQ, plain or gzip: the reads that begin with the LTR primer. One file a sample.",
        2: "FASTQ, plain or gzip: the reads that begin with the linker, one file a sample in the same order.",
    }
    titles = {1: "Read 1", 2: "Read 2"}
    one, two = (
        InputSlot(
            name=f"reads{number}",
            title=titles[number],
            kind=SlotKind.FILE,
            help=helps[number],
            multiple=True,
            primary=number == 1,
            extensions=READS,
            from_steps=tuple(FromStep(step=step, files=f"reads/*_R{number}.fastq.gz") for step in steps),
        )
        for number in (1, 2)
    )
    return one, two


REFERENCE = InputSlot(
    name="reference",
    title="Reference genome",
    kind=SlotKind.FILE,
    help="FASTA, plain or gzip, whose index is made once and shared by all runs; or an archive of the files of its index (.tar, .tar.gz).",
    extensions=(
        *(".fa", ".fasta", ".fna", ".fa.gz", ".fasta.gz", ".fna.gz"),
        *(".tar", ".tar.gz", ".tgz"),
    ),
    registered=ReferenceKind.GENOME,
)

ANALYSIS = Analysis(
    id="integration-sites",
    version="1.0.0",
    title="Integration sites",
    summary=(
        "From the paired reads of LAM-PCR to integration sites: quality, UMIs, trimming of primer and linker, mapping, and the sites with "
        "their clonal abundances, genes and spike-ins, of one or several samples."
    ),
    group="Sequencing",
    steps=(
        Step(
            id="qc",
            title="Quality before trimming",
            method="zerosec_analyses.integration_sites.steps.qc:run",
            parameters=QcParameters,
            inputs=_reads(),
            help="FastQC on all reads as they came, with MultiQC where it is installed.",
            programs=(FASTQC, Need(any_of=(MULTIQC,), optional=True)),
        ),
        Step(
            id="umi",
            title="UMIs",
            method="zerosec_analyses.integration_sites.steps.umi:run",
            parameters=UmiParameters,
            inputs=_reads(),
            help="Moves the UMIs from the reads into their names, where the site analysis finds them.",
            in_run_all=False,
        ),
        Step(
            id="cutadapt",
            title="Primer and linker",
            method="zerosec_analyses.integration_sites.steps.trimming:run",
            parameters=CutadaptParameters,
            inputs=_reads("umi"),
            help="Cutadapt finds the LTR primer in read 1 and the linker in read 2, and cuts them off.",
            programs=(CUTADAPT,),
        ),
        Step(
            id="fastp",
            title="Quality filter",
            method="zerosec_analyses.integration_sites.steps.quality_filter:run",
            parameters=FastpParameters,
            inputs=_reads("cutadapt", "umi"),
            help="fastp leaves out pairs of low quality; what follows reads its output.",
            programs=(FASTP,),
            in_run_all=False,
        ),
        Step(
            id="qc_after",
            title="Quality after trimming",
            method="zerosec_analyses.integration_sites.steps.qc:run",
            parameters=QcParameters,
            inputs=_reads("fastp", "cutadapt", "umi"),
            help="FastQC on the reads that will be mapped, with MultiQC where it is installed.",
            programs=(FASTQC, Need(any_of=(MULTIQC,), optional=True)),
        ),
        Step(
            id="readlen",
            title="Read lengths",
            method="zerosec_analyses.integration_sites.steps.read_lengths:run",
            parameters=ReadLengthParameters,
            inputs=_reads("fastp", "cutadapt", "umi"),
            help="How long the reads are that will be mapped.",
        ),
        Step(
            id="reference_index",
            title="Index of the reference",
            method="zerosec_analyses.integration_sites.steps.reference_index:run",
            parameters=MappingParameters,
            inputs=(REFERENCE,),
            help="Makes the index of a reference before it is needed. The mapping makes it itself where it is not there yet.",
            programs=(Need(any_of=(BWA_MEM2, BWA)),),
            in_run_all=False,
        ),
        Step(
            id="read_mapping",
            title="Mapping",
            method="zerosec_analyses.integration_sites.steps.mapping:run",
            parameters=MappingParameters,
            inputs=(
                *_reads("fastp", "cutadapt", "umi"),
                REFERENCE,
            ),
            help="bwa-mem2 or bwa mem, then samtools; the alignments are sorted and indexed.",
            programs=(Need(any_of=(BWA_MEM2, BWA)), SAMTOOLS),
        ),
        Step(
            id="site_analysis",
            title="Integration sites",
            method="zerosec_analyses.integration_sites.steps.site_analysis:run",
            parameters=SiteParameters,
            inputs=(
                InputSlot(
                    name="alignments",
                    title="Alignments",
                    kind=SlotKind.FILE,
                    help="BAM files sorted by coordinate, one a sample: those of the mapping, or your own by bwa mem.",
                    multiple=True,
                    extensions=(".bam",),
                    from_steps=(FromStep(step="read_mapping", files="alignments/*.bam"),),
                ),
                InputSlot(
                    name="annotation",
                    title="Genes",
                    kind=SlotKind.FILE,
                    help="GTF, GFF3 or BED with names and strands. Without it no genes are given.",
                    required=False,
                    extensions=(".gtf", ".gtf.gz", ".gff3", ".gff3.gz", ".gff", ".gff.gz", ".bed", ".bed.gz"),
                    registered=ReferenceKind.GENES,
                ),
                InputSlot(
                    name="spike_ins",
                    title="Spike-in sites",
                    kind=SlotKind.FILE,
                    help="BED: the known sites of control DNA, with their names and strands.",
                    required=False,
                    extensions=(".bed", ".bed.gz"),
                    registered=ReferenceKind.SPIKE_INS,
                ),
            ),
            help="Unique fragments and reads of each site, its genes, and what the samples share.",
        ),
    ),
    citations=(
        Citation(
            text="Schmidt M, Schwarzwaelder K, Bartholomae C, et al. High-resolution insertion-site analysis by linear "
            "amplification–mediated PCR (LAM-PCR). Nature Methods 4:1051–1057, 2007.",
            doi="10.1038/nmeth1103",
        ),
        Citation(
            text="Berry CC, Gillet NA, Melamed A, Gormley N, Bangham CRM, Bushman FD. Estimating abundances of retroviral insertion "
            "sites from DNA fragment length data. Bioinformatics 28:755–762, 2012.",
            doi="10.1093/bioinformatics/bts004",
        ),
        Citation(
            text="Smith T, Heger A, Sudbery I. UMI-tools: modeling sequencing errors in Unique Molecular Identifiers to improve "
            "quantification accuracy. Genome Research 27:491–499, 2017.",
            doi="10.1101/gr.209601.116",
        ),
    ),
    examples=(
        Example(
            title="Two simulated samples on a simulated genome",
            inputs={
                "reads1": ("simulated_early_R1.fastq.gz", "simulated_late_R1.fastq.gz"),
                "reads2": ("simulated_early_R2.fastq.gz", "simulated_late_R2.fastq.gz"),
                "reference": ("simulated_reference.fa",),
                "annotation": ("simulated_genes.gtf",),
                "spike_ins": ("simulated_spike_ins.bed",),
            },
            parameters={"umi_read2": "NNNNNNNN", "genome_build": "simulated", "spike_in_build": "simulated"},
        ),
    ),
)
